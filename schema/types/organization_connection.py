"""OrganizationConnection: the result of a search, with the reasons for each match, facets and a map."""

from typing import Annotated

import strawberry

from directory.filters.filter_parts import FilterPart as Part
from directory.filters.query_strings import format_query_string
from directory.geo import KM_PER_MILE, Precision
from directory.records import Organization as Record
from directory.search import relaxations, search_result
from directory.search.map_view import DEFAULT_MARK_LIMIT, MAX_MARK_LIMIT, MAX_ZOOM, MapView
from directory.search.region_sets import RegionReason
from directory.search.search_result import Hit, HitPage, SearchResult
from directory.search.text.text_match import TextTier
from directory.vocabulary.terms import ISSUE_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, READ_POINTS, Dependence, ListSize, attribute_field, computed_field
from schema.types.enums import DistanceUnit
from schema.types.facets import OrganizationFacets
from schema.types.filter_part import PARTS_POINTS, QUESTION_POINTS, FilterPart, Relaxation, list_parts
from schema.types.issue_area import IssueArea
from schema.types.organization import Organization
from schema.types.organization_filter import BoundingBoxInput, build_box
from schema.types.pagination import PageInfo
from schema.types.region import BoundingBox, Point
from schema.types.understanding import Understanding

CONNECTION_POINTS = 0.3  # one part of the result
HIGHLIGHTS_POINTS = 6.0
REASON_POINTS = 0.2
DISTANCE_POINTS = 0.3
MAP_POINTS, MAP_POINTS_PER_THOUSAND = 8.0, 0.4
RELAXATIONS_POINTS = 250.0
MARKS_SIZE = ListSize(("limit",), DEFAULT_MARK_LIMIT, MAX_MARK_LIMIT)
DISTANCE_DECIMALS = 2  # of a kilometer or mile, as no place is known more precisely than that

UnitArgument = Annotated[DistanceUnit, strawberry.argument(description="The unit of the distance.")]
ViewArgument = Annotated[
    BoundingBoxInput | None, strawberry.argument(description="The visible area of the map. Without it, the whole world.")
]
ZoomArgument = Annotated[
    float | None,
    strawberry.argument(
        description=f"The zoom level of the map, 0 to {MAX_ZOOM}. At lower levels, more organizations share a mark."
    ),
]
MarkLimitArgument = Annotated[int | None, strawberry.argument(description=f"The maximum number of marks, 1 to {MAX_MARK_LIMIT}.")]


@strawberry.type(description="A piece of a highlighted text.")
class TextSegment:
    text: str = attribute_field("The text.")
    matched: bool = attribute_field("Whether this text matches a word of the search and should be highlighted.")


@strawberry.type(description="A text of an organization with the words that match the search.")
class Highlight:
    field: str = attribute_field("The field of Organization that contains the text.")
    segments: list[TextSegment] = attribute_field(
        "The text, split into matching and other segments. Join them to get the whole text.", length=3
    )


def _resolve_matched_issue_area(root: search_result.IssueAreaMatch) -> Term:
    return ISSUE_AREAS.require(root.issue_area)


def _resolve_through(root: search_result.IssueAreaMatch) -> Term | None:
    return ISSUE_AREAS.require(root.broader_term) if root.broader_term else None


@strawberry.type(description="An issue area of an organization that matches the filter.")
class IssueAreaMatch:
    issue_area: IssueArea = computed_field(
        _resolve_matched_issue_area, "The issue area that the organization works on.", cost=COMPUTED_POINTS
    )
    through: IssueArea | None = computed_field(
        _resolve_through,
        "The broader issue area in the filter that includes it; null if the filter names the issue area itself.",
        cost=COMPUTED_POINTS,
    )


@strawberry.type(description="Why an organization matches. A part is null or empty if the search did not ask for it.")
class Match:
    tier: TextTier | None = attribute_field("Where the words of the search were found.")
    highlights: list[Highlight] = attribute_field(
        "The texts in which words of the search were found.", cost=HIGHLIGHTS_POINTS, length=2
    )
    region_reason: RegionReason | None = attribute_field(
        "The strongest connection to the regions in the filter.", cost=REASON_POINTS
    )
    issue_areas: list[IssueAreaMatch] = attribute_field("The issue areas that match the filter.", cost=REASON_POINTS, length=1)


@strawberry.type(description="A mark on the map: one organization, or several that are close together.")
class MapMark:
    point: Point = attribute_field("Where to draw the mark.")
    count: int = attribute_field("The number of organizations in the mark.")
    bounds: BoundingBox = attribute_field("The box around the published points of these organizations.")
    organization: Organization | None = attribute_field("The organization, if the mark has only one.")
    precision: Precision | None = attribute_field(
        "How precisely the place of the organization is published, if the mark has only one."
    )


