"""Erase private parts from the history of an organization."""

import datetime as dt
from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, tuple_

from directory.errors import BadInput, Busy, NotFound, Unavailable
from directory.records import Audience
from directory.store.database.bulk import AnyRow
from directory.store.ledger import change_log, merges
from directory.store.ledger.change_log import NO_PARTS, Signature, split_private_parts
from directory.store.ledger.change_reading import SELECT_CHANGES, is_erased, leads_to_tables
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


def erase(store: Store, organization_id: str, actor: str, now: dt.datetime) -> Erasure:
    """Delete private parts (`change_log.PrivateParts`) from the organization's history, and record that in the ledger.

    The history includes that of records merged into the organization. Without the private parts it stays readable. The current
    record keeps its private parts; nothing private remains of a removed one. On SQLite deleted content is overwritten and the
    write-ahead log emptied, so no file contains it any more.

    `now` needs a time zone. Raises NotFound for an id that is not in the ledger.
    """
    if now.tzinfo is None:
        raise BadInput("The time of an erasure needs a time zone.", argument="now")
    revision, purged_count = store.database.run_write(
        lambda connection: _purge_private_parts(connection, organization_id, actor, now)
    )
    return Erasure(revision, purged_count, (*_purge_write_ahead_log(store), BACKUPS_REMAIN))


def _purge_private_parts(connection: Connection, organization_id: str, actor: str, now: dt.datetime) -> tuple[int, int]:
    """Return the new revision and the number of changes that lost private parts."""
    revision = increment_revision(connection).revision + 1
    own_changes = changes.c.organization_id == organization_id
    if not connection.execute(select(func.count()).select_from(changes).where(own_changes)).scalar():
        raise NotFound("The ledger has no organization with this id.", value=organization_id)
    chains = merges.build_survivor_chains(merges.load_merges(connection), Audience.STAFF)
    ids = [organization_id, *(loser for loser, chain in chains.items() if organization_id in chain)]
    purged_count = _count_private_changes(connection, ids)
    erasable = select(changes.c.revision, changes.c.position).where(changes.c.organization_id.in_(ids))
    connection.execute(delete(change_private).where(tuple_(change_private.c.revision, change_private.c.position).in_(erasable)))
    change_log.append_revision(connection, Signature(revision, now.astimezone(dt.UTC), actor, ERASURE_REASON))
    change_log.append_erasures(connection, ids, revision)
    return revision, purged_count


def _count_private_changes(connection: Connection, ids: Sequence[str]) -> int:
    """Return the number of changes of which the ledger still knows private parts, before or after.

    No state in the ledger is decoded, because a damaged one must not prevent the erasure.
    """
    records = load_current_records(connection, ids)
    private_ids = {key for key, record in records.items() if split_private_parts(record.organization)[1] != NO_PARTS}
    rows = connection.execute(SELECT_CHANGES.where(changes.c.organization_id.in_(ids))).all()
    return sum(_has_private_parts(row, private_ids) for row in rows if not is_erased(row))


def _has_private_parts(row: AnyRow, private_ids: Collection[str]) -> bool:
    is_current = leads_to_tables(row) and row.organization_id in private_ids
    return row.private_before is not None or row.next_private_before is not None or is_current


def _purge_write_ahead_log(store: Store) -> tuple[str, ...]:
    """Empty SQLite's write-ahead log. Returns messages on what may remain."""
    if store.database.path is None:
        return (POSTGRES_REMAINS,)
    try:
        return () if store.database.truncate_wal() else (LOG_REMAINS,)
    except (Busy, Unavailable):  # the erasure is committed already, so it must not be reported as failed
        return (LOG_NOT_REACHED,)
