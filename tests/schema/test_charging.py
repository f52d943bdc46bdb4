"""The points charged for a request: its price, or the time it took if that is more."""

import datetime as dt
import time
from math import ceil
from typing import Any

import pytest

from directory.question import Question
from directory.records import Audience, Organization
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot, SnapshotState
from schema.context import Context
from schema.execution.execute import (
    Answer,
    add_suggestions_to_answer,
    answer_document,
    answer_quickly,
    answer_without_suggestions,
)
from schema.limits import LIMITS, QUICK_SECONDS, SECONDS_PER_POINT, Limits
from tests.builders import NOW, decode_body
from tests.schema.conftest import Ask

SEARCH_SECONDS = 0.02  # of CPU time


class BusySnapshot(Snapshot):
    """A snapshot whose searches take SEARCH_SECONDS, much more than their price."""

    searches = 0

    def find(self, question: Question, today: dt.date | None = None) -> SearchResult:
        self.compute()
        return super().find(question, today)

    def find_by_slug(self, slug: str) -> Organization | None:
        self.compute()
        return super().find_by_slug(slug)

    def compute(self) -> None:
        self.searches += 1
        end = time.thread_time() + SEARCH_SECONDS
        while time.thread_time() < end:
            pass


@pytest.fixture
def busy() -> BusySnapshot:
    empty = BusySnapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), [], {}, [])
    return BusySnapshot(empty.audience, empty.state, empty.views, {}, empty.feed, empty.links)


def answer(snapshot: Snapshot, document: str, limits: Limits = LIMITS) -> Answer:
    return answer_document(document, None, None, Context(snapshot, NOW, limits=limits))


def searches(count: int) -> str:
    return "{ " + " ".join(f"a{number}: organizations {{ totalCount }}" for number in range(count)) + " }"


def get_price(result: Answer) -> int:
    cost: dict[str, Any] = decode_body(result)["extensions"]["cost"]
    number: int = cost["requested"]
    return number


def test_a_request_that_takes_longer_than_its_price_is_charged_for_the_time(busy: BusySnapshot) -> None:
    result = answer(busy, searches(2))
    assert result.points >= ceil(2 * SEARCH_SECONDS / SECONDS_PER_POINT)
    assert get_price(result) < 100  # the reported price does not change


def test_a_quick_request_is_charged_its_price(snapshot: Snapshot) -> None:
    document = "{ organizations(first: 100) { nodes { name } } }"
    answer(snapshot, document)
    result = answer(snapshot, document)
    assert get_price(result) <= result.points <= get_price(result) + 20  # finding the document in the cache takes a moment


def test_a_request_that_is_stopped_is_charged_for_the_time_it_took(busy: BusySnapshot) -> None:
    result = answer(busy, searches(8), Limits(cpu_seconds=2 * SEARCH_SECONDS))
    assert decode_body(result)["errors"][0]["extensions"]["code"] == "TOO_SLOW"
    assert "data" not in decode_body(result)
    assert result.points >= ceil(2 * SEARCH_SECONDS / SECONDS_PER_POINT)


@pytest.mark.parametrize(
    "limits", [Limits(cpu_seconds=2.5 * SEARCH_SECONDS), Limits(seconds=2.5 * SEARCH_SECONDS)], ids=["processor", "clock"]
)
def test_a_request_is_stopped_between_root_fields(busy: BusySnapshot, limits: Limits) -> None:
    result = answer(busy, searches(30), limits)
    assert decode_body(result)["errors"][0]["extensions"] == {"code": "TOO_SLOW", "limit": 2.5 * SEARCH_SECONDS}
    assert busy.searches <= 3


def test_root_fields_without_an_object_do_not_bypass_the_deadline(busy: BusySnapshot) -> None:
    fields = " ".join(f'a{number}: organization(by: {{slug: "nobody"}}) {{ id }}' for number in range(30))
    answer(busy, f"{{ {fields} }}", Limits(seconds=2.5 * SEARCH_SECONDS))
    assert busy.searches <= 3


def build_misspelled_places(count: int) -> str:
    names = (f"Atlanta{letter}{other} GA" for letter in "xqvwzk" for other in "xqvwzk")
    field = 'organizations(filter: {near: {place: {name: "NAME"}}}) { totalCount }'
    fields = (f"a{number}: {field.replace('NAME', name)}" for number, name in enumerate(names))
    return "{ " + " ".join(list(fields)[:count]) + " }"


