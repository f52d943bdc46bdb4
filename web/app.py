"""The application: all wiring on one page."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from directory.errors import Code
from directory.live import Directory
from directory.store import Store
from schema.errors import unforeseen
from schema.limits import limits_of
from web import explorer, notices, tracing
from web.allowance import Allowances, Windows
from web.caching import build
from web.clients import networks
from web.documents import Documents
from web.endpoint import METHODS, graphql
from web.following import Following, health, ready
from web.headers import SecurityHeaders, standing
from web.hiding_ends import HidingEnds
from web.hosts import KnownHosts, answered, listening
from web.log import RequestLog, configure
from web.reconcile import endpoint as reconcile
from web.reply import NOT_KEPT, json, refusal
from web.settings import Settings, read
from web.threads import SWITCH_SECONDS

if TYPE_CHECKING:
    from web.exchange import Exchange
    from web.metrics import Metrics

# Of pages of other origins; credentials are never among it.
CORS: dict[str, Any] = {
    "allow_methods": ["GET", "POST"],
    "allow_headers": [
        "Content-Type",
        "If-None-Match",
        # Apollo Client names itself and the operation; the last is sent so that browsers ask before they send a request.
        "apollographql-client-name",
        "apollographql-client-version",
        "x-apollo-operation-name",
        "graphql-require-preflight",
        # OpenTelemetry in a page
        "traceparent",
        "tracestate",
    ],
    "expose_headers": ["ETag", "Retry-After"],
}

# Unless some are named, of all: a list is matched in pages that come from wherever somebody works.
CORS_OF_LISTS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Expose-Headers": "Retry-After",
}

FRONT_PAGE = """\
This is a membership directory: the organizations of a network, what they work on, whom they serve and where.
It answers GraphQL at {address}graphql, by POST with a JSON body or by GET:

  curl '{address}graphql' -H 'Content-Type: application/json' -d '{{"query": "{{ network {{ name memberCount }} }}"}}'

In a browser, {address}graphiql is an explorer with examples. OpenRefine matches lists at {address}reconcile.
"""


def application(directory: Directory, settings: Settings | None = None) -> Starlette:
    """The application over an open directory, which it closes at its end; with the settings of the environment unless given.

    Raises BadInput for trusted documents that cannot be answered, and Unavailable where nothing can listen for metrics.
    """
    settings = settings or read()
    documents, following = Documents.load(settings.documents, only=settings.documents_only), Following(directory)
    measures = _measures(settings, documents, following)
    app = Starlette(
        routes=[
            Route("/", front_page),
            Route("/healthz", health),
            Route("/readyz", ready),
            Route("/graphql", graphql, methods=METHODS),
            *reconcile.routes(),
            *explorer.routes(),
            *notices.ROUTES,
        ],
        middleware=_middleware(settings, measures),
        exception_handlers={HTTPException: _refused, Exception: _broken},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    app.state.directory, app.state.documents, app.state.following = directory, documents, following
    app.state.allowances, app.state.exchange = _accounts(settings, directory)
    app.state.limits = limits_of(settings.limits)
    app.state.open_to = {} if settings.cors_origins else CORS_OF_LISTS
    app.state.security_text = notices.security_text(settings)
    app.state.measures, app.state.headers, app.state.https = measures, standing(https=settings.https), settings.https
    return app


def _middleware(settings: Settings, measures: "Metrics | None") -> list[Middleware]:
    """The first is the outermost."""
    return [
        Middleware(SecurityHeaders, headers=standing(https=settings.https)),
        Middleware(RequestLog, observe=measures.observe if measures else None),
        *([Middleware(tracing.Traced)] if tracing.configured() else []),
        Middleware(KnownHosts, hosts=answered(settings.host, settings.allowed_hosts)),
        *([Middleware(CORSMiddleware, allow_origins=settings.cors_origins, **CORS)] if settings.cors_origins else []),
    ]


def _measures(settings: Settings, documents: Documents, following: Following) -> "Metrics | None":
    if settings.metrics is None:
        return None
    from web.metrics import Metrics  # Prometheus' client takes a tenth of a second to import

    measures = Metrics(following, documents.operations)
    measures.serve(*listening(settings.metrics), settings.workers)
    return measures


def _accounts(settings: Settings, directory: Directory) -> "tuple[Allowances, Exchange | None]":
    windows, proxies = Windows(), networks(settings.trusted_proxies)
    if settings.limits_url is None:
        return Allowances(settings.points_a_minute, proxies, token_bytes(), windows), None
    from web.exchange import Exchange  # Redis takes a fifth of a second to import

    exchange = Exchange(settings.limits_url, windows)
    return Allowances(settings.points_a_minute, proxies, directory.store.head().key, windows, exchange.spent), exchange


def worker() -> Starlette:
    """The application of one worker process, with the settings of the environment. Raises DirectoryError."""
    settings = read()
    configure(settings.log_level)
    return application(Directory(Store.open(settings.database_url)), settings)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    state, following = app.state, app.state.following
    sys.setswitchinterval(SWITCH_SECONDS)
    await run_in_threadpool(build)
    await following.prepare()
    if state.exchange:
        await state.exchange.check()
    hiding_ends = HidingEnds(state.directory.store)
    at_work = [asyncio.create_task(one.run()) for one in (following, hiding_ends, state.exchange) if one]
    try:
        yield
    finally:
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        if state.measures:
            await run_in_threadpool(state.measures.close)
        await run_in_threadpool(state.directory.close)


async def front_page(request: Request) -> Response:
    address = request.base_url.replace(scheme="https") if request.app.state.https else request.base_url
    return PlainTextResponse(FRONT_PAGE.format(address=address))


async def _refused(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)  # noqa: S101 - registered for no other
    if problem.status_code == 404:
        return refusal(404, Code.NOT_FOUND, "There is nothing here. The directory answers at /graphql.")
    headers = problem.headers or {}
    allowed = f" Allowed is {headers['Allow']}." if "Allow" in headers else ""
    return refusal(problem.status_code, Code.BAD_INPUT, f"{problem.detail}.{allowed}", headers)


async def _broken(request: Request, problem: Exception) -> Response:
    return json({"errors": [unforeseen(problem)]}, 500, headers={**NOT_KEPT, **request.app.state.headers})
