"""A party: of an organization, what tells it from others."""

from collections.abc import Iterable

from msgspec import Struct

from directory.records import Identifier, Location, Organization, OrganizationName, StoredLocation, StoredOrganization
from directory.regions import REGIONS, RegionKind


class MatchAddress(Struct, frozen=True, gc=False):
    """`state` is a region code (US-GA), `country` ISO 3166-1 alpha-2; None is "not stated"."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class MatchRecord(Struct, frozen=True, gc=False):
    """`parent` is an id. Web addresses and phones need not be in their normal form; what cannot be read tells nothing."""

    id: str
    name: str
    names: tuple[OrganizationName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    website: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[MatchAddress, ...] = ()
    parent: str | None = None


def build_match_record(entry: StoredOrganization) -> MatchRecord:
    """An entry as a party. A street is there only where its site brings it: that of a record not told EXACTly never does."""
    return _build_record(entry, tuple(_stored_address(site) for site in entry.sites))


def build_published_match_record(organization: Organization) -> MatchRecord:
    """A published record as a party: of its places, what its audience sees."""
    return _build_record(
        organization, tuple(place for location in organization.locations if (place := _published_address(location)))
    )


def _build_record(record: StoredOrganization | Organization, places: tuple[MatchAddress, ...]) -> MatchRecord:
    return MatchRecord(
        record.id,
        record.name,
        record.names,
        record.identifiers,
        record.website,
        _list_distinct(contact.email for contact in record.contacts),
        _list_distinct(contact.phone for contact in record.contacts),
        places,
        record.parent,
    )


def _stored_address(site: StoredLocation) -> MatchAddress:
    street = site.private.street if site.private else None
    return MatchAddress(street, site.city, site.state, site.postal_code, site.country)


def _published_address(location: Location) -> MatchAddress | None:
    address = location.address
    if address is None:
        return None
    state = next((code for code in location.regions if _is_state(code)), None)
    return MatchAddress(address.street, address.city, state, address.postal_code, address.country)


def _is_state(code: str) -> bool:
    region = REGIONS.get(code)
    return region is not None and region.kind is RegionKind.STATE


def _list_distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
