"""/graphql: from an HTTP request to a question, and back.

Quick questions are answered on the event loop: they do no I/O, and a thread for each would cost more than most of them take.
What may take longer, by its cost or because its document is new, goes to a thread and keeps nobody waiting; so does looking for
what an unknown place, term or region may have been meant to be.
"""

import math
import re
import time
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast, parse
from starlette.requests import Request
from starlette.responses import Response

from directory.errors import ErrorCode
from directory.live import Directory
from directory.records import Audience
from schema.context import ClientBudget, Context
from schema.execution.execute import Answer, add_suggestions_to_answer, answer_document, answer_quickly, estimate_points
from schema.execution.prepared_document import find_cached_document
from schema.limits import QUICK_POINTS, SECONDS_PER_POINT, Limits
from web.http import caching, graphql_request
from web.http.content_negotiation import negotiate_media_type
from web.http.graphql_request import GraphQLRequest
from web.http.responses import GRAPHQL_JSON, JSON, Refusal, json_response
from web.http.trusted_documents import TrustedDocuments
from web.operations.request_log import set_notes
from web.pages.explorer import HTML_TYPE, is_browser_visit, redirect_to_explorer
from web.server.rate_limit import NOT_MODIFIED_POINTS, PARSING_POINTS_KEY, REFUSAL_POINTS, RateLimiter

SESSION_COOKIE = "session"
METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_MUTATION_KEYWORD = re.compile(r"\b(?:mutation|subscription)\b")


async def handle_graphql(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
    media_type = JSON
    allowances: RateLimiter = request.app.state.rate_limiter
    try:
        refuse_credentials(request)
        wanted = ",".join(request.headers.getlist("accept"))
        if HTML_TYPE in wanted and is_browser_visit(request):
            return redirect_to_explorer(request)
        media_type = _require_media_type(wanted)
        allowance = allowances.check_allowance(request)
        return await _answer_request(request, await graphql_request.read_graphql_request(request), media_type, allowance)
    except Refusal as refused:
        set_notes(request.scope, code=refused.code)
        if refused.code is not ErrorCode.RATE_LIMITED:
            allowances.spend(request, REFUSAL_POINTS)
        return refused.to_response(media_type, caching.UNCACHED_HEADERS)


async def _answer_request(
    request: Request, question: GraphQLRequest, media_type: str, allowance: ClientBudget | None
) -> Response:
    state, by_address = request.app.state, request.method in graphql_request.QUERY_STRING_METHODS
    directory: Directory = state.directory
    documents: TrustedDocuments = state.documents
    document, operation = documents.resolve_text(question), question.operation_name or None
    if by_address and _MUTATION_KEYWORD.search(document):
        await state.rate_limiter.run(request, _refuse_mutation, request, document, operation)
    context = Context(directory.get_snapshot(Audience.PUBLIC), datetime.now(UTC), allowance, state.limits)
    tag = caching.compute_etag(document, question, context, media_type) if by_address else None
    if tag and caching.is_not_modified(tag, request.headers.get("if-none-match")):
        state.rate_limiter.spend(request, NOT_MODIFIED_POINTS)
        return Response(status_code=304, headers={"ETag": tag, **caching.REVALIDATE_HEADERS})
    found = await _execute(request, document, question, operation, context)
    body = found.body
    state.rate_limiter.spend(request, found.points)
    _note_outcome(request, body, operation)
    headers = {"ETag": tag, **caching.REVALIDATE_HEADERS} if tag and "errors" not in body else caching.UNCACHED_HEADERS
    return json_response(body, _choose_status(body, media_type), media_type, headers)


async def _execute(request: Request, document: str, question: GraphQLRequest, operation: str | None, context: Context) -> Answer:
    allowances: RateLimiter = request.app.state.rate_limiter
    expected, spent = estimate_points(document, question.variables, operation), 0
    if expected <= QUICK_POINTS:
        found = answer_quickly(document, question.variables, operation, context)
        if not found.is_unfinished:
            return await allowances.run(request, add_suggestions_to_answer, found) if found.unknown_values else found
        spent = found.points
    with allowances.reserve(request, expected + spent):
        found = await allowances.run(request, answer_document, document, question.variables, operation, context)
        return found._replace(points=found.points + spent)


def _choose_status(body: dict[str, Any], media_type: str) -> int:
    """Of application/json, old clients read the body only with 200; the newer media type tells a refused document by 400."""
    if "data" in body:
        return 200
    if any(error["extensions"]["code"] is ErrorCode.INTERNAL for error in body["errors"]):
        return 500
    return 400 if media_type is GRAPHQL_JSON else 200


def _note_outcome(request: Request, body: dict[str, Any], operation: str | None) -> None:
    """For the log. An operation's name is told where the document has it: any other is only what somebody sent."""
    told: dict[str, Any] = next((error["extensions"] for error in body.get("errors", ())), {})
    set_notes(request.scope, operation if "data" in body else None, told.get("code"), told.get("errorId"))


def refuse_credentials(request: Request) -> None:
    """Raises Refusal for a request with any: nobody can have them."""
    if "authorization" in request.headers or _has_session(request):
        sentence = "Nobody can sign in here yet: everything there is, is public. Ask without credentials."
        raise Refusal(401, ErrorCode.UNAUTHENTICATED, sentence, {"WWW-Authenticate": "Bearer"})


def _has_session(request: Request) -> bool:
    """Whether a session cookie was sent. Values are not decoded: the standard library takes quadratic time for escapes."""
    names = (pair.partition("=")[0].strip() for header in request.headers.getlist("cookie") for pair in header.split(";"))
    return SESSION_COOKIE in names


def _require_media_type(wanted: str) -> str:
    media_type = negotiate_media_type(wanted)
    if media_type is None:
        raise Refusal(406, ErrorCode.BAD_INPUT, f"Answers are {GRAPHQL_JSON} or {JSON}; accept one of them.")
    return media_type


def _refuse_mutation(request: Request, document: str, operation: str | None) -> None:
    """Raises Refusal for anything but a query. Reading the document is charged, as it is read once more to be answered."""
    began = time.thread_time()
    try:
        asked_for = _find_operation(document, operation, request.app.state.limits)
    finally:
        request.scope[PARSING_POINTS_KEY] = math.ceil((time.thread_time() - began) / SECONDS_PER_POINT)
    if asked_for and asked_for.operation is not OperationType.QUERY:
        raise Refusal(405, ErrorCode.BAD_INPUT, "By GET, only queries are answered. Ask by POST.", {"Allow": "POST"})


def _find_operation(document: str, operation: str | None, limits: Limits) -> OperationDefinitionNode | None:
    """The one that would be executed; None where the document is refused when it is answered."""
    if known := find_cached_document(document):
        return get_operation_ast(known.document, operation)
    if len(document) > limits.document_bytes:
        return None
    try:
        return get_operation_ast(parse(document, no_location=True, max_tokens=limits.tokens), operation)
    except (GraphQLError, RecursionError):
        return None
