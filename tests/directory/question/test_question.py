"""Validation of questions. What each part means is tested with the search."""

from typing import Any

import pytest

from directory.errors import BadInput
from directory.geo import Box, Point
from directory.question import (
    FACETS,
    MAX_ALTERNATIVES,
    MAX_CHOICES,
    MAX_CLAUSES,
    MAX_OPTIONAL_WORDS,
    QUERY_LIMIT,
    Filter,
    Near,
    OrderField,
    Page,
    Question,
    SortOrder,
    TermFilter,
    YearRange,
    combine_questions,
)
from directory.records import MembershipStatus, OrganizationKind

ATLANTA = Point(33.75, -84.39)
HOUSING, WOMEN = Filter(issue_areas=TermFilter(("housing",))), Filter(communities=TermFilter(("women",)))
LAPSED = Filter(membership=(MembershipStatus.LAPSED,), kinds=(OrganizationKind.UNION,))


@pytest.mark.parametrize("text", ["\ud800", "housing \udfff", "\ud83d housing"])
def test_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Question(text=text)
    assert refusal.value.params["argument"] == "query"


def test_whole_characters_of_any_script_are_text() -> None:
    assert Question(text="vivienda 住房 🏠").fingerprint


def test_a_text_that_is_too_long_is_refused() -> None:
    assert Question(text="a" * QUERY_LIMIT).text
    with pytest.raises(BadInput):
        Question(text="a" * (QUERY_LIMIT + 1))


# ---------------------------------------------------------------- clauses


@pytest.mark.parametrize(
    ("fields", "membership"),
    [
        ({}, ("ACTIVE",)),
        ({"clauses": ((HOUSING, WOMEN),)}, ("ACTIVE",)),
        ({"clauses": ((HOUSING, LAPSED),)}, ()),
        ({"clauses": ((HOUSING, Filter(kinds=(OrganizationKind.ARTS,), clauses=((WOMEN, LAPSED),))),)}, ()),
        ({"clauses": ((LAPSED,),)}, ("LAPSED",)),
        ({"clauses": ((HOUSING, LAPSED),), "membership": (MembershipStatus.ACTIVE,)}, ("ACTIVE",)),
    ],
)
def test_members_are_meant_unless_a_status_is_named(fields: dict[str, Any], membership: tuple[str, ...]) -> None:
    assert Question(**fields).membership == membership


def test_an_alternative_may_have_the_origin() -> None:
    near = Near(ATLANTA, 80.0)
    question = Question(clauses=((Filter(near=near), HOUSING),), order=SortOrder(OrderField.DISTANCE))
    assert (question.near, question.origin) == (None, near)
    outer = Near(ATLANTA)
    assert Question(near=outer, clauses=question.clauses).origin == outer
    with pytest.raises(BadInput, match="one origin"):
        Question(near=Near(Point(1, 2)), clauses=question.clauses)
    with pytest.raises(BadInput, match="one origin"):
        Question(clauses=((Filter(near=Near(Point(1, 2), 5.0)), HOUSING), (Filter(near=near), WOMEN)))


def list_alternatives(count: int, start: int = 1) -> tuple[Filter, ...]:
    return tuple(Filter(founded=YearRange(year)) for year in range(start, start + count))


def test_clauses_alternatives_and_values_are_limited() -> None:
    assert Question(clauses=(list_alternatives(MAX_ALTERNATIVES),))
    with pytest.raises(BadInput, match="alternatives"):
        Question(clauses=(list_alternatives(MAX_ALTERNATIVES + 1),))
    with pytest.raises(BadInput, match="clauses"):
        Question(clauses=tuple(list_alternatives(2, 2 * number + 1) for number in range(MAX_CLAUSES + 1)))
    with pytest.raises(BadInput, match="optional words"):
        Question(optional_words=tuple(f"word{number}" for number in range(MAX_OPTIONAL_WORDS + 1)))


def test_optional_words_are_folded_and_sorted() -> None:
    assert Question(optional_words=("Niños", "else else", "")).optional_words == ("else", "ninos")


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "a"},
        {"near": Near(ATLANTA)},
        {"within": Box(1, 2, 3, 4)},
        {"page": Page(first=1, after="x")},
        {"ids": ("a",)},
        {"parent": "a"},
        {"optional_words": ("a",)},
        {"verification_due": True},
        {"issue_areas": TermFilter(tuple(FACETS["issue_areas"].terms)[:30]), "regions": None},
    ],
)
def test_what_is_not_chosen_from_a_short_list(fields: dict[str, Any]) -> None:
    if fields.pop("regions", "") is None:
        fields["communities"] = TermFilter(tuple(FACETS["communities"].terms)[: MAX_CHOICES - 29])
    assert not Question(**fields).consists_of_choices
    inner = {name: value for name, value in fields.items() if name in Filter.__struct_fields__}
    if inner and inner != {"near": Near(ATLANTA)}:
        alternative = Filter(**inner, kinds=(OrganizationKind.UNION,))
        assert not Question(clauses=((HOUSING, alternative),)).consists_of_choices


def test_what_is_chosen_from_short_lists() -> None:
    assert Question().consists_of_choices
    assert Question(clauses=((HOUSING, WOMEN), (LAPSED, WOMEN)), location_stated=True).consists_of_choices


# ---------------------------------------------------------------- several questions together


def combine(*questions: Question) -> Question:
    return combine_questions(questions, SortOrder(), Page())


def test_an_empty_question_leaves_the_conditions_of_the_others() -> None:
    housing, women = Question(clauses=((HOUSING,),)), Question(clauses=((WOMEN,),))
    assert combine(Question(), housing) == combine(housing, Question()) == housing
    assert combine(Question(), housing, Question(), women) == Question(clauses=((HOUSING,), (WOMEN,)))
    assert Filter(clauses=((Filter(),), (HOUSING,))) == HOUSING


def test_a_default_status_gives_way_and_a_stated_one_stays() -> None:
    lapsed = Question(membership=(MembershipStatus.LAPSED,))
    assert combine(Question(), lapsed) == lapsed
    stated = Question(membership=(MembershipStatus.ACTIVE,), clauses=((LAPSED, HOUSING),))
    assert combine(Question(), stated) == combine(stated, Question()) == stated
