"""Each audience's counter, feed and `updated_at` reflect what it could see change, and nothing else."""

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
from tests.directory.store.stored_organizations import (
    LATER,
    a_stored_location,
    an_exact_location,
    an_organization_id,
    put_organizations,
)

LATER_SECOND = LATER.replace(microsecond=0)

ALL = list(Audience)
TRUSTED = [Audience.MEMBERS, Audience.STAFF]


def list_notified(store: Store, before: dict[Audience, int]) -> list[Audience]:
    """Return the audiences whose counter was raised."""
    now = store.load_head().visible_change_counts
    assert find_ledger_inconsistencies(store) == []
    return [audience for audience in Audience if now[audience] != before[audience]]


def load_update_times(store: Store, organization_id: str) -> dict[Audience, dt.datetime]:
    """Return when each audience last saw the organization change."""
    feeds = {audience: store.load_visible_changes(audience) for audience in Audience}
    return {audience: change.at for audience, feed in feeds.items() for change in feed if change.record_id == organization_id}


@pytest.mark.parametrize("shown_to", ALL)
def test_a_new_record_is_announced_to_those_who_see_it(sqlite_store: Store, shown_to: Audience) -> None:
    record = a_stored_organization("A", audience=shown_to)
    before = sqlite_store.load_head().visible_change_counts
    put_organizations(sqlite_store, record)
    visible_to = [audience for audience in Audience if audience.sees(shown_to)]
    assert list_notified(sqlite_store, before) == visible_to
    assert load_update_times(sqlite_store, record.id) == dict.fromkeys(visible_to, NOW)


@pytest.mark.parametrize("disclosure", [None, *(disclosure for disclosure in Disclosure if disclosure is not Disclosure.EXACT)])
def test_a_moved_private_point_is_not_announced(store: Store, disclosure: Disclosure | None) -> None:
    location = a_stored_location(disclosure=disclosure)
    record = a_stored_organization("A", sites=(location,))
    put_organizations(store, record)
    before, since = store.load_head().visible_change_counts, store.load_head().revision
    moved = replace(location, private=PrivatePlace("9 Other Street", Point(33.76, -84.4)))
    put_organizations(store, replace(record, sites=(moved,)), now=LATER)
    assert list_notified(store, before) == []
    assert load_update_times(store, record.id) == dict.fromkeys(ALL, NOW)
    assert store.find_changed_since(since).ids == (an_organization_id(record),)


def test_a_moved_exact_location_is_announced_to_all(store: Store) -> None:
    location = an_exact_location()
    record = a_stored_organization("A", sites=(location,))
    put_organizations(store, record)
    before = store.load_head().visible_change_counts
    put_organizations(
        store, replace(record, sites=(replace(location, private=PrivatePlace("9 Other Street", Point(33.76, -84.4))),)), now=LATER
    )
    assert list_notified(store, before) == ALL
    assert load_update_times(store, record.id) == dict.fromkeys(ALL, LATER_SECOND)


def test_the_precision_of_a_hidden_place_is_not_announced(sqlite_store: Store) -> None:
    location = a_stored_location(disclosure=Disclosure.HIDDEN, known=Precision.STREET)
    record = a_stored_organization("A", sites=(location,))
    put_organizations(sqlite_store, record)
    before = sqlite_store.load_head().visible_change_counts
    put_organizations(sqlite_store, replace(record, sites=(replace(location, known=Precision.EXACT, city="Macon", county=None),)))
    assert list_notified(sqlite_store, before) == []


@pytest.mark.parametrize("shown_to", ALL)
def test_a_contact_is_announced_to_those_who_see_it(store: Store, shown_to: Audience) -> None:
    record = a_stored_organization("A")
    put_organizations(store, record)
    before = store.load_head().visible_change_counts
    put_organizations(store, replace(record, contacts=(StoredContact(role="office", audience=shown_to),)), now=LATER)
    visible_to = [audience for audience in Audience if audience.sees(shown_to)]
    assert list_notified(store, before) == visible_to
    assert {audience for audience, at in load_update_times(store, record.id).items() if at == LATER_SECOND} == set(visible_to)


def test_a_record_is_removed_for_those_from_whom_it_is_hidden(store: Store) -> None:
    record = a_stored_organization("A")
    put_organizations(store, record)
    put_organizations(store, replace(record, audience=Audience.STAFF), now=LATER)
    for audience, kind in zip(ALL, (ChangeKind.REMOVED, ChangeKind.REMOVED), strict=False):
        (change,) = store.load_visible_changes(audience)
        assert (change.kind, change.at, change.seq) == (kind, LATER_SECOND, 2)
    (change,) = store.load_visible_changes(Audience.STAFF)
    assert (change.kind, change.seq) == (ChangeKind.CHANGED, 2)  # it has a private slug now
    put_organizations(store, record)
    assert store.load_visible_changes(Audience.PUBLIC)[0].kind is ChangeKind.ADDED


