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
from schema.enums import OrderDirection
from schema.fields import given
from schema.near import NearFilter, near

LONGEST_LIST = 200  # values in one list of a filter
SEARCH = 30.0  # points for a question; what is read of its answer comes to that
WORDS = {"query": 25.0}  # for each word in it
T = TypeVar("T")


@strawberry.input(description="Terms of one vocabulary, by slug. Every part that is given must hold.")
class TermFilter:
    any_of: list[str] | None = given("At least one of these.", default=None)
    all_of: list[str] | None = given("Every one of these.", default=None)
    none_of: list[str] | None = given("None of these, nor, with `narrower`, anything narrower.", default=None)
    narrower: bool = given("Whether a term stands for everything narrower too.", default=True)


@strawberry.input(description="Regions, by code, and in which way an organization has to do with them.")
class RegionFilter:
    any_of: list[str] | None = given('At least one of these: "US-GA" is Georgia in the United States, "GA" Gabon.', default=None)
    none_of: list[str] | None = given("None of these.", default=None)
    by: RegionMatch = given("Located there, serving it, or either.", default=RegionMatch.LOCATED_OR_SERVING)
    nationwide: Nationwide = given("Whether nationwide organizations count as serving a region.", default=Nationwide.INCLUDE)


@strawberry.input(
    description="An area between two parallels and two meridians, in degrees; west > east crosses the antimeridian."
)
class BoundingBoxInput:
    south: float = given("The southern edge, -90 to 90, not above the northern one.")
    west: float = given("The western edge, -180 to 180.")
    north: float = given("The northern edge, -90 to 90.")
    east: float = given("The eastern edge, -180 to 180.")


@strawberry.input(description="Which organizations. Every part that is given must hold.")
class OrganizationFilter:
    issue_areas: TermFilter | None = given("What they work on.", default=None)
    communities: TermFilter | None = given("For whom.", default=None)
    work_areas: TermFilter | None = given("How they work.", default=None)
    languages: TermFilter | None = given("Which languages they work in, by BCP 47 tag.", default=None)
    kinds: list[OrganizationKind] | None = given("What sort of organization: any of these.", default=None)
    membership: list[MembershipStatus] | None = given(
        "How they belong to the network: any of these; ACTIVE unless given.", default=None
    )
    regions: RegionFilter | None = given("Where they are, or where they work.", default=None)
    near: NearFilter | None = given("Around a place; without a radius it only sets distances and order.", default=None)
    within: BoundingBoxInput | None = given("A published point lies in this box.", default=None)
    location_stated: bool | None = given("Whether any location is stated; null: either.", default=None)
    verified_since: dt.date | None = given("Confirmed on this day or later.", default=None)
    joined_since: dt.date | None = given("A member since this day or later.", default=None)


@strawberry.input(description="What a list of organizations is ordered by.")
class OrganizationOrder:
    field: OrderField = given("What to order by.")
    direction: OrderDirection = given("Which way.", default=OrderDirection.ASCENDING)


Text = Annotated[
    str | None,
    strawberry.argument(
        description="Words that must all be found, each as it stands or through the vocabulary; words in quotes together. "
        "At most 500 characters."
    ),
]
Filter = Annotated[
    OrganizationFilter | None, strawberry.argument(name="filter", description="Which organizations; all members unless given.")
]
OrderBy = Annotated[OrganizationOrder | None, strawberry.argument(description="The order; by relevance unless given.")]


def question(
    snapshot: Snapshot, query: str | None, chosen: OrganizationFilter | None, order: OrganizationOrder | None, page: Page
) -> Question:
    """Raises BadInput and what is below it. `snapshot` tells where the organization of `near` is."""
    chosen = chosen or OrganizationFilter()
    return Question(
        text=query or "",
        issue_areas=_terms(chosen.issue_areas, "issueAreas"),
        communities=_terms(chosen.communities, "communities"),
        work_areas=_terms(chosen.work_areas, "workAreas"),
        languages=_terms(chosen.languages, "languages"),
        kinds=_short(chosen.kinds, "kinds"),
        membership=_short(chosen.membership, "membership"),
        regions=_regions(chosen.regions),
        near=near(chosen.near, snapshot) if chosen.near else None,
        within=box(chosen.within) if chosen.within else None,
        location_stated=chosen.location_stated,
        verified_since=chosen.verified_since,
        joined_since=chosen.joined_since,
        order=asked.Order(order.field, order.direction is OrderDirection.DESCENDING) if order else asked.Order(),
        page=page,
    )


def with_issue_area(whole: Question, slug: str) -> Question:
    """The same question among organizations that also work on that issue area."""
    terms = whole.issue_areas
    narrowed = msgspec.structs.replace(terms, all_of=(*terms.all_of, slug))
    return msgspec.structs.replace(whole, issue_areas=narrowed)


def with_region(whole: Question, code: str) -> Question:
    """The same question in that region. Raises BadInput where it asks for regions already."""
    if whole.regions.any_of:
        raise BadInput("Under a region, leave `regions.anyOf` out: the region itself is what is asked for.", argument="filter")
    return msgspec.structs.replace(whole, regions=msgspec.structs.replace(whole.regions, any_of=(code,)))


def box(given: BoundingBoxInput) -> Box:
    """Raises BadInput."""
    return Box(given.south, given.west, given.north, given.east)


def _terms(given: TermFilter | None, argument: str) -> asked.TermFilter:
    if given is None:
        return asked.TermFilter()
    any_of, all_of, none_of = (_short(part, argument) for part in (given.any_of, given.all_of, given.none_of))
    return asked.TermFilter(any_of, all_of, none_of, given.narrower)


def _regions(given: RegionFilter | None) -> asked.RegionFilter:
    if given is None:
        return asked.RegionFilter()
    return asked.RegionFilter(_short(given.any_of, "regions"), _short(given.none_of, "regions"), given.by, given.nationwide)


def _short(values: list[T] | None, argument: str) -> tuple[T, ...]:
    if values and len(values) > LONGEST_LIST:
        raise BadInput(f"`{argument}` takes at most {LONGEST_LIST} values; {len(values)} are too many.", argument=argument)
    return tuple(values or ())
