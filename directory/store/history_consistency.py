"""Check that the changes of each record follow from one another.

The state before a change must have the digest of the state after the one before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec
from msgspec import MsgspecError, Struct
from sqlalchemy import Connection, and_, select

from directory.records import RecordKind
from directory.store.ledger.change_log import PrivateParts
from directory.store.ledger.change_reading import decode_public_part
from directory.store.ledger.edits import LedgerKind
from directory.store.ledger.state_digest import digest_state
from directory.store.records.tables import change_private, changes


class LoggedChange(Struct, frozen=True):
    """A change of a record as it is in the ledger. `private_before` is None without private parts or after an erasure."""

    revision: int
    record_kind: RecordKind
    kind: LedgerKind
    before: str | None
    private_before: str | None
    after_digest: bytes | None
    merged_into: str | None


def load_logged_changes(connection: Connection, ids: Sequence[str]) -> dict[str, list[LoggedChange]]:
    """Return the changes of each record, oldest first, by id, without erasures. Unknown ids are left out."""
    is_private_part = and_(change_private.c.revision == changes.c.revision, change_private.c.position == changes.c.position)
    columns = (changes.c.before, change_private.c.before, changes.c.after_digest, changes.c.merged_into)
    query = select(changes.c.record_id, changes.c.revision, changes.c.record_kind, changes.c.kind, *columns)
    is_logged = changes.c.record_id.in_(ids), changes.c.kind != LedgerKind.ERASED.value
    logged: dict[str, list[LoggedChange]] = {}
    rows = query.outerjoin_from(changes, change_private, is_private_part).where(*is_logged).order_by(changes.c.revision)
    for record_id, revision, record_kind, kind, *states in connection.execute(rows):
        logged.setdefault(record_id, []).append(LoggedChange(revision, RecordKind(record_kind), LedgerKind(kind), *states))
    return logged


def check_history(record_id: str, logged: Iterable[LoggedChange]) -> Iterator[str]:
    """Yield a message for each change that does not follow from the one before it. `logged` is oldest first."""
    for earlier, change in pairwise([None, *logged]):
        assert change is not None  # noqa: S101 - only the first item is None
        name = f"The change of {record_id} at revision {change.revision}"
        if (change.before is None) is not (change.kind is LedgerKind.CREATED):
            yield f"{name} is {change.kind}, but the state before it says otherwise."
        if (change.after_digest is None) is not (change.kind is LedgerKind.REMOVED):
            yield f"{name} is {change.kind}, but the state after it says otherwise."
        try:
            digest = _digest_before(change)
        except MsgspecError:
            yield f"{name} cannot be read."
            continue
        if digest != (earlier.after_digest if earlier else None):
            yield f"{name} does not start from the state that the change before it left."


def _digest_before(change: LoggedChange) -> bytes | None:
    """Return the digest of the state before a change. Raises MsgspecError if the state or its private parts are damaged."""
    if change.private_before is not None:
        msgspec.json.decode(change.private_before, type=PrivateParts)
    return None if change.before is None else digest_state(decode_public_part(change.record_kind, change.before))
