"""Draw locations and service areas of made-up organizations: real postal codes, made-up streets.

Postal codes are drawn uniformly. A city with more postal codes, and so with more people, gets more organizations.
"""

from collections.abc import Sequence, Set
from functools import lru_cache
from random import Random

from cli.fictional.phrases import PHRASES, WeightedChoice, draw_one, draw_some
from directory.drafts.geocoding import make_location_id
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.geo import Disclosure, Point, Precision
from directory.published_places import determine_disclosure
from directory.records import PrivatePlace, StoredLocation, StoredOrganization
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

POSTAL_CODES = range(501, 99951)  # from the lowest to the highest code in use
NEIGHBORING_CODES = 100  # how far the code of a nearby place may be from the first one, up or down
JITTER_DEGREES = 0.02  # degrees around a postal code's centroid, about 2 km
MAX_ATTEMPTS = 20  # at drawing another city near a place
UNITED_STATES = "US"

_POSTAL_CODE_PREFIX = "zip:"  # of the id of a postal code
_LOCATION_COUNTS = WeightedChoice((0, 1, 2, 3, 4), (6, 80, 9, 3, 2))
_PRECISIONS = WeightedChoice((Precision.POSTAL_CODE, Precision.CITY, Precision.STATE), (78, 19, 3))
_DISCLOSURES = WeightedChoice((None, *Disclosure), (72, 12, 3, 2, 4, 1, 6))
_EVENT_DISCLOSURES = WeightedChoice((None, Disclosure.EXACT, Disclosure.CITY, Disclosure.HIDDEN), (50, 35, 10, 5))
_CITY_DISCLOSURES = (Disclosure.EXACT, Disclosure.POSTAL_CODE, Disclosure.CITY)  # that publish the city
_REACHES = WeightedChoice(("county", "state", "beyond", "nation", "custom", "none"), (42, 34, 8, 5, 6, 5))


def draw_home_place(rng: Random) -> Place:
    """Return a standard postal code whose county is known."""
    return _draw_place(rng, POSTAL_CODES)


def draw_locations(rng: Random, organization_id: str, first: Place) -> tuple[StoredLocation, ...]:
    """Return up to four locations, the first of them at `first` and the others nearby."""
    count = _LOCATION_COUNTS.draw(rng)
    places = [first, *(_draw_nearby_place(rng, first) for _ in range(count - 1))][:count]
    return tuple(
        _build_location(rng, make_location_id(organization_id, position), place, position)
        for position, place in enumerate(places)
    )


def draw_service_areas(rng: Random, place: Place) -> tuple[str, ...]:
    """Return the codes of the regions that an organization at this place serves; () if it states none."""
    assert place.county is not None  # noqa: S101 - `draw_home_place` returns no others
    assert place.state is not None  # noqa: S101
    match _REACHES.draw(rng):
        case "county":
            return tuple(dict.fromkeys((place.county, *_draw_more_counties(rng, place.state))))
        case "state":
            return (place.state,)
        case "beyond":
            return (place.state, *(code for code in _list_neighboring_states(place.state) if rng.random() < 0.5))
        case "nation":
            return (UNITED_STATES,)
        case "custom":
            return (draw_one(rng, _list_custom_regions(place.county) or (place.state,)),)
    return ()


def draw_event_town(rng: Random, organizations: Sequence[StoredOrganization]) -> Place | None:
    """Return where an event of these organizations takes place: a postal code or a city.

    It is the first location whose city is published. Events must not reveal other cities, so if there is none, it is another city
    in the neighborhood; None if no organization states a postal code.
    """
    sites = [(site, organization.issue_areas) for organization in organizations for site in organization.sites]
    published = [site for site, themes in sites if site.city and determine_disclosure(site, themes) in _CITY_DISCLOSURES]
    town = next(filter(None, map(_find_town, published)), None)
    first = next(filter(None, (_find_town(site) for site, _ in sites if site.postal_code)), None)
    return town or (_draw_other_town(rng, first, {site.city for site, _ in sites}) if first else None)


