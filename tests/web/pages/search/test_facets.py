from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from web.pages.search.facets import SHOWN, Choice, build_facets

EMPTY: dict[str, Any] = {"communities": [], "workAreas": [], "languages": [], "kinds": []}
TERMS: list[dict[str, Any]] = [
    {"slug": "rights", "broader": []},
    {"slug": "housing", "broader": [{"slug": "rights"}]},
    {"slug": "tenants", "broader": [{"slug": "housing"}]},
    {"slug": "migration", "broader": []},
]


def a_count(value: str, count: int = 1, selected: bool = False) -> dict[str, Any]:
    return {"value": value, "label": value.title(), "count": count, "selected": selected}


def walk(choices: tuple[Choice, ...]) -> Iterator[Choice]:
    for choice in choices:
        yield choice
        yield from walk(choice.narrower)


def test_issue_areas_are_a_tree_with_the_most_frequent_first() -> None:
    counts = [a_count("rights", 3), a_count("tenants"), a_count("migration", 5), a_count("housing", 2)]
    (facet,) = build_facets({"issueAreas": counts, **EMPTY}, TERMS)
    assert [choice.value for choice in facet.choices] == ["migration", "rights"]
    assert [choice.value for choice in walk(facet.choices)] == ["migration", "rights", "housing", "tenants"]


def test_a_term_whose_broader_one_has_no_count_is_at_the_top() -> None:
    (facet,) = build_facets({"issueAreas": [a_count("tenants")], **EMPTY}, TERMS)
    assert [choice.value for choice in facet.choices] == ["tenants"]


def test_the_tree_is_open_down_to_what_is_selected() -> None:
    counts = [a_count("rights"), a_count("housing"), a_count("tenants", selected=True), a_count("migration")]
    (facet,) = build_facets({"issueAreas": counts, **EMPTY}, TERMS)
    is_open = {choice.value: choice.is_open for choice in walk(facet.choices)}
    assert is_open == {"rights": True, "housing": True, "tenants": False, "migration": False}


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_a_long_facet_shows_the_first_values_and_all_that_are_selected(selected: list[bool]) -> None:
    counts = [a_count(f"c{number}", 1, each) for number, each in enumerate(selected)]
    (facet,) = build_facets({"issueAreas": [], **EMPTY, "communities": counts}, TERMS)
    shown, others = [choice.value for choice in facet.choices], [choice.value for choice in facet.others]
    assert sorted(shown + others) == sorted(count["value"] for count in counts)
    assert shown[: min(SHOWN, len(counts))] == [count["value"] for count in counts[:SHOWN]]
    assert not any(choice.selected for choice in facet.others)


def test_a_facet_without_values_is_left_out() -> None:
    assert build_facets({"issueAreas": [], **EMPTY}, TERMS) == []
