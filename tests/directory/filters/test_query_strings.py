import datetime as dt
import timeit
from collections.abc import Callable

import pytest
from hypothesis import given
from msgspec.structs import replace

from directory.errors import AmbiguousPlace, BadInput, UnknownPlace, UnknownRegion, UnknownTerm
from directory.filters.filter_parts import list_filter_parts
from directory.filters.origins import resolve_near
from directory.filters.query_strings import MAX_LENGTH, format_query_string, parse_query_string
from directory.geo import Point
from directory.question import (
    MAX_IDS,
    MAX_NESTING,
    Clause,
    Filter,
    Nationwide,
    Near,
    OrderField,
    Page,
    Question,
    RegionFilter,
    RegionMatch,
    SortOrder,
    TermFilter,
    YearRange,
)
from directory.records import OrganizationKind
from tests.builders import an_id
from tests.directory.filters.generated_filters import list_typical_questions, questions

HOUSING_NEAR_ATLANTA = Question(
    text='eviction "right to counsel"',
    issue_areas=TermFilter(any_of=("housing",), none_of=("policing",)),
    regions=RegionFilter(("US-GA",), by=RegionMatch.SERVING, nationwide=Nationwide.EXCLUDE),
    near=resolve_near("Atlanta", 80.4672),
    order=SortOrder(OrderField.DISTANCE),
)
ORGANIZATION = "organization:6f1c2f0e-5a57-4a0e-9d5e-000000000001"


def find_origin(id: str) -> tuple[Point, str] | None:
    return (Point(33.7, -84.4), "Somebody") if ORGANIZATION.endswith(id) else None


# ---------------------------------------------------------------- query strings


def test_an_empty_question_has_no_parts_and_an_empty_query_string() -> None:
    assert list_filter_parts(Question()) == ()
    assert format_query_string(Question()) == ""
    assert parse_query_string("") == parse_query_string("?") == Question()


def test_a_query_string_is_readable() -> None:
    assert format_query_string(HOUSING_NEAR_ATLANTA) == (
        "q=eviction+%22right+to+counsel%22&issue=housing&issue.not=policing&region=US-GA&by=SERVING&nationwide=EXCLUDE"
        "&near=city:US-GA:atlanta&radius=80.4672&order=DISTANCE"
    )


def test_keys_may_come_in_any_order_and_empty_ones_are_ignored() -> None:
    question = parse_query_string("?region=US-GA&kind=&q=+a%20b++&near=&radius=&issue=housing&located=")
    assert question == Question(text="a b", issue_areas=TermFilter(("housing",)), regions=RegionFilter(("US-GA",)))


