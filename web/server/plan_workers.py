"""Find coalition plans in worker processes, so that a long search delays nobody.

The workers are started when they are first needed, import nothing but the solver, and end after some idle minutes. Whatever
happens to one of them, by a crash or a search without an end, its requester gets an error and the next plan a new worker. No
library pool does that: concurrent.futures cannot end a task that is running.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from weakref import WeakValueDictionary

from directory.errors import Busy
from directory.partners.plans.cover_solver import CoverProposal, solve_cover
from directory.partners.plans.highs_models import CoverProblem
from web.server.current_client import CLIENT

MAX_WORKERS = 2
MAX_WAITING = 1  # plans that wait for a worker, each in one of the few threads for requests
WAIT_SECONDS = 1.0  # for another plan of the same client and for a worker
SPARE_SECONDS = 1.5  # of a request's time, for the wait and everything else
ANSWER_SECONDS = 3.5  # for a proposal, with the usual time of a request: more than the solver's own limit
IDLE_SECONDS = 300.0  # after which a worker ends
NICENESS = 5  # requests that wait for no plan come first

_CONTEXT = get_context("spawn")  # a forked copy of a process with threads may hang
_BUSY_SENTENCE = "Other coalition plans are being made. Try again in a few seconds."
_FAILED_SENTENCE = "The plan could not be made: its search ended early. Try again, or with fewer issue areas or regions."


class PlanWorkers:
    """A few worker processes. Threads may call all methods at the same time.

    A client has one plan made at a time, so that no client alone keeps all workers busy.
    """

    def __init__(self, workers: int = MAX_WORKERS, waiting: int = MAX_WAITING, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._admissions = threading.BoundedSemaphore(workers + waiting)
        self._turns = threading.BoundedSemaphore(workers)
        self._client_turns = WeakValueDictionary[bytes, threading.BoundedSemaphore]()
        self._lock = threading.Lock()
        self._workers = set[_Worker]()
        self._idle = list[_Worker]()
        self._answer_seconds = answer_seconds
        self._is_closed = False

    def solve(self, problem: CoverProblem) -> CoverProposal:
        """Return the proposal of a worker. Raises Busy if too many plans are being made, or if the worker fails."""
        deadline = time.monotonic() + WAIT_SECONDS
        with self._take_client_turn(CLIENT.get()):
            return self._solve_when_admitted(problem, deadline)

    @contextmanager
    def _take_client_turn(self, client: bytes) -> Iterator[None]:
        """Wait until no other plan of the client is being made. Raises Busy after WAIT_SECONDS. b"" is no client."""
        with self._lock:
            turn = self._client_turns.setdefault(client, threading.BoundedSemaphore())
        if client and not turn.acquire(timeout=WAIT_SECONDS):
            raise Busy(_BUSY_SENTENCE)
        try:
            yield
        finally:
            if client:
                turn.release()

    def _solve_when_admitted(self, problem: CoverProblem, deadline: float) -> CoverProposal:
        if not self._admissions.acquire(blocking=False):
            raise Busy(_BUSY_SENTENCE)
        try:
            if not self._turns.acquire(timeout=max(0.0, deadline - time.monotonic())):
                raise Busy(_BUSY_SENTENCE)
            try:
                return self._solve_now(problem)
            finally:
                self._turns.release()
        finally:
            self._admissions.release()

    def close(self) -> None:
        """End all workers, busy ones too. No plan can be made afterwards."""
        with self._lock:
            self._is_closed = True
            workers = list(self._workers)
        for worker in workers:
            self._discard(worker)

    @property
    def process_ids(self) -> list[int]:
        """The ids of the processes that run now."""
        with self._lock:
            return [worker.process_id for worker in self._workers]

    def _solve_now(self, problem: CoverProblem) -> CoverProposal:
        deadline = time.monotonic() + self._answer_seconds
        if idle := self._take_idle():
            with suppress(EOFError, OSError):  # it ended while it was idle
                return self._ask(idle, problem, deadline)
        try:
            return self._ask(self._start(), problem, deadline)
        except (EOFError, OSError):
            raise Busy(_FAILED_SENTENCE) from None

    def _ask(self, worker: "_Worker", problem: CoverProblem, deadline: float) -> CoverProposal:
        """Return the proposal of a worker. Raises EOFError or OSError if it has ended, and Busy if it takes too long."""
        try:
            proposal = worker.solve(problem, deadline - time.monotonic())
        except (EOFError, OSError):
            self._discard(worker)
            raise
        if proposal is None:
            self._discard(worker)
            raise Busy(_FAILED_SENTENCE)
        with self._lock:
            self._idle.append(worker)
        return proposal

    def _take_idle(self) -> "_Worker | None":
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _start(self) -> "_Worker":
        with self._lock:
            if self._is_closed:
                raise Busy("The server is shutting down. Try again in a few seconds.")
            worker = _Worker()
            self._workers.add(worker)
        return worker

    def _discard(self, worker: "_Worker") -> None:
        with self._lock:
            self._workers.discard(worker)
            if worker in self._idle:
                self._idle.remove(worker)
        worker.kill()


class _Worker:
    """One process and the connection to it."""

    def __init__(self) -> None:
        self._connection, other_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=answer_problems, args=(other_end,), name="plan-worker", daemon=True)
        self._process.start()
        other_end.close()  # so that the end of the process also ends the connection

    @property
    def process_id(self) -> int:
        return self._process.pid or 0

    def solve(self, problem: CoverProblem, seconds: float) -> CoverProposal | None:
        """Return the proposal; None if there is none after so many seconds. Raises EOFError or OSError if the process ends."""
        self._connection.send(problem)
        if not self._connection.poll(max(0.0, seconds)):
            return None
        proposal: CoverProposal = self._connection.recv()
        return proposal

    def kill(self) -> None:
        """End the process. Several threads may do so at once.

        The connection is closed when nobody refers to it: a thread that waits for an answer may still use it, and its number
        must not go to another file in the meantime.
        """
        self._process.kill()
        self._process.join(timeout=1.0)


def answer_problems(connection: "Connection[CoverProposal, CoverProblem]") -> None:
    """Solve the problems that come in, until none comes for IDLE_SECONDS or the other process ends. Runs in a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all processes of a terminal; the server ends its workers
    with suppress(OSError, AttributeError):  # not on every system
        os.nice(NICENESS)
    with suppress(EOFError, OSError):
        while connection.poll(IDLE_SECONDS):
            connection.send(solve_cover(connection.recv()))
