"""A party: of an organization, what tells it from others."""

from collections.abc import Iterable

from msgspec import Struct

from directory.records import Entry, Identifier, Location, Organization, OrganizationName, Site
from directory.regions import REGIONS, RegionKind


class PartyPlace(Struct, frozen=True, gc=False):
    """`state` is a region code (US-GA), `country` ISO 3166-1 alpha-2; None is "not stated"."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Party(Struct, frozen=True, gc=False):
    """`parent` is an id. Web addresses and phones need not be in their normal form; what cannot be read tells nothing."""

    id: str
    name: str
    names: tuple[OrganizationName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    website: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    places: tuple[PartyPlace, ...] = ()
    parent: str | None = None


def party(entry: Entry) -> Party:
    """An entry as a party. A street is there only where its site brings it: that of a record not told EXACTly never does."""
    return _party(entry, tuple(_kept_place(site) for site in entry.sites))


def party_of(organization: Organization) -> Party:
    """A published record as a party: of its places, what its audience sees."""
    return _party(organization, tuple(place for location in organization.locations if (place := _published_place(location))))


def _party(record: Entry | Organization, places: tuple[PartyPlace, ...]) -> Party:
    return Party(
        record.id,
        record.name,
        record.names,
        record.identifiers,
        record.website,
        _distinct(contact.email for contact in record.contacts),
        _distinct(contact.phone for contact in record.contacts),
        places,
        record.parent,
    )


def _kept_place(site: Site) -> PartyPlace:
    street = site.private.street if site.private else None
    return PartyPlace(street, site.city, site.state, site.postal_code, site.country)


def _published_place(location: Location) -> PartyPlace | None:
    address = location.address
    if address is None:
        return None
    state = next((code for code in location.regions if _is_state(code)), None)
    return PartyPlace(address.street, address.city, state, address.postal_code, address.country)


def _is_state(code: str) -> bool:
    region = REGIONS.get(code)
    return region is not None and region.kind is RegionKind.STATE


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
