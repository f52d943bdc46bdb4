import json

import msgspec
import pytest

from directory.export.draft_fields import to_draft_fields
from directory.export.flat_columns import (
    CELL_LIMIT,
    COLUMNS,
    extract_rest,
    format_record,
    list_rest_columns,
    max_rest_size,
    parse_cells,
    restore_record,
    split_into_cells,
)
from directory.export.flat_fields import FieldKind, find_field_kind
from directory.export.tables import MAX_GROWTH
from directory.records import Audience
from tests.builders import an_organization
from tests.directory.export.difficult_records import build_difficult_organizations


def test_every_column_is_a_flat_field() -> None:
    assert [column for column in COLUMNS if find_field_kind(column) is None] == []
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert COLUMNS[0] == "name"


@pytest.mark.slow
@pytest.mark.parametrize("audience", Audience)
def test_cells_and_rest_together_reproduce_the_record(audience: Audience) -> None:
    for one in build_difficult_organizations(200, audience):
        record = to_draft_fields(one, audience)
        assert restore_record(format_record(record), extract_rest(record, format_record(record))) == record


def test_a_record_of_plain_parts_has_no_rest() -> None:
    record = {
        **to_draft_fields(an_organization("Union")),
        "names": [{"name": "U", "kind": "ACRONYM"}, {"name": "The Union", "kind": "FORMER"}],
        "founded": 1986,
        "issue_areas": ["housing", "immigration"],
        "links": [{"kind": "facebook", "url": "https://example.org/f"}],
        "identifiers": [{"scheme": "US-EIN", "value": "05-1633883"}],
        "membership": {"status": "ACTIVE", "joined_on": "2001-02-03"},
        "locations": [{"city": "Atlanta", "state": "GA", "country": "US", "disclosure": "CITY"}],
        "contacts": [{"role": "Office", "languages": ["en", "es"], "audience": "PUBLIC"}],
    }
    plain = format_record(record)
    assert extract_rest(record, plain) == {}
    assert (plain["acronym"], plain["issue_areas"], plain["identifier:US-EIN"]) == ("U", "housing; immigration", "05-1633883")
    assert parse_cells(plain) == record


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("names", [{"name": "A; B", "kind": "FORMER"}]),
        ("names", [{"name": "A", "kind": "FORMER"}, {"name": "B", "kind": "ACRONYM"}]),  # in another order than the columns
        ("names", [{"name": "A", "kind": "TRANSLATED", "language": "es"}]),
        ("links", [{"kind": "mastodon", "url": "https://example.org/"}]),
        ("links", [{"kind": "x", "url": "https://example.org/1"}, {"kind": "x", "url": "https://example.org/2"}]),
        ("locations", [{"state": "GA", "country": "US", "disclosure": "STATE"}] * 2),
        ("sources", [{"field": "name", "title": "A letter"}]),
        ("description", "🏠" * 10_000),
    ],
)
def test_fields_without_a_column_are_in_the_rest(field: str, value: object) -> None:
    record = {**to_draft_fields(an_organization("Union")), field: value}
    plain = format_record(record)
    assert extract_rest(record, plain) == {field: value}
    assert restore_record(plain, json.loads(json.dumps(extract_rest(record, plain)))) == record


def test_a_value_longer_than_a_cell_has_an_empty_cell() -> None:
    record = {**to_draft_fields(an_organization("Union")), "description": "🏠" * 10_000}
    assert format_record(record)["description"] == ""


@pytest.mark.parametrize("words", ["", "a", "é" * CELL_LIMIT, "🏠 " * CELL_LIMIT, "ab " * CELL_LIMIT, "\\ " * CELL_LIMIT, "a b"])
def test_pieces_fit_into_cells_and_neither_begin_nor_end_with_a_space(words: str) -> None:
    text = msgspec.json.encode([words] * 3).decode()
    found = list(split_into_cells(text))
    assert json.loads("".join(found)) == [words] * 3
    assert all(piece == piece.strip() and 0 < len(piece.encode()) <= CELL_LIMIT for piece in found)
    assert len(found) <= len(list_rest_columns(len(text.encode())))


def test_there_are_enough_columns_for_the_largest_record() -> None:
    assert list_rest_columns(0) == list_rest_columns(100) == ["rest"]
    assert list_rest_columns(3 * CELL_LIMIT)[:3] == ["rest", "rest_2", "rest_3"]
    for one in build_difficult_organizations(60):
        record = to_draft_fields(one)
        text = json.dumps(extract_rest(record, format_record(record)), ensure_ascii=False, separators=(",", ":"))
        assert len(list(split_into_cells(text))) <= len(list_rest_columns(max_rest_size(record)))


def test_columns_have_field_kinds() -> None:
    assert find_field_kind("membership.joined_on") is FieldKind.DATE
    assert find_field_kind("rest") is FieldKind.JSON


@pytest.mark.slow
def test_draft_fields_are_less_than_twice_as_large_as_the_record() -> None:
    for one in [*build_difficult_organizations(200, Audience.STAFF), an_organization("U")]:
        assert max_rest_size(to_draft_fields(one, Audience.STAFF)) < MAX_GROWTH * len(msgspec.json.encode(one))
