"""A connection that has ended or was refused: nothing more is written to it, and it does not delay the shutdown."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from tests.test_uvicorn_assumptions import HEADERS, WHOLE_HEAD, RecordingTransport
from web.http.responses import WRITE_RESPONSE_KEY
from web.server.connection import Connection
from web.server.connection_limits import ConnectionLimits

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class WaitingApp:
    """Answers when it is released, in one write or in two."""

    def __init__(self, *, at_once: bool) -> None:
        self.at_once, self.started, self.released = at_once, asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        await receive()
        self.started.set()
        await self.released.wait()
        if self.at_once:
            assert scope[WRITE_RESPONSE_KEY](200, WHOLE_HEAD, b"body")
        else:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": b"body"})


def connect(app: WaitingApp) -> tuple[Connection, RecordingTransport]:
    transport = RecordingTransport()
    config = Config(app, lifespan="off", log_config=None)
    connection = Connection(ConnectionLimits(10, 10, ()), config=config, server_state=ServerState(), app_state={})
    connection.connection_made(transport)
    return connection, transport


@pytest.mark.parametrize("error", [None, ConnectionResetError()])
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_nothing_is_written_after_the_client_has_left(
    error: Exception | None, at_once: bool, count: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> list[bytes]:
        app = WaitingApp(at_once=at_once)
        connection, transport = connect(app)
        connection.data_received(REQUEST * count)
        await app.started.wait()
        transport.close()
        connection.connection_lost(error)
        app.released.set()
        await asyncio.gather(*connection.tasks)
        assert not connection.tasks
        return transport.writes

    assert asyncio.run(run()) == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_nothing_is_written_at_once_while_the_connection_closes() -> None:
    async def run() -> list[bytes]:
        app = WaitingApp(at_once=True)
        connection, transport = connect(app)
        connection.data_received(REQUEST)
        await app.started.wait()
        transport.close()
        app.released.set()
        await asyncio.gather(*connection.tasks)
        connection.connection_lost(None)
        return transport.writes

    assert asyncio.run(run()) == []


def test_a_refused_connection_is_closed_as_soon_during_a_shutdown() -> None:
    async def run() -> None:
        connection, transport = connect(WaitingApp(at_once=True))
        connection.data_received(b"garbage\r\n\r\n")
        assert transport.writes[0].startswith(b"HTTP/1.1 400")
        timer = connection._deadline_timer
        connection.shutdown()
        assert timer is connection._deadline_timer
        assert timer
        assert not timer.cancelled()
        connection.connection_lost(None)

    asyncio.run(run())
