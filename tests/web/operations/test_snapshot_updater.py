"""Keeping up with what others write, and telling how it stands."""

import asyncio
import logging
import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.errors import Unavailable, UnknownTerm
from directory.live import Directory
from directory.records import Audience
from tests.builders import a_stored_organization
from tests.web.conftest import put
from web.app import create_app
from web.operations import snapshot_updater


def test_healthy_and_ready(client: TestClient, directory: Directory) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    version = directory.get_snapshot(Audience.PUBLIC).version
    assert client.get("/readyz").json() == {"status": "ready", "store": "reachable", "version": version, "members": 1}
    for path in ("/healthz", "/readyz"):
        assert "no-store" in client.get(path).headers["cache-control"]


def test_until_a_snapshot_is_there_it_is_healthy_and_not_ready(tmp_path: Path) -> None:
    unprepared = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    client = TestClient(create_app(unprepared), base_url="http://localhost")
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "starting"})
    unprepared.close()


def test_what_another_process_writes_is_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'directory.sqlite3'}"
    mine, other = Directory.open(url), Directory.open(url)
    followed = Followed(mine)
    with TestClient(create_app(mine), base_url="http://localhost") as client:
        assert client.get("/readyz").json()["members"] == 0
        put(other, a_stored_organization("Newcomers"))
        followed.once()
        assert client.get("/readyz").json()["members"] == 1
    other.close()


def test_while_the_database_is_away_reading_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(mine, a_stored_organization("Still Here"))
    followed = Followed(mine)
    with TestClient(create_app(mine), base_url="http://localhost") as client, caplog.at_level(logging.INFO):
        followed.problem = Unavailable("The database cannot be reached.")
        followed.once()
        followed.once()
        told = client.get("/readyz")
        assert (told.status_code, told.json()["members"], told.json()["store"]) == (200, 1, "away")
        followed.problem = None
        followed.once()
        followed.once()
        assert client.get("/readyz").json()["store"] == "reachable"
    logged = [record.getMessage() for record in caplog.records if record.name == "directory.web"]
    assert logged == ["answering from memory: The database cannot be reached.", "the database is back"]


@pytest.mark.parametrize(
    "problem", [RuntimeError("x"), asyncio.CancelledError(), SystemExit(3), GeneratorExit(), UnknownTerm("x")], ids=repr
)
def test_whatever_goes_wrong_is_logged_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, problem: BaseException
) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(mine, a_stored_organization("Still Here"))
    followed = Followed(mine)
    with TestClient(create_app(mine), base_url="http://localhost") as client, caplog.at_level(logging.INFO):
        followed.problem = problem
        followed.once()
        told = client.get("/readyz")
        assert (told.status_code, told.json()["members"], told.json()["store"]) == (200, 1, "behind")
        followed.problem = None
        followed.once()
        followed.once()
        assert client.get("/readyz").json()["store"] == "reachable"
    logged = [record.getMessage() for record in caplog.records if record.name == "directory.web"]
    assert set(logged) == {"could not follow the ledger", "the snapshots are current again"}


def test_a_log_that_is_broken_does_not_end_the_following(tmp_path: Path) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    followed = Followed(mine)
    broken = Broken()
    with TestClient(create_app(mine), base_url="http://localhost") as client:
        snapshot_updater.log.addFilter(broken)
        try:
            for followed.problem in (Unavailable("It is away."), RuntimeError("x"), None):
                followed.once()
        finally:
            snapshot_updater.log.removeFilter(broken)
        followed.once()
        assert client.get("/readyz").json()["store"] == "reachable"


def test_one_that_keeps_failing_is_tried_ever_less_often(tmp_path: Path) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    followed = Followed(mine)
    followed.problem = RuntimeError("x")
    one = snapshot_updater.SnapshotUpdater(mine)
    pauses = []
    for _ in range(12):
        with pytest.raises(RuntimeError):
            one._update()
        pauses.append(one._pause_seconds)
    assert pauses == sorted(pauses)
    assert pauses[-1] == snapshot_updater.MAX_PAUSE_SECONDS
    followed.problem = None
    one._update()
    assert one._pause_seconds == snapshot_updater.UPDATE_SECONDS
    mine.close()


def test_a_start_that_cannot_learn_words_follows_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mine, other = (Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}") for _ in range(2))
    followed = Followed(mine)
    mine.get_snapshot(Audience.PUBLIC).index.sets.clear()  # whatever damaged it
    with TestClient(create_app(mine), base_url="http://localhost") as client, caplog.at_level(logging.ERROR):
        put(other, a_stored_organization("Newcomers"))
        followed.once()
        assert client.get("/readyz").json()["members"] == 1
    assert "could not follow the ledger" in caplog.text
    other.close()


class Broken(logging.Filter):
    def filter(self, _record: logging.LogRecord) -> bool:
        raise OSError("no log")


class Followed:
    """Watches a directory follow its ledger, and can keep it from it."""

    def __init__(self, directory: Directory) -> None:
        self.problem: BaseException | None = None
        self._follow, self._done = directory.update_snapshots, threading.Semaphore(0)
        directory.update_snapshots = self._watched  # type: ignore[method-assign]

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
    monkeypatch.setattr(snapshot_updater, "UPDATE_SECONDS", 0.02)
