"""/places/metro-areas and the like: all regions of one kind by the alphabet."""

from functools import partial
from itertools import groupby
from typing import Any

from msgspec import Struct

from directory.text import fold
from web.pages.browse.regions import PATH, ListedRegion, get_proper_name, list_regions
from web.pages.page import Page, PageBuilder, PageRequest


class RegionGroup(Struct, frozen=True):
    """A kind of region that has a page. `field` is its name in documents/regions.graphql."""

    path: str
    kind: str
    field: str


class LetterGroup(Struct, frozen=True):
    """The regions whose names start with one letter."""

    letter: str
    regions: tuple[ListedRegion, ...]


GROUPS = (
    RegionGroup(f"{PATH}/metro-areas", "METRO_AREA", "metroAreas"),
    RegionGroup(f"{PATH}/tribal-areas", "TRIBAL_AREA", "tribalAreas"),
    RegionGroup(f"{PATH}/named-regions", "CUSTOM", "namedRegions"),
)


def build_region_group_page(group: RegionGroup, request: PageRequest) -> Page:
    answer = _ask_for_page(request, group, None)
    nodes = list(answer["regions"]["nodes"])
    while answer["regions"]["pageInfo"]["hasNextPage"]:
        answer = _ask_for_page(request, group, answer["regions"]["pageInfo"]["endCursor"])
        nodes += answer["regions"]["nodes"]
    letters = group_by_letter(list_regions(request, nodes, shorten=True))
    return Page("region_group.html", {"network": answer["network"], "kind": group.kind, "letters": letters, "count": len(nodes)})


def group_by_letter(regions: tuple[ListedRegion, ...]) -> list[LetterGroup]:
    """Return the regions, which are in order, by the first letters of their proper names without accents."""
    groups = groupby(regions, key=lambda region: fold(get_proper_name(region.label))[:1].upper())
    return [LetterGroup(letter, tuple(group)) for letter, group in groups]


def _ask_for_page(request: PageRequest, group: RegionGroup, after: str | None) -> dict[str, Any]:
    return request.ask("region_group", kind=group.kind, after=after).data


GROUP_PAGES: dict[str, PageBuilder] = {group.path: partial(build_region_group_page, group) for group in GROUPS}
