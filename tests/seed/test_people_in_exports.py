"""Import contact exports in which people, households and organizations stand side by side."""

import pytest

from directory.records import Audience, MembershipStatus
from tests.seed.import_session import ImportSession

HEADINGS = (
    *("Contact ID", "Contact Type", "Display Name", "First Name", "Last Name", "Job Title", "Current Employer", "Street Address"),
    *("City", "State", "Phone", "Email", "Tags", "Birth Date", "Contact Owner"),
)
CENTER = {
    "Contact ID": "1",
    "Contact Type": "Organization",
    "Display Name": "Southside Center",
    "Street Address": "317 W 23rd St",
    "City": "Tucson",
    "State": "AZ",
    "Phone": "520-555-0100",
    "Email": "info@southside.example",
    "Contact Owner": "Dana",
}
MARIA = {
    "Contact ID": "2",
    "Contact Type": "Individual",
    "Display Name": "Maria Cruz",
    "First Name": "Maria",
    "Last Name": "Cruz",
    "Job Title": "Organizer",
    "Current Employer": "Southside Center",
    "Street Address": "44 Home Ave",
    "City": "Tucson",
    "State": "AZ",
    "Email": "maria@southside.example",
    "Phone": "520-555-0111",
    "Tags": "labor",
    "Birth Date": "1988-02-03",
}
BEN = {**MARIA, "Contact ID": "3", "Display Name": "Ben Roe", "First Name": "Ben", "Last Name": "Roe", "Phone": "520-555-0100"}
BEN = {**BEN, "Email": "ben.roe@gmail.example", "Job Title": "Director"}
SAM = {**MARIA, "Contact ID": "4", "Display Name": "Sam Lee", "First Name": "Sam", "Last Name": "Lee", "Current Employer": ""}
HOME = {"Contact ID": "5", "Contact Type": "Household", "Display Name": "Diaz family", "City": "Tucson", "State": "AZ"}
LUZ = {
    **MARIA,
    "Contact ID": "6",
    "Display Name": "Luz Paz",
    "First Name": "Luz",
    "Last Name": "Paz",
    "Current Employer": "Water Alliance",
}
LUZ = {**LUZ, "Email": "luz@water.example"}
TEO = {**LUZ, "Contact ID": "7", "Display Name": "Teo Gil", "First Name": "Teo", "Last Name": "Gil", "Email": "teo@water.example"}
EXPORT = (MARIA, CENTER, BEN, SAM, HOME, LUZ, TEO)


def test_people_become_contacts_and_never_organizations(walk: ImportSession) -> None:
    done = walk.seed(walk.write_csv("contacts.csv", *EXPORT, headings=HEADINGS), "--apply")
    assert "7 rows: 1 created, 0 changed, 0 unchanged, 2 doubtful, 2 rejected, 2 read as contacts." in done.output
    assert list(walk.records) == ["Southside Center"]
    record = walk.records["Southside Center"]
    assert [(one.role, one.name, one.email, one.phone, one.audience) for one in record.contacts] == [
        ("Office", None, "info@southside.example", "+15205550100", Audience.PUBLIC),
        ("Organizer", "Maria Cruz", "maria@southside.example", "+15205550111", Audience.MEMBERS),
        ("Director", "Ben Roe", None, None, Audience.MEMBERS),
    ]
    assert [site.city for site in record.sites] == ["Tucson"]
    assert record.work_areas == record.issue_areas == ()
    assert not any(secret in done.output for secret in ("44 Home", "1988", "gmail", "Sam Lee", "Diaz"))


def test_the_second_import_changes_nothing_and_gives_the_same_verdicts(walk: ImportSession) -> None:
    path = walk.write_csv("contacts.csv", *EXPORT, headings=HEADINGS)
    walk.seed(path, "--apply")
    again = walk.seed(path, "--apply")
    assert "7 rows: 0 created, 0 changed, 1 unchanged, 2 doubtful, 2 rejected, 2 read as contacts." in again.output
    assert "Nothing was written" in again.output


def test_an_organization_that_only_people_name_is_possible(walk: ImportSession) -> None:
    corrections = walk.folder / "fix.csv"
    done = walk.seed(walk.write_csv("contacts.csv", *EXPORT, headings=HEADINGS), "--corrections", corrections)
    assert "Possible organizations, named only by rows about people (1). To create them, add --create-possible" in done.output
    assert "  Water Alliance: rows 7, 8" in done.output
    text = corrections.read_text(encoding="utf-8-sig")
    assert (
        'Water Alliance: named only by rows about people, and not in the directory. In the column same_as, enter ""new""' in text
    )


