from collections.abc import Callable, Mapping

import pytest

from directory.filters.origins import resolve_near
from directory.filters.query_strings import format_query_string, parse_query_string
from directory.question import Question
from directory.records import OrganizationKind
from directory.search.relaxations import (
    DROP_TRIAL_LIMIT,
    RELAXATION_LIMIT,
    SINGLE_PART_TRIAL_LIMIT,
    TRIAL_LIMIT,
    WORD_DROP_LIMIT,
    find_relaxations,
)
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

EVERYBODY = "membership=ACTIVE&membership=LAPSED&membership=NONE&membership=PROSPECT"


class FakeCounter:
    """Returns a known count for some query strings and 0 for others, and records all questions."""

    def __init__(self, known_counts: Mapping[str, int]) -> None:
        self.known_counts, self.tried = known_counts, list[str]()

    def __call__(self, question: Question) -> int:
        self.tried.append(format_query_string(question))
        return self.known_counts.get(format_query_string(question), 0)


def relax(address: str, known_counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [
        (format_query_string(one.question), one.count)
        for one in find_relaxations(parse_query_string(address), FakeCounter(known_counts))
    ]


def test_nothing_helps() -> None:
    counting = FakeCounter({})
    assert find_relaxations(Question(), counting) == []
    assert counting.tried == [f"{EVERYBODY}"]
    assert relax("q=unicorns&issue=housing&region=US-GA", {}) == []


def test_the_question_itself_is_not_asked_again() -> None:
    counting = FakeCounter({})
    find_relaxations(parse_query_string("q=tenants&issue=housing&order=NAME"), counting)
    assert "q=tenants&issue=housing&order=NAME" not in counting.tried
    assert len(counting.tried) == len(set(counting.tried))


def test_dropping_one_part_comes_before_dropping_two_then_the_larger_count() -> None:
    found = relax(
        "q=unions&issue=housing&region=US-GA&kind=UNION",
        {"q=unions&issue=housing&kind=UNION": 2, "issue=housing&kind=UNION&region=US-GA": 3, "q=unions&region=US-GA": 900},
    )
    assert found == [
        ("issue=housing&kind=UNION&region=US-GA", 3),
        ("q=unions&issue=housing&kind=UNION", 2),
        ("q=unions&region=US-GA", 900),
    ]


def test_no_pair_contains_a_part_that_helps_alone() -> None:
    found = relax(
        "q=unions&issue=housing&region=US-GA", {"issue=housing&region=US-GA": 1, "issue=housing": 50, "region=US-GA": 60}
    )
    assert found == [("issue=housing&region=US-GA", 1)]


def test_regions_are_dropped_with_their_match_setting_which_is_also_dropped_alone() -> None:
    found = relax(
        "issue=housing&region=US-GA&region=US-AL&by=LOCATED", {"issue=housing": 7, "issue=housing&region=US-AL&region=US-GA": 4}
    )
    assert found == [("issue=housing&region=US-AL&region=US-GA", 4), ("issue=housing", 7)]


def test_alternative_values_are_dropped_together_and_required_ones_one_by_one() -> None:
    counting = FakeCounter({})
    find_relaxations(parse_query_string("issue=housing&issue=policing&issue.all=immigration&issue.all=workers"), counting)
    assert "issue=policing&issue.all=immigration&issue.all=workers" not in counting.tried
    assert "issue.all=immigration&issue.all=workers" in counting.tried
    assert "issue=housing&issue=policing&issue.all=workers" in counting.tried


def test_a_text_of_several_words_is_relaxed_word_by_word_first() -> None:
    found = relax('q=tenant+unicorns+"right+to+counsel"', {"q=tenant+%22right+to+counsel%22": 4, "": 90})
    assert found == [("q=tenant+%22right+to+counsel%22", 4), ("", 90)]


def test_an_origin_without_a_radius_excludes_nothing_and_is_not_dropped() -> None:
    found = relax("issue=housing&kind=UNION&near=33.75,-84.39", {"issue=housing&near=33.75,-84.39": 2})
    assert found == [("issue=housing&near=33.75,-84.39", 2)]
    assert relax("issue=housing&near=33.75,-84.39&radius=5&order=DISTANCE", {"issue=housing": 3}) == [("issue=housing", 3)]


def test_all_parts_but_one_are_dropped_if_no_pair_helps() -> None:
    found = relax("q=unions&issue=housing&region=US-GA&kind=UNION", {"q=unions": 3, "issue=housing": 9})
    assert found == [("issue=housing", 9), ("q=unions", 3)]


def test_dropped_and_remaining_parts_make_up_the_question() -> None:
    question = Question(text="unions", kinds=(OrganizationKind.UNION,), near=resolve_near("Atlanta", 10))
    (found,) = find_relaxations(question, FakeCounter({"kind=UNION": 1}))
    assert [part.label() for part in found.without] == ["“unions”", "within 10 km of Atlanta, GA"]
    assert found.question == Question(kinds=(OrganizationKind.UNION,))


def test_all_organizations_are_an_alternative_to_members_only() -> None:
    (found,) = find_relaxations(parse_query_string("q=network"), FakeCounter({f"q=network&{EVERYBODY}": 1}))
    assert [part.label() for part in found.without] == ["Members"]
    assert {part.field for part in found.instead} == {"membership"}
    assert relax("q=network&membership=PROSPECT", {f"q=network&{EVERYBODY}": 1}) == []


def test_alternatives_come_before_smaller_questions() -> None:
    found = relax("q=network", {f"q=network&{EVERYBODY}": 1, "": 900})
    assert found == [(f"q=network&{EVERYBODY}", 1), ("", 900)]


@pytest.mark.parametrize(("code", "state"), [("GA", "US-GA"), ("IL", "US-IL"), ("CA", "US-CA")])
def test_a_country_code_may_be_meant_as_a_state_abbreviation(code: str, state: str) -> None:
    question = parse_query_string(f"issue=housing&region={code}&region=MX&by=LOCATED")
    (found,) = find_relaxations(question, FakeCounter({f"issue=housing&region=MX&region={state}&by=LOCATED": 4}))
    assert [part.value for part in (*found.without, *found.instead)] == [code, state]
    assert relax("region=FR", {"region=US-GA": 4}) == []


def test_a_dropped_term_is_labelled_without_a_plus() -> None:
    found = find_relaxations(parse_query_string("issue.all=housing&issue.all=women"), FakeCounter({"issue.all=housing": 1}))
    assert [part.label() for part in found[0].without] == ["Women's rights and gender"]


def count_trials(count: int, parts: int) -> tuple[int, int]:
    """Return how many questions are tried for one with this many parts, if each finds `count`, and how many are returned."""
    tried = list[Question]()

    def counting(question: Question) -> int:
        tried.append(question)
        return count

    terms = [f"issue.all={term.slug}" for term in ISSUE_AREAS if not term.broader]
    codes = [f"region.not={region.code}" for region in REGIONS.list_of_kind(RegionKind.STATE)]
    found = find_relaxations(parse_query_string("&".join((terms + codes)[:parts])), counting)
    return len(tried), len(found)


@pytest.mark.parametrize(
    ("parts", "tried"),
    [
        (1, 1 + 1),  # all organizations instead of members, and without the part
        (5, 1 + 5 + 10 + 5),  # then one by one, in pairs, and all but one
        (9, 1 + 9 + (DROP_TRIAL_LIMIT - 9) + SINGLE_PART_TRIAL_LIMIT),  # not all of its 36 pairs
        (44, 1 + DROP_TRIAL_LIMIT + SINGLE_PART_TRIAL_LIMIT),
    ],
)
def test_how_many_questions_are_tried_is_bounded(parts: int, tried: int) -> None:
    assert count_trials(0, parts) == (tried, 0)
    assert tried <= TRIAL_LIMIT


@pytest.mark.parametrize(("parts", "tried"), [(6, 1 + 6), (44, 1 + DROP_TRIAL_LIMIT)])
def test_nothing_else_is_tried_if_dropping_one_part_helps_often_enough(parts: int, tried: int) -> None:
    assert count_trials(1, parts) == (tried, RELAXATION_LIMIT)


@pytest.mark.parametrize("count", [lambda _: 0, lambda _: 1])
def test_the_largest_question_tries_no_more(count: Callable[[Question], int]) -> None:
    tried = []

    def counting(question: Question) -> int:
        tried.append(question)
        return count(question)

    issues = "&".join(f"issue.all={term.slug}" for term in ISSUE_AREAS)
    regions = "&".join(f"region.not={region.code}" for region in list(REGIONS)[:300])
    text = "+".join(f"word{number}" for number in range(60))
    found = find_relaxations(
        parse_query_string(f"q={text}&{issues}&{regions}&kind=UNION&by=LOCATED&located=true&near=Atlanta&radius=5&region=GA"),
        counting,
    )
    assert len(tried) <= TRIAL_LIMIT
    assert len(found) == (RELAXATION_LIMIT if count(Question()) else 0)


@pytest.mark.parametrize(("words", "alone"), [(WORD_DROP_LIMIT, True), (WORD_DROP_LIMIT + 1, False)])
def test_a_long_text_is_dropped_as_a_whole_only(words: int, alone: bool) -> None:
    counting = FakeCounter({})
    find_relaxations(parse_query_string("q=" + "+".join(f"word{number}" for number in range(words))), counting)
    assert "" in counting.tried
    assert any("word1" in tried and "word0" not in tried for tried in counting.tried) == alone


def test_labels_of_what_is_replaced_stand_alone() -> None:
    """A chip says "also Homelessness" after another theme; "Housing instead of also Homelessness" is not a sentence."""
    question = parse_query_string("issue.all=homelessness&issue.all=reentry")
    relaxations = find_relaxations(question, lambda _: 1)
    labels = [part.label() for one in relaxations for part in (*one.without, *one.instead)]
    assert {"Homelessness", "Reentry and records", "Housing"} <= set(labels)
    assert not [label for label in labels if label.startswith("also ")]
