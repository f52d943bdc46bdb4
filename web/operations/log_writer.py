"""Write lines to stderr in batches, each line with its time as `logging` formats it."""

import asyncio
import atexit
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from select import PIPE_BUF
from typing import Generic, TypeVar

BATCH_SECONDS = 0.25  # an entry is written at most this long after it was added
BATCH_ENTRIES = 50

T = TypeVar("T")


class LogWriter(Generic[T]):
    """Collects entries and writes them as lines: after BATCH_SECONDS, when there are BATCH_ENTRIES, and when the process ends.

    Formatting many lines at once is several times faster than one after each request. Lines are lost only if stderr cannot be
    written or the process is killed. `add` is called on the event loop. `format_entry` returns the line without its time.
    """

    def __init__(self, format_entry: Callable[[T], str]) -> None:
        self._format_entry = format_entry
        self._entries: list[tuple[float, T]] = []
        self._second, self._formatted_second = 0, ""
        atexit.register(self.flush)

    @property
    def waiting_count(self) -> int:
        """The number of entries that are not written yet."""
        return len(self._entries)

    def add(self, entry: T) -> None:
        if not self._entries:
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self.flush)
        self._entries.append((time.time(), entry))
        if len(self._entries) >= BATCH_ENTRIES:
            self.flush()

    def flush(self) -> None:
        """Write the waiting entries. Never raises.

        Each write is small enough to be atomic on a pipe, so lines of several processes never mix.
        """
        entries, self._entries = self._entries, []
        batch = ""
        for moment, entry in entries:
            line = f"{self._format_time(moment)} {self._format_entry(entry)}\n"
            if batch and len(batch) + len(line) > PIPE_BUF:
                _write(batch)
                batch = ""
            batch += line
        if batch:
            _write(batch)

    def _format_time(self, moment: float) -> str:
        """Return the local time in the format of `logging`, such as "2026-06-01 12:00:00,250"."""
        second = int(moment)
        if second != self._second:
            self._second, self._formatted_second = second, time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
        return f"{self._formatted_second},{int((moment - second) * 1000):03d}"


def _write(batch: str) -> None:
    with suppress(OSError, ValueError):  # a full disk or a closed stream: the error cannot be logged either
        sys.stderr.write(batch)
        sys.stderr.flush()
