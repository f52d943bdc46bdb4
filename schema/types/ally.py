"""AllyConnection: organizations that would make good partners, each with the reasons for suggesting it."""

from typing import Annotated

import strawberry

from directory import records
from directory.errors import BadInput
from directory.kinds.coalition import Coalition as CoalitionRecord
from directory.partners.allies import allies as core
from directory.partners.allies.reasons import SHOWN_REASONS
from directory.partners.allies.reasons import AllyReason as ReasonRecord
from directory.partners.allies.ties import MAX_TIES
from directory.records import RecordKind
from directory.vocabulary import regions
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, READ_POINTS, Dependence, ListSize, attribute_field, computed_field
from schema.types.coalition import Coalition
from schema.types.enums import DistanceUnit
from schema.types.issue_area import IssueArea
from schema.types.near_filter import KM_PER_UNIT
from schema.types.organization import Organization, Relation
from schema.types.organization_connection import DISTANCE_DECIMALS, UnitArgument
from schema.types.pagination import PageInfo
from schema.types.partner_enums import AllyReasonKind, TieKind
from schema.types.region import Region
from schema.types.terms import Community, LabelLanguageArgument, WorkArea

REASONS_POINTS = 4.5  # all reasons of one organization
REASON_TEXT_POINTS = 0.6
ALLY_DISTANCE_POINTS = 0.5
MAX_REASONS = 100
REASONS_SIZE = ListSize(("first",), SHOWN_REASONS, MAX_REASONS)


def _resolve_issue_area(root: ReasonRecord) -> Term | None:
    shared = root.kind in (AllyReasonKind.SHARED_ISSUE_AREA, AllyReasonKind.SHARED_BROADER_ISSUE_AREA)
    return ISSUE_AREAS.require(root.subject) if shared else None


def _resolve_community(root: ReasonRecord) -> Term | None:
    shared = root.kind in (AllyReasonKind.SHARED_COMMUNITY, AllyReasonKind.SHARED_BROADER_COMMUNITY)
    return COMMUNITIES.require(root.subject) if shared else None


def _resolve_work_area(root: ReasonRecord) -> Term | None:
    shared = root.kind in (AllyReasonKind.SHARED_WORK_AREA, AllyReasonKind.SHARED_BROADER_WORK_AREA)
    return WORK_AREAS.require(root.subject) if shared else None


def _resolve_region(root: ReasonRecord) -> regions.Region | None:
    shared = root.kind in (AllyReasonKind.SAME_REGION, AllyReasonKind.SERVES_SAME_REGION)
    return REGIONS.require(root.subject) if shared else None


def _resolve_coalition(root: ReasonRecord, info: Info) -> CoalitionRecord | None:
    if root.kind is not AllyReasonKind.SHARED_COALITION:
        return None
    record = info.context.snapshot.get_record(RecordKind.COALITION, root.subject)
    return record if isinstance(record, CoalitionRecord) else None


def _resolve_reason_text(root: ReasonRecord, language: LabelLanguageArgument = "en") -> str:
    return root.format(language)


@strawberry.type(description="One reason to suggest an organization.")
class AllyReason:
    kind: AllyReasonKind = attribute_field("The kind of reason.")
    contribution: float = attribute_field("What the reason adds to the score.")
    text: str = computed_field(_resolve_reason_text, "The reason as a sentence, to display.", cost=REASON_TEXT_POINTS)
    issue_area: IssueArea | None = computed_field(_resolve_issue_area, "The shared issue area.", cost=COMPUTED_POINTS)
    community: Community | None = computed_field(_resolve_community, "The shared community.", cost=COMPUTED_POINTS)
    work_area: WorkArea | None = computed_field(_resolve_work_area, "The shared way of working.", cost=COMPUTED_POINTS)
    region: Region | None = computed_field(
        _resolve_region, "The region in which both are, or which both serve.", cost=COMPUTED_POINTS
    )
    coalition: Coalition | None = computed_field(
        _resolve_coalition, "The shared coalition.", cost=COMPUTED_POINTS, depends_on=Dependence.SNAPSHOT
    )


ReasonLimitArgument = Annotated[
    int | None,
    strawberry.argument(
        description=f"The maximum number of reasons, 1 to {MAX_REASONS}. People trust a few good reasons more than many."
    ),
]


def _check_reason_limit(first: int) -> int:
    if not 1 <= first <= MAX_REASONS:
        raise BadInput(f"`first` must be from 1 to {MAX_REASONS}; you passed {first}.", argument="first", value=first)
    return first


def _resolve_node(root: core.Ally) -> records.Organization:
    return root.organization


def _resolve_distance(root: core.Ally, unit: UnitArgument = DistanceUnit.KILOMETER) -> float | None:
    km = root.distance_km
    return None if km is None else round(km / KM_PER_UNIT[unit], DISTANCE_DECIMALS)


def _resolve_reasons(root: core.Ally, first: ReasonLimitArgument = SHOWN_REASONS) -> list[ReasonRecord]:
    return root.list_reasons(SHOWN_REASONS if first is None else _check_reason_limit(first))


@strawberry.type(description="One suggested organization on a page, with its cursor, its score and the reasons for it.")
class AllyEdge:
    cursor: str = attribute_field("The position of the organization in the list.", cost=COMPUTED_POINTS)
    node: Organization = computed_field(_resolve_node, "The organization.", cost=READ_POINTS)
    score: float = attribute_field("The sum of the contributions of all reasons. It compares organizations of one list only.")
    distance: float | None = computed_field(
        _resolve_distance,
        "The distance between its nearest published point and the place in `near` or, without it, the nearest of the group; null "
        "if one of them publishes no place, or a place only as a state.",
        cost=ALLY_DISTANCE_POINTS,
    )
    reasons: list[AllyReason] = computed_field(
        _resolve_reasons, "The reasons, the largest contribution first.", cost=REASONS_POINTS, size=REASONS_SIZE
    )
    reason_count: int = attribute_field("The number of all reasons.", cost=REASONS_POINTS)


@strawberry.type(description="An organization that the group knows already, and which is therefore not suggested.")
class AllyTie:
    kind: TieKind = attribute_field("Why it is known.")
    organization: Organization = attribute_field("The organization.")
    known_by: Organization = attribute_field("The member of the group that knows it.")
    relation: Relation | None = attribute_field(
        "The relation, if one is stated: by `knownBy` or, if `isStatedByIt`, by the organization itself."
    )
    is_stated_by_it: bool = attribute_field("Whether the organization itself states the relation.")


@strawberry.type(
    description="A page of organizations that would make good partners, the best first, then by name. Of an organization and its "
    "branches, only the one that suits best is suggested."
)
class AllyConnection:
    edges: list[AllyEdge] = attribute_field("The organizations with their reasons.", is_page=True)
    nodes: list[Organization] = attribute_field("The organizations alone.", is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field("The number of organizations on all pages.")
    ties: list[AllyTie] = attribute_field(
        f"The organizations that the group knows already, by name: at most {MAX_TIES}.", length=2
    )
