"""A past state of the directory, as one audience may see it today.

Past states are judged by today's rules, so that asking about the past never shows what was hidden, removed or moved since:

- A record that the audience does not see today, or did not see at every moment since then, is not in the past snapshot. Only
  such a coalition is, without members, so that a question that names it has an answer.
- Places, regions served, contacts, sources and texts (names, summaries, descriptions, links) are those of today. So no search
  finds out what they were: neither an old address nor a word that was deleted.
- What remains of the past: the fields in MATCHED_FIELDS, the members of coalitions, and whether the record existed. They are
  published by today's rules, from what the audience could see then.

The ledger is read only for the records that changed since. No private part of a past state is read at all.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from msgspec.structs import replace

from directory.fields import FIELDS
from directory.kinds import publish_record
from directory.kinds.coalition import Coalition
from directory.partners.digest import PastAndPresent
from directory.records import Audience, Organization, PublishedRecord, RecordKind, StoredRecord
from directory.search.search_index import RecordChanges
from directory.search.snapshot import Snapshot, SnapshotChanges
from directory.snapshots.snapshot_set import SnapshotSet
from directory.store.ledger.change_log import replace_parts
from directory.store.ledger.edits import RecordId
from directory.store.read_transaction import ReadTransaction

# The fields of an organization of which the past value decides whether it matched a question.
MATCHED_FIELDS = (
    *("kind", "founded", "languages", "issue_areas", "communities", "work_areas"),
    *("membership", "verified_at", "parent"),
)


def load_past_and_present(reading: ReadTransaction, audience: Audience, moment: datetime) -> PastAndPresent:
    """Load the snapshot of today and that of a moment, which needs a time zone. Before the first revision there are no records.

    The snapshots share nothing with those of a Directory. Building them takes as long as when a server starts.
    """
    present = _build_present(reading, audience)
    revision = reading.find_last_revision_before(moment)
    visible = [one for one in reading.find_changed_since(revision).ids if present.get_record(*one) is not None]
    loaded = reading.load_states_since([one.id for one in visible], revision)
    states = {identity: [state for _, state in own] for identity, own in loaded}
    steady = {identity: known[0] for identity, known in states.items() if _was_always_visible(known, audience)}
    new_ids = states.keys() - steady.keys()

    def is_visible(identity: str) -> bool:
        return identity not in new_ids and any(present.get_record(kind, identity) for kind in RecordKind)

    published: dict[RecordId, PublishedRecord] = {}
    for record_id in visible:
        today = present.get_record(*record_id)
        if record_id.id in steady and today is not None:
            published[record_id] = _publish_past(steady[record_id.id], today, audience, is_visible)
    return PastAndPresent(
        moment,
        present.with_changes(_build_changes(present, [one for one in visible if one.id in new_ids], published)),
        present,
        {one.id: record for one, record in published.items() if isinstance(record, Organization)},
        frozenset(one.id for one in visible if one.kind is RecordKind.COALITION and one.id in states),
    )


def _build_present(reading: ReadTransaction, audience: Audience) -> Snapshot:
    """Return a snapshot that is not derived from that of a wider audience: only such a one can be changed by itself."""
    snapshots = SnapshotSet()
    snapshots.build(reading, [audience])
    return snapshots.snapshots[audience]


def _was_always_visible(states: list[StoredRecord | None], audience: Audience) -> bool:
    """Return whether the audience saw all these states.

    A record that was hidden for a while counts as new: what was known of it before may be the reason why it was hidden.
    """
    return all(state is not None and audience.sees(state.effective_audience) for state in states)


def _publish_past(
    state: StoredRecord | None, today: PublishedRecord, audience: Audience, is_visible: Callable[[str], bool]
) -> PublishedRecord:
    """Return a past state as the audience saw it, without places, contacts and sources."""
    assert state is not None  # noqa: S101 - _was_always_visible
    public = replace_parts(state, sites=(), contacts=(), sources=())
    published = publish_record(public, audience, today.updated_at, is_visible)
    assert published is not None  # noqa: S101 - the audience sees the record
    return _without_unknown_terms(published) if isinstance(published, Organization) else published


def _without_unknown_terms(record: Organization) -> Organization:
    """Return the record without terms that the vocabularies no longer have."""
    lists = ((name, field.vocabulary) for name, field in FIELDS.items() if field.vocabulary is not None)
    known: dict[str, Any] = {name: tuple(filter(terms.get, getattr(record, name))) for name, terms in lists}
    return replace(record, **known)


def _build_changes(
    present: Snapshot, new_records: list[RecordId], past_states: Mapping[RecordId, PublishedRecord]
) -> SnapshotChanges:
    """Return what turns the snapshot of today into that of the past."""
    removed: dict[RecordKind, list[str]] = {kind: [] for kind in RecordKind}
    upserted: dict[RecordKind, list[PublishedRecord]] = {kind: [] for kind in RecordKind}
    for kind, identity in new_records:
        today = present.get_record(kind, identity)
        if isinstance(today, Coalition):  # a question may name it
            upserted[kind].append(replace(today, members=()))
        else:
            removed[kind].append(identity)
    for (kind, identity), state in past_states.items():
        today = cast("PublishedRecord", present.get_record(kind, identity))
        if (past := _restore_matched_fields(today, state)) != today:
            upserted[kind].append(past)
    changes = {kind: RecordChanges(removed[kind], upserted[kind]) for kind in RecordKind if removed[kind] or upserted[kind]}
    return SnapshotChanges(present.state, changes, {}, (), present.survivor_ids)


def _restore_matched_fields(today: PublishedRecord, state: PublishedRecord) -> PublishedRecord:
    """Return the record of today with those values of its past state that may decide whether it matched."""
    if isinstance(today, Organization):
        return replace(today, **{field: getattr(state, field) for field in MATCHED_FIELDS})
    if isinstance(today, Coalition) and isinstance(state, Coalition):
        return replace(today, members=state.members)
    return today
