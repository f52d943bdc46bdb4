"""/graphql: turn an HTTP request into a GraphQL request, and its answer into a response.

Cheap requests are answered on the event loop: they do no I/O, and starting a thread would cost more than most of them take. A
request runs in a thread if its cost is higher or its document is new, and so does the search for suggestions when a place, term
or region is unknown.
"""

import math
import re
import time
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast, parse
from starlette.types import Receive, Scope, Send

from directory.errors import ErrorCode
from directory.live import Directory
from directory.partners.plans.cover_solver import Solver
from directory.records import Audience
from schema.context import ClientBudget, Context
from schema.execution.execute import Answer, add_suggestions_to_answer, answer_document, answer_quickly
from schema.limits import SECONDS_PER_POINT, Limits
from web.http import caching
from web.http.content_negotiation import negotiate_media_type
from web.http.graphql_request import GraphQLRequest, read_graphql_request
from web.http.request_parsing import QUERY_STRING_METHODS, Headers, HttpRequest
from web.http.responses import GRAPHQL_JSON, JSON, RawResponse, Refusal, encode_headers
from web.http.trusted_documents import TrustedDocuments
from web.operations.request_log import set_notes
from web.pages.explorer import is_browser_visit, redirect_to_explorer
from web.server.clock import utc_now
from web.server.rate_limit import NOT_MODIFIED_POINTS, PARSING_POINTS_KEY, REFUSAL_POINTS, RateLimiter

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_SESSION_COOKIE = re.compile(r"(?:^|;)\s*session\s*(?:=|;|$)")
_MUTATION_KEYWORD = re.compile(r"\b(?:mutation|subscription)\b")


class GraphQLEndpoint:
    """Answers requests to /graphql. As an ASGI application, it answers those that Starlette has routed to it."""

    def __init__(
        self,
        directory: Directory,
        documents: TrustedDocuments,
        limits: Limits,
        rate_limiter: RateLimiter,
        solve_cover: Solver | None = None,
    ) -> None:
        self.directory, self.documents, self.limits, self.rate_limiter = directory, documents, limits, rate_limiter
        self.solve_cover = solve_cover

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.answer(HttpRequest.read(scope, receive))
        await response.to_starlette()(scope, receive, send)

    async def answer(self, request: HttpRequest) -> RawResponse:
        if request.scope["method"] == "OPTIONS":
            return RawResponse(204, encode_headers({"Allow": ", ".join(METHODS)}))
        media_type = JSON
        try:
            budget = self.rate_limiter.check_allowance(request.scope)
            refuse_credentials(request.headers)
            accept = request.headers.get(b"accept", b"").decode("latin-1")
            if is_browser_visit(request.scope, accept):
                self.rate_limiter.spend(request.scope, REFUSAL_POINTS)
                return redirect_to_explorer(request.scope)
            media_type = _require_media_type(accept)
            graphql_request = await read_graphql_request(request, self.rate_limiter)
            return await self._answer_parsed(request, graphql_request, media_type, budget)
        except Refusal as refusal:
            set_notes(request.scope, code=refusal.code)
            if refusal.code is not ErrorCode.RATE_LIMITED:
                self.rate_limiter.spend(request.scope, REFUSAL_POINTS)
            return refusal.to_raw_response(media_type, caching.UNCACHED_HEADERS)

    async def _answer_parsed(
        self, request: HttpRequest, graphql_request: GraphQLRequest, media_type: str, budget: ClientBudget | None
    ) -> RawResponse:
        scope, is_query_string = request.scope, request.scope["method"] in QUERY_STRING_METHODS
        document, operation = self.documents.resolve_text(graphql_request), graphql_request.operation_name or None
        if is_query_string and _MUTATION_KEYWORD.search(document):
            await self.rate_limiter.run(scope, self._refuse_mutation, scope, document, operation)
        snapshot = self.directory.get_snapshot(Audience.PUBLIC)
        context = Context(snapshot, utc_now(), budget, self.limits, solve_cover=self.solve_cover)
        tag = caching.compute_etag(document, graphql_request, context, media_type) if is_query_string else None
        if tag and caching.is_not_modified(tag, request.headers.get(b"if-none-match")):
            self.rate_limiter.spend(scope, NOT_MODIFIED_POINTS)
            return RawResponse(304, caching.build_cached_headers(tag))
        answer, points = await self._execute(scope, document, graphql_request.variables, operation, context)
        self.rate_limiter.spend(scope, points)
        _note_outcome(scope, answer, operation)
        if tag and answer.first_error is None:
            headers = caching.build_cached_headers(tag, media_type)
        else:
            headers = caching.RAW_UNCACHED_HEADERS[media_type]
        return RawResponse(_choose_status(answer, media_type), headers, answer.body)

    async def _execute(
        self, scope: Scope, document: str, variables: dict[str, Any] | None, operation: str | None, context: Context
    ) -> tuple[Answer, int]:
        """Execute the document, on the event loop if it is cheap and else in a thread. Return the answer and its cost."""
        quick = answer_quickly(document, variables, operation, context)
        if not quick.is_unfinished and not quick.unknown_values:
            return quick, quick.points
        try:
            if not quick.is_unfinished:
                answer = await self.rate_limiter.run(scope, add_suggestions_to_answer, quick)
                return answer, answer.points
            with self.rate_limiter.reserve(scope, quick.estimate + quick.points):
                answer = await self.rate_limiter.run(scope, answer_document, document, variables, operation, context)
                return answer, answer.points + quick.points
        except Refusal:
            self.rate_limiter.spend(scope, quick.points)
            raise

    def _refuse_mutation(self, scope: Scope, document: str, operation_name: str | None) -> None:
        """Raise Refusal for anything but a query. Parsing is charged separately, as the document is parsed again to answer it."""
        started = time.thread_time()
        try:
            operation = _find_operation(document, operation_name, self.limits)
        finally:
            points = math.ceil((time.thread_time() - started) / SECONDS_PER_POINT)
            scope[PARSING_POINTS_KEY] = scope.get(PARSING_POINTS_KEY, 0) + points
        if operation and operation.operation is not OperationType.QUERY:
            raise Refusal(405, ErrorCode.BAD_INPUT, "GET requests can only send queries. Use POST instead.", {"Allow": "POST"})


