"""No text is longer than its argument allows, whatever the argument is, before anything reads it."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, get_nullable_type, is_list_type

from directory.text_limits import TEXT_LIMITS
from schema.argument_limits import TEXT_TYPES, list_text_fields
from schema.limits import LIMITS
from schema.schema import SCHEMA
from tests.schema.conftest import Ask


def text_arguments() -> Iterator[str]:
    """The name of every argument and input field that holds text."""
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLInputObjectType):
            yield from (key for key, one in kind.fields.items() if get_named_type(one.type).name in TEXT_TYPES)
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            arguments = [item for field in kind.fields.values() for item in field.args.items()]
            yield from (key for key, one in arguments if get_named_type(one.type).name in TEXT_TYPES)


def routes(given: Any, value: Any = None) -> Iterator[tuple[str, Any, str]]:
    """From an argument or input field to each text in it: the text's name, and a maker of the whole value."""
    for key, one in given.items():
        named = get_named_type(one.type)
        listed = is_list_type(get_nullable_type(one.type))
        if named.name in TEXT_TYPES:
            yield key, (lambda text, key=key, listed=listed: {key: [text] if listed else text}), key
        elif isinstance(named, GraphQLInputObjectType):
            for name, make, _ in routes(named.fields):
                yield name, (lambda text, make=make, key=key: {key: make(text)}), key


ROOT = [
    (f"{field}({outer}) {name}", field, name, make)
    for field, one in (SCHEMA.query_type.fields if SCHEMA.query_type else {}).items()
    for name, make, outer in routes(one.args)
]
SELECTED = dict.fromkeys(("regions", "issueAreas", "organizations"), "{ totalCount }")
COMPLETE = {"IdentifierInput": {"scheme": "US-EIN", "value": "1"}}


def document(field: str) -> tuple[str, str]:
    """A document that passes each argument on as a variable of the same name."""
    assert SCHEMA.query_type
    one = SCHEMA.query_type.fields[field]
    variables = ", ".join(f"${name}: {argument.type}" for name, argument in one.args.items())
    arguments = ", ".join(f"{name}: ${name}" for name in one.args)
    selected = SELECTED.get(field, "{ __typename }")
    return f"query({variables}) {{ {field}({arguments}) {selected} }}", field


def completed(variables: dict[str, Any]) -> dict[str, Any]:
    """With the other members that an identifier must have."""
    if "identifier" in variables.get("by", {}):
        variables["by"]["identifier"] = {**COMPLETE["IdentifierInput"], **variables["by"]["identifier"]}
    return variables


def test_every_text_argument_has_a_limit() -> None:
    assert set(text_arguments()) == TEXT_LIMITS.keys()
    assert len(list(list_text_fields(SCHEMA))) > 20
    assert len(ROOT) > 25


CURSORS = [one for one in ROOT if one[2] in ("after", "before")]
OTHERS = [one for one in ROOT if one not in CURSORS]


@pytest.mark.parametrize(("field", "name", "make"), [one[1:] for one in CURSORS], ids=[one[0] for one in CURSORS])
def test_a_cursor_that_is_too_long_is_refused_like_any_malformed_one(ask: Ask, field: str, name: str, make: Any) -> None:
    text, _ = document(field)
    (error,) = ask(text, **completed(make("x" * (TEXT_LIMITS[name] + 1))))["errors"]
    assert error["extensions"] == {"code": "BAD_CURSOR", "reason": "MALFORMED"}


@pytest.mark.parametrize(("field", "name", "make"), [one[1:] for one in OTHERS], ids=[one[0] for one in OTHERS])
def test_a_text_that_is_too_long_is_refused_with_its_limit(ask: Ask, field: str, name: str, make: Any) -> None:
    limit = TEXT_LIMITS[name]
    text, _ = document(field)
    (error,) = ask(text, **completed(make("x" * (limit + 1))))["errors"]
    assert error["extensions"] == {"code": "BAD_INPUT", "argument": name, "limit": limit, "length": limit + 1}
    assert error["message"] == f"`{name}` takes at most {limit:,} characters, and this text has {limit + 1:,}. Shorten it."
    assert error["path"] == [field]


@pytest.mark.parametrize(("field", "name", "make"), [one[1:] for one in ROOT], ids=[one[0] for one in ROOT])
def test_a_text_at_its_limit_is_read(ask: Ask, field: str, name: str, make: Any) -> None:
    text, _ = document(field)
    errors = ask(text, **completed(make("x" * TEXT_LIMITS[name]))).get("errors", [])
    assert not [one for one in errors if "length" in one["extensions"] or one["extensions"]["code"] == "INTERNAL"]


def test_fields_below_the_root_are_checked_too(ask: Ask) -> None:
    long = "x" * 101
    for text in (
        '{ issueArea(slug: "housing") { label(language: "LONG") } }',
        '{ region(code: "US") { organizations(filter: {communities: {noneOf: ["a", "LONG"]}}) { totalCount } } }',
        '{ organizations { facets { regions(within: "LONG") { value } } } }',
    ):
        (error,) = ask(text.replace("LONG", long))["errors"]
        assert error["extensions"]["length"] == 101


def test_no_limit_is_more_than_a_request_may_hold() -> None:
    assert max(TEXT_LIMITS.values()) < min(LIMITS.variable_characters, LIMITS.document_bytes)
