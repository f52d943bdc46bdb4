"""Resolvers that fail: after the fallback, data and errors are those of graphql-core."""

from collections import Counter
from random import Random

import pytest
from graphql import GraphQLSchema, parse, validate
from msgspec.structs import replace

from benchmarks.costs.document_generator import TextGenerator
from directory.gazetteer.gazetteer import get_gazetteer
from directory.search.snapshot import SnapshotState
from tests.engine_answers import EngineRequest, assert_same_answer
from tests.schema.conftest import ALL_ORGANIZATIONS, a_snapshot
from tests.schema.execution.documents.request_checks import RequestChecker
from tests.schema.execution.documents.varied_document import OPERATION, VariedDocument
from tests.schema.execution.faults.faulty_schema import build_faulty_schema
from tests.schema.execution.faults.faulty_snapshot import build_faulty_snapshot

pytestmark = pytest.mark.slow

DOCUMENTS = 60
RATES = (0.0, 0.01, 0.1, 0.4)


@pytest.fixture(scope="module")
def documents() -> list[VariedDocument]:
    """Return valid documents."""
    get_gazetteer().prepare()
    vocabulary = TextGenerator(Random(11), ALL_ORGANIZATIONS)  # noqa: S311 - reproducible
    found: list[VariedDocument] = []
    schema = build_faulty_schema(0, 0.0)
    while len(found) < DOCUMENTS:
        document = VariedDocument(vocabulary)
        if not validate(schema, parse(document.text)):
            found.append(document)
    return found


def count_answers(schema: GraphQLSchema, documents: list[VariedDocument]) -> Counter[str]:
    """Check all documents, and count the kinds of answers."""
    kinds: Counter[str] = Counter()
    for document in documents:
        answer = assert_same_answer(EngineRequest(schema, document.text, document.draw(), OPERATION))
        codes = {error["extensions"]["code"] for error in answer.errors}
        kinds.update({*codes, "errors" if codes else "no errors", "compiled" if answer.is_compiled else "declined"})
        kinds["compiled with errors"] += answer.is_compiled and bool(codes)
        kinds["no data"] += answer.data == b"null"
    return kinds


@pytest.mark.parametrize("rate", RATES)
def test_resolvers_that_fail(rate: float, documents: list[VariedDocument]) -> None:
    kinds = count_answers(build_faulty_schema(1, rate), documents)
    if rate == 0.0:
        assert kinds["no errors"] > 0.7 * DOCUMENTS
        assert kinds["compiled"] > 0.8 * DOCUMENTS
    else:
        assert kinds["errors"] > 0.15 * DOCUMENTS


def test_faults_reach_the_interesting_cases(documents: list[VariedDocument]) -> None:
    kinds = sum((count_answers(build_faulty_schema(seed, 0.02, refusal_rate=0.2), documents) for seed in (2, 3)), Counter[str]())
    least = {"errors": 20, "no errors": 10, "compiled": 20, "declined": 10, "compiled with errors": 5, "no data": 1}
    codes = {"BAD_INPUT": 5, "BAD_CURSOR": 5, "UNKNOWN_TERM": 5, "INTERNAL": 5}
    assert {kind: kinds[kind] for kind, number in {**least, **codes}.items() if kinds[kind] < number} == {}


@pytest.mark.parametrize("rate", [0.05, 0.5])
def test_a_snapshot_that_fails(rate: float, documents: list[VariedDocument]) -> None:
    """The whole service answers as graphql-core does: it falls back, and keeps nothing of the failed execution."""
    snapshot = a_snapshot(*ALL_ORGANIZATIONS)
    state = replace(snapshot.state, version=f"faulty {rate}")
    snapshot.state = SnapshotState(state.revision, state.version, state.network_id)
    checker = RequestChecker(build_faulty_snapshot(snapshot, 1, rate), Counter())
    for document in documents:
        checker.check_document(document)
    assert checker.case_counts["INTERNAL"] > 2
    assert checker.case_counts["UNAVAILABLE"] > 1
    assert checker.case_counts["compiled"] > 5
