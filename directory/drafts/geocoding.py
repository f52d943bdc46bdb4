"""Turn a stated place into a stored location, by means of the gazetteer.

An online geocoding service is used only if one is passed, and only for places that may be published exactly. Nothing is
guessed: a part that the gazetteer does not know stays as written and does not make the place more precisely known.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha1
from typing import NamedTuple
from uuid import UUID

from geopy import Location as Answer
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import Geocoder
from msgspec.structs import replace

from directory.drafts.draft_parts import LocationDraft
from directory.errors import BadInput, Unavailable, UnknownRegion
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.geo import Box, Disclosure, Point, Precision
from directory.records import PrivatePlace, StoredLocation
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

Geocode = Callable[[str], Answer | None]

SECONDS_BETWEEN_REQUESTS = 1.0  # the usage policy of the public Nominatim service, the strictest
BOUNDS_MARGIN = 0.5  # degrees; the gazetteer's bounds of a state are those of its post offices, not its border
CACHE_SIZE = 1 << 10  # spellings of states
AREA_CACHE_SIZE = 1 << 13  # towns with their states, counties and ZIP codes
_FOREIGN_STATE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


def limit_request_rate(geocoder: Geocoder, seconds_between: float = SECONDS_BETWEEN_REQUESTS) -> Geocode:
    """Return the geocoder's function, limited to one request in `seconds_between`. Use one for all places of an import."""
    geocode: Geocode = RateLimiter(geocoder.geocode, min_delay_seconds=seconds_between, max_retries=0, swallow_exceptions=False)
    return geocode


def make_location_id(organization_id: str, position: int) -> str:
    """Return the id of an organization's location by its position, from 0. Every import produces the same ids.

    The id is not derived from the address, because then a hidden address could be found by trying addresses until the id
    matches. Published locations have other ids, which do not reveal how many are left out.
    """
    name = UUID(organization_id).bytes + f"site:{position}".encode()
    return str(UUID(sha1(name, usedforsecurity=False).hexdigest()[:32], version=5))  # the same as uuid5, but twice as fast


def assign_location_ids(sites: Iterable[StoredLocation], organization_id: str) -> tuple[StoredLocation, ...]:
    """Return the locations of a new organization with the ids of their positions."""
    return tuple([replace(site, id=make_location_id(organization_id, position)) for position, site in enumerate(sites)])


def locate(location: LocationDraft, geocode: Geocode | None = None, *, id: str) -> StoredLocation:
    """Return the stored location, with its state and county as region codes.

    `known` is how precisely the place is known. `private` has the street and the stated point, None if neither is stated.
    `geocode` is called only for a street with disclosure EXACT and no stated point. A result at (0, 0) or outside the stated
    state is ignored. A ZIP+4 code is stored as its ZIP code, because the rest identifies one side of a street.

    Raises BadInput for a point at (0, 0) or outside the stated state, a ZIP code that does not exist or lies in another state,
    and an unknown state or county. Raises Unavailable if the geocoding service cannot be reached.
    """
    return _locate_in_us(location, geocode, id) if location.country == "US" else _locate_abroad(location, geocode, id)


def _locate_in_us(location: LocationDraft, geocode: Geocode | None, id: str) -> StoredLocation:
    area = _resolve_area(location.city, location.county, location.state, location.postal_code)
    point, known = _find_point(location, area.state, geocode)
    return StoredLocation(
        id=id,
        name=location.name,
        state=area.state,
        county=area.county,
        city=location.city,
        postal_code=area.postal_code,
        disclosure=location.disclosure,
        known=known or area.precision,
        is_primary=location.is_primary,
        private=_build_private_place(location.street, point),
    )


class _Area(NamedTuple):
    """An area of the United States by its codes, and how precisely it is known."""

    state: str | None
    county: str | None
    postal_code: str | None
    precision: Precision


@lru_cache(maxsize=AREA_CACHE_SIZE)
def _resolve_area(city: str | None, county: str | None, state: str | None, postal_code: str | None) -> _Area:
    """Return the area that the stated parts name together. Lists repeat their towns."""
    code = _resolve_postal_code(postal_code) if postal_code else None
    state_code = _resolve_state(state) if state else (code.state if code else None)
    if code and code.state != state_code:
        names = f"{_name_region(code.state)}, not in {_name_region(state_code)}"
        raise BadInput(f"The ZIP code {code.name} is in {names}. Correct one of them.", argument="postal_code")
    place = get_gazetteer().find_city(city, state_code) if city and state_code else None
    county_code = _resolve_county(county, state_code) if county else _infer_county(place, code)
    precision = _find_precision(code, place, county_code, state_code)
    return _Area(state_code, county_code, code.name if code else None, precision)


def _locate_abroad(location: LocationDraft, geocode: Geocode | None, id: str) -> StoredLocation:
    """The gazetteer has no foreign places: the stated parts are stored as written and determine how precisely it is known."""
    state = _resolve_foreign_state(location.state, location.country) if location.state else None
    point, known = _find_point(location, None, geocode)
    return StoredLocation(
        id=id,
        name=location.name,
        country=location.country,
        state=state,
        city=location.city,
        postal_code=location.postal_code,
        disclosure=location.disclosure,
        known=known or _find_precision(location.postal_code, location.city, None, state),
        is_primary=location.is_primary,
        private=_build_private_place(location.street, point),
    )


