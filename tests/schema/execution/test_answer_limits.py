"""Limits on an answer: the engine refuses exactly the answers that are too large or too slow, with the code of the limit."""

import datetime as dt
import time
from bisect import bisect_left
from math import ceil, inf

import msgspec
import pytest
from graphql import parse

from directory.question import Question
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot
from schema.context import Context, SingleUseFields
from schema.errors import RequestRefusedError
from schema.execution.execute import Answer, answer_document, answer_quickly
from schema.execution.graphql_core import execute_with_core
from schema.limits import LIMITS, QUICK_SECONDS, SECONDS_PER_POINT, Limits
from schema.schema import SCHEMA
from tests.builders import NOW
from tests.schema.conftest import ALL_ORGANIZATIONS, a_snapshot

CARD = "id slug name issueAreas { slug label } locations { precision point { latitude longitude } } branches { name }"
DOCUMENTS = (
    "{ a: __typename viewer { audience } }",
    "{ network { name } viewer { audience } }",
    f"{{ organizations {{ totalCount nodes {{ {CARD} }} }} }}",
    f"{{ organizations {{ edges {{ cursor node {{ {CARD} }} }} facets {{ issueAreas {{ value label }} }} }} }}",
    '{ nodes(ids: ["SXNzdWVBcmVhOmhvdXNpbmc", "UmVnaW9uOlVTLUdB"]) { id ... on IssueArea { slug } ... on Region { code } } }',
    '{ issueArea(slug: "housing") { synonyms narrower { label } } region(code: "US-GA") { aliases within { code } } }',
)


def answer(snapshot: Snapshot, document: str, **limits: float) -> Answer:
    changed = msgspec.structs.replace(LIMITS, **limits)
    return answer_document(document, None, None, Context(snapshot, NOW, limits=changed))


def is_refused_by_core(snapshot: Snapshot, document: str, **limits: float) -> bool:
    context = Context(snapshot, NOW, limits=msgspec.structs.replace(LIMITS, **limits), single_use_fields=SingleUseFields())
    try:
        execute_with_core(SCHEMA, parse(document), None, None, context, inf)
    except RequestRefusedError:
        return True
    return False


@pytest.mark.parametrize("of", ["answered_fields", "answered_characters"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_an_answer_is_refused_from_the_first_field_or_character_too_many(snapshot: Snapshot, document: str, of: str) -> None:
    whole = answer(snapshot, document)
    assert whole.has_data
    least = bisect_left(range(len(whole.body)), True, key=lambda limit: not is_refused_by_core(snapshot, document, **{of: limit}))
    assert least > 2
    for _ in range(2):  # first with a new document, then with a plan and cards that were kept
        assert answer(snapshot, document, **{of: least}).data == whole.data
    for _ in range(2):
        refused = answer(snapshot, document, **{of: least - 1})
        assert not refused.has_data
        assert [error["extensions"] for error in refused.errors] == [{"code": "TOO_COMPLEX", "limit": least - 1, "of": of}]


SEARCH_SECONDS = 0.01  # of CPU time


class SlowSnapshot(Snapshot):
    """A snapshot whose searches take SEARCH_SECONDS."""

    searches = 0

    def find(self, question: Question, today: dt.date | None = None) -> SearchResult:
        self.searches += 1
        end = time.thread_time() + SEARCH_SECONDS
        while time.thread_time() < end:
            pass
        return super().find(question, today)


@pytest.fixture
def slow() -> SlowSnapshot:
    whole = a_snapshot(*ALL_ORGANIZATIONS)
    parts = whole.views, whole.survivor_ids, whole.feed, whole.links
    return SlowSnapshot(whole.audience, whole.state, *parts)


SEARCHES = " ".join(f"a{number}: organizations(first: 1) {{ totalCount }}" for number in range(30))
SLOW_DOCUMENTS = {
    "in a list": "{ issueAreas(first: 30) { nodes { organizations(first: 1) { totalCount } } } }",
    "at the root": f"{{ {SEARCHES} }}",
    "in one object": f'{{ issueArea(slug: "housing") {{ {SEARCHES} }} }}',
}


@pytest.mark.parametrize("place", SLOW_DOCUMENTS)
@pytest.mark.parametrize("limit", ["cpu_seconds", "seconds"])
def test_a_deadline_stops_the_work(slow: SlowSnapshot, place: str, limit: str) -> None:
    seconds = 5.5 * SEARCH_SECONDS
    limits = {"seconds": 60.0, "cpu_seconds": 60.0, limit: seconds}  # so that a busy machine does not reach the other one first
    for _ in range(2):  # with a new document, and with its plan
        before = slow.searches
        stopped = answer(slow, SLOW_DOCUMENTS[place], **limits)
        assert not stopped.has_data
        assert [error["extensions"] for error in stopped.errors] == [{"code": "TOO_SLOW", "limit": seconds}]
        assert slow.searches - before <= 8


def test_the_event_loop_is_left_early(slow: SlowSnapshot) -> None:
    context = Context(slow, NOW, limits=Limits(cpu_seconds=10.0))
    document = SLOW_DOCUMENTS["in a list"].replace("30", "20")
    assert answer_document(document, None, None, context).has_data
    before = slow.searches
    unfinished = answer_quickly(document, None, None, context)
    assert unfinished.is_unfinished
    assert slow.searches - before <= QUICK_SECONDS / SEARCH_SECONDS + 2


class BrokenSnapshot(SlowSnapshot):
    """A snapshot that fails after a search, so that graphql-core executes the request again."""

    @property
    def version(self) -> str:
        raise ValueError("boom")


def test_a_fallback_is_charged_with_the_execution_before_it(slow: SlowSnapshot) -> None:
    parts = slow.views, slow.survivor_ids, slow.feed, slow.links
    broken = BrokenSnapshot(slow.audience, slow.state, *parts)
    document = '{ organizations(query: "tenants") { totalCount version } }'
    for _ in range(2):
        before = broken.searches
        result = answer(broken, document, cpu_seconds=10.0)
        assert [error["extensions"]["code"] for error in result.errors] == ["INTERNAL"]
        assert result.points >= ceil((broken.searches - before) * SEARCH_SECONDS / SECONDS_PER_POINT)
    assert broken.searches >= 2


def test_the_limits_that_a_fallback_exceeds_are_those_of_the_request(slow: SlowSnapshot) -> None:
    parts = slow.views, slow.survivor_ids, slow.feed, slow.links
    broken = BrokenSnapshot(slow.audience, slow.state, *parts)
    document = "{ organizations(first: 1) { version } }"
    assert answer(broken, document, cpu_seconds=1.5 * SEARCH_SECONDS).errors[0]["extensions"]["code"] == "TOO_SLOW"
    assert broken.searches <= 2
