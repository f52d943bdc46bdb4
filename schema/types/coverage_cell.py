"""The rows, cells and gaps of a coverage matrix."""

import datetime as dt

import strawberry

from directory.partners.coverage.cells import CoverageRow as Row
from schema.fields import LABEL_POINTS, attribute_field, computed_field, to_camel_case
from schema.types.organization import Organization
from schema.types.partner_enums import CoverageVerdict
from schema.types.region import Region
from schema.types.terms import LabelLanguageArgument

NEAREST_POINTS, NEAREST_POINTS_PER_THOUSAND = 8.0, 1.6
SEARCH_LINK_POINTS = 3.0
CELL_POINTS = 0.06  # a number of a cell, which is read from an array
VERIFICATION_POINTS = 0.3
ROW_POINTS = 6.0  # the cells of one row, without those around them


def _resolve_row_facet(root: Row) -> str:
    return to_camel_case(root.facet)


def _resolve_row_label(root: Row, language: LabelLanguageArgument = "en") -> str:
    return root.term.label(language)


@strawberry.type(description="A row of the matrix: one term, which includes all narrower terms.")
class CoverageRow:
    facet: str = computed_field(
        _resolve_row_facet, 'The field of OrganizationFilter that takes the value, such as "issueAreas".', cost=LABEL_POINTS
    )
    value: str = attribute_field("The slug of the term.")
    label: str = computed_field(_resolve_row_label, "The name to display.", cost=LABEL_POINTS)
    member_count: int = attribute_field("The number of members in the row: they have the term and match the filter, wherever.")
    stated: int = attribute_field("How many of these members state a service area.", cost=VERIFICATION_POINTS)
    recently_verified: int = attribute_field(
        "How many of these members were verified in the last year.", cost=VERIFICATION_POINTS
    )
    verified_since: dt.date | None = attribute_field(
        "The day since which each of the members that state a service area was verified at least once. "
        "Null if there are none, or if one was never verified.",
        cost=VERIFICATION_POINTS,
    )
    last_verified: dt.date | None = attribute_field(
        "The day of the last verification of a member that states a service area; null if none was verified.",
        cost=VERIFICATION_POINTS,
    )
    region_groups: list[int] = attribute_field(
        "For each region, in the order of `Coverage.regions`: how many count towards the goal, as in `CoverageCell.groups`.",
        cost=ROW_POINTS,
        length=60,
    )
    region_verdicts: list[CoverageVerdict] = attribute_field(
        "For each region, in the order of `Coverage.regions`: the verdict on the cell. Empty cells are among them.",
        cost=ROW_POINTS,
        length=60,
    )
    search: str = attribute_field(
        "The search for the members of the row, for `organizations(search:)`. Its total is `memberCount`.",
        cost=SEARCH_LINK_POINTS,
    )


@strawberry.type(
    description="A row in one region. Each organization is in at most one of `located`, `serving` and `nationwide`; "
    "their sum is the total of `search`."
)
class CoverageCell:
    row: CoverageRow = attribute_field("The row.", cost=CELL_POINTS)
    region: Region = attribute_field("The region.", cost=CELL_POINTS)
    located: int = attribute_field("Members with a published location in the region.", cost=CELL_POINTS)
    serving: int = attribute_field(
        "Members that serve the region, at least in part, and are not located in it.", cost=CELL_POINTS
    )
    nationwide: int = attribute_field(
        "Members that serve the whole country and are not counted in the other two.", cost=CELL_POINTS
    )
    groups: int = attribute_field(
        "How many count towards the goal, an organization and its branches counted once. Without a goal: those located in the "
        "region or serving it, without the nationwide ones.",
        cost=CELL_POINTS,
    )
    stated: int = attribute_field("How many members of the row state any service area.", cost=VERIFICATION_POINTS)
    place_unknown: int = attribute_field(
        "How many members of the row may work here without anybody knowing: they state no service area, and either no "
        "location or only a larger area around the region.",
        cost=VERIFICATION_POINTS,
    )
    verified_since: dt.date | None = attribute_field(
        "The day since which each of the members in `stated` was verified at least once. Null if there are none, or if one was "
        "never verified.",
        cost=VERIFICATION_POINTS,
    )
    verdict: CoverageVerdict = attribute_field(
        "Whether somebody covers the cell, nobody does, or it is unknown.", cost=VERIFICATION_POINTS
    )
    search: str = attribute_field(
        "The search for the members in the cell, for `organizations(search:)`. Its total is the sum of the three counts.",
        cost=SEARCH_LINK_POINTS,
    )
    local_search: str = attribute_field(
        "The same search without the nationwide members. Its total is `located` + `serving`.", cost=SEARCH_LINK_POINTS
    )


@strawberry.type(description="A cell that does not reach the goal. It may be empty.")
class CoverageGap:
    cell: CoverageCell = attribute_field("The cell.")
    target: int = attribute_field("What the cell should reach: the goal, or the median of the row, at least 1.")
    missing: int = attribute_field("`target` minus `groups` of the cell.")
    nearest: list[Organization] = attribute_field(
        "At most 3 members of the row that are closest to filling the gap: by the distance of their published points from the "
        "center of the region, then those that work in a larger region around it.",
        cost=NEAREST_POINTS,
        points_per_thousand=NEAREST_POINTS_PER_THOUSAND,
        length=3,
    )
