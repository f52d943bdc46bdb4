from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.filters.query_strings import format_query_string, parse_query_string
from web.pages.search.search_addresses import SearchAddresses
from web.pages.search.search_form import MAX_SEARCH_PAIRS, SearchForm, format_pairs, settle_origin


def test_the_parameters_of_the_page_are_apart_from_those_of_the_search() -> None:
    form = SearchForm.read([("words", " evictions "), ("issue", "housing"), ("after", "x"), ("unit", "km"), ("kind", "")])
    assert form == SearchForm("evictions", (("issue", "housing"),), after="x", unit="km")
    assert form.build_variables() == {"words": "evictions", "search": "issue=housing", "first": 20, "after": "x"}


def test_the_last_of_repeated_page_parameters_counts_and_an_unknown_unit_is_miles() -> None:
    form = SearchForm.read([("words", "a"), ("words", "b"), ("unit", "furlong"), ("after", "x"), ("after", "x")])
    assert form == SearchForm("b", after="x", leftovers=(("words", "a"), ("unit", "furlong")))


def test_a_search_of_the_api_can_be_one_parameter() -> None:
    form = SearchForm.read([("search", "issue=housing&region=US-GA&words=rent"), ("order", "NAME")])
    assert form == SearchForm("rent", (("issue", "housing"), ("region", "US-GA"), ("order", "NAME")))


@pytest.mark.parametrize(
    "values", [["issue=a", "issue=b"], ["no pairs"], ["issue=a&" * (MAX_SEARCH_PAIRS + 1)], ["search=issue=a"]], ids=len
)
def test_what_is_not_one_search_is_left_for_the_page_to_refuse(values: list[str]) -> None:
    form = SearchForm.read([("search", value) for value in values])
    assert form.pairs
    assert {key for key, _ in form.pairs} == {"search"}


def test_a_list_is_read_backward_for_before() -> None:
    assert SearchForm(before="y").build_variables() == {"words": None, "search": None, "last": 20, "before": "y"}


@pytest.mark.parametrize("parameters", [[], [("words", " ")], [("issue", "")], [("after", "x")], [("unit", "km")]], ids=str)
def test_nothing_is_searched_for(parameters: list[tuple[str, str]]) -> None:
    assert SearchForm.read(parameters).is_empty


def test_what_is_invalid_is_left_out_together_with_the_cursor() -> None:
    form = SearchForm("words", (("issue", "a"), ("issue", "b")), after="x", unit="km")
    assert form.without([("issue", "a")]) == SearchForm("words", (("issue", "b"),), unit="km")
    assert form.without([("words", "words")]) == SearchForm("", form.pairs, unit="km")


def test_an_origin_is_checked_together_with_its_radius() -> None:
    form = SearchForm("w", (("near", "Atlanta"), ("issue", "a"), ("radius", "80"), ("issue", "a")))
    assert list(form.iter_parts()) == [(("words", "w"),), (("issue", "a"),), (("near", "Atlanta"), ("radius", "80"))]


def test_a_key_that_can_have_one_value_is_checked_with_all_its_values() -> None:
    form = SearchForm(pairs=(("q", "a"), ("issue", "a"), ("q", "a"), ("issue", "b")))
    assert list(form.iter_parts()) == [(("issue", "a"),), (("issue", "b"),), (("q", "a"), ("q", "a"))]


def test_a_value_is_chosen_instead_of_all_others_or_added_or_dropped() -> None:
    addresses = SearchAddresses("issue=housing&order=NAME")
    assert addresses.choose("issue", "tenants") == "order=NAME&issue=tenants"
    assert addresses.add("issue", "tenants") == "issue=housing&order=NAME&issue=tenants"
    assert addresses.add("order", "FOUNDED") == "issue=housing&order=FOUNDED"
    assert addresses.drop("issue") == "order=NAME"


def test_the_unit_stays() -> None:
    addresses = SearchAddresses("issue=housing", "km")
    assert addresses.format("") == "unit=km"
    assert addresses.drop("issue") == "unit=km"
    assert ("unit", "km") in addresses.list_pairs_without("issue")


def test_an_optional_word_can_be_required() -> None:
    assert SearchAddresses("q=tenants&optional=childcare&optional=food&issue=x").require("food") == "issue=x&q=tenants+food"


def test_a_radius_is_recognized() -> None:
    assert SearchAddresses("near=1,1&radius=80.4672").has_radius(80.467)
    assert not SearchAddresses("near=1,1&radius=80.4672").has_radius(100)
    assert not SearchAddresses("near=1,1").has_radius(1)


@pytest.mark.parametrize(
    "search",
    ["any=issue=reentry|community=formerly-incarcerated-people&order=NAME", "q=%C3%B1+%26+%22a+b%22&region=US-AL&region=US-GA"],
)
def test_the_form_of_the_api_survives(search: str) -> None:
    addresses = SearchAddresses(search)
    assert format_query_string(parse_query_string(format_pairs(addresses.pairs))) == search


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_any_pairs_can_be_read_back(pairs: list[tuple[str, str]]) -> None:
    assert parse_qsl(format_pairs(pairs), keep_blank_values=True) == pairs


ATLANTA = ("any", "near=city:US-GA:atlanta&radius=80.4672|region=US-GA-121&by=SERVING")


@pytest.mark.parametrize(
    ("pairs", "settled"),
    [
        ([("near", "A"), ("near", "B"), ("radius", "10")], (("near", "B"), ("radius", "10"))),
        ([("radius", "10"), ("near", "A"), ("radius", "20")], (("near", "A"), ("radius", "20"))),
        ([ATLANTA, ("issue", "x")], (ATLANTA, ("issue", "x"))),
        ([ATLANTA, ("near", "Boston")], (("near", "Boston"),)),
        ([ATLANTA, ("radius", "40")], (("near", "city:US-GA:atlanta"), ("radius", "40"))),
        ([("any", "issue=x|issue=y"), ("radius", "40")], (("any", "issue=x|issue=y"), ("radius", "40"))),
        ([("any", "|||near=|=&"), ("near", "A")], (("any", "|||near=|=&"), ("near", "A"))),
    ],
)
def test_a_search_has_one_origin(pairs: list[tuple[str, str]], settled: tuple[tuple[str, str], ...]) -> None:
    assert settle_origin(pairs) == settled


@pytest.mark.parametrize(
    ("search", "has_origin"),
    [
        ("near=1,1", True),
        ("any=near=1,1%26radius=80|region=US-GA", True),
        ("any=issue=near", False),
        ("q=near", False),
        ("", False),
    ],
)
def test_an_origin_is_recognized(search: str, has_origin: bool) -> None:
    assert SearchAddresses(search).has_origin is has_origin
