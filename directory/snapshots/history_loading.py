"""Load from the ledger what a snapshot knows of the past of its organizations (search/record_history.py).

The rules are those of past_snapshot.py: a state counts only if the audience saw it and every later one. Of a past state, only the
values are used that decide whether an organization matched. No private part of one is read.
"""

from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from directory.fields import FIELDS
from directory.publish import ChangeKind
from directory.records import Organization, RecordKind, StoredOrganization
from directory.search.record_history import (
    PastValues,
    RecordHistory,
    RecordPast,
    SetKeys,
    ValueChange,
    compare_values,
    read_values,
)
from directory.search.searched_fields import to_timestamp
from directory.search.snapshot import Snapshot, SnapshotChanges
from directory.store.ledger.edits import RecordId
from directory.store.ledger.history import PastState
from directory.store.read_transaction import ReadTransaction

_VOCABULARIES = {name: field.vocabulary for name, field in FIELDS.items() if field.vocabulary is not None}


def load_history(reading: ReadTransaction, snapshot: Snapshot) -> RecordHistory:
    """Return the history of all organizations of a snapshot, which shows the state that is read.

    Only the states of those are read that the audience saw change after it saw them first.
    """
    changed = [one.record_id for one in snapshot.feed.iter_after(0) if one.kind is ChangeKind.CHANGED]
    return RecordHistory.build(load_pasts(reading, snapshot, changed))


def load_pasts(reading: ReadTransaction, snapshot: Snapshot, ids: Collection[str]) -> dict[str, RecordPast]:
    """Return by id the past of those of these records that are organizations of the snapshot."""
    known = {record.id: record for record in snapshot.list_records(ids)}
    builder = _PastBuilder(snapshot)
    return {identity: builder.build(known[identity], states) for identity, states in reading.load_states_since(list(known), 0)}


def follow_history(before: Snapshot, changes: SnapshotChanges) -> RecordHistory | None:
    """Return the history after one revision; None if the snapshot before it has none."""
    changed = changes.records.get(RecordKind.ORGANIZATION)
    if before.history is None or changed is None:
        return before.history
    return before.history.with_changes(before.list_records(changed.ids), changed)


def reload_history(reading: ReadTransaction, before: Snapshot, after: Snapshot, ids: Iterable[RecordId]) -> RecordHistory | None:
    """Return the history after revisions that changed these records; None if the snapshot before them has none.

    States between two of the revisions are only in the ledger.
    """
    changed = [one.id for one in ids if one.kind is RecordKind.ORGANIZATION]
    return before.history and before.history.replace(changed, load_pasts(reading, after, changed))


class _PastBuilder:
    """Builds the past of organizations of a snapshot. Those that changed alike share the sets of keys."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._shared: dict[tuple[SetKeys, ...], tuple[SetKeys, ...]] = {}

    def build(self, today: Organization, states: Sequence[PastState]) -> RecordPast:
        """Return the past of an organization from its states before each change, oldest first, of which there is at least one."""
        changes: list[ValueChange] = []
        after, since = read_values(today), 0.0
        for ended_at, state in reversed(states):
            since = to_timestamp(ended_at)
            if not isinstance(state, StoredOrganization) or not self._snapshot.audience.sees(state.effective_audience):
                break
            before = self._read_values(state)
            if change := compare_values(before, after, since):
                toggled = self._shared.setdefault(change.toggles, change.toggles)
                changes.append(ValueChange(since, toggled, change.numbers))
            after = before
        return RecordPast(since, tuple(reversed(changes)))

    def _read_values(self, state: StoredOrganization) -> PastValues:
        """Return the values of a past state, without terms that no longer exist, or a parent that the audience does not see."""
        known = {name: tuple(filter(terms.get, getattr(state, name))) for name, terms in _VOCABULARIES.items()}
        is_seen = state.parent is not None and self._snapshot.get_organization(state.parent) is not None
        return read_values(replace(state, parent=state.parent if is_seen else None, **known))
