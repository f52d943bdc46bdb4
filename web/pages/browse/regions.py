"""Regions as pages list and draw them, from countries to counties, with the number of organizations there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from msgspec import Struct

from directory.text import fold
from web.pages.browse.organization_lists import NOT_NATIONWIDE
from web.pages.page import PageRequest
from web.pages.search.search_addresses import SearchAddresses
from web.pages.search.search_form import format_pairs
from web.pages.search.state_map import RegionMap, build_region_map

PATH = "/places"
STATE_OF_COUNTY = slice(3, 5)  # of its code: "GA" in "US-GA-121"
MANY = 20  # names that share words because they are of one kind, not by chance
_KIND_OF_TRIBAL_AREA = re.compile(r"^(?:Nación|Reserva indígena|Tribus) ")  # in Spanish; in English the name comes first
_DIGITS = re.compile(r"(\d+)")


class ListedRegion(Struct, frozen=True):
    """A region in a list. `count` is the number of organizations located in it or serving it, without nationwide ones:

    those of the search with "region" and NOT_NATIONWIDE.
    """

    code: str
    label: str
    address: str
    count: int


def build_listed_region(request: PageRequest, region: Mapping[str, Any], label: str | None = None) -> ListedRegion:
    code = region["code"]
    return ListedRegion(code, label or format_region(region), request.link(f"{PATH}/{code}"), region["organizationCount"])


def list_regions(
    request: PageRequest, regions: Iterable[Mapping[str, Any]], *, shorten: bool = False
) -> tuple[ListedRegion, ...]:
    """Return the regions by name. With `shorten`, many names are without the words that all of them share."""
    nodes = list(regions)
    names = [format_region(node) for node in nodes]
    labels = shorten_names(names) if shorten and len(names) >= MANY else names
    rows = (build_listed_region(request, node, label) for node, label in zip(nodes, labels, strict=True))
    return tuple(sorted(rows, key=lambda row: compute_sort_key(get_proper_name(row.label))))


def format_region(region: Mapping[str, Any]) -> str:
    """Return the name of a region, that of a county with its state: "Fulton County, GA"."""
    name: str = region["name"]
    return f"{name}, {region['code'][STATE_OF_COUNTY]}" if region["kind"] == "COUNTY" else name


def shorten_names(names: Sequence[str]) -> list[str]:
    """Return the names without the first and last words that all of them share, such as "metro area" or "County, GA"."""
    if len(names) < 2:
        return list(names)
    words = [name.split() for name in names]
    start, end = _count_shared(words), _count_shared([name[::-1] for name in words])
    return [" ".join(name[start : len(name) - end]).rstrip(",") for name in words]


def _count_shared(words: Sequence[Sequence[str]]) -> int:
    """Return how many words from the first on are the same in all names."""
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False)))


def get_proper_name(label: str) -> str:
    """Return the name of a tribal area without the Spanish words before it that say what it is: "Navajo" of "Nación Navajo"."""
    return _KIND_OF_TRIBAL_AREA.sub("", label)


def compute_sort_key(name: str) -> list[int | str]:
    """Return a key that puts "Region 2" before "Region 10", and letters with accents beside those without."""
    return [int(part) if part.isdecimal() else part for part in _DIGITS.split(fold(name))]


def build_place_map(request: PageRequest, facets: Mapping[str, Any], state: str | None = None) -> RegionMap:
    """Return the map of the states, or of the counties of the state with this code. `facets` are those of a search map."""
    return build_region_map(request, facets, SearchAddresses(format_pairs([NOT_NATIONWIDE])), state, pages=PATH)
