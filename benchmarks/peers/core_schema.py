"""The schema of peers/schema.graphql with its resolvers, for graphql-core and for Ariadne."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from benchmarks.peers import resolvers
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot

SDL = Path(__file__).with_name("schema.graphql").read_text()
Resolver = Callable[..., Any]


class PeerContext(NamedTuple):
    """The context of a request, which came in at `now` (UTC)."""

    snapshot: Snapshot
    now: dt.datetime


def _find_organization(_root: Any, info: Any, by: dict[str, str]) -> Any:
    return info.context.snapshot.find_by_slug(by["slug"])


def _search(_root: Any, info: Any, query: str | None = None, filter: Any = None, orderBy: Any = None, first: Any = None) -> Any:  # noqa: N803
    conditions = {}
    for name, value in (filter or {}).items():
        if name == "near":
            conditions["near"] = {**value["place"]["point"], "radius": value["radius"]}
        else:
            conditions["issue_areas" if name == "issueAreas" else name] = value["anyOf"]
    return resolvers.search(info.context.snapshot, query, conditions, orderBy and orderBy["field"], first)


def _build_map(root: SearchResult, _info: Any, within: Any, limit: int) -> Any:
    return root.build_map(resolvers.build_box(within), limit=limit)


def _count_terms(facet: str) -> Resolver:
    return lambda root, _info: resolvers.count_terms(root, facet)


RESOLVERS: dict[str, dict[str, Resolver]] = {
    "Query": {"organization": _find_organization, "organizations": _search},
    "Organization": {
        "id": lambda root, _info: resolvers.find_id(root),
        "kind": lambda root, _info: root.kind.name,
        "nationwide": lambda root, _info: resolvers.is_nationwide(root),
        "verifiedAt": lambda root, _info: resolvers.format_verified_at(root),
        "verificationDue": resolvers.is_verification_due,
        "updatedAt": lambda root, _info: resolvers.format_updated_at(root),
        "issueAreas": lambda root, _info: resolvers.list_issue_areas(root),
    },
    "Membership": {"status": lambda root, _info: root.status.name},
    "Location": {
        "precision": lambda root, _info: root.precision.name,
        "regions": lambda root, _info: resolvers.list_regions(root),
    },
    "Term": {"label": lambda root, _info: root.label()},
    "OrganizationConnection": {
        "totalCount": lambda root, _info: root.total,
        "nodes": lambda root, _info: resolvers.list_nodes(root),
        "edges": lambda root, _info: root.page.hits,
        "pageInfo": lambda root, _info: root.page,
        "facets": lambda root, _info: root,
        "map": _build_map,
    },
    "OrganizationEdge": {
        "node": lambda root, _info: root.organization,
        "distance": lambda root, _info: resolvers.round_distance(root),
        "match": lambda root, _info: root.match,
    },
    "Match": {"tier": lambda root, _info: root.tier and root.tier.name},
    "PageInfo": {
        "hasNextPage": lambda root, _info: root.has_next_page,
        "endCursor": lambda root, _info: root.end_cursor,
    },
    "Facets": {
        "issueAreas": _count_terms("issue_areas"),
        "communities": _count_terms("communities"),
        "workAreas": _count_terms("work_areas"),
        "languages": _count_terms("languages"),
        "kinds": lambda root, _info: root.count_facet("kinds"),
        "regions": lambda root, _info, kind: resolvers.count_states(root),
        "locationNotStated": lambda root, _info: root.location_not_stated,
    },
    "OrganizationMap": {"withoutPoint": lambda root, _info: root.without_point},
}


def build_core_schema() -> GraphQLSchema:
    schema = build_schema(SDL)
    for type_name, fields in RESOLVERS.items():
        definition = schema.type_map[type_name]
        assert isinstance(definition, GraphQLObjectType)
        for name, resolver in fields.items():
            definition.fields[name].resolve = resolver
    return schema
