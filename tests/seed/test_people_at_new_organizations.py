"""Create the organizations that only rows about people name, because a person says so in the corrections file."""

from directory.records import Audience
from tests.seed.import_session import ImportSession

HEADINGS = ("Contact ID", "First Name", "Last Name", "Account Name", "City", "State", "Phone", "Email", "Account Owner")
LUZ = {
    "Contact ID": "6",
    "First Name": "Luz",
    "Last Name": "Paz",
    "Account Name": "Water Alliance",
    "City": "Tucson",
    "State": "AZ",
    "Phone": "520-555-0111",
    "Email": "luz@water.example",
    "Account Owner": "Dana",
}
TEO = {**LUZ, "Contact ID": "7", "First Name": "Teo", "Last Name": "Gil", "Phone": "520-555-0112", "Email": "teo@water.example"}


def test_people_at_an_organization_that_a_person_creates_stay_people(walk: ImportSession) -> None:
    """Neither a second organization of the name nor public numbers and towns of people, although no column says what a row is."""
    corrections = walk.folder / "fix.csv"
    walk.seed(walk.write_csv("contacts.csv", LUZ, TEO, headings=HEADINGS), "--corrections", corrections)
    text = corrections.read_text(encoding="utf-8-sig").replace(",contacts,,", ",contacts,new,")
    assert text.count(",contacts,new,") == 2
    walk.import_all(walk.write_file("fix.csv", text))
    (record,) = walk.records.values()
    assert (record.name, record.sites) == ("Water Alliance", ())
    assert {contact.name: contact.audience for contact in record.contacts} == {
        "Luz Paz": Audience.MEMBERS,
        "Teo Gil": Audience.MEMBERS,
    }
