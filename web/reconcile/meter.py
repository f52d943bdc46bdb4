"""Run the work of one request in a thread and measure its cost."""

import math
import time
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from schema.limits import SECONDS_PER_POINT
from web.reconcile.limits import READ_POINTS

P = ParamSpec("P")
T = TypeVar("T")


class Meter:
    """The cost of one request. `price` is its minimum in points, `bytes_read` the size of the body that was read.

    All requests share `threads`, so that the event loop competes with few threads.
    """

    def __init__(self, threads: CapacityLimiter) -> None:
        self.price, self.bytes_read = 0, 0
        self._threads, self._seconds = threads, 0.0

    @property
    def points(self) -> int:
        cpu_points = math.ceil(self._seconds / SECONDS_PER_POINT)
        return max(self.price, cpu_points) + READ_POINTS * math.ceil(self.bytes_read / 1024)

    async def run(self, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Return what `work` returns, called in a thread. Its CPU time is added to the cost."""
        return await to_thread.run_sync(partial(self._run_timed, partial(work, *arguments, **options)), limiter=self._threads)

    def _run_timed(self, work: Callable[[], T]) -> T:
        started = time.thread_time()
        try:
            return work()
        finally:
            self._seconds += time.thread_time() - started
