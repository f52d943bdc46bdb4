"""/graphql: from an HTTP request to a question, and back.

Questions are answered on the event loop: they do no I/O, and a thread for each would cost more than most of them take.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from directory.errors import Code
from directory.live import Directory
from directory.records import Audience
from schema.context import Context
from schema.execution import answer
from web.reply import GRAPHQL_JSON, JSON, json, refusal

BODY_LIMIT = 1_048_576  # bytes
SESSION_COOKIE = "session"
METHODS = ("GET", "HEAD", "POST")


class Asked(Struct):
    """The parameters of a request (GraphQL over HTTP, section 5.1). What else a client sends along is not read."""

    query: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = msgspec.field(name="operationName", default=None)
    extensions: dict[str, Any] | None = None


class Refusal(Exception):
    """The request cannot be read; `response` says why."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


_decode_body = msgspec.json.Decoder(Asked).decode
_decode_variables = msgspec.json.Decoder(dict[str, Any]).decode


async def graphql(request: Request) -> Response:
    try:
        _refuse_credentials(request)
        asked = _from_address(request) if request.method in ("GET", "HEAD") else await _from_body(request)
    except Refusal as refused:
        return refused.response
    if not asked.query:
        return refusal(400, Code.BAD_INPUT, "Send a GraphQL document as `query`.")
    directory: Directory = request.app.state.directory
    context = Context(directory.snapshot(Audience.PUBLIC), datetime.now(UTC))
    told = answer(asked.query, asked.variables, asked.operation_name, context)
    media_type = GRAPHQL_JSON if GRAPHQL_JSON in request.headers.get("accept", "") else JSON
    return json(told.body, _status(told.body, media_type), media_type)


def _status(body: dict[str, Any], media_type: str) -> int:
    """Of application/json, old clients read the body only with 200; the newer media type tells a refused document by 400."""
    if "data" in body:
        return 200
    if any(error["extensions"]["code"] is Code.INTERNAL for error in body["errors"]):
        return 500
    return 400 if media_type is GRAPHQL_JSON else 200


def _refuse_credentials(request: Request) -> None:
    if "authorization" in request.headers or SESSION_COOKIE in request.cookies:
        sentence = "Nobody can sign in here yet: everything there is, is public. Ask without credentials."
        raise Refusal(refusal(401, Code.UNAUTHENTICATED, sentence, {"WWW-Authenticate": "Bearer"}))


def _from_address(request: Request) -> Asked:
    given = request.query_params
    try:
        variables = _decode_variables(given["variables"]) if given.get("variables") else None
    except (msgspec.MsgspecError, RecursionError):
        raise _unreadable("`variables` has to be a JSON object.") from None
    return Asked(given.get("query"), variables, given.get("operationName"))


async def _from_body(request: Request) -> Asked:
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.partition("charset=")[2].strip(' "').lower()
    if kind.strip().lower() != JSON or charset not in ("", "utf-8", "utf8"):
        raise Refusal(refusal(415, Code.BAD_INPUT, f"Send the request as {JSON} in UTF-8."))
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refusal(refusal(415, Code.BAD_INPUT, "Send the request uncompressed."))
    try:
        return _decode_body(await _body(request))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as problem:
        reason = "it is nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        raise _unreadable(f"The body cannot be read as a GraphQL request in JSON: {reason}.") from None


async def _body(request: Request) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_LIMIT:
            sentence = f"A request has at most {BODY_LIMIT:,} bytes. Ask for less at once."
            raise Refusal(refusal(413, Code.TOO_LARGE, sentence, {"Connection": "close"}))
        chunks.append(chunk)
    return b"".join(chunks)


def _unreadable(sentence: str) -> Refusal:
    return Refusal(refusal(400, Code.BAD_INPUT, sentence))