@pytest.mark.parametrize(
    "query_string",
    [
        "colour=red",
        "query=tenants",
        "colour=",
        "tenants",
        "q=%ff",
        "q=a&q=b",
        "by=SERVING&by=LOCATED",
        "kind=worker_center",
        "kind=CLUB",
        "located=maybe",
        "verified=20250131",
        "joined=2025-02-30",
        "within=1,2,3",
        "within=1,2,3,nan",
        "within=5,0,4,1",
        "radius=5",
        "near=33.7,-84.4&radius=1_0",
        "near=33.7,-84.4&radius=0",
        "near=33.7,-84.4&radius=-1",
        "near=33.7,-84.4&radius=1e5",
        "near=133,0",
        "near=33.7,-84.4&near=1,1",
        "order=SIZE",
        "order=DISTANCE",
        "issue.narrower=no",
    ],
)
def test_an_invalid_query_string_is_refused(query_string: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_query_string(query_string)
    assert type(refusal.value) is BadInput


@pytest.mark.parametrize(
    ("query_string", "error"),
    [
        ("issue=housin", UnknownTerm),
        ("language=xx", UnknownTerm),
        ("region=US-ZZ", UnknownRegion),
        ("region.not=Georgia", UnknownRegion),
        ("near=city:US-GA:nowhere", UnknownPlace),
        ("near=Springfield", AmbiguousPlace),
        (f"near={ORGANIZATION}", UnknownPlace),
    ],
)
def test_unknown_values_are_refused(query_string: str, error: type[BadInput]) -> None:
    with pytest.raises(error):
        parse_query_string(query_string)


def test_an_organization_can_be_an_origin() -> None:
    question = parse_query_string(f"near={ORGANIZATION}&radius=10", find_origin)
    assert question.near == Near(Point(33.7, -84.4), 10, ORGANIZATION, "Somebody")
    assert format_query_string(question) == f"near={ORGANIZATION}&radius=10"
    with pytest.raises(UnknownPlace):
        parse_query_string("near=organization:another", find_origin)


def test_a_near_without_a_reference_is_formatted_as_coordinates() -> None:
    assert format_query_string(Question(near=Near(Point(33.750001, -84.39), 5.0))) == "near=33.75,-84.39&radius=5"


@given(questions())
def test_parsing_reverses_formatting(question: Question) -> None:
    assert parse_query_string(format_query_string(question)) == replace(question, page=Page())


INTERESTING_CASES: dict[str, Callable[[Question], bool]] = {
    "three alternatives": lambda question: any(len(clause) > 2 for clause in question.clauses),
    "nested clauses": lambda question: question.nesting == MAX_NESTING,
    "an origin in an alternative only": lambda question: question.near is None and question.origin is not None,
    "a status in an alternative only": lambda question: not question.membership,
    "a status there too": lambda question: bool(question.membership) and question.names_membership_in_clauses,
    "a clause that did not fit": lambda question: any(len(clause) == 1 for clause in question.clauses),
}


@pytest.mark.slow
def test_generated_questions_reach_the_interesting_cases() -> None:
    for name, is_reached in INTERESTING_CASES.items():
        assert any(map(is_reached, list_typical_questions())), name


# ---------------------------------------------------------------- clauses

SERVING = RegionMatch.SERVING
REENTRY, RETURNING = (
    Filter(issue_areas=TermFilter(("reentry",))),
    Filter(communities=TermFilter(("formerly-incarcerated-people",))),
)
ATLANTA, SERVING_GEORGIA = Filter(near=resolve_near("Atlanta", 80.4672)), Filter(regions=RegionFilter(("US-GA",), by=SERVING))


@pytest.mark.parametrize(
    ("clauses", "query_string"),
    [
        (((REENTRY, RETURNING),), "any=issue=reentry|community=formerly-incarcerated-people"),
        (((SERVING_GEORGIA, ATLANTA),), "any=near=city:US-GA:atlanta%26radius=80.4672|region=US-GA%26by=SERVING"),
        (
            ((Filter(clauses=((REENTRY, RETURNING),), kinds=(OrganizationKind.UNION,)), SERVING_GEORGIA),),
            "any=kind=UNION%26any=issue=reentry%257Ccommunity=formerly-incarcerated-people|region=US-GA%26by=SERVING",
        ),
        (((REENTRY, RETURNING), (RETURNING, ATLANTA)), None),
    ],
)
def test_a_clause_is_readable_where_possible(clauses: tuple[Clause, ...], query_string: str | None) -> None:
    question = Question(clauses=clauses)
    assert query_string in (None, format_query_string(question))
    assert parse_query_string(format_query_string(question)) == question
    assert parse_query_string("q=a&" + format_query_string(question)) == Question(text="a", clauses=clauses)


@pytest.mark.parametrize(
    ("query_string", "question"),
    [
        ("kind.not=FAITH_ORGANIZATION", Question(excluded_kinds=(OrganizationKind.FAITH_ORGANIZATION,))),
        ("founded=1990-2000", Question(founded=YearRange(1990, 2000))),
        ("founded=1990-", Question(founded=YearRange(1990))),
        ("founded=-2000", Question(founded=YearRange(last=2000))),
        ("founded=1990", Question(founded=YearRange(1990, 1990))),
        ("due=true", Question(verification_due=True)),
        ("updated=2026-01-31T12:00:00Z", Question(updated_since=dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC))),
        (f"parent={an_id('a')}", Question(parent=an_id("a"))),
        ("id=a&id=b", Question(ids=("b", "a"))),
        ("optional=else&optional=who", Question(optional_words=("who", "Else"))),
        ("any=issue=housing|issue=tenants&order=NAME", None),
        ("any=", Question()),
    ],
)
def test_other_keys(query_string: str, question: Question | None) -> None:
    if question is None:
        question = Question(issue_areas=TermFilter(("housing", "tenants")), order=SortOrder(OrderField.NAME))
        query_string, parsed = "issue=housing&issue=tenants&order=NAME", parse_query_string(query_string)
        assert parsed == question
    assert parse_query_string(query_string) == question
    assert format_query_string(question) == query_string.removesuffix("any=")


@pytest.mark.parametrize(
    "query_string",
    [
        "any=issue=housing|",
        "any=q=tenants|issue=housing",
        "any=order=NAME|issue=housing",
        "any=optional=a|issue=housing",
        "any=colour=red|issue=housing",
        "any=near=Atlanta|issue=housing",
        "any=near=Atlanta%26radius=5|near=Boston%26radius=5",
        "any=any=any=issue%3Dhousing|kind=ARTS",
        "founded=-",
        "founded=2000-1990",
        "founded=0-5",
        "founded=20000",
        "due=yes",
        "updated=2026-01-31",
        "updated=2026-01-31T12:00:00",
        "updated=0001-01-01T00:00:00%2B05:00",
        "parent=not+an+id",
        "id=%F0%9F%8F%A0",
        "&".join(f"id={number}" for number in range(MAX_IDS + 1)),
        "&".join(f"any=issue=housing%26kind=ARTS|community=women%26located=true%26verified=20{n:02}-01-01" for n in range(30)),
        "any=" + "|".join(f"issue=housing%26verified=20{number:02}-01-01" for number in range(60)),
        "q=" + "a" * MAX_LENGTH,
    ],
)
def test_a_clause_or_value_that_is_not_valid_is_refused(query_string: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_query_string(query_string)
    assert type(refusal.value) is BadInput


def test_parsing_takes_linear_time() -> None:
    def measure(count: int) -> float:
        text = "any=" + "|".join(["issue=housing%26kind=ARTS%26located=true%26region=US-GA"] * count)
        parse_query_string(text)
        return min(timeit.repeat(lambda: parse_query_string(text), number=1, repeat=5))

    assert measure(800) < 3 * 2 * measure(400)
