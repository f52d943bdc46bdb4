"""What a list may hold, what a request costs, and where its work runs."""

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
from tests.web.reconcile.conftest import ENTRIES, HERON, TENANTS, Matching
from web.app import create_app
from web.http.graphql_endpoint import refuse_credentials
from web.reconcile import candidates, reconcile_endpoint, suggest
from web.reconcile.candidates import Row
from web.reconcile.limits import BODY_BYTES, QUERY_POINTS, TEXT_LENGTH, VALUE_POINTS
from web.reconcile.meter import Meter
from web.server import rate_limit
from web.settings import Settings

BUDGET = 1_000_000  # points a minute of the client in these tests
LONG = "x" * (TEXT_LENGTH + 1)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, *ENTRIES)
    with TestClient(create_app(directory, Settings(points_a_minute=BUDGET)), base_url="http://localhost") as client:
        yield client


def spent(client: TestClient) -> int:
    """By the one client of the test, in this minute."""
    windows = client.app.state.rate_limiter.windows._windows  # type: ignore[attr-defined]
    return sum(window.spent for window in windows.values())


def query(**properties: object) -> dict[str, Any]:
    stated = [{"pid": pid, "v": value} for pid, value in properties.items()]
    return {"query": "Harbor Tenants Union", "properties": stated}


@pytest.mark.parametrize(
    ("refused", "name"),
    [
        ({"query": LONG}, "query"),
        (query(street=LONG), "street"),
        (query(phone=["404-555-0142", LONG]), "phone"),
        (query(city={"name": LONG}), "city"),
        (query(website={"id": LONG}), "website"),
        (query(street="po box" + " " * 24_000 + "!"), "street"),
    ],
)
def test_a_row_with_a_long_text_is_refused_and_the_others_are_matched(
    client: TestClient, refused: dict[str, Any], name: str
) -> None:
    rows = {f"q{number}": {"query": "Blue Heron Workers Center"} for number in range(49)}
    answer = Matching(client).post("queries", {**rows, "long": refused})
    assert answer.status_code == 200
    told = answer.json()
    (error,) = told.pop("long")["errors"]
    assert error["extensions"] == {"code": "TOO_LARGE", "of": name, "limit": TEXT_LENGTH}
    assert len(told) == 49
    assert all(one["result"][0]["id"] == HERON.id and "errors" not in one for one in told.values())


def test_texts_of_the_full_length_are_matched(client: TestClient) -> None:
    full = "Harbor Tenants Union".ljust(TEXT_LENGTH, "!")
    assert len(full) == TEXT_LENGTH
    found = Matching(client).one(full, city="x" * TEXT_LENGTH)
    assert TENANTS.id in [one["id"] for one in found]


