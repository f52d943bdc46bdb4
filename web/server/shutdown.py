"""How the server stops: nothing that has reached this machine is dropped.

uvicorn closes the listening sockets, and with them every caller who has connected and was not yet accepted. So they are accepted
first; what each connection then does stands in web/server/connection.py.
"""

import asyncio
import socket
from contextlib import suppress
from typing import Any

from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess, multiprocess

STOP_SECONDS = 8  # for all that has begun: bodies that are on their way (3 s), and execution (5 s); then it is broken off
SOCKET_CLOSE_SECONDS = 0.05  # seconds in which the event loop closes its side of a socket; until then callers wait at ours


class DrainingServer(Server):
    """A uvicorn server that answers whoever had connected when it was told to stop."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        doors = [listening.dup() for listening in sockets or ()]
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        await asyncio.sleep(SOCKET_CLOSE_SECONDS)
        callers = [caller for door in doors for caller in _accept_waiting(door)]
        for door in doors:
            door.close()
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.connect_accepted_socket(self._build_connection, sock=caller) for caller in callers))
        await super().shutdown(sockets)

    def _build_connection(self) -> asyncio.Protocol:
        protocol: Any = self.config.http_protocol_class
        connection: asyncio.Protocol = protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
        return connection


class DrainingWorker(multiprocess.Process):
    """One process of several."""

    @property
    def server(self) -> Server:
        if self._server is None:
            self._server = DrainingServer(config=self.config)
        return self._server


class DrainingWorkers(Multiprocess):
    """Several processes at one listening socket. The parent lets go of it first, so that it closes with the last worker."""

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        multiprocess.Process = DrainingWorker  # type: ignore[misc] # uvicorn has no other place to say so

    def terminate_all(self) -> None:
        for listening in self.sockets:
            listening.close()
        super().terminate_all()


def _accept_waiting(listener: socket.socket) -> list[socket.socket]:
    """The callers who have connected to it, and were not accepted yet."""
    callers = []
    listener.setblocking(False)
    with suppress(OSError):
        while True:
            caller, _ = listener.accept()
            caller.setblocking(False)
            callers.append(caller)
    return callers
