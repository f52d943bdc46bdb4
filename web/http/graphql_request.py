"""Parse a request to /graphql: its parameters, from the body or the query string (GraphQL over HTTP, section 5)."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from starlette.types import Scope

from directory.errors import ErrorCode
from schema.limits import SECONDS_PER_POINT
from web.http.json_keys import DuplicateKey
from web.http.request_parsing import (
    QUERY_STRING_METHODS,
    Headers,
    HttpRequest,
    bad_request,
    decode_json,
    describe_duplicate_key,
    parse_fields,
    read_body,
    read_query_string,
    require_content_type,
)
from web.http.responses import JSON, Refusal
from web.server.rate_limit import PARSING_POINTS_KEY, RateLimiter

BODY_LIMIT = 1_048_576  # bytes
SEPARATOR_LIMIT = 40_000  # commas and opening brackets in a body; the longest document and variables have fewer
INLINE_BODY_BYTES = 32_768  # bytes that are parsed on the event loop
PARAMETERS_LIMIT = 20  # parameters of a query string
INCLUDED_PARSING_POINTS = 10  # points for parsing a body or query string that are part of every price
UNMEASURED_BYTES = 1_024  # no body or query string up to this size takes INCLUDED_PARSING_POINTS to parse
_UTF_8 = ("utf-8", "utf8")
_USUAL_CONTENT_TYPE = JSON.encode()


class GraphQLRequest(Struct):
    """The parameters of a request. Any others are ignored."""

    query: str | None = None
    document_id: str | None = msgspec.field(name="documentId", default=None)
    variables: dict[str, Any] | None = None
    operation_name: str | None = msgspec.field(name="operationName", default=None)
    extensions: dict[str, Any] | None = None


_decode_request = msgspec.json.Decoder(GraphQLRequest).decode
_decode_object = msgspec.json.Decoder(dict[str, Any] | None).decode


async def read_graphql_request(request: HttpRequest, rate_limiter: RateLimiter) -> GraphQLRequest:
    """Return the parameters. An empty parameter of a query string counts as missing. Raises Refusal."""
    if request.scope["method"] in QUERY_STRING_METHODS:
        return _parse_and_measure(request.scope, _parse_query_string, read_query_string(request.scope))
    _check_content_type(request.headers)
    body = await read_body(request, BODY_LIMIT)
    if len(body) <= INLINE_BODY_BYTES:
        return _parse_and_measure(request.scope, _parse_body, body)
    return await rate_limiter.run(request.scope, _parse_and_measure, request.scope, _parse_body, body)


def _parse_and_measure(scope: Scope, parse: Callable[[bytes], GraphQLRequest], sent: bytes) -> GraphQLRequest:
    """Parse a body or query string and record the time it took, so that a refused request is charged too."""
    if len(sent) <= UNMEASURED_BYTES:
        return parse(sent)
    started = time.thread_time()
    try:
        return parse(sent)
    finally:
        points = int((time.thread_time() - started) / SECONDS_PER_POINT)
        if points > INCLUDED_PARSING_POINTS:
            scope[PARSING_POINTS_KEY] = points


def _parse_query_string(query_string: bytes) -> GraphQLRequest:
    fields = parse_fields(query_string, "ascii", PARAMETERS_LIMIT)
    objects = {name: _parse_object(name, fields.get(name)) for name in ("variables", "extensions")}
    return GraphQLRequest(fields.get("query"), fields.get("documentId"), operation_name=fields.get("operationName"), **objects)


def _parse_object(name: str, text: str | None) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        value: dict[str, Any] | None = decode_json(_decode_object, text)
        return value
    except DuplicateKey as error:
        raise bad_request(f"`{name}` is not valid: {describe_duplicate_key(error)}.") from None
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        raise bad_request(f"`{name}` must be a JSON object.") from None


def _check_content_type(headers: Headers) -> None:
    if headers.get(b"content-type") == _USUAL_CONTENT_TYPE and b"content-encoding" not in headers:
        return
    parameters = require_content_type(headers, JSON)
    charsets = [parameter.partition("=")[2].strip('"') for parameter in parameters if parameter.startswith("charset=")]
    if any(charset not in _UTF_8 for charset in charsets):
        raise Refusal(415, ErrorCode.BAD_INPUT, f"Send the request as {JSON} in UTF-8.")


def _parse_body(body: bytes) -> GraphQLRequest:
    if len(body) > SEPARATOR_LIMIT and sum(map(body.count, b",[{")) > SEPARATOR_LIMIT:  # counting is cheap, parsing is not
        message = f"The body has more than {SEPARATOR_LIMIT:,} commas and opening brackets. Send fewer variables."
        raise Refusal(413, ErrorCode.TOO_LARGE, message, limit=SEPARATOR_LIMIT)
    try:
        return decode_json(_decode_request, body.decode())
    except (ValueError, RecursionError) as error:
        raise bad_request(f"The body is not a GraphQL request in JSON: {_explain_parse_error(body, error)}.") from None


def _explain_parse_error(body: bytes, error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return f"it is not valid UTF-8 from byte {error.start} on; encode the whole body as UTF-8"
        case DuplicateKey():
            return describe_duplicate_key(error)
        case RecursionError():
            return "it is nested too deeply"
    if body.lstrip()[:1] == b"[":
        return "it is a list, and batches are not supported; send each request separately"
    return str(error)
