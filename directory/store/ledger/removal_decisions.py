"""Remember that a removed record stays removed although a row of a list is about it.

A removed record has no row in the tables that could remember this, as `RowMatch` does for the others. Undo keeps these decisions,
as it keeps records hidden: what somebody asked to have removed must not come back by accident.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Connection, insert, select

from directory.store.database.bulk import execute_many
from directory.store.records.tables import removal_decisions


class RemovalDecision(Struct, frozen=True):
    """A person decided that the record stays removed although a row is about it. `row_key` is as in RowMatch."""

    origin: str  # the key of the dataset
    row_key: str
    record_id: str


def load_removal_decisions(connection: Connection) -> dict[tuple[str, str], str]:
    """Return the id of the removed record by the dataset and the key of the row."""
    columns = removal_decisions.c.origin, removal_decisions.c.row_key, removal_decisions.c.record_id
    rows = connection.execute(select(*columns).order_by(removal_decisions.c.revision))
    return {(origin, row_key): record_id for origin, row_key, record_id in rows}


def select_new_decisions(connection: Connection, decisions: Sequence[RemovalDecision]) -> list[RemovalDecision]:
    """Return the decisions that are not stored yet. Of several about one row, the last counts."""
    if not decisions:
        return []
    stored = load_removal_decisions(connection)
    by_row = {(decision.origin, decision.row_key): decision for decision in decisions}
    return [decision for key, decision in by_row.items() if stored.get(key) != decision.record_id]


def append_removal_decisions(connection: Connection, decisions: Sequence[RemovalDecision], revision: int) -> None:
    """Store the decisions with the revision that made them."""
    execute_many(connection, insert(removal_decisions), [{**asdict(decision), "revision": revision} for decision in decisions])
