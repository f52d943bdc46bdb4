"""Organization and its relations to others, as published to one audience."""

import datetime as dt
from typing import Annotated, Any

import strawberry

from directory import records
from directory.publish import allows_search_engines
from directory.question import Page
from directory.question.record_question import KeyFilter
from directory.records import OrganizationKind, RecordKind, RelationKind
from directory.search.record_result import RecordPage
from directory.search.searched_fields import HOST_SETS, MEMBER_SETS
from directory.vocabulary import regions
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, MOMENT_POINTS, PAGE_SIZE, Dependence, attribute_field, computed_field
from schema.types.allies_field import own_allies_field
from schema.types.global_ids import GlobalId, Node
from schema.types.issue_area import IssueArea
from schema.types.location import Location
from schema.types.organization_details import Contact, Identifier, Link, Membership, OrganizationName, Source
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument
from schema.types.record_lists import FromArgument, UntilArgument, find_records
from schema.types.region import Region, require_regions
from schema.types.scalars import URL
from schema.types.terms import Community, Language, WorkArea


def _resolve_id(root: records.Organization) -> str:
    return str(GlobalId("Organization", root.id))


def _resolve_languages(root: records.Organization) -> list[Term]:
    return [LANGUAGES.require(tag) for tag in root.languages]


def _resolve_issue_areas(root: records.Organization) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in root.issue_areas]


def _resolve_communities(root: records.Organization) -> list[Term]:
    return [COMMUNITIES.require(slug) for slug in root.communities]


def _resolve_work_areas(root: records.Organization) -> list[Term]:
    return [WORK_AREAS.require(slug) for slug in root.work_areas]


def _resolve_service_areas(root: records.Organization) -> list[regions.Region]:
    return require_regions(root.service_areas)


def _resolve_nationwide(root: records.Organization) -> bool:
    return any(region.kind is RegionKind.COUNTRY for region in require_regions(root.service_areas))


def _resolve_search_engines(root: records.Organization) -> bool:
    return allows_search_engines(root)


def _resolve_parent(root: records.Organization, info: Info) -> records.Organization | None:
    return info.context.snapshot.get_organization(root.parent) if root.parent else None


def _resolve_branches(root: records.Organization, info: Info) -> list[records.Organization]:
    return info.context.snapshot.list_branches(root.id)


