"""The end of a server: whatever it was asked before it was told to stop is answered, and it does not wait for ever."""

import re
import signal
import socket
import threading
import time
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path

import pytest

from tests.server_process import START_TIMEOUT_SECONDS, ServerProcess, run_server

ENDED_WITHIN = 10  # seconds, as promised
CALLERS = 8
SLOW_BODIES = 500
HOST = b"Host: localhost\r\n"
BODY = b'{"query": "{ organizations(first: 20) { totalCount nodes { name summary } } }"}'
ASK = b"POST /graphql HTTP/1.1\r\n%bContent-Type: application/json\r\nContent-Length: %d\r\n" % (HOST, len(BODY))
SLOW = b"POST /graphql HTTP/1.1\r\n%bContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{" % HOST
LENGTH = re.compile(rb"content-length: (\d+)")


class Caller(threading.Thread):
    """Asks again and again until nobody listens; on one connection as long as that is kept, or on a new one each time."""

    def __init__(self, served: ServerProcess, *, stays: bool) -> None:
        super().__init__()
        self.served, self.stays = served, stays
        self.asked_since = time.monotonic()
        self.well_under_way = threading.Event()  # has been answered ten times
        self.answered_requests = 0
        self.unanswered_since: float | None = None

    def run(self) -> None:
        with suppress(ConnectionRefusedError):
            while True:
                self.asked_since = time.monotonic()
                try:
                    self._on_one_connection()
                except OSError as problem:
                    if isinstance(problem, ConnectionRefusedError):
                        raise
                    self.unanswered_since = self.asked_since
                    return

    def _on_one_connection(self) -> None:
        with self.served.connect() as caller:
            goes_on = True
            while goes_on:
                self.asked_since = time.monotonic()
                closing = b"" if self.stays else b"Connection: close\r\n"
                goes_on = self.answered(caller, ASK + closing + b"\r\n" + BODY) and self.stays
                self.answered_requests += 1
                if self.answered_requests == 10:
                    self.well_under_way.set()

    @staticmethod
    def answered(caller: socket.socket, request: bytes) -> bool:
        """Whether the connection is kept. Raises OSError where no whole answer comes."""
        caller.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += piece(caller)
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = LENGTH.search(head)
        assert length
        while len(body) < int(length[1]):
            body += piece(caller)
        return b"connection: close" not in head


def asked(served: ServerProcess) -> bool:
    with served.connect() as caller:
        return Caller.answered(caller, ASK + b"\r\n" + BODY)


def piece(caller: socket.socket) -> bytes:
    received = caller.recv(65_536)
    if not received:
        raise ConnectionAbortedError
    return received


def unlimited(folder: Path, workers: int) -> AbstractContextManager[ServerProcess]:
    return run_server(folder, WORKERS=workers, POINTS_A_MINUTE=0, CONNECTIONS_PER_CLIENT=0)


def stopped(served: ServerProcess) -> float:
    """Tells it to stop, and waits for its end. Returns when it was told."""
    told = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(ENDED_WITHIN) in (0, -signal.SIGTERM)
    return told


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_no_request_is_dropped_under_load(tmp_path: Path, workers: int) -> None:
    with unlimited(tmp_path, workers) as served:
        callers = [Caller(served, stays=bool(number % 2)) for number in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            assert caller.well_under_way.wait(START_TIMEOUT_SECONDS)
        told = stopped(served)
        for caller in callers:
            caller.join(START_TIMEOUT_SECONDS)
    assert [caller.unanswered_since for caller in callers if (caller.unanswered_since or told) < told] == []
    assert sum(caller.unanswered_since is not None for caller in callers) <= 1  # one may call in the moment the door closes


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_slow_bodies_do_not_hold_it_back(tmp_path: Path, workers: int) -> None:
    with unlimited(tmp_path, workers) as served, ExitStack() as stack:
        slow = [stack.enter_context(served.connect()) for _ in range(SLOW_BODIES)]
        for caller in slow:
            caller.sendall(SLOW)
        assert asked(served)
        stopped(served)
        answers = [caller.recv(65_536) for caller in slow]
    assert all(answer.startswith((b"HTTP/1.1 503", b"HTTP/1.1 408")) for answer in answers)


@pytest.mark.slow
def test_a_body_that_is_on_its_way_is_still_taken(tmp_path: Path) -> None:
    with unlimited(tmp_path, 1) as served, served.connect() as caller, served.connect() as idle:
        caller.sendall(ASK + b"\r\n" + BODY[:10])
        assert asked(served)
        served.process.send_signal(signal.SIGTERM)
        assert idle.recv(1) == b""  # it has begun to stop
        assert Caller.answered(caller, BODY[10:]) is False
        assert served.process.wait(ENDED_WITHIN) in (0, -signal.SIGTERM)
