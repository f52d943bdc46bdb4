"""What is sent: JSON, and refusals as JSON."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from directory.errors import Code
from schema.errors import refused

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
_encode = msgspec.json.Encoder().encode


def json(body: Any, status: int = 200, media_type: str = JSON, headers: Mapping[str, str] | None = None) -> Response:
    return Response(_encode(body), status, headers, f"{media_type}; charset=utf-8")


def refusal(status: int, code: Code, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal of the request as a whole, in the form of a GraphQL answer with errors alone."""
    return json({"errors": [refused(code, sentence)]}, status, headers=headers)
