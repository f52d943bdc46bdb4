"""Parse what the request formats share: headers, body, query string, form fields, content type and JSON.

Functions raise Refusal for input that is invalid or too large, unless they say otherwise.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self, TypeVar
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from directory.errors import ErrorCode
from web.http.json_keys import DuplicateKey, reject_duplicate_keys
from web.http.responses import Refusal

QUERY_STRING_LIMIT = 32_768  # bytes after the question mark
QUERY_STRING_METHODS = ("GET", "HEAD")
QUOTED_KEY_LENGTH = 40  # characters of a key that a message quotes
BYTES_READ_KEY = "directory.bytes_read"  # in the scope of a request: how many bytes of its body were read
CONTENT_LENGTH_DIGITS = 20  # digits of a Content-Length that are parsed; longer numbers are too large in any case
LIST_HEADERS = {b"accept": b",", b"cookie": b";"}  # headers whose values are joined when they are sent twice, and with what

T = TypeVar("T")
Headers = dict[bytes, bytes]  # values by lower-case name


class HttpRequest(NamedTuple):
    """A request as an ASGI server passes it on, with its headers by name."""

    scope: Scope
    receive: Receive
    headers: Headers

    @classmethod
    def read(cls, scope: Scope, receive: Receive) -> Self:
        return cls(scope, receive, collect_headers(scope["headers"]))


def collect_headers(pairs: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Return the headers by name. Of a header that is sent twice, the first value applies unless it is in LIST_HEADERS."""
    headers = dict(pairs)
    if len(headers) < len(pairs):
        headers = dict(reversed(pairs))
        for name in LIST_HEADERS.keys() & headers.keys():
            headers[name] = LIST_HEADERS[name].join(value for key, value in pairs if key == name)
    return headers


def bad_request(message: str) -> Refusal:
    return Refusal(400, ErrorCode.BAD_INPUT, message)


def require_content_type(headers: Headers, media_type: str) -> list[str]:
    """Return the parameters of the Content-Type in lower case, such as "charset=utf-8".

    The body has to be of this media type and uncompressed.
    """
    content_type = headers.get(b"content-type", b"").decode("latin-1")
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if name != media_type:
        raise Refusal(415, ErrorCode.BAD_INPUT, f"Send the request as {media_type} in UTF-8.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Refusal(415, ErrorCode.BAD_INPUT, "Send the request uncompressed.")
    return parameters


async def read_body(request: HttpRequest, limit: int) -> bytes:
    """Return the body, which has at most `limit` bytes.

    Also sets BYTES_READ_KEY in the request's scope, even if the body is refused.
    """
    length = request.headers.get(b"content-length", b"")
    if length.isdigit() and int(length[:CONTENT_LENGTH_DIGITS]) > limit:
        raise _body_too_large(limit)
    chunks, size, has_more = [], 0, True
    while has_more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Refusal(408, ErrorCode.TOO_SLOW, "The connection closed before the whole body arrived.")
        chunk, has_more = message.get("body", b""), message.get("more_body", False)
        request.scope[BYTES_READ_KEY] = size = size + len(chunk)
        if size > limit:
            raise _body_too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


def read_query_string(scope: Scope) -> bytes:
    query_string: bytes = scope["query_string"]
    if len(query_string) > QUERY_STRING_LIMIT:
        message = f"The query string has more than {QUERY_STRING_LIMIT:,} bytes. Send the request by POST."
        raise Refusal(414, ErrorCode.TOO_LARGE, message)
    return query_string


def parse_fields(text: bytes, encoding: str, limit: int) -> dict[str, str]:
    """Return the fields of a form or query string, each of which may appear once. Fields without a value are left out."""
    try:
        pairs = parse_qsl(text.decode(encoding), errors="strict", max_num_fields=limit)
    except ValueError:
        raise bad_request(f"The parameters must be percent-encoded UTF-8, and there can be at most {limit}.") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise bad_request("A parameter appears twice. Send each parameter once.")
    return fields


def decode_json(decode: Callable[[str], T], text: str) -> T:
    """Return the decoded JSON. Raises DuplicateKey, msgspec.MsgspecError, UnicodeEncodeError or RecursionError."""
    decoded = decode(text)
    reject_duplicate_keys(text)
    return decoded


def quote_key(key: str) -> str:
    """Return the key as a message quotes it, without its end if it is long."""
    return repr(key[:QUOTED_KEY_LENGTH])


def describe_duplicate_key(error: DuplicateKey) -> str:
    return f"one of its objects has the key {quote_key(error.key)} twice; send each key once"


def _body_too_large(limit: int) -> Refusal:
    return Refusal(413, ErrorCode.TOO_LARGE, f"The body has more than {limit:,} bytes. Send a smaller request.")
