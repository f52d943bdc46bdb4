"""The table of the keys of a query string names every key, and arguments that exist."""

import re

import pytest

from directory.errors import BadInput
from directory.filters.query_strings import parse_query_string
from directory.filters.question_fields import FIELDS, RADIUS_KEY
from docs.search_keys import VALUES, build_search_keys_table
from schema.schema import SCHEMA
from tests.schema.types.test_filter_parts import EXAMPLES, build_search

LINES = build_search_keys_table().splitlines()[2:]
ROWS = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in LINES]


def find_argument(way: str) -> object:
    """Return the argument or input field with this name, such as "filter.near.radius"."""
    assert SCHEMA.query_type
    inputs = SCHEMA.query_type.fields["organizations"].args
    for name in way.split("."):
        found = inputs[name]
        inputs = getattr(getattr(found.type, "of_type", found.type), "fields", {})
    return found


def test_every_key_has_a_row() -> None:
    assert [row[0].strip("`") for row in ROWS if row[0] != f"`{RADIUS_KEY}`"] == [field.key for field in FIELDS]
    assert {*VALUES} <= {RADIUS_KEY, *(part for field in FIELDS for part in (field.name, field.name.partition(".")[2]))}


def test_every_row_names_an_argument_that_exists() -> None:
    for key, *_, argument in ROWS:
        names = re.findall(r"`([\w.]+)`", argument)
        assert len(names) == (0 if key == "`optional`" else 1), key
        for name in names:
            assert find_argument(name if "argument" in argument else f"filter.{name}")


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_only_keys_that_are_marked_can_be_repeated(row: list[str]) -> None:
    key = row[0].strip("`")
    search = build_search(key) if key in EXAMPLES else f"near=atlanta&{RADIUS_KEY}=5"
    twice = f"{search}&{key}={EXAMPLES.get(key, '5').partition('&')[0]}"
    if row[2]:
        assert parse_query_string(twice)
    else:
        with pytest.raises(BadInput, match="only once"):
            parse_query_string(twice)
