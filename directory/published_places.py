"""How precisely each place of a record is published, and what an audience is told of it.

Published places are the same for every audience that sees the record, staff included.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.gazetteer.publishable_areas import StatedBy
from directory.geo import Disclosure, Point, Precision, coarser_precision, stricter_disclosure
from directory.records import Address, Location, PrivatePlace, StoredLocation, StoredOrganization
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

DEFAULT_DISCLOSURE = Disclosure.CITY

_FINEST_BY_DISCLOSURE = {  # the finest precision that a disclosure lets be told
    Disclosure.EXACT: Precision.EXACT,
    Disclosure.POSTAL_CODE: Precision.POSTAL_CODE,
    Disclosure.CITY: Precision.CITY,
    Disclosure.COUNTY: Precision.COUNTY,
    Disclosure.STATE: Precision.STATE,
    Disclosure.HIDDEN: Precision.UNKNOWN,
}
CACHE_SIZE = 1 << 16  # areas; thousands of organizations share a city, and the objects that tell it


class PublishedPlaces(Struct, frozen=True, gc=False):
    """What is told of an organization's places, the same to every audience that sees it: `told` by site, and the locations."""

    disclosures: tuple[Disclosure, ...]
    locations: tuple[Location, ...]


def publish_places(entry: StoredOrganization) -> PublishedPlaces:
    """What whoever publishes an entry to several audiences works out once."""
    sites = [(site, _find_published_disclosure(site, entry.issue_areas)) for site in entry.sites]
    shown = [(site, told) for site, told in sites if told is not None]
    if len(shown) == 1:  # the only place is the primary one; so that none that is not published shows by its absence
        shown = [(replace(shown[0][0], is_primary=True), shown[0][1])]
    return PublishedPlaces(
        tuple(told or Disclosure.HIDDEN for _, told in sites), _publish_locations(entry.id, shown) if shown else ()
    )


def determine_disclosure(site: StoredLocation, issue_areas: tuple[str, ...]) -> Disclosure:
    """How precisely a site is published: as decided for it, else by the strictest default of its organization's themes.

    By default, an area is published only if at least five ZIP codes would be published as that area. Otherwise the next larger
    area is published, and no place at all if the state is too small: this is HIDDEN too. Abroad, a whole postal code may be one
    side of a street, so POSTAL_CODE means CITY there.
    """
    return _find_published_disclosure(site, issue_areas) or Disclosure.HIDDEN


def _find_published_disclosure(site: StoredLocation, issue_areas: tuple[str, ...]) -> Disclosure | None:
    """None where no place is published. A HIDDEN place may be the only one of a small state, whoever decided."""
    asked = site.disclosure or get_default_disclosure(issue_areas)
    if site.country != "US":
        return Disclosure.CITY if asked is Disclosure.POSTAL_CODE else asked
    is_decided = site.disclosure is not None and asked is not Disclosure.HIDDEN
    return asked if is_decided else _coarsen_to_publishable(_get_stated_address(site), asked, site.known)


@lru_cache(maxsize=CACHE_SIZE)
def _coarsen_to_publishable(stated: "_StatedAddress", asked: Disclosure, known: Precision) -> Disclosure | None:
    """`asked` if the finest area that is known and may be published is large enough, else the disclosure of a larger one."""
    if stated.state is None and stated.county is None:
        return asked  # nothing but the country can be published
    stated_by = _classify_statement(stated)
    finest = coarser_precision(coarser_precision(_FINEST_BY_DISCLOSURE[asked], known), _FINEST_BY_STATEMENT[stated_by])
    if finest is Precision.UNKNOWN:
        return asked if _is_publishable(_find_state(stated), Precision.STATE, stated_by) else None
    for precision, find in _AREA_FINDERS:
        if precision.coarseness >= finest.coarseness and _is_publishable(find(stated), finest, stated_by):
            return asked if precision is finest and not stated.city else Disclosure(precision)
    return None


def _is_publishable(area: Place | None, finest: Precision, stated_by: StatedBy) -> bool:
    return area is not None and get_gazetteer().is_publishable(area, finest, stated_by)


def _classify_statement(stated: "_StatedAddress") -> StatedBy:
    """A city that the gazetteer does not know says nothing about where the place is."""
    city = _find_city(stated)
    if city and stated.postal_code:
        return StatedBy.CITY_AND_COUNTY
    if city:
        return StatedBy.CITY if stated.county in (None, city.county) else StatedBy.CITY_IN_COUNTY
    if stated.postal_code:
        return StatedBy.POSTAL_CODE
    return StatedBy.COUNTY if stated.county else StatedBy.STATE


_FINEST_BY_STATEMENT = {
    StatedBy.CITY_AND_COUNTY: Precision.CITY,
    StatedBy.CITY_IN_COUNTY: Precision.CITY,
    StatedBy.CITY: Precision.CITY,
    StatedBy.POSTAL_CODE: Precision.COUNTY,
    StatedBy.COUNTY: Precision.COUNTY,
    StatedBy.STATE: Precision.STATE,
}


def apply_default_disclosure(site: StoredLocation, default: Disclosure) -> Disclosure:
    """How precisely a site is published if `asked` is its default; HIDDEN also if every area is too small."""
    if site.country != "US":
        return default
    return _coarsen_to_publishable(_get_stated_address(site), default, site.known) or Disclosure.HIDDEN


