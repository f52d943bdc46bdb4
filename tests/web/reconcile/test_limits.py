"""Limits of a batch, what a request costs, and which thread does its work."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import numpy as np
import pytest
from anyio import CapacityLimiter
from starlette.testclient import TestClient

from directory.live import Directory
from directory.matching import street_lines
from directory.records import Audience
from schema.limits import SECONDS_PER_POINT
from tests.web.conftest import code, put
from tests.web.reconcile.conftest import ENTRIES, HERON, TENANTS, ReconcileClient
from web.app import create_app
from web.http.graphql_endpoint import refuse_credentials
from web.reconcile import candidates, reconcile_endpoint, suggest
from web.reconcile.candidates import Row
from web.reconcile.limits import BODY_BYTES, QUERY_POINTS, TEXT_LENGTH, VALUE_POINTS
from web.reconcile.meter import Meter
from web.server import rate_limit
from web.settings import Settings

pytestmark = pytest.mark.slow

BUDGET = 1_000_000  # points a minute of the client in these tests
LONG = "x" * (TEXT_LENGTH + 1)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, *ENTRIES)
    with TestClient(create_app(directory, Settings(points_a_minute=BUDGET)), base_url="http://localhost") as client:
        yield client


def get_spent_points(client: TestClient) -> int:
    """Return the points that the test's client has spent in this window."""
    windows = client.app.state.rate_limiter.windows._windows  # type: ignore[attr-defined]
    return sum(window.spent_points for window in windows.values())


def build_query(**properties: object) -> dict[str, Any]:
    values = [{"pid": pid, "v": value} for pid, value in properties.items()]
    return {"query": "Harbor Tenants Union", "properties": values}


@pytest.mark.parametrize(
    ("long_query", "name"),
    [
        ({"query": LONG}, "query"),
        (build_query(street=LONG), "street"),
        (build_query(phone=["404-555-0142", LONG]), "phone"),
        (build_query(city={"name": LONG}), "city"),
        (build_query(website={"id": LONG}), "website"),
        (build_query(street="po box" + " " * 24_000 + "!"), "street"),
    ],
)
def test_a_row_with_a_long_text_is_refused_and_the_others_are_matched(
    client: TestClient, long_query: dict[str, Any], name: str
) -> None:
    rows = {f"q{number}": {"query": "Blue Heron Workers Center"} for number in range(49)}
    answer = ReconcileClient(client).post("queries", {**rows, "long": long_query})
    assert answer.status_code == 200
    results = answer.json()
    (error,) = results.pop("long")["errors"]
    assert error["extensions"] == {"code": "TOO_LARGE", "of": name, "limit": TEXT_LENGTH}
    assert len(results) == 49
    assert all(one["result"][0]["id"] == HERON.id and "errors" not in one for one in results.values())


def test_texts_of_the_full_length_are_matched(client: TestClient) -> None:
    full = "Harbor Tenants Union".ljust(TEXT_LENGTH, "!")
    assert len(full) == TEXT_LENGTH
    matches = ReconcileClient(client).match(full, city="x" * TEXT_LENGTH)
    assert TENANTS.id in [one["id"] for one in matches]


