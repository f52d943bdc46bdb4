"""The IRS's list of exempt organizations, with invented rows."""

import datetime as dt
import string
from collections.abc import Iterator

import pytest

from directory.drafts.organization_draft import parse_draft
from seed.rows import Row, Table
from seed.sources.irs import REQUIRED_HEADINGS, FilterCounts, is_irs_table, read_irs_rows

HEADINGS_LINE = """
    EIN NAME ICO STREET CITY STATE ZIP GROUP SUBSECTION AFFILIATION CLASSIFICATION RULING DEDUCTIBILITY FOUNDATION ACTIVITY
    ORGANIZATION STATUS TAX_PERIOD ASSET_CD INCOME_CD FILING_REQ_CD PF_FILING_REQ_CD ACCT_PD ASSET_AMT INCOME_AMT REVENUE_AMT
    NTEE_CD SORT_NAME
"""
COLUMNS = HEADINGS_LINE.split()
USUAL = {
    "EIN": "010203040",
    "NAME": "HARBOR TENANTS UNION INC",
    "ICO": "% ROBIN LARKSPUR",
    "STREET": "12 LARKSPUR ST NW",
    "CITY": "WASHINGTON",
    "STATE": "DC",
    "ZIP": "20032-1501",
    "GROUP": "0000",
    "SUBSECTION": "03",
    "RULING": "196811",
    "FOUNDATION": "15",
    "NTEE_CD": "L50Z",
    "SORT_NAME": "HTU",
}


def a_table(*changed: dict[str, str], columns: list[str] = COLUMNS) -> Table:
    lines = [tuple({**USUAL, **one}.get(column.upper(), "") for column in columns) for one in changed or ({},)]
    return Table("eo_dc.csv", tuple(columns), list(enumerate(lines, start=2)))


def the_row(**changed: str) -> Row:
    (row,) = read_irs_rows(a_table(changed))
    return row


def test_a_row_states_what_the_file_says() -> None:
    row = the_row()
    assert (row.file, row.number, row.problems) == ("eo_dc.csv", 2, ())
    place = {"street": "12 Larkspur St NW", "city": "Washington", "country": "US", "state": "US-DC", "postal_code": "20032"}
    assert row.fields == {
        "name": "Harbor Tenants Union Inc",
        "names": [{"name": "HTU", "kind": "ACRONYM"}],
        "identifiers": [{"scheme": "US-EIN", "value": "01-0203040"}],
        "locations": [place],
    }
    parse_draft({**row.fields, **row.fallback_fields}, today=dt.date(2026, 6, 1))


def test_membership_kind_and_issue_areas_are_fallbacks() -> None:
    assert the_row().fallback_fields == {"membership": {"status": "PROSPECT"}, "issue_areas": ("tenants",)}
    assert the_row(NTEE_CD="I80").fallback_fields == {"membership": {"status": "PROSPECT"}, "kind": "LEGAL_ORGANIZATION"}
    assert the_row(NTEE_CD="", FOUNDATION="04").fallback_fields["kind"] == "FUNDER"
    assert the_row(NTEE_CD="", FOUNDATION="10").fallback_fields["kind"] == "FAITH_ORGANIZATION"
    assert not {"membership", "kind", "founded", "audience"} & the_row().fields.keys()


def test_the_ruling_is_not_the_year_of_founding() -> None:
    assert "1968" not in str((the_row().fields, the_row().fallback_fields))


def test_care_of_persons_are_removed_everywhere() -> None:
    row = the_row(SORT_NAME="ROBIN LARKSPUR TTEE", NAME="HARBOR CHOIR C/O ROBIN LARKSPUR", STREET="C/O ROBIN LARKSPUR 3 HILL ST")
    assert "ROBIN" not in str(row).upper()
    assert row.fields["name"] == "Harbor Choir"
    reasons = {(repair.column, repair.reason) for repair in row.repairs}
    assert {(column, "care-of line left out") for column in ("ICO", "NAME", "STREET")} <= reasons


def test_every_repair_is_listed() -> None:
    repairs_listed = {(repair.column, repair.before, repair.after) for repair in the_row(SORT_NAME="HARBOR TENANTS").repairs}
    assert repairs_listed == {
        ("ICO", "", ""),
        ("NAME", "HARBOR TENANTS UNION INC", "Harbor Tenants Union Inc"),
        ("SORT_NAME", "HARBOR TENANTS", "Harbor Tenants"),
        ("STREET", "12 LARKSPUR ST NW", "12 Larkspur St NW"),
        ("CITY", "WASHINGTON", "Washington"),
        ("ZIP", "20032-1501", "20032"),
    }


