"""Adding up in Redis what clients spend: over several processes, with a real server, and while there is none."""

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
    """Its URL; what the test keeps there stands under a prefix of its own."""
    prefix = KEY_PREFIX + secrets.token_hex(4).encode() + b":"
    monkeypatch.setattr(shared_rate_limit, "KEY_PREFIX", prefix)
    yield server
    with Redis.from_url(server) as client:
        for name in client.scan_iter(prefix + b"*"):
            client.delete(name)


class Process:
    """What one of several processes holds."""

    def __init__(self, url: str) -> None:
        self.windows = Windows()
        self.exchange = SharedRateLimit(url, self.windows)

    def spend(self, key: bytes, points: int) -> None:
        self.windows.spend(key, points)
        self.exchange.record_spending(key, points)

    def knows(self, key: bytes) -> int:
        window = self.windows.find_window(key)
        return window.spent if window else 0


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_what_is_spent_in_one_process_is_known_in_the_other(redis: str) -> None:
    async def work() -> None:
        one, other = Process(redis), Process(redis)
        one.spend(b"ann", 40)
        one.spend(b"ben", 3)
        other.spend(b"ann", 2)
        await one.exchange.synchronize()
        await other.exchange.synchronize()
        assert other.knows(b"ann") == 42
        assert other.knows(b"ben") == 0
        one.spend(b"ann", 1)
        await one.exchange.synchronize()
        assert one.knows(b"ann") == 43
        assert one.knows(b"ben") == 3

    run(work())


def test_the_window_is_the_same_for_all_and_forgotten_at_its_end(redis: str) -> None:
    async def work() -> None:
        one, other = Process(redis), Process(redis)
        one.spend(b"ann", 1)
        await one.exchange.synchronize()
        with Redis.from_url(redis) as client:
            (name,) = client.scan_iter(shared_rate_limit.KEY_PREFIX + b"*")
            assert 0 < client.pttl(name) <= WINDOW_SECONDS * 1000
            client.pexpire(name, 5_000)
        other.spend(b"ann", 1)
        await other.exchange.synchronize()
        window = other.windows.find_window(b"ann")
        assert window
        assert window.ends_at - other.windows.clock() <= 5

    run(work())


def test_after_the_clock_of_redis_is_set_back_nobody_waits_longer_than_a_window(redis: str) -> None:
    async def work() -> None:
        one = Process(redis)
        one.spend(b"ann", 1)
        await one.exchange.synchronize()
        with Redis.from_url(redis) as client:
            (name,) = client.scan_iter(shared_rate_limit.KEY_PREFIX + b"*")
            client.pexpire(name, 3_600_000)  # what is left of a minute once the clock is an hour behind
            one.spend(b"ann", 1)
            await one.exchange.synchronize()
            assert 0 < client.pttl(name) <= WINDOW_SECONDS * 1000

    run(work())


def test_what_is_spent_while_redis_is_asked_is_not_lost(redis: str) -> None:
    async def work() -> None:
        one = Process(redis)
        one.spend(b"ann", 10)
        telling = asyncio.create_task(one.exchange.synchronize())
        await asyncio.sleep(0)
        one.spend(b"ann", 5)
        await telling
        assert one.knows(b"ann") == 15
        await one.exchange.synchronize()
        assert one.knows(b"ann") == 15

    run(work())


def test_while_redis_is_away_each_process_counts_and_it_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    port = find_free_port()

    async def work() -> None:
        one = Process(f"redis://127.0.0.1:{port}/0")
        for _ in range(3):
            one.spend(b"ann", 10)
            await one.exchange.synchronize()
        assert one.knows(b"ann") == 30
        with start_own_redis(port):
            one.spend(b"ann", 1)
            await one.exchange.synchronize()
            await one.exchange.synchronize()
            assert one.knows(b"ann") == 31

    with caplog.at_level(logging.INFO, "directory.web"):
        try:
            run(work())
        except MissingRedisError:
            skip_missing("Redis")
    told = [record.getMessage() for record in caplog.records]
    assert [line.split(" ", 3)[:3] for line in told] == [["Redis", "cannot", "be"], ["Redis", "is", "back:"]]


def test_it_goes_on_until_it_is_cancelled(redis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_rate_limit, "SYNC_SECONDS", 0.001)

    async def work() -> None:
        one, other = Process(redis), Process(redis)
        rounds = Rounds(redis, other.windows)
        other.exchange = rounds
        at_work = [asyncio.create_task(each.exchange.run()) for each in (one, other)]
        one.spend(b"ann", 5)
        other.spend(b"ann", 1)
        while other.knows(b"ann") < 6:
            other.exchange.record_spending(b"ann", 0)
            await rounds.next()
        for task in at_work:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    run(asyncio.wait_for(work(), 20))


class Rounds(SharedRateLimit):
    """An exchange that tells when it has made a round."""

    def __init__(self, url: str, windows: Windows) -> None:
        super().__init__(url, windows)
        self._made = asyncio.Condition()

    async def synchronize(self) -> None:
        await super().synchronize()
        async with self._made:
            self._made.notify_all()

    async def next(self) -> None:
        async with self._made:
            await self._made.wait()


def answering(folder: Path, url: str) -> TestClient:
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    app = create_app(directory, Settings(limits_url=url, points_a_minute=500))
    return TestClient(app, base_url="http://localhost")


def status(client: TestClient) -> int:
    return client.post("/graphql", json={"query": "{ __typename }"}).status_code


def exchanged(client: TestClient) -> None:
    exchange: SharedRateLimit = client.app.state.shared_rate_limit  # type: ignore[attr-defined]
    assert client.portal
    client.portal.call(exchange.synchronize)


def test_who_has_spent_all_in_one_process_is_refused_by_the_other(
    redis: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_rate_limit, "SYNC_SECONDS", 3600.0)
    with answering(tmp_path, redis) as one, answering(tmp_path, redis) as other:
        assert 429 in [status(one) for _ in range(300)]
        exchanged(one)
        assert status(other) == 200
        exchanged(other)
        assert status(other) == 429
    with Redis.from_url(redis) as client:
        names = list(client.scan_iter(shared_rate_limit.KEY_PREFIX + b"*"))
    assert names
    assert all(b"testclient" not in name for name in names)


def test_an_unreachable_redis_is_reported_at_start_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.WARNING, "directory.web"),
        answering(tmp_path, f"redis://:s3cret@127.0.0.1:{find_free_port()}/0"),
    ):
        logged = [record.getMessage() for record in caplog.records if "DIRECTORY_LIMITS_URL" in record.getMessage()]
    assert len(logged) == 1
    assert "s3cret" not in logged[0]


def test_a_reachable_redis_is_not(redis: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "directory.web"), answering(tmp_path, redis):
        assert not [record for record in caplog.records if "Redis" in record.getMessage()]


def test_without_redis_answers_go_on(tmp_path: Path) -> None:
    with answering(tmp_path, f"redis://127.0.0.1:{find_free_port()}/0") as client:
        assert status(client) == 200
        assert 429 in [status(client) for _ in range(300)]
