"""From a stated place to a kept one: the gazetteer first, an online service only if one is passed and the place may be told.

Nothing is guessed: what the gazetteer does not know stays as it was written, and is known no finer than what it does know.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha1
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

SECONDS_BETWEEN_REQUESTS = 1.0  # what the public Nominatim service asks for, and no other wants less
BOUNDS_MARGIN = 0.5  # degrees; the gazetteer's bounds of a state go around its post offices, not along its border
CACHE_SIZE = 1 << 10  # ways to write a state
_FOREIGN_STATE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


def limit_request_rate(geocoder: Geocoder, seconds_between: float = SECONDS_BETWEEN_REQUESTS) -> Geocode:
    """The geocoder's question, asked at most once in so many seconds. Share one among all places of an import."""
    ask: Geocode = RateLimiter(geocoder.geocode, min_delay_seconds=seconds_between, max_retries=0, swallow_exceptions=False)
    return ask


def make_location_id(organization_id: str, position: int) -> str:
    """The id of an organization's place by its position among them, from 0: the same at every import.

    An id derived from an address would be one more way to find out the address: whoever knows how it is made can try doors
    until the id fits. Publication gives ids of its own, which do not count what it leaves out.
    """
    name = UUID(organization_id).bytes + f"site:{position}".encode()
    return str(UUID(sha1(name, usedforsecurity=False).hexdigest()[:32], version=5))  # as uuid5 does, in half the time


def locate(location: LocationDraft, geocode: Geocode | None = None, *, id: str) -> StoredLocation:
    """The place as kept, its state and county as region codes.

    `known` says how exactly it could be placed. `private` holds the street and the stated point, None where neither is stated.
    `geocode` is asked only for a street that is disclosed EXACT and has no stated point; an answer at (0, 0) or outside the
    stated state is not used. A ZIP+4 code is kept as its ZIP code: the rest tells a side of a street.

    Raises BadInput for a point at (0, 0) or outside the stated state, a ZIP code that does not exist or lies in another state,
    and an unknown state or county; Unavailable when the service cannot be reached.
    """
    return _locate_in_us(location, geocode, id) if location.country == "US" else _locate_abroad(location, geocode, id)


def _locate_in_us(location: LocationDraft, geocode: Geocode | None, id: str) -> StoredLocation:
    postal_code = _resolve_postal_code(location.postal_code) if location.postal_code else None
    state = _resolve_state(location.state) if location.state else (postal_code.state if postal_code else None)
    if postal_code and postal_code.state != state:
        raise BadInput(
            f"The ZIP code {postal_code.name} lies in {postal_code.state}, not in {state}; correct one of them.",
            argument="postal_code",
        )
    city = get_gazetteer().find_city(location.city, state) if location.city and state else None
    county = _resolve_county(location.county, state) if location.county else _infer_county(city, postal_code)
    point, known = _find_point(location, state, geocode)
    return StoredLocation(
        id=id,
        name=location.name,
        state=state,
        county=county,
        city=location.city,
        postal_code=postal_code.name if postal_code else None,
        disclosure=location.disclosure,
        known=known or _find_precision(postal_code, city, county, state),
        is_primary=location.is_primary,
        private=_build_private_place(location.street, point),
    )


def _locate_abroad(location: LocationDraft, geocode: Geocode | None, id: str) -> StoredLocation:
    """The gazetteer knows no places abroad: what is stated is kept in its words, and is known as finely as it is stated."""
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
        raise BadInput(f'There is no ZIP code "{stated}"; it has five digits, zeros in front included.', argument="postal_code")
    return place


@lru_cache(maxsize=CACHE_SIZE)
def _resolve_state(stated: str) -> str:
    states = [region.code for region in REGIONS.find(stated) if region.kind is RegionKind.STATE]
    if states and states[0].startswith("US-"):
        return states[0]
    sentence = f'"{stated}" is no state of the US; write its name or letters, as in GA.'
    raise UnknownRegion(sentence, argument="state", value=stated, suggestions=_suggest_states(stated))


def _suggest_states(stated: str) -> list[str]:
    try:
        REGIONS.require(stated)
    except UnknownRegion as unknown:
        suggestions: list[str] = unknown.params["suggestions"]  # type: ignore[assignment]
        return [code for code in suggestions if get_gazetteer().find_state(code)]
    return []


def _infer_county(*areas: Place | None) -> str | None:
    """The county in which the first of the areas that lies in one does."""
    return next((area.county for area in areas if area and area.county), None)


def _resolve_county(stated: str, state: str | None) -> str:
    county = get_gazetteer().find_county(stated) or (get_gazetteer().find_county_by_name(stated, state) if state else None)
    if county is None or county.county is None or county.state != (state or county.state):
        where = f"in {state}" if state else "without a state"
        raise BadInput(f'There is no one county "{stated}" {where}; check its name and the state.', argument="county")
    return county.county


def _resolve_foreign_state(stated: str, country: str) -> str:
    named = [region.code for region in REGIONS.find(stated) if region.kind is RegionKind.STATE]
    code = next((code for code in named if code.startswith(f"{country}-")), stated.upper())
    if not (_FOREIGN_STATE.fullmatch(code) and code.startswith(f"{country}-")):
        raise BadInput(
            f"Write the state or province by its ISO 3166-2 code, as in CA-ON; {country} comes first here.", argument="state"
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
    """The site with the point of its street, where that is told EXACT and has none; as it is where no answer can be used.

    Asked of what is kept in the end, so that a row that says EXACT of a place that stays hidden sends nothing out. Raises
    Unavailable when the service cannot be reached.
    """
    private = site.private
    if site.disclosure is not Disclosure.EXACT or private is None or private.street is None or private.point is not None:
        return site
    letters = site.state.partition("-")[2] if site.state else None
    parts = (private.street, site.city, letters, site.postal_code, site.country)
    point = _geocode_address(geocode, parts, site.state if site.country == "US" else None)
    return replace(site, private=PrivatePlace(private.street, point), known=Precision.STREET) if point else site


def _geocode_address(geocode: Geocode, parts: Iterable[str | None], state: str | None) -> Point | None:
    """None also where the answer lies at (0, 0) or outside the state."""
    try:
        answer = geocode(", ".join(part for part in parts if part))
    except GeopyError as problem:
        raise Unavailable("The geocoding service does not answer; try again later, or go on without it.") from problem
    try:
        return _check_point(Point(answer.latitude, answer.longitude), state) if answer else None
    except BadInput:
        return None


def _check_point(point: Point, state: str | None) -> Point:
    if point == Point(0, 0):
        raise BadInput("The point 0, 0 lies in the Atlantic; leave the point out where it is not known.", argument="point")
    bounds = get_gazetteer().get_bounds(state) if state else None
    if bounds is not None and point not in _widen(bounds):
        raise BadInput(f"The point does not lie in {state}; check its signs and the state.", argument="point")
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
