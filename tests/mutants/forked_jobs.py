"""Run a few jobs at a time in forked children of a process that has already imported the slow modules."""

import math
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

POLL_SECONDS = 1.0  # between checks for overdue children
IDLE_SECONDS = 60.0  # a child without CPU time for this long is stuck


class Job(NamedTuple):
    """`run` is called in the child and returns bytes. A child that exceeds one of its limits, or is idle, is killed."""

    name: str
    run: Callable[[Path], bytes]  # receives its own empty folder
    seconds: float  # of wall-clock time
    cpu_seconds: float = math.inf


class _ChildProcess:
    """A running job."""

    def __init__(self, job: Job, folder: Path) -> None:
        self.job, self.folder = job, folder / job.name
        self._deadline, self._used_seconds, self._active_since = time.monotonic() + job.seconds, 0.0, time.monotonic()

    def is_overdue(self, pid: int) -> bool:
        now = time.monotonic()
        with suppress(OSError):  # the child has just ended
            seconds = time.clock_gettime(~pid << 3 | 2)  # the CPU clock of the process: clock_getcpuclockid(3)
            if seconds > self._used_seconds:
                self._used_seconds, self._active_since = seconds, now
        is_stuck = self._used_seconds > self.job.cpu_seconds or now - self._active_since > IDLE_SECONDS
        return is_stuck or now > self._deadline


def run_jobs(jobs: Iterable[Job], workers: int, folder: Path) -> Iterator[tuple[Job, bytes | None]]:
    """Yield each job as it ends, with its result, or None if it crashed or was killed."""
    waiting, running = iter(jobs), dict[int, _ChildProcess]()
    try:
        while True:
            while len(running) < workers and (job := next(waiting, None)):
                child = _ChildProcess(job, folder)
                running[_start(child)] = child
            if not running:
                return
            yield from _collect(running)
    finally:
        for pid in running:
            _kill(pid)


def _start(child: _ChildProcess) -> int:
    child.folder.mkdir()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:  # in the child
        os.setpgid(0, 0)
        output = os.open(child.folder / "output", os.O_CREAT | os.O_WRONLY)
        os.dup2(output, 1)
        os.dup2(output, 2)
        (child.folder / "result").write_bytes(child.job.run(child.folder))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _collect(running: dict[int, _ChildProcess]) -> Iterator[tuple[Job, bytes | None]]:
    """Yield a job that has ended. If there is none, wait for one for up to POLL_SECONDS."""
    pid, status = os.waitpid(-1, os.WNOHANG)
    if child := running.pop(pid, None):
        _kill(pid)  # servers that it left running
        yield child.job, (child.folder / "result").read_bytes() if status == 0 else None
        return
    for overdue_pid in [pid for pid, child in running.items() if child.is_overdue(pid)]:
        _kill(overdue_pid)
    descriptors = [os.pidfd_open(pid) for pid in running]
    select.select(descriptors, (), (), POLL_SECONDS)
    for descriptor in descriptors:
        os.close(descriptor)


def _kill(pid: int) -> None:
    """Kill the child and the processes it started, which form one process group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
