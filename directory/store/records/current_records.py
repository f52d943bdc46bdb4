"""Load stored records with all of their private places, for writing and for checks."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection

from directory.records import StoredOrganization
from directory.store.records.loading import load_complete_organizations


class CurrentRecord(Struct, frozen=True):
    """A stored record with all of its private places."""

    key: int
    revision: int
    organization: StoredOrganization


def load_current_records(connection: Connection, ids: Sequence[str]) -> dict[str, CurrentRecord]:
    """Return the stored records by id. Unknown ids are left out."""
    loaded = load_complete_organizations(connection, ids)
    return {organization.id: CurrentRecord(key, revision, organization) for key, revision, organization in loaded}
