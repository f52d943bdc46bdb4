"""What a request to /graphql asks: its parameters, read from the body or the address (GraphQL over HTTP, section 5)."""

import time
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request

from directory.errors import ErrorCode
from schema.limits import SECONDS_PER_POINT
from web.http.json_keys import DuplicateKey, reject_duplicate_keys
from web.http.responses import JSON, Refusal
from web.server.rate_limit import PARSING_POINTS_KEY

BODY_LIMIT = 1_048_576  # bytes
SEPARATOR_LIMIT = 40_000  # commas and opening brackets of a body; those of the longest document and variables are fewer
INLINE_BODY_BYTES = 32_768  # bytes that are parsed on the event loop
QUERY_STRING_LIMIT = 32_768  # bytes after the question mark
PARAMETERS_LIMIT = 20  # of an address
INCLUDED_PARSING_POINTS = 100  # points for parsing a body that are part of every price
QUOTED_KEY_LENGTH = 40  # characters of a key that an error quotes
BYTES_READ_KEY = "directory.bytes_read"  # in the scope of a request, how much of its body was read
CONTENT_LENGTH_DIGITS = 20  # of a Content-Length; more make it no smaller
QUERY_STRING_METHODS = ("GET", "HEAD")
_UTF_8 = ("utf-8", "utf8")


class GraphQLRequest(Struct):
    """The parameters of a request. Whatever else a client sends is ignored."""

    query: str | None = None
    document_id: str | None = msgspec.field(name="documentId", default=None)
    variables: dict[str, Any] | None = None
    operation_name: str | None = msgspec.field(name="operationName", default=None)
    extensions: dict[str, Any] | None = None


_decode = msgspec.json.Decoder(GraphQLRequest).decode
_decode_object = msgspec.json.Decoder(dict[str, Any] | None).decode


async def read_graphql_request(request: Request) -> GraphQLRequest:
    """Raises Refusal. An empty parameter of an address counts as not given."""
    if request.method in QUERY_STRING_METHODS:
        return _parse_query_string(request.scope["query_string"])
    _check_content_type(request)
    sent = await read_body(request)
    if len(sent) <= INLINE_BODY_BYTES:
        return _parse_and_measure(request, sent)
    parsed: GraphQLRequest = await request.app.state.rate_limiter.run(request, _parse_and_measure, request, sent)
    return parsed


def _parse_and_measure(request: Request, raw: bytes) -> GraphQLRequest:
    """Notes what parsing took, so that it is charged also when the request is rejected."""
    began = time.thread_time()
    try:
        return _parse_body(raw)
    finally:
        points = int((time.thread_time() - began) / SECONDS_PER_POINT)
        if points > INCLUDED_PARSING_POINTS:
            request.scope[PARSING_POINTS_KEY] = points


def _parse_query_string(query_string: bytes) -> GraphQLRequest:
    if len(query_string) > QUERY_STRING_LIMIT:
        raise Refusal(414, ErrorCode.TOO_LARGE, f"An address has at most {QUERY_STRING_LIMIT:,} bytes here. Ask by POST.")
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=PARAMETERS_LIMIT)
    except ValueError:
        raise _bad_request_refusal(
            f"The address has to be UTF-8, percent-encoded, with at most {PARAMETERS_LIMIT} parameters."
        ) from None
    given = dict(pairs)
    if len(given) < len(pairs):
        raise _bad_request_refusal("A parameter stands twice in the address. Send each once.")
    objects = {name: _parse_object(name, given.get(name)) for name in ("variables", "extensions")}
    return GraphQLRequest(given.get("query"), given.get("documentId"), operation_name=given.get("operationName"), **objects)


def _parse_object(name: str, text: str | None) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        found: dict[str, Any] | None = _decode_object(text)
        reject_duplicate_keys(text)
    except DuplicateKey as problem:
        raise _bad_request_refusal(f"`{name}` cannot be used: {_describe_duplicate_key(problem)}.") from None
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        raise _bad_request_refusal(f"`{name}` has to be a JSON object.") from None
    return found


def _check_content_type(request: Request) -> None:
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    if kind != JSON or any(charset not in _UTF_8 for charset in charsets):
        raise Refusal(415, ErrorCode.BAD_INPUT, f"Send the request as {JSON} in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, ErrorCode.BAD_INPUT, "Send the request uncompressed.")


def _parse_body(body: bytes) -> GraphQLRequest:
    if sum(map(body.count, b",[{")) > SEPARATOR_LIMIT:  # counting them is cheap, parsing them is not
        sentence = f"The body has more than {SEPARATOR_LIMIT:,} commas and opening brackets. Send fewer variables."
        raise Refusal(413, ErrorCode.TOO_LARGE, sentence, limit=SEPARATOR_LIMIT)
    try:
        text = body.decode()
        asked = _decode(text)
        reject_duplicate_keys(text)
    except (ValueError, RecursionError) as problem:
        raise _bad_request_refusal(
            f"The body cannot be read as a GraphQL request in JSON: {_explain_parse_error(body, problem)}."
        ) from None
    return asked


def _explain_parse_error(body: bytes, problem: Exception) -> str:
    match problem:
        case UnicodeDecodeError():
            return f"it is not valid UTF-8 from byte {problem.start} on; encode the whole body as UTF-8"
        case DuplicateKey():
            return _describe_duplicate_key(problem)
        case RecursionError():
            return "it is nested too deeply"
    if body.lstrip()[:1] == b"[":
        return "it is a list, and several requests in one are not answered; send each by itself"
    return str(problem)


def _describe_duplicate_key(problem: DuplicateKey) -> str:
    return f"one of its objects has the key {problem.key[:QUOTED_KEY_LENGTH]!r} twice; send each key once"


async def read_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """Raises Refusal for more bytes than the limit, and when the connection ends before.

    The scope's BYTES_READ is how many were read, also when the body is refused.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:CONTENT_LENGTH_DIGITS]) > limit:
        raise _too_large_refusal(limit)
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            request.scope[BYTES_READ_KEY] = size
            if size > limit:
                raise _too_large_refusal(limit)
            chunks.append(chunk)
    except ClientDisconnect:
        raise _bad_request_refusal("The connection ended before the body was whole.") from None
    return b"".join(chunks)


def _too_large_refusal(limit: int) -> Refusal:
    sentence = f"A request has at most {limit:,} bytes. Ask for less at once."
    return Refusal(413, ErrorCode.TOO_LARGE, sentence)


def _bad_request_refusal(sentence: str) -> Refusal:
    return Refusal(400, ErrorCode.BAD_INPUT, sentence)
