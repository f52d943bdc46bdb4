"""Telephone numbers and personal mailboxes in texts that an import would publish."""

import pytest

from directory.records import Audience, StoredContact
from seed.personal_contacts import PersonalContact, list_personal_contacts
from seed.plan.planned_row import PlannedRow, RowAction
from seed.rows import Row
from tests.builders import a_stored_organization

OFFICE = StoredContact(role="Office", phone="+14045550100", email="Luz@casa.example", audience=Audience.PUBLIC)
PERSON = StoredContact(name="A Person", email="organizer@casa.example")


def find(text: str, **fields: object) -> list[str]:
    record = a_stored_organization("Casa Luz", description=text, contacts=(OFFICE, PERSON), **fields)
    item = PlannedRow(row=Row("f", 2, {}), action=RowAction.CREATE, record_after=record, changed_fields=("description", "name"))
    return [contact.text for contact in list_personal_contacts(item)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call Ana at 404-555-0199.", ["404-555-0199"]),
        ("Call the office: (404) 555-0100, or 555-0100.", []),
        ("Llame al 555 0177.", ["555 0177"]),
        ("+52 55 1234 5678", ["+52 55 1234 5678"]),
        ("Write to casaluz7@gmail.com or luz@casa.example.", ["casaluz7@gmail.com"]),
        ("maria.paz@casa.example, organizer@casa.example", ["maria.paz@casa.example", "organizer@casa.example"]),
        ("info@casa.example, donate@casa.example", []),
        ("casa at gmail dot com", ["a at gmail dot c"]),
        ("Since 1994, EIN 52-1633883. See https://casa.example/404-555-0199.", []),
        ("404-555-0199, 404-555-0199", ["404-555-0199"]),
        ("", []),
    ],
)
def test_numbers_and_personal_mailboxes_that_no_public_contact_has_are_found(text: str, found: list[str]) -> None:
    assert find(text) == found


def test_only_texts_that_everyone_may_read_count() -> None:
    assert find("404-555-0199", audience=Audience.MEMBERS) == []


def test_only_texts_that_the_import_changes_count() -> None:
    record = a_stored_organization("Casa Luz", description="404-555-0199", summary="404-555-0198")
    item = PlannedRow(row=Row("f", 2, {}), action=RowAction.UPDATE, record_after=record, changed_fields=("summary",))
    assert list_personal_contacts(item) == (PersonalContact("summary", "404-555-0198"),)
    skipped = PlannedRow(row=Row("f", 2, {}), action=RowAction.SKIP, record_after=record, changed_fields=("summary",))
    assert list_personal_contacts(skipped) == ()
