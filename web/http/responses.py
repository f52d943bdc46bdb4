"""Responses that all routes share: JSON, and refusals in the form of a GraphQL error."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from starlette.responses import Response

from directory.errors import ErrorCode
from schema.errors import format_request_error, log_internal_error

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"
NO_STORE = {"Cache-Control": "private, no-store"}
# In the scope of a request: a function of web/server/connection.py that sends a whole response in one write, if it can
WRITE_RESPONSE_KEY = "directory.write_response"
RawHeaders = tuple[tuple[bytes, bytes], ...]
STATUSES_WITHOUT_BODY = (204, 304)
_encode = msgspec.json.Encoder().encode


class RawResponse(NamedTuple):
    """A response that can be sent without Starlette. `headers` have lower-case names and no Content-Length."""

    status: int
    headers: RawHeaders
    body: bytes = b""

    @property
    def all_headers(self) -> list[tuple[bytes, bytes]]:
        if self.status in STATUSES_WITHOUT_BODY:
            return list(self.headers)
        return [(b"content-length", b"%d" % len(self.body)), *self.headers]

    def to_starlette(self) -> Response:
        response = Response(self.body, self.status)
        response.raw_headers = self.all_headers
        return response


class Refusal(Exception):
    """The request as a whole is refused.

    `headers` are added to those of every refusal. `params` are JSON-ready facts for the error's `extensions`.
    """

    def __init__(
        self, status: int, code: ErrorCode, message: str, headers: Mapping[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers, self.params = status, code, message, headers or {}, params

    @property
    def body(self) -> dict[str, Any]:
        return {"errors": [format_request_error(self.code, self.message, **self.params)]}

    def to_raw_response(self, media_type: str = JSON, headers: Mapping[str, str] = NO_STORE) -> RawResponse:
        return RawResponse(self.status, encode_headers({**headers, **self.headers}, media_type), _encode(self.body))

    def to_response(self) -> Response:
        return self.to_raw_response().to_starlette()


def encode_headers(headers: Mapping[str, str], media_type: str | None = None) -> RawHeaders:
    """Return the headers, and the Content-Type of a text in UTF-8 if there is a media type."""
    typed = {**headers, "Content-Type": f"{media_type}; charset=utf-8"} if media_type else headers
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in typed.items())


def json_response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return RawResponse(status, encode_headers(headers or {}, JSON), _encode(body)).to_starlette()


def refusal_response(status: int, code: ErrorCode, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal of the whole request, as a GraphQL answer that has only errors."""
    return Refusal(status, code, message, headers).to_response()


def log_and_answer_internal_error(error: Exception) -> RawResponse:
    """Log an unexpected exception and return a response with the id of the log entry."""
    return RawResponse(500, encode_headers(NO_STORE, JSON), _encode({"errors": [log_internal_error(error)]}))