def _find_precision(postal_code: object, city: object, county: object, state: object) -> Precision:
    for part, precision in (
        (postal_code, Precision.POSTAL_CODE),
        (city, Precision.CITY),
        (county, Precision.COUNTY),
        (state, Precision.STATE),
    ):
        if part is not None:
            return precision
    return Precision.UNKNOWN


def _build_private_place(street: str | None, point: Point | None) -> PrivatePlace | None:
    return PrivatePlace(street, point) if street or point else None


def _resolve_postal_code(stated: str) -> Place:
    place = get_gazetteer().find_postal_code(stated)
    if place is None:
        raise BadInput(
            f'There is no ZIP code "{stated}". Write five digits, including zeros at the start.', argument="postal_code"
        )
    return place


@lru_cache(maxsize=CACHE_SIZE)
def _resolve_state(stated: str) -> str:
    states = [region.code for region in REGIONS.find(stated) if region.kind is RegionKind.STATE]
    if states and states[0].startswith("US-"):
        return states[0]
    sentence = f'"{stated}" is not a US state. Write its name or abbreviation, for example GA.'
    raise UnknownRegion(sentence, argument="state", value=stated, suggestions=_suggest_states(stated))


def _suggest_states(stated: str) -> list[str]:
    try:
        REGIONS.require(stated)
    except UnknownRegion as unknown:
        suggestions: list[str] = unknown.params["suggestions"]  # type: ignore[assignment]
        return [code for code in suggestions if get_gazetteer().find_state(code)]
    return []


def _name_region(code: str | None) -> str:
    return REGIONS.require(code).name if code else "a state"


def _infer_county(*areas: Place | None) -> str | None:
    """Return the county of the first area that has one."""
    return next((area.county for area in areas if area and area.county), None)


def _resolve_county(stated: str, state: str | None) -> str:
    county = get_gazetteer().find_county(stated) or (get_gazetteer().find_county_by_name(stated, state) if state else None)
    if county is None or county.county is None or county.state != (state or county.state):
        if state:
            sentence = (
                f'"{stated}" is not the name of exactly one county in {_name_region(state)}. Check the county and the state.'
            )
        else:
            sentence = f'The county "{stated}" cannot be identified without a state. Add the state.'
        raise BadInput(sentence, argument="county")
    return county.county


def _resolve_foreign_state(stated: str, country: str) -> str:
    codes = [region.code for region in REGIONS.find(stated) if region.kind is RegionKind.STATE]
    code = next((code for code in codes if code.startswith(f"{country}-")), stated.upper())
    if not (_FOREIGN_STATE.fullmatch(code) and code.startswith(f"{country}-")):
        raise BadInput(
            f"Write the state or province as an ISO 3166-2 code that starts with {country}-, like CA-ON in Canada.",
            argument="state",
        )
    return code


def _find_point(location: LocationDraft, state: str | None, geocode: Geocode | None) -> tuple[Point | None, Precision | None]:
    if location.point is not None:
        return _check_point(location.point, state), location.known or Precision.EXACT
    if geocode is None or location.street is None or location.disclosure is not Disclosure.EXACT:
        return None, None
    parts = (location.street, location.city, location.state, location.postal_code, location.country)
    point = _geocode_address(geocode, parts, state)
    return (point, Precision.STREET) if point else (None, None)


def geocode_street(site: StoredLocation, geocode: Geocode) -> StoredLocation:
    """Return the location with the point of its street, if its disclosure is EXACT and it has no point.

    Unchanged otherwise, and if the service has no usable result. Call it with the location as it will be stored: an import
    may say EXACT about a place that stays hidden, and its address must not leave the directory. Raises Unavailable if the
    service cannot be reached.
    """
    private = site.private
    if site.disclosure is not Disclosure.EXACT or private is None or private.street is None or private.point is not None:
        return site
    letters = site.state.partition("-")[2] if site.state else None
    parts = (private.street, site.city, letters, site.postal_code, site.country)
    point = _geocode_address(geocode, parts, site.state if site.country == "US" else None)
    return replace(site, private=PrivatePlace(private.street, point), known=Precision.STREET) if point else site


def _geocode_address(geocode: Geocode, parts: Iterable[str | None], state: str | None) -> Point | None:
    """Return the point of an address. None if there is no result, or if it lies at (0, 0) or outside the state."""
    try:
        answer = geocode(", ".join(part for part in parts if part))
    except GeopyError as problem:
        raise Unavailable("The geocoding service does not respond. Try again later, or continue without it.") from problem
    try:
        return _check_point(Point(answer.latitude, answer.longitude), state) if answer else None
    except BadInput:
        return None


def _check_point(point: Point, state: str | None) -> Point:
    if point == Point(0, 0):
        raise BadInput("The point 0, 0 is in the Atlantic Ocean. If the point is not known, leave it out.", argument="point")
    bounds = get_gazetteer().get_bounds(state) if state else None
    if bounds is not None and point not in _widen(bounds):
        raise BadInput(
            f"The point is not in {_name_region(state)}. Check the signs of the coordinates, and the state.", argument="point"
        )
    return point


def _widen(box: Box) -> Box:
    return Box(
        max(box.south - BOUNDS_MARGIN, -90),
        _wrap_longitude(box.west - BOUNDS_MARGIN),
        min(box.north + BOUNDS_MARGIN, 90),
        _wrap_longitude(box.east + BOUNDS_MARGIN),
    )


def _wrap_longitude(longitude: float) -> float:
    return (longitude + 180) % 360 - 180
