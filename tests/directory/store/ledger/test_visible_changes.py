"""Each audience's counter, feed and `updated_at` tell what it could see change, and nothing else."""

import datetime as dt

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure, Point, Precision
from directory.publish import ChangeKind
from directory.records import Audience, PrivatePlace, Relation, RelationKind, Source, StoredContact
from directory.store.ledger.edits import Network, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization
from tests.directory.store.stored_organizations import LATER, a_stored_location, an_exact_location, put_organizations

LATER_TOLD = LATER.replace(microsecond=0)

ALL = list(Audience)
TRUSTED = [Audience.MEMBERS, Audience.STAFF]


def told(store: Store, before: dict[Audience, int]) -> list[Audience]:
    """The audiences that were told of something since."""
    now = store.load_head().visible_change_counts
    assert find_ledger_inconsistencies(store) == []
    return [audience for audience in Audience if now[audience] != before[audience]]


def updated(store: Store, identity: str) -> dict[Audience, dt.datetime]:
    ((_, stamps),) = store.load_organizations([identity])
    return stamps.updated_at


@pytest.mark.parametrize("shown_to", ALL)
def test_a_record_is_told_of_to_those_who_see_it(sqlite_store: Store, shown_to: Audience) -> None:
    entry = a_stored_organization("A", audience=shown_to)
    before = sqlite_store.load_head().visible_change_counts
    put_organizations(sqlite_store, entry)
    seers = [audience for audience in Audience if audience.sees(shown_to)]
    assert told(sqlite_store, before) == seers
    assert updated(sqlite_store, entry.id) == dict.fromkeys(seers, NOW)


@pytest.mark.parametrize("disclosure", [None, *(told for told in Disclosure if told is not Disclosure.EXACT)])
def test_a_private_point_that_moves_is_told_to_nobody(store: Store, disclosure: Disclosure | None) -> None:
    site = a_stored_location(disclosure=disclosure)
    entry = a_stored_organization("A", sites=(site,))
    put_organizations(store, entry)
    before, since = store.load_head().visible_change_counts, store.load_head().revision
    moved = replace(site, private=PrivatePlace("9 Other Street", Point(33.76, -84.4)))
    put_organizations(store, replace(entry, sites=(moved,)), now=LATER)
    assert told(store, before) == []
    assert updated(store, entry.id) == dict.fromkeys(ALL, NOW)
    assert store.find_changed_since(since).ids == (entry.id,)


def test_an_open_door_that_moves_is_told_to_all(store: Store) -> None:
    site = an_exact_location()
    entry = a_stored_organization("A", sites=(site,))
    put_organizations(store, entry)
    before = store.load_head().visible_change_counts
    put_organizations(
        store, replace(entry, sites=(replace(site, private=PrivatePlace("9 Other Street", Point(33.76, -84.4))),)), now=LATER
    )
    assert told(store, before) == ALL
    assert updated(store, entry.id) == dict.fromkeys(ALL, LATER_TOLD)


def test_how_exactly_a_hidden_place_is_known_is_told_to_nobody(sqlite_store: Store) -> None:
    site = a_stored_location(disclosure=Disclosure.HIDDEN, known=Precision.STREET)
    entry = a_stored_organization("A", sites=(site,))
    put_organizations(sqlite_store, entry)
    before = sqlite_store.load_head().visible_change_counts
    put_organizations(sqlite_store, replace(entry, sites=(replace(site, known=Precision.EXACT, city="Macon", county=None),)))
    assert told(sqlite_store, before) == []


@pytest.mark.parametrize("shown_to", ALL)
def test_a_contact_is_told_of_to_those_who_see_it(store: Store, shown_to: Audience) -> None:
    entry = a_stored_organization("A")
    put_organizations(store, entry)
    before = store.load_head().visible_change_counts
    put_organizations(store, replace(entry, contacts=(StoredContact(role="office", audience=shown_to),)), now=LATER)
    seers = [audience for audience in Audience if audience.sees(shown_to)]
    assert told(store, before) == seers
    assert {audience for audience, at in updated(store, entry.id).items() if at == LATER_TOLD} == set(seers)


def test_to_whom_it_is_hidden_a_record_is_removed(store: Store) -> None:
    entry = a_stored_organization("A")
    put_organizations(store, entry)
    put_organizations(store, replace(entry, audience=Audience.STAFF), now=LATER)
    for audience, kind in zip(ALL, (ChangeKind.REMOVED, ChangeKind.REMOVED), strict=False):
        (change,) = store.load_visible_changes(audience)
        assert (change.kind, change.at, change.seq) == (kind, LATER_TOLD, 2)
    (change,) = store.load_visible_changes(Audience.STAFF)
    assert (change.kind, change.seq) == (ChangeKind.CHANGED, 2)  # its slug is a private one now
    put_organizations(store, entry)
    assert store.load_visible_changes(Audience.PUBLIC)[0].kind is ChangeKind.ADDED


