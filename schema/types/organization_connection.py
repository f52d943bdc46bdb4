"""Match: why an organization is among the answers."""

from typing import Annotated

import strawberry

from directory.filters.filter_parts import FilterPart as Part
from directory.filters.filter_parts import list_filter_parts
from directory.geo import KM_PER_MILE, Precision
from directory.records import Organization as Record
from directory.search import relaxations, search_result
from directory.search.map_view import DEFAULT_MARK_LIMIT, MAX_MARK_LIMIT, MAX_ZOOM, MapView
from directory.search.region_sets import RegionReason
from directory.search.search_result import Hit, SearchResult
from directory.search.text.text_match import TextTier
from directory.vocabulary.terms import ISSUE_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, READ_POINTS, ListSize, attribute_field, computed_field
from schema.types.enums import DistanceUnit
from schema.types.facets import OrganizationFacets
from schema.types.filter_part import QUESTION_POINTS, FilterPart, Relaxation
from schema.types.issue_area import IssueArea
from schema.types.organization import Organization
from schema.types.organization_filter import BoundingBoxInput, build_box
from schema.types.pagination import PageInfo, PageInfoRecord, build_page_info
from schema.types.region import BoundingBox, Point


@strawberry.type(description="A stretch of text.")
class TextSegment:
    text: str = attribute_field("The text.")
    matched: bool = attribute_field("Whether it is what the question's words found.")


@strawberry.type(description="A field in which words of the question were found.")
class Highlight:
    field: str = attribute_field("The field of Organization.")
    segments: list[TextSegment] = attribute_field("Its text, cut where matched and other text meet.", length=3)


def _resolve_matched_issue_area(root: search_result.IssueAreaMatch) -> Term:
    return ISSUE_AREAS.require(root.issue_area)


def _resolve_through(root: search_result.IssueAreaMatch) -> Term | None:
    return ISSUE_AREAS.require(root.broader_term) if root.broader_term else None


@strawberry.type(description="An issue area of the organization that the question asked for.")
class IssueAreaMatch:
    issue_area: IssueArea = computed_field(
        _resolve_matched_issue_area, "The one that the organization works on.", cost=COMPUTED_POINTS
    )
    through: IssueArea | None = computed_field(
        _resolve_through, "The broader one that was asked for; null when it was asked for itself.", cost=COMPUTED_POINTS
    )


@strawberry.type(description="Why an organization is here. Each part is there only where the question asked for it.")
class Match:
    tier: TextTier | None = attribute_field("Where the words were found.")
    highlights: list[Highlight] = attribute_field("The fields in which they were found.", length=2)
    region_reason: RegionReason | None = attribute_field("Its strongest tie to the regions asked for.")
    issue_areas: list[IssueAreaMatch] = attribute_field("Those of its issue areas that were asked for.", length=1)


@strawberry.type(description="One mark of a map: one organization, or several that lie close together.")
class MapMark:
    point: Point = attribute_field("Where to draw it.")
    count: int = attribute_field("How many organizations it stands for.")
    bounds: BoundingBox = attribute_field("The box around their published points.")
    organization: Organization | None = attribute_field("The organization, when it is one.")
    precision: Precision | None = attribute_field("How exactly its place is told, when it is one.")


@strawberry.type(description="The matches with a published point in view, gathered into marks.")
class OrganizationMap:
    marks: list[MapMark] = attribute_field("The marks, the largest first.", paged=True)
    bounds: BoundingBox | None = attribute_field("The box around all matches with a published point; null when there are none.")
    without_point: int = attribute_field("How many matches no map can show, because they publish no point.")


CONNECTION_POINTS = 2.0  # points for a part of the answer; the first of them is paid with the question
MATCH_POINTS = 20.0
DISTANCE_POINTS = 3.0
MAP_POINTS = 50.0
RELAXATIONS_POINTS = 600.0
MARKS_SIZE = ListSize(("limit",), DEFAULT_MARK_LIMIT, MAX_MARK_LIMIT)

