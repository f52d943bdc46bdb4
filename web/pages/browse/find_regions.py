"""The form on /places that finds regions, cities and ZIP codes by name."""

from typing import Any

from msgspec import Struct

from directory.text import fold
from web.pages.browse.regions import ListedRegion, build_listed_region
from web.pages.page import PageRequest
from web.pages.search.search_form import format_pairs

NAME_KEY = "name"
MAX_NAME_LENGTH = 200
CITY_KINDS = ("CITY", "POSTAL_CODE")  # of places that are not regions


class NamedRegion(Struct, frozen=True):
    region: ListedRegion
    kind: str


class CityLink(Struct, frozen=True):
    """A city or ZIP code. It has no page of its own: `address` is the search near it."""

    name: str
    address: str


class NamedPlaces(Struct, frozen=True):
    """The places with the name that a visitor typed. `region_count` includes regions that are not in `regions`."""

    name: str
    regions: tuple[NamedRegion, ...] = ()
    region_count: int = 0
    cities: tuple[CityLink, ...] = ()

    @property
    def is_too_long(self) -> bool:
        return len(self.name) > MAX_NAME_LENGTH


def find_named_places(request: PageRequest) -> NamedPlaces | None:
    """Return the places with the name in the address of the page, None if it has none."""
    name = next((value.strip() for key, value in request.parameters if key == NAME_KEY), "")
    if not name:
        return None
    places = NamedPlaces(name)
    if places.is_too_long or not fold(name):
        return places
    return _build_places(request, name, request.ask("find_regions", name=name).data)


def _build_places(request: PageRequest, name: str, data: dict[str, Any]) -> NamedPlaces:
    kinds = {each["value"]: each["label"] for each in data["kinds"]}
    regions = (NamedRegion(build_listed_region(request, region), kinds[region["kind"]]) for region in data["regions"]["nodes"])
    names = (place["name"] for place in data["places"] if place["kind"] in CITY_KINDS)
    cities = (CityLink(each, request.link("/", format_pairs([("near", each)]))) for each in names)
    return NamedPlaces(name, tuple(regions), data["regions"]["totalCount"], tuple(cities))
