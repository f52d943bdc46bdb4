"""An afternoon of a staff member: a CRM export with people in it, a decorated workbook and a list with hand-typed numbers are
imported; a doubtful row is decided, and one import is undone.
"""

from pathlib import Path

import pytest

from directory.records import Audience, MembershipStatus, StoredOrganization
from directory.text import fold
from tests.seed.import_session import ImportSession
from tests.seed.sources.formats.workbooks import Rows, xlsx

CRM = """\
Contact ID,Contact Type,Contact Subtype,Display Name,First Name,Last Name,Title,Current Employer,Street,City,State,Phone,\
Email,Birthday,Owner
1,Organization,Member_Org,Sycamore Workers Center,,,,,12 Oak St,Tucson,AZ,520-555-0100,info@sycamore.example,,Dana
2,Individual,,"Vega, Rosa",Rosa,Vega,Organizer,Sycamore Workers Center,7 Home Ln,Tucson,AZ,\
520-555-0111,rosa@sycamore.example,1988-2-3,Dana
3,Individual,,Tom Birch,Tom,Birch,,,9 Elm St,Tucson,AZ,520-555-0112,tombirch@gmail.example,1990-1-1,Dana
4,Household,,Moss family,,,,,5 Fir St,Tucson,AZ,,,,Dana
5,Organization,Ally,Saguaro Legal Aid,,,,,1 Law Plaza,Phoenix,AZ,602-555-0199,intake@saguaro.example,,Dana
6,Individual,,Lena Ochoa,Lena,Ochoa,Director,Palo Verde Water Alliance,2 Home Ln,Ajo,AZ,520-555-0140,lena@paloverde.example,,Dana
"""
PEOPLE = ("Vega", "Rosa", "Birch", "Moss", "Ochoa", "Lena", "Dana", "Home Ln", "Elm St", "Fir St", "1988", "gmail")
ROSTER: Rows = [
    ["Bay Area Housing Table: roster (updated April 2026)"],
    ["", "", "Office", "", "", "Contact"],
    ["#", "Group name", "Street", "City", "ST", "Phone", "Fax", "Dues status"],
    [1, "Lakeside Tenants Union", "400 Grand Ave", "Oakland", "CA", "510-555-0101", "510-555-0199", "Paid"],
    [2, "Comunidad Abierta", "", "Fresno", "CA", "559-555-0142", "", "Comp'd"],
    [3, "Sycamore Workers", "", "Tucson", "AZ", "", "", "n/a"],
    ["ALLIES / NON-VOTING"],
    [4, "Redwood Research Group", "", "Eureka", "CA", "707-555-0188", "", ""],
    ["FORMER MEMBERS"],
    [5, "Harbor Youth Project", "", "Vallejo", "CA", "", "", ""],
    ["TOTAL", "", "", "", "", "", "", 5],
    ["* Dues of chapters are paid by the parent"],
]
PHONES = """\
Organization,City,State,Phone,Email
Juniper Helpline,Reno,NV,"crisis line 775-555-0110 (24 hrs); office: 775.555.0111 ext. 12 or 14",help[at]juniper.example
Basin Radio,Elko,NV,ask the office,basin at large
Sage Disability Network,Reno,NV,"(775) 555-0122 TTY / fax 775-555-0123",info@sage.example
"""


def list_contacts(record: StoredOrganization) -> list[tuple[str | None, str | None, str | None, Audience]]:
    return [(one.role, one.name, one.phone, one.audience) for one in record.contacts]


@pytest.fixture
def crm(any_walk: ImportSession) -> Path:
    return any_walk.write_file("crm.csv", CRM)


def test_an_afternoon_of_imports(any_walk: ImportSession, crm: Path) -> None:
    import_crm_export(any_walk, crm)
    import_decorated_workbook(any_walk)
    import_hand_typed_numbers(any_walk)
    undo_the_workbook(any_walk, crm)


