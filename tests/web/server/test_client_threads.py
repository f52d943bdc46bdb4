"""Threads for costly requests: a client has only a few, so that others are not delayed."""

import asyncio
import gc
import threading

from web.server.client_threads import THREADS_PER_CLIENT, ClientThreads

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
