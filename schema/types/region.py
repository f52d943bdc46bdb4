"""Region, with the shapes Point and BoundingBox."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Annotated, Any

import strawberry

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Box
from directory.question import Nationwide, Page, RegionMatch
from directory.text import fold, split_distinct_words
from directory.vocabulary import regions
from directory.vocabulary.choice_labels import choose_label_language
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from schema.context import Info
from schema.fields import COMPUTED_POINTS, COUNT_POINTS, LABEL_POINTS, Dependence, attribute_field, computed_field
from schema.types.global_ids import GlobalId, Node
from schema.types.organizations_field import narrow_to_region, narrowed_organizations_field
from schema.types.pagination import ListPage, PageInfo, paginate

CONTAINS_POINTS = 40.0  # for a scan of all regions
EXACT_DIGITS = 4  # of the position of a region with exactly the name of a query
BOUNDS_CACHE_SIZE = 8_192  # more than there are regions
_HIGHEST_CHARACTER = "\U0010ffff"

ContainsKindArgument = Annotated[
    RegionKind | None, strawberry.argument(description="Return only regions of this kind. Without it, regions of all kinds.")
]
NameLanguageArgument = Annotated[
    str, strawberry.argument(description='A BCP 47 tag, such as "es". The name is in English if there is none in this language.')
]
CountByArgument = Annotated[
    RegionMatch, strawberry.argument(description="Count organizations located in the region, serving it, or either.")
]
CountNationwideArgument = Annotated[
    Nationwide, strawberry.argument(description="Whether nationwide organizations count as serving the region.")
]


@strawberry.type(description="A point on the earth, in decimal degrees (WGS 84).")
class Point:
    latitude: float = attribute_field("The latitude, -90 to 90. North is positive.")
    longitude: float = attribute_field("The longitude, -180 to 180. East is positive.")


@strawberry.type(
    description="A box of latitudes and longitudes, in decimal degrees. If `west` > `east`, it crosses the antimeridian."
)
class BoundingBox:
    south: float = attribute_field("The latitude of the southern edge.")
    west: float = attribute_field("The longitude of the western edge.")
    north: float = attribute_field("The latitude of the northern edge.")
    east: float = attribute_field("The longitude of the eastern edge.")


def _resolve_id(root: regions.Region) -> str:
    return str(GlobalId("Region", root.code))


def _resolve_name(root: regions.Region, language: NameLanguageArgument = "en") -> str:
    return (root.name_es if choose_label_language(language) == "es" else None) or root.name


def _resolve_within(root: regions.Region) -> list[regions.Region]:
    return require_regions(REGIONS.containing_codes(root.code))


def _resolve_contains(root: regions.Region, kind: ContainsKindArgument = None) -> list[regions.Region]:
    return require_regions(REGIONS.contained_codes(root.code, kind))


@lru_cache(maxsize=BOUNDS_CACHE_SIZE)  # the box of a country takes a pass over 40,000 points
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


@strawberry.type(description="A country, state or county, or a named group of them such as the Bay Area.")
class Region(Node):
    id: strawberry.ID = computed_field(_resolve_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    code: str = attribute_field(
        'The code used in filters: "US", "US-SOUTH", "US-GA" (ISO 3166-2), "US-GA-121" (state and FIPS code) or "BAY-AREA".'
    )
    name: str = computed_field(_resolve_name, "The name to display. A county is named without its state.", cost=LABEL_POINTS)
    kind: RegionKind = attribute_field("The kind of region.")
    aliases: list[str] = attribute_field("Other names, in English or Spanish.", length=1)
    within: list["Region"] = computed_field(
        _resolve_within, "All regions that contain this one, smallest first.", cost=COMPUTED_POINTS, length=4
    )
    contains: list["Region"] = computed_field(
        _resolve_contains, "All regions inside this one, at every level.", cost=CONTAINS_POINTS, length=400
    )
    bounds: BoundingBox | None = computed_field(
        _resolve_bounds, "A box around the places in the region; null if the gazetteer has none.", cost=COMPUTED_POINTS
    )
    organization_count: int = computed_field(
        _resolve_organization_count,
        "The number of active members located in the region or serving it.",
        cost=COUNT_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )
    organizations: Any = narrowed_organizations_field(
        "Search organizations in this region. `filter.regions.anyOf` must be empty here.", narrow_to_region
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, regions.Region)


@strawberry.type(description="One region on a page, with its cursor.")
class RegionEdge:
    cursor: str = attribute_field("The position of the region in the list.")
    node: Region = attribute_field("The region.")


@strawberry.type(description="A page of regions, ordered by code. Those with exactly the words of `query` come first.")
class RegionConnection:
    edges: list[RegionEdge] = attribute_field("The regions with their cursors.", is_page=True)
    nodes: list[Region] = attribute_field("The regions without their cursors.", is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field("The number of regions on all pages.")


def require_regions(codes: Iterable[str]) -> list[regions.Region]:
    """Return the regions with these codes. Raises UnknownRegion."""
    return [REGIONS.require(code) for code in codes]


def list_regions(query: str | None, kind: RegionKind | None, within: str | None, page: Page) -> ListPage[regions.Region]:
    """Return the regions whose code or state abbreviation is `query`, or with a name that has words beginning with its words.

    Regions that are called exactly `query` come first, those of the United States before others: "GA" is Georgia, then Gabon. The
    others are ordered by code. `within` limits them to those inside a region. Raises UnknownRegion and BadCursor.
    """
    words = split_distinct_words(query)
    candidates = require_regions(REGIONS.contained_codes(within, kind)) if within is not None else [*REGIONS]
    exact = [region.code for region in REGIONS.find(query or "")] if words else []
    codes = _find_codes_by_name(words) | {*exact} if words else None
    matches = [
        region for region in candidates if (kind is None or region.kind is kind) and (codes is None or region.code in codes)
    ]
    positions = {code: f"{position:0{EXACT_DIGITS}}" for position, code in enumerate(exact)}

    def get_sort_key(region: regions.Region) -> str:
        """Return the position of a region that is called exactly `query`, or the code: digits sort before letters."""
        return positions.get(region.code, region.code)

    return paginate(sorted(matches, key=get_sort_key), get_sort_key, page, "regions", words, kind, within, *exact)


def _find_codes_by_name(words: list[str]) -> set[str]:
    """Return the codes of regions with a name in which each word begins a word."""
    table, common = _build_name_word_table(), None
    for word in sorted(words, key=len, reverse=True):
        start, end = (bisect_left(table, (bound,)) for bound in (word, word + _HIGHEST_CHARACTER))
        names = {name for _, name in table[start:end]}
        common = names if common is None else common & names
        if not common:
            break
    return {code for code, _ in common or ()}


@cache
def _build_name_word_table() -> list[tuple[str, tuple[str, int]]]:
    """Return the folded words of all names, sorted, each with the code of the region and the number of the name in it."""
    names = (
        (name, (region.code, number))
        for region in REGIONS
        for number, name in enumerate((region.name, region.name_es, *region.aliases))
        if name
    )
    return sorted((word, key) for name, key in names for word in fold(name).split())
