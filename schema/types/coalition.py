"""Coalition: a campaign, task force, working group or alliance, and the organizations that belong to it."""

import datetime as dt
from typing import Annotated, Any

import strawberry
from msgspec import Struct

from directory import records
from directory.kinds import coalition as core
from directory.kinds.coalition import CoalitionMember, find_status
from directory.question import Page
from directory.question.record_question import KeyFilter
from directory.records import RecordKind
from directory.search.record_result import RecordPage
from directory.search.searched_fields import MEMBER_SETS, PARENT_SETS
from directory.search.snapshot import Snapshot
from directory.vocabulary import regions
from directory.vocabulary.choices import CoalitionKind, CoalitionStatus
from directory.vocabulary.terms import ISSUE_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, MOMENT_POINTS, PAGE_SIZE, READ_POINTS, Dependence, attribute_field, computed_field
from schema.types.global_ids import GlobalId, Node, parse_organization_id
from schema.types.issue_area import IssueArea
from schema.types.organization import Organization
from schema.types.organization_details import Link, Source
from schema.types.pagination import (
    AfterArgument,
    BeforeArgument,
    FirstArgument,
    LastArgument,
    PageInfo,
    PageInfoRecord,
    paginate,
)
from schema.types.record_lists import (
    LIST_POINTS,
    FromArgument,
    IssueAreasArgument,
    RegionsArgument,
    TextArgument,
    UntilArgument,
    find_records,
)
from schema.types.region import Region, require_regions
from schema.types.scalars import URL

KindsArgument = Annotated[list[CoalitionKind] | None, strawberry.argument(description="The coalition is of one of these kinds.")]
MemberArgument = Annotated[
    strawberry.ID | None, strawberry.argument(description="The id of an organization that belongs to the coalition.")
]

StatusArgument = Annotated[
    CoalitionStatus | None,
    strawberry.argument(description="Only coalitions with this status today, by the days that they state."),
]


def _resolve_id(root: core.Coalition) -> str:
    return str(GlobalId("Coalition", root.id))


def _resolve_issue_areas(root: core.Coalition) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in root.issue_areas]


def _resolve_regions(root: core.Coalition) -> list[regions.Region]:
    return require_regions(root.regions)


def _resolve_parent(root: core.Coalition, info: Info) -> records.PublishedRecord | None:
    return info.context.snapshot.get_record(RecordKind.COALITION, root.parent) if root.parent else None


def _resolve_status(root: core.Coalition, info: Info) -> CoalitionStatus:
    return find_status(root, info.context.now.date())


