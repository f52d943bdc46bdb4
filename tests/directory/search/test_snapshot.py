"""What a snapshot remembers: answers to questions of choices alone, and a bounded number of them."""

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


def test_the_answer_to_a_question_of_choices_is_remembered(snapshot: Snapshot) -> None:
    question = Question(issue_areas=TermFilter(any_of=("housing",)))
    assert snapshot.find(question) is snapshot.find(question)


@pytest.mark.parametrize("question", [Question(text="alder"), Question(near=Near(Point(33.75, -84.39)))])
def test_what_somebody_typed_or_where_somebody_is_leaves_no_trace(snapshot: Snapshot, question: Question) -> None:
    assert snapshot.find(question) is not snapshot.find(question)


def test_no_more_than_a_certain_number_of_answers_is_remembered(snapshot: Snapshot) -> None:
    """The one asked longest ago is forgotten first."""
    asked = questions(RESULT_CACHE_SIZE + 1)
    answers = [snapshot.find(question) for question in asked[:-1]]
    assert snapshot.find(asked[0]) is answers[0]
    snapshot.find(asked[-1])
    assert snapshot.find(asked[0]) is answers[0]
    assert snapshot.find(asked[2]) is answers[2]
    assert snapshot.find(asked[1]) is not answers[1]
