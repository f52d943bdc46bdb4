"""Coverage: who works on which theme in which region, and where the gaps are."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import strawberry
from msgspec import Struct

from directory.errors import BadInput
from directory.partners.coverage import cells
from directory.partners.coverage import coverage as core
from directory.partners.coverage.gaps import Gap, Gaps
from directory.partners.coverage.question import MAX_CELLS, CountingRule, CoverageQuestion
from directory.partners.coverage.question import CoverageGoal as Goal
from directory.question import Nationwide, Page, RegionMatch
from directory.vocabulary.region_files import RegionKind
from schema.context import Info
from schema.fields import (
    Dependence,
    InputPrice,
    ListSize,
    attribute_field,
    computed_field,
    input_field,
)
from schema.types.condition_prices import FILTER_PRICE, SEARCH_PRICE
from schema.types.coverage_cell import CoverageCell, CoverageGap, CoverageRow
from schema.types.facets import FacetCount
from schema.types.organizations_field import (
    POINTS_PER_WORD,
    FilterArgument,
    SearchArgument,
    TextArgument,
    build_unordered_question,
)
from schema.types.pagination import AfterArgument, ListEdge, PageInfo, PageInfoRecord, paginate
from schema.types.partner_enums import CoverageFacet
from schema.types.region import Region

CELLS_SIZE = ListSize(("first",), 100, 1_000)
GAPS_SIZE = ListSize(("first",), 20, 100)
COVERAGE_POINTS, COVERAGE_POINTS_PER_THOUSAND = 160.0, 14.0
PAST_DAY = "past day"
COUNTIES, MANY_REGIONS = "matrix of counties", "matrix of metropolitan areas or custom regions"
_VOCABULARY_POSITION_DIGITS = 4


class CellList(Struct, frozen=True):
    """The record behind CoverageCellConnection."""

    edges: list[ListEdge[cells.CoverageCell]]
    total_count: int
    page_info: PageInfoRecord

    @property
    def nodes(self) -> list[cells.CoverageCell]:
        return [edge.node for edge in self.edges]


class CellPage(Page, frozen=True):
    """A page of cells, which can be longer than other pages."""

    MAX_SIZE: ClassVar[int] = CELLS_SIZE.most


ValuesArgument = Annotated[
    list[str] | None,
    strawberry.argument(
        description="The terms that are rows, by slug. Without it, every term that a counted member has. "
        "A term that nobody has stays a row if it is named here."
    ),
]
FacetArgument = Annotated[CoverageFacet, strawberry.argument(description="The vocabulary whose terms are the rows.")]
RegionKindArgument = Annotated[RegionKind, strawberry.argument(description="The kind of the regions.")]
CoverageWithinArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The code of a region: only regions inside it. Without it, those of every country in which a counted member "
        "is located or that it serves."
    ),
]
AsOfArgument = Annotated[
    dt.date | None,
    strawberry.argument(
        description="Count the members of a past day, at its start in UTC. The past is judged by what you may see today: "
        "organizations that are new since then, were hidden meanwhile or are not listed any more are not counted. Issue areas, "
        "communities, ways of working and languages count if an organization had them then and still has them. Places, regions "
        "served and texts are those of today. Without it, the members of now. Searches always find the members of now."
    ),
]
CellsFirstArgument = Annotated[
    int | None,
    strawberry.argument(description=f"The number of cells, 1 to {CELLS_SIZE.most:,}, {CELLS_SIZE.default} by default."),
]
GapsFirstArgument = Annotated[
    int | None, strawberry.argument(description=f"The number of gaps, 1 to {GAPS_SIZE.most}. The largest come first.")
]


@strawberry.input(description="What every cell should reach. Each cell with fewer organizations is a gap.")
class CoverageGoal:
    at_least: int = input_field("The number of organizations, 1 to 1,000. An organization and its branches count once.")
    by: RegionMatch = input_field(
        "Count organizations located in the region, serving it, or either.", default=RegionMatch.LOCATED_OR_SERVING
    )
    nationwide: Nationwide = input_field(
        "Whether nationwide organizations count as serving a region.", default=Nationwide.EXCLUDE
    )


GoalArgument = Annotated[
    CoverageGoal | None,
    strawberry.argument(
        description="The goal that gaps are measured against. Without it, each row is measured against its median: "
        "what half of its regions reach, but at least 1."
    ),
]


@strawberry.type(description="One cell on a page, with its cursor.")
class CoverageCellEdge:
    cursor: str = attribute_field("The position of the cell in the matrix.")
    node: CoverageCell = attribute_field("The cell.")


@strawberry.type(description="A page of cells that have a member, by row in the order of the vocabulary, then by region code.")
class CoverageCellConnection:
    edges: list[CoverageCellEdge] = attribute_field("The cells with their cursors.", is_page=True)
    nodes: list[CoverageCell] = attribute_field("The cells without their cursors.", is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field(f"The number of cells that have a member. At most {MAX_CELLS:,}.")


def _resolve_cells(root: core.Coverage, first: CellsFirstArgument = None, after: AfterArgument = None) -> CellList:
    question = root.question
    positions = {slug: position for position, slug in enumerate(question.facet.vocabulary.terms)}

    def get_key(position: int) -> str:
        row, region = divmod(position, len(root.codes))
        return f"{positions[root.rows[row].value]:0{_VOCABULARY_POSITION_DIGITS}} {root.codes[region]}"

    page = CellPage(CELLS_SIZE.default if first is None else first, after)
    parts: list[object] = [
        question.facet,
        question.values,
        question.region_kind,
        question.within,
        question.question.fingerprint.hex(),
    ]
    parts += [question.as_of] if question.as_of else []
    listed = paginate(root.positions, get_key, page, "coverage", *parts)
    edges = [ListEdge(edge.cursor, root.get_cell(edge.node)) for edge in listed.edges]
    return CellList(edges, listed.total_count, listed.page_info)


def _resolve_gaps(root: core.Coverage, first: GapsFirstArgument = GAPS_SIZE.default) -> list[Gap]:
    count = GAPS_SIZE.default if first is None else first
    if not 1 <= count <= GAPS_SIZE.most:
        raise BadInput(f"`first` must be from 1 to {GAPS_SIZE.most}; you passed {count}.", argument="first", value=count)
    return Gaps(root).list_first(count)


def _resolve_gap_count(root: core.Coverage) -> int:
    return len(Gaps(root))


@strawberry.type(
    description="A matrix of themes and regions: who does what where. Members count if they match the arguments and you see them."
)
class Coverage:
    rows: list[CoverageRow] = attribute_field("The rows, in the order of the vocabulary.", length=44)
    regions: list[Region] = attribute_field("The regions, by code.", cost=1.0, length=60)
    cells: CoverageCellConnection | None = computed_field(
        _resolve_cells, "The cells that have a member. Empty cells are left out.", cost=20.0, size=CELLS_SIZE
    )
    gaps: list[CoverageGap] | None = computed_field(
        _resolve_gaps,
        "The largest gaps, by the share of the target that is missing, then by the number missing. Empty cells are among them.",
        cost=60.0,
        size=GAPS_SIZE,
        points_per_thousand=2.0,
    )
    gap_count: int = computed_field(_resolve_gap_count, "The number of gaps.", cost=60.0, points_per_thousand=2.0)
    region_unknown: list[FacetCount] = attribute_field(
        "By row, the number of members that state neither a location nor a service area. Rows without any are left out.",
        cost=4.0,
        points_per_thousand=0.3,
        length=10,
    )


def _count_past_days(value: Any) -> Mapping[str, float]:
    return {PAST_DAY: value is not None}


def _count_regions(value: Any) -> Mapping[str, float]:
    return {COUNTIES: value == RegionKind.COUNTY, MANY_REGIONS: value in (RegionKind.METRO_AREA, RegionKind.CUSTOM)}


def _resolve_coverage(
    info: Info,
    facet: FacetArgument = CoverageFacet.ISSUE_AREA,
    values: ValuesArgument = None,
    goal: GoalArgument = None,
    as_of: AsOfArgument = None,
    region_kind: RegionKindArgument = RegionKind.STATE,
    within: CoverageWithinArgument = None,
    query: TextArgument = None,
    search: SearchArgument = None,
    organization_filter: FilterArgument = None,
) -> core.Coverage:
    context = info.context
    question = CoverageQuestion(
        facet=facet,
        values=tuple(values or ()),
        region_kind=region_kind,
        within=within,
        question=build_unordered_question(context.snapshot, query, search, organization_filter),
        rule=CountingRule(goal.by, goal.nationwide) if goal else CountingRule(),
        goal=Goal(goal.at_least) if goal else None,
        as_of=as_of,
    )
    return core.Coverage(context.snapshot, question, context.now.date())


def coverage_field(description: str) -> Any:
    """Declare the field of the root. It is null if the question is refused."""
    return computed_field(
        _resolve_coverage,
        description,
        cost=COVERAGE_POINTS,
        graphql_type=Coverage | None,
        depends_on=Dependence.REQUEST,
        points_per_word=POINTS_PER_WORD,
        points_per_thousand=COVERAGE_POINTS_PER_THOUSAND,
        points_by_input={
            "filter": FILTER_PRICE,
            "search": SEARCH_PRICE,
            "asOf": InputPrice(_count_past_days, {PAST_DAY: (400.0, 60.0)}),
            "regionKind": InputPrice(_count_regions, {COUNTIES: (1_200.0, 60.0), MANY_REGIONS: (80.0, 8.0)}),
        },
    )
