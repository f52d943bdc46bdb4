"""A real server in a thread, for tests that need sockets."""

import socket
import threading
from typing import Self

from starlette.applications import Starlette

from web.server.shutdown import DrainingServer
from web.settings import Settings
from web.startup import build_uvicorn_config, listen

TIMEOUT_SECONDS = 60  # for busy machines


class RunningServer:
    """Serves an application until the end of the `with` block."""

    def __init__(self, app: Starlette, keep_alive_seconds: float = 10) -> None:
        config = build_uvicorn_config(Settings(), app)
        config.timeout_keep_alive = keep_alive_seconds  # type: ignore[assignment] # uvicorn accepts fractions
        self.server = DrainingServer(config)
        self._listener = listen("127.0.0.1", 0)
        self._address = self._listener.getsockname()
        self._thread = threading.Thread(target=self.server.run, args=([self._listener],))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self._thread.join(TIMEOUT_SECONDS)

    def connect(self) -> socket.socket:
        return socket.create_connection(self._address, TIMEOUT_SECONDS)

    def count_connections(self) -> int:
        return len(self.server.server_state.connections)


def read_to_end(client: socket.socket) -> bytes:
    """Return all bytes until the server closes the connection."""
    received = bytearray()
    while chunk := client.recv(65_536):
        received += chunk
    return bytes(received)
