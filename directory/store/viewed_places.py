"""Look at private streets. The ledger says who looked at those of which records, when and why, before anybody sees a street."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, insert

from directory.errors import BadInput
from directory.store.database.bulk import execute_many
from directory.store.ledger import change_log
from directory.store.ledger.change_log import Signature
from directory.store.ledger.edits import RecordId
from directory.store.records.private_places import load_private_places
from directory.store.records.tables import viewed_places
from directory.store.store import Store
from directory.store.write import increment_revision


def view_streets(
    store: Store, location_ids: Mapping[RecordId, Collection[str]], *, actor: str, now: dt.datetime, reason: str
) -> dict[str, str]:
    """Return the streets of these locations by location id, after a revision has recorded the view.

    `location_ids` holds the locations of each record. Locations without a street are left out. Without records, nothing is read
    or recorded. `now` needs a time zone.
    """
    if now.tzinfo is None:
        raise BadInput("The time of a view needs a time zone.", argument="now")
    if not location_ids:
        return {}
    ids = [location_id for ids in location_ids.values() for location_id in ids]
    signature = Signature(0, now.astimezone(dt.UTC), actor, reason)
    store.database.run_write(lambda connection: _record_view(connection, sorted(location_ids), signature))
    with store.begin_read() as reading:  # only now, so that nobody sees a street before the record of it is committed
        places = load_private_places(reading.connection, ids)
    return {location_id: place.street for location_id, place in places.items() if place.street is not None}


def _record_view(connection: Connection, ids: Sequence[RecordId], signature: Signature) -> None:
    revision = increment_revision(connection).revision + 1
    change_log.append_revision(connection, Signature(revision, signature.changed_at, signature.actor, signature.reason))
    rows = [
        {"revision": revision, "position": position, "record_kind": record_id.kind.value, "record_id": record_id.id}
        for position, record_id in enumerate(ids)
    ]
    execute_many(connection, insert(viewed_places), rows)
