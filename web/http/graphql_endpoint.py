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
from starlette.requests import Request
from starlette.responses import Response

from directory.errors import ErrorCode
from directory.live import Directory
from directory.records import Audience
from schema.context import ClientBudget, Context
from schema.execution.execute import Answer, add_suggestions_to_answer, answer_document, answer_quickly
from schema.limits import SECONDS_PER_POINT, Limits
from web.http import caching
from web.http.content_negotiation import negotiate_media_type
from web.http.graphql_request import GraphQLRequest, read_graphql_request
from web.http.request_parsing import QUERY_STRING_METHODS
from web.http.responses import GRAPHQL_JSON, JSON, Refusal, json_response
from web.http.trusted_documents import TrustedDocuments
from web.operations.request_log import set_notes
from web.pages.explorer import is_browser_visit, redirect_to_explorer
from web.server.clock import utc_now
from web.server.rate_limit import NOT_MODIFIED_POINTS, PARSING_POINTS_KEY, REFUSAL_POINTS, RateLimiter

SESSION_COOKIE = "session"
METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_MUTATION_KEYWORD = re.compile(r"\b(?:mutation|subscription)\b")


async def handle_graphql(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
    media_type = JSON
    rate_limiter: RateLimiter = request.app.state.rate_limiter
    try:
        refuse_credentials(request)
        accept = ",".join(request.headers.getlist("accept"))
        if is_browser_visit(request, accept):
            return redirect_to_explorer(request)
        media_type = _require_media_type(accept)
        budget = rate_limiter.check_allowance(request)
        return await _answer_request(request, await read_graphql_request(request), media_type, budget)
    except Refusal as refusal:
        set_notes(request.scope, code=refusal.code)
        if refusal.code is not ErrorCode.RATE_LIMITED:
            rate_limiter.spend(request, REFUSAL_POINTS)
        return refusal.to_response(media_type, caching.UNCACHED_HEADERS)


async def _answer_request(
    request: Request, graphql_request: GraphQLRequest, media_type: str, budget: ClientBudget | None
) -> Response:
    state, is_query_string = request.app.state, request.method in QUERY_STRING_METHODS
    directory: Directory = state.directory
    documents: TrustedDocuments = state.documents
    document, operation = documents.resolve_text(graphql_request), graphql_request.operation_name or None
    if is_query_string and _MUTATION_KEYWORD.search(document):
        await state.rate_limiter.run(request, _refuse_mutation, request, document, operation)
    context = Context(directory.get_snapshot(Audience.PUBLIC), utc_now(), budget, state.limits)
    tag = caching.compute_etag(document, graphql_request, context, media_type) if is_query_string else None
    if tag and caching.is_not_modified(tag, request.headers.get("if-none-match")):
        state.rate_limiter.spend(request, NOT_MODIFIED_POINTS)
        return Response(status_code=304, headers={"ETag": tag, **caching.REVALIDATE_HEADERS})
    answer = await _execute(request, document, graphql_request, operation, context)
    state.rate_limiter.spend(request, answer.points)
    _note_outcome(request, answer.body, operation)
    headers = {"ETag": tag, **caching.REVALIDATE_HEADERS} if tag and "errors" not in answer.body else caching.UNCACHED_HEADERS
    return json_response(answer.body, _choose_status(answer.body, media_type), media_type, headers)


async def _execute(
    request: Request, document: str, graphql_request: GraphQLRequest, operation: str | None, context: Context
) -> Answer:
    """Execute the document, on the event loop if it is cheap and else in a thread."""
    rate_limiter: RateLimiter = request.app.state.rate_limiter
    variables = graphql_request.variables
    quick = answer_quickly(document, variables, operation, context)
    if not quick.is_unfinished:
        return await rate_limiter.run(request, add_suggestions_to_answer, quick) if quick.unknown_values else quick
    with rate_limiter.reserve(request, quick.estimate + quick.points):
        answer = await rate_limiter.run(request, answer_document, document, variables, operation, context)
        return answer._replace(points=answer.points + quick.points)


def _choose_status(body: dict[str, Any], media_type: str) -> int:
    """Return the HTTP status of an answer.

    Older clients, which ask for application/json, read the body only if the status is 200. For the newer media type, a refused
    document gets 400.
    """
    if "data" in body:
        return 200
    if any(error["extensions"]["code"] is ErrorCode.INTERNAL for error in body["errors"]):
        return 500
    return 400 if media_type is GRAPHQL_JSON else 200


def _note_outcome(request: Request, body: dict[str, Any], operation: str | None) -> None:
    """Record the outcome for the log. The operation's name is recorded only if the document has such an operation."""
    extensions: dict[str, Any] = next((error["extensions"] for error in body.get("errors", ())), {})
    set_notes(request.scope, operation if "data" in body else None, extensions.get("code"), extensions.get("errorId"))


def refuse_credentials(request: Request) -> None:
    """Raise Refusal if the request has credentials, as there are no accounts."""
    if "authorization" in request.headers or _has_session(request):
        message = "Signing in is not possible yet: all data is public. Send the request without credentials."
        raise Refusal(401, ErrorCode.UNAUTHENTICATED, message, {"WWW-Authenticate": "Bearer"})


def _has_session(request: Request) -> bool:
    """Return whether a session cookie was sent.

    Values are not decoded, because the standard library takes quadratic time for values with many escapes.
    """
    names = (pair.partition("=")[0].strip() for header in request.headers.getlist("cookie") for pair in header.split(";"))
    return SESSION_COOKIE in names


def _require_media_type(accept: str) -> str:
    media_type = negotiate_media_type(accept)
    if media_type is None:
        raise Refusal(406, ErrorCode.BAD_INPUT, f"Answers are sent as {GRAPHQL_JSON} or {JSON}. Accept one of them.")
    return media_type


def _refuse_mutation(request: Request, document: str, operation_name: str | None) -> None:
    """Raise Refusal for anything but a query. Parsing is charged separately, as the document is parsed again to answer it."""
    started = time.thread_time()
    try:
        operation = _find_operation(document, operation_name, request.app.state.limits)
    finally:
        request.scope[PARSING_POINTS_KEY] = math.ceil((time.thread_time() - started) / SECONDS_PER_POINT)
    if operation and operation.operation is not OperationType.QUERY:
        raise Refusal(405, ErrorCode.BAD_INPUT, "GET requests can only send queries. Use POST instead.", {"Allow": "POST"})


def _find_operation(document: str, operation_name: str | None, limits: Limits) -> OperationDefinitionNode | None:
    """Return the operation that would be executed; None if the document is too large or invalid."""
    if len(document) > limits.document_bytes:
        return None
    try:
        return get_operation_ast(parse(document, no_location=True, max_tokens=limits.tokens), operation_name)
    except (GraphQLError, RecursionError):
        return None
