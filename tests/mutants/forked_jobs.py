"""Run jobs in forked children of a process that has imported what is slow to import, a few at a time."""

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

POLL_SECONDS = 1.0  # how often it is looked whether a child is overdue
IDLE_SECONDS = 60.0  # a child that has used no processor time for so long waits for something that does not come


class Job(NamedTuple):
    """`run` is called in the child and returns bytes. After `seconds` of wall-clock time, or idle, the child is killed."""

    name: str
    run: Callable[[Path], bytes]  # is given an empty folder of its own
    seconds: float


class _ChildProcess:
    """A running job."""

    def __init__(self, job: Job, folder: Path) -> None:
        self.job, self.folder = job, folder / job.name
        self._deadline, self._used_seconds, self._active_since = time.monotonic() + job.seconds, 0.0, time.monotonic()

    def is_overdue(self, pid: int) -> bool:
        now = time.monotonic()
        with suppress(OSError):  # it has just ended
            used = time.clock_gettime(~pid << 3 | 2)  # the process's clock, as clock_getcpuclockid(3) has it
            if used > self._used_seconds:
                self._used_seconds, self._active_since = used, now
        return now > self._deadline or now - self._active_since > IDLE_SECONDS


def run_jobs(jobs: Iterable[Job], workers: int, folder: Path) -> Iterator[tuple[Job, bytes | None]]:
    """Each job with what it returned, or None if it died or was killed, in the order in which they end."""
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
    """One that has ended; if none has, waits until one does, or for a moment."""
    pid, status = os.waitpid(-1, os.WNOHANG)
    if child := running.pop(pid, None):
        _kill(pid)  # servers that it has left behind
        yield child.job, (child.folder / "result").read_bytes() if status == 0 else None
        return
    for overdue in [pid for pid, child in running.items() if child.is_overdue(pid)]:
        _kill(overdue)
    ends = [os.pidfd_open(pid) for pid in running]
    select.select(ends, (), (), POLL_SECONDS)
    for end in ends:
        os.close(end)


def _kill(pid: int) -> None:
    """The child and the processes it started, which form one group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
