"""Write log lines to stderr in a thread, so that nothing waits for it, each line with its time as `logging` formats it."""

import atexit
import os
import sys
import time
from collections import deque
from collections.abc import Callable
from select import PIPE_BUF, select
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

BATCH_SECONDS = 0.25  # an entry that is not urgent is written about this long after it was added
QUEUE_LIMIT = 20_000  # entries that wait while stderr cannot be written, in about 10 MB
FLUSH_SECONDS = 1.0  # seconds that the end of the process waits for the last lines

T = TypeVar("T")


class LogWriter(Generic[T]):
    """Collects entries and writes them as lines: after BATCH_SECONDS, with the next urgent entry, and when the process ends.

    Formatting many lines at once is several times faster than one after each request. Lines are lost only if stderr cannot be
    written or the process is killed; once it can be written, a line says how many. `format_entry` returns the line without its
    time.
    """

    def __init__(self, format_entry: Callable[[T], str]) -> None:
        self._format_entry = format_entry
        self._entries = deque[tuple[float, T | Event]]()  # an event is set when everything before it is written
        self._has_entries, self._is_urgent = Event(), Event()
        self._lock = Lock()  # for what follows
        self._thread: Thread | None = None
        self._dropped_count = 0
        self._second, self._formatted_second = 0, ""
        atexit.register(self.flush)

    @property
    def waiting_count(self) -> int:
        """The number of entries that no write has started for."""
        return len(self._entries)

    def add(self, entry: T, *, urgent: bool = False) -> None:
        """Add an entry; drop it if QUEUE_LIMIT others are waiting. Never waits, and may be called in any thread."""
        if len(self._entries) >= QUEUE_LIMIT:
            self._count_dropped(1)
            return
        self._entries.append((time.time(), entry))
        if urgent or not self._has_entries.is_set():
            self._wake(urgent)

    def flush(self) -> None:
        """Write the waiting entries, but wait at most FLUSH_SECONDS. Never raises."""
        if self._thread is None:
            return
        is_written = Event()
        self._entries.append((0, is_written))
        self._wake(urgent=True)
        is_written.wait(FLUSH_SECONDS)

    def _wake(self, urgent: bool) -> None:
        self._has_entries.set()
        if urgent:
            self._is_urgent.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():  # a thread does not survive a fork
                self._thread = Thread(target=self._run, name="log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._has_entries.wait()
            self._is_urgent.wait(BATCH_SECONDS)
            self._is_urgent.clear()
            self._has_entries.clear()
            self._write_entries()

    def _write_entries(self) -> None:
        """Write what is waiting. Each write is small enough to be atomic on a pipe, so lines of several processes never mix."""
        lines, size, flushes = list[bytes](), 0, list[Event]()
        while self._entries:
            moment, entry = self._entries.popleft()
            if isinstance(entry, Event):
                flushes.append(entry)
                continue
            line = self._format_line(moment, self._format_entry(entry))
            if size + len(line) > PIPE_BUF:
                self._write(lines)
                lines, size = [], 0
            lines.append(line)
            size += len(line)
        self._write(lines)
        self._report_dropped()
        for flush in flushes:
            flush.set()

    def _write(self, lines: list[bytes]) -> None:
        if not _write_to_stderr(b"".join(lines)):
            self._count_dropped(len(lines))

    def _report_dropped(self) -> None:
        count = self._dropped_count
        report = f"WARNING {count} lines of the log are missing, because stderr could not be written"
        if count and _write_to_stderr(self._format_line(time.time(), report)):
            self._count_dropped(-count)

    def _count_dropped(self, count: int) -> None:
        with self._lock:
            self._dropped_count += count

    def _format_line(self, moment: float, text: str) -> bytes:
        """Return a line with the local time in the format of `logging`, such as "2026-06-01 12:00:00,250"."""
        second = int(moment)
        if second != self._second:
            self._second, self._formatted_second = second, time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
        line = f"{self._formatted_second},{int((moment - second) * 1000):03d} {text}\n"
        return line.encode(errors="backslashreplace")


def _write_to_stderr(text: bytes) -> bool:
    """Return whether the text could be written; a full disk or a closed stream cannot be logged.

    The descriptor is written directly: the interpreter cannot exit while a thread writes to the stream.
    """
    try:
        descriptor = sys.stderr.fileno()
        while text:
            try:
                text = text[os.write(descriptor, text) :]
            except BlockingIOError:
                select([], [descriptor], [])
    except (AttributeError, OSError, ValueError):  # `sys.stderr` is None if it was closed at the start
        return False
    return True
