import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from directory.export.draft_fields import to_draft_fields
from directory.geo import Disclosure
from directory.publish import publish
from directory.records import Audience, Organization
from seed.clean.row_cleaning import clean_row
from seed.rows import Repair, Row, Table
from seed.sources.formats import csv_records, spreadsheet
from seed.sources.own_tables import is_own_table, list_unread_columns, read_own_rows
from tests.builders import NOW, an_id, an_organization
from tests.directory.export.difficult_records import build_difficult_organizations, build_stored_record
from tests.directory.export.exported_tables import export_bytes, export_table

both = pytest.mark.parametrize("name", ["csv", "xlsx"])
FULL = {
    "name": "Harbor Tenants Union",
    "slug": "harbor",
    "names": [{"name": "HTU", "kind": "ACRONYM"}],
    "founded": 1986,
    "issue_areas": ["housing"],
    "locations": [
        {"city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "POSTAL_CODE", "is_primary": True},
        {"state": "AL"},
    ],
    "contacts": [{"role": "Office", "phone": "+14045889761"}, {"role": "Press", "email": "press@example.org"}],
    "links": [{"kind": "mastodon", "url": "https://example.org/m"}, {"kind": "donate", "url": "https://example.org/d"}],
    "verified_at": "2024-05-01T12:00:00Z",
}


def publish_record(stated: Mapping[str, Any] = FULL) -> Organization:
    one = publish(build_stored_record(dict(stated), an_id("u")), Audience.PUBLIC, NOW, lambda _: True)
    assert one is not None
    return one


def a_row_edited_by_hand(**cells: str) -> Row:
    """Return the row of the full record after these cells of its CSV were edited. "__" stands for a point in a column."""
    export = export_table("csv", [publish_record()])
    assert export.headings is not None
    ((number, texts),) = export.rows
    now = {**dict(zip(export.headings, texts, strict=True)), **{name.replace("__", "."): text for name, text in cells.items()}}
    (row,) = read_own_rows(Table("export.csv", tuple(now), [(number, tuple(now.values()))]))
    return row


# ---------------------------------------------------------------- unchanged exports


def read_export(name: str, organizations: list[Organization], audience: Audience = Audience.PUBLIC) -> Table:
    """Export the organizations and read the file like any table."""
    content = export_bytes(name, organizations, audience)
    return (
        csv_records.read_delimited(content, "export.csv")
        if name == "csv"
        else spreadsheet.read_spreadsheet(content, "export.xlsx")
    )


@pytest.mark.slow
@both
@pytest.mark.parametrize("read", [export_table, read_export])
@pytest.mark.parametrize("audience", Audience)
def test_what_was_written_is_stated_again(name: str, audience: Audience, read: Callable[..., Table]) -> None:
    organizations = build_difficult_organizations(150, audience)
    found = list(read_own_rows(read(name, organizations, audience)))
    assert [row.fields for row in found] == [to_draft_fields(one, audience) for one in organizations]
    assert [row.problems for row in found] == [()] * len(organizations)
    assert [row.number for row in found] == list(range(2, len(organizations) + 2))


@both
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_records_too_and_none(name: str, count: int) -> None:
    organizations = build_difficult_organizations(9)[:count]
    export = read_export(name, organizations)
    assert is_own_table(export.headings)
    assert [row.fields for row in read_own_rows(export)] == [to_draft_fields(one) for one in organizations]


@both
def test_nothing_of_ours_needs_cleaning(name: str) -> None:
    def clean(row: Row) -> Row:
        raise AssertionError(f"{dict(row.fields)} is in another form than we write.")

    assert list(read_own_rows(export_table(name, build_difficult_organizations(150)), clean=clean))


def test_our_headings_are_known_and_no_others() -> None:
    headings = export_table("csv", []).headings
    assert is_own_table(headings)
    assert is_own_table((*reversed(headings or ()), "my notes"))
    assert not is_own_table(("name", "id", "slug"))
    assert not is_own_table(None)
    assert list_unread_columns(headings or ()) == []
    assert list_unread_columns(("name", "my notes", "same_as", "rest_2", "published.precision", "why it came back")) == [
        "my notes"
    ]


# ---------------------------------------------------------------- edited by hand


def test_an_edited_cell_is_what_is_stated() -> None:
    row = a_row_edited_by_hand(founded="1987", summary="For tenants.", acronym="H.T.U.")
    assert row.fields == {
        **to_draft_fields(publish_record()),
        "founded": 1987,
        "summary": "For tenants.",
        "names": [{"name": "H.T.U.", "kind": "ACRONYM"}],
    }


def test_an_edited_cell_takes_precedence_over_the_rest() -> None:
    before = to_draft_fields(publish_record())
    row = a_row_edited_by_hand(location__city="Decatur", contact__phone="+14045889762")
    assert row.fields["locations"] == [{**before["locations"][0], "city": "Decatur"}, before["locations"][1]]
    assert row.fields["contacts"] == [{**before["contacts"][0], "phone": "+14045889762"}, before["contacts"][1]]
    added = a_row_edited_by_hand(**{"link:facebook": "https://example.org/f"})
    assert added.fields["links"] == [*FULL["links"], {"kind": "facebook", "url": "https://example.org/f"}]  # type: ignore[misc]
    changed = a_row_edited_by_hand(**{"link:donate": "https://example.org/give"})
    assert changed.fields["links"] == [FULL["links"][0], {"kind": "donate", "url": "https://example.org/give"}]  # type: ignore[index]


def test_an_emptied_cell_clears_nothing() -> None:
    row = a_row_edited_by_hand(founded="", acronym="", location__city="")
    assert "founded" not in row.fields
    assert "names" not in row.fields
    assert row.fields["locations"] == to_draft_fields(publish_record())["locations"]


def test_clear_empty_clears_fields_but_never_partial_ones() -> None:
    bare = an_organization("Union")
    (row,) = read_own_rows(export_table("csv", [bare]), clear_empty=True)
    cleared = {field for field, value in row.fields.items() if value is None}
    assert {"founded", "summary", "names", "issue_areas", "website", "verified_at"} <= cleared
    assert not cleared & {
        "name",
        "slug",
        "id",
        "identifiers",
        "locations",
        "contacts",
        "parent",
        "audience",
        "sources",
        "relations",
    }


def test_a_removed_column_states_nothing() -> None:
    export = export_table("csv", [publish_record()])
    kept_columns = [
        position for position, heading in enumerate(export.headings or ()) if heading in ("id", "slug", "name", "rest")
    ]
    headings = tuple((export.headings or ())[position] for position in kept_columns)
    thin = Table("a.csv", headings, [(number, tuple(texts[at] for at in kept_columns)) for number, texts in export.rows])
    (row,) = read_own_rows(thin, clear_empty=True)
    assert {"id", "slug", "name"} <= row.fields.keys() <= to_draft_fields(publish_record()).keys()
    assert None not in row.fields.values()


@pytest.mark.parametrize("broken", ['{"locations": [', "[1]", "7", "see notes", '{"a": 1} x', "[" * 9_000])
def test_a_broken_rest_is_reported_and_plain_columns_are_read(broken: str) -> None:
    row = a_row_edited_by_hand(rest=broken)
    (problem,) = row.problems
    assert problem.path == ("rest",)
    assert "Restore the exported text" in problem.message
    assert row.fields["name"] == "Harbor Tenants Union"


def test_a_new_row_needs_no_id() -> None:
    row = a_row_edited_by_hand(id="", slug="", rest="", name="Another Union", same_as="new")
    assert not row.fields.keys() & {"id", "slug"}
    assert (row.fields["name"], row.fields["same_as"]) == ("Another Union", "new")


def test_an_invalid_number_is_left_for_the_draft_to_reject() -> None:
    row = a_row_edited_by_hand(founded="about 1986", location__latitude="33°")
    assert row.fields["founded"] == "about 1986"
    assert row.fields["locations"][0]["latitude"] == "33°"  # type: ignore[index]


# ---------------------------------------------------------------- damaged by spreadsheets


def clean_for_test(row: Row) -> Row:
    """Replaces the cleaning of tables: the result contains the flat fields that it was given."""
    stated: dict[str, object] = {"locations": [{"postal_code": "02134", "state": "MA"}]} if "location.state" in row.fields else {}
    if "contact.phone" in row.fields:
        stated["contacts"] = [{"phone": "+14045889761", "audience": "PUBLIC"}]
    stated |= {"issue_areas": ["housing"]} if "issue_areas" in row.fields else {}
    return replace(row, fields=stated, repairs=tuple(Repair(name, str(text), "?") for name, text in row.fields.items()))


@pytest.mark.parametrize(
    ("cells", "handed"),
    [
        ({"contact.phone": "14045889761"}, {"contact.phone", "contact.role", "contact.audience"}),
        ({"issue_areas": "Housing & homes"}, {"issue_areas"}),
        ({"founded": "c. 1986"}, {"founded"}),
        ({"verified_at": "5/1/2024"}, {"verified_at"}),
        ({"service_areas": "Georgia"}, {"service_areas"}),
        ({"website": "www.example.org"}, {"website"}),
        ({"kind": "Union"}, {"kind"}),
    ],
)
def test_a_cell_in_another_form_is_cleaned_with_those_beside_it(cells: dict[str, str], handed: set[str]) -> None:
    row = a_row_edited_by_hand()
    given = Table("a.csv", tuple(row.cells), [(2, tuple({**row.cells, **cells}.values()))])
    (row,) = read_own_rows(given, clean=clean_for_test)
    assert {repair.column for repair in row.repairs} == handed
    assert row.fields["name"] == "Harbor Tenants Union"


def test_cleaning_the_first_location_leaves_the_others() -> None:
    before = to_draft_fields(publish_record())["locations"]
    row = a_row_edited_by_hand()
    cells = {**row.cells, "location.postal_code": "2134", "location.state": "Massachusetts"}
    (row,) = read_own_rows(Table("a.csv", tuple(cells), [(2, tuple(cells.values()))]), clean=clean_for_test)
    assert row.fields["locations"] == [{"postal_code": "02134", "state": "MA", "is_primary": True}, before[1]]


def test_a_code_abroad_has_its_own_form() -> None:
    one = publish_record(
        {"name": "U", "slug": "u", "locations": [{"country": "NL", "postal_code": "1016 GV", "disclosure": "EXACT"}]}
    )
    assert one.locations[0].address is not None
    assert Disclosure(to_draft_fields(one)["locations"][0]["disclosure"]) is Disclosure.EXACT

    def clean(row: Row) -> Row:
        raise AssertionError(dict(row.fields))

    assert [row.fields for row in read_own_rows(export_table("csv", [one]), clean=clean)] == [to_draft_fields(one)]


def test_line_ends_of_a_spreadsheet_are_line_ends() -> None:
    assert a_row_edited_by_hand(description="One.\r\nTwo.").fields["description"] == "One.\nTwo."


def test_the_row_keeps_its_cells_for_the_report() -> None:
    row = a_row_edited_by_hand(name="'=Union")
    assert row.cells["name"] == "'=Union"
    assert row.fields["name"] == "=Union"
    assert row.columns["name"] == "name"
    assert json.loads(row.cells["rest"]).keys() == {"locations", "contacts", "links"}


@pytest.mark.parametrize(
    ("cell", "as_of"), [("2024-05-01T23:59:00Z", dt.date(2024, 5, 1)), ("", None), ("5/1/2024", None), ("soon", None)]
)
def test_a_row_is_as_of_the_day_on_which_the_record_was_updated(cell: str, as_of: dt.date | None) -> None:
    assert a_row_edited_by_hand(published__updated_at=cell).as_of == as_of


def a_cleaned_row(**cells: str) -> Row:
    """Return the row of the full record with these cells, cleaned like any table."""
    before = a_row_edited_by_hand()
    now = {**before.cells, **{name.replace("__", "."): text for name, text in cells.items()}}
    (row,) = read_own_rows(Table("export.csv", tuple(now), [(2, tuple(now.values()))]), clean=clean_row)
    return row


def test_a_cell_damaged_by_a_spreadsheet_is_restored() -> None:
    spoilt = {"contact__phone": "14045889761", "verified_at": "2024-05-01 12:00:00", "location__state": "Georgia"}
    row = a_cleaned_row(**spoilt, location__postal_code="30312-0000")
    assert row.fields == to_draft_fields(publish_record())
    assert row.problems == ()


def test_cleaning_is_reported_and_keeps_values_without_columns() -> None:
    row = a_cleaned_row(**{"link:facebook": "facebook.com/harbor", "founded": "c. 1986"})
    assert [link["kind"] for link in row.fields["links"]] == ["mastodon", "donate", "facebook"]  # type: ignore[attr-defined]
    assert row.fields["founded"] == 1986
    assert {repair.column for repair in row.repairs} == {"link:facebook", "founded"}


def test_values_beyond_our_columns_are_stated_too() -> None:
    row = a_cleaned_row(website="www.example.org; www.example.net")
    assert row.fields["website"] == "https://www.example.org/"
    assert [link["url"] for link in row.fields["links"]][-1] == "https://www.example.net/"  # type: ignore[attr-defined]


def test_an_unreadable_cell_is_a_problem_and_no_term_is_lost() -> None:
    assert a_cleaned_row(contact__phone="soon").problems
    row = a_cleaned_row(issue_areas="Housing; flibbertigibbets")
    assert row.fields["issue_areas"] == ["housing"]
    assert list(row.unknown_terms) == ["flibbertigibbets"]


def test_cleaned_values_are_json_ready() -> None:
    row = a_cleaned_row(kind="union", verified_at="5/1/2024", membership__joined_on="5/1/2001")
    assert json.loads(json.dumps(row.fields)) == row.fields
    assert (row.fields["kind"], row.fields["verified_at"]) == ("UNION", "2024-05-01T00:00:00Z")
