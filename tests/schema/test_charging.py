"""What a request is charged: its price, and more where it used more."""

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
    estimate_points,
)
from schema.limits import LIMITS, QUICK_POINTS, QUICK_SECONDS, SECONDS_PER_POINT, Limits
from tests.builders import NOW
from tests.schema.conftest import Ask

SPENT = 0.02  # seconds of the processor for each search


class BusySnapshot(Snapshot):
    """Each search computes for SPENT seconds, as no price foresees."""

    searches = 0

    def find(self, question: Question) -> SearchResult:
        self.compute()
        return super().find(question)

    def find_by_slug(self, slug: str) -> Organization | None:
        self.compute()
        return super().find_by_slug(slug)

    def compute(self) -> None:
        self.searches += 1
        end = time.thread_time() + SPENT
        while time.thread_time() < end:
            pass


@pytest.fixture
def busy() -> BusySnapshot:
    built = BusySnapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), [], {}, [])
    return BusySnapshot(built.audience, built.state, built.index, {}, {}, {}, built._links)


def asked(snapshot: Snapshot, document: str, limits: Limits = LIMITS) -> Answer:
    return answer_document(document, None, None, Context(snapshot, NOW, limits=limits))


def searches(count: int) -> str:
    return "{ " + " ".join(f"a{number}: organizations {{ totalCount }}" for number in range(count)) + " }"


def price(found: Answer) -> int:
    cost: dict[str, Any] = found.body["extensions"]["cost"]
    number: int = cost["requested"]
    return number


def test_a_request_that_used_more_than_its_price_is_charged_what_it_used(busy: BusySnapshot) -> None:
    found = asked(busy, searches(2))
    assert found.points >= ceil(2 * SPENT / SECONDS_PER_POINT)
    assert price(found) < 100  # the price that is told stays what the document says


def test_a_request_that_used_less_than_its_price_is_charged_its_price(snapshot: Snapshot) -> None:
    document = "{ organizations(first: 100) { nodes { name } } }"
    asked(snapshot, document)
    found = asked(snapshot, document)
    assert price(found) <= found.points <= price(found) + 20  # looking up a known document takes a moment


def test_a_request_that_is_given_up_is_charged_what_it_used(busy: BusySnapshot) -> None:
    found = asked(busy, searches(8), Limits(cpu_seconds=2 * SPENT))
    assert found.body["errors"][0]["extensions"]["code"] == "TOO_SLOW"
    assert "data" not in found.body
    assert found.points >= ceil(2 * SPENT / SECONDS_PER_POINT)


@pytest.mark.parametrize("limits", [Limits(cpu_seconds=2.5 * SPENT), Limits(seconds=2.5 * SPENT)], ids=["processor", "clock"])
def test_between_root_fields_a_request_is_given_up(busy: BusySnapshot, limits: Limits) -> None:
    found = asked(busy, searches(30), limits)
    assert found.body["errors"][0]["extensions"] == {"code": "TOO_SLOW", "limit": 2.5 * SPENT}
    assert busy.searches <= 3


def test_root_fields_without_an_object_are_no_way_around_the_deadline(busy: BusySnapshot) -> None:
    fields = " ".join(f'a{number}: organization(by: {{slug: "nobody"}}) {{ id }}' for number in range(30))
    asked(busy, f"{{ {fields} }}", Limits(seconds=2.5 * SPENT))
    assert busy.searches <= 3


def misspelled(count: int) -> str:
    names = (f"Atlanta{letter}{other} GA" for letter in "xqvwzk" for other in "xqvwzk")
    field = 'organizations(filter: {near: {place: {name: "NAME"}}}) { totalCount }'
    fields = (f"a{at}: {field.replace('NAME', name)}" for at, name in enumerate(names))
    return "{ " + " ".join(list(fields)[:count]) + " }"