def test_no_longer_text_reaches_the_matching(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(street_lines, "_BOX", _Listening(street_lines._BOX, read))
    Matching(client).post("queries", {"a": query(street="1 Larkspur Street"), "b": query(street="1 " + LONG)})
    assert "1 Larkspur Street" in read
    assert max(map(len, read)) <= TEXT_LENGTH


class _Listening:
    """A pattern that notes what it is asked about."""

    def __init__(self, pattern: Any, read: list[str]) -> None:
        self.pattern, self.read = pattern, read

    def search(self, text: str) -> Any:
        self.read.append(text)
        return self.pattern.search(text)


def test_a_larger_body_is_refused_whether_or_not_it_says_its_length(client: TestClient) -> None:
    body = b"queries=" + b"x" * BODY_BYTES
    said = client.post("/reconcile", content=body, headers=FORM)
    unsaid = client.post("/reconcile", content=iter([body[:1000], body[1000:]]), headers=FORM)
    assert [(one.status_code, code(one)) for one in (said, unsaid)] == [(413, "TOO_LARGE")] * 2


def test_parsing_and_matching_run_in_threads(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: dict[str, int] = {}

    def noted(name: str, work: Any) -> Any:
        def run(*arguments: Any, **options: Any) -> Any:
            threads[name] = threading.get_ident()
            return work(*arguments, **options)

        return run

    for module, name in (
        (reconcile_endpoint, "parse"),
        (reconcile_endpoint, "candidates"),
        (reconcile_endpoint, "extended"),
        (reconcile_endpoint, "json"),
    ):
        monkeypatch.setattr(module, name, noted(name, getattr(module, name)))
    monkeypatch.setattr(suggest, "suggest_entities", noted("entities", suggest.suggest_entities))
    monkeypatch.setattr(reconcile_endpoint, "refuse_credentials", noted("loop", refuse_credentials))
    matching = Matching(client)
    matching.one("Harbor Tenants Union")
    matching.extended([TENANTS.id], "name")
    client.get("/reconcile/suggest/entity?prefix=harbor")
    loop = threads.pop("loop")
    assert threads.keys() == {"parse", "candidates", "extended", "json", "entities"}
    assert loop not in threads.values()


def test_a_batch_costs_its_price_and_what_was_read(client: TestClient) -> None:
    rows = {f"q{number}": query(city="Atlanta") for number in range(10)}
    Matching(client).post("queries", rows)
    assert spent(client) > 10 * QUERY_POINTS  # a kibibyte or more was read


def test_an_extension_costs_its_price_and_what_was_read(client: TestClient) -> None:
    Matching(client).extended([TENANTS.id, *(f"x{number}" for number in range(99))], "name", "city")
    assert spent(client) > 100 * 3 * VALUE_POINTS


REFUSED = {
    "no JSON": b"queries=" + b"%22" * 43_000,
    "no query": f"queries={quote_plus(json.dumps({str(number): {} for number in range(5_000)}))}".encode(),
    "too many queries": f"queries={quote_plus(json.dumps({str(number): {'query': 'x'} for number in range(2_500)}))}".encode(),
    "too many ids": f"extend={quote_plus(json.dumps({'ids': ['x'] * 9_000, 'properties': []}))}".encode(),
    "nested": b"queries=" + b"[" * 100_000,
    "nothing asked": b"nothing=" + b"x" * 100_000,
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_a_refused_request_costs_what_was_read_and_what_it_used(
    client: TestClient, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    meters: list[Meter] = []

    class Kept(Meter):
        def __init__(self, threads: CapacityLimiter) -> None:
            super().__init__(threads)
            meters.append(self)

    monkeypatch.setattr(reconcile_endpoint, "Meter", Kept)
    assert len(body) <= BODY_BYTES
    assert client.post("/reconcile", content=body, headers=FORM).status_code in (400, 413)
    (meter,) = meters
    assert meter._seconds > 0
    assert spent(client) >= len(body) / 1024 + max(rate_limit.REFUSAL_POINTS, meter._seconds / SECONDS_PER_POINT)


def test_a_body_that_is_refused_while_it_comes_costs_what_came(client: TestClient) -> None:
    chunks = [b"queries=", *[b"x" * 1024] * 200]
    assert client.post("/reconcile", content=iter(chunks), headers=FORM).status_code == 413
    assert spent(client) >= BODY_BYTES / 1024 + rate_limit.REFUSAL_POINTS


def test_who_sends_refused_requests_has_nothing_left_soon(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    with TestClient(create_app(directory, Settings(points_a_minute=300)), base_url="http://localhost") as client:
        codes = [client.post("/reconcile", content=REFUSED["nested"], headers=FORM).status_code for _ in range(4)]
    assert codes == [400, 400, 400, 429]


def test_rows_for_which_no_time_is_left_are_refused_and_the_others_stand(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(1_000))  # a second passes whenever somebody looks
    monkeypatch.setattr(reconcile_endpoint, "BATCH_SECONDS", 2.5)
    monkeypatch.setattr(time, "thread_time", lambda: next(clock))
    rows: dict[str, Any] = {f"q{number}": Row("Blue Heron Workers Center") for number in range(5)}
    told = reconcile_endpoint._reconcile_rows(client.app.state.directory.get_snapshot(Audience.PUBLIC), rows)  # type: ignore[attr-defined]
    assert [bool(one["result"]) for one in told.values()] == [True, True, False, False, False]
    assert [one["errors"][0]["extensions"]["code"] for one in list(told.values())[2:]] == ["TOO_SLOW"] * 3


def test_the_candidates_are_the_heaviest_in_order() -> None:
    rows, weights = np.array([1, 2, 3, 4], np.uint32), np.array([2.0, 3.0, 2.0, 1.0])
    assert candidates._select_heaviest(rows, weights, 2) == [(1, 2.0), (2, 3.0), (3, 2.0)]
    assert candidates._select_heaviest(rows[:0], weights[:0], 2) == []
