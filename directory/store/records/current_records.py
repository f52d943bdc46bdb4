"""Load stored records with all of their private places.

Only writes and checks use this. Readers get records from loading.py, with private places only where the disclosure is EXACT.
"""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection

from directory.records import StoredOrganization
from directory.store.database.bulk import split_into_chunks
from directory.store.records.combined_query import CombinedQuery
from directory.store.records.loading import load_chunk
from directory.store.records.part_readers import COMPLETE_PARTS

_PARTS = CombinedQuery(COMPLETE_PARTS.values())


class CurrentRecord(Struct, frozen=True):
    """A stored record with all of its private places."""

    key: int
    revision: int
    organization: StoredOrganization


def load_current_records(connection: Connection, ids: Sequence[str]) -> dict[str, CurrentRecord]:
    """Return the stored records by id. Unknown ids are left out."""
    loaded = (record for chunk in split_into_chunks(ids) for record in load_chunk(connection, chunk, _PARTS))
    return {organization.id: CurrentRecord(key, revision, organization) for key, revision, organization in loaded}
