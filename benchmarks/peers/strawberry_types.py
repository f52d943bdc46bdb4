"""The inputs, and the types of records, of peers/schema.graphql, declared with Strawberry as its documentation does."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import strawberry

from benchmarks.peers import resolvers
from benchmarks.peers.core_schema import PeerContext
from directory import records

Info = strawberry.Info[PeerContext, None]


def resolved_field(resolver: Callable[..., Any]) -> Any:
    """Declare a field with a resolver that returns a record, which is not of the declared type."""
    return strawberry.field(resolver=resolver)


def is_verification_due(root: records.Organization, info: Info) -> bool:
    return resolvers.is_verification_due(root, info)


@strawberry.input
class OrganizationBy:
    slug: str


@strawberry.input
class TermFilter:
    any_of: list[str]


@strawberry.input
class RegionFilter:
    any_of: list[str]


@strawberry.input
class PointInput:
    latitude: float
    longitude: float


@strawberry.input
class PlaceInput:
    point: PointInput


@strawberry.input
class NearFilter:
    place: PlaceInput
    radius: float


@strawberry.input
class OrganizationFilter:
    issue_areas: TermFilter | None = None
    regions: RegionFilter | None = None
    near: NearFilter | None = None


@strawberry.enum
class OrganizationOrderField(Enum):
    RELEVANCE = "RELEVANCE"
    DISTANCE = "DISTANCE"


@strawberry.input
class OrganizationOrder:
    field: OrganizationOrderField


@strawberry.input
class BoundingBoxInput:
    south: float
    west: float
    north: float
    east: float


@strawberry.enum
class RegionKind(Enum):
    STATE = "STATE"


@strawberry.type
class Point:
    latitude: float
    longitude: float


@strawberry.type
class Address:
    city: str | None
    state: str | None


@strawberry.type
class Region:
    code: str
    name: str


@strawberry.type
class Location:
    precision: str = resolved_field(lambda root: root.precision.name)
    point: Point | None
    address: Address | None
    regions: list[Region] = resolved_field(resolvers.list_regions)


@strawberry.type
class Term:
    slug: str
    label: str = resolved_field(lambda root: root.label())


@strawberry.type
class Membership:
    status: str = resolved_field(lambda root: root.status.name)


@strawberry.type
class Organization:
    id: strawberry.ID = resolved_field(resolvers.find_id)
    slug: str
    name: str
    kind: str = resolved_field(lambda root: root.kind.name)
    summary: str | None
    description: str | None
    founded: int | None
    website: str | None
    nationwide: bool = resolved_field(resolvers.is_nationwide)
    verified_at: str | None = resolved_field(resolvers.format_verified_at)
    verification_due: bool = resolved_field(is_verification_due)
    updated_at: str = resolved_field(resolvers.format_updated_at)
    membership: Membership
    issue_areas: list[Term] = resolved_field(resolvers.list_issue_areas)
    locations: list[Location]


@strawberry.type
class Match:
    tier: str | None = resolved_field(lambda root: root.tier.name if root.tier else None)


@strawberry.type
class OrganizationEdge:
    cursor: str
    node: Organization = resolved_field(lambda root: root.organization)
    distance: float | None = resolved_field(resolvers.round_distance)
    match: Match


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None
