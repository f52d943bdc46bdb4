"""Adding up, in Redis, what clients spend in all processes.

Nobody waits for it: each process counts in memory, tells Redis a few times a second what was spent, and takes over the sums. So a
client can spend for a quarter of a second more in every other process, and while Redis is away each process counts for itself.
One round trip does for all clients, where the `limits` package makes two for each, and clears its memory anew with each request.
"""

import asyncio
import logging
from collections import Counter
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from web.allowance import WINDOW, Windows

EVERY = 0.25  # seconds
PATIENCE = 1.0  # seconds for Redis to answer
CHECKED_WITHIN = 3.0  # seconds that the start waits for Redis
PREFIX = b"directory:points:"
log = logging.getLogger("directory.web")


class Exchange:
    """Between the windows of this process and those of all, which are in the Redis at `url`."""

    def __init__(self, url: str, windows: Windows) -> None:
        self._redis = Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._windows = windows
        self._unsent: Counter[bytes] = Counter()
        self._away = False

    def spent(self, key: bytes, points: int) -> None:
        self._unsent[key] += points

    async def check(self) -> None:
        """Log a warning if Redis cannot be used: at start-up, before a client has spent anything. Never raises."""
        try:
            async with asyncio.timeout(CHECKED_WITHIN):
                await self._redis.pexpire(PREFIX + b"start", WINDOW * 1000, lt=True)  # needs a password, rights and version, too
        except (RedisError, OSError, TimeoutError) as problem:
            self._report(problem)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await asyncio.sleep(EVERY)
                await self.once()
        finally:
            await self._redis.aclose()

    async def once(self) -> None:
        """Never raises. What cannot be told while Redis is away is not told later: it stays counted here."""
        told, self._unsent = self._unsent, Counter()
        if not told:
            return
        try:
            sums = await self._added(told)
        except (RedisError, OSError, TimeoutError) as problem:
            self._report(problem)
            return
        self._report(None)
        for key, (spent, milliseconds) in sums.items():
            self._windows.correct(key, spent + self._unsent[key], milliseconds / 1000)

    async def _added(self, told: Counter[bytes]) -> dict[bytes, tuple[int, int]]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for key, points in told.items():
                name = PREFIX + key.hex().encode()
                pipeline.incrby(name, points)
                pipeline.pexpire(name, WINDOW * 1000, lt=True)  # for a new name, and after Redis' clock was set back
                pipeline.pttl(name)
            answers: list[Any] = await pipeline.execute()
        return dict(zip(told, zip(answers[::3], answers[2::3], strict=True), strict=True))

    def _report(self, problem: Exception | None) -> None:
        if problem and not self._away:
            log.warning(
                "Redis cannot be used (%s). Check DIRECTORY_LIMITS_URL. Each process counts what clients spend by itself.",
                _reason(problem),
            )
        elif self._away and not problem:
            log.info("Redis is back: what clients spend is counted together")
        self._away = problem is not None


def _reason(problem: Exception) -> str:
    """What went wrong, without the address of Redis, in which a password may stand."""
    return str(problem) if isinstance(problem, ResponseError) else type(problem).__name__
