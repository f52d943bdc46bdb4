"""Jobs return their results, and children that hang are killed."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.mutants.forked_jobs import Job, run_jobs

pytestmark = pytest.mark.slow

FOREVER = 3_600.0


def collect_results(
    folder: Path, *runs: Callable[[Path], bytes], seconds: float = FOREVER, workers: int = 2
) -> list[bytes | None]:
    jobs = [Job(str(number), run, seconds) for number, run in enumerate(runs)]
    results = {job.name: result for job, result in run_jobs(jobs, workers, folder)}
    return [results[job.name] for job in jobs]


def fail(_folder: Path) -> bytes:
    raise ValueError("failure")


def die(_folder: Path) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def wait_forever(_folder: Path) -> bytes:
    threading.Event().wait()
    return b""


def test_a_job_returns_its_result_or_none_if_it_fails_or_dies(tmp_path: Path) -> None:
    assert collect_results(tmp_path, lambda _: b"one", fail, die, lambda folder: folder.name.encode()) == [
        b"one",
        None,
        None,
        b"3",
    ]


def test_no_more_run_at_a_time_than_there_are_workers(tmp_path: Path) -> None:
    def count(_folder: Path) -> bytes:
        marker = tmp_path / f"running-{os.getpid()}"
        marker.touch()
        running = len(list(tmp_path.glob("running-*")))
        marker.unlink()
        return b"%d" % running

    assert max(int(result or 0) for result in collect_results(tmp_path, *[count] * 8)) <= 2


def spin_forever(_folder: Path) -> bytes:
    while True:
        with suppress(BaseException):
            sum(range(1000))


def test_a_child_that_uses_too_much_cpu_time_is_killed(tmp_path: Path) -> None:
    job = Job("spin", spin_forever, FOREVER, cpu_seconds=0.2)
    assert list(run_jobs([job], 1, tmp_path)) == [(job, None)]


def test_a_child_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    assert collect_results(tmp_path, wait_forever, seconds=0.2) == [None]


def test_an_idle_child_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.mutants.forked_jobs.IDLE_SECONDS", 0.3)
    assert collect_results(tmp_path, wait_forever) == [None]


def test_processes_started_by_a_child_are_killed_with_it(tmp_path: Path) -> None:
    read, write = os.pipe()

    def start_process(_folder: Path) -> bytes:
        subprocess.Popen(["sleep", "3600"], pass_fds=(write,))
        return b"left"

    assert collect_results(tmp_path, start_process) == [b"left"]
    os.close(write)
    assert os.read(read, 1) == b""  # reaches the end when no process can write
    os.close(read)
