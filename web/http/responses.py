"""What is sent: JSON, and refusals as JSON."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from directory.errors import ErrorCode
from schema.errors import format_request_error

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
NO_STORE = {"Cache-Control": "private, no-store"}
_encode = msgspec.json.Encoder().encode


class Refusal(Exception):
    """The request as a whole is refused: with an HTTP status, a code, a sentence, and headers beyond those of every refusal.

    `params` are JSON-ready facts about it, as of a DirectoryError.
    """

    def __init__(
        self, status: int, code: ErrorCode, sentence: str, headers: Mapping[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence, self.headers, self.params = status, code, sentence, headers or {}, params

    @property
    def body(self) -> dict[str, Any]:
        return {"errors": [format_request_error(self.code, self.sentence, **self.params)]}

    def to_response(self, media_type: str = JSON, headers: Mapping[str, str] = NO_STORE) -> Response:
        return json_response(self.body, self.status, media_type, {**headers, **self.headers})


def json_response(body: Any, status: int = 200, media_type: str = JSON, headers: Mapping[str, str] | None = None) -> Response:
    return Response(_encode(body), status, headers, f"{media_type}; charset=utf-8")


def refusal_response(status: int, code: ErrorCode, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal of the request as a whole, in the form of a GraphQL answer with errors alone."""
    return Refusal(status, code, sentence, headers).to_response()