def test_suggestions_are_looked_for_apart_from_the_answer_and_charged(snapshot: Snapshot) -> None:
    context = Context(snapshot, NOW)
    bare = answer_without_suggestions(misspelled(2), None, None, context)
    assert [refusal.__dict__.get("suggestions") for _, refusal in bare.unknown_values] == [
        None,
        None,
    ]  # nobody looked for any yet
    assert all("Did you mean" not in error["message"] for error in bare.body["errors"])
    assert all(error["extensions"]["suggestions"] == [] for error in bare.body["errors"])
    found = add_suggestions_to_answer(bare)
    assert found.points > bare.points
    assert all(error["extensions"]["suggestions"][0] == "Atlanta, GA" for error in found.body["errors"])
    assert all("Did you mean Atlanta, GA" in error["message"] for error in found.body["errors"])


def test_only_the_first_unknown_values_get_suggestions(snapshot: Snapshot) -> None:
    found = asked(snapshot, misspelled(30))
    suggested = [bool(error["extensions"]["suggestions"]) for error in found.body["errors"]]
    assert suggested == [True] * LIMITS.suggested_for + [False] * (LIMITS.errors - LIMITS.suggested_for)
    assert all(error["message"].endswith((".", "?")) for error in found.body["errors"])


def test_an_answer_without_unknown_values_stays_as_it_is(snapshot: Snapshot) -> None:
    found = answer_without_suggestions("{ __typename }", None, None, Context(snapshot, NOW))
    assert add_suggestions_to_answer(found) is found


RELAXED = 'organizations(query: "zqxv") { totalCount relaxations { count } }'


def test_relaxations_are_worked_out_once_per_request(ask: Ask) -> None:
    body = ask(
        f"{{ a: {RELAXED} b: {RELAXED.replace('zqxv', 'zqxw')} c: organizations {{ totalCount relaxations {{ count }} }} }}"
    )
    assert body["data"]["a"] == {"totalCount": 0, "relaxations": [{"count": 4}]}
    assert body["data"]["b"] is None
    assert body["data"]["c"] is None  # also where something was found, so that it shows when it is tried
    assert [(error["path"], error["extensions"]) for error in body["errors"]] == [
        (["b", "relaxations"], {"code": "TOO_COMPLEX", "limit": 1, "of": "relaxations"}),
        (["c", "relaxations"], {"code": "TOO_COMPLEX", "limit": 1, "of": "relaxations"}),
    ]
    assert "errors" not in ask(f"{{ {RELAXED} }}")  # each request by itself


def test_what_turns_out_to_take_long_is_not_finished_where_others_wait(busy: BusySnapshot) -> None:
    context = Context(busy, NOW)
    found = answer_quickly(searches(30), None, None, context)
    assert found.is_unfinished
    assert busy.searches <= ceil(QUICK_SECONDS / SPENT) + 1
    assert found.points >= QUICK_SECONDS / SECONDS_PER_POINT
    assert "data" in answer_document(searches(3), None, None, context).body  # what is within the limit is answered elsewhere
    assert not answer_quickly("{ __typename }", None, None, context).is_unfinished


def test_where_the_limit_itself_is_reached_nothing_is_begun_anew(busy: BusySnapshot) -> None:
    found = answer_quickly(searches(30), None, None, Context(busy, NOW, limits=Limits(cpu_seconds=QUICK_SECONDS / 2)))
    assert not found.is_unfinished
    assert found.body["errors"][0]["extensions"]["code"] == "TOO_SLOW"


@pytest.mark.parametrize(
    "document",
    [
        "{ organizations { relaxations { count } } }",
        "{ organizations { facets { regions(kind: COUNTY, first: 1) { value } } } }",
        '{ region(code: "US") { contains { code } } }',
        "{ issueAreas { nodes { organizations { facets { regions { value } } } } } }",
    ],
)
def test_what_may_take_long_is_never_resolved_where_others_wait(snapshot: Snapshot, document: str) -> None:
    asked(snapshot, document)
    assert estimate_points(document, None, None) > QUICK_POINTS
