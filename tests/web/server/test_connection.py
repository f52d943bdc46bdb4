"""Connections: nobody can hold one for long, nor the server back, and whatever goes wrong is told in JSON."""

import asyncio
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from directory.live import Directory
from web.app import create_app
from web.server import connection
from web.server.shutdown import DrainingServer
from web.settings import Settings
from web.startup import build_uvicorn_config, listen

WITHIN = 10  # seconds in which what a test waits for has to come
HEAD = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = b'{"query": "{ __typename }"}'
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Running:
    """A real server in a thread, with deadlines of a fraction of a second."""

    def __init__(self, folder: Path) -> None:
        self.go_on = threading.Event()
        self.left = threading.Event()  # the endless answer is no longer made
        app = create_app(Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}"), Settings())
        app.routes.extend([Route("/slow", self._slow), Route("/endless", self._endless)])
        config = build_uvicorn_config(Settings(), app)
        config.timeout_keep_alive = 0.3  # type: ignore[assignment] # uvicorn would take it
        self.server = DrainingServer(config)
        self._listening = listen("127.0.0.1", 0)
        self._address = self._listening.getsockname()
        self._thread = threading.Thread(target=self.server.run, args=([self._listening],))
        self._thread.start()

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self.server.should_exit = True
        self._thread.join(WITHIN)

    def caller(self) -> socket.socket:
        return socket.create_connection(self._address, WITHIN)

    def connections(self) -> int:
        return len(self.server.server_state.connections)

    async def _slow(self, _request: Request) -> Response:
        await asyncio.to_thread(self.go_on.wait, WITHIN)
        return PlainTextResponse("done")

    async def _endless(self, _request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b" " * 65_536
                    await asyncio.sleep(0)  # without a pause: so that others get their turn
            finally:
                self.left.set()

        return StreamingResponse(pieces())


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    for deadline in ("REQUEST_TIMEOUT_SECONDS", "WRITE_TIMEOUT_SECONDS"):
        monkeypatch.setattr(connection, deadline, 0.3)
    with Running(tmp_path) as running:
        yield running


def rest(caller: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    received = b""
    while piece := caller.recv(65_536):
        received += piece
    return received


def refused(answer: bytes, status: int, code: str) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"connection: close" in head.lower()
    assert b"x-content-type-options: nosniff" in head
    return bool(msgspec.json.decode(body)["errors"][0]["extensions"]["code"] == code)


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"\r\n\r\n"])
def test_who_never_asks_is_hung_up_on(running: Running, sent: bytes) -> None:
    with running.caller() as caller:
        caller.sendall(sent)
        assert rest(caller) == b""


@pytest.mark.parametrize("sent", [b"P", b"POST /graphql HTT", HEAD, HEAD + b"Content-Length: 27\r\n\r\n", WHOLE[:-1]])
def test_a_request_that_does_not_become_whole_is_refused(running: Running, sent: bytes) -> None:
    with running.caller() as caller:
        caller.sendall(sent)
        assert refused(rest(caller), 408, "TOO_SLOW")