def _choose_status(answer: Answer, media_type: str) -> int:
    """Return the HTTP status of an answer.

    Older clients, which ask for application/json, read the body only if the status is 200. For the newer media type, a refused
    document gets 400.
    """
    if answer.has_data:
        return 200
    if answer.first_error and answer.first_error["code"] == ErrorCode.INTERNAL:
        return 500
    return 400 if media_type is GRAPHQL_JSON else 200


def _note_outcome(scope: Scope, answer: Answer, operation: str | None) -> None:
    """Record the outcome for the log. The operation's name is recorded only if the document has such an operation."""
    if operation or answer.first_error:
        error = answer.first_error or {}
        set_notes(scope, operation if answer.has_data else None, error.get("code"), error.get("errorId"))


def refuse_credentials(headers: Headers) -> None:
    """Raise Refusal if the request has credentials, as there are no accounts."""
    if b"authorization" in headers or _has_session(headers):
        message = "Signing in is not possible yet: all data is public. Send the request without credentials."
        raise Refusal(401, ErrorCode.UNAUTHENTICATED, message, {"WWW-Authenticate": "Bearer"})


def _has_session(headers: Headers) -> bool:
    """Return whether a session cookie was sent.

    Values are not decoded, because the standard library takes quadratic time for values with many escapes.
    """
    cookies = headers.get(b"cookie")
    return cookies is not None and _SESSION_COOKIE.search(cookies.decode("latin-1")) is not None


def _require_media_type(accept: str) -> str:
    media_type = negotiate_media_type(accept)
    if media_type is None:
        raise Refusal(406, ErrorCode.BAD_INPUT, f"Answers are sent as {GRAPHQL_JSON} or {JSON}. Accept one of them.")
    return media_type


def _find_operation(document: str, operation_name: str | None, limits: Limits) -> OperationDefinitionNode | None:
    """Return the operation that would be executed; None if the document is too large or invalid."""
    if len(document) > limits.document_bytes:
        return None
    try:
        return get_operation_ast(parse(document, no_location=True, max_tokens=limits.tokens), operation_name)
    except (GraphQLError, RecursionError):
        return None
