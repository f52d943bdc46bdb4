"""Rate limits: requests are charged by cost, refused when the points are spent, and addresses are not stored."""

import datetime as dt
import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Scope

from directory.live import Directory
from schema.limits import POINTS_A_MINUTE
from tests.builders import NOW
from tests.web.conftest import TENANTS, code, put
from web.app import create_app
from web.http.responses import Refusal
from web.operations.request_log import LOG_WRITER
from web.server.client_address import SITE_SHARE, parse_networks
from web.server.rate_limit import (
    ACCOUNTS_KEY,
    CONNECTION_KEY,
    NOT_MODIFIED_POINTS,
    REFUSAL_POINTS,
    WINDOW_SECONDS,
    RateLimiter,
    Windows,
)
from web.settings import Settings

ONE = "{ organizations(first: 1) { nodes { name } } }"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class PeerClient:
    """Sends requests to one application from any client address."""

    def __init__(self, app: Starlette) -> None:
        self.windows: Windows = app.state.rate_limiter.windows
        self._app = app

    def __call__(self, document: str = ONE, peer: str = "192.0.2.1", **headers: str) -> httpx2.Response:
        client = TestClient(self._app, base_url="http://localhost", client=(peer, 4711))
        return client.post("/graphql", json={"query": document}, headers=headers)

    def first_refusal(self, **options: str) -> httpx2.Response:
        """Send requests until one is refused, and return that response."""
        return next(response for response in (self(**options) for _ in range(200)) if response.status_code != 200)


@contextmanager
def open_application(folder: Path, **settings: Any) -> Iterator[PeerClient]:
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    put(directory, TENANTS)
    app = create_app(directory, Settings(**settings))
    with TestClient(app):
        yield PeerClient(app)


def test_a_client_without_points_is_refused_and_told_when_to_retry(tmp_path: Path) -> None:
    with open_application(tmp_path, points_a_minute=200) as ask:
        refused = ask.first_refusal()
        assert (refused.status_code, code(refused)) == (429, "RATE_LIMITED")
        extensions = refused.json()["errors"][0]["extensions"]
        assert extensions["limit"] == 200
        assert 1 <= extensions["retryAfter"] <= WINDOW_SECONDS
        assert refused.headers["retry-after"] == str(extensions["retryAfter"])
        assert "no-store" in refused.headers["cache-control"]
        assert ask(peer="192.0.2.2").status_code == 200


def test_the_budget_can_be_queried(tmp_path: Path) -> None:
    document = "{ viewer { rateLimit { limit cost remaining resetAt } } }"
    with open_application(tmp_path, points_a_minute=5_000) as ask:
        first, second = (ask(document).json()["data"]["viewer"]["rateLimit"] for _ in range(2))
    assert first["limit"] == 5_000
    assert 0 < second["remaining"] < first["remaining"] <= 5_000
    assert first["resetAt"][:15] == second["resetAt"][:15]


def test_the_cost_of_an_answer_is_deducted(tmp_path: Path) -> None:
    document = "{ organizations(first: 100) { nodes { updatedAt id parent { id } } } viewer { rateLimit { remaining } } }"
    with open_application(tmp_path) as ask:
        first, second = (ask(document).json() for _ in range(2))
    cost = first["extensions"]["cost"]["requested"]
    assert cost > 20
    assert first["data"]["viewer"]["rateLimit"]["remaining"] == POINTS_A_MINUTE - cost
    assert second["data"]["viewer"]["rateLimit"]["remaining"] <= POINTS_A_MINUTE - 2 * cost


@pytest.mark.parametrize("body", [b"nonsense", b'{"query": "{"}', b'{"query": "{ nothing }"}'])
def test_refusals_are_charged(tmp_path: Path, body: bytes) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    app = create_app(directory, Settings(points_a_minute=2 * REFUSAL_POINTS))
    with TestClient(app, base_url="http://localhost") as client:
        answers = [client.post("/graphql", content=body, headers={"Content-Type": "application/json"}) for _ in range(50)]
    assert answers[-1].status_code == 429
    assert answers[0].status_code != 429