def test_a_body_that_nobody_reads_is_held_to_the_deadline_too(running: Running) -> None:
    with running.caller() as caller:
        caller.sendall(b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n1")
        answer = rest(caller)
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("start", [0, len(HEAD) + 25])
def test_trickling_does_not_help(running: Running, start: int) -> None:
    with running.caller() as caller:
        caller.sendall(WHOLE[:start])
        answer = b""
        caller.settimeout(0.05)
        for at in range(start, start + 200):
            caller.sendall(WHOLE[at : at + 1] if start == 0 else b" ") if at < len(WHOLE) - 2 else None
            try:
                answer = caller.recv(65_536)
                break
            except TimeoutError:
                continue
    assert refused(answer, 408, "TOO_SLOW")


def test_an_idle_connection_is_closed_and_one_in_use_is_kept(running: Running) -> None:
    with running.caller() as caller:
        for _ in range(3):
            caller.sendall(WHOLE)
            assert caller.recv(65_536).startswith(b"HTTP/1.1 200")
        assert rest(caller) == b""


def test_a_line_break_does_not_keep_an_idle_connection(running: Running) -> None:
    with running.caller() as caller:
        caller.sendall(HEALTH)
        assert caller.recv(65_536).startswith(b"HTTP/1.1 200")
        caller.sendall(b"\r\n")
        assert rest(caller) == b""


def test_an_answer_may_take_longer_than_a_request(running: Running) -> None:
    with running.caller() as slow, running.caller() as other:
        slow.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n\r\n")
        assert rest(other) == b""  # until its deadline is over, which began after the slow one's
        with running.caller() as another:
            assert rest(another) == b""
        running.go_on.set()
        assert slow.recv(65_536).endswith(b"done")


def test_requests_in_a_row_are_answered_in_a_row(running: Running) -> None:
    with running.caller() as caller:
        caller.sendall(WHOLE + HEALTH + b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = rest(caller)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"200", b"404"]


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nX: " + b"x" * 400_000, b"GET /" + b"x" * 400_000])
def test_a_head_without_end_is_refused(running: Running, sent: bytes) -> None:
    with running.caller() as caller:
        caller.sendall(sent)
        assert refused(rest(caller), 431, "TOO_LARGE")


MANY = connection.HEADERS_LIMIT + 1
TRAILED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n" % (len(BODY), BODY)


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"a:\r\n" * MANY,
        HEAD + b"Cookie: " + b"a=b;" * (connection.HEADERS_BYTES_LIMIT // 4) + b"\r\n\r\n",
        HEAD + b"Cookie: a=b\r\n" * 90 + b"a: " + b"b" * connection.HEADERS_BYTES_LIMIT + b"\r\n\r\n",
    ],
)
def test_many_headers_are_refused(running: Running, sent: bytes) -> None:
    with running.caller() as caller:
        caller.sendall(sent)
        assert refused(rest(caller), 431, "TOO_LARGE")


def test_trailers_are_bounded_and_not_heeded(running: Running) -> None:
    with running.caller() as caller:
        caller.sendall(TRAILED + b"Cookie: session=x\r\n\r\n")
        assert caller.recv(65_536).startswith(b"HTTP/1.1 200")
    with running.caller() as caller:
        caller.sendall(TRAILED + b"a:\r\n" * MANY)
        assert refused(rest(caller), 431, "TOO_LARGE")


def test_a_body_in_very_many_chunks_is_refused(running: Running) -> None:
    with running.caller() as caller:
        caller.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * (connection.CHUNKS_LIMIT + 1))
        assert refused(rest(caller), 413, "TOO_LARGE")


def test_very_many_requests_in_a_row_are_refused(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    with running.caller() as caller:
        caller.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n" + HEALTH * (connection.PIPELINE_LIMIT + 2))
        assert refused(rest(caller), 429, "RATE_LIMITED")
    running.go_on.set()
    with running.caller() as caller:
        caller.sendall(HEALTH * connection.PIPELINE_LIMIT + HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert rest(caller).count(b"HTTP/1.1 200") == connection.PIPELINE_LIMIT + 1
    assert "write_eof" not in caplog.text


def test_a_request_without_end_is_hung_up_on(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_SECONDS", 60)
    with running.caller() as caller:
        caller.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % 10**12)
        with pytest.raises(ConnectionError):
            caller.sendall(b" " * 1_000_000_000)


def test_a_body_that_is_too_large_is_read_so_that_its_refusal_is(running: Running) -> None:
    size = 3_000_000
    with running.caller() as caller:
        caller.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % size + b" " * size)
        assert caller.recv(65_536).startswith(b"HTTP/1.1 413")
        caller.sendall(WHOLE)
        assert caller.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n", b"hello\r\n\r\n"])
def test_what_is_no_http_is_refused_in_json(running: Running, sent: bytes) -> None:
    with running.caller() as caller:
        caller.sendall(sent)
        assert refused(rest(caller), 400, "BAD_INPUT")


def test_who_does_not_read_its_answer_is_hung_up_on(running: Running) -> None:
    with running.caller() as caller:
        caller.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert caller.recv(1) == b"H"
        assert running.connections() == 1
        assert running.left.wait(WITHIN)
        assert running.connections() == 0


def test_no_answer_names_the_server(running: Running) -> None:
    with running.caller() as caller:
        caller.sendall(HEALTH)
        assert b"\r\nserver:" not in caller.recv(65_536).lower()
