"""The map of an organization: its places as exactly as they are published, and the areas that it serves."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.vocabulary.regions import REGIONS, RegionKind
from web.maps.atlas import ATLAS
from web.maps.marks import Mark, Shape
from web.maps.place_map import PlaceMap, build_place_map
from web.maps.view import VIEW_HEIGHT, VIEW_WIDTH
from web.pages.languages import Language
from web.pages.organization.facts import format_region
from web.pages.organization.places import assign_letters

ADDRESS_PRECISIONS = ("EXACT", "STREET")
_PARTS = {  # what the outline of a region is put together from
    "CENSUS_REGION": RegionKind.STATE,
    "CENSUS_DIVISION": RegionKind.STATE,
    "METRO_AREA": RegionKind.COUNTY,
    "TRIBAL_AREA": RegionKind.COUNTY,
    "CUSTOM": RegionKind.COUNTY,
}


class MapText(Struct, frozen=True):
    """A letter, a name or, without a text, a square. `x` and `y` are shares of the map: "34.2%"."""

    x: str
    y: str
    text: str = ""
    width: str = "always"  # the class of the smallest map on which it fits


class OrganizationMap(Struct, frozen=True):
    """`outlines` are the paths and circles. `service_areas` are the names of those whose borders are shown."""

    outlines: PlaceMap
    squares: Sequence[MapText]
    names: Sequence[MapText]
    badges: Sequence[MapText]
    service_areas: Sequence[str]

    @property
    def letters(self) -> frozenset[str]:
        """The letters of the places that are on the map."""
        return frozenset(badge.text for badge in self.badges)

    @property
    def size(self) -> tuple[int, int]:
        return VIEW_WIDTH, VIEW_HEIGHT


def build_organization_map(
    locations: Sequence[Mapping[str, Any]], service_areas: Sequence[Mapping[str, Any]], language: Language
) -> OrganizationMap | None:
    """Return the map, None if nothing can be drawn.

    `locations` and `service_areas` are as the API returns them. Nothing else is known here, so the map cannot show more.
    """
    marks = [mark for letter, location in assign_letters(locations) if (mark := choose_mark(letter, location))]
    parts = {region["code"]: _list_parts(region) for region in service_areas}
    codes = {code for each in parts.values() for code in each}
    outlines = build_place_map(tuple(marks), tuple(sorted(codes)), language.code)
    if outlines is None:
        return None
    return OrganizationMap(
        outlines=outlines,
        squares=[MapText(*_locate(x, y)) for x, y in outlines.squares],
        names=[MapText(*_locate(name.x, name.y), name.text, name.width) for name in outlines.names],
        badges=[MapText(*_locate(badge.x, badge.y), badge.letter) for badge in outlines.badges],
        service_areas=[format_region(region, language) for region in service_areas if parts[region["code"]]],
    )


def choose_mark(letter: str, location: Mapping[str, Any]) -> Mark | None:
    """Return how a place is drawn, None if it is only in the list.

    Only a published address gets a square. A county without an outline is drawn as a circle around it.
    """
    precision, point, radius = location["precision"], location["point"], location["radiusKm"]
    state, county = _find_code(location, RegionKind.STATE), _find_code(location, RegionKind.COUNTY)
    if state is None or precision == "UNKNOWN":
        return None
    if precision == "STATE":
        return Mark(letter, Shape.STATE, state)
    in_county = Mark(letter, Shape.COUNTY, county or state)
    if precision == "COUNTY" and county and in_county.can_be_drawn:
        return in_county
    place = (state, point["longitude"], point["latitude"]) if point else None
    if place and precision in ADDRESS_PRECISIONS:
        return Mark(letter, Shape.SQUARE, *place)
    return Mark(letter, Shape.CIRCLE, *place, radius) if place and radius else None


def _find_code(location: Mapping[str, Any], kind: RegionKind) -> str | None:
    codes = (region["code"] for region in location["regions"] if region["kind"] == kind and region["code"].startswith("US-"))
    return next(codes, None)


def _list_parts(region: Mapping[str, Any]) -> list[str]:
    """Return the codes of the states or counties that a region consists of and that have outlines, none for a country."""
    code, kind = region["code"], region["kind"]
    own = [code] if kind in (RegionKind.STATE, RegionKind.COUNTY) else []
    return [each for each in own or _list_contained(code, kind) if ATLAS.find_areas(each)]


def _list_contained(code: str, kind: str) -> Sequence[str]:
    return REGIONS.contained_codes(code, _PARTS[kind]) if kind in _PARTS else ()


def _locate(x: float, y: float) -> tuple[str, str]:
    return f"{100 * x / VIEW_WIDTH:.1f}%", f"{100 * y / VIEW_HEIGHT:.1f}%"