@pytest.mark.parametrize("rest", [b"", b', "query": "{ a }"'], ids=["answered", "rejected"])
def test_a_body_that_takes_long_to_parse_is_charged_for_it(tmp_path: Path, rest: bytes) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    app = create_app(directory, Settings())
    objects = b",".join([b"{}"] * 19_000)
    body = b'{"query": "{ __typename }", "other": [%b]%b}' % (objects, rest)
    with TestClient(app, base_url="http://localhost") as client:
        client.post("/graphql", content=body, headers={"Content-Type": "application/json"})
    (window,) = app.state.rate_limiter.windows._windows.values()
    assert window.spent_points > 5 * REFUSAL_POINTS


def test_an_unchanged_answer_is_almost_free(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    app = create_app(directory, Settings(points_a_minute=10_000))
    with TestClient(app, base_url="http://localhost") as client:
        tag = client.get("/graphql", params={"query": ONE}).headers["etag"]
        (window,) = app.state.rate_limiter.windows._windows.values()
        before = window.spent_points
        assert client.get("/graphql", params={"query": ONE}, headers={"If-None-Match": tag}).status_code == 304
        assert window.spent_points - before == NOT_MODIFIED_POINTS


def test_zero_means_no_limit(tmp_path: Path) -> None:
    with open_application(tmp_path, points_a_minute=0) as ask:
        assert all(ask().status_code == 200 for _ in range(20))


def test_only_a_trusted_proxy_can_name_the_client(tmp_path: Path) -> None:
    forged = {"X-Forwarded-For": "203.0.113.5"}
    with open_application(tmp_path, points_a_minute=200, trusted_proxies="10.0.0.0/8") as ask:
        assert ask.first_refusal().status_code == 429
        assert ask(**forged).status_code == 429
        assert ask.first_refusal(peer="10.1.1.1", **forged).status_code == 429
        assert ask(peer="10.1.1.1", **{"X-Forwarded-For": "203.0.113.6"}).status_code == 200
        assert ask(peer="203.0.113.5").status_code == 429


def test_addresses_are_neither_stored_nor_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    peer = "192.0.2.77"
    with open_application(tmp_path, points_a_minute=200) as ask, caplog.at_level(logging.DEBUG):
        ask.first_refusal(peer=peer)
        LOG_WRITER.flush()
        assert [len(key) for key in ask.windows._windows] == [16]
    assert peer not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("directory"))
    assert peer not in capfd.readouterr().err


def test_a_whole_ipv6_site_has_the_points_of_ten_subnets() -> None:
    rate_limiter = RateLimiter(100, (), b"key", Windows())
    subnets = [build_scope(f"2001:db8:7:{number:x}::1") for number in range(2 * SITE_SHARE)]
    for subnet in subnets[:SITE_SHARE]:
        assert get_remaining(rate_limiter, subnet) == 100
        rate_limiter.spend(subnet, 100)
    for subnet in subnets:
        with pytest.raises(Refusal) as refused:
            rate_limiter.check_allowance(subnet)
        assert refused.value.code == "RATE_LIMITED"
    with pytest.raises(Refusal), rate_limiter.reserve(subnets[-1], 1):
        pass
    assert get_remaining(rate_limiter, build_scope("2001:db8:8::1")) == 100
    assert get_remaining(rate_limiter, build_scope("192.0.2.1")) == 100


def test_reserved_points_of_a_site_count_for_all_its_subnets() -> None:
    rate_limiter = RateLimiter(100, (), b"key", Windows())
    one, other = build_scope("2001:db8:7:1::1"), build_scope("2001:db8:7:2::1")
    with rate_limiter.reserve(one, 100 * SITE_SHARE - 30):
        assert get_remaining(rate_limiter, other) == 30
    assert get_remaining(rate_limiter, other) == 100


def test_setting_the_wall_clock_back_does_not_extend_a_window() -> None:
    clock, wall = Clock(), [NOW]
    rate_limiter = RateLimiter(100, (), b"key", Windows(clock), now=lambda: wall[0])
    scope = build_scope("192.0.2.1")
    rate_limiter.spend(scope, 100)
    wall[0] -= dt.timedelta(hours=1)
    with pytest.raises(Refusal) as refused:
        rate_limiter.check_allowance(scope)
    assert refused.value.params["retryAfter"] == WINDOW_SECONDS
    clock.now += WINDOW_SECONDS
    assert get_remaining(rate_limiter, scope) == 100
    rate_limiter.spend(scope, 1)
    budget = rate_limiter.check_allowance(scope)
    assert budget
    assert budget.reset_at == wall[0] + dt.timedelta(seconds=WINDOW_SECONDS)