def import_crm_export(walk: ImportSession, crm: Path) -> None:
    plan = walk.seed(crm).output
    assert "6 rows: 2 created, 0 changed, 0 unchanged, 1 doubtful, 2 rejected, 1 read as contacts." in plan
    assert "Palo Verde Water Alliance: row 7" in plan
    done = walk.seed(crm, "--apply")
    assert "Written: 2 created, 0 changed, 0 removed, at revision 1." in done.output
    assert not any(secret in done.output for secret in PEOPLE)
    assert sorted(walk.records) == ["Saguaro Legal Aid", "Sycamore Workers Center"]
    center, ally = walk.records["Sycamore Workers Center"], walk.records["Saguaro Legal Aid"]
    assert (center.membership.status, ally.membership.status) == (MembershipStatus.ACTIVE, MembershipStatus.NONE)
    assert list_contacts(center) == [
        ("Office", None, "+15205550100", Audience.PUBLIC),
        ("Organizer", "Rosa Vega", "+15205550111", Audience.MEMBERS),
    ]
    again = walk.seed(crm, "--apply").output
    assert "6 rows: 0 created, 0 changed, 2 unchanged, 1 doubtful, 2 rejected, 1 read as contacts." in again
    assert "Nothing was written" in again


def import_decorated_workbook(walk: ImportSession) -> None:
    old = [["Name", "Left"], ["Orchard Fund", "2020"]]
    path = walk.write_file("roster.xlsx", xlsx({"READ ME": [["Ask the office"]], "FY26": ROSTER, "Old members": old}))
    corrections = walk.folder / "fix.csv"
    first = walk.seed(path, "--apply", "--corrections", corrections).output
    assert '"Dues status" is membership.status' in first, "also if most of its few words are vague"
    assert "5 rows: 4 created, 0 changed, 0 unchanged, 1 doubtful, 0 rejected." in first, first
    assert "Not decided: 1 doubtful row. The next import of this list asks again." in first
    assert {name: record.membership.status for name, record in walk.records.items() if record.sites[0].state == "US-CA"} == {
        "Lakeside Tenants Union": MembershipStatus.ACTIVE,
        "Comunidad Abierta": MembershipStatus.ACTIVE,
        "Redwood Research Group": MembershipStatus.NONE,
        "Harbor Youth Project": MembershipStatus.LAPSED,
    }
    assert "0 created, 0 changed, 4 unchanged, 1 doubtful" in walk.seed(path).output
    text = corrections.read_text(encoding="utf-8-sig")
    assert "May be Sycamore Workers Center" in text
    answered = walk.write_file("fix.csv", text.replace(",roster,,", ",roster,sycamore-workers-center,"))
    assert "1 decision" in walk.seed(answered, "--apply").output
    assert "0 created, 0 changed, 5 unchanged, 0 doubtful, 0 rejected." in walk.seed(path).output
    assert [name.name for name in walk.records["Sycamore Workers Center"].names] == ["Sycamore Workers"]


def import_hand_typed_numbers(walk: ImportSession) -> None:
    path, corrections = walk.write_file("phones.csv", PHONES), walk.folder / "phones to fix.csv"
    done = walk.seed(path, "--apply", "--corrections", corrections)
    assert "3 rows: 3 created, 0 changed, 0 unchanged, 0 doubtful, 0 rejected. Imported with" in done.output
    helpline = walk.records["Juniper Helpline"]
    assert [(fold(one.role or ""), one.phone, one.phone_extension) for one in helpline.contacts if one.phone] == [
        ("office", "+17755550111", "12"),
        ("crisis line", "+17755550110", None),
        ("office", "+17755550111", "14"),
    ]
    assert "help@juniper.example" in [one.email for one in helpline.contacts]
    assert walk.records["Basin Radio"].contacts == ()
    assert {one.role: one.phone for one in walk.records["Sage Disability Network"].contacts if one.phone} == {
        "TTY": "+17755550122",
        "Fax": "+17755550123",
    }
    assert "basin at large" in corrections.read_text(encoding="utf-8-sig")
    assert "0 created, 0 changed, 3 unchanged" in walk.seed(path).output


def undo_the_workbook(walk: ImportSession, crm: Path) -> None:
    assert "Undone" in walk.run("undo", "3", "--yes").output  # the decision
    assert "Undone" in walk.run("undo", "2", "--yes").output  # the workbook
    assert sorted(walk.records) == [
        *("Basin Radio", "Juniper Helpline", "Sage Disability Network", "Saguaro Legal Aid", "Sycamore Workers Center"),
    ]
    assert all(record.row_matches == () for record in walk.records.values())
    assert "0 created, 0 changed, 2 unchanged" in walk.seed(crm).output
    assert walk.run("check").exit_code == 0
