"""Shutdown: requests that were sent before are answered, and the server stops in time."""

import re
import signal
import socket
import threading
import time
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path

import pytest

from tests.server_process import START_TIMEOUT_SECONDS, ServerProcess, run_server

STOP_TIMEOUT_SECONDS = 10
CLIENTS = 8
SLOW_BODIES = 500
HOST = b"Host: localhost\r\n"
BODY = b'{"query": "{ organizations(first: 20) { totalCount nodes { name summary } } }"}'
REQUEST = b"POST /graphql HTTP/1.1\r\n%bContent-Type: application/json\r\nContent-Length: %d\r\n" % (HOST, len(BODY))
INCOMPLETE_REQUEST = b"POST /graphql HTTP/1.1\r\n%bContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{" % HOST
LOG_LINE = re.compile(r"[\d-]+ [\d:,]+ INFO POST /graphql 200 \d+\.\d ms\n")
LENGTH = re.compile(rb"content-length: (\d+)")


class Client(threading.Thread):
    """Sends requests until the server refuses connections, on one connection if `keep_alive` or else on a new one each time."""

    def __init__(self, server: ServerProcess, *, keep_alive: bool) -> None:
        super().__init__()
        self.server, self.keep_alive = server, keep_alive
        self.request_started = time.monotonic()
        self.has_ten_answers = threading.Event()
        self.answered_requests = 0
        self.unanswered_request_started: float | None = None

    def run(self) -> None:
        with suppress(ConnectionRefusedError):
            while True:
                self.request_started = time.monotonic()
                try:
                    self._use_one_connection()
                except OSError as error:
                    if isinstance(error, ConnectionRefusedError):
                        raise
                    self.unanswered_request_started = self.request_started
                    return

    def _use_one_connection(self) -> None:
        with self.server.connect() as client:
            is_open = True
            while is_open:
                self.request_started = time.monotonic()
                closing = b"" if self.keep_alive else b"Connection: close\r\n"
                is_open = self.send_request(client, REQUEST + closing + b"\r\n" + BODY) and self.keep_alive
                self.answered_requests += 1
                if self.answered_requests == 10:
                    self.has_ten_answers.set()

    @staticmethod
    def send_request(client: socket.socket, request: bytes) -> bool:
        """Return whether the connection stays open. Raises OSError if the answer is incomplete."""
        client.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += receive(client)
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = LENGTH.search(head)
        assert length
        while len(body) < int(length[1]):
            body += receive(client)
        return b"connection: close" not in head


def ask_once(server: ServerProcess) -> bool:
    with server.connect() as client:
        return Client.send_request(client, REQUEST + b"\r\n" + BODY)


def receive(client: socket.socket) -> bytes:
    received = client.recv(65_536)
    if not received:
        raise ConnectionAbortedError
    return received


def run_unlimited(folder: Path, workers: int) -> AbstractContextManager[ServerProcess]:
    return run_server(folder, WORKERS=workers, POINTS_A_MINUTE=0, CONNECTIONS_PER_CLIENT=0, LOG_LEVEL="info")


def stop(server: ServerProcess) -> float:
    """Stop the server and wait for its end. Returns when the signal was sent."""
    signal_sent = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(STOP_TIMEOUT_SECONDS) in (0, -signal.SIGTERM)
    return signal_sent


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_no_request_and_no_log_line_is_dropped_under_load(tmp_path: Path, workers: int) -> None:
    with run_unlimited(tmp_path, workers) as server:
        clients = [Client(server, keep_alive=bool(number % 2)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            assert client.has_ten_answers.wait(START_TIMEOUT_SECONDS)
        signal_sent = stop(server)
        for client in clients:
            client.join(START_TIMEOUT_SECONDS)
    assert [
        client.unanswered_request_started
        for client in clients
        if (client.unanswered_request_started or signal_sent) < signal_sent
    ] == []
    assert (
        sum(client.unanswered_request_started is not None for client in clients) <= 1
    )  # one may connect at the moment the socket closes
    answered_requests = sum(client.answered_requests for client in clients)
    assert sum(bool(LOG_LINE.fullmatch(line)) for line in server.lines) == answered_requests


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_slow_bodies_do_not_delay_the_shutdown(tmp_path: Path, workers: int) -> None:
    with run_unlimited(tmp_path, workers) as server, ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(SLOW_BODIES)]
        for client in slow:
            client.sendall(INCOMPLETE_REQUEST)
        assert ask_once(server)
        stop(server)
        answers = [client.recv(65_536) for client in slow]
    assert all(answer.startswith((b"HTTP/1.1 503", b"HTTP/1.1 408")) for answer in answers)


@pytest.mark.slow
def test_a_body_on_its_way_is_still_accepted(tmp_path: Path) -> None:
    with run_unlimited(tmp_path, 1) as server, server.connect() as client, server.connect() as idle:
        client.sendall(REQUEST + b"\r\n" + BODY[:10])
        assert ask_once(server)
        server.process.send_signal(signal.SIGTERM)
        assert idle.recv(1) == b""  # the shutdown has started
        assert Client.send_request(client, BODY[10:]) is False
        assert server.process.wait(STOP_TIMEOUT_SECONDS) in (0, -signal.SIGTERM)
