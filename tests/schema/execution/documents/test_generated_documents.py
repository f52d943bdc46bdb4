"""Generated documents over our own schema are answered byte for byte as graphql-core answers them.

DIRECTORY_TEST_DOCUMENTS sets how many documents are executed. `./dev test --long` executes 10,000.
"""

import os
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from benchmarks.costs.document_generator import TextGenerator
from benchmarks.fictional_networks import build_organizations
from directory.gazetteer.gazetteer import get_gazetteer
from directory.records import Audience, Organization, RecordKind
from directory.search.snapshot import Snapshot, SnapshotState
from tests.schema.execution.documents.request_checks import RequestChecker
from tests.schema.execution.documents.varied_document import VariedDocument

RECORDS = 2_000
PART = 100  # documents in one test
PARTS = -(-int(os.environ.get("DIRECTORY_TEST_DOCUMENTS", "500")) // PART)
# The shares of requests that reach each case, at least and at most. A code counts once for each response with such an error.
LEAST_SHARES = {
    "condition": 0.6,
    "variable condition": 0.5,
    "named fragment": 0.6,
    "interface": 0.1,
    "default": 0.5,
    "next page": 0.03,
    "other literals": 0.15,
    "words": 0.04,
    "query string": 0.04,
    "filter in a filter": 0.02,
    "filter nested twice": 0.002,
    "filter nested too deep": 0.001,
    "compiled": 0.7,
    "errors": 0.1,
    "without data": 0.005,
    "BAD_INPUT": 0.1,
    "BAD_CURSOR": 0.01,
    "UNKNOWN_TERM": 0.02,
    "UNKNOWN_PLACE": 0.002,
}
GREATEST_SHARES = {"condition": 0.9, "without data": 0.1, "refused": 0.5, "INTERNAL": 0.0}
QUICK_PARTS = 1  # of a run without slow tests


@pytest.fixture(scope="session")
def records() -> Sequence[Organization]:
    return build_organizations(RECORDS)


@pytest.fixture(scope="session")
def checker(records: Sequence[Organization]) -> RequestChecker:
    get_gazetteer().prepare()
    slugs = {RecordKind.ORGANIZATION: {record.slug: record.id for record in records}}
    snapshot = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "generated", records[0].id, True), records, slugs, [])
    return RequestChecker(snapshot, Counter())


def _mark_slow(part: int) -> Any:
    return pytest.param(part, marks=pytest.mark.slow) if part >= QUICK_PARTS else part


@pytest.mark.parametrize("part", list(map(_mark_slow, range(PARTS))))
def test_generated_documents_are_answered_as_graphql_core_answers_them(
    part: int, checker: RequestChecker, records: Sequence[Organization]
) -> None:
    vocabulary = TextGenerator(Random(part), records)  # noqa: S311 - no secret
    executed = 0
    while executed < PART:
        executed += checker.check_document(VariedDocument(vocabulary))


def test_many_refusals_at_the_root(checker: RequestChecker) -> None:
    """A response has at most five errors, counts the others, and the first three unknown values get suggestions."""
    unknown = [f'u{n}: organizations(filter: {{issueAreas: {{anyOf: ["housin{n}"]}}}}) {{ totalCount }}' for n in range(5)]
    wrong = [f"w{n}: organizations(first: {n * -1}) {{ totalCount }}" for n in range(4)]
    for document in (f"{{ {' '.join([*unknown, *wrong])} }}", f"{{ {' '.join([*wrong, *unknown])} network {{ name }} }}"):
        for _ in range(2):
            checker.check(f"query Generated {document}", {})


def test_generated_documents_reach_the_interesting_cases(checker: RequestChecker) -> None:
    requests = checker.case_counts["request"]
    if not requests:
        pytest.skip("no document was executed")
    counts = {case: checker.case_counts[case] for case in (*LEAST_SHARES, *GREATEST_SHARES)}
    # Rounded down: a quick run has too few documents for the rarest case.
    rare = {case: count for case, count in counts.items() if count < int(LEAST_SHARES.get(case, 0) * requests)}
    frequent = {case: count for case, count in counts.items() if count > GREATEST_SHARES.get(case, 1) * requests}
    assert (rare, frequent) == ({}, {})