def draw_event_place(rng: Random, event_id: str, town: Place, hall: str) -> StoredLocation:
    """Return a hall in a town (draw_event_town). Only with a postal code can it have a street."""
    has_code, disclosure = town.id.startswith(_POSTAL_CODE_PREFIX), _EVENT_DISCLOSURES.draw(rng)
    if disclosure is Disclosure.EXACT and not has_code:
        disclosure = None
    has_street = has_code and (disclosure is not None or rng.random() < 0.4)
    precision = Precision.POSTAL_CODE if has_code else Precision.CITY
    return StoredLocation(
        id=make_location_id(event_id, 0),
        name=hall,
        state=town.state,
        county=_find_county(town, precision),
        city=town.city,
        postal_code=town.id.removeprefix(_POSTAL_CODE_PREFIX) if has_code else None,
        disclosure=disclosure,
        known=Precision.EXACT if has_street else precision,
        is_primary=True,
        private=_draw_private_place(rng, town.point) if has_street else None,
    )


def _find_town(site: StoredLocation) -> Place | None:
    if site.postal_code:
        return get_gazetteer().find_postal_code(site.postal_code)
    return get_gazetteer().find_city(site.city, site.state) if site.city and site.state else None


def _draw_other_town(rng: Random, first: Place, cities: Set[str | None]) -> Place | None:
    """Return a place near the first one, in the same state and in none of the cities; None if there seems to be none."""
    nearby = (_draw_nearby_place(rng, first) for _ in range(MAX_ATTEMPTS))
    return next((place for place in nearby if place.state == first.state and place.city not in cities), None)


def _draw_nearby_place(rng: Random, first: Place) -> Place:
    """Return a place with a similar postal code, which is usually nearby and in the same state."""
    code = int(first.id.removeprefix(_POSTAL_CODE_PREFIX))
    return _draw_place(rng, range(code - NEIGHBORING_CODES, code + NEIGHBORING_CODES))


def _draw_place(rng: Random, codes: range) -> Place:
    while True:
        place = get_gazetteer().find_postal_code(f"{draw_one(rng, codes):05}")
        if place and place.postal_codes and place.county:
            return place


def _build_location(rng: Random, location_id: str, place: Place, position: int) -> StoredLocation:
    precision = _PRECISIONS.draw(rng)
    disclosure = _DISCLOSURES.draw(rng)
    if disclosure in (Disclosure.EXACT, Disclosure.POSTAL_CODE):
        precision = Precision.POSTAL_CODE
    has_street = precision is Precision.POSTAL_CODE and (disclosure is not None or rng.random() < 0.3)
    return StoredLocation(
        id=location_id,
        name="Office" if position == 0 else f"Office {position + 1}",
        state=place.state,
        county=_find_county(place, precision),
        city=place.city if precision is not Precision.STATE else None,
        postal_code=place.id.removeprefix(_POSTAL_CODE_PREFIX) if precision is Precision.POSTAL_CODE else None,
        disclosure=disclosure,
        known=Precision.EXACT if has_street else precision,
        is_primary=position == 0,
        private=_draw_private_place(rng, place.point) if has_street else None,
    )


def _draw_private_place(rng: Random, center: Point) -> PrivatePlace:
    latitude, longitude = (
        round(degrees + rng.uniform(-JITTER_DEGREES, JITTER_DEGREES), 5) for degrees in (center.latitude, center.longitude)
    )
    return PrivatePlace(f"{rng.randrange(1, 1000)} {draw_one(rng, PHRASES.streets)}", Point(latitude, longitude))


def _find_county(place: Place, precision: Precision) -> str | None:
    if precision is Precision.STATE:
        return None
    city = get_gazetteer().find_city(place.city, place.state) if place.city and place.state else None
    city_county = city.county if city else None
    return city_county or (place.county if precision is Precision.POSTAL_CODE else None)


def _draw_more_counties(rng: Random, state: str) -> tuple[str, ...]:
    return draw_some(rng, _list_counties(state), 1, 3) if rng.random() < 0.15 else ()


@lru_cache(maxsize=128)
def _list_counties(state: str) -> tuple[str, ...]:
    return REGIONS.contained_codes(state, RegionKind.COUNTY)


@lru_cache(maxsize=128)
def _list_neighboring_states(state: str) -> tuple[str, ...]:
    """Return the other states of the state's Census division."""
    division = next(
        (code for code in REGIONS.containing_codes(state) if REGIONS.require(code).kind is RegionKind.CENSUS_DIVISION), None
    )
    return tuple(code for code in REGIONS.contained_codes(division, RegionKind.STATE) if code != state) if division else ()


@lru_cache(maxsize=4096)
def _list_custom_regions(county: str) -> tuple[str, ...]:
    return tuple(code for code in REGIONS.containing_codes(county) if REGIONS.require(code).kind is RegionKind.CUSTOM)
