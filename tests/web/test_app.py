"""The application as a whole: the front page, unknown paths and the log."""

import logging

import pytest
from starlette.testclient import TestClient
from uvicorn.importer import import_from_string

from directory.live import Directory
from tests.web.conftest import LogReader
from web.app import create_app, create_worker_app
from web.operations.request_log import LOG_WRITER
from web.settings import load_settings
from web.startup import WORKER_APP


@pytest.mark.parametrize("path", ["/nothing", "/graphql/", "/..%2f..", "/%00", "/%0aforged"])
def test_other_paths_are_not_found(client: TestClient, path: str) -> None:
    response = client.get(path, follow_redirects=False)
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_the_log_has_no_search_words_and_no_unknown_paths(client: TestClient, read_request_log: LogReader) -> None:
    client.get("/graphql", params={"query": '{ organizations(query: "eviction") { totalCount } }'})
    client.get("/people/jane-doe")
    assert [line.rsplit(" ", 2)[0] for line in read_request_log()] == ["GET /graphql 200", "GET (another path) 404"]


def test_the_log_has_one_line_for_each_request(sqlite_url: str, read_request_log: LogReader) -> None:
    app = create_app(Directory.open(sqlite_url))
    with TestClient(app, base_url="http://localhost") as client:
        client.get("/graphql", params={"query": "{ __typename }"})
    assert len(read_request_log()) == 1


def test_a_higher_level_logs_no_requests(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    LOG_WRITER.flush()
    with caplog.at_level(logging.WARNING):
        client.get("/")
        client.get("/graphql", params={"query": "{ __typename }"})
    assert LOG_WRITER.waiting_count == 0


def test_a_configured_limit_applies(sqlite_url: str) -> None:
    app = create_app(Directory.open(sqlite_url), load_settings({"limits": "depth=2"}))
    with TestClient(app, base_url="http://localhost") as client:
        request = {"query": "{ issueAreas { nodes { slug } } }"}
        extensions = client.post("/graphql", json=request).json()["errors"][0]["extensions"]
    assert (extensions["code"], extensions["of"], extensions["limit"]) == ("TOO_COMPLEX", "depth", 2)


def test_workers_can_import_their_application() -> None:
    assert import_from_string(WORKER_APP) is create_worker_app
