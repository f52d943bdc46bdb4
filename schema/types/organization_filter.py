"""What a client filters and orders organizations by, and the Question that it becomes."""

import datetime as dt
from typing import Annotated, TypeVar

import msgspec
import strawberry

from directory import question as asked
from directory.errors import BadInput
from directory.geo import Box
from directory.question import Nationwide, OrderField, Page, Question, RegionMatch
from directory.records import MembershipStatus, OrganizationKind
from directory.search.snapshot import Snapshot
from schema.fields import input_field
from schema.types.enums import OrderDirection
from schema.types.near_filter import NearFilter, build_near

MAX_FILTER_VALUES = 200  # values in one list of a filter
SEARCH_POINTS = 30.0  # points for a question; what is read of its answer comes to that
POINTS_PER_WORD = {"query": 25.0}  # for each word in it
T = TypeVar("T")


@strawberry.input(description="Terms of one vocabulary, by slug. Every part that is given must hold.")
class TermFilter:
    any_of: list[str] | None = input_field("At least one of these.", default=None)
    all_of: list[str] | None = input_field("Every one of these.", default=None)
    none_of: list[str] | None = input_field("None of these, nor, with `narrower`, anything narrower.", default=None)
    narrower: bool = input_field("Whether a term stands for everything narrower too.", default=True)


@strawberry.input(description="Regions, by code, and in which way an organization has to do with them.")
class RegionFilter:
    any_of: list[str] | None = input_field(
        'At least one of these: "US-GA" is Georgia in the United States, "GA" Gabon.', default=None
    )
    none_of: list[str] | None = input_field("None of these.", default=None)
    by: RegionMatch = input_field("Located there, serving it, or either.", default=RegionMatch.LOCATED_OR_SERVING)
    nationwide: Nationwide = input_field(
        "Whether nationwide organizations count as serving a region.", default=Nationwide.INCLUDE
    )


@strawberry.input(
    description="An area between two parallels and two meridians, in degrees; west > east crosses the antimeridian."
)
class BoundingBoxInput:
    south: float = input_field("The southern edge, -90 to 90, not above the northern one.")
    west: float = input_field("The western edge, -180 to 180.")
    north: float = input_field("The northern edge, -90 to 90.")
    east: float = input_field("The eastern edge, -180 to 180.")


@strawberry.input(description="Which organizations. Every part that is given must hold.")
class OrganizationFilter:
    issue_areas: TermFilter | None = input_field("What they work on.", default=None)
    communities: TermFilter | None = input_field("For whom.", default=None)
    work_areas: TermFilter | None = input_field("How they work.", default=None)
    languages: TermFilter | None = input_field("Which languages they work in, by BCP 47 tag.", default=None)
    kinds: list[OrganizationKind] | None = input_field("What sort of organization: any of these.", default=None)
    membership: list[MembershipStatus] | None = input_field(
        "How they belong to the network: any of these; ACTIVE unless given.", default=None
    )
    regions: RegionFilter | None = input_field("Where they are, or where they work.", default=None)
    near: NearFilter | None = input_field("Around a place; without a radius it only sets distances and order.", default=None)
    within: BoundingBoxInput | None = input_field("A published point lies in this box.", default=None)
    location_stated: bool | None = input_field("Whether any location is stated; null: either.", default=None)
    verified_since: dt.date | None = input_field("Confirmed on this day or later.", default=None)
    joined_since: dt.date | None = input_field("A member since this day or later.", default=None)


@strawberry.input(description="What a list of organizations is ordered by.")
class OrganizationOrder:
    field: OrderField = input_field("What to order by.")
    direction: OrderDirection = input_field("Which way.", default=OrderDirection.ASCENDING)


TextArgument = Annotated[
    str | None,
    strawberry.argument(
        description="Words that must all be found, each as it stands or through the vocabulary; words in quotes together. "
        "At most 500 characters."
    ),
]
FilterArgument = Annotated[
    OrganizationFilter | None, strawberry.argument(name="filter", description="Which organizations; all members unless given.")
]
OrderByArgument = Annotated[OrganizationOrder | None, strawberry.argument(description="The order; by relevance unless given.")]


def build_question(
    snapshot: Snapshot,
    query: str | None,
    organization_filter: OrganizationFilter | None,
    order: OrganizationOrder | None,
    page: Page,
) -> Question:
    """Raises BadInput and what is below it. `snapshot` tells where the organization of `near` is."""
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
        order=asked.SortOrder(order.field, order.direction is OrderDirection.DESCENDING) if order else asked.SortOrder(),
        page=page,
    )


def narrow_to_issue_area(original: Question, slug: str) -> Question:
    """The same question among organizations that also work on that issue area."""
    terms = original.issue_areas
    narrowed = msgspec.structs.replace(terms, all_of=(*terms.all_of, slug))
    return msgspec.structs.replace(original, issue_areas=narrowed)


def narrow_to_region(original: Question, code: str) -> Question:
    """The same question in that region. Raises BadInput where it asks for regions already."""
    if original.regions.any_of:
        raise BadInput("Under a region, leave `regions.anyOf` out: the region itself is what is asked for.", argument="filter")
    return msgspec.structs.replace(original, regions=msgspec.structs.replace(original.regions, any_of=(code,)))


def build_box(box_input: BoundingBoxInput) -> Box:
    """Raises BadInput."""
    return Box(box_input.south, box_input.west, box_input.north, box_input.east)


def _build_term_filter(term_filter: TermFilter | None, argument: str) -> asked.TermFilter:
    if term_filter is None:
        return asked.TermFilter()
    any_of, all_of, none_of = (
        _check_list_length(part, argument) for part in (term_filter.any_of, term_filter.all_of, term_filter.none_of)
    )
    return asked.TermFilter(any_of, all_of, none_of, term_filter.narrower)


def _build_region_filter(region_filter: RegionFilter | None) -> asked.RegionFilter:
    if region_filter is None:
        return asked.RegionFilter()
    return asked.RegionFilter(
        _check_list_length(region_filter.any_of, "regions"),
        _check_list_length(region_filter.none_of, "regions"),
        region_filter.by,
        region_filter.nationwide,
    )


def _check_list_length(values: list[T] | None, argument: str) -> tuple[T, ...]:
    if values and len(values) > MAX_FILTER_VALUES:
        raise BadInput(f"`{argument}` takes at most {MAX_FILTER_VALUES} values; {len(values)} are too many.", argument=argument)
    return tuple(values or ())
