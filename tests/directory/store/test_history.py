"""What the ledger tells in bulk, and what of private places can be asked without being told."""

import datetime as dt

import pytest
from msgspec.structs import replace

from directory.geo import Point
from directory.records import KeptContact, PrivatePlace, Site
from directory.store import IMPORT_ACTOR, LedgerKind, Network, Put, Remove, Store, erase, streaming
from directory.store.history import changed_fields
from tests.builders import NOW, an_entry, an_id
from tests.directory.store.entries import ATLANTA, LATER, STREET, a_full_entry, a_site, an_open_site, put

LAST = LATER + dt.timedelta(days=1)
HERE = PrivatePlace(STREET, ATLANTA)
MOVED = PrivatePlace("9 Other Street", ATLANTA)
IMPORTED = f"{IMPORT_ACTOR} members.csv"


def by_import(actor: str) -> bool:
    return actor.startswith(IMPORT_ACTOR)


def edits(store: Store, *names: str) -> dict[str, dict[str, dt.datetime]]:
    with store.reading() as reading:
        return reading.last_edits([an_id(name) for name in names], by_import)


# ---------------------------------------------------------------- places


def differing(store: Store, places: dict[str, PrivatePlace]) -> set[str]:
    with store.reading() as reading:
        return reading.differing_places(places)


def test_a_street_alone_says_nothing_of_the_point(store: Store) -> None:
    site = a_site()
    put(store, an_entry("A", sites=(replace(site, private=HERE),)))
    assert differing(store, {site.id: PrivatePlace(STREET.upper())}) == set()
    assert differing(store, {site.id: PrivatePlace("2 Elm St")}) == {site.id}


@pytest.mark.parametrize("site", [a_site(), an_open_site(private=HERE)])
def test_a_place_that_is_not_as_given_differs(store: Store, site: Site) -> None:
    put(store, an_entry("A", sites=(site,)))
    assert differing(store, {site.id: HERE}) == set()
    for other in (MOVED, PrivatePlace(None, ATLANTA), PrivatePlace(STREET, Point(1, 1)), PrivatePlace()):
        assert differing(store, {site.id: other}) == {site.id}


def test_where_nothing_is_kept_anything_that_is_given_differs(store: Store) -> None:
    site = a_site(private=None)
    put(store, an_entry("A", sites=(site,)))
    for unknown in (site.id, an_id("no site")):
        assert differing(store, {unknown: PrivatePlace()}) == set()
        assert differing(store, {unknown: HERE}) == {unknown}
    assert differing(store, {}) == set()


def test_places_are_compared_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "CHUNK", 2)
    sites = [a_site() for _ in range(5)]
    put(store, an_entry("A", sites=tuple(sites)))
    assert differing(store, dict.fromkeys((site.id for site in sites), HERE)) == set()
    assert differing(store, dict.fromkeys((site.id for site in sites), MOVED)) == {site.id for site in sites}


# ---------------------------------------------------------------- last edits


def test_what_imports_alone_touched_nobody_edited(store: Store) -> None:
    put(store, an_entry("A", summary="s"), actor=IMPORTED)
    put(store, an_entry("A", summary="t"), actor=IMPORTED, now=LATER)
    assert edits(store, "A", "nobody") == {}


def test_each_field_tells_when_a_person_last_changed_it(store: Store) -> None:
    entry = an_entry("A", summary="s", founded=1971)
    put(store, entry, an_entry("B"), actor=IMPORTED)
    put(store, replace(entry, summary="t", founded=1972), actor="ann", now=LATER)
    put(store, replace(entry, summary="u", founded=1972), actor="ben", now=LAST)
    put(store, replace(entry, summary="v", founded=1972, website="https://example.org/"), actor=IMPORTED, now=LAST)
    assert edits(store, "A", "B") == {entry.id: {"summary": LAST, "founded": LATER}}


def test_what_a_person_stated_of_a_new_record_is_edited_then(store: Store) -> None:
    put(store, an_entry("A", summary="s"), actor="ann")
    assert edits(store, "A") == {an_id("A"): dict.fromkeys(["id", "slug", "name", "summary", "membership", "audience"], NOW)}


def test_private_parts_count_for_their_fields(store: Store) -> None:
    site = a_site()
    entry = an_entry("A", sites=(site,), contacts=(KeptContact(email="a@example.org"),))
    put(store, entry, actor=IMPORTED)
    moved = replace(entry, sites=(replace(site, private=MOVED),))
    put(store, moved, actor="ann", now=LATER)
    assert edits(store, "A") == {entry.id: {"sites": LATER}}
    put(store, replace(moved, contacts=(KeptContact(email="b@example.org"),)), actor="ann", now=LAST)
    assert edits(store, "A") == {entry.id: {"sites": LATER, "contacts": LAST}}


def test_of_what_was_erased_private_parts_may_have_been_edited(store: Store) -> None:
    entry = an_entry("A", sites=(a_site(),))
    put(store, entry, actor=IMPORTED)
    put(store, replace(entry, summary="s"), actor="ann", now=LATER)
    erase(store, entry.id, "cat", LAST)
    assert edits(store, "A") == {entry.id: dict.fromkeys(["summary", "sites", "contacts", "sources"], LATER)}


def test_edits_of_many_are_told_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "CHUNK", 2)
    put(store, *[an_entry(name) for name in "ABCDE"], actor=IMPORTED)
    put(store, *[an_entry(name, summary="s") for name in "ACE"], actor="ann", now=LATER)
    assert edits(store, *"ABCDE") == {an_id(name): {"summary": LATER} for name in "ACE"}


# ---------------------------------------------------------------- revisions


def test_a_revision_tells_everything_that_it_changed(store: Store) -> None:
    entry = a_full_entry()
    put(store, entry, an_entry("B"))
    put(store, replace(entry, summary="New."), an_entry("C"), actor="ann", reason="second", now=LATER)
    with store.reading() as reading:
        changes, summary = reading.changes_of(2), reading.revision(2)
        assert (reading.changes_of(3), reading.revision(3)) == ([], None)
    assert [(change.organization_id, change.kind) for change in changes] == [
        (entry.id, LedgerKind.CHANGED),
        (an_id("C"), LedgerKind.CREATED),
    ]
    assert [changed_fields(change) for change in changes] == [("summary",), ()]
    assert changes == [store.history(entry.id)[-1], store.history(an_id("C"))[-1]]
    assert changes[0].before
    assert changes[0].before.sites[0].private == HERE
    assert summary
    assert (summary.actor, summary.reason, summary.at) == ("ann", "second", LATER)
    assert summary.counts == {LedgerKind.CHANGED: 1, LedgerKind.CREATED: 1}


def test_a_change_of_the_network_has_no_entries(store: Store) -> None:
    store.write([], actor="tester", now=NOW, reason="a test", network=Network(None, fictional=True))
    with store.reading() as reading:
        (change,) = reading.changes_of(1)
    assert (change.kind, change.organization_id, change.before, change.after) == (LedgerKind.NETWORK, None, None, None)


def test_when_a_record_was_last_written_is_told_without_erasures(store: Store) -> None:
    put(store, an_entry("A"), an_entry("B"))
    store.write([Put(an_entry("A", summary="s")), Remove(an_id("B"))], actor="tester", now=LATER, reason="a test")
    erase(store, an_id("A"), "tester", LAST)
    with store.reading() as reading:
        assert reading.last_revisions([an_id("A"), an_id("B"), an_id("nobody")]) == {an_id("A"): 2, an_id("B"): 2}
