"""Add up in Redis what clients spend in all processes.

Requests never wait for Redis. Each process counts in memory, sends what was spent to Redis a few times a second and adopts the
totals. A client can therefore spend a little more, for a quarter of a second, in every other process. While Redis is unavailable,
each process counts on its own. One round trip updates all clients; the `limits` package would make two for each client.
"""

import asyncio
import logging
from collections import Counter
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from web.server.rate_limit import WINDOW_SECONDS, Windows

SYNC_SECONDS = 0.25
REDIS_TIMEOUT_SECONDS = 1.0  # how long to wait for an answer
STARTUP_TIMEOUT_SECONDS = 3.0  # how long the startup waits for Redis
KEY_PREFIX = b"directory:points:"
log = logging.getLogger("directory.web")


class SharedRateLimit:
    """Synchronizes the windows of this process with the totals of all processes in the Redis at `url`."""

    def __init__(self, url: str, windows: Windows) -> None:
        self._redis = Redis.from_url(url, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS)
        self._windows = windows
        self._unsent_points: Counter[bytes] = Counter()
        self._is_unreachable = False

    def record_spending(self, key: bytes, points: int) -> None:
        self._unsent_points[key] += points

    async def check_connection(self) -> None:
        """Log a warning if Redis cannot be used. Never raises. Called at startup, before clients have spent anything."""
        try:
            async with asyncio.timeout(STARTUP_TIMEOUT_SECONDS):
                # This command also checks the password, the permissions and the version.
                await self._redis.pexpire(KEY_PREFIX + b"start", WINDOW_SECONDS * 1000, lt=True)
        except (RedisError, OSError, TimeoutError) as error:
            self._log_availability(error)

    async def run(self) -> None:
        """Synchronize at regular intervals until cancelled."""
        try:
            while True:
                await asyncio.sleep(SYNC_SECONDS)
                await self.synchronize()
        finally:
            await self._redis.aclose()

    async def synchronize(self) -> None:
        """Send what was spent, and take over the totals. Never raises.

        Points that cannot be sent are not sent later; they stay counted in this process.
        """
        unsent, self._unsent_points = self._unsent_points, Counter()
        if not unsent:
            return
        try:
            totals = await self._add_to_totals(unsent)
        except (RedisError, OSError, TimeoutError) as error:
            self._log_availability(error)
            return
        self._log_availability(None)
        for key, (spent, milliseconds) in totals.items():
            self._windows.correct(key, spent + self._unsent_points[key], milliseconds / 1000)

    async def _add_to_totals(self, points_by_key: Counter[bytes]) -> dict[bytes, tuple[int, int]]:
        """Return for each key the total points and the milliseconds left in its window."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            for key, points in points_by_key.items():
                name = KEY_PREFIX + key.hex().encode()
                pipeline.incrby(name, points)
                pipeline.pexpire(name, WINDOW_SECONDS * 1000, lt=True)  # for a new name, and if the clock of Redis was set back
                pipeline.pttl(name)
            answers: list[Any] = await pipeline.execute()
        return dict(zip(points_by_key, zip(answers[::3], answers[2::3], strict=True), strict=True))

    def _log_availability(self, error: Exception | None) -> None:
        """Log when Redis becomes unavailable, and when it is available again."""
        if error and not self._is_unreachable:
            log.warning(
                "Redis cannot be used (%s). Check DIRECTORY_LIMITS_URL. Until then, each process has its own rate limits.",
                _describe_error(error),
            )
        elif self._is_unreachable and not error:
            log.info("Redis is available again. All processes share rate limits.")
        self._is_unreachable = error is not None


def _describe_error(error: Exception) -> str:
    """Describe the error without the address of Redis, which may contain a password."""
    return str(error) if isinstance(error, ResponseError) else type(error).__name__
