"""Load stored records with all of their private places, for writing and for checks."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from directory.records import PrivatePlace, StoredOrganization
from directory.store.records.loading import load_keyed_organizations
from directory.store.records.private_places import load_private_places


class CurrentRecord(Struct, frozen=True):
    """A stored record with all of its private places."""

    key: int
    revision: int
    organization: StoredOrganization


def load_current_records(connection: Connection, ids: Sequence[str]) -> dict[str, CurrentRecord]:
    """Return the stored records by id. Unknown ids are left out."""
    loaded = list(load_keyed_organizations(connection, ids))
    places = load_private_places(connection, [location.id for _, record, _ in loaded for location in record.sites])
    return {
        record.id: CurrentRecord(key, version.revision, _set_private_places(record, places)) for key, record, version in loaded
    }


def _set_private_places(organization: StoredOrganization, places: Mapping[str, PrivatePlace]) -> StoredOrganization:
    sites = tuple(replace(location, private=places.get(location.id)) for location in organization.sites)
    return replace(organization, sites=sites)
