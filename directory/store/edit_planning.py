"""Work out the change that each edit of a write makes to the stored records."""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from directory.errors import BadInput, Conflict, NotFound
from directory.kinds import get_kind
from directory.records import StoredRecord
from directory.store.ledger import history, merges
from directory.store.ledger.change_log import PendingChange
from directory.store.ledger.edits import Edit, Put, RecordId, Remove
from directory.store.records.invariants import complete_record, refuse_exposed_places, require_valid
from directory.store.records.loading import CurrentRecord, load_current_records
from directory.visibility import apply_strictest_hiding


def plan_changes(
    connection: Connection, edits: Sequence[Edit], current_records: Mapping[str, CurrentRecord]
) -> list[PendingChange]:
    """Return the change that each edit makes, with the slugs that the edits request.

    `current_records` are those of the edits, by id. Raises BadInput for a record that is edited twice or invalid, Conflict if
    `if_revision` is not the record's revision, and NotFound if there is nothing to remove.
    """
    _require_distinct_ids(edits)
    created = [RecordId(edit.kind, edit.id) for edit in edits if isinstance(edit, Put) and edit.id not in current_records]
    _require_own_ids(connection, created)
    removed = history.load_removed_records(connection, [record_id.id for record_id in created])
    chains = merges.load_chains_of(connection, removed) if removed else {}  # only removed records are merged
    merged_records = _collect_merged_records(edits, current_records)
    earlier_states = _load_earlier_states(connection, removed, chains)
    changes = []
    for edit in edits:
        current = current_records.get(edit.id)
        _require_revision(edit, current)
        if isinstance(edit, Remove):
            changes.append(_plan_removal(edit, current))
        else:
            after = _complete_put(edit, current, merged_records.get(edit.id, ()), earlier_states.get(edit.id, ()))
            merged_into = chains[edit.id][0] if edit.id in chains else None
            changes.append(PendingChange(current.record if current else None, after, merged_into))
    return changes


def _require_distinct_ids(edits: Sequence[Edit]) -> None:
    for record_id, count in Counter(edit.id for edit in edits).items():
        if count > 1:
            message = f"The record {record_id} is edited {count} times in one write. Combine these edits."
            raise BadInput(message, value=record_id)


def _require_own_ids(connection: Connection, created: Sequence[RecordId]) -> None:
    """Raise BadInput for a new record whose id belongs or belonged to a record of another kind."""
    others = history.find_other_kinds(connection, created) if created else {}
    for record_id, kind in others.items():
        message = f"The id {record_id} belongs to a record of another kind ({kind.noun}). Use a new id."
        raise BadInput(message, argument="id", value=record_id)


def _collect_merged_records(edits: Sequence[Edit], current_records: Mapping[str, CurrentRecord]) -> dict[str, list[StoredRecord]]:
    """Return the records that the edits merge into others, by the id of their survivor."""
    merged_records: dict[str, list[StoredRecord]] = {}
    for edit in edits:
        if isinstance(edit, Remove) and edit.survivor_id is not None and edit.id in current_records:
            merged_records.setdefault(edit.survivor_id, []).append(current_records[edit.id].record)
    return merged_records


def _load_earlier_states(
    connection: Connection, removed: Mapping[str, StoredRecord], chains: Mapping[str, Sequence[str]]
) -> dict[str, list[StoredRecord]]:
    """Return the states that decide whether a record that is created again stays hidden, by id.

    These are its state when it was removed, and the current or last state of each record that it was merged into. If one of them
    is hidden, the same organization must not become visible again. `removed` are the states of created records when they were
    removed, and `chains` the ids that merged records lead to.
    """
    kinds = {survivor_id: get_kind(removed[loser]).name for loser, chain in chains.items() for survivor_id in chain}
    current = load_current_records(connection, [RecordId(kind, survivor_id) for survivor_id, kind in sorted(kinds.items())])
    states = {
        **removed,
        **history.load_removed_records(connection, sorted(kinds)),
        **{survivor_id: survivor.record for survivor_id, survivor in current.items()},
    }
    return {
        created_id: [states[related_id] for related_id in (created_id, *chains.get(created_id, ())) if related_id in states]
        for created_id in removed
    }


def _require_revision(edit: Edit, current: CurrentRecord | None) -> None:
    revision = current.revision if current else 0
    if edit.if_revision is None or edit.if_revision == revision:
        return
    if current is None:
        raise Conflict(f"The {edit.kind.noun} was removed since you read it. Nothing was written.", current=None, value=edit.id)
    slug = current.record.slug
    message = f"{slug} changed since you read it. Nothing was written; read it again and repeat your change."
    raise Conflict(message, current=revision, value=edit.id)


def _plan_removal(edit: Remove, current: CurrentRecord | None) -> PendingChange:
    if current is None:
        raise NotFound(f"There is no {edit.kind.noun} with this id. It may have been removed already.", value=edit.id)
    return PendingChange(current.record, None, edit.survivor_id, edit.restores_merge)


def _complete_put(
    edit: Put,
    current: CurrentRecord | None,
    merged_records: Sequence[StoredRecord],
    earlier_states: Sequence[StoredRecord],
) -> StoredRecord:
    """Return the record as it will be stored. `earlier_states` are those of `_load_earlier_states`."""
    before = current.record if current else None
    require_valid(edit.record)
    submitted = replace(edit.record, slug=before.slug) if before and edit.keep_current_slug else edit.record
    merged_places = {site.id: site.private for record in merged_records for site in record.sites if site.private is not None}
    after = complete_record(submitted, before, merged_places)
    refuse_exposed_places(after, before, merged_records)
    return after if edit.override_hiding else apply_strictest_hiding(after, *([before] if before else earlier_states))
