"""Where an invented organization is and whom it serves: real postal codes, invented doors.

A standard postal code in use is drawn at random, so that a city has as many organizations as its number of postal codes, which
stands for its population, gives it.
"""

from functools import lru_cache
from random import Random

from directory.gazetteer import Place, gazetteer
from directory.geo import Disclosure, Point, Precision
from directory.geocode import site_id
from directory.records import PrivatePlace, Site
from directory.regions import REGIONS, RegionKind
from seed.fictional.phrases import PHRASES, Shares, one, some

POSTAL_CODES = range(501, 99951)  # the lowest and the highest in use
NEIGHBORING = 100  # postal codes below and above
JITTER = 0.02  # degrees around a postal code's centroid, about 2 km
NATIONWIDE = "US"

_HOW_MANY_SITES = Shares((0, 1, 2, 3, 4), (6, 80, 9, 3, 2))
_STATED = Shares((Precision.POSTAL_CODE, Precision.CITY, Precision.STATE), (78, 19, 3))
_DISCLOSURES = Shares((None, *Disclosure), (72, 12, 3, 2, 4, 1, 6))
_REACHES = Shares(("county", "state", "beyond", "nation", "custom", "none"), (42, 34, 8, 5, 6, 5))


def home(rng: Random) -> Place:
    """A standard postal code that lies in a county."""
    return _drawn(rng, POSTAL_CODES)


def sites(rng: Random, organization_id: str, first: Place) -> tuple[Site, ...]:
    """None, one or several, the first of them at `first`; further ones not far away."""
    count = _HOW_MANY_SITES.draw(rng)
    places = [first, *(_further(rng, first) for _ in range(count - 1))][:count]
    return tuple(_site(rng, site_id(organization_id, position), place, position) for position, place in enumerate(places))


def service_areas(rng: Random, place: Place) -> tuple[str, ...]:
    """Codes of the regions an organization at that place serves; () for "not stated"."""
    assert place.county is not None  # noqa: S101 - `home` gives no others
    assert place.state is not None  # noqa: S101
    match _REACHES.draw(rng):
        case "county":
            return tuple(dict.fromkeys((place.county, *_more_counties(rng, place.state))))
        case "state":
            return (place.state,)
        case "beyond":
            return (place.state, *(code for code in _beside(place.state) if rng.random() < 0.5))
        case "nation":
            return (NATIONWIDE,)
        case "custom":
            return (one(rng, _custom(place.county) or (place.state,)),)
    return ()


def _further(rng: Random, first: Place) -> Place:
    """Not far away: postal codes of neighboring numbers are neighbors, and mostly of one state."""
    code = int(first.id.removeprefix("zip:"))
    return _drawn(rng, range(code - NEIGHBORING, code + NEIGHBORING))


def _drawn(rng: Random, codes: range) -> Place:
    while True:
        place = gazetteer().postal_code(f"{one(rng, codes):05}")
        if place and place.postal_codes and place.county:
            return place


def _site(rng: Random, site: str, place: Place, position: int) -> Site:
    stated = _STATED.draw(rng)
    disclosure = _DISCLOSURES.draw(rng)
    if disclosure in (Disclosure.EXACT, Disclosure.POSTAL_CODE):
        stated = Precision.POSTAL_CODE
    door = stated is Precision.POSTAL_CODE and (disclosure is not None or rng.random() < 0.3)
    return Site(
        id=site,
        name="Office" if position == 0 else f"Office {position + 1}",
        state=place.state,
        county=_county(place, stated),
        city=place.city if stated is not Precision.STATE else None,
        postal_code=place.id.removeprefix("zip:") if stated is Precision.POSTAL_CODE else None,
        disclosure=disclosure,
        known=Precision.EXACT if door else stated,
        is_primary=position == 0,
        private=_door(rng, place.point) if door else None,
    )


def _door(rng: Random, center: Point) -> PrivatePlace:
    latitude, longitude = (round(degrees + rng.uniform(-JITTER, JITTER), 5) for degrees in (center.latitude, center.longitude))
    return PrivatePlace(f"{rng.randrange(1, 1000)} {one(rng, PHRASES.streets)}", Point(latitude, longitude))


def _county(place: Place, stated: Precision) -> str | None:
    if stated is Precision.STATE:
        return None
    city = gazetteer().city(place.city, place.state) if place.city and place.state else None
    of_city = city.county if city else None
    return of_city or (place.county if stated is Precision.POSTAL_CODE else None)


def _more_counties(rng: Random, state: str) -> tuple[str, ...]:
    return some(rng, _counties(state), 1, 3) if rng.random() < 0.15 else ()


@lru_cache(maxsize=128)
def _counties(state: str) -> tuple[str, ...]:
    return REGIONS.contains(state, RegionKind.COUNTY)


@lru_cache(maxsize=128)
def _beside(state: str) -> tuple[str, ...]:
    """The other states of its Census division, which border it or nearly do."""
    division = next((code for code in REGIONS.within(state) if REGIONS.require(code).kind is RegionKind.CENSUS_DIVISION), None)
    return tuple(code for code in REGIONS.contains(division, RegionKind.STATE) if code != state) if division else ()


@lru_cache(maxsize=4096)
def _custom(county: str) -> tuple[str, ...]:
    return tuple(code for code in REGIONS.within(county) if REGIONS.require(code).kind is RegionKind.CUSTOM)
