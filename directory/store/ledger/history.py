"""Read the ledger: the history of a record, the changes of a revision, and when people last edited a field."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import msgspec
from sqlalchemy import Connection, and_, func, select

from directory.records import RecordKind, StoredRecord
from directory.store.database.bulk import split_into_chunks, stream_rows
from directory.store.ledger.change_reading import (
    IS_SIGNED,
    SELECT_CHANGES,
    build_changes,
    decode_public_part,
    select_last_revision,
)
from directory.store.ledger.edits import Change, LedgerKind, RecordId, Revision, Viewing
from directory.store.records.tables import changes, revisions, viewed_places

PastState: TypeAlias = tuple[datetime, StoredRecord | None]  # the moment of the change that ended the state, and the record
_FIELDS_SET_ON_CREATION = ("membership", "audience")  # decided by the person who creates a record, even if left at the default
_ERASABLE_FIELDS = ("sites", "contacts", "sources")  # fields with private parts
_EDIT_KINDS = (LedgerKind.CREATED.value, LedgerKind.CHANGED.value)
_IS_RECORD_CHANGE = (changes.c.record_id.is_not(None), changes.c.kind != LedgerKind.ERASED.value)


def load_history(connection: Connection, record_id: str) -> list[Change]:
    """Return every change of the record, oldest first; [] for an unknown id."""
    query = SELECT_CHANGES.where(changes.c.record_id == record_id)
    return list(build_changes(connection, query.order_by(changes.c.revision)))


def load_viewings(connection: Connection, record_id: str) -> list[Viewing]:
    """Return who looked at the private streets of the record, oldest first; [] if nobody did."""
    query = select(revisions).join_from(viewed_places, revisions, viewed_places.c.revision == revisions.c.revision)
    rows = connection.execute(query.where(viewed_places.c.record_id == record_id).order_by(revisions.c.revision))
    return [Viewing(row.revision, row.at, row.actor, row.reason) for row in rows]


def load_changes(connection: Connection, revision: int) -> list[Change]:
    """Return every change of the revision in the order in which it was written; [] for an unknown revision."""
    query = SELECT_CHANGES.where(changes.c.revision == revision)
    return list(build_changes(connection, query.order_by(changes.c.position)))


def load_changes_of_revisions(connection: Connection, numbers: Iterable[int]) -> Iterator[Change]:
    """Yield the changes of records in the revisions with these numbers, without erasures. `numbers` are ascending."""
    query = SELECT_CHANGES.where(*_IS_RECORD_CHANGE).order_by(changes.c.revision, changes.c.position)
    for chunk in split_into_chunks(numbers):
        yield from build_changes(connection, query.where(changes.c.revision.in_(chunk)))


def list_changed_ids_after(connection: Connection, revision: int) -> list[tuple[int, str]]:
    """Return each later revision with each record that it changed, ascending, without erasures."""
    query = select(changes.c.revision, changes.c.record_id).where(changes.c.revision > revision, *_IS_RECORD_CHANGE)
    return [(row[0], row[1]) for row in stream_rows(connection, query.order_by(changes.c.revision))]


def load_last_changes(connection: Connection, ids: Collection[str]) -> dict[str, Change]:
    """Return the last change of each record, by id, without erasures. Unknown ids are left out."""
    last_changes: dict[str, Change] = {}
    for chunk in split_into_chunks(ids):
        query = SELECT_CHANGES.where(changes.c.record_id.in_(chunk), changes.c.revision == select_last_revision())
        last_changes.update((change.id, change) for change in build_changes(connection, query))
    return last_changes


def find_last_revision_before(connection: Connection, moment: datetime) -> int:
    """Return the last revision that was written before a moment; 0 if there is none."""
    return connection.execute(select(func.max(revisions.c.revision)).where(revisions.c.at < moment)).scalar() or 0


def load_states_since(connection: Connection, ids: Collection[str], revision: int) -> Iterator[tuple[str, list[PastState]]]:
    """Yield each of these records that changed after the revision, with its state before each of these changes, oldest first.

    Each state comes with the moment of the change that ended it. The first one is that at the revision: None if there was no
    record. The states have no private parts.
    """
    columns = changes.c.record_id, changes.c.record_kind, changes.c.before, revisions.c.at
    query = select(*columns).join_from(changes, revisions, IS_SIGNED)
    query = query.where(changes.c.revision > revision, *_IS_RECORD_CHANGE).order_by(changes.c.record_id, changes.c.revision)
    for chunk in split_into_chunks(ids):
        rows = stream_rows(connection, query.where(changes.c.record_id.in_(chunk)))
        for record_id, own in groupby(rows, key=itemgetter(0)):
            yield record_id, [(at, decode_public_part(kind, before) if before else None) for _, kind, before, at in own]


def load_revision(connection: Connection, revision: int) -> Revision | None:
    """Return who made the revision, when and why, and how much it changed; None for an unknown revision."""
    signature = connection.execute(select(revisions).where(revisions.c.revision == revision)).one_or_none()
    if signature is None:
        return None
    query = select(changes.c.kind, func.count()).where(changes.c.revision == revision).group_by(changes.c.kind)
    counts = {LedgerKind(kind): count for kind, count in connection.execute(query)}
    return Revision(revision, signature.at, signature.actor, signature.reason, counts)


def load_last_revisions(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """Return the revision that last created, changed or removed each record, by id. Unknown ids are left out."""
    last = select(changes.c.record_id, func.max(changes.c.revision)).where(changes.c.kind != LedgerKind.ERASED.value)
    query = last.group_by(changes.c.record_id)
    last_revisions: dict[str, int] = {}
    for chunk in split_into_chunks(ids):
        last_revisions.update((row[0], row[1]) for row in connection.execute(query.where(changes.c.record_id.in_(chunk))))
    return last_revisions


def load_removed_records(connection: Connection, ids: Collection[str]) -> dict[str, StoredRecord]:
    """Return records as they were when last removed, by id, without private parts. Ids never removed are left out."""
    removals = select(changes.c.record_id, changes.c.record_kind, changes.c.before)
    removals = removals.where(changes.c.kind == LedgerKind.REMOVED.value)
    removed: dict[str, StoredRecord] = {}
    for chunk in split_into_chunks(ids):
        rows = connection.execute(removals.where(changes.c.record_id.in_(chunk)).order_by(changes.c.revision))
        removed.update((row[0], decode_public_part(row[1], row[2])) for row in rows if row[2])
    return removed


def load_removal_actors(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return who last removed each record, by id. Ids never removed are left out."""
    removals = select(changes.c.record_id, revisions.c.actor).join_from(changes, revisions, IS_SIGNED)
    removals = removals.where(changes.c.kind == LedgerKind.REMOVED.value).order_by(changes.c.revision)
    actors: dict[str, str] = {}
    for chunk in split_into_chunks(ids):
        actors.update((row[0], row[1]) for row in connection.execute(removals.where(changes.c.record_id.in_(chunk))))
    return actors


