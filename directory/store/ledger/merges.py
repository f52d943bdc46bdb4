"""Records that are others: which was merged into which, and where that leads today."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from directory.records import Audience
from directory.store.ledger.change_log import PendingChange
from directory.store.records.tables import merged_organizations


def load_survivor_chains(
    connection: Connection, audience: Audience = Audience.STAFF, pending: Sequence[PendingChange] = ()
) -> dict[str, list[str]]:
    """The ids that each merged organization leads to, one after the other; the last was not merged, but may be gone.

    `altered`: changes that are about to be written, as if they were.

    Nobody is led on who did not see each that was merged on the way: what led nowhere would lead somewhere without anything
    having changed that they see.
    """
    seers = [other.value for other in Audience if audience.sees(other)]
    rows = connection.execute(
        select(merged_organizations.c.organization_id, merged_organizations.c.survivor_id).where(
            merged_organizations.c.audience.in_(seers)
        )
    )
    survivors: dict[str, str] = {row.organization_id: row.survivor_id for row in rows}
    for change in pending:
        survivors.pop(change.id, None)
        if change.after is None and change.before and change.merged_into and audience.sees(change.before.effective_audience):
            survivors[change.id] = change.merged_into
    return {loser: _follow_survivors(loser, survivors) for loser in survivors}


def load_survivors(connection: Connection) -> dict[str, str]:
    """The id of every organization that was merged, to that of the one it was merged into."""
    return {row.organization_id: row.survivor_id for row in connection.execute(select(merged_organizations))}


def save_merges(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """What is merged away is noted, and what comes back is no longer another."""
    changed = [change for change in pending if change.merged_into is not None]
    back = [change.id for change in changed if change.after is not None]
    if back:
        connection.execute(delete(merged_organizations).where(merged_organizations.c.organization_id.in_(back)))
    rows = [
        {"organization_id": change.id, "survivor_id": change.merged_into, "audience": change.before.effective_audience.value}
        for change in changed
        if change.after is None and change.before is not None
    ]
    if rows:
        connection.execute(insert(merged_organizations), rows)


def _follow_survivors(loser: str, survivors: Mapping[str, str]) -> list[str]:
    """It ends: a record is merged only into one that is there, and coming back takes it out of here."""
    way = [survivors[loser]]
    while way[-1] in survivors:
        way.append(survivors[way[-1]])
    return way