def test_the_reset_follows_a_correction_of_the_window() -> None:
    clock = Clock()
    windows = Windows(clock)
    rate_limiter = RateLimiter(100, (), b"key", windows, now=lambda: NOW)
    scope = build_scope("192.0.2.1")
    rate_limiter.spend(scope, 1)
    for seconds in (WINDOW_SECONDS, 30):
        windows.correct(next(iter(windows._windows)), 1, seconds)
        budget = rate_limiter.check_allowance(scope)
        assert budget
        assert budget.reset_at == NOW + dt.timedelta(seconds=seconds)


def test_windows_are_measured_with_a_monotonic_clock() -> None:
    assert Windows().clock is time.monotonic


def build_scope(address: str) -> Scope:
    return {"type": "http", "client": (address, 1), "headers": []}


def test_running_requests_reserve_points() -> None:
    rate_limiter = RateLimiter(100, (), b"key", Windows())
    scope = build_scope("192.0.2.1")
    with rate_limiter.reserve(scope, 60):
        assert get_remaining(rate_limiter, scope) == 40
        with rate_limiter.reserve(scope, 60), pytest.raises(Refusal), rate_limiter.reserve(scope, 60):
            pass
        assert get_remaining(rate_limiter, scope) == 40
    rate_limiter.spend(scope, 5)
    assert get_remaining(rate_limiter, scope) == 95


def get_remaining(rate_limiter: RateLimiter, scope: Scope) -> int:
    budget = rate_limiter.check_allowance(scope)
    assert budget
    return budget.remaining


def test_accounts_are_kept_with_the_connection_unless_a_proxy_uses_it() -> None:
    """A client behind a proxy is never charged for another one on the same connection."""
    windows, connection = Windows(), dict[str, Any]()
    direct = RateLimiter(100, (), b"key", windows)
    for _ in range(2):
        direct.spend({**build_scope("192.0.2.1"), CONNECTION_KEY: connection}, 10)
    assert [window.spent_points for window in windows._windows.values()] == [20]
    assert connection.keys() == {ACCOUNTS_KEY}

    windows, connection = Windows(), dict[str, Any]()
    behind_proxy = RateLimiter(100, parse_networks(["192.0.2.0/24"]), b"key", windows)
    for address in (b"203.0.113.5", b"203.0.113.6", b"203.0.113.5"):
        headers = [(b"x-forwarded-for", address)]
        behind_proxy.spend({**build_scope("192.0.2.1"), "headers": headers, CONNECTION_KEY: connection}, 10)
    assert [window.spent_points for window in windows._windows.values()] == [20, 10]
    assert not connection


def test_the_same_address_has_different_hashes_with_different_keys() -> None:
    windows = Windows(), Windows()
    for key, one in zip((b"a", b"b"), windows, strict=True):
        RateLimiter(100, (), key, one).spend(build_scope("192.0.2.1"), 1)
    assert not windows[0]._windows.keys() & windows[1]._windows.keys()


def test_a_window_ends_a_minute_after_its_first_request() -> None:
    clock = Clock()
    windows = Windows(clock)
    windows.spend(b"a", 7)
    clock.now += WINDOW_SECONDS - 1
    assert windows.spend(b"a", 5).spent_points == 12
    clock.now += 1
    assert windows.find_window(b"a") is None
    assert windows.spend(b"a", 3).spent_points == 3


def test_expired_windows_are_forgotten() -> None:
    clock = Clock()
    windows = Windows(clock)
    for number in range(1_000):
        windows.spend(str(number).encode(), 1)
        clock.now += 1
    assert len(windows) <= WINDOW_SECONDS + 1


def test_totals_of_all_processes_never_give_points_back() -> None:
    clock = Clock()
    windows = Windows(clock)
    windows.spend(b"a", 10)
    windows.correct(b"a", 70, 30.0)
    assert windows.find_window(b"a").spent_points == 70  # type: ignore[union-attr]
    windows.correct(b"a", 5, 300.0)
    window = windows.find_window(b"a")
    assert window
    assert (window.spent_points, math.ceil(window.ends_at - clock.now)) == (70, 30)
    windows.correct(b"unknown", 5, 30.0)
    assert windows.find_window(b"unknown") is None
