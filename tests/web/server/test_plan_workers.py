"""Workers that make plans: results, crashes, searches without an end, and too many plans at once."""

import ast
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from directory.errors import Busy
from directory.live import Directory
from directory.partners.plans.cover_solver import CoverProposal, solve_cover
from directory.partners.plans.highs_models import CoverProblem
from directory.store.ledger.edits import Put
from tests.builders import NOW, a_stored_organization
from tests.polling import poll_until
from web.app import create_app
from web.server import plan_workers
from web.server.current_client import CLIENT
from web.server.plan_workers import MAX_WORKERS, PlanWorkers, answer_problems
from web.settings import Settings

PROBLEM = CoverProblem((1, 1, 1), ((0, 1), (1, 2), (0, 2)), (0, 0, 0), (0, 1, 2))


@pytest.fixture
def workers() -> Iterator[PlanWorkers]:
    opened = PlanWorkers(answer_seconds=60)  # a busy machine may start a process slowly
    try:
        yield opened
    finally:
        opened.close()


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_proposes_what_this_process_would(workers: PlanWorkers) -> None:
    assert workers.process_ids == []  # none is started before it is needed
    expected = solve_cover(PROBLEM)
    for _ in range(2):
        assert workers.solve(PROBLEM)._replace(cpu_seconds=0) == expected._replace(cpu_seconds=0)
    assert len(workers.process_ids) == 1


def solve_for(client: bytes, workers: PlanWorkers) -> CoverProposal:
    CLIENT.set(client)
    return workers.solve(PROBLEM)


def test_a_client_keeps_only_one_worker_busy(workers: PlanWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_workers, "WAIT_SECONDS", 60.0)
    workers.solve(PROBLEM)
    (process_id,) = workers.process_ids
    with ThreadPoolExecutor(2 * MAX_WORKERS) as threads:
        os.kill(process_id, signal.SIGSTOP)
        try:
            own = [threads.submit(copy_context().run, solve_for, b"one", workers) for _ in range(MAX_WORKERS)]
            assert poll_until(lambda: not workers._idle, 60)
            for _ in range(2):
                other = threads.submit(copy_context().run, solve_for, b"another", workers)
                assert other.result(timeout=60).columns
            assert not any(plan.done() for plan in own)
            monkeypatch.setattr(plan_workers, "WAIT_SECONDS", 0.01)
            with pytest.raises(Busy):
                copy_context().run(solve_for, b"one", workers)
        finally:
            os.kill(process_id, signal.SIGCONT)
        assert all(plan.result(timeout=60).columns for plan in own)
    assert len(workers._client_turns) == 0


def test_plans_are_made_at_the_same_time(workers: PlanWorkers) -> None:
    with ThreadPoolExecutor(2) as threads:
        proposals = list(threads.map(workers.solve, [PROBLEM, PROBLEM]))
    assert proposals[0].columns == proposals[1].columns == (0, 1)


def test_after_a_worker_died_the_next_plan_gets_a_new_one(workers: PlanWorkers) -> None:
    workers.solve(PROBLEM)
    (first,) = workers.process_ids
    os.kill(first, signal.SIGKILL)
    assert workers.solve(PROBLEM).columns == (0, 1)
    assert first not in workers.process_ids


def test_a_worker_that_dies_while_it_searches_is_reported(workers: PlanWorkers) -> None:
    workers.solve(PROBLEM)
    (first,) = workers.process_ids
    os.kill(first, signal.SIGSTOP)  # it will not answer
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(workers.solve, PROBLEM)
        os.kill(first, signal.SIGKILL)
        refusal = future.exception()  # None if it died before the problem was sent: then another worker solved it
    assert refusal is None or (isinstance(refusal, Busy) and "ended early" in refusal.user_message)
    assert workers.solve(PROBLEM).columns == (0, 1)


def test_a_search_without_an_end_is_ended() -> None:
    workers = PlanWorkers(answer_seconds=60)
    try:
        workers.solve(PROBLEM)
        (first,) = workers.process_ids
        os.kill(first, signal.SIGSTOP)
        workers._answer_seconds = 0.05
        with pytest.raises(Busy, match="ended early"):
            workers.solve(PROBLEM)
        assert not is_running(first)
        assert workers.process_ids == []
    finally:
        workers.close()


def test_too_many_plans_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_workers, "WAIT_SECONDS", 0.01)
    workers = PlanWorkers(workers=1, waiting=1, answer_seconds=60)
    try:
        workers.solve(PROBLEM)
        (only,) = workers.process_ids
        os.kill(only, signal.SIGSTOP)
        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(workers.solve, PROBLEM)
            assert poll_until(lambda: not workers._idle, 30)
            with pytest.raises(Busy, match="Other coalition plans"):  # after waiting for its turn
                workers.solve(PROBLEM)
            assert workers._admissions.acquire(blocking=False)  # the last place to wait
            with pytest.raises(Busy, match="Other coalition plans"):  # at once
                workers.solve(PROBLEM)
            workers._admissions.release()
            os.kill(only, signal.SIGCONT)
            assert running.result().columns == (0, 1)
    finally:
        workers.close()


def test_closing_ends_busy_workers_and_refuses_further_plans() -> None:
    workers = PlanWorkers(answer_seconds=60)
    workers.solve(PROBLEM)
    (first,) = workers.process_ids
    os.kill(first, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(workers.solve, PROBLEM)
        assert poll_until(lambda: not workers._idle, 30)
        workers.close()
        with pytest.raises(Busy):
            running.result(timeout=30)
    assert not is_running(first)
    with pytest.raises(Busy, match="shutting down"):
        workers.solve(PROBLEM)


def test_a_worker_ends_when_nothing_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_workers, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(plan_workers, "NICENESS", 0)
    connection, other_end = get_context("spawn").Pipe()
    handler = signal.getsignal(signal.SIGINT)
    try:
        answer_problems(other_end)
    finally:
        signal.signal(signal.SIGINT, handler)
        connection.close()
        other_end.close()


def test_a_worker_imports_only_the_solver() -> None:
    code = (
        "import sys; import web.server.plan_workers; print(sorted(name for name in sys.modules if name.split('.')[0] in NAMES))"
    )
    names: Any = ("directory", "web", "schema", "starlette", "strawberry", "sqlalchemy", "numpy", "highspy")
    output = _run_python(code.replace("NAMES", repr(names)))
    assert output == [
        "directory",
        "directory.errors",
        "directory.partners",
        "directory.partners.plans",
        "directory.partners.plans.cover_solver",
        "directory.partners.plans.exhaustive_search",
        "directory.partners.plans.highs_models",
        "web",
        "web.server",
        "web.server.current_client",
        "web.server.plan_workers",
    ]


def _run_python(code: str) -> Any:
    return ast.literal_eval(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def test_a_server_makes_plans_in_workers_and_ends_them(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    member = a_stored_organization(issue_areas=("housing",), service_areas=("US-GA",))
    directory.write([Put(member)], actor="test", now=NOW, reason="test")
    app = create_app(directory, Settings.model_construct())
    workers: PlanWorkers = app.state.plan_workers
    workers._answer_seconds = 60
    document = '{ coalitionPlan(search: "issue=housing&region=US-GA") { covered certificate { optimal } } }'
    with TestClient(app, base_url="http://127.0.0.1") as client:
        body = client.post("/graphql", json={"query": document}).json()
        (process_id,) = workers.process_ids
    assert body["data"] == {"coalitionPlan": {"covered": 1, "certificate": {"optimal": True}}}
    assert not is_running(process_id)