@pytest.mark.parametrize("code", ["", "I80", "N60", "?"])
def test_a_code_without_terms_states_no_issue_areas(code: str) -> None:
    assert "issue_areas" not in the_row(NTEE_CD=code).fields


@pytest.mark.parametrize(
    ("written", "expected"), [("10203040", "01-0203040"), ("01-0203040", "01-0203040"), ("99999", "00-0099999")]
)
def test_leading_zeros_of_an_ein_are_restored(written: str, expected: str) -> None:
    row = the_row(EIN=written)
    assert row.fields["identifiers"] == [{"scheme": "US-EIN", "value": expected}]
    assert (len(written) < 9) == any(repair.column == "EIN" for repair in row.repairs)


@pytest.mark.parametrize("ein", ["", "0", "000000000", "12345678X", "1234567890", "1.02E+07", "०१०२०३०४०"])
def test_without_an_ein_there_is_a_problem(ein: str) -> None:
    row = the_row(EIN=ein)
    assert [problem.path for problem in row.problems] == [("identifiers",)]
    assert "identifiers" not in row.fields


@pytest.mark.parametrize("name", ["", "   ", "% ROBIN LARKSPUR"])
def test_without_a_name_there_is_a_problem(name: str) -> None:
    row = the_row(NAME=name)
    assert [problem.path for problem in row.problems] == [("name",)]
    assert "ROBIN" not in str(row)


def test_an_address_that_is_not_a_location_is_not_stated() -> None:
    row = the_row(STATE="AE", CITY="APO", ZIP="09012")
    assert "locations" not in row.fields
    assert any(repair.column == "STATE" for repair in row.repairs)


def test_a_repeated_ein_gives_two_rows() -> None:
    assert [row.number for row in read_irs_rows(a_table({}, {"NAME": "HARBOR CHOIR"}))] == [2, 3]


def read_with_filters(**filters: list[str]) -> tuple[list[int], FilterCounts]:
    counts = FilterCounts()
    table = a_table({}, {"STATE": "GA"}, {"NTEE_CD": "R20"}, {"NTEE_CD": ""}, {"STATE": "GA", "NTEE_CD": "i80"})
    return [row.number for row in read_irs_rows(table, **filters, filter_counts=counts)], counts


@pytest.mark.parametrize(
    ("filters", "numbers", "by_ntee", "by_state"),
    [
        ({}, [2, 3, 4, 5, 6], 0, 0),
        ({"ntee": ["R", "I8"]}, [4, 6], 3, 0),
        ({"ntee": ["l5"]}, [2, 3], 3, 0),
        ({"states": ["ga"]}, [3, 6], 0, 3),
        ({"states": ["US-GA", "DC"]}, [2, 3, 4, 5, 6], 0, 0),
        ({"ntee": ["I80"], "states": ["GA"]}, [6], 1, 3),
        ({"ntee": ["Z"]}, [], 5, 0),
    ],
)
def test_filters_count_what_they_leave_out(
    filters: dict[str, list[str]], numbers: list[int], by_ntee: int, by_state: int
) -> None:
    found, counts = read_with_filters(**filters)
    assert found == numbers
    assert (counts.by_ntee, counts.by_state) == (by_ntee, by_state)
    assert len(found) + counts.by_ntee + counts.by_state == 5
    assert len(counts.notes) == bool(by_ntee) + bool(by_state)


def test_the_file_is_known_by_its_headings() -> None:
    assert is_irs_table(COLUMNS)
    assert is_irs_table([f" {column.lower()} " for column in reversed(COLUMNS)])
    assert not is_irs_table([column for column in COLUMNS if column != "NTEE_CD"])
    assert not is_irs_table(["Name", "Street", "City"])
    assert not is_irs_table(None)


def test_other_columns_are_not_needed() -> None:
    (row,) = read_irs_rows(a_table({}, columns=[column.lower() for column in sorted(REQUIRED_HEADINGS)]))
    assert row.fields["name"] == "Harbor Tenants Union Inc"
    assert "names" not in row.fields


def test_rows_are_read_one_by_one() -> None:
    def endless() -> Iterator[tuple[int, tuple[str, ...]]]:
        yield from ((number, tuple(USUAL.get(column, "") for column in COLUMNS)) for number in range(10**9))

    read = read_irs_rows(Table("eo.csv", tuple(COLUMNS), endless()))
    assert [next(read).number for _ in string.digits] == list(range(10))
