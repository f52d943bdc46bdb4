"""Organization: a member of the network, as published to whoever is asking."""

import datetime as dt
from typing import Annotated, Any

import strawberry

from directory import records
from directory.records import VERIFICATION_PERIOD, OrganizationKind
from directory.vocabulary import regions
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, attribute_field, computed_field
from schema.types.global_ids import GlobalId, Node
from schema.types.issue_area import IssueArea
from schema.types.location import Location
from schema.types.organization_details import Contact, Identifier, Link, Membership, OrganizationName, Relation, Source
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


def _resolve_parent(root: records.Organization, info: Info) -> records.Organization | None:
    return info.context.snapshot.get_organization(root.parent) if root.parent else None


def _resolve_branches(root: records.Organization, info: Info) -> list[records.Organization]:
    return info.context.snapshot.list_branches(root.id)


def _resolve_verification_due(root: records.Organization, info: Info) -> bool:
    return root.verified_at is None or info.context.now.date() - root.verified_at.date() > VERIFICATION_PERIOD


@strawberry.type(description="An organization as published to whoever is asking. Null and empty lists mean: not stated.")
class Organization(Node):
    id: strawberry.ID = computed_field(_resolve_id, "Opaque and stable, also across imports.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("A readable key for addresses; an old one still leads here.")
    name: str = attribute_field("The name it is listed by.")
    names: list[OrganizationName] = attribute_field("Other names: legal, former, acronyms.", length=1)
    kind: OrganizationKind = attribute_field("What sort of organization it is.")
    summary: str | None = attribute_field("One or two sentences.")
    description: str | None = attribute_field("Plain text; never HTML.")
    founded: int | None = attribute_field("The year it was founded.")
    website: URL | None = attribute_field("Its own website.")
    links: list[Link] = attribute_field("Other pages of its own.", length=1)
    identifiers: list[Identifier] = attribute_field("Its numbers in public registers.", length=1)
    languages: list[Language] = computed_field(_resolve_languages, "The languages it works in.", cost=COMPUTED_POINTS, length=2)
    issue_areas: list[IssueArea] = computed_field(_resolve_issue_areas, "What it works on.", cost=COMPUTED_POINTS, length=3)
    communities: list[Community] = computed_field(_resolve_communities, "For whom it works.", cost=COMPUTED_POINTS, length=2)
    work_areas: list[WorkArea] = computed_field(_resolve_work_areas, "How it works.", cost=COMPUTED_POINTS, length=3)
    locations: list[Location] = attribute_field("Where it is, as far as that is published.", length=2)
    service_areas: list[Region] = computed_field(
        _resolve_service_areas, "Where it works, apart from where it is.", cost=COMPUTED_POINTS, length=2
    )
    nationwide: bool = computed_field(_resolve_nationwide, "Whether it works in the whole of a country.", cost=COMPUTED_POINTS)
    contacts: list[Contact] = attribute_field("How to reach it, as far as that is published.", length=1)
    membership: Membership = attribute_field("How it belongs to the network.")
    parent: Annotated["Organization", strawberry.lazy("schema.types.organization")] | None = computed_field(
        _resolve_parent, "The organization it is a part of.", cost=COMPUTED_POINTS
    )
    branches: list[Annotated["Organization", strawberry.lazy("schema.types.organization")]] = computed_field(
        _resolve_branches, "Organizations that are a part of it, by name.", cost=COMPUTED_POINTS, length=1
    )
    relations: list[Relation] = attribute_field("How it stands to others.", length=1)
    sources: list[Source] = attribute_field("Where its facts come from; none for a fact that is withheld.", length=2)
    verified_at: dt.datetime | None = attribute_field("When somebody last confirmed the record.")
    verification_due: bool = computed_field(
        _resolve_verification_due, "Whether that is missing or more than 365 days ago.", cost=COMPUTED_POINTS
    )
    updated_at: dt.datetime = attribute_field("When something of it that you may see last changed.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, records.Organization)
