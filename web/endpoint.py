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

from directory.errors import Code
from directory.live import Directory
from directory.records import Audience
from schema.context import Allowance, Context
from schema.execution import Answer, answer, expected_points, quick_answer, with_suggestions
from schema.limits import POINT_SECONDS, QUICK_POINTS, Limits
from schema.preparing import kept
from web import asked, caching
from web.accept import negotiated
from web.allowance import KNOWN, READING, REFUSED, Allowances
from web.asked import Asked
from web.documents import Documents
from web.explorer import HTML, asked_by_browser, to_explorer
from web.log import note
from web.reply import GRAPHQL_JSON, JSON, Refusal, json

SESSION_COOKIE = "session"
METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_WRITES = re.compile(r"\b(?:mutation|subscription)\b")


async def graphql(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
    media_type = JSON
    allowances: Allowances = request.app.state.allowances
    try:
        refuse_credentials(request)
        wanted = ",".join(request.headers.getlist("accept"))
        if HTML in wanted and asked_by_browser(request):
            return to_explorer(request)
        media_type = _media_type(wanted)
        allowance = allowances.left(request)
        return await _answered(request, await asked.read(request), media_type, allowance)
    except Refusal as refused:
        note(request.scope, code=refused.code)
        if refused.code is not Code.RATE_LIMITED:
            allowances.spend(request, REFUSED)
        return refused.response(media_type, caching.UNKEPT)


async def _answered(request: Request, question: Asked, media_type: str, allowance: Allowance | None) -> Response:
    state, by_address = request.app.state, request.method in asked.BY_ADDRESS
    directory: Directory = state.directory
    documents: Documents = state.documents
    document, operation = documents.text(question), question.operation_name or None
    if by_address and _WRITES.search(document):
        await state.allowances.run(request, _refuse_writing, request, document, operation)
    context = Context(directory.snapshot(Audience.PUBLIC), datetime.now(UTC), allowance, state.limits)
    tag = caching.tag(document, question, context, media_type) if by_address else None
    if tag and caching.is_known(tag, request.headers.get("if-none-match")):
        state.allowances.spend(request, KNOWN)
        return Response(status_code=304, headers={"ETag": tag, **caching.KEPT})
    found = await _told(request, document, question, operation, context)
    body = found.body
    state.allowances.spend(request, found.points)
    _note(request, body, operation)
    headers = {"ETag": tag, **caching.KEPT} if tag and "errors" not in body else caching.UNKEPT
    return json(body, _status(body, media_type), media_type, headers)


async def _told(request: Request, document: str, question: Asked, operation: str | None, context: Context) -> Answer:
    allowances: Allowances = request.app.state.allowances
    expected, spent = expected_points(document, question.variables, operation), 0
    if expected <= QUICK_POINTS:
        found = quick_answer(document, question.variables, operation, context)
        if not found.unfinished:
            return await allowances.run(request, with_suggestions, found) if found.unknown else found
        spent = found.points
    with allowances.held(request, expected + spent):
        found = await allowances.run(request, answer, document, question.variables, operation, context)
        return found._replace(points=found.points + spent)


def _status(body: dict[str, Any], media_type: str) -> int:
    """Of application/json, old clients read the body only with 200; the newer media type tells a refused document by 400."""
    if "data" in body:
        return 200
    if any(error["extensions"]["code"] is Code.INTERNAL for error in body["errors"]):
        return 500
    return 400 if media_type is GRAPHQL_JSON else 200


def _note(request: Request, body: dict[str, Any], operation: str | None) -> None:
    """For the log. An operation's name is told where the document has it: any other is only what somebody sent."""
    told: dict[str, Any] = next((error["extensions"] for error in body.get("errors", ())), {})
    note(request.scope, operation if "data" in body else None, told.get("code"), told.get("errorId"))


def refuse_credentials(request: Request) -> None:
    """Raises Refusal for a request with any: nobody can have them."""
    if "authorization" in request.headers or _has_session(request):
        sentence = "Nobody can sign in here yet: everything there is, is public. Ask without credentials."
        raise Refusal(401, Code.UNAUTHENTICATED, sentence, {"WWW-Authenticate": "Bearer"})


def _has_session(request: Request) -> bool:
    """Whether a session cookie was sent. Values are not decoded: the standard library takes quadratic time for escapes."""
    names = (pair.partition("=")[0].strip() for header in request.headers.getlist("cookie") for pair in header.split(";"))
    return SESSION_COOKIE in names


def _media_type(wanted: str) -> str:
    media_type = negotiated(wanted)
    if media_type is None:
        raise Refusal(406, Code.BAD_INPUT, f"Answers are {GRAPHQL_JSON} or {JSON}; accept one of them.")
    return media_type


def _refuse_writing(request: Request, document: str, operation: str | None) -> None:
    """Raises Refusal for anything but a query. Reading the document is charged, as it is read once more to be answered."""
    began = time.thread_time()
    try:
        asked_for = _operation(document, operation, request.app.state.limits)
    finally:
        request.scope[READING] = math.ceil((time.thread_time() - began) / POINT_SECONDS)
    if asked_for and asked_for.operation is not OperationType.QUERY:
        raise Refusal(405, Code.BAD_INPUT, "By GET, only queries are answered. Ask by POST.", {"Allow": "POST"})


def _operation(document: str, operation: str | None, limits: Limits) -> OperationDefinitionNode | None:
    """The one that would be executed; None where the document is refused when it is answered."""
    if known := kept(document):
        return get_operation_ast(known.document, operation)
    if len(document) > limits.document_bytes:
        return None
    try:
        return get_operation_ast(parse(document, no_location=True, max_tokens=limits.tokens), operation)
    except (GraphQLError, RecursionError):
        return None
