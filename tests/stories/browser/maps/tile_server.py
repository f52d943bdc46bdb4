"""A tile server on this computer: the same image everywhere, and a list of what was asked for."""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SIDE, COLOR = 256, b"\xe0\x30\x90"  # no color of ours


class TileServer(ThreadingHTTPServer):
    """`requests` are the paths, and `headers` the headers of the first request, since the start or the last `forget`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.forget()

    def forget(self) -> None:
        self.requests: list[str] = []
        self.headers: dict[str, str] = {}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, TileServer)
        self.server.requests.append(self.path)
        self.server.headers = self.server.headers or {name.lower(): value for name, value in self.headers.items()}
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.end_headers()
        self.wfile.write(draw_tile())

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def draw_tile() -> bytes:
    """Return a PNG of one color."""
    rows = (b"\0" + COLOR * SIDE) * SIDE
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    parts = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@contextmanager
def serve_tiles() -> Iterator[TileServer]:
    server = TileServer()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
