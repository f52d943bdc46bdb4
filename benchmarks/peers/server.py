"""One process in which every peer answers over the same snapshot, each at its own path.

It reads the database at the URL in BENCHMARK_PEERS_DATABASE. As in our server, the snapshot is loaded before the first request
and left out of garbage collection. No peer has a rate limit, a log or limits on documents.
"""

import datetime as dt
import gc
import os
from collections.abc import Callable
from typing import Any

import msgspec
import strawberry
from ariadne import ObjectType, make_executable_schema
from ariadne.asgi import GraphQL as AriadneApp
from graphql import GraphQLSchema, graphql_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.asgi import GraphQL as StrawberryApp
from strawberry.extensions import ParserCache, ValidationCache

from benchmarks.http.server_processes import PEERS_DATABASE_VARIABLE
from benchmarks.peers.core_schema import RESOLVERS, SDL, PeerContext, build_core_schema
from benchmarks.peers.strawberry_schema import Query
from directory.live import Directory
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.store.store import Store


class _StrawberryServer(StrawberryApp[Any, None]):
    snapshot: Snapshot

    async def get_context(self, request: Any, response: Any) -> Any:
        return PeerContext(self.snapshot, _utc_now())


def build_strawberry_app(snapshot: Snapshot) -> ASGIApp:
    return _build_strawberry_server(strawberry.Schema(Query), snapshot)


def build_caching_strawberry_app(snapshot: Snapshot) -> ASGIApp:
    """Strawberry with its caches of parsed and validated documents."""
    return _build_strawberry_server(strawberry.Schema(Query, extensions=[ParserCache, ValidationCache]), snapshot)


def _build_strawberry_server(schema: strawberry.Schema, snapshot: Snapshot) -> ASGIApp:
    app = _StrawberryServer(schema)
    app.snapshot = snapshot
    return app


def build_core_app(snapshot: Snapshot) -> ASGIApp:
    """graphql-core behind a bare endpoint."""
    schema: GraphQLSchema = build_core_schema()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        body = msgspec.json.decode(await Request(scope, receive).body())
        context = PeerContext(snapshot, _utc_now())
        result = graphql_sync(schema, body["query"], context_value=context, variable_values=body.get("variables"))
        await Response(msgspec.json.encode(result.formatted), media_type="application/json")(scope, receive, send)

    return answer


def build_ariadne_app(snapshot: Snapshot) -> ASGIApp:
    bindables = [ObjectType(name) for name in RESOLVERS]
    for bindable in bindables:
        for field, resolver in RESOLVERS[bindable.name].items():
            bindable.set_field(field, resolver)
    schema = make_executable_schema(SDL, *bindables)
    app: ASGIApp = AriadneApp(schema, context_value=lambda _request, _data: PeerContext(snapshot, _utc_now()))
    return app


PEERS: dict[str, Callable[[Snapshot], ASGIApp]] = {
    "/strawberry": build_strawberry_app,
    "/strawberry-caching": build_caching_strawberry_app,
    "/graphql-core": build_core_app,
    "/ariadne": build_ariadne_app,
}


def create_app() -> ASGIApp:
    directory = Directory(Store.open(os.environ[PEERS_DATABASE_VARIABLE]))
    app = build_app(directory.get_snapshot(Audience.PUBLIC))
    gc.collect()
    gc.freeze()
    return app


def build_app(snapshot: Snapshot) -> ASGIApp:
    apps = {path: build(_copy_without_results(snapshot)) for path, build in PEERS.items()}

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[scope["path"]](scope, receive, send)

    return dispatch


def _copy_without_results(snapshot: Snapshot) -> Snapshot:
    """Return the same snapshot with its own cache of results, so that no peer uses those of another."""
    return Snapshot(
        snapshot.audience,
        snapshot.state,
        snapshot.views,
        snapshot.survivor_ids,
        snapshot.feed,
        snapshot.links,
    )


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
