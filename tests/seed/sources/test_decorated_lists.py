"""Lists as people keep them: without headings, with titles, sections, totals and notes, and of old members."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from directory.records import MembershipStatus
from tests.seed.import_session import ImportSession, nonzero_counts
from tests.seed.sources.formats.workbooks import Rows, xlsx

ROWS_WITHOUT_HEADINGS = 1800
PLACES = (("Tucson", "AZ", "85701"), ("Oakland", "CA", "94612"), ("Peñasco", "NM", "87553"), ("Boston", "MA", "02134"))
WORDS = ("Harbor", "Río Grande", "Prairie", "Mission", "Señales", "Cedar", "Delta", "Mesa", "Lakeview", "Piedmont")
KINDS = ("Tenants Union", "Coalición", "Workers Center", "Legal Aid", "Mutual Aid", "Housing Fund")
ROSTER: Rows = [
    ["Gulf Alliance: roster (updated May 2026)"],
    ["CONFIDENTIAL - do not forward"],
    ["", "", "Office", "", "", "Contact"],
    ["#", "Group name", "City", "ST", "Joined", "Cell / Phone", "Fax", "Dues status"],
    [1, "Bayside Tenants Union", "Mobile", "AL", "2019-05-01", "251-555-0101", "251-555-0199", "Paid"],
    [2, "Casa Abierta", "Gulfport", "MS", "2020-05-01", "", "228-555-0198", "Paid"],
    ["ALLIES / NON-VOTING"],
    [3, "Elm City Legal Aid", "New Haven", "CT", "2018-05-01", "203-555-0188", "", ""],
    ["FORMER MEMBERS"],
    [4, "Delta Youth Project", "Greenwood", "MS", "2016-05-01", "", "", ""],
    [5, "Pine Belt Growers", "Hattiesburg", "MS", "", "601-555-0100", "", ""],
    [],
    ["TOTAL", "", "", "", "", "", "", 5],
    ["* Dues of chapters are paid by the parent"],
    ["Prepared by the office"],
]


def write_list_without_headings(walk: ImportSession) -> Path:
    """Write a members' list typed over 20 years: without headings, in Windows-1252, with columns that are nearly empty."""
    lines = []
    for number in range(ROWS_WITHOUT_HEADINGS):
        city, state, code = PLACES[number % len(PLACES)]
        name = f"{WORDS[number % 10]} {KINDS[number // 10 % 6]} {number // 60 + 1}"
        fund = "Community Foundation" if number % 25 == 3 else ""
        person = "Ana Núñez" if number % 3 else ""
        phone = f"(520) 555-0{number % 900 + 100}" if number % 7 else "call Ana first"
        fax = f"(520) 555-0{number % 800 + 101}" if number % 2 else ""
        mail = f"office{number}@list{number}.example" if number % 4 else ""
        lines.append(f"{fund},{number + 1},{name},{person},{number + 1} Main St,{city},{state},{code},{phone},{fax},{mail},pd 99")
    return walk.write_file("members.csv", "\r\n".join(lines).encode("cp1252"))


def test_a_list_without_headings(walk: ImportSession) -> None:
    report = walk.import_with_report(write_list_without_headings(walk))
    notes = "\n".join(report["notes"])
    assert report["rows"] == ROWS_WITHOUT_HEADINGS
    assert "cp1252" in notes
    for column, field in {
        3: "name",
        5: "location.street",
        6: "location.city",
        7: "location.state",
        8: "location.postal_code",
    }.items():
        assert f'"column {column}" is {field} (' in notes
    assert '"column 9" is contact.phone (' in notes
    assert '"column 11" is contact.email (' in notes
    assert 'Not imported: "column 1", "column 2", "column 4", "column 10", "column 12".' in notes
    names = [item["name"] for item in report["items"]]
    assert names[:2] == ["Harbor Tenants Union 1", "Río Grande Tenants Union 1"]
    assert len(set(names)) == ROWS_WITHOUT_HEADINGS
    assert not any("555-0101" in str(item["changes"]) and "fax" in str(item["changes"]).lower() for item in report["items"])


def list_statuses(walk: ImportSession) -> Mapping[str, MembershipStatus]:
    return {name: record.membership.status for name, record in walk.records.items()}


