"""Connections: no client can hold one for long or slow down the server, and errors are sent as JSON."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from directory.live import Directory
from tests.web.running_server import TIMEOUT_SECONDS, RunningServer, read_to_end
from web.app import create_app
from web.server import connection
from web.settings import Settings

pytestmark = pytest.mark.slow

HEAD = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = b'{"query": "{ __typename }"}'
COMPLETE_REQUEST = HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class RunningDirectory(RunningServer):
    """A server with routes that answer slowly and endlessly."""

    def __init__(self, folder: Path) -> None:
        self.slow_answer_may_end = threading.Event()
        self.endless_answer_ended = threading.Event()
        app = create_app(Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}"), Settings())
        app.routes.extend([Route("/slow", self._slow), Route("/endless", self._endless)])
        super().__init__(app, keep_alive_seconds=0.3)

    def __exit__(self, *exception: object) -> None:
        self.slow_answer_may_end.set()
        super().__exit__(*exception)

    async def _slow(self, _request: Request) -> Response:
        await asyncio.to_thread(self.slow_answer_may_end.wait, TIMEOUT_SECONDS)
        return PlainTextResponse("done")

    async def _endless(self, _request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b" " * 65_536
                    await asyncio.sleep(0)  # yields to other tasks
            finally:
                self.endless_answer_ended.set()

        return StreamingResponse(pieces())


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningDirectory]:
    for deadline in ("REQUEST_TIMEOUT_SECONDS", "WRITE_TIMEOUT_SECONDS"):
        monkeypatch.setattr(connection, deadline, 0.3)
    with RunningDirectory(tmp_path) as running:
        yield running


def is_refusal(answer: bytes, status: int, code: str) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"connection: close" in head.lower()
    assert b"x-content-type-options: nosniff" in head
    return bool(msgspec.json.decode(body)["errors"][0]["extensions"]["code"] == code)


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"\r\n\r\n"])
def test_a_client_socket_without_a_request_is_closed(running: RunningDirectory, sent: bytes) -> None:
    with running.connect() as client:
        client.sendall(sent)
        assert read_to_end(client) == b""


@pytest.mark.parametrize("sent", [b"P", b"POST /graphql HTT", HEAD, HEAD + b"Content-Length: 27\r\n\r\n", COMPLETE_REQUEST[:-1]])
def test_an_incomplete_request_is_refused(running: RunningDirectory, sent: bytes) -> None:
    with running.connect() as client:
        client.sendall(sent)
        assert is_refusal(read_to_end(client), 408, "TOO_SLOW")


def test_an_unread_body_has_the_same_deadline(running: RunningDirectory) -> None:
    with running.connect() as client:
        client.sendall(b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n1")
        answer = read_to_end(client)
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("start", [0, len(HEAD) + 25])
def test_a_trickling_request_is_refused(running: RunningDirectory, start: int) -> None:
    with running.connect() as client:
        client.sendall(COMPLETE_REQUEST[:start])
        answer = b""
        client.settimeout(0.05)
        for at in range(start, start + 200):
            client.sendall(COMPLETE_REQUEST[at : at + 1] if start == 0 else b" ") if at < len(COMPLETE_REQUEST) - 2 else None
            try:
                answer = client.recv(65_536)
                break
            except TimeoutError:
                continue
    assert is_refusal(answer, 408, "TOO_SLOW")


def test_a_client_socket_is_closed_only_when_idle(running: RunningDirectory) -> None:
    with running.connect() as client:
        for _ in range(3):
            client.sendall(COMPLETE_REQUEST)
            assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        assert read_to_end(client) == b""


def test_a_line_break_does_not_keep_an_idle_client_socket_open(running: RunningDirectory) -> None:
    with running.connect() as client:
        client.sendall(HEALTH)
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        client.sendall(b"\r\n")
        assert read_to_end(client) == b""


def test_an_answer_may_take_longer_than_a_request(running: RunningDirectory) -> None:
    with running.connect() as slow, running.connect() as other:
        slow.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n\r\n")
        assert read_to_end(other) == b""  # its deadline started after that of the slow request
        with running.connect() as another:
            assert read_to_end(another) == b""
        running.slow_answer_may_end.set()
        assert slow.recv(65_536).endswith(b"done")


def test_pipelined_requests_are_answered_in_order(running: RunningDirectory) -> None:
    with running.connect() as client:
        client.sendall(COMPLETE_REQUEST + HEALTH + b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = read_to_end(client)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"200", b"404"]


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nX: " + b"x" * 400_000, b"GET /" + b"x" * 400_000])
def test_an_endless_head_is_refused(running: RunningDirectory, sent: bytes) -> None:
    with running.connect() as client:
        client.sendall(sent)
        assert is_refusal(read_to_end(client), 431, "TOO_LARGE")


TOO_MANY = connection.HEADERS_LIMIT + 1
CHUNKED_REQUEST = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n" % (len(BODY), BODY)


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"a:\r\n" * TOO_MANY,
        HEAD + b"Cookie: " + b"a=b;" * (connection.HEADERS_BYTES_LIMIT // 4) + b"\r\n\r\n",
        HEAD + b"Cookie: a=b\r\n" * 90 + b"a: " + b"b" * connection.HEADERS_BYTES_LIMIT + b"\r\n\r\n",
    ],
)
def test_too_many_headers_are_refused(running: RunningDirectory, sent: bytes) -> None:
    with running.connect() as client:
        client.sendall(sent)
        assert is_refusal(read_to_end(client), 431, "TOO_LARGE")


def test_trailers_are_limited_and_ignored(running: RunningDirectory) -> None:
    with running.connect() as client:
        client.sendall(CHUNKED_REQUEST + b"Cookie: session=x\r\n\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
    with running.connect() as client:
        client.sendall(CHUNKED_REQUEST + b"a:\r\n" * TOO_MANY)
        assert is_refusal(read_to_end(client), 431, "TOO_LARGE")


def test_a_body_with_too_many_chunks_is_refused(running: RunningDirectory) -> None:
    with running.connect() as client:
        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * (connection.CHUNKS_LIMIT + 1))
        assert is_refusal(read_to_end(client), 413, "TOO_LARGE")


@pytest.mark.slow
def test_too_many_pipelined_requests_are_refused(running: RunningDirectory, caplog: pytest.LogCaptureFixture) -> None:
    with running.connect() as client:
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n" + HEALTH * (connection.PIPELINE_LIMIT + 2))
        assert is_refusal(read_to_end(client), 429, "RATE_LIMITED")
    running.slow_answer_may_end.set()
    with running.connect() as client:
        client.sendall(HEALTH * connection.PIPELINE_LIMIT + HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert read_to_end(client).count(b"HTTP/1.1 200") == connection.PIPELINE_LIMIT + 1
    assert "write_eof" not in caplog.text


def test_an_endless_request_is_closed(running: RunningDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_SECONDS", 60)
    with running.connect() as client:
        client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % 10**12)
        with pytest.raises(ConnectionError):
            client.sendall(b" " * 1_000_000_000)


def test_a_body_that_is_too_large_is_read_so_that_the_client_gets_the_refusal(running: RunningDirectory) -> None:
    size = 3_000_000
    with running.connect() as client:
        client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % size + b" " * size)
        assert client.recv(65_536).startswith(b"HTTP/1.1 413")
        client.sendall(COMPLETE_REQUEST)
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n", b"hello\r\n\r\n"])
def test_invalid_http_is_refused_in_json(running: RunningDirectory, sent: bytes) -> None:
    with running.connect() as client:
        client.sendall(sent)
        assert is_refusal(read_to_end(client), 400, "BAD_INPUT")


def test_a_client_that_does_not_read_is_disconnected(running: RunningDirectory) -> None:
    with running.connect() as client:
        client.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(1) == b"H"
        assert running.count_connections() == 1
        assert running.endless_answer_ended.wait(TIMEOUT_SECONDS)
        assert running.count_connections() == 0


def test_no_response_names_the_server(running: RunningDirectory) -> None:
    with running.connect() as client:
        client.sendall(HEALTH)
        assert b"\r\nserver:" not in client.recv(65_536).lower()
