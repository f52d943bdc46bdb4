"""Merge contacts if a person shares the office's number, as in most small organizations."""

from itertools import permutations
from typing import Any

import pytest

from directory.records import Audience, StoredContact
from directory.store.store import Store
from seed.plan.merge_row import add_person
from seed.plan.planned_row import RowAction
from tests.seed.plan_builders import plan_one_row, plan_rows, seed_rows

NUMBER = "+14045889761"
OFFICE: dict[str, Any] = {"role": "Office", "phone": NUMBER}
ANA: dict[str, Any] = {"name": "Ana Paz", "phone": NUMBER}
RECORD: dict[str, Any] = {"slug": "tu", "name": "Tenants Union"}


@pytest.fixture
def store_with_contacts(store: Store) -> Store:
    seed_rows(store, RECORD | {"contacts": [OFFICE, ANA]})
    return store


def contacts_by_name(store: Store) -> dict[str | None, tuple[str | None, Audience]]:
    ((record, _),) = store.load_organizations()
    return {contact.name: (contact.email, contact.audience) for contact in record.contacts}


def test_new_data_of_the_office_is_public_although_a_person_shares_its_number(store_with_contacts: Store) -> None:
    seed_rows(store_with_contacts, RECORD | {"contacts": [OFFICE | {"email": "info@example.org"}, ANA]})
    contacts = contacts_by_name(store_with_contacts)
    assert contacts == {None: ("info@example.org", Audience.PUBLIC), "Ana Paz": (None, Audience.MEMBERS)}


def test_contacts_are_matched_in_any_order(store: Store) -> None:
    seed_rows(store, RECORD | {"contacts": [ANA, OFFICE]})
    for contacts in permutations([ANA, OFFICE]):
        assert plan_rows(store, RECORD | {"contacts": list(contacts)}).items[0].action is RowAction.SKIP
    ((record, _),) = store.load_organizations()
    assert [contact.name for contact in record.contacts] == ["Ana Paz", None]


@pytest.mark.parametrize(
    "loose",
    [
        ANA | {"audience": "PUBLIC"},
        {"name": "Ana Paz", "role": "Director", "audience": "PUBLIC"},
        {"name": "Ana Paz", "email": "ana@example.org", "audience": "PUBLIC"},
    ],
)
def test_a_persons_data_for_members_does_not_become_public(store_with_contacts: Store, loose: dict[str, Any]) -> None:
    item = plan_one_row(store_with_contacts, slug="tu", contacts=[OFFICE, loose])
    assert item.action is RowAction.REJECT
    assert [problem.path for problem in item.problems] == [("contacts", 1, "audience")]


def test_a_role_for_staff_does_not_become_public_although_the_number_is(store: Store) -> None:
    line = {"role": "Crisis line", "phone": NUMBER, "audience": "STAFF"}
    seed_rows(store, RECORD | {"contacts": [OFFICE, line]})
    for loose in (line | {"audience": "PUBLIC"}, line | {"audience": "MEMBERS", "languages": ["es"]}):
        item = plan_one_row(store, slug="tu", contacts=[OFFICE, loose])
        assert item.action is RowAction.REJECT, loose


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ({"name": "Bo Cruz"}, ["Ana Paz", "Bo Cruz"]),
        ({"name": "ANA PAZ"}, ["ANA PAZ"]),
        ({"email": "ana@example.org"}, ["Ana Paz"]),
    ],
)
def test_two_persons_may_share_a_role(store: Store, stated: dict[str, Any], names: list[str]) -> None:
    seed_rows(store, RECORD | {"contacts": [{"role": "Director", "name": "Ana Paz"}]})
    item = plan_one_row(store, slug="tu", contacts=[{"role": "Director", **stated}])
    assert item.record_after is not None
    assert [contact.name for contact in item.record_after.contacts] == names


MAILBOX: dict[str, Any] = {"role": "Office", "email": "ana@example.org"}


@pytest.mark.parametrize(("first", "second"), [([OFFICE], [MAILBOX]), ([MAILBOX], [OFFICE]), ([OFFICE, MAILBOX], [MAILBOX])])
def test_an_offices_number_stays_public_when_a_list_adds_a_mailbox(store: Store, first: list[Any], second: list[Any]) -> None:
    seed_rows(store, RECORD | {"contacts": first})
    seed_rows(store, RECORD | {"contacts": second})
    ((record, _),) = store.load_organizations()
    shown = {contact.email or contact.phone: contact.audience for contact in record.contacts}
    assert shown == {NUMBER: Audience.PUBLIC, "ana@example.org": Audience.MEMBERS}


def test_a_contact_that_already_has_both_values_is_not_repeated(store: Store) -> None:
    seed_rows(store, RECORD | {"contacts": [OFFICE | MAILBOX]})
    assert plan_rows(store, RECORD | {"contacts": [OFFICE, MAILBOX]}).items[0].action is RowAction.SKIP


ANA_CONTACT = StoredContact(name="Ana Paz", role="Organizer", email="ana@example.org", audience=Audience.MEMBERS)
OFFICE_CONTACT = StoredContact(role="Office", email="ana@example.org", phone=NUMBER, audience=Audience.PUBLIC)


def test_a_person_never_takes_over_the_offices_contact() -> None:
    assert add_person([OFFICE_CONTACT], [ANA_CONTACT]) == (OFFICE_CONTACT, ANA_CONTACT)


def test_a_person_who_is_there_is_updated_and_never_shown_to_more_people() -> None:
    for_staff = StoredContact(name="ANA PAZ", phone=NUMBER, audience=Audience.STAFF)
    (updated,) = add_person([for_staff], [ANA_CONTACT])
    assert (updated.email, updated.phone, updated.audience) == ("ana@example.org", NUMBER, Audience.STAFF)
    public = StoredContact(name="Ana Paz", audience=Audience.PUBLIC)
    assert add_person([public], [ANA_CONTACT])[0].audience is Audience.MEMBERS
    assert add_person([public], [public]) == (public,)


def test_several_addresses_of_a_person_are_matched_again() -> None:
    further = StoredContact(name="Ana Paz", role="Organizer", phone=NUMBER, audience=Audience.MEMBERS)
    contacts = add_person([OFFICE_CONTACT], [ANA_CONTACT, further])
    assert contacts == (OFFICE_CONTACT, ANA_CONTACT, further)
    assert add_person(contacts, [ANA_CONTACT, further]) == contacts == add_person(contacts, [further, ANA_CONTACT])
