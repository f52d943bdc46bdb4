"""Responses that all routes share: JSON, and refusals in the form of a GraphQL error."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from directory.errors import ErrorCode
from schema.errors import format_request_error

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"
NO_STORE = {"Cache-Control": "private, no-store"}
_encode = msgspec.json.Encoder().encode


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

    def to_response(self, media_type: str = JSON, headers: Mapping[str, str] = NO_STORE) -> Response:
        return json_response(self.body, self.status, media_type, {**headers, **self.headers})


def json_response(body: Any, status: int = 200, media_type: str = JSON, headers: Mapping[str, str] | None = None) -> Response:
    return Response(_encode(body), status, headers, f"{media_type}; charset=utf-8")


def refusal_response(status: int, code: ErrorCode, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal of the whole request, as a GraphQL answer that has only errors."""
    return Refusal(status, code, message, headers).to_response()
