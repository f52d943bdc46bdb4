"""Point and BoundingBox."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Box
from directory.question import Nationwide, Page, RegionMatch
from directory.search.search_result import SearchResult
from directory.text import fold
from directory.vocabulary import regions
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from schema.context import Info
from schema.fields import COMPUTED_POINTS, COUNT_POINTS, PAGE_SIZE, attribute_field, computed_field
from schema.types.global_ids import GlobalId, Node
from schema.types.issue_area import split_distinct_words
from schema.types.organization_filter import (
    POINTS_PER_WORD,
    SEARCH_POINTS,
    FilterArgument,
    OrderByArgument,
    TextArgument,
    build_question,
    narrow_to_region,
)
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument, ListPage, PageInfo, paginate


@strawberry.type(description="A point on the earth, in decimal degrees (WGS 84).")
class Point:
    latitude: float = attribute_field("-90 to 90, north is positive.")
    longitude: float = attribute_field("-180 to 180, east is positive.")


@strawberry.type(description="An area between two parallels and two meridians, in degrees; west > east crosses the antimeridian.")
class BoundingBox:
    south: float = attribute_field("The southern edge.")
    west: float = attribute_field("The western edge.")
    north: float = attribute_field("The northern edge.")
    east: float = attribute_field("The eastern edge.")


if TYPE_CHECKING:
    from schema.types.organization_connection import OrganizationConnection

ContainsKindArgument = Annotated[
    RegionKind | None, strawberry.argument(description="Only regions of this kind; all unless given.")
]
CountByArgument = Annotated[RegionMatch, strawberry.argument(description="Located there, serving it, or either.")]
CountNationwideArgument = Annotated[
    Nationwide, strawberry.argument(description="Whether nationwide organizations count as serving it.")
]

_HIGHEST_CHARACTER = "\U0010ffff"
CONTAINS_POINTS = 20.0  # points for looking through all regions


def _resolve_id(root: regions.Region) -> str:
    return str(GlobalId("Region", root.code))


def _resolve_within(root: regions.Region) -> list[regions.Region]:
    return require_regions(REGIONS.containing_codes(root.code))


def _resolve_contains(root: regions.Region, kind: ContainsKindArgument = None) -> list[regions.Region]:
    return require_regions(REGIONS.contained_codes(root.code, kind))


@lru_cache(maxsize=8_192)  # more than there are regions: a country's takes a box around 40,000 points
def _find_bounds(code: str) -> Box | None:
    return get_gazetteer().get_bounds(code)


def _resolve_bounds(root: regions.Region) -> Box | None:
    return _find_bounds(root.code)


def _resolve_organization_count(
    root: regions.Region,
    info: Info,
    by: CountByArgument = RegionMatch.LOCATED_OR_SERVING,
    nationwide: CountNationwideArgument = Nationwide.INCLUDE,
) -> int:
    return info.context.snapshot.count_region(root.code, by, nationwide)


def _resolve_organizations(
    root: regions.Region,
    info: Info,
    query: TextArgument = None,
    organization_filter: FilterArgument = None,
    order_by: OrderByArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> SearchResult:
    snapshot = info.context.snapshot
    whole = build_question(snapshot, query, organization_filter, order_by, Page(first, after, last, before))
    return snapshot.find(narrow_to_region(whole, root.code))


@strawberry.type(description="A named part of the world: a country, state or county, or several of them together.")
class Region(Node):
    id: strawberry.ID = computed_field(_resolve_id, "Opaque and stable.", cost=COMPUTED_POINTS)
    code: str = attribute_field(
        'What filters name it by: "US", "US-SOUTH", "US-GA" (ISO 3166-2), "US-GA-121" (FIPS), "BAY-AREA".'
    )
    name: str = attribute_field("In English; a county's without its state.")
    kind: RegionKind = attribute_field("What sort of region it is.")
    aliases: list[str] = attribute_field("Other names, in English or Spanish.", length=1)
    within: list["Region"] = computed_field(
        _resolve_within, "All regions that contain it, narrowest first.", cost=COMPUTED_POINTS, length=4
    )
    contains: list["Region"] = computed_field(
        _resolve_contains, "All regions it contains.", cost=CONTAINS_POINTS, length=400, slow=True
    )
    bounds: BoundingBox | None = computed_field(
        _resolve_bounds, "A box around the places in it; null where the gazetteer knows none.", cost=COMPUTED_POINTS
    )
    organization_count: int = computed_field(
        _resolve_organization_count, "How many active members have to do with it.", cost=COUNT_POINTS
    )
    organizations: Annotated["OrganizationConnection", strawberry.lazy("schema.types.organization_connection")] | None = (
        computed_field(
            _resolve_organizations,
            "Organizations that have to do with it; null when refused. `filter.regions.anyOf` is to be left out.",
            cost=SEARCH_POINTS,
            size=PAGE_SIZE,
            words=POINTS_PER_WORD,
        )
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, regions.Region)


@strawberry.type(description="One region of a page.")
class RegionEdge:
    cursor: str = attribute_field("Where it stands in the list.")
    node: Region = attribute_field("The region.")


@strawberry.type(description="A page of regions, by code.")
class RegionConnection:
    edges: list[RegionEdge] = attribute_field("The regions with their cursors.", paged=True)
    nodes: list[Region] = attribute_field("The regions alone.", paged=True)
    page_info: PageInfo = attribute_field("Where the page ends, and whether there is more.")
    total_count: int = attribute_field("How many there are on all pages.")


def require_regions(codes: Iterable[str]) -> list[regions.Region]:
    return [REGIONS.require(code) for code in codes]


def list_regions(query: str | None, kind: RegionKind | None, within: str | None, page: Page) -> ListPage[regions.Region]:
    """Those whose code is `query`, or whose name or an alias begins with its words. Raises UnknownRegion and BadCursor."""
    words = split_distinct_words(query)
    found = require_regions(REGIONS.contained_codes(within, kind)) if within is not None else [*REGIONS]
    called = _find_codes_by_name(words, query or "") if words else None
    found = [one for one in found if (kind is None or one.kind is kind) and (called is None or one.code in called)]
    return paginate(sorted(found, key=_get_code), _get_code, page, "regions", words, kind, within)


def _find_codes_by_name(words: list[str], query: str) -> set[str]:
    """The codes of the regions with a name that has, for each of the words, one that it begins; and the one of this very code."""
    table, common = _build_name_word_table(), None
    for word in sorted(words, key=len, reverse=True):
        start, end = (bisect_left(table, (bound,)) for bound in (word, word + _HIGHEST_CHARACTER))
        names = {name for _, name in table[start:end]}
        common = names if common is None else common & names
        if not common:
            break
    return {code for code, _ in common or ()} | {query.strip().upper()}


@cache
def _build_name_word_table() -> list[tuple[str, tuple[str, int]]]:
    """The folded words of all names, sorted, each with the region's code and the number of the name among its names."""
    names = (
        (name, (region.code, number))
        for region in REGIONS
        for number, name in enumerate((region.name, region.name_es, *region.aliases))
        if name
    )
    return sorted((word, key) for name, key in names for word in fold(name).split())


def _get_code(region: regions.Region) -> str:
    return region.code
