from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.filters.filter_parts import (
    FilterPart,
    list_filter_parts,
    remove_filter_parts,
)
from directory.filters.origins import resolve_near
from directory.question import (
    Filter,
    Nationwide,
    OrderField,
    Page,
    Question,
    RegionFilter,
    RegionMatch,
    SortOrder,
    TermFilter,
)
from directory.records import MembershipStatus
from tests.directory.filters.generated_filters import questions

pytestmark = pytest.mark.slow

HOUSING_NEAR_ATLANTA = Question(
    text='eviction "right to counsel"',
    issue_areas=TermFilter(any_of=("housing",), none_of=("policing",)),
    regions=RegionFilter(("US-GA",), by=RegionMatch.SERVING, nationwide=Nationwide.EXCLUDE),
    near=resolve_near("Atlanta", 80.4672),
    order=SortOrder(OrderField.DISTANCE),
)


@given(questions())
def test_every_part_has_a_label_in_both_languages(question: Question) -> None:
    for part in list_filter_parts(question):
        assert part.label()
        assert part.label("es-MX") == part.label("es") != ""


@given(questions(most_clauses=0), st.data())
def test_removing_parts_keeps_the_others(question: Question, data: st.DataObject) -> None:
    parts = list_filter_parts(question)
    removed = set(data.draw(st.lists(st.sampled_from(parts)))) if parts else set()
    remaining = set(list_filter_parts(remove_filter_parts(question, removed)))
    modifiers = {part for part in parts if part.field.endswith((".by", ".nationwide", ".narrower")) or part.value == "ACTIVE"}
    assert remaining <= set(parts) - removed
    assert set(parts) - removed - remaining <= modifiers
    assert remove_filter_parts(question, parts) == (Question() if parts else question)


# ---------------------------------------------------------------- removing parts


def remove(question: Question, field: str, value: str) -> Question:
    return remove_filter_parts(question, [FilterPart(field, value)])


def test_removing_nothing_changes_nothing_not_even_the_page() -> None:
    question = Question(text='odd "quote', page=Page(first=3))
    assert remove_filter_parts(question, []) is question
    assert remove_filter_parts(question, [FilterPart("issueAreas", "housing")]) is question


def test_removing_a_part_returns_to_the_first_page() -> None:
    question = Question(text="tenants", page=Page(first=3, after="somewhere"))
    assert remove(question, "query", "tenants") == Question()


def test_a_word_or_a_quoted_phrase_of_the_text_can_be_removed() -> None:
    assert remove(HOUSING_NEAR_ATLANTA, "query", "eviction").text == '"right to counsel"'
    assert remove(HOUSING_NEAR_ATLANTA, "query", '"right to counsel"').text == "eviction"


def test_removing_the_last_region_removes_its_modifiers() -> None:
    assert remove(HOUSING_NEAR_ATLANTA, "regions", "US-GA").regions == RegionFilter()
    two = Question(regions=RegionFilter(("US-GA", "US-AL"), by=RegionMatch.SERVING))
    assert remove(two, "regions", "US-AL").regions == RegionFilter(("US-GA",), by=RegionMatch.SERVING)


def test_removing_the_origin_removes_the_order_by_distance() -> None:
    remaining = remove(HOUSING_NEAR_ATLANTA, "near", "city:US-GA:atlanta&radius=80.4672")
    assert (remaining.near, remaining.order) == (None, SortOrder())
    by_name = replace(HOUSING_NEAR_ATLANTA, order=SortOrder(OrderField.NAME))
    assert remove(by_name, "near", "city:US-GA:atlanta&radius=80.4672").order == SortOrder(OrderField.NAME)


def test_without_a_membership_the_question_means_members() -> None:
    question = Question(membership=(MembershipStatus.PROSPECT,))
    assert [part.value for part in list_filter_parts(question)] == ["PROSPECT"]
    assert remove(question, "membership", "PROSPECT") == Question()


# ---------------------------------------------------------------- clauses

REENTRY = Filter(issue_areas=TermFilter(("reentry",)))
RETURNING = Filter(communities=TermFilter(("formerly-incarcerated-people",)))
SERVING_GEORGIA = Filter(regions=RegionFilter(("US-GA",), by=RegionMatch.SERVING))


def list_texts(parts: Iterable[FilterPart]) -> list[tuple[str, str]]:
    return [(part.field, part.value) for part in parts]


def test_a_clause_is_one_part_with_its_alternatives() -> None:
    question = Question(text="a", clauses=((REENTRY, RETURNING),), order=SortOrder(OrderField.NAME))
    query, clause, order = list_filter_parts(question)
    assert (query.field, order.field) == ("query", "orderBy")
    assert (clause.field, clause.value) == ("any", "issue=reentry|community=formerly-incarcerated-people")
    assert list_texts(clause.alternatives) == [("issueAreas", "reentry"), ("communities", "formerly-incarcerated-people")]
    assert query.alternatives == clause.alternatives[0].alternatives == ()