def find_other_kinds(connection: Connection, ids: Collection[RecordId]) -> dict[str, RecordKind]:
    """Return those of the ids that belong or belonged to a record of another kind, each with that kind."""
    kinds = {record_id.id: record_id.kind for record_id in ids}
    logged = select(changes.c.record_id, changes.c.record_kind).distinct()
    others: dict[str, RecordKind] = {}
    for chunk in split_into_chunks(sorted(kinds)):
        rows = connection.execute(logged.where(changes.c.record_id.in_(chunk)))
        others.update((row[0], RecordKind(row[1])) for row in rows if row[1] != kinds[row[0]].value)
    return others


def load_last_edits(
    connection: Connection, ids: Collection[str], is_import_actor: Callable[[str], bool]
) -> dict[str, dict[str, datetime]]:
    """Return when a person last edited each field of the records: field to time, by id.

    See `ReadTransaction.load_last_edits` for the contract.
    """
    last_edits: dict[str, dict[str, datetime]] = {}
    for chunk in split_into_chunks(ids):
        is_edit = and_(changes.c.record_id.in_(chunk), changes.c.kind.in_(_EDIT_KINDS))
        actors = connection.execute(select(revisions.c.actor).distinct().join_from(changes, revisions, IS_SIGNED).where(is_edit))
        # select by actor, because imports make up most of the ledger and decoding their changes takes long
        people = [actor for actor in actors.scalars() if not is_import_actor(actor)]
        query = SELECT_CHANGES.where(is_edit, revisions.c.actor.in_(people)).order_by(changes.c.revision)
        for change in build_changes(connection, query) if people else ():
            times = dict.fromkeys(_list_edited_fields(change), change.changed_at)
            last_edits.setdefault(change.id, {}).update(times)
    return last_edits


def list_changed_fields(change: Change) -> tuple[str, ...]:
    """Return the fields of the stored record that differ, in field order; () if it was created or removed."""
    if change.before is None or change.after is None:
        return ()
    before, after = change.before, change.after
    return tuple(field for field in before.__struct_fields__ if getattr(before, field) != getattr(after, field))


def _list_edited_fields(change: Change) -> Iterator[str]:
    yield from list_changed_fields(change)
    if change.before is None and change.after is not None:
        fields = msgspec.structs.fields(type(change.after))
        yield from (field.name for field in fields if getattr(change.after, field.name) != field.default)
        yield from (field.name for field in fields if field.name in _FIELDS_SET_ON_CREATION)
    if change.is_erased:  # the erased parts may have differed
        yield from _ERASABLE_FIELDS  # of an organization; a record of another kind lacks some of them
