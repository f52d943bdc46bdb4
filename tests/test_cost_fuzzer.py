"""The cost fuzzer generates every kind of request, and reports a server that charges too little."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from benchmarks.costs import cost_fuzzer
from benchmarks.costs.cost_fuzzer import RequestMeasurement, build_tables, find_undercharged, find_worst, load_cases
from benchmarks.costs.document_generator import DocumentWriter, TextGenerator
from benchmarks.costs.request_generator import GeneratedRequest, RequestGenerator
from benchmarks.fictional_networks import NOW, NetworkDatabase, build_organizations, build_snapshot, find_or_create_database
from directory.errors import ErrorCode
from directory.records import Organization
from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.execute import answer_document
from schema.schema import SCHEMA
from tests.builders import decode_body

pytestmark = pytest.mark.slow

SIZE = 100
SECONDS = 20


@pytest.fixture(scope="module")
def records() -> Sequence[Organization]:
    return build_organizations(SIZE)


@pytest.fixture(scope="module")
def network() -> Snapshot:
    return build_snapshot(SIZE)


def build_generator(records: Sequence[Organization], seed: int = 1) -> RequestGenerator:
    return RequestGenerator(seed, records)


def test_the_same_seed_gives_the_same_requests(records: Sequence[Organization]) -> None:
    first, again = (list(islice(build_generator(records), 60)) for _ in range(2))
    assert first == again
    assert first != list(islice(build_generator(records, 2), 60))


def test_every_family_is_drawn(records: Sequence[Organization]) -> None:
    generator = build_generator(records)
    families = {request.family.partition(":")[0] for request in islice(generator, 1_500)}
    assert families == set(generator.families)


def test_new_documents_are_new_and_known_ones_repeat(records: Sequence[Organization]) -> None:
    texts: dict[str, list[str]] = {"new document": [], "known document": []}
    generator = build_generator(records)
    for family in texts:
        texts[family] = [msgspec.json.decode(generator.draw(family).body or b"")["query"] for _ in range(200)]
    assert len(set(texts["new document"])) == 200
    assert len(set(texts["known document"])) < 80


def test_documents_are_valid_and_many_are_executed(records: Sequence[Organization], network: Snapshot) -> None:
    generator = build_generator(records)
    codes = []
    for _ in range(150):
        request = msgspec.json.decode(generator.draw("new document").body or b"")
        body = decode_body(answer_document(request["query"], request["variables"], None, Context(network, NOW)))
        codes.append([error["extensions"]["code"] for error in body.get("errors", ())])
    assert ErrorCode.INTERNAL not in {code for response_codes in codes for code in response_codes}
    assert codes.count([]) > 30


def test_generated_documents_reach_every_field_of_the_query(records: Sequence[Organization]) -> None:
    assert SCHEMA.query_type
    vocabulary = TextGenerator(build_generator(records).random, records)
    texts = [DocumentWriter(vocabulary).write().text for _ in range(150)]
    assert {name for name in SCHEMA.query_type.fields if any(name in text for text in texts)} == set(SCHEMA.query_type.fields)


def a_measurement(used: float, charged: float, family: str = "facets") -> RequestMeasurement:
    return RequestMeasurement(GeneratedRequest(family, "/graphql", b"{}"), 200, used, charged)


def test_the_target_is_twice_the_charge_and_five_milliseconds() -> None:
    assert not find_undercharged([a_measurement(0.0249, 0.01), a_measurement(0.0049, 0.0)])
    too_cheap = [a_measurement(0.0251, 0.01), a_measurement(0.0051, 0.0)]
    assert find_undercharged(too_cheap) == too_cheap


def test_the_worst_come_first_with_at_most_two_of_a_family() -> None:
    facets = [a_measurement(0.1 * n, 0.01) for n in range(1, 6)]
    worst = find_worst([*facets, a_measurement(0.01, 0.01, "map")])
    assert [measurement.request.family for measurement in worst] == ["facets", "facets", "map"]
    assert worst[0].used_seconds == pytest.approx(0.5)


def test_the_report_has_the_ratio_and_the_verdict() -> None:
    report = "\n".join(
        table.to_markdown() for table in build_tables([a_measurement(0.1, 0.01), a_measurement(0.001, 0.01, "map")], SIZE)
    )
    assert "2 requests, CPU used / charged 5.05, 1 missed the target" in report
    assert "| 10.00 | 400% | **missed** |" in report


def test_the_worst_requests_become_regression_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_fuzzer, "CASES", tmp_path / "cases.json")
    binary = RequestMeasurement(GeneratedRequest("rejected body", "/graphql", b"\xff"), 400, 0.1, 0.0)
    cost_fuzzer.save_cases([a_measurement(0.1, 0.01), binary])
    cost_fuzzer.save_cases([RequestMeasurement(load_cases()[0], 200, 0.1, 0.0)])
    assert load_cases() == [GeneratedRequest("case: facets", "/graphql", b"{}")]


def test_every_case_is_a_request() -> None:
    assert all(case.path.startswith("/") for case in load_cases())


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> NetworkDatabase:
    return find_or_create_database(2_000, tmp_path_factory.mktemp("fuzz"))


@pytest.mark.slow
def test_no_request_uses_more_than_it_is_charged_for(database: NetworkDatabase) -> None:
    measurements = cost_fuzzer.fuzz(database, SECONDS, seed=1)
    report = "\n".join(table.to_markdown() for table in build_tables(measurements, database.size))
    assert not find_undercharged(measurements), report
    assert sum(measurement.charged_seconds for measurement in measurements) > 0
