"""Shared rate limits: several processes with a real Redis, and without one."""

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from starlette.testclient import TestClient

from directory.live import Directory
from tests.conftest import skip_missing
from tests.redis_server import MissingRedisError, find_free_port, open_redis_url, start_own_redis
from web.app import create_app
from web.server import shared_rate_limit
from web.server.rate_limit import WINDOW_SECONDS, Windows
from web.server.shared_rate_limit import KEY_PREFIX, SharedRateLimit
from web.settings import Settings


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    try:
        with open_redis_url() as url:
            yield url
    except MissingRedisError:
        skip_missing("Redis")


@pytest.fixture
def redis(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the URL of Redis. The test's keys have their own prefix and are deleted afterwards."""
    prefix = KEY_PREFIX + secrets.token_hex(4).encode() + b":"
    monkeypatch.setattr(shared_rate_limit, "KEY_PREFIX", prefix)
    yield server
    with Redis.from_url(server) as client:
        for name in client.scan_iter(prefix + b"*"):
            client.delete(name)


class Process:
    """The rate limits of one of several processes."""

    def __init__(self, url: str) -> None:
        self.windows = Windows()
        self.shared = SharedRateLimit(url, self.windows)

    def spend(self, key: bytes, points: int) -> None:
        self.windows.spend(key, points)
        self.shared.record_spending(key, points)

    def get_spent(self, key: bytes) -> int:
        window = self.windows.find_window(key)
        return window.spent_points if window else 0


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_points_spent_in_one_process_are_known_in_the_other(redis: str) -> None:
    async def work() -> None:
        one, other = Process(redis), Process(redis)
        one.spend(b"ann", 40)
        one.spend(b"ben", 3)
        other.spend(b"ann", 2)
        await one.shared.synchronize()
        await other.shared.synchronize()
        assert other.get_spent(b"ann") == 42
        assert other.get_spent(b"ben") == 0
        one.spend(b"ann", 1)
        await one.shared.synchronize()
        assert one.get_spent(b"ann") == 43
        assert one.get_spent(b"ben") == 3

    run(work())


def test_all_processes_share_the_window_and_it_expires(redis: str) -> None:
    async def work() -> None:
        one, other = Process(redis), Process(redis)
        one.spend(b"ann", 1)
        await one.shared.synchronize()
        with Redis.from_url(redis) as client:
            (name,) = client.scan_iter(shared_rate_limit.KEY_PREFIX + b"*")
            assert 0 < client.pttl(name) <= WINDOW_SECONDS * 1000
            client.pexpire(name, 5_000)
        other.spend(b"ann", 1)
        await other.shared.synchronize()
        window = other.windows.find_window(b"ann")
        assert window
        assert window.ends_at - other.windows.clock() <= 5

    run(work())


def test_a_window_stays_short_if_the_clock_of_redis_is_set_back(redis: str) -> None:
    async def work() -> None:
        one = Process(redis)
        one.spend(b"ann", 1)
        await one.shared.synchronize()
        with Redis.from_url(redis) as client:
            (name,) = client.scan_iter(shared_rate_limit.KEY_PREFIX + b"*")
            client.pexpire(name, 3_600_000)  # as if the clock had been set back by an hour
            one.spend(b"ann", 1)
            await one.shared.synchronize()
            assert 0 < client.pttl(name) <= WINDOW_SECONDS * 1000

    run(work())


def test_points_spent_during_synchronization_are_not_lost(redis: str) -> None:
    async def work() -> None:
        one = Process(redis)
        one.spend(b"ann", 10)
        synchronization = asyncio.create_task(one.shared.synchronize())
        await asyncio.sleep(0)
        one.spend(b"ann", 5)
        await synchronization
        assert one.get_spent(b"ann") == 15
        await one.shared.synchronize()
        assert one.get_spent(b"ann") == 15

    run(work())


def test_without_redis_each_process_counts_and_one_warning_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    port = find_free_port()

    async def work() -> None:
        one = Process(f"redis://127.0.0.1:{port}/0")
        for _ in range(3):
            one.spend(b"ann", 10)
            await one.shared.synchronize()
        assert one.get_spent(b"ann") == 30
        with start_own_redis(port):
            one.spend(b"ann", 1)
            await one.shared.synchronize()
            await one.shared.synchronize()
            assert one.get_spent(b"ann") == 31

    with caplog.at_level(logging.INFO, "directory.web"):
        try:
            run(work())
        except MissingRedisError:
            skip_missing("Redis")
    messages = [record.getMessage() for record in caplog.records]
    assert [message.split(" ", 3)[:3] for message in messages] == [["Redis", "cannot", "be"], ["Redis", "is", "available"]]


def test_it_synchronizes_until_it_is_cancelled(redis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_rate_limit, "SYNC_SECONDS", 0.001)

    async def work() -> None:
        one, other = Process(redis), Process(redis)
        observed = ObservedRateLimit(redis, other.windows)
        other.shared = observed
        tasks = [asyncio.create_task(each.shared.run()) for each in (one, other)]
        one.spend(b"ann", 5)
        other.spend(b"ann", 1)
        while other.get_spent(b"ann") < 6:
            other.shared.record_spending(b"ann", 0)
            await observed.wait_for_round()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    run(asyncio.wait_for(work(), 20))


class ObservedRateLimit(SharedRateLimit):
    """Lets a test wait for the next synchronization."""

    def __init__(self, url: str, windows: Windows) -> None:
        super().__init__(url, windows)
        self._finished = asyncio.Condition()

    async def synchronize(self) -> None:
        await super().synchronize()
        async with self._finished:
            self._finished.notify_all()

    async def wait_for_round(self) -> None:
        async with self._finished:
            await self._finished.wait()


def open_client(folder: Path, url: str) -> TestClient:
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    app = create_app(directory, Settings(limits_url=url, points_a_minute=500))
    return TestClient(app, base_url="http://localhost")


def get_status(client: TestClient) -> int:
    return client.post("/graphql", json={"query": "{ __typename }"}).status_code


def synchronize(client: TestClient) -> None:
    shared: SharedRateLimit = client.app.state.shared_rate_limit  # type: ignore[attr-defined]
    assert client.portal
    client.portal.call(shared.synchronize)


def test_a_client_without_points_in_one_process_is_refused_by_the_other(
    redis: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_rate_limit, "SYNC_SECONDS", 3600.0)
    with open_client(tmp_path, redis) as one, open_client(tmp_path, redis) as other:
        assert 429 in [get_status(one) for _ in range(300)]
        synchronize(one)
        assert get_status(other) == 200
        synchronize(other)
        assert get_status(other) == 429
    with Redis.from_url(redis) as client:
        names = list(client.scan_iter(shared_rate_limit.KEY_PREFIX + b"*"))
    assert names
    assert all(b"testclient" not in name for name in names)


def test_an_unreachable_redis_is_reported_at_startup(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.WARNING, "directory.web"),
        open_client(tmp_path, f"redis://:s3cret@127.0.0.1:{find_free_port()}/0"),
    ):
        logged = [record.getMessage() for record in caplog.records if "DIRECTORY_LIMITS_URL" in record.getMessage()]
    assert len(logged) == 1
    assert "s3cret" not in logged[0]


def test_a_reachable_redis_is_not_reported(redis: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "directory.web"), open_client(tmp_path, redis):
        assert not [record for record in caplog.records if "Redis" in record.getMessage()]


def test_without_redis_requests_are_answered(tmp_path: Path) -> None:
    with open_client(tmp_path, f"redis://127.0.0.1:{find_free_port()}/0") as client:
        assert get_status(client) == 200
        assert 429 in [get_status(client) for _ in range(300)]
