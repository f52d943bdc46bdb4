"""Places and regions as one thing: which is large, what to call it, and the narrowest region that contains it."""

from typing import TypeAlias

from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place, PlaceKind
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS

LARGE_CITY_POSTAL_CODES = 5  # standard postal codes; most people mean such a city by its name
MAX_CITY_COUNTIES = 5  # of a city that is several counties, like New York; Appalachia is not the town of that name
_CITY_REGION_KINDS = (RegionKind.COUNTY, RegionKind.METRO_AREA, RegionKind.STATE)

PlaceOrRegion: TypeAlias = Place | str
"""A city or ZIP code as a Place, a region by its code."""


def find_narrowest_region(place: PlaceOrRegion) -> str:
    """Return the code of the narrowest region that contains the whole place. A city may itself be a region.

    New York is the region New York City, and Washington is the District of Columbia. Chicago is in Cook County and Oakland in
    Alameda County. Atlanta is in its metropolitan area, because its postal codes lie in several counties.
    """
    if isinstance(place, str):
        return place
    containing = (code for code in place.regions if REGIONS.require(code).kind in _CITY_REGION_KINDS)
    return find_city_region(place) or next(containing, place.regions[0])


def find_city_region(place: Place) -> str | None:
    """Return the region that has the same territory as a city: a county, several counties or a district. None if none has."""
    if place.kind is not PlaceKind.CITY or not place.city or not place.state:
        return None
    if REGIONS.contained_codes(place.state, RegionKind.COUNTY) == place.regions[:1]:
        return place.state
    name, names = fold(place.city), REGIONS.phrases()
    namesakes = {*names.get(name, ()), *names.get(f"{name} city", ())}
    return next((code for code in place.regions if code in namesakes and _may_be_a_city(code)), None)


def _may_be_a_city(code: str) -> bool:
    kind = REGIONS.require(code).kind
    counties = REGIONS.contained_codes(code, RegionKind.COUNTY)
    return kind is RegionKind.COUNTY or (kind is RegionKind.CUSTOM and len(counties) <= MAX_CITY_COUNTIES)


def is_large(place: PlaceOrRegion) -> bool:
    """Whether most people mean this place by its name."""
    return isinstance(place, str) or place.kind is PlaceKind.POSTAL_CODE or place.postal_codes >= LARGE_CITY_POSTAL_CODES


def is_in_united_states(code: str) -> bool:
    return code == HOME_COUNTRY or HOME_COUNTRY in REGIONS.containing_codes(code)


def is_county(place: PlaceOrRegion) -> bool:
    return isinstance(place, str) and REGIONS.require(place).kind is RegionKind.COUNTY


def get_label(place: PlaceOrRegion, language: str = "en") -> str:
    """Return the name to show."""
    return REGIONS.require(place).label(language) if isinstance(place, str) else place.name


def get_place_or_region(key: str) -> PlaceOrRegion:
    """Return the place with this id ("city:US-GA:atlanta"), or the code of the region with this id or code."""
    kind, _, code = key.rpartition(":") if key.count(":") == 1 else ("", "", key)
    if key.startswith(("city:", "zip:")) and (place := get_gazetteer().get_place(key)):
        return place
    return code if kind else key
