"""The application as a whole: its other pages and its log."""

import logging

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from web.app import create_app
from web.settings import load_settings


def test_the_front_page_leads_to_graphql(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "http://localhost/graphql" in response.text


@pytest.mark.parametrize("path", ["/nothing", "/graphql/", "/..%2f..", "/%00", "/%0aforged"])
def test_nothing_else_is_there(client: TestClient, path: str) -> None:
    response = client.get(path, follow_redirects=False)
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_the_log_has_no_words_and_no_addresses(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "directory.requests"):
        client.get("/graphql", params={"query": '{ organizations(query: "eviction") { totalCount } }'})
        client.get("/people/jane-doe")
    lines = [record.getMessage() for record in caplog.records if record.name == "directory.requests"]
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["GET /graphql 200", "GET (another path) 404"]


def test_a_limit_that_is_set_holds(sqlite_url: str) -> None:
    app = create_app(Directory.open(sqlite_url), load_settings({"limits": "depth=2"}))
    with TestClient(app, base_url="http://localhost") as client:
        asked = {"query": "{ issueAreas { nodes { slug } } }"}
        told = client.post("/graphql", json=asked).json()["errors"][0]["extensions"]
    assert (told["code"], told["of"], told["limit"]) == ("TOO_COMPLEX", "depth", 2)