def test_a_decorated_workbook(any_walk: ImportSession) -> None:
    old = [["Name", "Left"], ["Hope Street Fund", "2020"]]
    path = any_walk.write_file("roster.xlsx", xlsx({"Old members": old, "FY26": ROSTER, "READ ME": [["Ask Dana"]]}))
    output = any_walk.import_all(path).output
    assert "Sheet read: FY26. Left out: Old members (2 rows), READ ME (1 row)." in output
    for left_out in ('row 7 "ALLIES / NON-VOTING"', 'row 9 "FORMER MEMBERS"', 'row 13 "TOTAL"', 'row 14 "* Dues of chapters'):
        assert left_out in output
    assert list_statuses(any_walk) == {
        "Bayside Tenants Union": MembershipStatus.ACTIVE,
        "Casa Abierta": MembershipStatus.ACTIVE,
        "Elm City Legal Aid": MembershipStatus.NONE,
        "Delta Youth Project": MembershipStatus.LAPSED,
        "Pine Belt Growers": MembershipStatus.LAPSED,
    }
    assert 'Below row 9, "FORMER MEMBERS", new organizations get the membership "lapsed"' in output
    numbers = {contact.phone for record in any_walk.records.values() for contact in record.contacts}
    assert numbers == {"+12515550101", "+12035550188", "+16015550100"}, "fax is not phone"
    assert nonzero_counts(any_walk.import_with_report(path)) == {"unchanged": 5}


def test_a_sheet_of_old_members_never_makes_active_members(walk: ImportSession) -> None:
    old = [
        ["Name", "City", "ST", "Member since"],
        ["Hope Street Fund", "Mobile", "AL", "2001"],
        ["Jubilee Farm Project", "Rome", "GA", ""],
    ]
    path = walk.write_file("roster.xlsx", xlsx({"FY26": ROSTER, "Old members": old}))
    output = walk.import_all(path, "--sheet", "old members").output
    assert 'The list is called "Old members", so new organizations get the membership "lapsed"' in output
    assert set(list_statuses(walk).values()) == {MembershipStatus.LAPSED}


def test_an_old_list_changes_no_member_of_today(walk: ImportSession) -> None:
    today = walk.write_file("members.csv", "Organization,City,State,Website\nHope Street Fund,Mobile,AL,hope.example\n")
    walk.import_all(today)
    old = "Organization,City,State,Website,Joined\nHope Street Fund,Mobile,AL,hope.example,2001-05-01\n"
    walk.import_all(walk.write_file("former members.csv", old))
    assert list_statuses(walk) == {"Hope Street Fund": MembershipStatus.ACTIVE}


@pytest.mark.parametrize("heading", ["Left in 2020", "Resigned"])
def test_a_column_of_departures_never_makes_active_members(walk: ImportSession, heading: str) -> None:
    rows = "Hope Street Fund,Mobile,AL,x\nJubilee Farm Project,Rome,GA,\nElm Fund,Macon,GA,2020\n"
    text = f"Organization,City,State,{heading}\n{rows}"
    walk.import_all(walk.write_file("members.csv", text))
    assert list_statuses(walk) == {
        "Hope Street Fund": MembershipStatus.LAPSED,
        "Jubilee Farm Project": MembershipStatus.ACTIVE,
        "Elm Fund": MembershipStatus.LAPSED,
    }


def test_the_line_of_the_headings_is_remembered_by_the_profile(walk: ImportSession) -> None:
    rows = "Harbor Tenants Union,Mobile,AL\nElm Legal Fund,Rome,GA\nCasa Center,Macon,GA\n"
    text = f"Gruppe,Ort,St\nzum,Bei,Spiel\nVerein,Stadt,Land\n{rows}"
    path, profile = walk.write_file("members.csv", text), walk.folder / "members.toml"
    output = walk.seed(path, "--header", "3", "--save-profile", profile).output
    assert 'Left out above the headings, rows 1, 2: "Gruppe Ort St"; ' in output
    assert "header = 3" in profile.read_text()
    assert '"Verein" is name' in walk.seed(path, "--profile", profile).output
    refusal = walk.seed(path, "--header", "9")
    assert refusal.exit_code == 2
    assert "Line 9 cannot hold the headings" in refusal.stderr


def test_words_of_a_column_that_is_not_imported_never_make_active_members(walk: ImportSession) -> None:
    headings = ("Organization", "City", "Membership", "Contact Subtype")
    rows = ("A,Reno,Former,", "B,Reno,Silver,Ally", "C,Reno,Gold,", "D,Reno,$50,", "E,Reno,Not a member,")
    done = walk.import_all(walk.write_file("list.csv", "\n".join((",".join(headings), *rows))))
    assert 'Not imported: "Membership", "Contact Subtype".' in done.output
    assert [status.value for status in list_statuses(walk).values()] == ["LAPSED", "NONE", "ACTIVE", "ACTIVE", "NONE"]