def test_a_possible_organization_is_created_on_request_with_its_people_only(walk: ImportSession) -> None:
    path = walk.write_csv("contacts.csv", *EXPORT, headings=HEADINGS)
    done = walk.seed(path, "--apply", "--create-possible")
    assert "7 rows: 2 created, 0 changed, 0 unchanged, 0 doubtful, 2 rejected, 3 read as contacts." in done.output
    record = walk.records["Water Alliance"]
    assert (record.sites, record.membership.status) == ((), MembershipStatus.PROSPECT)
    assert [(one.name, one.email) for one in record.contacts] == [
        ("Luz Paz", "luz@water.example"),
        ("Teo Gil", "teo@water.example"),
    ]
    again = walk.seed(path, "--apply")
    assert "0 created, 0 changed, 2 unchanged, 0 doubtful, 2 rejected, 3 read as contacts." in again.output


@pytest.mark.parametrize("answer", ["new", "southside-center"])
def test_a_person_decides_in_the_corrections_file(walk: ImportSession, answer: str) -> None:
    corrections = walk.folder / "fix.csv"
    walk.seed(walk.write_csv("contacts.csv", CENTER, LUZ, headings=HEADINGS), "--apply", "--corrections", corrections)
    text = corrections.read_text(encoding="utf-8-sig").replace(",contacts,,", f",contacts,{answer},")
    walk.import_all(walk.write_file("fix.csv", text))
    names = {name: [contact.name for contact in record.contacts if contact.name] for name, record in walk.records.items()}
    assert names == (
        {"Southside Center": [], "Water Alliance": ["Luz Paz"]} if answer == "new" else {"Southside Center": ["Luz Paz"]}
    )


def test_an_answer_about_a_person_is_remembered_and_can_be_undone(walk: ImportSession) -> None:
    corrections, path = walk.folder / "fix.csv", walk.write_csv("contacts.csv", CENTER, LUZ, headings=HEADINGS)
    walk.seed(path, "--apply", "--corrections", corrections)
    text = corrections.read_text(encoding="utf-8-sig").replace(",contacts,,", ",contacts,southside-center,")
    done = walk.seed(walk.write_file("fix.csv", text), "--apply")
    assert "Remembered: 1 decision. The next import of this list does not ask again." in done.output
    again = walk.seed(path, "--apply")
    assert "0 created, 0 changed, 1 unchanged, 0 doubtful, 0 rejected, 1 read as contacts." in again.output
    assert "Nothing was written" in again.output
    undone = walk.run("undo", "2", "--yes")
    assert "Undone" in undone.output, undone.output
    assert "0 changed, 1 unchanged, 1 doubtful" in walk.seed(path).output


def test_possible_organizations_are_asked_for_once(walk: ImportSession) -> None:
    path = walk.write_csv("contacts.csv", CENTER, LUZ, TEO, headings=HEADINGS)
    done = walk.seed(path, "--interactive", "--apply", stdin="\n-\nnew\n")
    assert done.output.count("named only by rows about people, and not in the directory") == 1
    assert "3 rows: 2 created, 0 changed, 0 unchanged, 0 doubtful, 0 rejected, 1 read as contacts." in done.output
    later = walk.seed(
        walk.write_csv("b.csv", {**TEO, "Current Employer": "Ajo"}, headings=HEADINGS), "--interactive", stdin="\n-\nlater\n"
    )
    assert "0 created, 0 changed, 0 unchanged, 1 doubtful" in later.output


def test_a_person_becomes_a_contact_of_a_stored_organization(walk: ImportSession) -> None:
    walk.import_all(
        walk.write_csv(
            "members.csv", {"Organization": "Water Alliance", "Email": "info@water.example", "City": "Ajo", "State": "AZ"}
        )
    )
    done = walk.seed(walk.write_csv("contacts.csv", LUZ, TEO, CENTER, headings=HEADINGS), "--apply", "--create-possible")
    assert "1 created, 1 changed, 0 unchanged, 0 doubtful, 0 rejected, 1 read as contacts" in done.output
    assert [contact.name for contact in walk.records["Water Alliance"].contacts] == [None, "Luz Paz", "Teo Gil"]