def _resolve_branches(
    root: core.Coalition,
    info: Info,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> RecordPage:
    own = KeyFilter(PARENT_SETS, (root.id,))
    return find_records(info.context.snapshot, RecordKind.COALITION, Page(first, after, last, before), own)


class MemberEdge(Struct, frozen=True):
    """The record behind CoalitionMemberEdge."""

    cursor: str
    node: records.Organization
    role: str | None
    since: dt.date | None
    until: dt.date | None
    note: str | None


class MemberPage(Struct, frozen=True):
    """The record behind CoalitionMemberConnection."""

    edges: tuple[MemberEdge, ...]
    total_count: int
    page_info: PageInfoRecord

    @property
    def nodes(self) -> list[records.Organization]:
        return [edge.node for edge in self.edges]


def _resolve_members(
    root: core.Coalition,
    info: Info,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> MemberPage:
    return list_members(root, info.context.snapshot, Page(first, after, last, before))


def list_members(coalition: core.Coalition, snapshot: Snapshot, page: Page) -> MemberPage:
    """Return a page of the members that the audience sees, by name. Raises BadCursor."""
    rows = snapshot.index.rows
    numbered = ((rows.find_row(member.organization), member) for member in coalition.members)
    by_key = {"\0".join(rows.get_name_key(row)): (row, member) for row, member in numbered if row is not None}
    listed = paginate(sorted(by_key), str, page, "members", coalition.id)
    edges = tuple(_build_member_edge(edge.cursor, rows[by_key[edge.node][0]], by_key[edge.node][1]) for edge in listed.edges)
    return MemberPage(edges, listed.total_count, listed.page_info)


def _build_member_edge(cursor: str, organization: records.Organization, member: CoalitionMember) -> MemberEdge:
    return MemberEdge(cursor, organization, member.role, member.since, member.until, member.note)


def _resolve_events(
    root: core.Coalition,
    info: Info,
    from_: FromArgument = None,
    until: UntilArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> RecordPage:
    own = KeyFilter("coalition", (root.id,))
    page = Page(first, after, last, before)
    return find_records(info.context.snapshot, RecordKind.EVENT, page, own, from_=from_, until=until)


@strawberry.type(description="One member of a coalition on a page, with its cursor and its part in the coalition.")
class CoalitionMemberEdge:
    cursor: str = attribute_field("The position of the member in the list.")
    node: Organization = attribute_field("The organization.")
    role: str | None = attribute_field('What the organization is in the coalition, such as "Chair".')
    since: dt.date | None = attribute_field("The day it joined the coalition.")
    until: dt.date | None = attribute_field("The day it left the coalition.")
    note: str | None = attribute_field("Why the organization takes part, in one sentence.")


@strawberry.type(description="A page of members of a coalition, ordered by name.")
class CoalitionMemberConnection:
    edges: list[CoalitionMemberEdge] = attribute_field("The members with their cursors.", is_page=True)
    nodes: list[Organization] = attribute_field("The organizations without their cursors.", is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field("The number of members on all pages, as visible to you.")


@strawberry.type(description="A campaign, task force, working group or alliance of organizations, as published to you.")
class Coalition(Node):
    id: strawberry.ID = computed_field(_resolve_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("A readable key for URLs. It can change; former slugs still find the coalition.")
    name: str = attribute_field("The name to display.")
    kind: CoalitionKind = attribute_field("The kind of coalition.")
    status: CoalitionStatus = computed_field(
        _resolve_status,
        "Whether it is under way today, by the days that it states.",
        cost=COMPUTED_POINTS,
        depends_on=Dependence.DAY,
    )
    summary: str | None = attribute_field("What it does, in one or two sentences.")
    started_on: dt.date | None = attribute_field("The day it started.")
    ended_on: dt.date | None = attribute_field("Its last day.")
    website: URL | None = attribute_field("The website of the coalition.")
    links: list[Link] = attribute_field("Other pages of the coalition.", length=1)
    issue_areas: list[IssueArea] = computed_field(
        _resolve_issue_areas, "The topics the coalition works on.", cost=COMPUTED_POINTS, length=3
    )
    regions: list[Region] = computed_field(
        _resolve_regions, "The regions in which the coalition works.", cost=COMPUTED_POINTS, length=2
    )
    parent: Annotated["Coalition", strawberry.lazy("schema.types.coalition")] | None = computed_field(
        _resolve_parent, "The coalition that this one is part of.", cost=COMPUTED_POINTS, depends_on=Dependence.SNAPSHOT
    )
    branches: Annotated["CoalitionConnection", strawberry.lazy("schema.types.coalition")] | None = computed_field(
        _resolve_branches, "The coalitions that are part of this one, by name.", cost=LIST_POINTS, size=PAGE_SIZE
    )
    members: CoalitionMemberConnection | None = computed_field(
        _resolve_members, "The organizations in the coalition, as far as you can see them.", cost=LIST_POINTS, size=PAGE_SIZE
    )
    events: Annotated["EventConnection", strawberry.lazy("schema.types.event")] | None = computed_field(  # type: ignore[name-defined]  # noqa: F821
        _resolve_events, "The events of the coalition, by time.", cost=LIST_POINTS, size=PAGE_SIZE
    )
    sources: list[Source] = attribute_field("The sources of published facts.", length=2)
    updated_at: dt.datetime = attribute_field("When information visible to you last changed.", cost=MOMENT_POINTS)

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, core.Coalition)


@strawberry.type(description="One coalition on a page, with its cursor.")
class CoalitionEdge:
    cursor: str = attribute_field("The position of the coalition in the list.")
    node: Coalition = attribute_field("The coalition.")


@strawberry.type(description="A page of coalitions, ordered by how well they match the text, then by name.")
class CoalitionConnection:
    edges: list[CoalitionEdge] = attribute_field("The coalitions with their cursors.", is_page=True)
    nodes: list[Coalition] = attribute_field("The coalitions without their cursors.", cost=READ_POINTS, is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field("The number of coalitions on all pages.")


def resolve_coalitions(
    info: Info,
    query: TextArgument = None,
    kinds: KindsArgument = None,
    issue_areas: IssueAreasArgument = None,
    regions: RegionsArgument = None,
    member: MemberArgument = None,
    status: StatusArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> RecordPage:
    """Return a page of coalitions. Raises BadInput, UnknownTerm, UnknownRegion and BadCursor."""
    keys = [KeyFilter("kinds", tuple(kinds))] if kinds else []
    if member is not None:
        keys.append(KeyFilter(MEMBER_SETS, (parse_organization_id(member, "member"),)))
    page, times = Page(first, after, last, before), _build_times(status, info.context.now)
    return find_records(
        info.context.snapshot, RecordKind.COALITION, page, *keys, text=query, issue_areas=issue_areas, regions=regions, **times
    )


def _build_times(status: CoalitionStatus | None, now: dt.datetime) -> dict[str, dt.datetime]:
    """Return the conditions on time of RecordQuestion that find the coalitions with a status at the start of today, in UTC."""
    today = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if status is CoalitionStatus.UPCOMING:
        return {"starts_after": today}
    if status is CoalitionStatus.ENDED:
        return {"over_by": today}
    return {"from_": today, "until": today} if status else {}
