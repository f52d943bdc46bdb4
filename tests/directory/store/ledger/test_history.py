"""Reading the ledger in bulk, and comparing private places without reading them."""

import datetime as dt

import pytest
from msgspec.structs import replace

from directory.geo import Point
from directory.records import PrivatePlace, StoredContact, StoredLocation
from directory.store.database import bulk
from directory.store.ledger.edits import IMPORT_ACTOR, LedgerKind, Network, Put, Remove
from directory.store.ledger.erase import erase
from directory.store.ledger.history import list_changed_fields
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.stored_organizations import (
    ATLANTA,
    LATER,
    STREET,
    a_full_organization,
    a_stored_location,
    an_exact_location,
    put_organizations,
)

LAST = LATER + dt.timedelta(days=1)
PLACE = PrivatePlace(STREET, ATLANTA)
MOVED = PrivatePlace("9 Other Street", ATLANTA)
IMPORTED = f"{IMPORT_ACTOR} members.csv"


def is_import(actor: str) -> bool:
    return actor.startswith(IMPORT_ACTOR)


def load_last_edits(store: Store, *names: str) -> dict[str, dict[str, dt.datetime]]:
    with store.begin_read() as reading:
        return reading.load_last_edits([an_id(name) for name in names], is_import)


# ---------------------------------------------------------------- places


def find_differing_places(store: Store, places: dict[str, PrivatePlace]) -> set[str]:
    with store.begin_read() as reading:
        return reading.find_differing_places(places)


def test_a_street_without_a_point_is_compared_to_the_street_only(store: Store) -> None:
    location = a_stored_location()
    put_organizations(store, a_stored_organization("A", sites=(replace(location, private=PLACE),)))
    assert find_differing_places(store, {location.id: PrivatePlace(STREET.upper())}) == set()
    assert find_differing_places(store, {location.id: PrivatePlace("2 Elm St")}) == {location.id}


@pytest.mark.parametrize("location", [a_stored_location(), an_exact_location(private=PLACE)])
def test_a_place_that_is_not_the_same_differs(store: Store, location: StoredLocation) -> None:
    put_organizations(store, a_stored_organization("A", sites=(location,)))
    assert find_differing_places(store, {location.id: PLACE}) == set()
    for other in (MOVED, PrivatePlace(None, ATLANTA), PrivatePlace(STREET, Point(1, 1)), PrivatePlace()):
        assert find_differing_places(store, {location.id: other}) == {location.id}


def test_without_a_stored_place_everything_but_an_empty_place_differs(store: Store) -> None:
    location = a_stored_location(private=None)
    put_organizations(store, a_stored_organization("A", sites=(location,)))
    for unknown in (location.id, an_id("no location")):
        assert find_differing_places(store, {unknown: PrivatePlace()}) == set()
        assert find_differing_places(store, {unknown: PLACE}) == {unknown}
    assert find_differing_places(store, {}) == set()


def test_places_are_compared_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 2)
    sites = [a_stored_location() for _ in range(5)]
    put_organizations(store, a_stored_organization("A", sites=tuple(sites)))
    assert find_differing_places(store, dict.fromkeys((location.id for location in sites), PLACE)) == set()
    assert find_differing_places(store, dict.fromkeys((location.id for location in sites), MOVED)) == {
        location.id for location in sites
    }


# ---------------------------------------------------------------- last edits


def test_records_that_only_imports_changed_have_no_edits(store: Store) -> None:
    put_organizations(store, a_stored_organization("A", summary="s"), actor=IMPORTED)
    put_organizations(store, a_stored_organization("A", summary="t"), actor=IMPORTED, now=LATER)
    assert load_last_edits(store, "A", "nobody") == {}


def test_each_field_has_the_time_of_its_last_edit_by_a_person(store: Store) -> None:
    record = a_stored_organization("A", summary="s", founded=1971)
    put_organizations(store, record, a_stored_organization("B"), actor=IMPORTED)
    put_organizations(store, replace(record, summary="t", founded=1972), actor="ann", now=LATER)
    put_organizations(store, replace(record, summary="u", founded=1972), actor="ben", now=LAST)
    put_organizations(store, replace(record, summary="v", founded=1972, website="https://example.org/"), actor=IMPORTED, now=LAST)
    assert load_last_edits(store, "A", "B") == {record.id: {"summary": LAST, "founded": LATER}}