def test_a_stored_organization_of_the_same_name_alone_is_doubtful(walk: ImportSession) -> None:
    walk.import_all(walk.write_csv("members.csv", {"Organization": "Water Alliance", "City": "Boston", "State": "MA"}))
    done = walk.seed(walk.write_csv("contacts.csv", LUZ, CENTER, headings=HEADINGS), "--apply")
    assert "1 created, 0 changed, 0 unchanged, 1 doubtful" in done.output


def test_a_contact_of_a_rejected_organization_is_rejected_with_it(walk: ImportSession) -> None:
    bad = {**CENTER, "State": "Nowhere"}
    done = walk.seed(walk.write_csv("contacts.csv", bad, MARIA, headings=HEADINGS), "--apply", "--strict")
    assert "0 created, 0 changed, 0 unchanged, 0 doubtful, 2 rejected" in done.output
    assert "Its organization is in row 2, which needs a decision or a correction first." in done.output


def test_a_person_without_a_usable_number_is_still_a_contact(walk: ImportSession) -> None:
    bad = {**MARIA, "Phone": "520-555"}
    path = walk.write_csv("contacts.csv", CENTER, bad, {**LUZ, "Phone": "12"}, headings=HEADINGS)
    done = walk.seed(path, "--apply", "--create-possible")
    assert "3 rows: 2 created, 0 changed, 0 unchanged, 0 doubtful, 0 rejected, 1 read as contacts." in done.output
    assert "Imported with 2 values left out." in done.output
    contact = walk.records["Southside Center"].contacts[1]
    assert (contact.name, contact.phone, contact.audience) == ("Maria Cruz", None, Audience.MEMBERS)
    assert walk.records["Water Alliance"].sites == ()
    strict = walk.seed(walk.write_csv("b.csv", bad, headings=HEADINGS), "--allow-people", "--strict")
    assert "0 created, 0 changed, 0 unchanged, 0 doubtful, 1 rejected" in strict.output


def test_a_refused_person_does_not_hold_up_the_others(walk: ImportSession) -> None:
    bad = {**BEN, "Email": "ben at southside"}
    done = walk.seed(walk.write_csv("contacts.csv", bad, CENTER, MARIA, headings=HEADINGS), "--apply")
    assert "1 created, 0 changed, 0 unchanged, 0 doubtful" in done.output
    assert "Maria Cruz" in [contact.name for contact in walk.records["Southside Center"].contacts]
    luz = {**LUZ, "Email": "luz@@water"}
    assert "1 created" in walk.seed(walk.write_csv("b.csv", luz, TEO, headings=HEADINGS), "--create-possible").output


def test_at_most_100_people_become_contacts_of_one_organization(walk: ImportSession) -> None:
    people = [{**MARIA, "Contact ID": str(n), "Last Name": f"Cruz{n}", "Display Name": f"Maria Cruz{n}"} for n in range(10, 112)]
    people = [{**one, "Email": f"m{n}@southside.example"} for n, one in enumerate(people)]
    done = walk.seed(walk.write_csv("contacts.csv", CENTER, *people, headings=HEADINGS), "--apply")
    assert "1 created, 0 changed, 0 unchanged, 0 doubtful, 3 rejected, 99 read as contacts" in done.output
    assert "The organization would have 101 contacts, but at most 100 are allowed." in done.output
    assert len(walk.records["Southside Center"].contacts) == 100


def test_undo_removes_the_contacts_again(walk: ImportSession) -> None:
    walk.seed(walk.write_csv("contacts.csv", CENTER, headings=HEADINGS), "--apply")
    walk.seed(walk.write_csv("contacts.csv", CENTER, MARIA, headings=HEADINGS), "--apply")
    assert len(walk.records["Southside Center"].contacts) == 2
    walk.run("undo", "2", "--yes")
    assert len(walk.records["Southside Center"].contacts) == 1


def test_an_edit_by_a_person_of_the_contacts_is_kept(walk: ImportSession) -> None:
    walk.seed(walk.write_csv("contacts.csv", CENTER, headings=HEADINGS), "--apply")
    walk.edit("Southside Center", contacts=())
    walk.seed(walk.write_csv("contacts.csv", CENTER, MARIA, headings=HEADINGS), "--apply")
    assert walk.records["Southside Center"].contacts == ()


