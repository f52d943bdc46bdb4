"""The normal form of filters. What they match is tested with the search."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.errors import BadInput
from directory.geo import Point
from directory.question import (
    MAX_IDS,
    Clause,
    Filter,
    Near,
    Question,
    RegionFilter,
    RegionMatch,
    TermFilter,
    YearRange,
)
from directory.records import MembershipStatus, OrganizationKind
from tests.directory.filters.generated_filters import questions

UNION, ARTS = OrganizationKind.UNION, OrganizationKind.ARTS


def issues(*slugs: str, **settings: Any) -> Filter:
    return Filter(issue_areas=TermFilter(slugs, **settings))


def regions(*codes: str, **settings: Any) -> Filter:
    return Filter(regions=RegionFilter(codes, **settings))


WOMEN = Filter(communities=TermFilter(("women",)))
HOUSING, HEALTH = issues("housing"), issues("health")


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ([(HOUSING, HEALTH)], issues("health", "housing")),
        ([(HOUSING, HOUSING)], HOUSING),
        ([(HOUSING,), (HOUSING,)], HOUSING),
        ([(HOUSING,), (WOMEN,)], replace(HOUSING, communities=TermFilter(("women",)))),
        ([(Filter(kinds=(UNION,)), Filter(kinds=(ARTS,)))], Filter(kinds=(UNION, ARTS))),
        ([(regions("US-GA"), regions("US-AL"))], regions("US-GA", "US-AL")),
        ([(issues("housing", narrower=False), issues("health", narrower=False))], issues("housing", "health", narrower=False)),
        ([(Filter(excluded_kinds=(UNION,)),), (Filter(excluded_kinds=(ARTS,)),)], Filter(excluded_kinds=(UNION, ARTS))),
        ([(Filter(issue_areas=TermFilter(none_of=("health",))),), (HOUSING,)], issues("housing", none_of=("health",))),
        ([(), (HOUSING,)], HOUSING),
        ([(Filter(),)], Filter()),
        ([(Filter(clauses=((HOUSING, WOMEN),)),)], Filter(clauses=((HOUSING, WOMEN),))),
        ([(Filter(clauses=((HOUSING, WOMEN),)), HEALTH)], Filter(clauses=((HEALTH, HOUSING, WOMEN),))),
        ([(Filter(near=Near(Point(1, 2))),)], Filter(near=Near(Point(1, 2)))),
        ([(Filter(issue_areas=TermFilter(narrower=False), kinds=(UNION,)),)], Filter(kinds=(UNION,))),
    ],
)
def test_a_clause_that_needs_no_alternatives_becomes_fields(clauses: list[Clause], expected: Filter) -> None:
    assert Filter(clauses=tuple(clauses)) == expected
    assert Filter(clauses=tuple(reversed(clauses))) == expected


@pytest.mark.parametrize(
    "clauses",
    [
        [(HOUSING, WOMEN)],
        [(HOUSING, issues("health", narrower=False))],
        [(regions("US-GA"), regions("US-AL", by=RegionMatch.LOCATED))],
        [(HOUSING, Filter(kinds=(UNION,), membership=(MembershipStatus.LAPSED,)))],
        [(HOUSING, Filter(clauses=((HEALTH, WOMEN), (HOUSING, Filter(kinds=(UNION,))))))],
    ],
)
def test_other_clauses_stay_in_any_order(clauses: list[Clause]) -> None:
    one, other = Filter(clauses=tuple(clauses)), Filter(clauses=tuple(tuple(reversed(clause)) for clause in clauses * 2))
    assert len(one.clauses) == 1
    assert (one, hash(one)) == (other, hash(other))
    assert Question(clauses=one.clauses).fingerprint == Question(clauses=other.clauses).fingerprint


def test_a_field_that_is_taken_stays_and_the_rest_moves() -> None:
    both = Filter(issue_areas=TermFilter(("housing",)), kinds=(UNION,))
    question = Filter(issue_areas=TermFilter(("health",)), clauses=((both,),))
    assert (question.kinds, question.clauses) == ((UNION,), ((HOUSING,),))
    assert Filter(issue_areas=TermFilter(("housing",)), clauses=((both,),)) == both


def test_choices_come_before_each_other_by_field_and_an_origin_first() -> None:
    circle, serving = Filter(near=Near(Point(1, 2), 5)), regions("US-GA", by=RegionMatch.SERVING)
    assert Filter(clauses=((serving, circle),)).clauses == ((circle, serving),)
    assert Filter(clauses=((WOMEN, HOUSING),)).clauses == ((HOUSING, WOMEN),)


@given(questions())
def test_the_normal_form_of_a_normal_form_is_the_same(question: Question) -> None:
    assert replace(question) == question


@given(questions(), st.randoms())
def test_the_order_of_clauses_and_alternatives_does_not_matter(question: Question, rng: Any) -> None:
    clauses = [list(clause) for clause in question.clauses]
    for clause in (clauses, *clauses):
        rng.shuffle(clause)
    assert replace(question, clauses=tuple(map(tuple, clauses))) == question


@pytest.mark.parametrize(
    "fields",
    [
        {"ids": tuple(map(str, range(MAX_IDS + 1)))},
        {"ids": ("",)},
        {"ids": ("\ud800",)},
        {"parent": "a b"},
        {"parent": "x" * 101},
        {"updated_since": dt.datetime(2026, 1, 1)},  # noqa: DTZ001
        {"updated_since": dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=1)))},
        {"clauses": ((HOUSING, Filter()),)},
        {"clauses": ((HOUSING, Filter(near=Near(Point(1, 2)))),)},
    ],
)
def test_a_filter_that_is_not_valid_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        Filter(**fields)


@pytest.mark.parametrize("years", [(0, None), (None, 10_000), (2000, 1990), (-5, 5)])
def test_years_that_are_not_valid_are_refused(years: tuple[int | None, int | None]) -> None:
    with pytest.raises(BadInput):
        YearRange(*years)


def test_deeper_clauses_are_refused() -> None:
    inner = Filter(kinds=(UNION,), clauses=((HOUSING, WOMEN),))
    assert Question(clauses=((HEALTH, inner),)).nesting == 2
    outer = Filter(kinds=(ARTS,), clauses=((HEALTH, inner),))
    assert Question(clauses=((outer,),)).nesting == 2  # a clause with a single alternative is none
    with pytest.raises(BadInput, match="2 levels"):
        Question(clauses=((HOUSING, outer),))


def test_a_moment_is_the_same_in_every_time_zone() -> None:
    utc = dt.datetime(2026, 1, 1, 17, tzinfo=dt.UTC)
    there = utc.astimezone(dt.timezone(dt.timedelta(hours=-5)))
    assert Question(updated_since=utc).fingerprint == Question(updated_since=there).fingerprint
