"""Run the work of one request in a thread, and measure what it uses."""

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
    """What one request costs. `price` is what it costs at least, `bytes` what was read of it.

    At most as many requests work at the same time as `threads` has tokens, so that the event loop competes with few threads.
    """

    def __init__(self, threads: CapacityLimiter) -> None:
        self.price, self.bytes_read = 0, 0
        self._threads, self._seconds = threads, 0.0

    @property
    def points(self) -> int:
        used = math.ceil(self._seconds / SECONDS_PER_POINT)
        return max(self.price, used) + READ_POINTS * math.ceil(self.bytes_read / 1024)

    async def run(self, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """What `work` returns or raises. It runs in a thread, and its CPU time counts."""
        return await to_thread.run_sync(partial(self._run_timed, partial(work, *arguments, **options)), limiter=self._threads)

    def _run_timed(self, work: Callable[[], T]) -> T:
        began = time.thread_time()
        try:
            return work()
        finally:
            self._seconds += time.thread_time() - began
