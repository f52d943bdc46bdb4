"""Match records: the fields of an organization that identify it, and the features that are compared."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from directory.gazetteer.place import make_place_key
from directory.matching.normalized_name import NormalizedName, normalize_name, normalize_word, parse_name_variants
from directory.matching.street_lines import StreetAddress, parse_street
from directory.matching.web_domains import NO_WEB_ADDRESS, WebAddress, email_domain, parse_web_address
from directory.records import (
    SOURCE_SCHEME_PREFIX,
    Identifier,
    Location,
    NameKind,
    Organization,
    OrganizationName,
    StoredLocation,
    StoredOrganization,
)
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_NAMES = 8  # of one record; the cost of a comparison grows with the product of both numbers of names
CITY_CACHE_SIZE = 1 << 15


class MatchAddress(Struct, frozen=True, gc=False):
    """`state` is a region code (US-GA), `country` ISO 3166-1 alpha-2. None means unknown."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class MatchRecord(Struct, frozen=True, gc=False):
    """`parent` is an id. Websites and phone numbers need not be normalized; unreadable ones are ignored."""

    id: str
    name: str
    names: tuple[OrganizationName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    website: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[MatchAddress, ...] = ()
    parent: str | None = None
    founded: int | None = None


def build_match_record(organization: StoredOrganization, streets: Mapping[str, str] = MappingProxyType({})) -> MatchRecord:
    """Build the match record of a stored record.

    A location that was loaded without its private place has the street that `streets` holds for its id, if any.
    """
    return _build_record(organization, tuple(_stored_address(location, streets) for location in organization.sites))


def build_published_match_record(organization: Organization) -> MatchRecord:
    """Build the match record of a published record. Its addresses have only what the audience can see."""
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
        _drop_duplicates([contact.email for contact in record.contacts]),
        _drop_duplicates([contact.phone for contact in record.contacts]),
        places,
        record.parent,
        record.founded,
    )


def _stored_address(location: StoredLocation, streets: Mapping[str, str]) -> MatchAddress:
    street = location.private.street if location.private else streets.get(location.id)
    return MatchAddress(street, location.city, location.state, location.postal_code, location.country)


def _published_address(location: Location) -> MatchAddress | None:
    address = location.address
    if address is None:
        return None
    state = next((code for code in location.regions if _is_state(code)), None)
    return MatchAddress(address.street, address.city, state, address.postal_code, address.country)


def _is_state(code: str) -> bool:
    region = REGIONS.get(code)
    return region is not None and region.kind is RegionKind.STATE


class AddressFeatures(Struct, frozen=True, gc=False):
    """A normalized address; "" for unknown values. `city` is folded, `city_name` as written; US postal codes have five digits."""

    street: StreetAddress | None
    city: str
    state: str
    postal_code: str
    country: str
    city_name: str = ""


class MatchFeatures(Struct, frozen=True, gc=False):
    """The normalized fields of a record, as they are compared."""

    id: str
    names: tuple[NormalizedName, ...]
    identifiers: tuple[Identifier, ...]
    phones: tuple[str, ...]
    website: WebAddress
    domains: tuple[str, ...]  # of its website and e-mail addresses, without shared hosts
    emails: tuple[str, ...]
    addresses: tuple[AddressFeatures, ...]
    parent: str | None
    words: frozenset[str]  # of all its names
    contacts: tuple[str, ...]  # its phone numbers, domains, e-mail addresses and page on a shared host
    founded: int | None = None

    @property
    def place_words(self) -> frozenset[str]:
        """The words of its cities and states, normalized like words of names."""
        if len(self.addresses) == 1:
            return _list_place_words(self.addresses[0].city, self.addresses[0].state)
        return frozenset[str]().union(*(_list_place_words(place.city, place.state) for place in self.addresses))


def extract_features(record: MatchRecord) -> MatchFeatures:
    """Normalize the fields of a record for comparison."""
    names = _normalize_names(record.name, record.names)
    phones = _drop_duplicates(map(normalize_phone, record.phones))
    website = parse_web_address(record.website) if record.website else NO_WEB_ADDRESS
    emails = _drop_duplicates([address.strip().lower() for address in record.emails])
    domains = _drop_duplicates((website.domain, *map(email_domain, emails)))
    return MatchFeatures(
        record.id,
        names,
        record.identifiers,
        phones,
        website,
        domains,
        emails,
        tuple([_normalize_address(address) for address in record.addresses]),
        record.parent,
        frozenset(names[0].words) if len(names) == 1 else frozenset([word for name in names for word in name.words]),
        (*phones, *domains, *emails, *((website.page,) if website.page else ())),
        record.founded,
    )


def list_registered_schemes(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """Return the schemes of registered numbers. A source's own numbers do not count, because it may list a record twice."""
    return frozenset([number.scheme for number in identifiers if not number.scheme.startswith(SOURCE_SCHEME_PREFIX)])


def normalize_phone(phone: str) -> str | None:
    """Return the digits of a phone number without its extension and the North American prefix 1; None for less than seven."""
    number = phone.lower().partition("x")[0].partition(";")[0]
    digits = "".join([character for character in number if character in "0123456789"])
    digits = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    return digits if len(digits) >= 7 else None


def _normalize_names(name: str, others: tuple[OrganizationName, ...]) -> tuple[NormalizedName, ...]:
    names_by_words = {variant.words: variant for variant in parse_name_variants(name)}
    for other in others:
        for variant in parse_name_variants(other.name):
            is_acronym = other.kind is NameKind.ACRONYM
            names_by_words.setdefault(variant.words, replace(variant, stated_acronym=True) if is_acronym else variant)
    return tuple(names_by_words.values())[:MAX_NAMES]


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
        (place.city or "").strip(),
    )


@lru_cache(maxsize=CITY_CACHE_SIZE)
def _normalize_city(name: str) -> str:
    city = make_place_key(name).removesuffix(" city")
    first, _, rest = city.partition(" ")
    return f"{_COMPASS_POINTS[first]} {rest}" if first in _COMPASS_POINTS and rest else city


_COMPASS_POINTS = {"n": "north", "s": "south", "e": "east", "w": "west"}


@lru_cache(maxsize=CITY_CACHE_SIZE)
def _list_place_words(city: str, state: str) -> frozenset[str]:
    region = REGIONS.get(state) if state else None
    names = [normalize_name(name) for name in (city, *((region.name, region.code[3:]) if region else ())) if name]
    return frozenset(word for name in names if name for word in (*name.words, *map(normalize_word, name.text.lower().split())))


def _drop_duplicates(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))
