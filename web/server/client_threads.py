"""Threads for work that would hold up the event loop: a few for each client at a time.

All threads and the event loop take turns under Python's interpreter lock. The more of them work, the longer the loop waits for
its turn, and with it every client. One client that sends 40 costly requests at once therefore waits for itself, and not others.
"""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, to_thread

THREADS_PER_CLIENT = 2
MAX_THREADS = 4  # of all clients; also what is still finished when the server stops, as threads cannot be cancelled
SWITCH_SECONDS = 0.001  # how long a thread works before others get their turn; Python's default is 5 ms

P = ParamSpec("P")
T = TypeVar("T")


class ClientThreads:
    """One limiter for each client that has requests under way; it is forgotten with the last of them."""

    def __init__(self) -> None:
        self._shared_limiter = CapacityLimiter(MAX_THREADS)
        self._client_limiters = WeakValueDictionary[bytes, CapacityLimiter]()

    def __len__(self) -> int:
        return len(self._client_limiters)

    async def run(self, client: bytes, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """What `work` returns or raises. It waits while PER_CLIENT others of the client are at work."""
        limiter = self._client_limiters.get(client)
        if limiter is None:
            limiter = self._client_limiters[client] = CapacityLimiter(THREADS_PER_CLIENT)
        async with limiter:
            return await to_thread.run_sync(partial(work, *arguments, **options), limiter=self._shared_limiter)