def test_an_alternative_of_several_conditions_is_a_part_with_parts() -> None:
    several = Filter(issue_areas=TermFilter(("health", "housing")), regions=SERVING_GEORGIA.regions)
    (clause,) = list_filter_parts(Question(clauses=((several, RETURNING),)))
    both, alone = clause.alternatives
    assert (both.field, both.value) == ("all", "issue=health&issue=housing&region=US-GA&by=SERVING")
    assert list_texts(both.alternatives) == [
        ("any", "issue=health|issue=housing"),
        ("regions", "US-GA"),
        ("regions.by", "SERVING"),
    ]
    assert list_texts(both.alternatives[0].alternatives) == [("issueAreas", "health"), ("issueAreas", "housing")]
    assert alone.field == "communities"


def test_a_list_of_organizations_is_one_part() -> None:
    question = Question(ids=("a", "b"), text="tenants")
    assert list_texts(list_filter_parts(question)) == [("query", "tenants"), ("ids", "a,b")]
    assert remove(question, "ids", "a,b") == Question(text="tenants")
    assert remove(question, "ids", "a") is question


def test_a_clause_or_one_alternative_of_it_can_be_removed() -> None:
    question = Question(text="a", clauses=((REENTRY, RETURNING, SERVING_GEORGIA),))
    (_, clause) = list_filter_parts(question)
    assert remove_filter_parts(question, [clause]) == Question(text="a")
    first, second, third = clause.alternatives
    assert remove_filter_parts(question, [first]) == Question(text="a", clauses=((RETURNING, SERVING_GEORGIA),))
    assert remove_filter_parts(question, [first, second]) == Question(text="a", regions=SERVING_GEORGIA.regions)
    assert remove_filter_parts(question, [third]) == Question(text="a", clauses=((REENTRY, RETURNING),))
    assert remove_filter_parts(question, [first, second, third]) == Question(text="a")


def test_one_of_several_values_of_an_alternative_can_be_removed() -> None:
    question = Question(clauses=((Filter(issue_areas=TermFilter(("health", "housing"))), RETURNING),))
    remaining = Question(clauses=((Filter(issue_areas=TermFilter(("health",))), RETURNING),))
    assert remove(question, "issueAreas", "housing") == remaining


def test_a_part_of_the_question_itself_is_removed_before_an_equal_alternative() -> None:
    clauses = ((REENTRY, RETURNING),)
    question = Question(issue_areas=REENTRY.issue_areas, clauses=clauses)
    assert remove(question, "issueAreas", "reentry") == Question(clauses=clauses)


def test_removing_the_only_origin_removes_the_order_by_distance() -> None:
    circle = Filter(near=resolve_near("Atlanta", 80.4672))
    question = Question(clauses=((circle, SERVING_GEORGIA),), order=SortOrder(OrderField.DISTANCE))
    (clause, _) = list_filter_parts(question)
    assert remove_filter_parts(question, [clause]) == Question()
    assert remove_filter_parts(question, clause.alternatives[:1]) == Question(regions=SERVING_GEORGIA.regions)
    outer = replace(question, near=resolve_near("Atlanta"))
    assert remove_filter_parts(outer, [clause]).order == SortOrder(OrderField.DISTANCE)


def test_without_a_status_in_its_clauses_the_question_means_members_again() -> None:
    lapsed = Filter(membership=(MembershipStatus.LAPSED,))
    question = Question(clauses=((REENTRY, lapsed),))
    (clause,) = list_filter_parts(question)
    assert remove_filter_parts(question, [clause]) == Question()
    assert remove(question, "membership", "LAPSED") == Question(issue_areas=REENTRY.issue_areas)
    explicit = replace(question, membership=(MembershipStatus.ACTIVE,))
    assert list_texts(list_filter_parts(explicit))[0] == ("membership", "ACTIVE")
    assert remove(explicit, "membership", "ACTIVE") == question


@given(questions())
def test_removing_all_parts_leaves_an_empty_question(question: Question) -> None:
    parts = list_filter_parts(question)
    assert remove_filter_parts(question, parts) == (Question() if parts else question)


@given(questions(), st.data())
def test_removing_a_clause_keeps_the_others(question: Question, data: st.DataObject) -> None:
    removable = [part for part in list_filter_parts(question) if part.field == "any"]
    if removable:
        removed = data.draw(st.sampled_from(removable))
        smaller = remove_filter_parts(question, [removed])
        assert len(smaller.clauses) == len(question.clauses) - 1
        assert set(list_filter_parts(smaller)) - set(list_filter_parts(question)) <= {FilterPart("membership", "ACTIVE")}