@strawberry.type(description="Matches with a published point in the visible area, grouped into marks.")
class OrganizationMap:
    marks: list[MapMark] = attribute_field("The marks, largest first.", is_page=True)
    bounds: BoundingBox | None = attribute_field("The box around all matches with a published point; null if there are none.")
    without_point: int = attribute_field("The number of matches that no map can show because they have no published point.")


def _resolve_distance(root: Hit, unit: UnitArgument = DistanceUnit.KILOMETER) -> float | None:
    km = root.distance_km
    if km is None:
        return None
    return round(km if unit is DistanceUnit.KILOMETER else km / KM_PER_MILE, DISTANCE_DECIMALS)


def _resolve_node(root: Hit) -> Record:
    return root.organization


@strawberry.type(description="One organization on a page, with its cursor and the reasons it matches.")
class OrganizationEdge:
    cursor: str = attribute_field("The position of the organization in the results.")
    node: Organization = computed_field(_resolve_node, "The organization.", cost=READ_POINTS)
    distance: float | None = computed_field(
        _resolve_distance,
        "The distance from the place in `near` to the nearest published point; null without `near` or without a point.",
        cost=DISTANCE_POINTS,
    )
    match: Match = attribute_field("Why the organization matches.")


def _resolve_edges(root: SearchResult) -> list[Hit]:
    return root.page.hits


def _resolve_nodes(root: SearchResult) -> list[Record]:
    return [hit.organization for hit in root.page.hits]


def _resolve_page_info(root: SearchResult) -> HitPage:
    return root.page


def _resolve_total_count(root: SearchResult) -> int:
    return root.total


def _resolve_facets(root: SearchResult) -> SearchResult:
    return root


def _resolve_map(
    root: SearchResult, within: ViewArgument = None, zoom: ZoomArgument = None, limit: MarkLimitArgument = DEFAULT_MARK_LIMIT
) -> MapView:
    return root.build_map(build_box(within) if within else None, zoom, DEFAULT_MARK_LIMIT if limit is None else limit)


def _resolve_relaxations(root: SearchResult, info: Info) -> list[relaxations.Relaxation]:
    if info.context.single_use_fields:
        info.context.single_use_fields.claim("relaxations")
    return root.relaxations


def _resolve_question(root: SearchResult) -> list[Part]:
    return list_parts(root.question)


def _resolve_search(root: SearchResult) -> str:
    return format_query_string(root.question)


def _resolve_version(info: Info) -> str:
    return info.context.snapshot.version


@strawberry.type(description="The result of a search: a page of organizations, and summaries of all matches.")
class OrganizationConnection:
    edges: list[OrganizationEdge] = computed_field(
        _resolve_edges,
        "The organizations on this page, with cursors, distances and match reasons.",
        cost=CONNECTION_POINTS,
        is_page=True,
    )
    nodes: list[Organization] = computed_field(
        _resolve_nodes, "The organizations on this page.", cost=CONNECTION_POINTS, is_page=True
    )
    page_info: PageInfo = computed_field(
        _resolve_page_info, "The cursors of the page, and whether there are more pages.", cost=CONNECTION_POINTS
    )
    total_count: int = computed_field(_resolve_total_count, "The number of matches on all pages.", cost=CONNECTION_POINTS)
    facets: OrganizationFacets = computed_field(
        _resolve_facets, "The number of matches for each value that could be added to the filter.", cost=READ_POINTS
    )
    map: OrganizationMap = computed_field(
        _resolve_map,
        "All matches with a published point in the visible area, grouped into at most `limit` marks.",
        cost=MAP_POINTS,
        size=MARKS_SIZE,
        points_per_thousand=MAP_POINTS_PER_THOUSAND,
        depends_on=Dependence.REQUEST,
    )
    relaxations: list[Relaxation] = computed_field(
        _resolve_relaxations,
        "If nothing matches: ways to loosen the search, with the number of matches for each. Can be selected once per request.",
        cost=RELAXATIONS_POINTS,
        length=4,
        is_slow=True,
    )
    question: list[FilterPart] = computed_field(
        _resolve_question, "The search as a list of parts, to display as removable chips.", cost=PARTS_POINTS, length=3
    )
    search: str = computed_field(
        _resolve_search,
        "The whole search, of all arguments together, as a canonical query string, for URLs and for `organizations(search:)`.",
        cost=QUESTION_POINTS,
    )
    understanding: Understanding | None = attribute_field("How `words` was understood; null without it.")
    version: str = computed_field(
        _resolve_version,
        "The version of the directory that produced this result; see `Network.version`.",
        cost=READ_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )
