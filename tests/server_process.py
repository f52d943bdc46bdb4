"""Run `directory serve` in a process of its own, as an operator does."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.first_records import load_first_records
from directory.live import Directory

FICTIONAL = 50
COMMAND = (sys.executable, "-c", "from cli.main import main; main()")
START_TIMEOUT_SECONDS = 60
MAX_SECONDS = 300
OUTPUT_TIMEOUT_SECONDS = 60  # for busy machines
HEALTH_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class ServerProcess:
    """A running server. `lines` is its output so far, including its log."""

    def __init__(self, process: subprocess.Popen[str], max_seconds: float = MAX_SECONDS) -> None:
        self.process = process
        self.lines: list[str] = []
        self._output_changed, self._has_ended = threading.Condition(), False
        self._watchdog = threading.Timer(max_seconds, process.kill)
        self._watchdog.start()
        self._reader = threading.Thread(target=self._read_output)
        self._reader.start()
        match = self.wait_for_line(r"http://([\d.]+):(\d+)/graphql", START_TIMEOUT_SECONDS)
        self.address = match[1], int(match[2])
        assert self.fetch_health(), "the server does not answer"

    def connect(self, source: str = "") -> socket.socket:
        """Connect to the server, from `source` if it is one of this machine's addresses."""
        return socket.create_connection(self.address, START_TIMEOUT_SECONDS, (source, 0) if source else None)

    def fetch_health(self, source: str = "") -> bytes:
        """Return the response to /healthz, with its headers."""
        with self.connect(source) as connection:
            connection.sendall(HEALTH_REQUEST)
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    def wait_for_line(self, pattern: str, seconds: float = OUTPUT_TIMEOUT_SECONDS) -> re.Match[str]:
        """Wait for a line of output that matches, and return the first one. Fails when the time is up or the server has ended."""
        with self._output_changed:
            self._output_changed.wait_for(lambda: self._has_ended or self._find_line(pattern), seconds)
            match = self._find_line(pattern)
        assert match, "".join(self.lines)
        return match

    def _find_line(self, pattern: str) -> re.Match[str] | None:
        return next((match for line in self.lines if (match := re.search(pattern, line))), None)

    def stop(self) -> None:
        self._watchdog.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()

    def _read_output(self) -> None:
        assert self.process.stdout
        for line in iter(self.process.stdout.readline, ""):
            with self._output_changed:
                self.lines.append(line)
                self._output_changed.notify_all()
        with self._output_changed:
            self._has_ended = True
            self._output_changed.notify_all()


@cache
def _make_fictional_directory() -> TemporaryDirectory[str]:
    """Make a directory with fictional organizations, once. A server would take longer to do so than to start."""
    folder = TemporaryDirectory()
    with closing(Directory.open(f"sqlite:///{folder.name}/directory.sqlite3")) as directory:
        load_first_records(directory, FICTIONAL)
    return folder


@contextmanager
def run_server(
    folder: Path,
    *,
    command_prefix: Sequence[str] = (),
    command: Sequence[str] = COMMAND,
    max_seconds: float = MAX_SECONDS,
    **settings: object,
) -> Iterator[ServerProcess]:
    """Run a server over the database in the folder, or over one with 50 fictional organizations.

    `command_prefix` is a program that starts it, such as `prlimit`. After `max_seconds` it is killed, in case a test hangs.
    `settings` become DIRECTORY_ environment variables.
    """
    file = folder / "directory.sqlite3"
    if not file.exists():
        shutil.copy(Path(_make_fictional_directory().name) / file.name, file)
    values = {"DATABASE_URL": f"sqlite:///{file}", "PORT": "0", "LOG_LEVEL": "warning"}
    values |= {name: str(value) for name, value in settings.items()}
    environment = os.environ | {f"DIRECTORY_{name}": value for name, value in values.items()} | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        (*command_prefix, *command, "serve"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    server = ServerProcess(process, max_seconds)
    try:
        yield server
    finally:
        server.stop()
