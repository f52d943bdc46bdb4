"""Store which record was merged into which, and find the record that a merged one leads to today."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from directory.records import Audience
from directory.store.database.bulk import split_into_chunks
from directory.store.ledger.change_log import PendingChange
from directory.store.records.tables import merged_records


class Merge(NamedTuple):
    """`audience` is the widest one that saw the merged record when it was merged."""

    record_id: str
    survivor_id: str
    audience: Audience


def load_merges(connection: Connection) -> list[Merge]:
    """Return all merges."""
    rows = connection.execute(select(merged_records)).all()
    return [Merge(row.record_id, row.survivor_id, Audience(row.audience)) for row in rows]


def build_survivor_chains(
    merges: Iterable[Merge], audience: Audience, pending: Iterable[PendingChange] = ()
) -> dict[str, list[str]]:
    """Return, by id of each merged record, the ids that it leads to one after another.

    The last id of a chain was not merged, but may have been removed. `pending` are changes about to be written, which are taken
    into account as if they were written.

    A chain ends before a record that the audience did not see when it was merged. Otherwise an id that led nowhere could start
    to lead somewhere without a change that the audience sees.
    """
    survivors = {merge.record_id: merge.survivor_id for merge in merges if audience.sees(merge.audience)}
    for change in pending:
        survivors.pop(change.id, None)
        if change.after is None and change.before and change.merged_into and audience.sees(change.before.effective_audience):
            survivors[change.id] = change.merged_into
    return {loser: _follow_survivors(loser, survivors) for loser in survivors}


def load_chains_of(connection: Connection, ids: Collection[str]) -> dict[str, list[str]]:
    """Return the chains of `build_survivor_chains` for staff, of those of `ids` that were merged.

    Takes one statement for each step of the longest chain, and mostly just one, because few records were ever merged.
    """
    survivors: dict[str, str] = {}
    unknown = set(ids)
    while unknown:
        found = load_survivors(connection, unknown)
        survivors |= found
        unknown = set(found.values()) - survivors.keys()
    return {loser: _follow_survivors(loser, survivors) for loser in survivors.keys() & set(ids)}


def load_survivors(connection: Connection, ids: Collection[str] | None = None) -> dict[str, str]:
    """Return the id of the record that each merged record was merged into, by id: all of them, or those of `ids`."""
    query = select(merged_records.c.record_id, merged_records.c.survivor_id)
    if ids is None:
        return {row.record_id: row.survivor_id for row in connection.execute(query)}
    survivors: dict[str, str] = {}
    for chunk in split_into_chunks(sorted(ids)):
        rows = connection.execute(query.where(merged_records.c.record_id.in_(chunk)))
        survivors.update((row.record_id, row.survivor_id) for row in rows)
    return survivors


def save_merges(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Save the merges of a write, and delete those of records that are created again."""
    merges = [change for change in pending if change.merged_into is not None]
    recreated_ids = [change.id for change in merges if change.after is not None]
    if recreated_ids:
        connection.execute(delete(merged_records).where(merged_records.c.record_id.in_(recreated_ids)))
    rows = [
        {
            "record_kind": change.record_id.kind.value,
            "record_id": change.id,
            "survivor_id": change.merged_into,
            "audience": change.before.effective_audience.value,
        }
        for change in merges
        if change.after is None and change.before is not None
    ]
    if rows:
        connection.execute(insert(merged_records), rows)


def _follow_survivors(loser: str, survivors: Mapping[str, str]) -> list[str]:
    # a record is merged only into an existing one, and creating it again deletes its merge; a damaged table may have a cycle
    chain = {survivors[loser]: None}
    while (last := next(reversed(chain))) in survivors and survivors[last] not in chain:
        chain[survivors[last]] = None
    return list(chain)
