"""Shut down without dropping a request that has reached this machine.

uvicorn closes the listening sockets, and with them every connection that was made but not yet accepted. So these connections are
accepted first. web/server/connection.py decides what each connection does then. tests/test_uvicorn_assumptions.py checks what
these classes expect of uvicorn.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess, multiprocess

from web.operations.request_log import LOG_WRITER

STOP_SECONDS = 8  # for requests that have started: their bodies (3 s) and execution (5 s); the rest is cancelled
SOCKET_CLOSE_SECONDS = 0.05  # seconds in which the event loop stops listening; until then, connections queue at our duplicate


class DrainingServer(Server):
    """A uvicorn server that still answers clients who connected before the shutdown."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn raises the captured signals at the end of the block, which may end the process at once."""
        with super().capture_signals():
            yield
            LOG_WRITER.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        duplicates = [listener.dup() for listener in sockets or ()]
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        await asyncio.sleep(SOCKET_CLOSE_SECONDS)
        accepted = [connection for duplicate in duplicates for connection in _accept_waiting(duplicate)]
        for duplicate in duplicates:
            duplicate.close()
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.connect_accepted_socket(self._build_connection, sock=each) for each in accepted))
        await super().shutdown(sockets)

    def _build_connection(self) -> asyncio.Protocol:
        protocol: Any = self.config.http_protocol_class
        connection: asyncio.Protocol = protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
        return connection


class DrainingWorker(multiprocess.Process):
    """A worker process that runs a DrainingServer."""

    @property
    def server(self) -> Server:
        if self._server is None:
            self._server = DrainingServer(config=self.config)
        return self._server


class DrainingWorkers(Multiprocess):
    """Several worker processes that share one listening socket.

    The parent closes its copy first, so that the socket closes together with the last worker.
    """

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        multiprocess.Process = DrainingWorker  # type: ignore[misc] # uvicorn has no setting for the class of its workers

    def terminate_all(self) -> None:
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


def _accept_waiting(listener: socket.socket) -> list[socket.socket]:
    """Accept all connections that are waiting at the listening socket."""
    accepted = []
    listener.setblocking(False)
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.setblocking(False)
            accepted.append(connection)
    return accepted
