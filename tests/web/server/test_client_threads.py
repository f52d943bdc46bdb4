"""Threads for costly requests: a client has only a few, so that others are not delayed."""

import asyncio
import gc
import threading

from starlette.types import Scope

from directory.errors import ErrorCode
from web.http.responses import Refusal
from web.server.client_address import parse_networks
from web.server.client_threads import THREADS_PER_CLIENT, ClientThreads
from web.server.rate_limit import RateLimiter, Windows

TIMEOUT_SECONDS = 60  # for busy machines


def allow() -> None: ...


def test_a_client_has_few_threads_and_others_are_not_delayed() -> None:
    may_finish, started = threading.Event(), threading.Semaphore(0)

    def work() -> None:
        started.release()
        assert may_finish.wait(TIMEOUT_SECONDS)

    async def run_requests() -> None:
        threads = ClientThreads()
        costly = [asyncio.create_task(threads.run(b"one", allow, work)) for _ in range(5 * THREADS_PER_CLIENT)]
        for _ in range(THREADS_PER_CLIENT):
            assert await asyncio.to_thread(started.acquire, timeout=TIMEOUT_SECONDS)
        assert await asyncio.wait_for(threads.run(b"another", allow, lambda: "done"), TIMEOUT_SECONDS) == "done"
        assert not started.acquire(blocking=False)
        may_finish.set()
        await asyncio.wait_for(asyncio.gather(*costly), TIMEOUT_SECONDS)

    asyncio.run(run_requests())


def test_clients_without_requests_are_forgotten() -> None:
    async def run_requests() -> int:
        threads = ClientThreads()
        for number in range(100):
            await threads.run(b"%d" % number, allow, int)
        gc.collect()
        return len(threads)

    assert asyncio.run(run_requests()) <= 1


def test_requests_that_waited_are_refused_when_the_points_are_spent() -> None:
    """Each of 30 requests at once costs half of the budget, and only a small part of it was reserved."""
    rate_limiter = RateLimiter(100, parse_networks(()), b"key", Windows())
    finished: list[Scope] = []

    async def send() -> None:
        scope: Scope = {"type": "http", "client": ("192.0.2.1", 1), "headers": []}
        try:
            with rate_limiter.reserve(scope, 1):
                await rate_limiter.run(scope, finished.append, scope)
        finally:
            rate_limiter.spend(scope, 50)

    async def send_all() -> list[BaseException | None]:
        return await asyncio.gather(*(send() for _ in range(30)), return_exceptions=True)

    outcomes = asyncio.run(send_all())
    assert 2 <= len(finished) <= 2 + THREADS_PER_CLIENT
    assert {one.code for one in outcomes if isinstance(one, Refusal)} == {ErrorCode.RATE_LIMITED}
    assert len([one for one in outcomes if isinstance(one, Refusal)]) == 30 - len(finished)
