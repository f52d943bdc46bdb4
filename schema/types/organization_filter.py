"""The filter and order of a search for organizations, and their conversion to a Question."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
import strawberry
from strawberry.types.lazy_type import LazyType

from directory import question as core
from directory.errors import BadInput
from directory.geo import Box
from directory.question import Nationwide, OrderField, Page, Question, RegionMatch
from directory.records import MembershipStatus, OrganizationKind
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot
from directory.vocabulary.region_files import Region
from directory.vocabulary.terms import Term
from schema.context import Info
from schema.fields import PAGE_SIZE, Dependence, computed_field, input_field
from schema.types.enums import OrderDirection
from schema.types.near_filter import NearFilter, build_near
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument

MAX_FILTER_VALUES = 200  # in one list of a filter
SEARCH_POINTS, SEARCH_POINTS_PER_THOUSAND = 3.0, 0.25  # a search; the fields of its result are priced separately
POINTS_PER_WORD = {"query": 7.0}
T = TypeVar("T")


@strawberry.input(description="Terms of one vocabulary, by slug. All conditions must be met.")
class TermFilter:
    any_of: list[str] | None = input_field("The organization has at least one of these terms.", default=None)
    all_of: list[str] | None = input_field("The organization has every one of these terms.", default=None)
    none_of: list[str] | None = input_field("The organization has none of these terms.", default=None)
    narrower: bool = input_field("Whether each term includes all narrower terms.", default=True)


@strawberry.input(description="Regions, by code. All conditions must be met.")
class RegionFilter:
    any_of: list[str] | None = input_field(
        'The organization matches at least one of these regions. Include the country: "US-GA" is Georgia, "GA" is Gabon.',
        default=None,
    )
    none_of: list[str] | None = input_field("The organization matches none of these regions.", default=None)
    by: RegionMatch = input_field(
        "What counts as a match: being located in the region, serving it, or either.", default=RegionMatch.LOCATED_OR_SERVING
    )
    nationwide: Nationwide = input_field(
        "Whether nationwide organizations count as serving a region.", default=Nationwide.INCLUDE
    )


@strawberry.input(
    description="A box of latitudes and longitudes, in decimal degrees. If `west` > `east`, it crosses the antimeridian."
)
class BoundingBoxInput:
    south: float = input_field("The latitude of the southern edge, -90 to 90, at most `north`.")
    west: float = input_field("The longitude of the western edge, -180 to 180.")
    north: float = input_field("The latitude of the northern edge, -90 to 90.")
    east: float = input_field("The longitude of the eastern edge, -180 to 180.")


@strawberry.input(description="Conditions for organizations. All conditions must be met.")
class OrganizationFilter:
    issue_areas: TermFilter | None = input_field("Topics the organization works on.", default=None)
    communities: TermFilter | None = input_field("Communities the organization serves.", default=None)
    work_areas: TermFilter | None = input_field("Kinds of work the organization does.", default=None)
    languages: TermFilter | None = input_field("Languages the organization works in, by BCP 47 tag.", default=None)
    kinds: list[OrganizationKind] | None = input_field("The organization is of one of these kinds.", default=None)
    membership: list[MembershipStatus] | None = input_field(
        "The organization has one of these membership statuses. Defaults to ACTIVE.", default=None
    )
    regions: RegionFilter | None = input_field("Regions where the organization is located or that it serves.", default=None)
    near: NearFilter | None = input_field("A place to measure distances from, with an optional radius.", default=None)
    within: BoundingBoxInput | None = input_field("A published point of the organization is in this box.", default=None)
    location_stated: bool | None = input_field(
        "true: only organizations with a published location; false: only those without one.", default=None
    )
    verified_since: dt.date | None = input_field("The record was confirmed on this day or later.", default=None)
    joined_since: dt.date | None = input_field("The organization joined the network on this day or later.", default=None)


@strawberry.input(description="The order of a list of organizations.")
class OrganizationOrder:
    field: OrderField = input_field("The property to sort by.")
    direction: OrderDirection = input_field("The direction to sort in.", default=OrderDirection.ASCENDING)


TextArgument = Annotated[
    str | None,
    strawberry.argument(
        description="Words to search for. All must match, directly or as a synonym of a term. "
        'Put a phrase in quotes: "fair housing". At most 500 characters.'
    ),
]
FilterArgument = Annotated[
    OrganizationFilter | None,
    strawberry.argument(name="filter", description="Which organizations to return. Without it, all active members."),
]
OrderByArgument = Annotated[
    OrganizationOrder | None, strawberry.argument(description="The order of the results. Without it, by relevance.")
]

_NO_TERMS, _NO_REGIONS = core.TermFilter(), core.RegionFilter()
# A name instead of an import: OrganizationConnection contains IssueArea and Region, which contain it.
_CONNECTION_TYPE = LazyType[Any, Any]("OrganizationConnection", "schema.types.organization_connection") | None


def organizations_field(description: str, narrow: Callable[[Question, Any], Question] | None = None) -> Any:
    """Declare a field that runs a search and returns an OrganizationConnection; null if the search is refused.

    `narrow` limits the question to the record that has the field. Without it, the search is not limited.
    """

    def resolve_organizations(
        root: Any,
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
        question = build_question(snapshot, query, organization_filter, order_by, Page(first, after, last, before))
        return snapshot.find(narrow(question, root) if narrow else question)

    return computed_field(
        resolve_organizations,
        description,
        cost=SEARCH_POINTS,
        size=PAGE_SIZE,
        points_per_word=POINTS_PER_WORD,
        points_per_thousand=SEARCH_POINTS_PER_THOUSAND,
        graphql_type=_CONNECTION_TYPE,
        depends_on=Dependence.REQUEST,
        keeps=_consists_of_choices,
    )


def _consists_of_choices(result: SearchResult) -> bool:
    return result.question.consists_of_choices


def build_question(
    snapshot: Snapshot,
    query: str | None,
    organization_filter: OrganizationFilter | None,
    order: OrganizationOrder | None,
    page: Page,
) -> Question:
    """Convert the arguments of a search to a Question. `snapshot` locates the organization of `near`.

    Raises BadInput or one of its subclasses.
    """
    organization_filter = organization_filter or OrganizationFilter()
    return Question(
        text=query or "",
        issue_areas=_build_term_filter(organization_filter.issue_areas, "issueAreas"),
        communities=_build_term_filter(organization_filter.communities, "communities"),
        work_areas=_build_term_filter(organization_filter.work_areas, "workAreas"),
        languages=_build_term_filter(organization_filter.languages, "languages"),
        kinds=_check_list_length(organization_filter.kinds, "kinds"),
        membership=_check_list_length(organization_filter.membership, "membership"),
        regions=_build_region_filter(organization_filter.regions),
        near=build_near(organization_filter.near, snapshot) if organization_filter.near else None,
        within=build_box(organization_filter.within) if organization_filter.within else None,
        location_stated=organization_filter.location_stated,
        verified_since=organization_filter.verified_since,
        joined_since=organization_filter.joined_since,
        order=core.SortOrder(order.field, order.direction is OrderDirection.DESCENDING) if order else core.SortOrder(),
        page=page,
    )


def narrow_to_issue_area(original: Question, issue_area: Term) -> Question:
    """Return the same question, limited to organizations that work on this issue area."""
    terms = original.issue_areas
    narrowed = msgspec.structs.replace(terms, all_of=(*terms.all_of, issue_area.slug))
    return msgspec.structs.replace(original, issue_areas=narrowed)


def narrow_to_region(original: Question, region: Region) -> Question:
    """Return the same question, limited to this region. Raises BadInput if it already names regions."""
    if original.regions.any_of:
        raise BadInput(
            "Remove `regions.anyOf` from the filter: inside a region, the search is already limited to it.", argument="filter"
        )
    return msgspec.structs.replace(original, regions=msgspec.structs.replace(original.regions, any_of=(region.code,)))


def build_box(box_input: BoundingBoxInput) -> Box:
    """Return the box. Raises BadInput if its edges are out of range."""
    return Box(box_input.south, box_input.west, box_input.north, box_input.east)


def _build_term_filter(term_filter: TermFilter | None, argument: str) -> core.TermFilter:
    if term_filter is None:
        return _NO_TERMS
    any_of, all_of, none_of = (
        _check_list_length(part, argument) for part in (term_filter.any_of, term_filter.all_of, term_filter.none_of)
    )
    return core.TermFilter(any_of, all_of, none_of, term_filter.narrower)


def _build_region_filter(region_filter: RegionFilter | None) -> core.RegionFilter:
    if region_filter is None:
        return _NO_REGIONS
    return core.RegionFilter(
        _check_list_length(region_filter.any_of, "regions"),
        _check_list_length(region_filter.none_of, "regions"),
        region_filter.by,
        region_filter.nationwide,
    )


def _check_list_length(values: list[T] | None, argument: str) -> tuple[T, ...]:
    if values and len(values) > MAX_FILTER_VALUES:
        raise BadInput(f"`{argument}` takes at most {MAX_FILTER_VALUES} values; you passed {len(values)}.", argument=argument)
    return tuple(values or ())