def test_suggestions_are_computed_separately_and_charged(snapshot: Snapshot) -> None:
    context = Context(snapshot, NOW)
    answer_before = answer_without_suggestions(build_misspelled_places(2), None, None, context)
    assert [refusal.__dict__.get("suggestions") for _, refusal in answer_before.unknown_values] == [
        None,
        None,
    ]  # not computed yet
    assert all("Did you mean" not in error["message"] for error in decode_body(answer_before)["errors"])
    assert all(error["extensions"]["suggestions"] == [] for error in decode_body(answer_before)["errors"])
    result = add_suggestions_to_answer(answer_before)
    assert result.points > answer_before.points
    assert all(error["extensions"]["suggestions"][0] == "Atlanta, GA" for error in decode_body(result)["errors"])
    assert all("Did you mean Atlanta, GA" in error["message"] for error in decode_body(result)["errors"])


def test_only_the_first_unknown_values_get_suggestions(snapshot: Snapshot) -> None:
    result = answer(snapshot, build_misspelled_places(30))
    has_suggestions = [bool(error["extensions"]["suggestions"]) for error in decode_body(result)["errors"]]
    assert has_suggestions == [True] * LIMITS.suggested_for + [False] * (LIMITS.errors - LIMITS.suggested_for)
    assert all(error["message"].endswith((".", "?")) for error in decode_body(result)["errors"])


def test_an_answer_without_unknown_values_stays_as_it_is(snapshot: Snapshot) -> None:
    result = answer_without_suggestions("{ __typename }", None, None, Context(snapshot, NOW))
    assert add_suggestions_to_answer(result) is result


ALL_ORGANIZATIONS_SEARCH = "organizations { totalCount relaxations { count } }"
RELAXATIONS = 'organizations(query: "zqxv") { totalCount relaxations { count } }'


def test_relaxations_can_be_selected_once_per_request(ask: Ask) -> None:
    documents = RELAXATIONS, RELAXATIONS.replace("zqxv", "zqxw"), ALL_ORGANIZATIONS_SEARCH
    body = ask("{{ a: {} b: {} c: {} }}".format(*documents))
    assert body["data"]["a"] == {"totalCount": 0, "relaxations": [{"count": 4}]}
    assert body["data"]["b"] is None
    assert body["data"]["c"] is None  # also for searches with results, so that developers notice at once
    assert [(error["path"], error["extensions"]) for error in body["errors"]] == [
        (["b", "relaxations"], {"code": "TOO_COMPLEX", "limit": 1, "of": "relaxations"}),
        (["c", "relaxations"], {"code": "TOO_COMPLEX", "limit": 1, "of": "relaxations"}),
    ]
    assert "errors" not in ask(f"{{ {RELAXATIONS} }}")  # the limit is per request


def test_a_slow_request_is_left_unfinished_on_the_event_loop(busy: BusySnapshot) -> None:
    context = Context(busy, NOW)
    answer_document(searches(30), None, None, context)
    busy.searches = 0
    result = answer_quickly(searches(30), None, None, context)
    assert result.is_unfinished
    assert 1 <= busy.searches <= ceil(QUICK_SECONDS / SEARCH_SECONDS) + 1
    assert result.points >= QUICK_SECONDS / SECONDS_PER_POINT
    assert "data" in decode_body(answer_document(searches(3), None, None, context))  # it finishes on another thread
    answer_document("{ __typename }", None, None, context)
    assert not answer_quickly("{ __typename }", None, None, context).is_unfinished


def test_a_request_that_reaches_the_limit_itself_is_not_started_again(busy: BusySnapshot) -> None:
    context = Context(busy, NOW, limits=Limits(cpu_seconds=QUICK_SECONDS / 2))
    answer_document(searches(30), None, None, context)
    result = answer_quickly(searches(30), None, None, context)
    assert not result.is_unfinished
    assert decode_body(result)["errors"][0]["extensions"]["code"] == "TOO_SLOW"


@pytest.mark.parametrize(
    "document",
    [
        "{ organizations { relaxations { count } } }",
        "{ issueAreas(first: 1) { nodes { organizations { relaxations { count } } } } }",
        "{ issueAreas(first: 100) { nodes { organizations { facets { regions(kind: COUNTY) { value } } } } } }",
    ],
)
def test_fields_that_may_be_slow_never_run_on_the_event_loop(snapshot: Snapshot, document: str) -> None:
    answer(snapshot, document)
    assert answer_quickly(document, None, None, Context(snapshot, NOW)).is_unfinished
