"""Run work that would block the event loop in threads, with only a few threads per client.

All threads and the event loop take turns under Python's interpreter lock. The more threads work, the longer the loop, and with it
every client, waits for its turn. With this limit, a client that sends 40 costly requests at once slows down only itself.
"""

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, to_thread

from web.server.current_client import CLIENT

THREADS_PER_CLIENT = 2
MAX_THREADS = 4  # of all clients; running threads also delay a shutdown, as they cannot be cancelled
SWITCH_SECONDS = 0.001  # how long a thread works before it yields to others; Python's default is 5 ms

T = TypeVar("T")


class ClientThreads:
    """Holds a limiter for each client with running requests. It is dropped after the last of them."""

    def __init__(self) -> None:
        self._shared_limiter = CapacityLimiter(MAX_THREADS)
        self._client_limiters = WeakValueDictionary[bytes, CapacityLimiter]()

    def __len__(self) -> int:
        return len(self._client_limiters)

    async def run(self, client: bytes, check: Callable[[], None], work: Callable[[], T]) -> T:
        """Return what `work` returns. Waits while THREADS_PER_CLIENT other threads work for the client.

        `check` is called after waiting, and may raise an exception instead.
        """
        limiter = self._client_limiters.get(client)
        if limiter is None:
            limiter = self._client_limiters[client] = CapacityLimiter(THREADS_PER_CLIENT)
        async with limiter:
            check()
            CLIENT.set(client)  # each request is a task with a context of its own, which its threads copy
            return await to_thread.run_sync(work, limiter=self._shared_limiter)
