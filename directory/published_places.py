"""Publish the places of a record: decide how precisely each one is shown, and build the published locations.

Published places are the same for every audience that sees the record, including staff.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha1
from operator import attrgetter, itemgetter
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.gazetteer.publishable_areas import StatedBy
from directory.geo import Disclosure, Point, Precision, coarser_precision, stricter_disclosure
from directory.records import Address, Location, PrivatePlace, StoredLocation, StoredRecord
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

DEFAULT_DISCLOSURE = Disclosure.CITY
CACHE_SIZE = 1 << 16  # areas; thousands of organizations share a city and its objects
ANY_POSTAL_CODE = "any"  # instead of a postal code where only its presence matters

_UUID_MASK = 0xF000 << 64 | 0xC000 << 48  # RFC 9562, 4: the bits of the version and the variant
_UUID_VERSION_5 = 0x5000 << 64 | 0x8000 << 48

_FINEST_BY_DISCLOSURE = {  # the finest precision that a disclosure allows
    Disclosure.EXACT: Precision.EXACT,
    Disclosure.POSTAL_CODE: Precision.POSTAL_CODE,
    Disclosure.CITY: Precision.CITY,
    Disclosure.COUNTY: Precision.COUNTY,
    Disclosure.STATE: Precision.STATE,
    Disclosure.HIDDEN: Precision.UNKNOWN,
}
_FINEST_BY_STATEMENT = {
    StatedBy.CITY_AND_COUNTY: Precision.CITY,
    StatedBy.CITY_IN_COUNTY: Precision.CITY,
    StatedBy.CITY: Precision.CITY,
    StatedBy.POSTAL_CODE: Precision.COUNTY,
    StatedBy.COUNTY: Precision.COUNTY,
    StatedBy.STATE: Precision.STATE,
}


class PublishedPlaces(Struct, frozen=True, gc=False):
    """The published places of an organization. `disclosures` has one element for each stored location, in their order."""

    disclosures: tuple[Disclosure, ...]
    locations: tuple[Location, ...]


def publish_places(entry: StoredRecord) -> PublishedPlaces:
    """Return the published places of a record. Compute them once when publishing to several audiences."""
    sites = [(site, _find_published_disclosure(site, entry.issue_areas)) for site in entry.sites]
    published = [(site, disclosure) for site, disclosure in sites if disclosure is not None]
    if len(published) == 1:  # a missing primary mark would show that there is another, unpublished place
        published = [(replace(published[0][0], is_primary=True), published[0][1])]
    return PublishedPlaces(
        tuple(disclosure or Disclosure.HIDDEN for _, disclosure in sites),
        _publish_locations(entry.id, published) if published else (),
    )


def determine_disclosure(site: StoredLocation, issue_areas: tuple[str, ...]) -> Disclosure:
    """Return how precisely a location is published: its own disclosure, else the strictest default of its issue areas.

    By default, an area is published only if at least five ZIP codes would be published as that area. Otherwise the next larger
    area is published. If even the state is too small, no place is published, and the result is HIDDEN. Outside the United
    States a postal code may be one side of a street, so POSTAL_CODE means CITY there.
    """
    return _find_published_disclosure(site, issue_areas) or Disclosure.HIDDEN


def _find_published_disclosure(site: StoredLocation, issue_areas: tuple[str, ...]) -> Disclosure | None:
    """None if no place is published. The size of the area also matters for HIDDEN, which publishes the state."""
    disclosure = site.disclosure or get_default_disclosure(issue_areas)
    if site.country != "US":
        return Disclosure.CITY if disclosure is Disclosure.POSTAL_CODE else disclosure
    is_decided = site.disclosure is not None and disclosure is not Disclosure.HIDDEN
    return disclosure if is_decided else _coarsen_to_publishable(_get_comparable_address(site), disclosure, site.known)


@lru_cache(maxsize=CACHE_SIZE)
def _coarsen_to_publishable(stated: "_StatedAddress", disclosure: Disclosure, known: Precision) -> Disclosure | None:
    """Return the disclosure if the finest area it allows is large enough, else that of a larger area; None if none is."""
    if stated.state is None and stated.county is None:
        return disclosure  # only the country can be published
    stated_by = _classify_statement(stated)
    finest = coarser_precision(coarser_precision(_FINEST_BY_DISCLOSURE[disclosure], known), _FINEST_BY_STATEMENT[stated_by])
    if finest is Precision.UNKNOWN:
        return disclosure if _is_publishable(_find_state(stated), Precision.STATE, stated_by) else None
    for precision, find_area in _AREA_FINDERS:
        if precision.coarseness >= finest.coarseness and _is_publishable(find_area(stated), finest, stated_by):
            return disclosure if precision is finest and not stated.city else Disclosure(precision)
    return None


def _is_publishable(area: Place | None, finest: Precision, stated_by: StatedBy) -> bool:
    return area is not None and get_gazetteer().is_publishable(area, finest, stated_by)


def _classify_statement(stated: "_StatedAddress") -> StatedBy:
    """Return which parts of the address locate the place. A city that is not in the gazetteer does not count."""
    city = _find_city(stated)
    if city and stated.postal_code:
        return StatedBy.CITY_AND_COUNTY
    if city:
        return StatedBy.CITY if stated.county in (None, city.county) else StatedBy.CITY_IN_COUNTY
    if stated.postal_code:
        return StatedBy.POSTAL_CODE
    return StatedBy.COUNTY if stated.county else StatedBy.STATE


def apply_default_disclosure(site: StoredLocation, default: Disclosure) -> Disclosure:
    """Return how precisely a location is published under this default. HIDDEN also if every area is too small."""
    if site.country != "US":
        return default
    return _coarsen_to_publishable(_get_comparable_address(site), default, site.known) or Disclosure.HIDDEN


@lru_cache(maxsize=CACHE_SIZE)
def get_default_disclosure(issue_areas: tuple[str, ...]) -> Disclosure:
    """Return the strictest default of the issue areas, before the size of the areas is taken into account."""
    return stricter_disclosure(DEFAULT_DISCLOSURE, ISSUE_AREAS.strictest_disclosure(issue_areas) or DEFAULT_DISCLOSURE)


def _publish_locations(organization_id: str, sites: Sequence[tuple[StoredLocation, Disclosure]]) -> tuple[Location, ...]:
    """Hidden places come last, one for each state. Ids are made from published data only, so they do not count hidden places."""
    published: list[tuple[StoredLocation, Disclosure]]
    published = [(site, disclosure) for site, disclosure in sites if disclosure is not Disclosure.HIDDEN]
    hidden = {(site.country, site.state or ""): site for site, disclosure in sites if disclosure is Disclosure.HIDDEN}
    keys = [f"place:{position}" for position in range(len(published))]
    for (country, state), site in sorted(hidden.items(), key=itemgetter(0)):
        published.append((site, Disclosure.HIDDEN))
        keys.append(f"hidden:{state or country}")
    namespace = UUID(organization_id)
    return tuple(
        publish_location(site, disclosure, _derive_id(namespace, key))
        for (site, disclosure), key in zip(published, keys, strict=True)
    )


def _derive_id(namespace: UUID, key: str) -> str:
    """Return str(uuid5(namespace, key)), in a third of the time."""
    digest = sha1(namespace.bytes + key.encode(), usedforsecurity=False).digest()
    number = int.from_bytes(digest[:16], "big") & ~_UUID_MASK | _UUID_VERSION_5
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def publish_location(site: StoredLocation, disclosure: Disclosure, published_id: str | None = None) -> Location:
    """Return the location as every audience sees it. Only EXACT publishes the street and the exact point."""
    precision = coarser_precision(_FINEST_BY_DISCLOSURE[disclosure], site.known)
    area = (
        _find_area(_get_address_to_publish(site, precision), precision)
        if disclosure is not Disclosure.HIDDEN
        else _build_hidden_area(_get_address_to_publish(site, Precision.STATE))
    )
    if disclosure is Disclosure.EXACT and site.private is not None:
        area = _build_exact_area(site.private, site.known, _get_stated_address(site), area)
    return Location(
        id=published_id or site.id,
        precision=area.precision,
        regions=area.regions,
        name=site.name if disclosure is Disclosure.EXACT else None,  # names often contain the street or the purpose
        address=area.address,
        point=area.point,
        radius_km=area.radius_km,
        is_primary=site.is_primary and disclosure is not Disclosure.HIDDEN,
    )


class _StatedAddress(Struct, frozen=True, gc=False):
    """The parts of a location that determine its area, without its private place."""

    country: str
    state: str | None
    county: str | None
    city: str | None
    postal_code: str | None


_get_stated_fields = attrgetter(*_StatedAddress.__struct_fields__)


def _get_stated_address(site: StoredLocation) -> _StatedAddress:
    return _StatedAddress(*_get_stated_fields(site))


def _get_comparable_address(site: StoredLocation) -> _StatedAddress:
    """Return the address with ANY_POSTAL_CODE if it has one: no default is finer than a city, so it does not matter which."""
    country, state, county, city, postal_code = _get_stated_fields(site)
    return _StatedAddress(country, state, county, city, ANY_POSTAL_CODE if postal_code else None)


def _get_address_to_publish(site: StoredLocation, precision: Precision) -> _StatedAddress:
    """Return the address without the parts that are finer than `precision`, which its published area does not depend on."""
    country, state, county, city, postal_code = _get_stated_fields(site)
    has_postal_code, has_city = (precision.coarseness <= finest.coarseness for finest in (Precision.POSTAL_CODE, Precision.CITY))
    return _StatedAddress(country, state, county, city if has_city else None, postal_code if has_postal_code else None)


class _PublishedArea(Struct, frozen=True, gc=False):
    """The fields of a Location that depend on the published area."""

    precision: Precision
    regions: tuple[str, ...]
    address: Address | None
    point: Point | None = None
    radius_km: float | None = None


def _build_exact_area(private: PrivatePlace, known: Precision, stated: _StatedAddress, area: _PublishedArea) -> _PublishedArea:
    """Return the area with the street. Without an exact point it keeps the point and precision of the area."""
    address = replace(_build_address(stated, Precision.POSTAL_CODE), street=private.street)
    if private.point is None:
        return replace(area, address=address)
    regions = _list_regions(_find_county(stated) or _find_city(stated) or _find_state(stated), stated)
    return _PublishedArea(known, regions, address, private.point)


@lru_cache(maxsize=CACHE_SIZE)
def _build_hidden_area(stated: _StatedAddress) -> _PublishedArea:
    return _PublishedArea(Precision.UNKNOWN, _list_regions(_find_state(stated), stated), _build_address(stated, Precision.STATE))


@lru_cache(maxsize=CACHE_SIZE)
def _find_area(stated: _StatedAddress, precision: Precision) -> _PublishedArea:
    """Return the finest known area that is not finer than `precision`."""
    for finest, find_area in _AREA_FINDERS:
        area = find_area(stated) if finest.coarseness >= precision.coarseness else None
        if area is not None:
            return _PublishedArea(
                finest, _list_regions(area, stated), _build_address(stated, finest, area), area.point, area.radius_km
            )
    # The gazetteer has no places outside the United States: publish the address without a point.
    address = _build_address(stated, Precision.UNKNOWN if stated.country == "US" else precision)
    return _PublishedArea(Precision.UNKNOWN, _list_regions(None, stated), address)


def _find_postal_code(stated: _StatedAddress) -> Place | None:
    return get_gazetteer().find_postal_code(stated.postal_code) if stated.country == "US" and stated.postal_code else None


def _format_postal_code(stated: _StatedAddress) -> str | None:
    """Return a ZIP code with five digits, because a ZIP+4 identifies one side of a street. Foreign codes stay as they are."""
    place = _find_postal_code(stated)
    return place.name if place else None if stated.country == "US" else stated.postal_code


def _find_city(stated: _StatedAddress) -> Place | None:
    return get_gazetteer().find_city(stated.city, stated.state) if stated.city and stated.state else None


def _find_county(stated: _StatedAddress) -> Place | None:
    return get_gazetteer().find_county(stated.county) if stated.county else None


def _find_state(stated: _StatedAddress) -> Place | None:
    return get_gazetteer().find_state(stated.state) if stated.state else None


_AREA_FINDERS: tuple[tuple[Precision, Callable[[_StatedAddress], Place | None]], ...] = (
    (Precision.POSTAL_CODE, _find_postal_code),
    (Precision.CITY, _find_city),
    (Precision.COUNTY, _find_county),
    (Precision.STATE, _find_state),
)


def _list_regions(area: Place | None, stated: _StatedAddress) -> tuple[str, ...]:
    """Return the regions that contain the area. For an unknown area, those that contain the stated state or country."""
    if area is not None:
        return area.regions
    if stated.state and REGIONS.get(stated.state):
        return (stated.state, *REGIONS.containing_codes(stated.state))
    return (stated.country,) if REGIONS.get(stated.country) else ()


def _build_address(stated: _StatedAddress, finest: Precision, area: Place | None = None) -> Address:
    """Return the address down to `finest`. It has a county only if the published area lies in a single one."""
    coarseness = finest.coarseness
    county = next((code for code in area.regions if _is_county(code)), None) if area else stated.county
    region = REGIONS.get(county) if county else None
    return Address(
        country=stated.country,
        state=stated.state.partition("-")[2] if stated.state and coarseness <= Precision.STATE.coarseness else None,
        county=region.name if region and coarseness <= Precision.COUNTY.coarseness else None,
        city=stated.city if coarseness <= Precision.CITY.coarseness else None,
        postal_code=_format_postal_code(stated) if coarseness <= Precision.POSTAL_CODE.coarseness else None,
    )


def _is_county(code: str) -> bool:
    return REGIONS.require(code).kind is RegionKind.COUNTY  # the code of a metropolitan area has the form of a county's
