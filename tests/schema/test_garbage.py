"""An answer is freed as soon as nobody holds it: the garbage collector finds nothing of the core in what it leaves.

graphql-core's executor refers to itself, with the request's context, so that about 130 small objects per request wait for the
collector. They hold a snapshot, but no result.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from directory.geo import Point
from directory.question import Near, Page, Question, RegionFilter, TermFilter
from directory.search.snapshot import Snapshot
from directory.search.suggestions import suggest
from directory.vocabulary.region_files import RegionKind
from schema.context import Context
from schema.execution.execute import answer_document
from tests.builders import NOW

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
    """The objects made inside that only the garbage collector could free; filled in at the end."""
    found: list[object] = []
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        found += gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def of_the_core(garbage: list[object]) -> list[str]:
    return [type(one).__qualname__ for one in garbage if type(one).__module__.startswith("directory.")]


QUESTIONS = {
    "page": Question(issue_areas=TermFilter(any_of=("housing",)), page=Page(first=1)),
    "text": Question(text="tenant union", regions=RegionFilter(any_of=("US-GA",))),
    "near": Question(near=Near(Point(33.7, -84.4), 100.0)),
    "nothing": Question(text="zebra", issue_areas=TermFilter(any_of=("housing",))),
}


def _read(snapshot: Snapshot, question: Question) -> None:
    found = snapshot.find(question)
    for hit in found.page.hits:
        assert hit.cursor
        assert hit.match is not None
        assert hit.distance_km is None or hit.distance_km >= 0
    assert found.count_facet("issue_areas") is not None
    assert found.count_regions(RegionKind.STATE) is not None
    assert found.build_map() is not None
    assert found.relaxations is not None
    assert found.location_not_stated >= 0


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_an_answer_leaves_no_cycle(snapshot: Snapshot, question: Question) -> None:
    _read(snapshot, question)  # what is built once and kept is not what is measured
    snapshot._result_cache.clear()
    with cyclic_garbage() as garbage:
        _read(snapshot, question)
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
    assert "errors" not in answer_document(document, None, None, context).body  # the document is kept from now on
    snapshot._result_cache.clear()
    with cyclic_garbage() as garbage:
        answer_document(document, None, None, context)
        snapshot._result_cache.clear()
    assert of_the_core(garbage) == []
