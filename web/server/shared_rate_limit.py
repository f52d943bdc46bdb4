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

from web.server.rate_limit import WINDOW_SECONDS, Windows

SYNC_SECONDS = 0.25  # seconds
REDIS_TIMEOUT_SECONDS = 1.0  # seconds for Redis to answer
STARTUP_TIMEOUT_SECONDS = 3.0  # seconds that the start waits for Redis
KEY_PREFIX = b"directory:points:"
log = logging.getLogger("directory.web")


class SharedRateLimit:
    """Between the windows of this process and those of all, which are in the Redis at `url`."""

    def __init__(self, url: str, windows: Windows) -> None:
        self._redis = Redis.from_url(url, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS)
        self._windows = windows
        self._unsent_points: Counter[bytes] = Counter()
        self._is_unreachable = False

    def record_spending(self, key: bytes, points: int) -> None:
        self._unsent_points[key] += points

    async def check_connection(self) -> None:
        """Log a warning if Redis cannot be used: at start-up, before a client has spent anything. Never raises."""
        try:
            async with asyncio.timeout(STARTUP_TIMEOUT_SECONDS):
                await self._redis.pexpire(
                    KEY_PREFIX + b"start", WINDOW_SECONDS * 1000, lt=True
                )  # needs a password, rights and version, too
        except (RedisError, OSError, TimeoutError) as problem:
            self._log_availability(problem)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await asyncio.sleep(SYNC_SECONDS)
                await self.synchronize()
        finally:
            await self._redis.aclose()

    async def synchronize(self) -> None:
        """Never raises. What cannot be told while Redis is away is not told later: it stays counted here."""
        told, self._unsent_points = self._unsent_points, Counter()
        if not told:
            return
        try:
            sums = await self._add_to_totals(told)
        except (RedisError, OSError, TimeoutError) as problem:
            self._log_availability(problem)
            return
        self._log_availability(None)
        for key, (spent, milliseconds) in sums.items():
            self._windows.correct(key, spent + self._unsent_points[key], milliseconds / 1000)

    async def _add_to_totals(self, points_by_key: Counter[bytes]) -> dict[bytes, tuple[int, int]]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for key, points in points_by_key.items():
                name = KEY_PREFIX + key.hex().encode()
                pipeline.incrby(name, points)
                pipeline.pexpire(name, WINDOW_SECONDS * 1000, lt=True)  # for a new name, and after Redis' clock was set back
                pipeline.pttl(name)
            answers: list[Any] = await pipeline.execute()
        return dict(zip(points_by_key, zip(answers[::3], answers[2::3], strict=True), strict=True))

    def _log_availability(self, problem: Exception | None) -> None:
        if problem and not self._is_unreachable:
            log.warning(
                "Redis cannot be used (%s). Check DIRECTORY_LIMITS_URL. Each process counts what clients spend by itself.",
                _describe_error(problem),
            )
        elif self._is_unreachable and not problem:
            log.info("Redis is back: what clients spend is counted together")
        self._is_unreachable = problem is not None


def _describe_error(problem: Exception) -> str:
    """What went wrong, without the address of Redis, in which a password may stand."""
    return str(problem) if isinstance(problem, ResponseError) else type(problem).__name__
