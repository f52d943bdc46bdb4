"""The filter and order of a search for organizations, and the conversion of the filter."""

import datetime as dt
from typing import Any, TypeVar

import strawberry

from directory import question as core
from directory.errors import BadInput
from directory.geo import Box
from directory.question import Filter, Nationwide, OrderField, RegionMatch
from directory.records import MembershipStatus, OrganizationKind
from directory.search.snapshot import Snapshot
from schema.fields import input_field
from schema.types import global_ids
from schema.types.enums import OrderDirection
from schema.types.near_filter import NearFilter, build_near

MAX_FILTER_VALUES = 200  # in one list of a filter
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


@strawberry.input(description="A range of years. Both ends are included.")
class YearRange:
    from_: int | None = input_field("The first year; null for no limit.", default=None, name="from")
    to: int | None = input_field("The last year; null for no limit.", default=None)


@strawberry.input(
    description="Conditions for organizations. All conditions must be met. All places to measure from must be the same one."
)
class OrganizationFilter:
    and_: list["OrganizationFilter"] | None = input_field(
        "All of these filters must be met. `and` and `or` together nest at most two levels. An empty list is no condition.",
        default=None,
        name="and",
    )
    or_: list["OrganizationFilter"] | None = input_field(
        "At least one of these filters must be met. Each needs a condition, because everything meets a filter without one. "
        "An empty list is no condition.",
        default=None,
        name="or",
    )
    ids: list[strawberry.ID] | None = input_field(
        f"The organization is one of these, at most {core.MAX_IDS}. Unknown ids match nothing. An empty list is no condition.",
        default=None,
    )
    issue_areas: TermFilter | None = input_field("Topics the organization works on.", default=None)
    communities: TermFilter | None = input_field("Communities the organization serves.", default=None)
    work_areas: TermFilter | None = input_field("Kinds of work the organization does.", default=None)
    languages: TermFilter | None = input_field("Languages the organization works in, by BCP 47 tag.", default=None)
    kinds: list[OrganizationKind] | None = input_field("The organization is of one of these kinds.", default=None)
    excluded_kinds: list[OrganizationKind] | None = input_field("The organization is of none of these kinds.", default=None)
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
    verification_due: bool | None = input_field(
        "true: only records that must be verified again; false: only those verified recently.", default=None
    )
    updated_since: dt.datetime | None = input_field("Something that you can see has changed since then.", default=None)
    joined_since: dt.date | None = input_field("The organization joined the network on this day or later.", default=None)
    founded: YearRange | None = input_field(
        "The organization was founded in these years. An unknown year is in no range.", default=None
    )
    parent: strawberry.ID | None = input_field("The organization is a branch of this one.", default=None)
    coalition: str | None = input_field("The organization belongs to the coalition with this slug.", default=None)


@strawberry.input(description="The order of a list of organizations.")
class OrganizationOrder:
    field: OrderField = input_field("The property to sort by.")
    direction: OrderDirection = input_field("The direction to sort in.", default=OrderDirection.ASCENDING)


_NO_TERMS, _NO_REGIONS, _NO_YEARS = core.TermFilter(), core.RegionFilter(), core.YearRange()


def build_conditions(organization_filter: OrganizationFilter, snapshot: Snapshot, nesting: int = 0) -> dict[str, Any]:
    """Convert the filter and those in it to the fields of a Filter.

    `snapshot` locates the organization of `near`; `nesting` is the level of this filter. Raises BadInput or a subclass of it.
    """
    one = organization_filter
    return {
        "issue_areas": build_term_filter(one.issue_areas, "issueAreas"),
        "communities": build_term_filter(one.communities, "communities"),
        "work_areas": build_term_filter(one.work_areas, "workAreas"),
        "languages": build_term_filter(one.languages, "languages"),
        "kinds": _check_list_length(one.kinds, "kinds"),
        "excluded_kinds": _check_list_length(one.excluded_kinds, "excludedKinds"),
        "membership": _check_list_length(one.membership, "membership"),
        "regions": build_region_filter(one.regions),
        "near": build_near(one.near, snapshot) if one.near else None,
        "within": build_box(one.within) if one.within else None,
        "location_stated": one.location_stated,
        "verified_since": one.verified_since,
        "verification_due": one.verification_due,
        "updated_since": one.updated_since,
        "joined_since": one.joined_since,
        "founded": core.YearRange(one.founded.from_, one.founded.to) if one.founded else _NO_YEARS,
        "parent": None if one.parent is None else global_ids.parse_organization_id(one.parent, "parent"),
        "coalition": one.coalition,
        "ids": tuple(global_ids.parse_organization_id(key, "ids") for key in _list_ids(one.ids)),
        "clauses": _build_clauses(one, snapshot, nesting) if one.and_ or one.or_ else (),
    }


def _build_clauses(organization_filter: OrganizationFilter, snapshot: Snapshot, nesting: int) -> tuple[core.Clause, ...]:
    if nesting == core.MAX_NESTING:
        sentence = f"`and` and `or` can be nested {core.MAX_NESTING} levels deep. Write the filter in fewer levels."
        raise BadInput(sentence, argument="filter", limit=core.MAX_NESTING)
    required, alternatives = (
        tuple(Filter(**build_conditions(one, snapshot, nesting + 1)) for one in _check_list_length(filters, argument))
        for filters, argument in ((organization_filter.and_, "and"), (organization_filter.or_, "or"))
    )
    return (*((one,) for one in required), *((alternatives,) if alternatives else ()))


def build_box(box_input: BoundingBoxInput) -> Box:
    """Return the box. Raises BadInput if its edges are out of range."""
    return Box(box_input.south, box_input.west, box_input.north, box_input.east)


def build_term_filter(term_filter: TermFilter | None, argument: str) -> core.TermFilter:
    if term_filter is None:
        return _NO_TERMS
    any_of, all_of, none_of = (
        _check_list_length(part, argument) for part in (term_filter.any_of, term_filter.all_of, term_filter.none_of)
    )
    return core.TermFilter(any_of, all_of, none_of, term_filter.narrower)


def build_region_filter(region_filter: RegionFilter | None) -> core.RegionFilter:
    if region_filter is None:
        return _NO_REGIONS
    return core.RegionFilter(
        _check_list_length(region_filter.any_of, "regions"),
        _check_list_length(region_filter.none_of, "regions"),
        region_filter.by,
        region_filter.nationwide,
    )


def _list_ids(ids: list[strawberry.ID] | None) -> tuple[strawberry.ID, ...]:
    """Return each id once. Raises BadInput if there are too many."""
    return _check_list_length(list(dict.fromkeys(ids or ())), "ids", core.MAX_IDS)


def _check_list_length(values: list[T] | None, argument: str, limit: int = MAX_FILTER_VALUES) -> tuple[T, ...]:
    if values and len(values) > limit:
        sentence = f"`{argument}` takes at most {limit} values; you passed {len(values)}."
        raise BadInput(sentence, argument=argument, limit=limit)
    return tuple(values or ())
