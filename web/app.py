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

from directory.errors import ErrorCode
from directory.live import Directory
from directory.store.store import Store
from schema.errors import log_internal_error
from schema.limits import parse_limits
from web.http.caching import compute_code_hash
from web.http.graphql_endpoint import METHODS, handle_graphql
from web.http.hosts import AllowedHostsMiddleware, allowed_hosts, parse_listen_address
from web.http.responses import NO_STORE, json_response, refusal_response
from web.http.security_headers import SecurityHeadersMiddleware, build_security_headers
from web.http.trusted_documents import TrustedDocuments
from web.operations import tracing
from web.operations.hiding_expiry import HidingExpiry
from web.operations.request_log import RequestLog, configure_logging
from web.operations.snapshot_updater import SnapshotUpdater, report_health, report_readiness
from web.pages import explorer, well_known
from web.reconcile import reconcile_endpoint as reconcile
from web.server.client_address import parse_networks
from web.server.client_threads import SWITCH_SECONDS
from web.server.rate_limit import RateLimiter, Windows
from web.settings import Settings, load_settings

if TYPE_CHECKING:
    from web.operations.metrics import Metrics
    from web.server.shared_rate_limit import SharedRateLimit

# Of pages of other origins; credentials are never among it.
CORS_OPTIONS: dict[str, Any] = {
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
RECONCILE_CORS_HEADERS = {
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


def create_app(directory: Directory, settings: Settings | None = None) -> Starlette:
    """The application over an open directory, which it closes at its end; with the settings of the environment unless given.

    Raises BadInput for trusted documents that cannot be answered, and Unavailable where nothing can listen for metrics.
    """
    settings = settings or load_settings()
    documents, following = (
        TrustedDocuments.load(settings.documents, trusted_only=settings.documents_only),
        SnapshotUpdater(directory),
    )
    measures = _start_metrics(settings, documents, following)
    app = Starlette(
        routes=[
            Route("/", serve_front_page),
            Route("/healthz", report_health),
            Route("/readyz", report_readiness),
            Route("/graphql", handle_graphql, methods=METHODS),
            *reconcile.build_routes(),
            *explorer.build_routes(),
            *well_known.ROUTES,
        ],
        middleware=_build_middleware(settings, measures),
        exception_handlers={HTTPException: _handle_http_error, Exception: _handle_unexpected_error},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    app.state.directory, app.state.documents, app.state.snapshot_updater = directory, documents, following
    app.state.rate_limiter, app.state.shared_rate_limit = _build_rate_limiter(settings, directory)
    app.state.limits = parse_limits(settings.limits)
    app.state.reconcile_headers = {} if settings.cors_origins else RECONCILE_CORS_HEADERS
    app.state.security_text = well_known.format_security_txt(settings)
    app.state.metrics, app.state.headers, app.state.https = (
        measures,
        build_security_headers(https=settings.https),
        settings.https,
    )
    return app


def _build_middleware(settings: Settings, metrics: "Metrics | None") -> list[Middleware]:
    """The first is the outermost."""
    return [
        Middleware(SecurityHeadersMiddleware, headers=build_security_headers(https=settings.https)),
        Middleware(RequestLog, observe=metrics.observe if metrics else None),
        *([Middleware(tracing.TracingMiddleware)] if tracing.is_configured() else []),
        Middleware(AllowedHostsMiddleware, hosts=allowed_hosts(settings.host, settings.allowed_hosts)),
        *([Middleware(CORSMiddleware, allow_origins=settings.cors_origins, **CORS_OPTIONS)] if settings.cors_origins else []),
    ]


def _start_metrics(settings: Settings, documents: TrustedDocuments, updater: SnapshotUpdater) -> "Metrics | None":
    if settings.metrics is None:
        return None
    from web.operations.metrics import Metrics

    measures = Metrics(updater, documents.operation_names)
    measures.serve(*parse_listen_address(settings.metrics), settings.workers)
    return measures


def _build_rate_limiter(settings: Settings, directory: Directory) -> "tuple[RateLimiter, SharedRateLimit | None]":
    windows, proxies = Windows(), parse_networks(settings.trusted_proxies)
    if settings.limits_url is None:
        return RateLimiter(settings.points_a_minute, proxies, token_bytes(), windows), None
    from web.server.shared_rate_limit import SharedRateLimit

    exchange = SharedRateLimit(settings.limits_url, windows)
    return RateLimiter(
        settings.points_a_minute, proxies, directory.store.load_head().key, windows, exchange.record_spending
    ), exchange


def create_worker_app() -> Starlette:
    """The application of one worker process, with the settings of the environment. Raises DirectoryError."""
    settings = load_settings()
    configure_logging(settings.log_level)
    return create_app(Directory(Store.open(settings.database_url)), settings)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    state, following = app.state, app.state.snapshot_updater
    sys.setswitchinterval(SWITCH_SECONDS)
    await run_in_threadpool(compute_code_hash)
    await following.prepare()
    if state.shared_rate_limit:
        await state.shared_rate_limit.check_connection()
    hiding_ends = HidingExpiry(state.directory.store)
    at_work = [asyncio.create_task(one.run()) for one in (following, hiding_ends, state.shared_rate_limit) if one]
    try:
        yield
    finally:
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        if state.metrics:
            await run_in_threadpool(state.metrics.close)
        await run_in_threadpool(state.directory.close)


async def serve_front_page(request: Request) -> Response:
    address = request.base_url.replace(scheme="https") if request.app.state.https else request.base_url
    return PlainTextResponse(FRONT_PAGE.format(address=address))


async def _handle_http_error(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)  # noqa: S101 - registered for no other
    if problem.status_code == 404:
        return refusal_response(404, ErrorCode.NOT_FOUND, "There is nothing here. The directory answers at /graphql.")
    headers = problem.headers or {}
    allowed = f" Allowed is {headers['Allow']}." if "Allow" in headers else ""
    return refusal_response(problem.status_code, ErrorCode.BAD_INPUT, f"{problem.detail}.{allowed}", headers)


async def _handle_unexpected_error(request: Request, problem: Exception) -> Response:
    return json_response({"errors": [log_internal_error(problem)]}, 500, headers={**NO_STORE, **request.app.state.headers})
