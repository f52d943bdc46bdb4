"""Work that takes long, in a thread of its own, so that pages can say how far it is."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator

from directory.errors import Busy, DirectoryError, Unavailable
from schema.errors import log_internal_error
from seed.rows import Row

BUSY_MESSAGE = "The import is being worked on. Wait until this is done, then send your answers again."
STOP_SECONDS = 30  # to wait for the work when the review ends; a database rolls back what is not committed


class _StopWork(Exception):
    """Raised in the thread of the job, because the review ends."""


class BackgroundJob:
    """Runs one piece of work at a time. `title` names the current or last one, and `problem` is the error that ended it."""

    def __init__(self) -> None:
        self.title, self.row_count = "", 0
        self.problem: DirectoryError | None = None
        self.expected_rows: int | None = None
        self._thread: threading.Thread | None = None
        self._lock, self._stop, self._started = threading.Lock(), threading.Event(), time.monotonic()

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def seconds(self) -> int:
        """How long the current work has taken, in full seconds."""
        return int(time.monotonic() - self._started)

    def start(self, title: str, work: Callable[[], None], expected_rows: int | None = None) -> None:
        """Start the work and return. Raises Busy if other work is running, or if the review ends."""
        with self._lock:
            self.require_idle()
            self.title, self.problem, self.row_count, self.expected_rows = title, None, 0, expected_rows
            self._started = time.monotonic()
            self._thread = threading.Thread(target=self._run, args=(work,), name="review")
            self._thread.start()

    def require_idle(self) -> None:
        """Raise Busy if work is running, or if the review ends."""
        if self.is_running or self._stop.is_set():
            raise Busy(BUSY_MESSAGE)

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass the rows through and count them."""
        for row in rows:
            if self._stop.is_set():
                raise _StopWork
            self.row_count += 1
            yield row

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the end of the current work, at most so many seconds."""
        if self._thread:
            self._thread.join(seconds)

    def end(self) -> None:
        """Let no other work start, stop reading rows, and wait for the current work."""
        self._stop.set()
        self.wait(STOP_SECONDS)

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except _StopWork:
            pass
        except DirectoryError as problem:
            self.problem = problem
        except Exception as error:
            details = log_internal_error(error)
            number = details["extensions"]["errorId"]
            self.problem = Unavailable(f"Something went wrong in this program. The log describes it under the number {number}.")
