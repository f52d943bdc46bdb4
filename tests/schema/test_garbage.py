"""A result is freed by reference counting alone: it leaves no cycles with objects of the core for the garbage collector.

The executor of graphql-core refers to itself and to the context of the request, so about 130 small objects per request wait for
the collector. They refer to a snapshot, but to no result.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from directory.geo import Point
from directory.question import Near, Page, Question, RegionFilter, TermFilter
from directory.search.snapshot import Snapshot
from directory.suggestions.suggest import suggest
from directory.vocabulary.region_files import RegionKind
from schema.context import Context
from schema.execution.execute import answer_document
from tests.builders import NOW, decode_body

pytestmark = pytest.mark.slow

EVERYTHING = """
query Everything($first: Int) {
  organizations(first: $first, query: "tenant", filter: {regions: {anyOf: ["US-GA"], by: LOCATED_OR_SERVING}}) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { cursor distance match { tier regionReason highlights { field } issueAreas { issueArea { slug } } } node { name } }
    facets { issueAreas { label count } regions(kind: STATE) { local count } }
    map { marks { count } }
    relaxations { count }
  }
}
"""


@contextmanager
def cyclic_garbage() -> Iterator[list[object]]:
    """Yield a list that is filled on exit with the objects that only the garbage collector could free."""
    objects: list[object] = []
    gc.collect()
    gc.freeze()  # or else the second collection looks again at a million objects of other tests
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield objects
        gc.collect()
        objects += gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def list_core_types(garbage: list[object]) -> list[str]:
    return [type(value).__qualname__ for value in garbage if type(value).__module__.startswith("directory.")]


QUESTIONS = {
    "page": Question(issue_areas=TermFilter(any_of=("housing",)), page=Page(first=1)),
    "text": Question(text="tenant union", regions=RegionFilter(any_of=("US-GA",))),
    "near": Question(near=Near(Point(33.7, -84.4), 100.0)),
    "nothing": Question(text="zebra", issue_areas=TermFilter(any_of=("housing",))),
}


def _read_result(snapshot: Snapshot, question: Question) -> None:
    result = snapshot.find(question)
    for hit in result.page.hits:
        assert hit.cursor
        assert hit.match is not None
        assert hit.distance_km is None or hit.distance_km >= 0
    assert result.count_facet("issue_areas") is not None
    assert result.count_regions(RegionKind.STATE) is not None
    assert result.build_map() is not None
    assert result.relaxations is not None
    assert result.location_not_stated >= 0


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_result_leaves_no_cycle(snapshot: Snapshot, question: Question) -> None:
    _read_result(snapshot, question)  # warm up what is built once
    snapshot._result_cache.clear()
    with cyclic_garbage() as garbage:
        _read_result(snapshot, question)
        snapshot._result_cache.clear()
    assert garbage == []


def test_suggestions_leave_no_cycle(snapshot: Snapshot) -> None:
    suggest(snapshot, "housing")
    with cyclic_garbage() as garbage:
        suggest(snapshot, "harb")
    assert garbage == []


@pytest.mark.parametrize(
    "document", [pytest.param(EVERYTHING, id="found"), pytest.param(EVERYTHING.replace("tenant", "zebra"), id="nothing found")]
)
def test_a_graphql_answer_leaves_no_cycle_of_the_core(snapshot: Snapshot, document: str) -> None:
    context = Context(snapshot, NOW)
    assert "errors" not in decode_body(answer_document(document, None, None, context))  # the document is cached from now on
    snapshot._result_cache.clear()
    with cyclic_garbage() as garbage:
        answer_document(document, None, None, context)
        snapshot._result_cache.clear()
    assert list_core_types(garbage) == []