def test_a_removal_is_not_announced_to_an_audience_that_never_saw_the_record(store: Store) -> None:
    record = a_stored_organization("A", audience=Audience.MEMBERS)
    put_organizations(store, record)
    store.write([Remove(record.id)], actor="tester", now=LATER, reason="a test")
    assert store.load_visible_changes(Audience.PUBLIC) == []
    assert [change.kind for change in store.load_visible_changes(Audience.STAFF)] == [ChangeKind.REMOVED]
    assert list_notified(store, dict.fromkeys(ALL, 0)) == TRUSTED


def test_a_reference_is_announced_to_those_who_see_both_records(store: Store) -> None:
    hidden, record = a_stored_organization("Hidden", audience=Audience.MEMBERS), a_stored_organization("A")
    put_organizations(store, hidden, record)
    before = store.load_head().visible_change_counts
    put_organizations(store, replace(record, parent=hidden.id))
    assert list_notified(store, before) == TRUSTED


def test_a_record_looks_different_when_what_it_refers_to_is_hidden(store: Store) -> None:
    parent = a_stored_organization("Parent")
    child = a_stored_organization("Child", parent=parent.id)
    friend = a_stored_organization("Friend", relations=(Relation(RelationKind.SISTER, parent.id),))
    put_organizations(store, parent, child, friend)
    since = store.load_head().revision
    put_organizations(store, replace(parent, audience=Audience.MEMBERS), now=LATER)
    assert set(store.find_changed_since(since).ids) == set(map(an_organization_id, (parent, child, friend)))
    assert load_update_times(store, child.id) == {Audience.PUBLIC: LATER_SECOND, Audience.MEMBERS: NOW, Audience.STAFF: NOW}
    assert {change.record_id: change.kind for change in store.load_visible_changes(Audience.PUBLIC)} == {
        parent.id: ChangeKind.REMOVED,
        child.id: ChangeKind.CHANGED,
        friend.id: ChangeKind.CHANGED,
    }
    assert len(store.load_history(child.id)) == 1
    assert find_ledger_inconsistencies(store) == []


def test_the_feed_is_compacted_in_the_order_of_its_numbers(store: Store) -> None:
    records = [a_stored_organization(name) for name in "ABC"]
    put_organizations(store, *records)
    put_organizations(store, replace(records[0], summary="New."), now=LATER)
    feed = store.load_visible_changes(Audience.PUBLIC)
    assert [(change.seq, change.record_id) for change in feed] == [
        (2, records[1].id),
        (3, records[2].id),
        (4, records[0].id),
    ]
    assert store.load_visible_changes(Audience.PUBLIC, since_revision=1) == feed[2:]
    assert store.load_visible_changes(Audience.PUBLIC, since_revision=2) == []


def test_times_are_published_in_whole_seconds(store: Store) -> None:
    record = a_stored_organization("A")
    put_organizations(store, record, now=LATER)
    assert LATER.microsecond
    assert {at.microsecond for at in load_update_times(store, record.id).values()} == {0}
    assert [change.at for change in store.load_visible_changes(Audience.PUBLIC)] == [LATER_SECOND]
    assert store.load_history(record.id)[0].changed_at == LATER


@pytest.mark.parametrize("field", ["contacts", "relations", "parent"])
def test_a_hidden_value_does_not_remove_a_source(store: Store, field: str) -> None:
    hidden = a_stored_organization("Hidden", audience=Audience.STAFF)
    record = a_stored_organization(
        "A", contacts=(StoredContact(role="office", audience=Audience.PUBLIC),), sources=(Source(field, "A letter"),)
    )
    put_organizations(store, hidden, record)
    before = store.load_head().visible_change_counts
    more = {
        "contacts": (*record.contacts, StoredContact(name="A. Person", audience=Audience.STAFF)),
        "relations": (Relation(RelationKind.SISTER, hidden.id),),
        "parent": hidden.id,
    }
    put_organizations(store, replace(record, **{field: more[field]}), now=LATER)
    assert list_notified(store, before) == [Audience.STAFF]


def test_another_hidden_place_is_not_announced(store: Store) -> None:
    record = a_stored_organization("A", sites=(a_stored_location(disclosure=Disclosure.HIDDEN),))
    put_organizations(store, record)
    before = store.load_head().visible_change_counts
    put_organizations(
        store, replace(record, sites=(a_stored_location(disclosure=Disclosure.HIDDEN, city="Macon", county=None), *record.sites))
    )
    assert list_notified(store, before) == []


def test_a_change_of_the_network_is_announced_to_all(store: Store) -> None:
    own = a_stored_organization("Network", audience=Audience.MEMBERS)
    put_organizations(store, own)
    before = store.load_head().visible_change_counts
    store.write([], actor="tester", now=LATER, reason="a test", network=Network(own.id))
    assert list_notified(store, before) == ALL
    assert load_update_times(store, own.id) == dict.fromkeys(TRUSTED, LATER_SECOND)
    before = store.load_head().visible_change_counts
    edits = [Put(replace(own, summary="New."))]
    store.write(edits, actor="tester", now=LATER, reason="a test", network=Network(own.id, fictional=True))
    assert store.load_head().visible_change_counts == {audience: count + 1 for audience, count in before.items()}