def test_longer_texts_do_not_reach_the_matching(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(street_lines, "_BOX", _RecordingPattern(street_lines._BOX, texts))
    ReconcileClient(client).post("queries", {"a": build_query(street="1 Larkspur Street"), "b": build_query(street="1 " + LONG)})
    assert "1 Larkspur Street" in texts
    assert max(map(len, texts)) <= TEXT_LENGTH


class _RecordingPattern:
    """A pattern that records the texts it searches."""

    def __init__(self, pattern: Any, texts: list[str]) -> None:
        self.pattern, self.texts = pattern, texts

    def search(self, text: str) -> Any:
        self.texts.append(text)
        return self.pattern.search(text)


def test_a_larger_body_is_refused_with_or_without_a_content_length(client: TestClient) -> None:
    body = b"queries=" + b"x" * BODY_BYTES
    with_length = client.post("/reconcile", content=body, headers=FORM)
    without_length = client.post("/reconcile", content=iter([body[:1000], body[1000:]]), headers=FORM)
    assert [(one.status_code, code(one)) for one in (with_length, without_length)] == [(413, "TOO_LARGE")] * 2


def test_parsing_and_matching_run_in_threads(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: dict[str, int] = {}

    def record_thread(name: str, work: Any) -> Any:
        def run(*arguments: Any, **options: Any) -> Any:
            threads[name] = threading.get_ident()
            return work(*arguments, **options)

        return run

    in_threads = {
        "parse_request": reconcile_endpoint,
        "find_candidates": reconcile_endpoint,
        "extend_organization": reconcile_endpoint,
        "json_response": reconcile_endpoint,
        "suggest_entities": suggest,
    }
    for name, module in in_threads.items():
        monkeypatch.setattr(module, name, record_thread(name, getattr(module, name)))
    monkeypatch.setattr(reconcile_endpoint, "refuse_credentials", record_thread("loop", refuse_credentials))
    reconcile = ReconcileClient(client)
    reconcile.match("Harbor Tenants Union")
    reconcile.extend([TENANTS.id], "name")
    client.get("/reconcile/suggest/entity?prefix=harbor")
    loop = threads.pop("loop")
    assert threads.keys() == in_threads.keys()
    assert loop not in threads.values()


def test_a_batch_costs_its_price_and_what_was_read(client: TestClient) -> None:
    rows = {f"q{number}": build_query(city="Atlanta") for number in range(10)}
    ReconcileClient(client).post("queries", rows)
    assert get_spent_points(client) > 10 * QUERY_POINTS  # at least a kibibyte was read


def test_an_extension_costs_its_price_and_what_was_read(client: TestClient) -> None:
    ReconcileClient(client).extend([TENANTS.id, *(f"x{number}" for number in range(99))], "name", "city")
    assert get_spent_points(client) > 100 * 3 * VALUE_POINTS


REFUSED_BODIES = {
    "no JSON": b"queries=" + b"%22" * 43_000,
    "no query": f"queries={quote_plus(json.dumps({str(number): {} for number in range(5_000)}))}".encode(),
    "too many queries": f"queries={quote_plus(json.dumps({str(number): {'query': 'x'} for number in range(2_500)}))}".encode(),
    "too many ids": f"extend={quote_plus(json.dumps({'ids': ['x'] * 9_000, 'properties': []}))}".encode(),
    "nested": b"queries=" + b"[" * 100_000,
    "nothing asked": b"nothing=" + b"x" * 100_000,
}


@pytest.mark.parametrize("body", REFUSED_BODIES.values(), ids=REFUSED_BODIES)
def test_a_refused_request_costs_what_was_read_and_what_it_used(
    client: TestClient, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    meters: list[Meter] = []

    class RecordedMeter(Meter):
        def __init__(self, threads: CapacityLimiter) -> None:
            super().__init__(threads)
            meters.append(self)

    monkeypatch.setattr(reconcile_endpoint, "Meter", RecordedMeter)
    assert len(body) <= BODY_BYTES
    assert client.post("/reconcile", content=body, headers=FORM).status_code in (400, 413)
    (meter,) = meters
    assert meter._seconds > 0
    assert get_spent_points(client) >= len(body) / 1024 + max(rate_limit.REFUSAL_POINTS, meter._seconds / SECONDS_PER_POINT)


def test_a_body_refused_while_it_arrives_costs_what_was_read(client: TestClient) -> None:
    chunks = [b"queries=", *[b"x" * 1024] * 200]
    assert client.post("/reconcile", content=iter(chunks), headers=FORM).status_code == 413
    assert get_spent_points(client) >= BODY_BYTES / 1024 + rate_limit.REFUSAL_POINTS


def test_a_client_that_sends_refused_requests_soon_has_no_points_left(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    with TestClient(create_app(directory, Settings(points_a_minute=300)), base_url="http://localhost") as client:
        codes = [client.post("/reconcile", content=REFUSED_BODIES["nested"], headers=FORM).status_code for _ in range(4)]
    assert codes == [400, 400, 400, 429]


def test_rows_without_time_left_are_refused_and_the_others_are_answered(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(1_000))  # each reading is a second later
    monkeypatch.setattr(reconcile_endpoint, "BATCH_SECONDS", 2.5)
    monkeypatch.setattr(time, "thread_time", lambda: next(clock))
    rows: dict[str, Any] = {f"q{number}": Row("Blue Heron Workers Center") for number in range(5)}
    results = reconcile_endpoint._reconcile_rows(client.app.state.directory.get_snapshot(Audience.PUBLIC), rows)  # type: ignore[attr-defined]
    assert [bool(one["result"]) for one in results.values()] == [True, True, False, False, False]
    assert [one["errors"][0]["extensions"]["code"] for one in list(results.values())[2:]] == ["TOO_SLOW"] * 3


def test_the_candidates_are_the_heaviest_in_order() -> None:
    rows, weights = np.array([1, 2, 3, 4], np.uint32), np.array([2.0, 3.0, 2.0, 1.0])
    assert candidates._select_heaviest(rows, weights, 2) == [(1, 2.0), (2, 3.0), (3, 2.0)]
    assert candidates._select_heaviest(rows[:0], weights[:0], 2) == []
