"""Requests for plans, and their one-line form."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import BadInput, TooComplex, UnknownRegion, UnknownTerm
from directory.partners.plans.request import PlanRequest, format_plan_line, parse_plan_line
from directory.question import Nationwide, OrderField, Page, Question, RegionMatch, SortOrder, TermFilter
from directory.vocabulary.regions import REGIONS, RegionKind
from directory.vocabulary.terms import ISSUE_AREAS

KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20)
FILTERS = st.sampled_from(
    [Question(), Question(text="légal & aid"), Question(communities=TermFilter(("women",))), Question(verification_due=False)]
)
STATES = [region.code for region in REGIONS.list_of_kind(RegionKind.STATE)]


def a_request(**fields: Any) -> PlanRequest:
    return PlanRequest(**{"issue_areas": ("housing",), "regions": ("US-GA",), **fields})


@st.composite
def requests(draw: st.DrawFn) -> PlanRequest:
    include, exclude = draw(st.sets(KEYS, max_size=4)), draw(st.sets(KEYS, max_size=4))
    return PlanRequest(
        issue_areas=tuple(draw(st.sets(st.sampled_from(list(ISSUE_AREAS.terms)), min_size=1, max_size=5))),
        regions=tuple(draw(st.sets(st.sampled_from(STATES), min_size=1, max_size=5))),
        by=draw(st.sampled_from(RegionMatch)),
        nationwide=draw(st.sampled_from(Nationwide)),
        include=tuple(include),
        exclude=tuple(exclude - include),
        max_size=draw(st.none() | st.integers(4, 100)),
        per_cell=draw(st.integers(1, 5)),
        filter=draw(FILTERS),
    )


@given(requests())
def test_a_line_stands_for_one_request(request: PlanRequest) -> None:
    line = format_plan_line(request)
    assert parse_plan_line(line) == request
    assert parse_plan_line("?" + line) == request
    assert format_plan_line(parse_plan_line(line)) == line


def test_a_line_has_short_keys_in_a_fixed_order_without_defaults() -> None:
    assert format_plan_line(a_request()) == "issue=housing&region=US-GA"
    full = a_request(
        issue_areas=("immigration", "housing", "housing"),
        by=RegionMatch.LOCATED,
        nationwide=Nationwide.ONLY,
        include=("b", "a"),
        exclude=("c",),
        max_size=4,
        per_cell=2,
        filter=Question(text="legal aid"),
    )
    expected = (
        "issue=housing&issue=immigration&region=US-GA&by=LOCATED&nationwide=ONLY&include=a&include=b&exclude=c&max=4&per=2"
        "&filter=q%3Dlegal%2Baid"
    )
    assert format_plan_line(full) == expected


def test_the_order_and_page_of_the_filter_are_ignored() -> None:
    question = Question(order=SortOrder(OrderField.NAME), page=Page(first=3))
    assert a_request(filter=question) == a_request()


REFUSALS: list[tuple[dict[str, Any], type[BadInput], str]] = [
    ({"issue_areas": ("hosing",)}, UnknownTerm, "no issue area"),
    ({"regions": ("GAA",)}, UnknownRegion, "no region"),
    ({"issue_areas": ()}, BadInput, "at least one issue area"),
    ({"regions": ()}, BadInput, "at least one"),
    ({"issue_areas": tuple(list(ISSUE_AREAS.terms)[:20]), "regions": tuple(STATES[:21])}, TooComplex, "420 combinations"),
    ({"issue_areas": ("housing",) * 21}, BadInput, "at most 20"),
    ({"regions": ("US-GA",) * 61}, BadInput, "at most 60"),
    ({"include": tuple(map(str, range(51)))}, BadInput, "at most 50"),
    ({"exclude": tuple(map(str, range(51)))}, BadInput, "at most 50"),
    ({"include": ("a b",)}, BadInput, "neither"),
    ({"exclude": ("",)}, BadInput, "neither"),
    ({"include": ("a",), "exclude": ("a",)}, BadInput, "both included and excluded"),
    ({"include": ("a", "b"), "max_size": 1}, BadInput, "2 members are included"),
    ({"max_size": 0}, BadInput, "from 1 to 100"),
    ({"max_size": 101}, BadInput, "from 1 to 100"),
    ({"per_cell": 0}, BadInput, "from 1 to 5"),
    ({"per_cell": 6}, BadInput, "from 1 to 5"),
]


@pytest.mark.parametrize(("fields", "error", "text"), REFUSALS)
def test_an_invalid_request_is_refused(fields: dict[str, Any], error: type[BadInput], text: str) -> None:
    with pytest.raises(error, match=text):
        a_request(**fields)


LINES = [
    ("", "at least one"),
    ("issue", "key=value"),
    ("issue=housing&region=US-GA&foo=1", 'no parameter "foo"'),
    ("issue=housing&region=US-GA&max=1&max=2", "only once"),
    ("issue=housing&region=US-GA&max=many", "whole number"),
    ("issue=housing&region=US-GA&max=99999999999999999999", "whole number"),
    ("issue=housing&region=US-GA&by=NEAR", "Use one of LOCATED"),
    ("issue=housing&region=US-GA&nationwide=maybe", "Use one of INCLUDE"),
    ("issue=housing&region=US-GA&filter=foo%3D1", "no search parameter"),
    ("issue=housing&region=%ff", "key=value"),
    ("x" * 8_001, "8,000 characters"),
]


@pytest.mark.parametrize(("line", "text"), LINES)
def test_an_invalid_line_is_refused(line: str, text: str) -> None:
    with pytest.raises(BadInput, match=text):
        parse_plan_line(line)


def test_empty_values_of_a_line_are_ignored() -> None:
    assert parse_plan_line("issue=housing&region=US-GA&max=&include=") == a_request()
