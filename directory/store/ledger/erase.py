"""Taking private parts out of the past."""

import datetime as dt

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, tuple_

from directory.errors import BadInput, Busy, NotFound, Unavailable
from directory.store.ledger import change_log, merges
from directory.store.ledger.change_log import Signature
from directory.store.records.tables import change_private, changes
from directory.store.store import Store
from directory.store.write import increment_revision

ERASURE_REASON = "private parts of the past erased"
BACKUPS_REMAIN = "Backups made before this still hold what was erased: delete them or let them expire."
LOG_REMAINS = "Somebody is reading, so that SQLite's log could not be emptied yet; it will be when the log is next written back."
LOG_NOT_REACHED = "SQLite's log could not be emptied, because the database cannot be reached; run the command again to empty it."
POSTGRES_REMAINS = "PostgreSQL keeps deleted rows in its files until it has vacuumed the table and recycled its write-ahead log."


class Erasure(Struct, frozen=True):
    """`purged`: how many changes lost their private parts. `remains`: sentences on where copies may be left."""

    revision: int
    purged_count: int
    remaining_copies: tuple[str, ...]


def erase(store: Store, organization_id: str, actor: str, now: dt.datetime) -> Erasure:
    """Purges streets, true points, contacts that are not public and what may name or lead to these (ledger.PrivateParts) from the
    organization's past, and notes that in the ledger. The pasts of the records that were merged into it are a part of its own.

    What the record holds now stays; of a removed one nothing private is left. Its history stays readable without these parts.
    On SQLite what was deleted is overwritten and the write-ahead log emptied, so that the file holds nothing of it.
    `now` needs a time zone. Raises NotFound for an id that the ledger does not know.
    """
    if now.tzinfo is None:
        raise BadInput("The time of an erasure needs a time zone.", argument="now")
    revision, purged = store.database.run_write(lambda connection: _purge_private_parts(connection, organization_id, actor, now))
    return Erasure(revision, purged, (*_purge_log(store), BACKUPS_REMAIN))


def _purge_private_parts(connection: Connection, organization_id: str, actor: str, now: dt.datetime) -> tuple[int, int]:
    revision = increment_revision(connection).revision + 1
    merged = [loser for loser, way in merges.load_survivor_chains(connection).items() if organization_id in way]
    own, mine = changes.c.organization_id == organization_id, changes.c.organization_id.in_([organization_id, *merged])
    if not connection.execute(select(func.count()).select_from(changes).where(own)).scalar():
        raise NotFound("The ledger knows no organization of this id.", value=organization_id)
    of_mine = tuple_(change_private.c.revision, change_private.c.position).in_(
        select(changes.c.revision, changes.c.position).where(mine)
    )
    purged = connection.execute(delete(change_private).where(of_mine)).rowcount
    change_log.append_erasures(
        connection, [organization_id, *merged], Signature(revision, now.astimezone(dt.UTC), actor, ERASURE_REASON)
    )
    return revision, purged


def _purge_log(store: Store) -> tuple[str, ...]:
    if store.database.path is None:
        return (POSTGRES_REMAINS,)
    try:
        return () if store.database.truncate_wal() else (LOG_REMAINS,)
    except (Busy, Unavailable):  # the erasure itself is committed, and must not be told as if it were not
        return (LOG_NOT_REACHED,)
