"""The examples of the explorer are answered with results from the network's own records."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import Audience
from directory.understanding.understand import understand
from seed.network_records import seed_network
from tests.stories.http_client import ask, serve

EXAMPLES = sorted((Path(__file__).parents[2] / "web" / "front" / "examples").glob("*.graphql"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    directory = Directory.open(f"sqlite:///{tmp_path_factory.mktemp('network') / 'directory.sqlite3'}")
    seed_network(directory, dt.datetime.now(dt.UTC))
    understand("tenants near Atlanta", directory.get_snapshot(Audience.PUBLIC))  # as a server does before the first visitor
    with serve(directory) as client:
        yield client


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.stem for example in EXAMPLES])
def test_each_example_has_results(client: TestClient, example: Path) -> None:
    data = ask(client, example.read_text())
    assert all(data.values())
    for name, value in data.items():
        if isinstance(value, dict) and "totalCount" in value:
            assert value["totalCount"] > 0, name


def test_the_sentence_is_understood_and_finds_organizations(client: TestClient) -> None:
    (example,) = (example for example in EXAMPLES if "in-words" in example.stem)
    found = ask(client, example.read_text())["organizations"]
    assert found["nodes"]
    assert {part["label"] for part in found["question"]} == {"Tenants' rights and eviction or tenants", "near Chicago, IL"}
    for part in found["question"]:
        search = part["search"]
        answer = ask(client, "query($s: String) { organizations(search: $s) { totalCount } }", s=search)
        assert answer["organizations"]["totalCount"] >= found["totalCount"]
