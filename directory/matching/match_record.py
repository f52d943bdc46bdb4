"""A party: of an organization, what tells it from others."""

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from directory.gazetteer.place import place_key
from directory.matching.normalized_name import NormalizedName, normalize_name, normalize_word, parse_name_variants
from directory.matching.street_lines import StreetAddress, parse_street
from directory.matching.web_domains import WebAddress, email_domain, parse_web_address
from directory.records import Identifier, Location, NameKind, Organization, OrganizationName, StoredLocation, StoredOrganization
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS


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


MAX_NAMES = 8  # of one party; the cost of comparing grows with the names of one times those of the other

CITY_CACHE_SIZE = 1 << 15
RECORD_CACHE_SIZE = 1 << 10  # an import judges a row and adds it right afterwards


class AddressFeatures(Struct, frozen=True, gc=False):
    """`city` is folded, `postal_code` the first five figures of one of the United States; "" for what is not said."""

    street: StreetAddress | None
    city: str
    state: str
    postal_code: str
    country: str


class MatchFeatures(Struct, frozen=True, gc=False):
    id: str
    names: tuple[NormalizedName, ...]
    identifiers: tuple[Identifier, ...]
    phones: tuple[str, ...]
    website: WebAddress
    domains: tuple[str, ...]  # of its website and mailboxes, its own alone
    emails: tuple[str, ...]
    addresses: tuple[AddressFeatures, ...]
    parent: str | None

    @property
    def place_words(self) -> frozenset[str]:
        """Words for its cities and states, as names have them."""
        if len(self.addresses) == 1:
            return _list_place_words(self.addresses[0].city, self.addresses[0].state)
        return frozenset[str]().union(*(_list_place_words(place.city, place.state) for place in self.addresses))


def extract_features(record: MatchRecord) -> MatchFeatures:
    site = parse_web_address(record.website)
    mailboxes = _drop_duplicates(address.strip().lower() for address in record.emails)
    places = tuple(_normalize_address(place) for place in record.addresses)
    return MatchFeatures(
        record.id,
        _normalize_names(record.name, record.names),
        record.identifiers,
        _drop_duplicates(normalize_phone(phone) for phone in record.phones),
        site,
        _drop_duplicates((site.domain, *map(email_domain, mailboxes))),
        mailboxes,
        places,
        record.parent,
    )


def normalize_phone(phone: str) -> str | None:
    """The number of a telephone in figures, without its extension and the 1 of North America; None for less than seven."""
    number = phone.lower().partition("x")[0].partition(";")[0]
    figures = "".join(character for character in number if character in "0123456789")
    figures = figures[1:] if len(figures) == 11 and figures.startswith("1") else figures
    return figures if len(figures) >= 7 else None


@lru_cache(maxsize=RECORD_CACHE_SIZE)
def _normalize_names(name: str, others: tuple[OrganizationName, ...]) -> tuple[NormalizedName, ...]:
    found = {made.words: made for made in parse_name_variants(name)}
    for other in others:
        for made in parse_name_variants(other.name):
            acronym = other.kind is NameKind.ACRONYM
            found.setdefault(made.words, replace(made, stated_acronym=True) if acronym else made)
    return tuple(found.values())[:MAX_NAMES]


@lru_cache(maxsize=RECORD_CACHE_SIZE)
def _normalize_address(place: MatchAddress) -> AddressFeatures:
    postal_code = (place.postal_code or "").strip().upper()
    if postal_code[:5].isdigit():
        postal_code = postal_code[:5]
    return AddressFeatures(
        parse_street(place.street),
        _normalize_city(place.city) if place.city else "",
        place.state or "",
        postal_code,
        place.country or "",
    )


@lru_cache(maxsize=CITY_CACHE_SIZE)
def _normalize_city(name: str) -> str:
    city = place_key(name).removesuffix(" city")
    first, _, rest = city.partition(" ")
    return f"{_COMPASS_POINTS[first]} {rest}" if first in _COMPASS_POINTS and rest else city


_COMPASS_POINTS = {"n": "north", "s": "south", "e": "east", "w": "west"}


@lru_cache(maxsize=CITY_CACHE_SIZE)
def _list_place_words(city: str, state: str) -> frozenset[str]:
    region = REGIONS.get(state) if state else None
    named = [normalize_name(name) for name in (city, *((region.name, region.code[3:]) if region else ())) if name]
    return frozenset(word for made in named if made for word in (*made.words, *map(normalize_word, made.text.lower().split())))


def _drop_duplicates(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
