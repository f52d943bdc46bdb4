"""Metrics for Prometheus: few labels, and no user input."""

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from directory.errors import Unavailable
from directory.live import Directory
from tests.redis_server import find_free_port, find_free_ports
from tests.web.conftest import TENANTS, put
from web.app import create_app
from web.operations.metrics import Metrics
from web.operations.snapshot_updater import SnapshotUpdater
from web.settings import Settings

TRUSTED = "query SearchPage($words: String) { organizations(query: $words) { totalCount } }"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def fetch(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as response:
        text: str = response.read().decode()
        return text


def parse_samples(text: str) -> Samples:
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}


def count_requests(samples: Samples) -> dict[tuple[str, ...], float]:
    """Return the number of requests by code, operation and status."""
    return {tuple(value for _, value in labels): count for (name, labels), count in samples.items() if "requests_total" in name}


@pytest.fixture
def metrics_server(tmp_path: Path) -> Iterator[tuple[TestClient, Directory, Callable[[], str]]]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, TENANTS)
    (tmp_path / "SearchPage.graphql").write_text(TRUSTED)
    port = find_free_port()
    app = create_app(directory, Settings(metrics=f"127.0.0.1:{port}", documents=tmp_path / "SearchPage.graphql"))
    with TestClient(app, base_url="http://localhost") as client:
        yield client, directory, lambda: fetch(port)


def test_requests_are_counted_by_operation_status_and_code(
    metrics_server: tuple[TestClient, Directory, Callable[[], str]],
) -> None:
    client, _, fetch_metrics = metrics_server
    for words in ("harbor", "tenants"):
        request = {"documentId": "SearchPage", "operationName": "SearchPage", "variables": {"words": words}}
        assert client.post("/graphql", json=request).status_code == 200
    client.post(
        "/graphql", json={"query": "query Harriet { organizations(first: 0) { totalCount } }", "operationName": "Harriet"}
    )
    client.get("/harriet")
    text = fetch_metrics()
    counts = count_requests(parse_samples(text))
    assert counts[("", "SearchPage", "200")] == 2
    assert counts[("BAD_INPUT", "other", "200")] == 1
    assert counts[("", "other", "404")] == 1
    assert not {word for word in ("harriet", "harbor", "127.0.0.1", "testclient") if word in text.lower()}


def test_time_and_cost_are_measured(metrics_server: tuple[TestClient, Directory, Callable[[], str]]) -> None:
    client, _, fetch_metrics = metrics_server
    client.post("/graphql", json={"documentId": "SearchPage", "operationName": "SearchPage"})
    values = parse_samples(fetch_metrics())
    searches = (("operation", "SearchPage"),)
    assert values["directory_request_seconds_count", searches] == 1
    assert values["directory_request_seconds_sum", searches] > 0
    assert values["directory_request_points_sum", searches] > 1


def test_the_state_is_reported(metrics_server: tuple[TestClient, Directory, Callable[[], str]]) -> None:
    _, _, fetch_metrics = metrics_server
    values = parse_samples(fetch_metrics())
    assert values["directory_ready", ()] == 1
    assert 0 <= values["directory_snapshot_age_seconds", ()] < 60
    assert values["directory_store_away", ()] == 0
    assert values["directory_store_errors_total", ()] == 0


def test_unknown_operations_create_no_new_series(metrics_server: tuple[TestClient, Directory, Callable[[], str]]) -> None:
    client, _, fetch_metrics = metrics_server
    client.post("/graphql", json={"query": "query A { __typename }", "operationName": "A"})
    before = len(parse_samples(fetch_metrics()))
    for number in range(20):
        client.post("/graphql", json={"query": f"query B{number} {{ __typename }}", "operationName": f"B{number}"})
    assert len(parse_samples(fetch_metrics())) == before


def test_each_worker_has_a_port_of_its_own(directory: Directory) -> None:
    port = find_free_ports(2)
    workers = [Metrics(SnapshotUpdater(directory), ()) for _ in range(3)]
    for worker in workers[:2]:
        worker.serve("127.0.0.1", port, 2)
    with pytest.raises(Unavailable, match="--metrics"):
        workers[2].serve("127.0.0.1", port, 2)
    assert "directory_ready 0.0" in fetch(port)
    assert "directory_ready 0.0" in fetch(port + 1)
    for worker in workers:
        worker.close()


def test_metrics_are_off_by_default_and_never_on_the_public_port(client: TestClient) -> None:
    assert client.app.state.metrics is None  # type: ignore[attr-defined]
    assert client.get("/metrics").status_code == 404
