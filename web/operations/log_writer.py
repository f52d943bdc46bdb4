"""Write lines to stderr in batches, each line with its time as `logging` formats it."""

import asyncio
import atexit
import sys
import time
from contextlib import suppress
from select import PIPE_BUF

BATCH_SECONDS = 0.25  # a line is written at most this long after its request


class LogWriter:
    """Collects lines and writes them together: after BATCH_SECONDS, when the batch is full, and at the end of the process.

    A batch is small enough for one write to a pipe to be atomic, so lines of several processes never mix. Lines are lost only if
    stderr cannot be written or the process is killed. `write` is called on the event loop.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = 0
        self._second, self._formatted_second = 0, ""
        atexit.register(self.flush)

    def write(self, text: str) -> None:
        line = f"{self._format_time(time.time())} {text}\n"
        if self._size + len(line) > PIPE_BUF:
            self.flush()
        if not self._lines:
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self.flush)
        self._lines.append(line)
        self._size += len(line)

    def flush(self) -> None:
        """Write the lines that are waiting. Never raises."""
        batch = "".join(self._lines)
        self._lines.clear()
        self._size = 0
        with suppress(OSError, ValueError):  # a full disk, or a closed stream: nobody can be told
            sys.stderr.write(batch)
            sys.stderr.flush()

    def _format_time(self, now: float) -> str:
        """Return the local time in the format of `logging`, such as "2026-06-01 12:00:00,250"."""
        second = int(now)
        if second != self._second:
            self._second, self._formatted_second = second, time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
        return f"{self._formatted_second},{int((now - second) * 1000):03d}"
