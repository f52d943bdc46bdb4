"""Following the changes of other processes, and reporting readiness."""

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


def test_without_a_snapshot_it_is_healthy_but_not_ready(tmp_path: Path) -> None:
    unprepared = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    client = TestClient(create_app(unprepared), base_url="http://localhost")
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "starting"})
    unprepared.close()


def test_changes_of_another_process_are_noticed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'directory.sqlite3'}"
    mine, other = Directory.open(url), Directory.open(url)
    controlled = ControlledUpdates(mine)
    with TestClient(create_app(mine), base_url="http://localhost") as client:
        assert client.get("/readyz").json()["members"] == 0
        put(other, a_stored_organization("Newcomers"))
        controlled.wait_for_update()
        assert client.get("/readyz").json()["members"] == 1
    other.close()


def test_requests_are_answered_while_the_database_is_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(mine, a_stored_organization("Still Here"))
    controlled = ControlledUpdates(mine)
    with TestClient(create_app(mine), base_url="http://localhost") as client, caplog.at_level(logging.INFO):
        controlled.problem = Unavailable("The database cannot be reached.")
        controlled.wait_for_update()
        controlled.wait_for_update()
        response = client.get("/readyz")
        assert (response.status_code, response.json()["members"], response.json()["store"]) == (200, 1, "away")
        controlled.problem = None
        controlled.wait_for_update()
        controlled.wait_for_update()
        assert client.get("/readyz").json()["store"] == "reachable"
    logged = [record.getMessage() for record in caplog.records if record.name == "directory.web"]
    assert logged == ["Answering from memory: The database cannot be reached.", "The database can be reached again"]


@pytest.mark.parametrize(
    "problem", [RuntimeError("x"), asyncio.CancelledError(), SystemExit(3), GeneratorExit(), UnknownTerm("x")], ids=repr
)
def test_any_error_is_logged_and_retried(tmp_path: Path, caplog: pytest.LogCaptureFixture, problem: BaseException) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(mine, a_stored_organization("Still Here"))
    controlled = ControlledUpdates(mine)
    with TestClient(create_app(mine), base_url="http://localhost") as client, caplog.at_level(logging.INFO):
        controlled.problem = problem
        controlled.wait_for_update()
        response = client.get("/readyz")
        assert (response.status_code, response.json()["members"], response.json()["store"]) == (200, 1, "behind")
        controlled.problem = None
        controlled.wait_for_update()
        controlled.wait_for_update()
        assert client.get("/readyz").json()["store"] == "reachable"
    logged = [record.getMessage() for record in caplog.records if record.name == "directory.web"]
    assert set(logged) == {"Could not update the snapshots", "The snapshots are current again"}


def test_a_broken_log_does_not_end_the_updates(tmp_path: Path) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    controlled = ControlledUpdates(mine)
    failing_filter = FailingFilter()
    with TestClient(create_app(mine), base_url="http://localhost") as client:
        snapshot_updater.log.addFilter(failing_filter)
        try:
            for controlled.problem in (Unavailable("It is away."), RuntimeError("x"), None):
                controlled.wait_for_update()
        finally:
            snapshot_updater.log.removeFilter(failing_filter)
        controlled.wait_for_update()
        assert client.get("/readyz").json()["store"] == "reachable"


def test_repeated_failures_are_retried_less_and_less_often(tmp_path: Path) -> None:
    mine = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    controlled = ControlledUpdates(mine)
    controlled.problem = RuntimeError("x")
    updater = snapshot_updater.SnapshotUpdater(mine)
    pauses = []
    for _ in range(12):
        with pytest.raises(RuntimeError):
            updater._update()
        pauses.append(updater._pause_seconds)
    assert pauses == sorted(pauses)
    assert pauses[-1] == snapshot_updater.MAX_PAUSE_SECONDS
    controlled.problem = None
    updater._update()
    assert updater._pause_seconds == snapshot_updater.UPDATE_SECONDS
    mine.close()


def test_a_failed_warm_up_does_not_prevent_updates(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mine, other = (Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}") for _ in range(2))
    controlled = ControlledUpdates(mine)
    mine.get_snapshot(Audience.PUBLIC).index.sets.clear()  # as if it were damaged
    with TestClient(create_app(mine), base_url="http://localhost") as client, caplog.at_level(logging.ERROR):
        put(other, a_stored_organization("Newcomers"))
        controlled.wait_for_update()
        assert client.get("/readyz").json()["members"] == 1
    assert "Could not update the snapshots" in caplog.text
    other.close()


class FailingFilter(logging.Filter):
    def filter(self, _record: logging.LogRecord) -> bool:
        raise OSError("no log")


class ControlledUpdates:
    """Waits for updates of a directory, and can make them fail."""

    def __init__(self, directory: Directory) -> None:
        self.problem: BaseException | None = None
        self._update_snapshots, self._finished = directory.update_snapshots, threading.Semaphore(0)
        directory.update_snapshots = self._run_update  # type: ignore[method-assign]

    def wait_for_update(self) -> None:
        """Wait until a whole update has started and ended after this call."""
        while self._finished.acquire(blocking=False):
            pass
        for _ in range(2):
            assert self._finished.acquire(timeout=60)

    def _run_update(self) -> bool:
        try:
            if self.problem:
                raise self.problem
            return self._update_snapshots()
        finally:
            self._finished.release()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_updater, "UPDATE_SECONDS", 0.02)