def test_the_removal_of_what_an_audience_never_saw_is_not_told(store: Store) -> None:
    entry = a_stored_organization("A", audience=Audience.MEMBERS)
    put_organizations(store, entry)
    store.write([Remove(entry.id)], actor="tester", now=LATER, reason="a test")
    assert store.load_visible_changes(Audience.PUBLIC) == []
    assert [change.kind for change in store.load_visible_changes(Audience.STAFF)] == [ChangeKind.REMOVED]
    assert told(store, dict.fromkeys(ALL, 0)) == TRUSTED


def test_a_reference_to_what_is_not_seen_is_told_to_those_who_see_both(store: Store) -> None:
    hidden, entry = a_stored_organization("Hidden", audience=Audience.MEMBERS), a_stored_organization("A")
    put_organizations(store, hidden, entry)
    before = store.load_head().visible_change_counts
    put_organizations(store, replace(entry, parent=hidden.id))
    assert told(store, before) == TRUSTED


def test_a_record_looks_different_when_what_it_refers_to_is_hidden(store: Store) -> None:
    parent = a_stored_organization("Parent")
    child = a_stored_organization("Child", parent=parent.id)
    friend = a_stored_organization("Friend", relations=(Relation(RelationKind.SISTER, parent.id),))
    put_organizations(store, parent, child, friend)
    since = store.load_head().revision
    put_organizations(store, replace(parent, audience=Audience.MEMBERS), now=LATER)
    assert set(store.find_changed_since(since).ids) == {parent.id, child.id, friend.id}
    assert updated(store, child.id) == {Audience.PUBLIC: LATER_TOLD, Audience.MEMBERS: NOW, Audience.STAFF: NOW}
    assert {change.organization_id: change.kind for change in store.load_visible_changes(Audience.PUBLIC)} == {
        parent.id: ChangeKind.REMOVED,
        child.id: ChangeKind.CHANGED,
        friend.id: ChangeKind.CHANGED,
    }
    assert len(store.load_history(child.id)) == 1
    assert find_ledger_inconsistencies(store) == []


def test_the_feed_is_compacted_in_the_order_of_its_numbers(store: Store) -> None:
    entries = [a_stored_organization(name) for name in "ABC"]
    put_organizations(store, *entries)
    put_organizations(store, replace(entries[0], summary="New."), now=LATER)
    feed = store.load_visible_changes(Audience.PUBLIC)
    assert [(change.seq, change.organization_id) for change in feed] == [
        (2, entries[1].id),
        (3, entries[2].id),
        (4, entries[0].id),
    ]
    assert store.load_visible_changes(Audience.PUBLIC, after=3) == feed[2:]


def test_when_it_was_is_told_to_the_whole_second(store: Store) -> None:
    entry = a_stored_organization("A")
    put_organizations(store, entry, now=LATER)
    assert LATER.microsecond
    assert {at.microsecond for at in updated(store, entry.id).values()} == {0}
    assert [change.at for change in store.load_visible_changes(Audience.PUBLIC)] == [LATER_TOLD]
    assert store.load_history(entry.id)[0].changed_at == LATER


@pytest.mark.parametrize("field", ["contacts", "relations", "parent"])
def test_what_is_hidden_takes_no_source_away(store: Store, field: str) -> None:
    hidden = a_stored_organization("Hidden", audience=Audience.STAFF)
    entry = a_stored_organization(
        "A", contacts=(StoredContact(role="office", audience=Audience.PUBLIC),), sources=(Source(field, "A letter"),)
    )
    put_organizations(store, hidden, entry)
    before = store.load_head().visible_change_counts
    more = {
        "contacts": (*entry.contacts, StoredContact(name="A. Person", audience=Audience.STAFF)),
        "relations": (Relation(RelationKind.SISTER, hidden.id),),
        "parent": hidden.id,
    }
    put_organizations(store, replace(entry, **{field: more[field]}), now=LATER)
    assert told(store, before) == [Audience.STAFF]


def test_a_hidden_place_more_is_told_to_nobody(store: Store) -> None:
    entry = a_stored_organization("A", sites=(a_stored_location(disclosure=Disclosure.HIDDEN),))
    put_organizations(store, entry)
    before = store.load_head().visible_change_counts
    put_organizations(
        store, replace(entry, sites=(a_stored_location(disclosure=Disclosure.HIDDEN, city="Macon", county=None), *entry.sites))
    )
    assert told(store, before) == []


def test_whose_directory_it_is_is_told_to_all(store: Store) -> None:
    own = a_stored_organization("Network", audience=Audience.MEMBERS)
    put_organizations(store, own)
    before = store.load_head().visible_change_counts
    store.write([], actor="tester", now=LATER, reason="a test", network=Network(own.id))
    assert told(store, before) == ALL
    assert updated(store, own.id) == dict.fromkeys(TRUSTED, LATER_TOLD)
    before = store.load_head().visible_change_counts
    edits = [Put(replace(own, summary="New."))]
    store.write(edits, actor="tester", now=LATER, reason="a test", network=Network(own.id, fictional=True))
    assert store.load_head().visible_change_counts == {audience: count + 1 for audience, count in before.items()}