def test_fields_that_a_person_filled_in_at_creation_were_edited_then(store: Store) -> None:
    put_organizations(store, a_stored_organization("A", summary="s"), actor="ann")
    assert load_last_edits(store, "A") == {
        an_id("A"): dict.fromkeys(["id", "slug", "name", "summary", "membership", "audience"], NOW)
    }


def test_private_parts_count_for_their_fields(store: Store) -> None:
    location = a_stored_location()
    record = a_stored_organization("A", sites=(location,), contacts=(StoredContact(email="a@example.org"),))
    put_organizations(store, record, actor=IMPORTED)
    moved = replace(record, sites=(replace(location, private=MOVED),))
    put_organizations(store, moved, actor="ann", now=LATER)
    assert load_last_edits(store, "A") == {record.id: {"sites": LATER}}
    put_organizations(store, replace(moved, contacts=(StoredContact(email="b@example.org"),)), actor="ann", now=LAST)
    assert load_last_edits(store, "A") == {record.id: {"sites": LATER, "contacts": LAST}}


def test_fields_with_erased_parts_count_as_edited(store: Store) -> None:
    record = a_stored_organization("A", sites=(a_stored_location(),))
    put_organizations(store, record, actor=IMPORTED)
    put_organizations(store, replace(record, summary="s"), actor="ann", now=LATER)
    erase(store, record.id, "cat", LAST)
    assert load_last_edits(store, "A") == {record.id: dict.fromkeys(["summary", "sites", "contacts", "sources"], LATER)}


def test_edits_are_loaded_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 2)
    put_organizations(store, *[a_stored_organization(name) for name in "ABCDE"], actor=IMPORTED)
    put_organizations(store, *[a_stored_organization(name, summary="s") for name in "ACE"], actor="ann", now=LATER)
    assert load_last_edits(store, *"ABCDE") == {an_id(name): {"summary": LATER} for name in "ACE"}


# ---------------------------------------------------------------- revisions


def test_a_revision_has_everything_that_it_changed(store: Store) -> None:
    record = a_full_organization()
    put_organizations(store, record, a_stored_organization("B"))
    put_organizations(store, replace(record, summary="New."), a_stored_organization("C"), actor="ann", reason="second", now=LATER)
    with store.begin_read() as reading:
        changes, summary = reading.load_changes(2), reading.load_revision(2)
        assert (reading.load_changes(3), reading.load_revision(3)) == ([], None)
    assert [(change.record_id, change.kind) for change in changes] == [
        (record.id, LedgerKind.CHANGED),
        (an_id("C"), LedgerKind.CREATED),
    ]
    assert [list_changed_fields(change) for change in changes] == [("summary",), ()]
    assert changes == [store.load_history(record.id)[-1], store.load_history(an_id("C"))[-1]]
    assert changes[0].before
    assert changes[0].before.sites[0].private == PLACE
    assert summary
    assert (summary.actor, summary.reason, summary.changed_at) == ("ann", "second", LATER)
    assert summary.counts == {LedgerKind.CHANGED: 1, LedgerKind.CREATED: 1}


def test_a_change_of_the_network_has_no_entries(store: Store) -> None:
    store.write([], actor="tester", now=NOW, reason="a test", network=Network(None, fictional=True))
    with store.begin_read() as reading:
        (change,) = reading.load_changes(1)
    assert (change.kind, change.record_id, change.before, change.after) == (LedgerKind.NETWORK, None, None, None)


def test_an_erasure_does_not_count_as_the_last_revision(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"), a_stored_organization("B"))
    store.write([Put(a_stored_organization("A", summary="s")), Remove(an_id("B"))], actor="tester", now=LATER, reason="a test")
    erase(store, an_id("A"), "tester", LAST)
    with store.begin_read() as reading:
        assert reading.load_last_revisions([an_id("A"), an_id("B"), an_id("nobody")]) == {an_id("A"): 2, an_id("B"): 2}
