"""`directory serve` in a process of its own, as an operator starts it."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

COMMAND = (sys.executable, "-c", "from web.shell import main; main()")
STARTED_WITHIN = 60  # seconds
SAID_WITHIN = 15  # seconds
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Served:
    """A running server. `lines` is what it has printed and logged so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._said_more, self._ended = threading.Condition(), False
        self._watchdog = threading.Timer(STARTED_WITHIN, process.kill)
        self._watchdog.start()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        found = self.said(r"http://([\d.]+):(\d+)/graphql", STARTED_WITHIN)
        self.address = found[1], int(found[2])
        assert self.health(), "it does not answer"

    def connected(self, source: str = "") -> socket.socket:
        """A connection to it, from one of this machine's addresses."""
        return socket.create_connection(self.address, STARTED_WITHIN, (source, 0) if source else None)

    def health(self, source: str = "") -> bytes:
        """All that it answers to /healthz."""
        with self.connected(source) as caller:
            caller.sendall(HEALTH)
            return b"".join(iter(lambda: caller.recv(65_536), b""))

    def said(self, pattern: str, seconds: float = SAID_WITHIN) -> re.Match[str]:
        """The first line that matches, as soon as it is there."""
        with self._said_more:
            self._said_more.wait_for(lambda: self._ended or self._first(pattern), seconds)
            found = self._first(pattern)
        assert found, "".join(self.lines)
        return found

    def _first(self, pattern: str) -> re.Match[str] | None:
        return next((match for line in self.lines if (match := re.search(pattern, line))), None)

    def end(self) -> None:
        self._watchdog.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stdout
        for line in iter(self.process.stdout.readline, ""):
            with self._said_more:
                self.lines.append(line)
                self._said_more.notify_all()
        with self._said_more:
            self._ended = True
            self._said_more.notify_all()


@contextmanager
def serving(
    folder: Path, *, before: Sequence[str] = (), command: Sequence[str] = COMMAND, **settings: object
) -> Iterator[Served]:
    """A server over a database with 50 fictional organizations. `before` is a program that starts it, such as `prlimit`."""
    told = {"DATABASE_URL": f"sqlite:///{folder / 'directory.sqlite3'}", "PORT": "0", "LOG_LEVEL": "warning"}
    told |= {name: str(value) for name, value in settings.items()}
    environment = os.environ | {f"DIRECTORY_{name}": value for name, value in told.items()} | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        (*before, *command, "serve", *([] if (folder / "directory.sqlite3").exists() else ["--fictional", "50"])),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    served = Served(process)
    try:
        yield served
    finally:
        served.end()