@pytest.mark.parametrize(
    "heading",
    [
        "Account Owner",
        "Contact Owner",
        "Created By",
        "Assigned To",
        "Owner",
        "Record owner name",
        "Asignado a",
        "Propietario de la cuenta",
    ],
)
def test_a_user_of_the_other_system_is_never_a_contact(walk: ImportSession, heading: str) -> None:
    rows = [
        {"Organization": name, "City": "Tucson", "State": "AZ", heading: "Dana Doe"} for name in ("Casa Sol", "Desert Center")
    ]
    walk.import_all(walk.write_csv("members.csv", *rows, headings=("Organization", "City", "State", heading)))
    assert all(record.contacts == () for record in walk.records.values())


def test_an_offices_number_is_public_beside_a_mailbox_that_may_be_a_persons(walk: ImportSession) -> None:
    row = {"Organization": "Mesa Center", "Phone": "520-555-0100", "Email": "ana@mesa.example", "City": "Mesa", "State": "AZ"}
    path = walk.write_csv("members.csv", row)
    done = walk.import_all(path)
    assert [(one.email, one.phone, one.audience) for one in walk.records["Mesa Center"].contacts] == [
        (None, "+15205550100", Audience.PUBLIC),
        ("ana@mesa.example", None, Audience.MEMBERS),
    ]
    assert "  everyone: an office's number or address (1)" in done.output
    assert "  members only: the address may be a person's (1)" in done.output
    assert "0 created, 0 changed, 1 unchanged" in walk.import_all(path).output


def test_every_decision_on_visibility_is_reported(walk: ImportSession) -> None:
    row = {"Organization": "Mesa Center", "Phone": "520-555-0100", "Email": "ana@mesa.example", "City": "Mesa", "State": "AZ"}
    (item,) = walk.import_with_report(walk.write_csv("members.csv", row))["items"]
    assert item["visibility"] == [
        {"value": "+15205550100", "seen_by": "everyone", "reason": "an office's number or address"},
        {"value": "ana@mesa.example", "seen_by": "members only", "reason": "the address may be a person's"},
        {"value": "Mesa, AZ", "seen_by": "place shown as its city", "reason": "the default"},
    ]


def test_a_private_street_is_shown_only_if_the_file_states_it(walk: ImportSession) -> None:
    base = {"Organization": "Mesa Center", "City": "Mesa", "State": "AZ", "Phone": "520-555-0100"}
    walk.import_all(walk.write_csv("members.csv", {**base, "Street": "12 Hidden Lane"}))
    report, corrections = walk.folder / "report.csv", walk.folder / "fix.csv"
    path = walk.write_csv(
        "members.csv", {**base, "Street": "99 Oak St"}, {**base, "Organization": "Mesa Centre", "Street": "99 Oak St"}
    )
    done = walk.seed(path, "--report", report, "--corrections", corrections)
    assert "locations: Mesa, AZ (street differs) → 99 Oak St, Mesa, AZ" in done.output
    files = "".join(file.read_text(encoding="utf-8-sig") for file in (report, corrections) if file.exists())
    assert "street differs" in files
    assert "Hidden" not in done.output + files


def test_a_row_without_a_type_among_people_is_a_person_if_its_name_is_one(walk: ImportSession) -> None:
    """Also in the corrections file, which a person may import again unchanged."""
    untyped = {"Display Name": "Luz Prueba", "City": "Tucson", "State": "AZ", "Email": "mesa@mail.example"}
    fix = walk.folder / "fix.csv"
    walk.seed(walk.write_csv("contacts.csv", CENTER, MARIA, untyped, headings=HEADINGS), "--apply", "--corrections", fix)
    assert list(walk.records) == ["Southside Center"]
    again = walk.seed(fix, "--apply")
    assert "0 created, 0 changed, 0 unchanged, 0 doubtful, 1 rejected" in again.output
    walk.write_file("fix.csv", fix.read_text(encoding="utf-8-sig").replace(",contacts,,", ",contacts,new,"))
    walk.import_all(fix)
    assert list(walk.records) == ["Southside Center", "Luz Prueba"]


def test_a_list_of_people_that_is_allowed_is_still_judged_row_by_row(walk: ImportSession) -> None:
    rows = [{"Name": name, "Email": f"{number}@mail.example"} for number, name in enumerate(("Ana Paz", "Luz Gil", "Sam Roe"))]
    path = walk.write_csv("people.csv", *rows, {"Name": "Mesa Workers Center"}, headings=("Name", "Email"))
    assert walk.seed(path).exit_code == 2
    walk.seed(path, "--allow-people", "--apply")
    assert list(walk.records) == ["Mesa Workers Center"]
