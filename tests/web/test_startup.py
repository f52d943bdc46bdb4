"""The first seconds of a server."""

import http.client
from pathlib import Path
from typing import Any

import msgspec
from starlette.testclient import TestClient

from directory.live import Directory
from schema.limits import LIMITS
from tests.polling import poll_until
from tests.server_process import ServerProcess, run_server
from web.app import create_app
from web.settings import load_settings

MAX_SECONDS = 60  # for preparing on a busy machine

# Words with a typo need tables that a server builds after its start.
DOCUMENT = '{ suggest(query: "hous") { label } organizations(words: "evicton help near Atlnta") { totalCount } }'


def test_a_request_that_comes_too_early_is_answered(tmp_path: Path) -> None:
    with run_server(tmp_path) as server:
        answer = ask(server, DOCUMENT)
    assert "errors" not in answer
    assert answer["data"]["suggest"]
    assert answer["data"]["organizations"]["totalCount"] > 0


def test_later_requests_have_the_usual_time(directory: Directory) -> None:
    app = create_app(directory, load_settings({"limits": "cpu_seconds=0.1"}))
    with TestClient(app):
        assert poll_until(lambda: app.state.graphql.limits.cpu_seconds < LIMITS.cpu_seconds, MAX_SECONDS)
        assert (app.state.graphql.limits.cpu_seconds, app.state.pages.limits.cpu_seconds) == (0.1, 0.1)


def ask(server: ServerProcess, document: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    body = msgspec.json.encode({"query": document})
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    answer: dict[str, Any] = msgspec.json.decode(connection.getresponse().read())
    connection.close()
    return answer
