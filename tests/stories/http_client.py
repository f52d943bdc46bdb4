"""Run the application over a real store and send it requests through HTTP."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from starlette.testclient import TestClient

from directory.errors import ErrorCode
from directory.live import Directory
from web.app import create_app
from web.settings import Settings

INTERNALS = re.compile(
    r"Traceback|sqlalchemy|psycopg|sqlite|SELECT |INSERT |/work|site-packages|\.py\b|0x[0-9a-f]{6}", re.IGNORECASE
)


@contextmanager
def serve(directory: Directory) -> Iterator[TestClient]:
    """Serve the directory until the block ends, then close it. Limits are loose, as stories send large requests."""
    app = create_app(directory, Settings(points_a_minute=0, limits=("cpu_seconds=30", "seconds=60")))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


def post(client: TestClient, document: str, **variables: Any) -> httpx2.Response:
    return client.post("/graphql", json={"query": document, "variables": variables})


def ask(client: TestClient, document: str, **variables: Any) -> dict[str, Any]:
    """Send a document and return the data of the response, which must have no errors."""
    response = post(client, document, **variables)
    assert response.status_code == 200
    body = response.json()
    assert "errors" not in body, body["errors"]
    data: dict[str, Any] = body["data"]
    return data


def assert_helpful_error(error: dict[str, Any]) -> None:
    """Check that an error has a code other than INTERNAL and a message in a full sentence."""
    sentence = error["message"]
    assert error["extensions"]["code"] in set(ErrorCode) - {ErrorCode.INTERNAL}
    assert len(sentence) > 20
    assert sentence[-1] in ".?"
