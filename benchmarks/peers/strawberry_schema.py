"""The query of the schema that is declared with Strawberry, with facets and map."""

from typing import Any

import strawberry

from benchmarks.peers import resolvers
from benchmarks.peers.strawberry_types import (
    BoundingBoxInput,
    Info,
    Organization,
    OrganizationBy,
    OrganizationEdge,
    OrganizationFilter,
    OrganizationOrder,
    PageInfo,
    Point,
    RegionKind,
    resolved_field,
)
from directory import records
from directory.search.map_view import MapView
from directory.search.search_result import SearchResult


@strawberry.type
class FacetCount:
    value: str
    label: str
    count: int
    selected: bool


@strawberry.type
class KindCount:
    value: str
    count: int


@strawberry.type
class RegionCount:
    value: str
    label: str
    count: int
    local: int
    selected: bool


def _build_counter(facet: str) -> Any:
    def count_terms(root: SearchResult) -> list[FacetCount]:
        return [FacetCount(**count) for count in resolvers.count_terms(root, facet)]

    return count_terms


def _count_states(root: SearchResult, kind: RegionKind) -> list[RegionCount]:
    return [RegionCount(**count) for count in resolvers.count_states(root)]


@strawberry.type
class Facets:
    location_not_stated: int
    issue_areas: list[FacetCount] = resolved_field(_build_counter("issue_areas"))
    communities: list[FacetCount] = resolved_field(_build_counter("communities"))
    work_areas: list[FacetCount] = resolved_field(_build_counter("work_areas"))
    languages: list[FacetCount] = resolved_field(_build_counter("languages"))
    kinds: list[KindCount] = resolved_field(lambda root: root.count_facet("kinds"))
    regions: list[RegionCount] = resolved_field(_count_states)


@strawberry.type
class MapMark:
    point: Point
    count: int
    organization: Organization | None


@strawberry.type
class OrganizationMap:
    marks: list[MapMark]
    without_point: int


def _build_map(root: SearchResult, within: BoundingBoxInput, limit: int) -> MapView:
    return root.build_map(resolvers.build_box(vars(within)), limit=limit)


@strawberry.type
class OrganizationConnection:
    total_count: int = resolved_field(lambda root: root.total)
    nodes: list[Organization] = resolved_field(resolvers.list_nodes)
    edges: list[OrganizationEdge] = resolved_field(lambda root: root.page.hits)
    page_info: PageInfo = resolved_field(lambda root: root.page)
    facets: Facets = resolved_field(lambda root: root)
    map: OrganizationMap = resolved_field(_build_map)


def _find_organization(info: Info, by: OrganizationBy) -> records.Organization | None:
    return info.context.snapshot.find_by_slug(by.slug)


def _search(
    info: Info,
    query: str | None = None,
    filter: OrganizationFilter | None = None,
    order_by: OrganizationOrder | None = None,
    first: int | None = None,
) -> SearchResult:
    conditions = _list_conditions(filter) if filter else {}
    return resolvers.search(info.context.snapshot, query, conditions, order_by.field.value if order_by else None, first)


@strawberry.type
class Query:
    organization: Organization | None = resolved_field(_find_organization)
    organizations: OrganizationConnection | None = resolved_field(_search)


def _list_conditions(organization_filter: OrganizationFilter) -> dict[str, Any]:
    areas, regions, near = organization_filter.issue_areas, organization_filter.regions, organization_filter.near
    conditions: dict[str, Any] = {}
    if areas:
        conditions["issue_areas"] = areas.any_of
    if regions:
        conditions["regions"] = regions.any_of
    if near:
        conditions["near"] = {**vars(near.place.point), "radius": near.radius}
    return conditions
