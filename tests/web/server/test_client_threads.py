"""Threads for costly requests: few of one client, so that others get their turn."""

import asyncio
import gc
import threading

from web.server.client_threads import THREADS_PER_CLIENT, ClientThreads

WITHIN = 10  # seconds in which what a test waits for has to come


def test_a_client_works_in_few_threads_and_others_are_not_held_up() -> None:
    go_on, started = threading.Event(), threading.Semaphore(0)

    def work() -> None:
        started.release()
        assert go_on.wait(WITHIN)

    async def ask() -> None:
        threads = ClientThreads()
        costly = [asyncio.create_task(threads.run(b"one", work)) for _ in range(5 * THREADS_PER_CLIENT)]
        for _ in range(THREADS_PER_CLIENT):
            assert await asyncio.to_thread(started.acquire, timeout=WITHIN)
        assert await asyncio.wait_for(threads.run(b"another", lambda: "done"), WITHIN) == "done"
        assert not started.acquire(blocking=False)
        go_on.set()
        await asyncio.wait_for(asyncio.gather(*costly), WITHIN)

    asyncio.run(ask())


def test_clients_without_requests_are_forgotten() -> None:
    async def ask() -> int:
        threads = ClientThreads()
        for number in range(100):
            await threads.run(b"%d" % number, int)
        gc.collect()
        return len(threads)

    assert asyncio.run(ask()) <= 1
