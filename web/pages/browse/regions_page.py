"""/places: states, census regions and other regions to choose from."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.vocabulary.regions import HOME_COUNTRY
from web.pages.browse.find_regions import find_named_places
from web.pages.browse.region_group_page import GROUPS
from web.pages.browse.regions import PATH, ListedRegion, build_listed_region, build_place_map, list_regions
from web.pages.page import Page, PageRequest


class CensusRegion(Struct, frozen=True):
    """One of the four regions of the Census Bureau, with its divisions."""

    region: ListedRegion
    divisions: tuple[ListedRegion, ...]


def build_regions_page(request: PageRequest) -> Page:
    data = request.ask("regions", country=HOME_COUNTRY).data
    return Page(
        "regions.html",
        {
            "network": data["network"],
            "places": find_named_places(request),
            "states": list_regions(request, data["states"]["nodes"]),
            "census_regions": _build_census_regions(request, data["censusRegions"]["nodes"], data["divisions"]["nodes"]),
            "groups": [(group.kind, request.link(group.path), data[group.field]["totalCount"]) for group in GROUPS],
            "map": build_place_map(request, data["organizations"]["facets"]),
            "countries": _list_countries(request, data["organizations"]["facets"]["countries"]),
        },
    )


def _build_census_regions(
    request: PageRequest, regions: Sequence[Mapping[str, Any]], divisions: Sequence[Mapping[str, Any]]
) -> list[CensusRegion]:
    return [
        CensusRegion(
            build_listed_region(request, region),
            list_regions(request, (each for each in divisions if {"code": region["code"]} in each["within"])),
        )
        for region in regions
    ]


def _list_countries(request: PageRequest, counts: Sequence[Mapping[str, Any]]) -> list[ListedRegion]:
    """Return the countries with an organization, those with the most first."""
    return [
        ListedRegion(count["value"], count["label"], request.link(f"{PATH}/{count['value']}"), count["local"])
        for count in counts
        if count["local"]
    ]
