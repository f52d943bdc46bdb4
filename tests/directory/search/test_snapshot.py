"""The result cache of a snapshot: bounded, and only for questions without a text or an origin."""

import pytest

from directory.geo import Point
from directory.question import Near, OrderField, Page, Question, SortOrder, TermFilter
from directory.records import Audience, OrganizationKind
from directory.search.snapshot import RESULT_CACHE_SIZE, Snapshot, SnapshotState
from tests.builders import an_organization


@pytest.fixture
def snapshot() -> Snapshot:
    organizations = [an_organization("Alder", issue_areas=("housing",)), an_organization("Birch")]
    return Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), organizations, {}, [])


def questions(count: int) -> list[Question]:
    return [
        Question(kinds=(kind,), order=SortOrder(field, descending), page=Page(first=size))
        for size in range(1, 21)
        for kind in OrganizationKind
        for field in (OrderField.RELEVANCE, OrderField.NAME)
        for descending in (False, True)
    ][:count]


def test_a_question_of_choices_is_cached(snapshot: Snapshot) -> None:
    question = Question(issue_areas=TermFilter(any_of=("housing",)))
    assert snapshot.find(question) is snapshot.find(question)


@pytest.mark.parametrize("question", [Question(text="alder"), Question(near=Near(Point(33.75, -84.39)))])
def test_questions_with_a_text_or_an_origin_are_not_cached(snapshot: Snapshot, question: Question) -> None:
    assert snapshot.find(question) is not snapshot.find(question)


def test_the_number_of_cached_results_is_limited(snapshot: Snapshot) -> None:
    """The least recently used result is dropped first."""
    cached_questions = questions(RESULT_CACHE_SIZE + 1)
    answers = [snapshot.find(question) for question in cached_questions[:-1]]
    assert snapshot.find(cached_questions[0]) is answers[0]
    snapshot.find(cached_questions[-1])
    assert snapshot.find(cached_questions[0]) is answers[0]
    assert snapshot.find(cached_questions[2]) is answers[2]
    assert snapshot.find(cached_questions[1]) is not answers[1]
