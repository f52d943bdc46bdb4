"""The ledger returns exactly the states and visible changes that were observed while random edits were written."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from directory.publish import ChangeKind, VisibleChange, classify_change, publish
from directory.records import (
    Audience,
    Organization,
    PrivatePlace,
    RecordKind,
    Relation,
    RelationKind,
    StoredContact,
    StoredOrganization,
)
from directory.store.ledger.change_log import join_private_parts, split_private_parts
from directory.store.ledger.edits import Change, Edit, LedgerKind, Put, RecordId, Remove
from directory.store.ledger.erase import erase
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.read_transaction import ReadTransaction
from directory.store.records.loading import load_current_records
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.stored_organizations import a_stored_location, an_exact_location

pytestmark = pytest.mark.slow

ORGANIZATION = RecordKind.ORGANIZATION
NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")
REVISIONS = 80
AUDIENCES = tuple(Audience)
NO_CHANGE = LedgerKind.NETWORK  # stands for records that look different without a change of their own
Published = dict[tuple[Audience, str], Organization]


class Observer(Struct):
    """What was seen of a store: states by record, changes by record, and the feed of each audience."""

    store: Store
    states: dict[str, StoredOrganization] = {}
    organizations: Published = {}
    histories: dict[str, list[Change]] = {}
    feeds: dict[Audience, dict[str, VisibleChange]] = {}
    kinds: set[tuple[LedgerKind, ChangeKind]] = set()

    def observe_write(self, revision: int, now: dt.datetime, actor: str) -> None:
        """Compare the feed to what is published now, and remember which states changed."""
        with self.store.begin_read() as reading:
            states, published = load_states(reading), publish_everything(reading)
            own_kinds = {change.record_id: change.kind for change in reading.load_changes(revision)}
            for audience in Audience:
                new = reading.load_visible_changes(audience, revision - 1)
                assert {change.record_id: change.kind for change in new} == self.find_visible_changes(audience, published)
                assert {change.at for change in new} <= {now.replace(microsecond=0)}
                self.kinds.update((own_kinds.get(one.record_id, NO_CHANGE), one.kind) for one in new)
                self.extend_feed(audience, new)
        for identity in {*states, *self.states}:
            before, after = self.states.get(identity), states.get(identity)
            if before != after:
                kind = LedgerKind.CREATED if before is None else LedgerKind.REMOVED if after is None else LedgerKind.CHANGED
                change = Change(revision, now, actor, "a test", kind, before, after, False, ORGANIZATION, identity, None)
                self.histories.setdefault(identity, []).append(change)
        self.states, self.organizations = states, published

    def find_visible_changes(self, audience: Audience, published: Published) -> dict[str, ChangeKind]:
        identities = {identity for other, identity in {*published, *self.organizations} if other is audience}
        kinds = {
            identity: classify_change(self.organizations.get((audience, identity)), published.get((audience, identity)))
            for identity in identities
        }
        return {identity: kind for identity, kind in kinds.items() if kind}

    def extend_feed(self, audience: Audience, new: list[VisibleChange]) -> None:
        feed = self.feeds.setdefault(audience, {})
        for change in new:
            feed.pop(change.record_id, None)
            feed[change.record_id] = change

    def observe_erasure(self, revision: int, now: dt.datetime, identity: str) -> None:
        self.histories[identity] = [remove_private_parts(change) for change in self.histories[identity]]
        erasure = Change(
            revision,
            now,
            "cat",
            "private parts of the past erased",
            LedgerKind.ERASED,
            None,
            None,
            True,
            ORGANIZATION,
            identity,
            None,
        )
        self.histories[identity].append(erasure)

    def require_same(self) -> None:
        """Compare everything that the ledger returns to what was observed."""
        changes = [change for history in self.histories.values() for change in history]
        with self.store.begin_read() as reading:
            assert {identity: reading.load_history(identity) for identity in self.histories} == self.histories
            for audience in Audience:
                assert reading.load_visible_changes(audience) == list(self.feeds[audience].values())
            without_erasures = [change for change in changes if change.kind is not LedgerKind.ERASED]
            last_changes = {change.id: change for change in sorted(without_erasures, key=lambda change: change.revision)}
            assert reading.load_last_changes(list(self.histories)) == last_changes
            revisions = range(1, reading.load_head().revision + 1)
            for loaded in (list(reading.load_changes_of_revisions(revisions)), list(load_each_revision(reading, revisions))):
                assert {(one.revision, one.id): one for one in loaded} == {
                    (one.revision, one.id): one for one in without_erasures
                }
        assert find_ledger_inconsistencies(self.store) == []


def load_states(reading: ReadTransaction) -> dict[str, StoredOrganization]:
    """Return all records with all private parts, and empty private places where there are none."""
    records = load_current_records(reading.connection, [RecordId(RecordKind.ORGANIZATION, an_id(name)) for name in NAMES])
    organizations = [record for current in records.values() if isinstance(record := current.record, StoredOrganization)]
    return {record.id: join_private_parts(*split_private_parts(record)) for record in organizations}


def publish_everything(reading: ReadTransaction) -> Published:
    audiences = reading.load_audiences()
    published: Published = {}
    for record, _ in reading.load_organizations():
        for audience in Audience:
            seen = {identity for identity, other in audiences.items() if audience.sees(other)}
            organization = publish(record, audience, NOW, seen.__contains__)
            if organization is not None:
                published[audience, record.id] = organization
    return published


def remove_private_parts(change: Change) -> Change:
    before, after = (state and split_private_parts(state)[0] for state in (change.before, change.after))
    return replace(change, before=before, after=after, is_erased=True)


def load_each_revision(reading: ReadTransaction, revisions: range) -> Iterator[Change]:
    for revision in revisions:
        yield from (
            change for change in reading.load_changes(revision) if change.kind not in (LedgerKind.ERASED, LedgerKind.NETWORK)
        )


def choose_edits(rng: Random, states: dict[str, StoredOrganization]) -> list[Edit]:
    """Return edits of one or two records that can be written together."""
    names = rng.sample(NAMES, rng.choice((1, 1, 2)))
    edited_ids = [an_id(name) for name in names]
    others = [identity for identity in states if identity not in edited_ids]
    referenced_ids = {relation.organization for state in states.values() for relation in state.relations}
    edits = (choose_edit(rng, name, states.get(an_id(name)), others) for name in names)
    return [edit for edit in edits if isinstance(edit, Put) or edit.id not in referenced_ids]


def choose_edit(rng: Random, name: str, current: StoredOrganization | None, others: list[str]) -> Edit:
    """Return an edit of the record with that name, which may refer to others."""
    if current and rng.random() < 0.3:
        return Remove(current.id)
    relations = tuple(Relation(RelationKind.SISTER, other) for other in rng.sample(others, min(len(others), 1)))
    sites = a_stored_location(), an_exact_location(private=None)
    record = current or a_stored_organization(name, sites=sites, relations=relations)
    site = replace(record.sites[0], private=PrivatePlace(f"{rng.randrange(100)} Elm Street"))
    contact = StoredContact(email=f"{rng.randrange(9)}@example.org", audience=rng.choice(AUDIENCES))
    changes: list[dict[str, Any]] = [
        {"summary": f"Summary {rng.randrange(100)}"},
        {"sites": (site, *record.sites[1:])},
        {"contacts": (contact,)},
        {"audience": rng.choice(AUDIENCES)},
        {"relations": relations},
        {"hidden_since": None if record.is_hidden else NOW},
    ]
    return Put(replace(record, **rng.choice(changes)), allow_other_slug=True, override_hiding=True)


@pytest.mark.parametrize("seed", range(2))
def test_the_ledger_returns_what_was_observed(store: Store, seed: int) -> None:
    rng, observer, now = Random(seed), Observer(store), NOW  # noqa: S311 - test data
    while (revision := store.load_head().revision) < REVISIONS:
        now += dt.timedelta(hours=1, microseconds=7)
        if observer.histories and rng.random() < 0.1:
            identity = rng.choice(sorted(observer.histories))
            observer.observe_erasure(erase(store, identity, "cat", now).revision, now, identity)
            assert store.load_history(identity) == observer.histories[identity]
        elif store.write(choose_edits(rng, observer.states), actor="ann", now=now, reason="a test").revision > revision:
            observer.observe_write(revision + 1, now, "ann")
    observer.require_same()
    assert {change.kind for history in observer.histories.values() for change in history} == set(LedgerKind) - {NO_CHANGE}
    assert observer.kinds >= {
        (LedgerKind.CHANGED, ChangeKind.REMOVED),
        (LedgerKind.CHANGED, ChangeKind.ADDED),
        (NO_CHANGE, ChangeKind.CHANGED),
    }