def _resolve_coalitions(
    root: records.Organization,
    info: Info,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> RecordPage:
    own = KeyFilter(MEMBER_SETS, (root.id,))
    return find_records(info.context.snapshot, RecordKind.COALITION, Page(first, after, last, before), own)


def _resolve_events(
    root: records.Organization,
    info: Info,
    from_: FromArgument = None,
    until: UntilArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> RecordPage:
    own, page = KeyFilter(HOST_SETS, (root.id,)), Page(first, after, last, before)
    return find_records(info.context.snapshot, RecordKind.EVENT, page, own, from_=from_, until=until)


def _resolve_verification_due(root: records.Organization, info: Info) -> bool:
    return records.is_verification_due(root.verified_at, info.context.now.date())


def _resolve_related_organization(root: records.Relation, info: Info) -> records.Organization | None:
    return info.context.snapshot.get_organization(root.organization) if root.organization else None


@strawberry.type(
    description="A relation to another organization: one in the directory (`organization`) or one outside it (`actor`)."
)
class Relation:
    kind: RelationKind = attribute_field("The kind of relation, from the point of view of this organization.")
    organization: Annotated["Organization", strawberry.lazy("schema.types.organization")] | None = computed_field(
        _resolve_related_organization,
        "The other organization, if it is in the directory.",
        cost=COMPUTED_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )
    actor: str | None = attribute_field("The name of the other organization, if it is not in the directory.")
    note: str | None = attribute_field("A note about the relation.")
    url: URL | None = attribute_field("A page about the relation.")


@strawberry.type(
    description="An organization as published to you. A null or an empty list means that the information is not available."
)
class Organization(Node):
    id: strawberry.ID = computed_field(_resolve_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("A readable key for URLs. It can change; former slugs still find the organization.")
    name: str = attribute_field("The name to display.")
    names: list[OrganizationName] = attribute_field("Additional names, such as legal names, former names and acronyms.", length=1)
    kind: OrganizationKind = attribute_field("The kind of organization.")
    summary: str | None = attribute_field("A summary of one or two sentences.")
    description: str | None = attribute_field("A longer description in plain text, without HTML.")
    founded: int | None = attribute_field("The year the organization was founded.")
    website: URL | None = attribute_field("The website of the organization.")
    links: list[Link] = attribute_field("Other pages of the organization.", length=1)
    seeks: str | None = attribute_field("What the organization looks for in partners, in plain text.")
    offers: str | None = attribute_field("What the organization can give to partners, in plain text.")
    identifiers: list[Identifier] = attribute_field("Numbers of the organization in public registers.", length=1)
    languages: list[Language] = computed_field(
        _resolve_languages, "The languages the organization works in.", cost=COMPUTED_POINTS, length=2
    )
    issue_areas: list[IssueArea] = computed_field(
        _resolve_issue_areas, "The topics the organization works on.", cost=COMPUTED_POINTS, length=3
    )
    communities: list[Community] = computed_field(
        _resolve_communities, "The communities the organization serves.", cost=COMPUTED_POINTS, length=2
    )
    work_areas: list[WorkArea] = computed_field(
        _resolve_work_areas, "The kinds of work the organization does.", cost=COMPUTED_POINTS, length=3
    )
    locations: list[Location] = attribute_field(
        "The published locations. Each is shown only as precisely as the organization allows.", length=2
    )
    service_areas: list[Region] = computed_field(
        _resolve_service_areas,
        "The regions the organization serves, whether or not it is located there.",
        cost=COMPUTED_POINTS,
        length=2,
    )
    nationwide: bool = computed_field(
        _resolve_nationwide, "Whether the organization serves a whole country.", cost=COMPUTED_POINTS
    )
    contacts: list[Contact] = attribute_field("The published contacts.", length=1)
    membership: Membership = attribute_field("The relationship of the organization to the network.")
    parent: Annotated["Organization", strawberry.lazy("schema.types.organization")] | None = computed_field(
        _resolve_parent, "The organization that this one is part of.", cost=COMPUTED_POINTS, depends_on=Dependence.SNAPSHOT
    )
    branches: list[Annotated["Organization", strawberry.lazy("schema.types.organization")]] = computed_field(
        _resolve_branches,
        "The organizations that are part of this one, ordered by name.",
        cost=COMPUTED_POINTS,
        length=1,
        depends_on=Dependence.SNAPSHOT,
    )
    relations: list[Relation] = attribute_field("Relations to other organizations.", length=1)
    coalitions: Annotated["CoalitionConnection", strawberry.lazy("schema.types.coalition")] | None = computed_field(  # type: ignore[name-defined]  # noqa: F821
        _resolve_coalitions, "The coalitions that the organization belongs to, by name.", cost=4, size=PAGE_SIZE
    )
    events: Annotated["EventConnection", strawberry.lazy("schema.types.event")] | None = computed_field(  # type: ignore[name-defined]  # noqa: F821
        _resolve_events, "The events that the organization hosts, by time.", cost=4, size=PAGE_SIZE
    )
    allies: Annotated["AllyConnection", strawberry.lazy("schema.types.ally")] | None = own_allies_field()  # type: ignore[name-defined]  # noqa: F821
    sources: list[Source] = attribute_field("The sources of published facts.", length=2)
    search_engines: bool = computed_field(
        _resolve_search_engines,
        "Whether search engines may list a page about the organization. If false, tell them not to.",
        cost=COMPUTED_POINTS,
    )
    verified_at: dt.datetime | None = attribute_field(
        "When the record was last confirmed as correct; null if never.", cost=MOMENT_POINTS
    )
    verification_due: bool = computed_field(
        _resolve_verification_due,
        "Whether the record was never confirmed, or not within the last 365 days.",
        cost=COMPUTED_POINTS,
        depends_on=Dependence.DAY,
    )
    updated_at: dt.datetime = attribute_field("When information visible to you last changed.", cost=MOMENT_POINTS)

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, records.Organization)
