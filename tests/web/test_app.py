"""The application as a whole: its other pages, its log, and keeping up with what others write."""

import logging
import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.errors import Unavailable
from directory.live import Directory
from tests.builders import an_entry
from tests.web.conftest import put
from web import app
from web.app import application


def test_the_front_page_leads_to_graphql(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "http://testserver/graphql" in response.text


def test_health(client: TestClient) -> None:
    told = client.get("/healthz").json()
    assert told["status"] == "ok"
    assert told["members"] == 1


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


def test_what_another_process_writes_is_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'directory.sqlite3'}"
    mine, other = Directory.open(url), Directory.open(url)
    followed = Followed(mine)
    with TestClient(application(mine)) as client:
        assert client.get("/healthz").json()["members"] == 0
        put(other, an_entry("Newcomers"))
        followed.once()
        assert client.get("/healthz").json()["members"] == 1
    other.close()


def test_while_the_database_is_away_reading_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(mine, an_entry("Still Here"))
    followed = Followed(mine)
    with TestClient(application(mine)) as client, caplog.at_level(logging.INFO):
        followed.problem = Unavailable("The database cannot be reached.")
        followed.once()
        followed.once()
        assert client.get("/healthz").json()["members"] == 1
        followed.problem = None
        followed.once()
        followed.once()
    told = [record.getMessage() for record in caplog.records if record.name == "directory.web"]
    assert told == ["answering from memory: The database cannot be reached.", "the database is back"]


class Followed:
    """Watches a directory follow its ledger, and can keep it from it."""

    def __init__(self, directory: Directory) -> None:
        self.problem: Exception | None = None
        self._follow, self._done = directory.follow, threading.Semaphore(0)
        directory.follow = self._watched  # type: ignore[method-assign]

    def once(self) -> None:
        """Waits until a whole turn has begun and ended after this call."""
        while self._done.acquire(blocking=False):
            pass
        for _ in range(2):
            assert self._done.acquire(timeout=10)

    def _watched(self) -> bool:
        try:
            if self.problem:
                raise self.problem
            return self._follow()
        finally:
            self._done.release()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "FOLLOW_SECONDS", 0.02)
