"""Organization: a member of the network, as published to whoever is asking."""

import datetime as dt
from typing import Annotated, Any

import strawberry

from directory import records, regions
from directory.records import VERIFICATION_LASTS, OrganizationKind
from directory.regions import RegionKind
from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term
from schema.context import Info
from schema.details import Contact, Identifier, Link, Membership, OrganizationName, Source
from schema.fields import COMPUTED, attribute, computed
from schema.ids import GlobalId
from schema.issue_area import IssueArea
from schema.location import Location
from schema.node import Node
from schema.region import Region, regions_of
from schema.relation import Relation
from schema.scalars import URL
from schema.terms import Community, Language, WorkArea


def _id(root: records.Organization) -> str:
    return str(GlobalId("Organization", root.id))


def _languages(root: records.Organization) -> list[Term]:
    return [LANGUAGES.require(tag) for tag in root.languages]


def _issue_areas(root: records.Organization) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in root.issue_areas]


def _communities(root: records.Organization) -> list[Term]:
    return [COMMUNITIES.require(slug) for slug in root.communities]


def _work_areas(root: records.Organization) -> list[Term]:
    return [WORK_AREAS.require(slug) for slug in root.work_areas]


def _service_areas(root: records.Organization) -> list[regions.Region]:
    return regions_of(root.service_areas)


def _nationwide(root: records.Organization) -> bool:
    return any(region.kind is RegionKind.COUNTRY for region in regions_of(root.service_areas))


def _parent(root: records.Organization, info: Info) -> records.Organization | None:
    return info.context.snapshot.organization(root.parent) if root.parent else None


def _branches(root: records.Organization, info: Info) -> list[records.Organization]:
    return info.context.snapshot.branches(root.id)


def _verification_due(root: records.Organization, info: Info) -> bool:
    return root.verified_at is None or info.context.now.date() - root.verified_at.date() > VERIFICATION_LASTS


@strawberry.type(description="An organization as published to whoever is asking. Null and empty lists mean: not stated.")
class Organization(Node):
    id: strawberry.ID = computed(_id, "Opaque and stable, also across imports.", cost=COMPUTED)
    slug: str = attribute("A readable key for addresses; an old one still leads here.")
    name: str = attribute("The name it is listed by.")
    names: list[OrganizationName] = attribute("Other names: legal, former, acronyms.", length=1)
    kind: OrganizationKind = attribute("What sort of organization it is.")
    summary: str | None = attribute("One or two sentences.")
    description: str | None = attribute("Plain text; never HTML.")
    founded: int | None = attribute("The year it was founded.")
    website: URL | None = attribute("Its own website.")
    links: list[Link] = attribute("Other pages of its own.", length=1)
    identifiers: list[Identifier] = attribute("Its numbers in public registers.", length=1)
    languages: list[Language] = computed(_languages, "The languages it works in.", cost=COMPUTED, length=2)
    issue_areas: list[IssueArea] = computed(_issue_areas, "What it works on.", cost=COMPUTED, length=3)
    communities: list[Community] = computed(_communities, "For whom it works.", cost=COMPUTED, length=2)
    work_areas: list[WorkArea] = computed(_work_areas, "How it works.", cost=COMPUTED, length=3)
    locations: list[Location] = attribute("Where it is, as far as that is published.", length=2)
    service_areas: list[Region] = computed(_service_areas, "Where it works, apart from where it is.", cost=COMPUTED, length=2)
    nationwide: bool = computed(_nationwide, "Whether it works in the whole of a country.", cost=COMPUTED)
    contacts: list[Contact] = attribute("How to reach it, as far as that is published.", length=1)
    membership: Membership = attribute("How it belongs to the network.")
    parent: Annotated["Organization", strawberry.lazy("schema.organization")] | None = computed(
        _parent, "The organization it is a part of.", cost=COMPUTED
    )
    branches: list[Annotated["Organization", strawberry.lazy("schema.organization")]] = computed(
        _branches, "Organizations that are a part of it, by name.", cost=COMPUTED, length=1
    )
    relations: list[Relation] = attribute("How it stands to others.", length=1)
    sources: list[Source] = attribute("Where its facts come from; none for a fact that is withheld.", length=2)
    verified_at: dt.datetime | None = attribute("When somebody last confirmed the record.")
    verification_due: bool = computed(_verification_due, "Whether that is missing or more than 365 days ago.", cost=COMPUTED)
    updated_at: dt.datetime = attribute("When something of it that you may see last changed.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, records.Organization)