DISTANCE_DECIMALS = 2  # of a kilometre or mile: no place is known more exactly than a street

UnitArgument = Annotated[DistanceUnit, strawberry.argument(description="What to count in.")]
ViewArgument = Annotated[BoundingBoxInput | None, strawberry.argument(description="What is in view; everything unless given.")]
ZoomArgument = Annotated[
    float | None,
    strawberry.argument(description=f"The map's zoom level, 0 to {MAX_ZOOM}: the lower, the more lies in one mark."),
]
MarkLimitArgument = Annotated[int | None, strawberry.argument(description=f"How many marks at most, 1 to {MAX_MARK_LIMIT}.")]


def _resolve_distance(root: Hit, unit: UnitArgument = DistanceUnit.KILOMETER) -> float | None:
    km = root.distance_km
    if km is None:
        return None
    return round(km if unit is DistanceUnit.KILOMETER else km / KM_PER_MILE, DISTANCE_DECIMALS)


def _resolve_node(root: Hit) -> Record:
    return root.organization


@strawberry.type(description="One organization of a page, and why it is here.")
class OrganizationEdge:
    cursor: str = attribute_field("Where it stands in the list.")
    node: Organization = computed_field(_resolve_node, "The organization.", cost=READ_POINTS)
    distance: float | None = computed_field(
        _resolve_distance,
        "From the origin to its nearest published point; null without `near` or without a point.",
        cost=DISTANCE_POINTS,
    )
    match: Match = attribute_field("Why it is here.", cost=MATCH_POINTS)


def _resolve_edges(root: SearchResult) -> list[Hit]:
    return root.page.hits


def _resolve_nodes(root: SearchResult) -> list[Record]:
    return [hit.organization for hit in root.page.hits]


def _resolve_page_info(root: SearchResult) -> PageInfoRecord:
    page = root.page
    return build_page_info([hit.cursor for hit in page.hits], page.has_next, page.has_previous)


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


def _resolve_question(root: SearchResult) -> tuple[Part, ...]:
    return list_filter_parts(root.question)


def _resolve_version(root: SearchResult, info: Info) -> str:
    return info.context.snapshot.version


@strawberry.type(description="The answer to one question: a page of organizations, and what there is to know of all of them.")
class OrganizationConnection:
    edges: list[OrganizationEdge] = computed_field(
        _resolve_edges, "The organizations of the page with cursors and reasons.", cost=CONNECTION_POINTS, paged=True
    )
    nodes: list[Organization] = computed_field(
        _resolve_nodes, "The organizations of the page alone.", cost=CONNECTION_POINTS, paged=True
    )
    page_info: PageInfo = computed_field(
        _resolve_page_info, "Where the page ends, and whether there is more.", cost=CONNECTION_POINTS
    )
    total_count: int = computed_field(_resolve_total_count, "How many match, on all pages.", cost=CONNECTION_POINTS)
    facets: OrganizationFacets = computed_field(
        _resolve_facets, "How many organizations each further choice would leave.", cost=READ_POINTS
    )
    map: OrganizationMap = computed_field(
        _resolve_map,
        "All matches with a published point in view, gathered into at most `limit` marks.",
        cost=MAP_POINTS,
        size=MARKS_SIZE,
        slow=True,
    )
    relaxations: list[Relaxation] = computed_field(
        _resolve_relaxations,
        "Only when nothing matched: what to drop, and how many that would give. Once per request.",
        cost=RELAXATIONS_POINTS,
        length=4,
        slow=True,
    )
    question: list[FilterPart] = computed_field(
        _resolve_question, "The question as parts that a page can show and remove.", cost=QUESTION_POINTS, length=3
    )
    version: str = computed_field(_resolve_version, "The state of the directory, as you see it, that answered.", cost=READ_POINTS)
