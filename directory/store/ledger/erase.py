"""Erase private parts from the history of a record."""

import datetime as dt
from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import Connection, delete, select, tuple_

from directory.errors import BadInput, Busy, NotFound, Unavailable
from directory.records import Audience, RecordKind
from directory.store.database.bulk import AnyRow
from directory.store.ledger import change_log, merges
from directory.store.ledger.change_log import NO_PARTS, Signature, split_private_parts
from directory.store.ledger.change_reading import SELECT_CHANGES, is_erased, leads_to_tables
from directory.store.ledger.edits import RecordId
from directory.store.records.loading import load_current_records
from directory.store.records.tables import change_private, changes
from directory.store.store import Store
from directory.store.write import increment_revision

ERASURE_REASON = "private parts of the past erased"
BACKUPS_REMAIN = "Backups made before this still contain what was erased. Delete them or let them expire."
LOG_REMAINS = "SQLite's log could not be emptied yet because the database is being read. SQLite empties it later by itself."
LOG_NOT_REACHED = "SQLite's log could not be emptied because the database cannot be reached. Run the command again to empty it."
POSTGRES_REMAINS = "PostgreSQL keeps deleted rows in its files until it has vacuumed the table and recycled its write-ahead log."


class Erasure(Struct, frozen=True):
    """What `erase` did: the number of changes that lost private parts, and messages on where copies may remain."""

    revision: int
    purged_count: int
    remaining_copies: tuple[str, ...]


def erase(store: Store, record_id: str, actor: str, now: dt.datetime) -> Erasure:
    """Delete private parts (`change_log.PrivateParts`) from the record's history, and record that in the ledger.

    The history includes that of records merged into it. Without the private parts it stays readable. The current
    record keeps its private parts; nothing private remains of a removed one. On SQLite deleted content is overwritten and the
    write-ahead log emptied, so no file contains it any more.

    `now` needs a time zone. Raises NotFound for an id that is not in the ledger.
    """
    if now.tzinfo is None:
        raise BadInput("The time of an erasure needs a time zone.", argument="now")
    revision, purged_count = store.database.run_write(lambda connection: _purge_private_parts(connection, record_id, actor, now))
    return Erasure(revision, purged_count, (*_purge_write_ahead_log(store), BACKUPS_REMAIN))


def _purge_private_parts(connection: Connection, record_id: str, actor: str, now: dt.datetime) -> tuple[int, int]:
    """Return the new revision and the number of changes that lost private parts."""
    revision = increment_revision(connection).revision + 1
    kind = connection.execute(select(changes.c.record_kind).where(changes.c.record_id == record_id).limit(1)).scalar()
    if kind is None:
        raise NotFound("The ledger has no record with this id.", value=record_id)
    chains = merges.build_survivor_chains(merges.load_merges(connection), Audience.STAFF)
    ids = [record_id, *(loser for loser, chain in chains.items() if record_id in chain)]
    erased = [RecordId(RecordKind(kind), merged_id) for merged_id in ids]  # a record is merged only into one of its kind
    purged_count = _count_private_changes(connection, erased)
    erasable = select(changes.c.revision, changes.c.position).where(changes.c.record_id.in_(ids))
    connection.execute(delete(change_private).where(tuple_(change_private.c.revision, change_private.c.position).in_(erasable)))
    change_log.append_revision(connection, Signature(revision, now.astimezone(dt.UTC), actor, ERASURE_REASON))
    change_log.append_erasures(connection, erased, revision)
    return revision, purged_count


def _count_private_changes(connection: Connection, ids: Sequence[RecordId]) -> int:
    """Return the number of changes of which the ledger still knows private parts, before or after.

    No state in the ledger is decoded, because a damaged one must not prevent the erasure.
    """
    records = load_current_records(connection, ids)
    private_ids = {key for key, current in records.items() if split_private_parts(current.record)[1] != NO_PARTS}
    rows = connection.execute(SELECT_CHANGES.where(changes.c.record_id.in_([record_id.id for record_id in ids]))).all()
    return sum(_has_private_parts(row, private_ids) for row in rows if not is_erased(row))


def _has_private_parts(row: AnyRow, private_ids: Collection[str]) -> bool:
    is_current = leads_to_tables(row) and row.record_id in private_ids
    return row.private_before is not None or row.next_private_before is not None or is_current


def _purge_write_ahead_log(store: Store) -> tuple[str, ...]:
    """Empty SQLite's write-ahead log. Returns messages on what may remain."""
    if store.database.path is None:
        return (POSTGRES_REMAINS,)
    try:
        return () if store.database.truncate_wal() else (LOG_REMAINS,)
    except (Busy, Unavailable):  # the erasure is committed already, so it must not be reported as failed
        return (LOG_NOT_REACHED,)
