"""Region: a named part of the world that organizations are in or work in."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from directory import regions
from directory.gazetteer import gazetteer
from directory.geo import Box
from directory.question import Nationwide, Page, RegionMatch
from directory.regions import REGIONS, RegionKind
from directory.search.found import Found
from directory.text import fold
from schema.connection import After, Before, First, Last, Listing, PageInfo, listing
from schema.context import Info
from schema.fields import COMPUTED, COUNT, PAGE, attribute, computed
from schema.filters import SEARCH, WORDS, Filter, OrderBy, Text, question, with_region
from schema.ids import GlobalId
from schema.issue_area import distinct_words
from schema.node import Node
from schema.point import BoundingBox

if TYPE_CHECKING:
    from schema.organizations import OrganizationConnection

ContainedKind = Annotated[RegionKind | None, strawberry.argument(description="Only regions of this kind; all unless given.")]
CountedBy = Annotated[RegionMatch, strawberry.argument(description="Located there, serving it, or either.")]
CountedNationwide = Annotated[
    Nationwide, strawberry.argument(description="Whether nationwide organizations count as serving it.")
]

_LAST = "\U0010ffff"
CONTAINED = 20.0  # points for looking through all regions


def _id(root: regions.Region) -> str:
    return str(GlobalId("Region", root.code))


def _within(root: regions.Region) -> list[regions.Region]:
    return regions_of(REGIONS.within(root.code))


def _contains(root: regions.Region, kind: ContainedKind = None) -> list[regions.Region]:
    return regions_of(REGIONS.contains(root.code, kind))


@lru_cache(maxsize=8_192)  # more than there are regions: a country's takes a box around 40,000 points
def _box(code: str) -> Box | None:
    return gazetteer().bounds(code)


def _bounds(root: regions.Region) -> Box | None:
    return _box(root.code)


def _count(
    root: regions.Region,
    info: Info,
    by: CountedBy = RegionMatch.LOCATED_OR_SERVING,
    nationwide: CountedNationwide = Nationwide.INCLUDE,
) -> int:
    return info.context.snapshot.count_region(root.code, by, nationwide)


def _organizations(
    root: regions.Region,
    info: Info,
    query: Text = None,
    chosen: Filter = None,
    order_by: OrderBy = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Found:
    snapshot = info.context.snapshot
    whole = question(snapshot, query, chosen, order_by, Page(first, after, last, before))
    return snapshot.find(with_region(whole, root.code))


@strawberry.type(description="A named part of the world: a country, state or county, or several of them together.")
class Region(Node):
    id: strawberry.ID = computed(_id, "Opaque and stable.", cost=COMPUTED)
    code: str = attribute('What filters name it by: "US", "US-SOUTH", "US-GA" (ISO 3166-2), "US-GA-121" (FIPS), "BAY-AREA".')
    name: str = attribute("In English; a county's without its state.")
    kind: RegionKind = attribute("What sort of region it is.")
    aliases: list[str] = attribute("Other names, in English or Spanish.", length=1)
    within: list["Region"] = computed(_within, "All regions that contain it, narrowest first.", cost=COMPUTED, length=4)
    contains: list["Region"] = computed(_contains, "All regions it contains.", cost=CONTAINED, length=400, slow=True)
    bounds: BoundingBox | None = computed(
        _bounds, "A box around the places in it; null where the gazetteer knows none.", cost=COMPUTED
    )
    organization_count: int = computed(_count, "How many active members have to do with it.", cost=COUNT)
    organizations: Annotated["OrganizationConnection", strawberry.lazy("schema.organizations")] | None = computed(
        _organizations,
        "Organizations that have to do with it; null when refused. `filter.regions.anyOf` is to be left out.",
        cost=SEARCH,
        size=PAGE,
        words=WORDS,
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, regions.Region)


@strawberry.type(description="One region of a page.")
class RegionEdge:
    cursor: str = attribute("Where it stands in the list.")
    node: Region = attribute("The region.")


@strawberry.type(description="A page of regions, by code.")
class RegionConnection:
    edges: list[RegionEdge] = attribute("The regions with their cursors.", paged=True)
    nodes: list[Region] = attribute("The regions alone.", paged=True)
    page_info: PageInfo = attribute("Where the page ends, and whether there is more.")
    total_count: int = attribute("How many there are on all pages.")


def regions_of(codes: Iterable[str]) -> list[regions.Region]:
    return [REGIONS.require(code) for code in codes]


def region_list(query: str | None, kind: RegionKind | None, within: str | None, page: Page) -> Listing[regions.Region]:
    """Those whose code is `query`, or whose name or an alias begins with its words. Raises UnknownRegion and BadCursor."""
    words = distinct_words(query)
    found = regions_of(REGIONS.contains(within, kind)) if within is not None else [*REGIONS]
    called = _called(words, query or "") if words else None
    found = [one for one in found if (kind is None or one.kind is kind) and (called is None or one.code in called)]
    return listing(sorted(found, key=_code), _code, page, "regions", words, kind, within)


def _called(words: list[str], query: str) -> set[str]:
    """The codes of the regions with a name that has, for each of the words, one that it begins; and the one of this very code."""
    table, common = _words_of_names(), None
    for word in sorted(words, key=len, reverse=True):
        start, end = (bisect_left(table, (bound,)) for bound in (word, word + _LAST))
        names = {name for _, name in table[start:end]}
        common = names if common is None else common & names
        if not common:
            break
    return {code for code, _ in common or ()} | {query.strip().upper()}


@cache
def _words_of_names() -> list[tuple[str, tuple[str, int]]]:
    """The folded words of all names, sorted, each with the region's code and the number of the name among its names."""
    names = (
        (name, (region.code, number))
        for region in REGIONS
        for number, name in enumerate((region.name, region.name_es, *region.aliases))
        if name
    )
    return sorted((word, key) for name, key in names for word in fold(name).split())


def _code(region: regions.Region) -> str:
    return region.code
