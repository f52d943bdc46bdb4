"""Many plans at once: a few are made, others get a page that says so, and all other pages still answer."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.polling import poll_until
from tests.web.pages.conftest import HTML, read_text
from tests.web.pages.organization.served_directory import open_directory
from tests.web.pages.plan.conftest import QUESTION, RECORDS, ROOF
from tests.web.running_server import TIMEOUT_SECONDS, RunningServer
from web.app import DirectoryApplication, create_app
from web.server import plan_workers
from web.server.plan_workers import MAX_WAITING, MAX_WORKERS, PlanWorkers
from web.server.proposal_cache import ProposalCache
from web.settings import Settings

VISITORS = 8  # each with its own address, so that no limit of one client matters
PLANS = [f"/plan?issue=housing&issue=racial-justice&region=US-AL&region=US-GA&max={number + 2}" for number in range(VISITORS)]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DirectoryApplication:
    monkeypatch.setattr(plan_workers, "WAIT_SECONDS", 60.0)
    directory = open_directory(f"sqlite:///{tmp_path / 'directory.sqlite3'}", *RECORDS)
    return create_app(directory, Settings(points_a_minute=0, limits=("cpu_seconds=30", "seconds=60")))


@pytest.fixture
def server(app: DirectoryApplication) -> Iterator[RunningServer]:
    with RunningServer(app) as server:
        yield server


def visit(server: RunningServer, path: str, visitor: int) -> HTTPResponse:
    host, port = server._address
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS, source_address=(f"127.0.1.{visitor + 1}", 0))
    connection.request("GET", path, headers={"Host": "localhost", **HTML})
    response = connection.getresponse()
    response.read()
    return response


def test_waiting_plans_leave_a_thread_for_other_pages(app: DirectoryApplication, server: RunningServer) -> None:
    workers: PlanWorkers = app.state.plan_workers
    assert visit(server, "/themes", VISITORS).status == 200
    for _ in range(MAX_WORKERS):
        assert workers._turns.acquire(timeout=TIMEOUT_SECONDS)  # as if all workers had long searches
    with ThreadPoolExecutor(VISITORS) as threads:
        plans = [threads.submit(visit, server, path, number) for number, path in enumerate(PLANS)]
        refused = VISITORS - MAX_WORKERS - MAX_WAITING
        assert poll_until(lambda: sum(plan.done() for plan in plans) == refused, TIMEOUT_SECONDS)
        for path in ("/themes", "/coverage", f"/organizations/{ROOF.slug}"):
            assert visit(server, path, VISITORS).status == 200
        for _ in range(MAX_WORKERS):
            workers._turns.release()
        responses = [plan.result() for plan in plans]
    assert sorted(response.status for response in responses) == [200] * (MAX_WORKERS + MAX_WAITING) + [503] * refused
    assert {response.headers["Retry-After"] for response in responses if response.status == 503} == {"5"}


def test_the_page_of_a_plan_that_has_to_wait_says_so(app: DirectoryApplication) -> None:
    workers: PlanWorkers = app.state.plan_workers
    with TestClient(app, base_url="http://localhost", headers=HTML) as browser:
        for _ in range(MAX_WORKERS + MAX_WAITING):
            workers._admissions.acquire(blocking=False)
        response = browser.get(f"/es/plan?{QUESTION}")
        assert response.status_code == 503
        assert response.headers["retry-after"] == "5"
        assert response.headers["cache-control"] == "private, no-store"
        assert "etag" not in response.headers
        assert "Se están haciendo otros planes de coalición" in read_text(response)
        assert f"/en/plan?{QUESTION}".replace("&", "&amp;") in response.text
        assert browser.get(f"/plan.csv?{QUESTION}").status_code == 503
        assert "Other coalition plans are being made" in read_text(browser.get(f"/en/plan?{QUESTION}"))


def test_a_plan_that_is_printed_saved_or_undone_is_searched_once(app: DirectoryApplication) -> None:
    workers: PlanWorkers = app.state.plan_workers
    workers._answer_seconds = 60
    cache: ProposalCache = app.state.pages._solve_cover.__self__
    with TestClient(app, base_url="http://localhost", headers=HTML) as browser:

        def is_known() -> bool:  # a search that the clock stopped, on a busy machine, is not kept
            return browser.get(f"/plan?{QUESTION}").status_code == 200 and len(cache) == 1

        assert poll_until(is_known, TIMEOUT_SECONDS)
        for _ in range(MAX_WORKERS + MAX_WAITING):
            workers._admissions.acquire(blocking=False)  # from now on, every search would be refused
        assert browser.get(f"/plan.csv?{QUESTION}").status_code == 200
        assert browser.get(f"/es/plan?{QUESTION}").status_code == 200
        assert browser.get(f"/plan?{QUESTION}&exclude={ROOF.slug}").status_code == 503


def test_pages_make_no_plan_in_their_own_threads(app: DirectoryApplication) -> None:
    workers: PlanWorkers = app.state.plan_workers
    workers._answer_seconds = 60
    with TestClient(app, base_url="http://localhost", headers=HTML) as browser:
        browser.get(f"/plan?{QUESTION}")
        (process_id,) = workers.process_ids
        os.kill(process_id, signal.SIGSTOP)
        workers._answer_seconds = 0.05
        assert browser.get(f"/plan?{QUESTION}&exclude={ROOF.slug}").status_code == 503
