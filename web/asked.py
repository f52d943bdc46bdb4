"""What a request to /graphql asks: its parameters, read from the body or the address (GraphQL over HTTP, section 5)."""

import time
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request

from directory.errors import Code
from schema.limits import POINT_SECONDS
from web.allowance import READING
from web.json_keys import DuplicateKey, reject_duplicate_keys
from web.reply import JSON, Refusal

BODY_LIMIT = 1_048_576  # bytes
SEPARATOR_LIMIT = 40_000  # commas and opening brackets of a body; those of the longest document and variables are fewer
QUICK_BODY = 32_768  # bytes that are parsed on the event loop
ADDRESS_LIMIT = 32_768  # bytes after the question mark
PARAMETERS_LIMIT = 20  # of an address
USUAL_READING = 100  # points for parsing a body that are part of every price
SHOWN_KEY = 40  # characters of a key that an error quotes
BYTES_READ = "directory.bytes_read"  # in the scope of a request, how much of its body was read
LENGTH_DIGITS = 20  # of a Content-Length; more make it no smaller
BY_ADDRESS = ("GET", "HEAD")
_UTF_8 = ("utf-8", "utf8")


class Asked(Struct):
    """The parameters of a request. Whatever else a client sends is ignored."""

    query: str | None = None
    document_id: str | None = msgspec.field(name="documentId", default=None)
    variables: dict[str, Any] | None = None
    operation_name: str | None = msgspec.field(name="operationName", default=None)
    extensions: dict[str, Any] | None = None


_decode = msgspec.json.Decoder(Asked).decode
_decode_object = msgspec.json.Decoder(dict[str, Any] | None).decode


async def read(request: Request) -> Asked:
    """Raises Refusal. An empty parameter of an address counts as not given."""
    if request.method in BY_ADDRESS:
        return _from_address(request.scope["query_string"])
    _refuse_other_forms(request)
    sent = await body(request)
    if len(sent) <= QUICK_BODY:
        return _measured(request, sent)
    parsed: Asked = await request.app.state.allowances.run(request, _measured, request, sent)
    return parsed


def _measured(request: Request, sent: bytes) -> Asked:
    """Notes what parsing took, so that it is charged also when the request is rejected."""
    began = time.thread_time()
    try:
        return _from_body(sent)
    finally:
        points = int((time.thread_time() - began) / POINT_SECONDS)
        if points > USUAL_READING:
            request.scope[READING] = points


def _from_address(query_string: bytes) -> Asked:
    if len(query_string) > ADDRESS_LIMIT:
        raise Refusal(414, Code.TOO_LARGE, f"An address has at most {ADDRESS_LIMIT:,} bytes here. Ask by POST.")
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=PARAMETERS_LIMIT)
    except ValueError:
        raise _unreadable(f"The address has to be UTF-8, percent-encoded, with at most {PARAMETERS_LIMIT} parameters.") from None
    given = dict(pairs)
    if len(given) < len(pairs):
        raise _unreadable("A parameter stands twice in the address. Send each once.")
    objects = {name: _object(name, given.get(name)) for name in ("variables", "extensions")}
    return Asked(given.get("query"), given.get("documentId"), operation_name=given.get("operationName"), **objects)


def _object(name: str, written: str | None) -> dict[str, Any] | None:
    if not written:
        return None
    try:
        found: dict[str, Any] | None = _decode_object(written)
        reject_duplicate_keys(written)
    except DuplicateKey as problem:
        raise _unreadable(f"`{name}` cannot be used: {_twice(problem)}.") from None
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        raise _unreadable(f"`{name}` has to be a JSON object.") from None
    return found


def _refuse_other_forms(request: Request) -> None:
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    if kind != JSON or any(charset not in _UTF_8 for charset in charsets):
        raise Refusal(415, Code.BAD_INPUT, f"Send the request as {JSON} in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, Code.BAD_INPUT, "Send the request uncompressed.")


def _from_body(body: bytes) -> Asked:
    if sum(map(body.count, b",[{")) > SEPARATOR_LIMIT:  # counting them is cheap, parsing them is not
        sentence = f"The body has more than {SEPARATOR_LIMIT:,} commas and opening brackets. Send fewer variables."
        raise Refusal(413, Code.TOO_LARGE, sentence, limit=SEPARATOR_LIMIT)
    try:
        text = body.decode()
        asked = _decode(text)
        reject_duplicate_keys(text)
    except (ValueError, RecursionError) as problem:
        raise _unreadable(f"The body cannot be read as a GraphQL request in JSON: {_why(body, problem)}.") from None
    return asked


def _why(body: bytes, problem: Exception) -> str:
    match problem:
        case UnicodeDecodeError():
            return f"it is not valid UTF-8 from byte {problem.start} on; encode the whole body as UTF-8"
        case DuplicateKey():
            return _twice(problem)
        case RecursionError():
            return "it is nested too deeply"
    if body.lstrip()[:1] == b"[":
        return "it is a list, and several requests in one are not answered; send each by itself"
    return str(problem)


def _twice(problem: DuplicateKey) -> str:
    return f"one of its objects has the key {problem.key[:SHOWN_KEY]!r} twice; send each key once"


async def body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """Raises Refusal for more bytes than the limit, and when the connection ends before.

    The scope's BYTES_READ is how many were read, also when the body is refused.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:LENGTH_DIGITS]) > limit:
        raise _too_large(limit)
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            request.scope[BYTES_READ] = size
            if size > limit:
                raise _too_large(limit)
            chunks.append(chunk)
    except ClientDisconnect:
        raise _unreadable("The connection ended before the body was whole.") from None
    return b"".join(chunks)


def _too_large(limit: int) -> Refusal:
    sentence = f"A request has at most {limit:,} bytes. Ask for less at once."
    return Refusal(413, Code.TOO_LARGE, sentence)


def _unreadable(sentence: str) -> Refusal:
    return Refusal(400, Code.BAD_INPUT, sentence)
