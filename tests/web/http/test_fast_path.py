"""The fast path sends the same bytes as Starlette and its middleware, whatever is sent."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Scope, Send

from directory.live import Directory
from tests.web.conftest import PATIENT, TENANTS, put
from tests.web.raw_requests import GET_TYPENAME, INVALID, ORDINARY, ORIGIN, TYPENAME, UNUSUAL, ask, build, get, send_chunked
from tests.web.running_server import RunningServer, read_to_end
from web.app import DirectoryApplication, create_app
from web.http.fast_path import FastPath, _format_headers
from web.http.request_parsing import HttpRequest
from web.settings import Settings

LAST_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class CountingPath(FastPath):
    """Counts the requests that it serves."""

    count = 0

    async def serve(self, request: HttpRequest, send: Send) -> None:
        self.count += 1
        await super().serve(request, send)


class PathComparison:
    """A running application that can be asked with and without its fast path."""

    def __init__(self, app: DirectoryApplication, server: RunningServer) -> None:
        assert app.fast_path
        self.app, self.server, self.fast_path = app, server, app.fast_path
        self.fast_path.__class__ = CountingPath

    def exchange(self, sent: bytes, *, fast: bool) -> bytes:
        """Send the bytes and one more request, and return all responses without their dates."""
        self.app.fast_path = self.fast_path if fast else None
        with self.server.connect() as client:
            client.sendall(sent + LAST_REQUEST)
            return re.sub(rb"\r\ndate: [^\r]*", b"", read_to_end(client))

    def compare(self, sent: bytes) -> tuple[bytes, int]:
        """Check that both answer the same. Return the responses, and how many the fast path has sent."""
        before = self.fast_path.count  # type: ignore[attr-defined]
        self.exchange(sent, fast=False)  # from now on, the document is cached
        expected, received = (self.exchange(sent, fast=fast) for fast in (False, True))
        assert received == expected
        return received, self.fast_path.count - before  # type: ignore[attr-defined]


@contextmanager
def open_comparison(folder: Path, **settings: Any) -> Iterator[PathComparison]:
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    put(directory, TENANTS)
    app = create_app(directory, Settings(points_a_minute=0, limits=PATIENT, **settings))
    with RunningServer(app, keep_alive_seconds=0.3) as server:
        yield PathComparison(app, server)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PathComparison]:
    with open_comparison(tmp_path_factory.mktemp("paths")) as comparison:
        yield comparison


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_requests_get_the_same_bytes(paths: PathComparison, name: str) -> None:
    answer, count = paths.compare(ORDINARY[name])
    assert count == 1
    assert answer.startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_requests_are_left_to_starlette(paths: PathComparison, name: str) -> None:
    assert paths.compare(UNUSUAL[name])[1] == 0


@pytest.mark.parametrize("name", INVALID)
def test_invalid_requests_get_the_same_bytes(paths: PathComparison, name: str) -> None:
    answer, _ = paths.compare(INVALID[name])
    assert answer.count(b"HTTP/1.1 4") == 1


def test_a_known_version_is_not_sent_again(paths: PathComparison) -> None:
    answer, _ = paths.compare(get())
    tag = re.search(rb'etag: (".*")', answer)
    assert tag
    for header in (tag[1], b'"x", W/' + tag[1]):
        answer, count = paths.compare(get(GET_TYPENAME, f"If-None-Match: {header.decode()}"))
        assert count == 1
        assert answer.startswith(b"HTTP/1.1 304 ")


def test_pipelined_requests_are_answered_in_order(paths: PathComparison) -> None:
    requests = [build(), *UNUSUAL.values(), get(), ask("{ nothing }"), *[build()] * 20]
    answer, count = paths.compare(b"".join(requests))
    assert count == 23
    assert answer.count(b"HTTP/1.1 ") == len(requests) + 1


def test_a_client_that_reads_late_gets_everything(paths: PathComparison) -> None:
    """More than fits into the buffers is sent in several writes, when the client reads."""
    document = ask("{ __schema { types { name description fields { name description args { name description } } } } }")
    answer, count = paths.compare(document * 90)
    assert count == 90
    assert len(answer) > 3_000_000
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 91


@pytest.mark.parametrize("sent", [build()[:-1], send_chunked(TYPENAME)[:-5], build(TYPENAME, "Expect: 100-continue")[:-27]])
@pytest.mark.parametrize("fast", [True, False])
def test_a_client_that_leaves_causes_no_error(
    paths: PathComparison, sent: bytes, fast: bool, caplog: pytest.LogCaptureFixture
) -> None:
    paths.app.fast_path = paths.fast_path if fast else None
    with caplog.at_level(logging.INFO), paths.server.connect() as client:
        client.sendall(sent)
    assert paths.exchange(build(), fast=fast).startswith(b"HTTP/1.1 200 OK")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


CORS_REQUESTS = [
    build(),
    build(TYPENAME, f"Origin: {ORIGIN}"),
    build(TYPENAME, "Origin: https://evil.example.org"),
    build(b"[]", f"Origin: {ORIGIN}"),
    UNUSUAL["a preflight request"],
]


@pytest.mark.parametrize("origins", [[ORIGIN], ["*"]])
def test_pages_of_other_origins_get_the_same_bytes(tmp_path: Path, origins: list[str]) -> None:
    with open_comparison(tmp_path, cors_origins=origins, https=True) as paths:
        answers = {request: paths.compare(request) for request in CORS_REQUESTS}
    assert [count for _, count in answers.values()] == [1, 1, 1, 1, 0]
    allowed = [request for request, (answer, _) in answers.items() if b"access-control-allow-origin" in answer]
    assert len(allowed) == (3 if origins == [ORIGIN] else 4)
    assert all(b"strict-transport-security" in answer for answer, _ in answers.values())
    assert b", Origin\r\n" in answers[build()][0]


def test_an_unexpected_error_gets_the_same_bytes(paths: PathComparison) -> None:
    graphql = paths.app.state.graphql
    graphql.documents, documents = None, graphql.documents
    try:
        expected, received = (re.sub(rb"[0-9a-f]{12}", b"", paths.exchange(build(), fast=fast)) for fast in (False, True))
    finally:
        graphql.documents = documents
    assert received == expected
    assert received.startswith(b"HTTP/1.1 500 ")


@pytest.mark.parametrize("value", [b"a\r\nb", b"a\nb", b"a\x00b", b"a\x7f"])
def test_a_header_with_a_control_character_is_never_sent(value: bytes) -> None:
    with pytest.raises(ValueError, match="control character"):
        _format_headers(((b"etag", b"x"), (b"location", value)))


def test_any_host_can_be_allowed(tmp_path: Path) -> None:
    with open_comparison(tmp_path, allowed_hosts=["*"]) as paths:
        for request in (build(host="anything"), build(host=None)):
            assert paths.compare(request)[1] == 1


def test_other_connections_are_left_to_starlette(paths: PathComparison) -> None:
    async def receive() -> dict[str, Any]:
        return {}

    scopes: list[Scope] = [{"type": "lifespan"}, {"type": "websocket", "path": "/graphql", "headers": []}]
    assert [paths.fast_path.find_request(scope, receive) for scope in scopes] == [None, None]
