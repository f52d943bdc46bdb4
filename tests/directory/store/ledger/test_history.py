"""What the ledger tells in bulk, and what of private places can be asked without being told."""

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
HERE = PrivatePlace(STREET, ATLANTA)
MOVED = PrivatePlace("9 Other Street", ATLANTA)
IMPORTED = f"{IMPORT_ACTOR} members.csv"


def by_import(actor: str) -> bool:
    return actor.startswith(IMPORT_ACTOR)


def edits(store: Store, *names: str) -> dict[str, dict[str, dt.datetime]]:
    with store.begin_read() as reading:
        return reading.load_last_edits([an_id(name) for name in names], by_import)


# ---------------------------------------------------------------- places


def differing(store: Store, places: dict[str, PrivatePlace]) -> set[str]:
    with store.begin_read() as reading:
        return reading.find_differing_places(places)


def test_a_street_alone_says_nothing_of_the_point(store: Store) -> None:
    site = a_stored_location()
    put_organizations(store, a_stored_organization("A", sites=(replace(site, private=HERE),)))
    assert differing(store, {site.id: PrivatePlace(STREET.upper())}) == set()
    assert differing(store, {site.id: PrivatePlace("2 Elm St")}) == {site.id}


@pytest.mark.parametrize("site", [a_stored_location(), an_exact_location(private=HERE)])
def test_a_place_that_is_not_as_given_differs(store: Store, site: StoredLocation) -> None:
    put_organizations(store, a_stored_organization("A", sites=(site,)))
    assert differing(store, {site.id: HERE}) == set()
    for other in (MOVED, PrivatePlace(None, ATLANTA), PrivatePlace(STREET, Point(1, 1)), PrivatePlace()):
        assert differing(store, {site.id: other}) == {site.id}


def test_where_nothing_is_kept_anything_that_is_given_differs(store: Store) -> None:
    site = a_stored_location(private=None)
    put_organizations(store, a_stored_organization("A", sites=(site,)))
    for unknown in (site.id, an_id("no site")):
        assert differing(store, {unknown: PrivatePlace()}) == set()
        assert differing(store, {unknown: HERE}) == {unknown}
    assert differing(store, {}) == set()


def test_places_are_compared_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 2)
    sites = [a_stored_location() for _ in range(5)]
    put_organizations(store, a_stored_organization("A", sites=tuple(sites)))
    assert differing(store, dict.fromkeys((site.id for site in sites), HERE)) == set()
    assert differing(store, dict.fromkeys((site.id for site in sites), MOVED)) == {site.id for site in sites}


# ---------------------------------------------------------------- last edits


def test_what_imports_alone_touched_nobody_edited(store: Store) -> None:
    put_organizations(store, a_stored_organization("A", summary="s"), actor=IMPORTED)
    put_organizations(store, a_stored_organization("A", summary="t"), actor=IMPORTED, now=LATER)
    assert edits(store, "A", "nobody") == {}


def test_each_field_tells_when_a_person_last_changed_it(store: Store) -> None:
    entry = a_stored_organization("A", summary="s", founded=1971)
    put_organizations(store, entry, a_stored_organization("B"), actor=IMPORTED)
    put_organizations(store, replace(entry, summary="t", founded=1972), actor="ann", now=LATER)
    put_organizations(store, replace(entry, summary="u", founded=1972), actor="ben", now=LAST)
    put_organizations(store, replace(entry, summary="v", founded=1972, website="https://example.org/"), actor=IMPORTED, now=LAST)
    assert edits(store, "A", "B") == {entry.id: {"summary": LAST, "founded": LATER}}


def test_what_a_person_stated_of_a_new_record_is_edited_then(store: Store) -> None:
    put_organizations(store, a_stored_organization("A", summary="s"), actor="ann")
    assert edits(store, "A") == {an_id("A"): dict.fromkeys(["id", "slug", "name", "summary", "membership", "audience"], NOW)}


def test_private_parts_count_for_their_fields(store: Store) -> None:
    site = a_stored_location()
    entry = a_stored_organization("A", sites=(site,), contacts=(StoredContact(email="a@example.org"),))
    put_organizations(store, entry, actor=IMPORTED)
    moved = replace(entry, sites=(replace(site, private=MOVED),))
    put_organizations(store, moved, actor="ann", now=LATER)
    assert edits(store, "A") == {entry.id: {"sites": LATER}}
    put_organizations(store, replace(moved, contacts=(StoredContact(email="b@example.org"),)), actor="ann", now=LAST)
    assert edits(store, "A") == {entry.id: {"sites": LATER, "contacts": LAST}}


def test_of_what_was_erased_private_parts_may_have_been_edited(store: Store) -> None:
    entry = a_stored_organization("A", sites=(a_stored_location(),))
    put_organizations(store, entry, actor=IMPORTED)
    put_organizations(store, replace(entry, summary="s"), actor="ann", now=LATER)
    erase(store, entry.id, "cat", LAST)
    assert edits(store, "A") == {entry.id: dict.fromkeys(["summary", "sites", "contacts", "sources"], LATER)}


def test_edits_of_many_are_told_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 2)
    put_organizations(store, *[a_stored_organization(name) for name in "ABCDE"], actor=IMPORTED)
    put_organizations(store, *[a_stored_organization(name, summary="s") for name in "ACE"], actor="ann", now=LATER)
    assert edits(store, *"ABCDE") == {an_id(name): {"summary": LATER} for name in "ACE"}


# ---------------------------------------------------------------- revisions


def test_a_revision_tells_everything_that_it_changed(store: Store) -> None:
    entry = a_full_organization()
    put_organizations(store, entry, a_stored_organization("B"))
    put_organizations(store, replace(entry, summary="New."), a_stored_organization("C"), actor="ann", reason="second", now=LATER)
    with store.begin_read() as reading:
        changes, summary = reading.load_changes(2), reading.load_revision(2)
        assert (reading.load_changes(3), reading.load_revision(3)) == ([], None)
    assert [(change.organization_id, change.kind) for change in changes] == [
        (entry.id, LedgerKind.CHANGED),
        (an_id("C"), LedgerKind.CREATED),
    ]
    assert [list_changed_fields(change) for change in changes] == [("summary",), ()]
    assert changes == [store.load_history(entry.id)[-1], store.load_history(an_id("C"))[-1]]
    assert changes[0].before
    assert changes[0].before.sites[0].private == HERE
    assert summary
    assert (summary.actor, summary.reason, summary.changed_at) == ("ann", "second", LATER)
    assert summary.counts == {LedgerKind.CHANGED: 1, LedgerKind.CREATED: 1}


def test_a_change_of_the_network_has_no_entries(store: Store) -> None:
    store.write([], actor="tester", now=NOW, reason="a test", network=Network(None, fictional=True))
    with store.begin_read() as reading:
        (change,) = reading.load_changes(1)
    assert (change.kind, change.organization_id, change.before, change.after) == (LedgerKind.NETWORK, None, None, None)


def test_when_a_record_was_last_written_is_told_without_erasures(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"), a_stored_organization("B"))
    store.write([Put(a_stored_organization("A", summary="s")), Remove(an_id("B"))], actor="tester", now=LATER, reason="a test")
    erase(store, an_id("A"), "tester", LAST)
    with store.begin_read() as reading:
        assert reading.load_last_revisions([an_id("A"), an_id("B"), an_id("nobody")]) == {an_id("A"): 2, an_id("B"): 2}
