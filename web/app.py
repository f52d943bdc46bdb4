"""The Starlette application. All wiring is in this file."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from directory.errors import ErrorCode
from directory.live import Directory
from directory.store.store import Store
from schema.limits import Limits, parse_limits
from web.http.caching import compute_code_hash
from web.http.content_negotiation import prefers_html
from web.http.fast_path import FastPath
from web.http.graphql_endpoint import METHODS, GraphQLEndpoint
from web.http.hosts import AllowedHosts, AllowedHostsMiddleware, allowed_hosts, parse_listen_address
from web.http.responses import WRITE_RESPONSE_KEY, RawHeaders, encode_headers, log_and_answer_internal_error, refusal_response
from web.http.security_headers import SecurityHeadersMiddleware, build_security_headers
from web.http.trusted_documents import TrustedDocuments
from web.operations import tracing
from web.operations.hiding_expiry import HidingExpiry
from web.operations.request_log import RequestLog, RequestLogMiddleware, configure_logging
from web.operations.snapshot_updater import SnapshotUpdater, report_health, report_readiness
from web.pages import explorer, well_known
from web.pages.assets import ASSETS
from web.pages.assets import PATH as ASSETS_PATH
from web.pages.documents import load_browser_documents
from web.pages.endpoint import PageEndpoint
from web.pages.preparation import prepare_pages
from web.pages.routes import PAGES
from web.reconcile import reconcile_endpoint as reconcile
from web.server.client_address import parse_networks
from web.server.client_threads import SWITCH_SECONDS
from web.server.plan_workers import SPARE_SECONDS as PLAN_SPARE_SECONDS
from web.server.plan_workers import PlanWorkers
from web.server.proposal_cache import ProposalCache
from web.server.rate_limit import RateLimiter, Windows
from web.settings import Settings, load_settings

if TYPE_CHECKING:
    from web.operations.metrics import Metrics
    from web.server.shared_rate_limit import SharedRateLimit

# Credentials are never allowed for pages of other origins.
CORS_OPTIONS: dict[str, Any] = {
    "allow_methods": ["GET", "POST"],
    "allow_headers": [
        "Content-Type",
        "If-None-Match",
        # Apollo Client sends its name and the operation's name. The last header forces browsers to send a preflight request.
        "apollographql-client-name",
        "apollographql-client-version",
        "x-apollo-operation-name",
        "graphql-require-preflight",
        # OpenTelemetry in a browser
        "traceparent",
        "tracestate",
    ],
    "expose_headers": ["ETag", "Retry-After"],
}

# Used when no origins are configured: people match lists in pages of many origins.
RECONCILE_CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Expose-Headers": "Retry-After",
}


class DirectoryApplication(Starlette):
    """The Starlette application, with a faster path to /graphql. That is None if every request has to pass all middleware."""

    fast_path: FastPath | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.fast_path and (request := self.fast_path.find_request(scope, receive)):
            await self.fast_path.serve(request, send)
        else:
            scope.pop(WRITE_RESPONSE_KEY, None)  # it refers to the scope; such a cycle would wait for the garbage collector
            await super().__call__(scope, receive, send)


def create_app(directory: Directory, settings: Settings | None = None) -> DirectoryApplication:
    """Build the application for an open directory, which the application closes when it shuts down.

    Without `settings`, they are loaded from the environment. Raises BadInput for trusted documents that are not valid, and
    Unavailable if the port for metrics cannot be opened.
    """
    settings = settings or load_settings()
    documents = TrustedDocuments.load(settings.documents, trusted_only=settings.documents_only, built_in=load_browser_documents())
    updater, limits = SnapshotUpdater(directory), parse_limits(settings.limits)
    metrics = _start_metrics(settings, documents, updater)
    rate_limiter, shared_rate_limit = _build_rate_limiter(settings, directory)
    plan_workers = PlanWorkers(answer_seconds=limits.seconds - PLAN_SPARE_SECONDS)
    solve_cover = ProposalCache(plan_workers.solve).solve
    graphql = GraphQLEndpoint(directory, documents, limits, rate_limiter, solve_cover)
    pages = PageEndpoint(directory, rate_limiter, limits, settings.build_site(), solve_cover)
    hosts = AllowedHosts(allowed_hosts(settings.host, settings.allowed_hosts))
    security_headers = encode_headers(build_security_headers(https=settings.https))
    request_log = RequestLog(metrics.observe if metrics else None)
    app = DirectoryApplication(
        routes=_build_routes(pages, graphql),
        middleware=_build_middleware(settings, security_headers, request_log, hosts),
        exception_handlers={HTTPException: _handle_http_error, Exception: _handle_unexpected_error},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    if not tracing.is_configured():
        cors = CORSMiddleware(graphql, settings.cors_origins, **CORS_OPTIONS) if settings.cors_origins else None
        app.fast_path = FastPath(graphql, hosts, security_headers, request_log, cors)
    app.state = State(
        {
            "directory": directory,
            "graphql": graphql,
            "pages": pages,
            "snapshot_updater": updater,
            "rate_limiter": rate_limiter,
            "shared_rate_limit": shared_rate_limit,
            "reconcile_headers": {} if settings.cors_origins else RECONCILE_CORS_HEADERS,
            "security_text": well_known.format_security_txt(settings),
            "metrics": metrics,
            "plan_workers": plan_workers,
            "headers": security_headers,
            "https": settings.https,
        }
    )
    return app


def create_worker_app() -> DirectoryApplication:
    """Build the application of one worker process with the settings of the environment. Raises DirectoryError."""
    settings = load_settings()
    configure_logging(settings.log_level)
    return create_app(Directory(Store.open(settings.database_url)), settings)


def _build_routes(pages: PageEndpoint, graphql: GraphQLEndpoint) -> list[Route]:
    return [
        *pages.build_routes(PAGES),
        Route(f"{ASSETS_PATH}{{name}}", ASSETS.serve),
        Route("/healthz", report_health),
        Route("/readyz", report_readiness),
        Route("/graphql", graphql, methods=METHODS),
        *reconcile.build_routes(),
        *explorer.build_routes(),
        *well_known.ROUTES,
    ]


def _build_middleware(
    settings: Settings, security_headers: RawHeaders, request_log: RequestLog, hosts: AllowedHosts
) -> list[Middleware]:
    """Return the middleware, outermost first. web/http/fast_path.py does the same work for requests that do not pass it."""
    return [
        Middleware(SecurityHeadersMiddleware, headers=security_headers),
        Middleware(RequestLogMiddleware, request_log=request_log),
        *([Middleware(tracing.TracingMiddleware)] if tracing.is_configured() else []),
        Middleware(AllowedHostsMiddleware, hosts=hosts),
        *([Middleware(CORSMiddleware, allow_origins=settings.cors_origins, **CORS_OPTIONS)] if settings.cors_origins else []),
    ]


def _start_metrics(settings: Settings, documents: TrustedDocuments, updater: SnapshotUpdater) -> "Metrics | None":
    """Start the metrics server; None if metrics are not configured."""
    if settings.metrics is None:
        return None
    from web.operations.metrics import Metrics

    metrics = Metrics(updater, documents.operation_names)
    metrics.serve(*parse_listen_address(settings.metrics), settings.workers)
    return metrics


def _build_rate_limiter(settings: Settings, directory: Directory) -> "tuple[RateLimiter, SharedRateLimit | None]":
    """Return the rate limiter, and its connection to Redis if one is configured."""
    windows, proxies = Windows(), parse_networks(settings.trusted_proxies)
    if settings.limits_url is None:
        return RateLimiter(settings.points_a_minute, proxies, token_bytes(), windows), None
    from web.server.shared_rate_limit import SharedRateLimit

    shared = SharedRateLimit(settings.limits_url, windows)
    key = directory.store.load_head().key  # the same in all processes, so that they use the same names in Redis
    return RateLimiter(settings.points_a_minute, proxies, key, windows, shared.record_spending), shared


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    state, updater = app.state, app.state.snapshot_updater
    sys.setswitchinterval(SWITCH_SECONDS)
    await run_in_threadpool(compute_code_hash)
    await updater.prepare()
    if state.shared_rate_limit:
        await state.shared_rate_limit.check_connection()
    hiding_expiry = HidingExpiry(state.directory)
    background = [asyncio.create_task(each.run()) for each in (updater, hiding_expiry, state.shared_rate_limit) if each]
    limits = state.graphql.limits
    state.graphql.limits = state.pages.limits = replace(limits, cpu_seconds=max(limits.cpu_seconds, limits.seconds))
    background.append(asyncio.create_task(_finish_preparing(state, limits)))
    try:
        yield
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await run_in_threadpool(state.plan_workers.close)
        if state.metrics:
            await run_in_threadpool(state.metrics.close)
        await run_in_threadpool(state.directory.close)


async def _finish_preparing(state: State, limits: Limits) -> None:
    """Build what the first answer does not need. Until then, requests that build a part of it themselves have time for that."""
    try:
        await state.snapshot_updater.prepare_other_requests()
    finally:
        state.graphql.limits = state.pages.limits = limits
    await run_in_threadpool(prepare_pages, limits)


async def _handle_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    if error.status_code == 404:
        if prefers_html(request.headers.get("accept", "")):
            pages: PageEndpoint = request.app.state.pages
            return await pages.answer_missing(request)
        return refusal_response(404, ErrorCode.NOT_FOUND, "There is no page at this address. The GraphQL API is at /graphql.")
    headers = error.headers or {}
    allowed = f" Allowed methods: {headers['Allow']}." if "Allow" in headers else ""
    return refusal_response(error.status_code, ErrorCode.BAD_INPUT, f"{error.detail}.{allowed}", headers)


async def _handle_unexpected_error(request: Request, error: Exception) -> Response:
    if prefers_html(request.headers.get("accept", "")):
        pages: PageEndpoint = request.app.state.pages
        return pages.answer_internal_error(request, error)
    response = log_and_answer_internal_error(error)
    return response._replace(headers=response.headers + request.app.state.headers).to_starlette()
