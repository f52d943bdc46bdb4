"""A request for another protocol is answered like any other, and its body is never taken for a request."""

import inspect
import re
from collections.abc import Iterator

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from directory.live import Directory
from tests.web.running_server import RunningServer, read_to_end
from web.app import create_app
from web.settings import Settings

UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
FORGED = b"GET /forged HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n"
LAST_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
BODY = b'{"query": "{ __typename }"}'


def post(body: bytes, headers: bytes = UPGRADE) -> bytes:
    head = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return head + headers + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def post_chunked(body: bytes, headers: bytes = UPGRADE, trailers: bytes = b"") -> bytes:
    chunks = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n%b\r\n" % (len(body), body, trailers)
    return post(b"", headers).replace(b"Content-Length: 0\r\n\r\n", chunks)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    directory = Directory.open(f"sqlite:///{tmp_path_factory.mktemp('parser') / 'directory.sqlite3'}")
    with RunningServer(create_app(directory, Settings(points_a_minute=0)), keep_alive_seconds=5) as server:
        yield server


def exchange(server: RunningServer, *packets: bytes) -> list[int]:
    """Send the packets one after the other, and return the statuses of all responses."""
    with server.connect() as client:
        for packet in packets:
            client.sendall(packet)
            with server.connect() as other:  # when this is answered, the packet has been read
                other.sendall(LAST_REQUEST)
                read_to_end(other)
        return [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", read_to_end(client))]


VALID = {
    "length": post(BODY),
    "chunks": post_chunked(BODY),
    "trailers": post_chunked(BODY, trailers=UPGRADE),
    "upgrade only in trailers": post_chunked(BODY, b"", UPGRADE),
    "GET": b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE + b"\r\n",
    "WebSocket": post(BODY, b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n"),
    "several headers": post(BODY, b"UPGRADE: a\r\nConnection: x\r\nConnection: upgrade\r\nUpgrade: b\r\n"),
}


@pytest.mark.parametrize("name", VALID)
def test_a_request_to_upgrade_is_answered_however_it_arrives(server: RunningServer, name: str) -> None:
    sent = VALID[name]
    head_end = sent.index(b"\r\n\r\n") + 4
    for packets in (
        [sent + LAST_REQUEST],
        [sent[:head_end], sent[head_end:] + LAST_REQUEST],
        [sent[:30], sent[30 : head_end + 5], sent[head_end + 5 :], LAST_REQUEST],
        [sent * 3 + LAST_REQUEST],
    ):
        assert exchange(server, *packets) == [200] * (4 if len(packets[0]) > 2 * len(sent) else 2)


@pytest.mark.parametrize("build", [post, post_chunked])
@pytest.mark.parametrize(
    "headers", [UPGRADE, b"Upgrade: x\r\n", b"Connection: upgrade\r\n", b"Connection: upgrade\r\nUpgrade: x\r\n"]
)
def test_a_body_is_never_taken_for_a_request(server: RunningServer, build: object, headers: bytes) -> None:
    sent = build(FORGED, headers)  # type: ignore[operator]
    head_end = sent.index(b"\r\n\r\n") + 4
    assert exchange(server, sent + LAST_REQUEST) == [400, 200]
    assert exchange(server, sent[:head_end], sent[head_end:], LAST_REQUEST) == [400, 200]


@pytest.mark.parametrize(
    "sent",
    [
        post_chunked(b"").replace(b"Transfer-", b"Content-Length: 3\r\nTransfer-") + FORGED,
        UPGRADE.join([b"CONNECT localhost:80 HTTP/1.1\r\n", b"\r\n"]) + FORGED,
        b"CONNECT localhost:80 HTTP/1.1\r\n\r\n" + FORGED,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + FORGED,
    ],
)
def test_what_cannot_be_answered_ends_the_connection(server: RunningServer, sent: bytes) -> None:
    assert exchange(server, sent) == [400]


def test_uvicorn_calls_the_parser_and_has_the_head_that_is_parsed_again() -> None:
    assert {"parser", "feed_data"} <= set(HttpToolsProtocol.data_received.__code__.co_names)
    assert {"url", "headers"} <= set(HttpToolsProtocol.on_message_begin.__code__.co_names)
    assert "lenient_data_after_close=True" in inspect.getsource(HttpToolsProtocol.__init__)