@lru_cache(maxsize=CACHE_SIZE)
def get_default_disclosure(issue_areas: tuple[str, ...]) -> Disclosure:
    """The strictest that an organization's themes ask for where nobody decided, before any area turns out to be too small."""
    return stricter_disclosure(DEFAULT_DISCLOSURE, ISSUE_AREAS.strictest_disclosure(issue_areas) or DEFAULT_DISCLOSURE)


def _publish_locations(organization_id: str, sites: Sequence[tuple[StoredLocation, Disclosure]]) -> tuple[Location, ...]:
    """Hidden places come last and once for each state. Ids are made of what is shown alone, so that nobody can count the rest."""
    shown: list[tuple[StoredLocation, Disclosure]] = [(site, told) for site, told in sites if told is not Disclosure.HIDDEN]
    hidden = {(site.country, site.state or ""): site for site, told in sites if told is Disclosure.HIDDEN}
    keys = [f"place:{position}" for position in range(len(shown))]
    for (country, state), site in sorted(hidden.items(), key=itemgetter(0)):
        shown.append((site, Disclosure.HIDDEN))
        keys.append(f"hidden:{state or country}")
    own = UUID(organization_id)
    return tuple(replace(publish_location(*one), id=str(uuid5(own, key))) for one, key in zip(shown, keys, strict=True))


def publish_location(site: StoredLocation, disclosure: Disclosure) -> Location:
    """The site as every audience sees it, staff included. Only EXACT hands the true place on to what is published."""
    area = (
        _find_area(_get_stated_address(site), coarser_precision(_FINEST_BY_DISCLOSURE[disclosure], site.known))
        if disclosure is not Disclosure.HIDDEN
        else _build_hidden_area(_get_stated_address(site))
    )
    if disclosure is Disclosure.EXACT and site.private is not None:
        area = _build_exact_area(site.private, site.known, _get_stated_address(site), area)
    return Location(
        id=site.id,
        precision=area.precision,
        regions=area.regions,
        name=site.name if disclosure is Disclosure.EXACT else None,  # people name a place by its street or its purpose
        address=area.address,
        point=area.point,
        radius_km=area.radius_km,
        is_primary=site.is_primary and disclosure is not Disclosure.HIDDEN,
    )


class _StatedAddress(Struct, frozen=True, gc=False):
    """What is stated of a site, and nothing of its private place: all that an area is found by."""

    country: str
    state: str | None
    county: str | None
    city: str | None
    postal_code: str | None


_get_stated_fields = attrgetter(*_StatedAddress.__struct_fields__)


def _get_stated_address(site: StoredLocation) -> _StatedAddress:
    return _StatedAddress(*_get_stated_fields(site))


class _PublishedArea(Struct, frozen=True, gc=False):
    """The fields of a Location that follow from what may be told of the place."""

    precision: Precision
    regions: tuple[str, ...]
    address: Address | None
    point: Point | None = None
    radius_km: float | None = None


def _build_exact_area(private: PrivatePlace, known: Precision, stated: _StatedAddress, area: _PublishedArea) -> _PublishedArea:
    """With the street in any case; where the true point is not known, at the area's point and as inexact as that."""
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
    """The finest area that is known of the site and not finer than `precision`."""
    for finest, find in _AREA_FINDERS:
        area = find(stated) if finest.coarseness >= precision.coarseness else None
        if area is not None:
            return _PublishedArea(
                finest, _list_regions(area, stated), _build_address(stated, finest, area), area.point, area.radius_km
            )
    # abroad the gazetteer knows no places: what may be told is told in words, without a point
    words = _build_address(stated, Precision.UNKNOWN if stated.country == "US" else precision)
    return _PublishedArea(Precision.UNKNOWN, _list_regions(None, stated), words)


def _find_postal_code(stated: _StatedAddress) -> Place | None:
    return get_gazetteer().find_postal_code(stated.postal_code) if stated.country == "US" and stated.postal_code else None


def _format_postal_code(stated: _StatedAddress) -> str | None:
    """At home the five digits alone: the other four of a ZIP+4 tell one side of a street."""
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
    """The area's regions; where the gazetteer does not know the area, what the state or country alone tells."""
    if area is not None:
        return area.regions
    if stated.state and REGIONS.get(stated.state):
        return (stated.state, *REGIONS.containing_codes(stated.state))
    return (stated.country,) if REGIONS.get(stated.country) else ()


def _build_address(stated: _StatedAddress, finest: Precision, area: Place | None = None) -> Address:
    """The lines of an address down to `finest`; the county only where the published area lies in one."""
    tells = finest.coarseness
    county = next((code for code in area.regions if _is_county(code)), None) if area else stated.county
    region = REGIONS.get(county) if county else None
    return Address(
        country=stated.country,
        state=stated.state.partition("-")[2] if stated.state and tells <= Precision.STATE.coarseness else None,
        county=region.name if region and tells <= Precision.COUNTY.coarseness else None,
        city=stated.city if tells <= Precision.CITY.coarseness else None,
        postal_code=_format_postal_code(stated) if tells <= Precision.POSTAL_CODE.coarseness else None,
    )


def _is_county(code: str) -> bool:
    return code.count("-") == 2 and code[-3:].isdigit()
