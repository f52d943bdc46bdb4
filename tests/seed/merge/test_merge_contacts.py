"""Contacts of a list fed again, where a person shares the office's number, as in small organizations most do."""

from itertools import permutations
from typing import Any

import pytest

from directory.records import Audience
from directory.store.store import Store
from seed.plan.planned_row import RowAction
from tests.seed.plan_builders import plan_one_row, plan_rows, seed_rows

NUMBER = "+14045889761"
OFFICE: dict[str, Any] = {"role": "Office", "phone": NUMBER}
ANA: dict[str, Any] = {"name": "Ana Paz", "phone": NUMBER}
RECORD: dict[str, Any] = {"slug": "tu", "name": "Tenants Union"}


@pytest.fixture
def kept(store: Store) -> Store:
    seed_rows(store, RECORD | {"contacts": [OFFICE, ANA]})
    return store


def shown(store: Store) -> dict[str | None, tuple[str | None, Audience]]:
    ((entry, _),) = store.load_organizations()
    return {contact.name: (contact.email, contact.audience) for contact in entry.contacts}


def test_what_the_office_adds_is_public_though_a_person_shares_its_number(kept: Store) -> None:
    seed_rows(kept, RECORD | {"contacts": [OFFICE | {"email": "info@example.org"}, ANA]})
    assert shown(kept) == {None: ("info@example.org", Audience.PUBLIC), "Ana Paz": (None, Audience.MEMBERS)}


def test_each_is_known_again_in_whatever_order_they_are_kept_and_stated(store: Store) -> None:
    seed_rows(store, RECORD | {"contacts": [ANA, OFFICE]})
    for stated in permutations([ANA, OFFICE]):
        assert plan_rows(store, RECORD | {"contacts": list(stated)}).items[0].action is RowAction.SKIP
    ((entry, _),) = store.load_organizations()
    assert [contact.name for contact in entry.contacts] == ["Ana Paz", None]


@pytest.mark.parametrize(
    "loose",
    [
        ANA | {"audience": "PUBLIC"},
        {"name": "Ana Paz", "role": "Director", "audience": "PUBLIC"},
        {"name": "Ana Paz", "email": "ana@example.org", "audience": "PUBLIC"},
    ],
)
def test_what_only_members_know_of_the_person_stays_theirs(kept: Store, loose: dict[str, Any]) -> None:
    item = plan_one_row(kept, slug="tu", contacts=[OFFICE, loose])
    assert item.action is RowAction.REJECT
    assert [problem.path for problem in item.problems] == [("contacts", 1, "audience")]


def test_a_role_that_staff_alone_know_stays_theirs_though_the_number_is_public(store: Store) -> None:
    line = {"role": "Crisis line", "phone": NUMBER, "audience": "STAFF"}
    seed_rows(store, RECORD | {"contacts": [OFFICE, line]})
    for loose in (line | {"audience": "PUBLIC"}, line | {"audience": "MEMBERS", "languages": ["es"]}):
        item = plan_one_row(store, slug="tu", contacts=[OFFICE, loose])
        assert item.action is RowAction.REJECT, loose
