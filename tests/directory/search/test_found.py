"""The snapshot answers as the plainest reading of a question would, whatever is asked and however it came to be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.errors import BadCursor, BadInput
from directory.geo import Point
from directory.question import FACETS, Near, Order, OrderField, Page, Question, RegionFilter, TermFilter
from directory.records import Organization, OrganizationKind
from directory.regions import RegionKind
from directory.search.found import Found
from directory.search.index import Index
from tests.builders import a_location, an_organization
from tests.directory.search.plain import matches, ordered
from tests.directory.search.questions import Draw, directories, draws, questions


def pages(index: Index, question: Question, size: int, backward: bool = False) -> list[Organization]:
    """The whole list, page by page, in list order."""
    found: list[Organization] = []
    cursor: str | None = None
    while True:
        page = Page(last=size, before=cursor) if backward else Page(first=size, after=cursor)
        answer = Found(replace(question, page=page), index).page
        listed = [hit.organization for hit in answer.hits]
        found = listed + found if backward else found + listed
        if not (answer.has_previous if backward else answer.has_next):
            return found
        cursor = answer.hits[0 if backward else -1].cursor


def names(organizations: list[Organization]) -> list[tuple[str, str]]:
    return [(one.name, one.id) for one in organizations]


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(directories, questions())
def test_what_matches_and_in_which_order(directory: list[Organization], question: Question) -> None:
    index = Index.build(directory)
    expected = ordered(question, [one for one in directory if matches(question, one)])
    assert Found(question, index).total == len(expected)
    assert names(pages(index, question, 3)) == names(expected)
    assert names(pages(index, question, 4, backward=True)) == names(expected)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    directories,
    st.lists(st.tuples(st.lists(draws, max_size=3), st.sets(st.integers(0, 30), max_size=2)), max_size=5),
    questions(),
)
def test_an_index_that_followed_changes_answers_as_one_built_anew(
    directory: list[Organization], changes: list[tuple[list[Draw], set[int]]], question: Question
) -> None:
    index, kept = Index.build(directory), {one.id: one for one in directory}
    for come, gone in changes:
        coming = {draw.organization.id: draw.organization for draw in come}
        going = [identity for number, identity in enumerate(sorted(kept)) if number in gone and identity not in coming]
        index = index.changed(going, list(coming.values()))
        kept = {identity: one for identity, one in kept.items() if identity not in going} | coming
    anew = Index.build(kept.values())
    assert len(index.rows.live) == len(kept)
    assert names(pages(index, question, 4)) == names(pages(anew, question, 4))
    assert names(pages(index, question, 4, backward=True)) == names(pages(anew, question, 4))
    for facet in (*FACETS, "kinds"):
        assert Found(question, index).facet(facet) == Found(question, anew).facet(facet)
    assert Found(question, index).facet_regions(RegionKind.STATE) == Found(question, anew).facet_regions(RegionKind.STATE)
    assert Found(question, index).location_not_stated == Found(question, anew).location_not_stated


@settings(max_examples=50, deadline=None)
@given(directories, questions())
def test_every_count_is_the_total_of_the_question_it_leads_to(directory: list[Organization], question: Question) -> None:
    index = Index.build(directory)
    found = Found(question, index)
    for facet in FACETS:
        for count in found.facet(facet):
            chosen = replace(question, **{facet: replace(getattr(question, facet), any_of=(count.value,))})
            assert count.count == Found(chosen, index).total
    for count in found.facet("kinds"):
        assert count.count == Found(replace(question, kinds=(OrganizationKind(count.value),)), index).total
    for region in found.facet_regions(RegionKind.STATE):
        chosen = replace(question, regions=replace(question.regions, any_of=(region.value,)))
        assert region.count == Found(chosen, index).total
        assert region.local <= region.count
    assert found.location_not_stated == Found(replace(question, location_stated=False), index).total


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(directories, questions(), draws)
def test_a_record_added_between_two_pages_neither_skips_nor_repeats_another(
    directory: list[Organization], question: Question, draw: Draw
) -> None:
    index = Index.build(directory)
    added = draw.organization
    first = Found(replace(question, page=Page(first=2)), index).page
    if not first.has_next or any(one.id == added.id for one in directory):
        return
    later = index.changed([], [added])
    rest = Found(replace(question, page=Page(first=100, after=first.hits[-1].cursor)), later).page
    seen = [hit.organization.id for hit in (*first.hits, *rest.hits)]
    expected = [one.id for one in ordered(question, [one for one in directory if matches(question, one)])]
    assert [identity for identity in seen if identity != added.id] == expected


def test_nothing_is_found_in_an_empty_directory() -> None:
    found = Found(Question(), Index.build([]))
    assert (found.total, found.page.hits, found.facet("issue_areas"), found.map().marks) == (0, [], [], ())


def test_a_selected_value_is_counted_even_when_nothing_has_it() -> None:
    index = Index.build([an_organization(issue_areas=("housing",))])
    found = Found(Question(issue_areas=TermFilter(any_of=("health",))), index)
    assert [(count.value, count.count) for count in found.facet("issue_areas") if count.selected] == [("health", 0)]


@pytest.mark.parametrize(
    ("cursor", "reason"),
    [
        ("", "MALFORMED"),
        ("?", "MALFORMED"),
        ("é", "MALFORMED"),
        ("AAAA", "MALFORMED"),
        ("x" * 5_000, "MALFORMED"),
        ("kwCQkA", "OLD_FORMAT"),
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str, reason: str) -> None:
    index = Index.build([an_organization()])
    with pytest.raises(BadCursor) as refusal:
        _ = Found(Question(page=Page(first=1, after=cursor)), index).page
    assert refusal.value.params["reason"] == reason


def test_a_cursor_of_another_question_is_refused() -> None:
    index = Index.build([an_organization("Alder"), an_organization("Birch")])
    cursor = Found(Question(), index).page.hits[0].cursor
    with pytest.raises(BadCursor) as refusal:
        _ = Found(Question(kinds=(OrganizationKind.OTHER,), page=Page(after=cursor)), index).page
    assert refusal.value.params["reason"] == "OTHER_QUESTION"


def test_a_cursor_outlives_a_change_of_page_size() -> None:
    index = Index.build([an_organization(name) for name in ("Alder", "Birch", "Cedar")])
    cursor = Found(Question(page=Page(first=1)), index).page.hits[0].cursor
    rest = Found(Question(page=Page(first=50, after=cursor)), index).page
    assert [hit.organization.name for hit in rest.hits] == ["Birch", "Cedar"]
    assert rest.has_previous


@pytest.mark.parametrize("page", [{"first": 0}, {"last": 0}, {"first": -1}, {"first": 101}, {"first": 1, "last": 1}])
def test_a_page_that_cannot_be_is_refused(page: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        Page(**page)  # type: ignore[arg-type]


def test_distance_needs_an_origin() -> None:
    with pytest.raises(BadInput):
        Question(order=Order(OrderField.DISTANCE))


def test_why_an_organization_was_found() -> None:
    here = an_organization(issue_areas=("tenants",), locations=(a_location("Atlanta, GA"),))
    question = Question(
        issue_areas=TermFilter(any_of=("housing",)),
        regions=RegionFilter(any_of=("US-GA",)),
        near=Near(Point(33.75, -84.39), radius_km=50),
    )
    hit = Found(question, Index.build([here])).page.hits[0]
    assert hit.match.region_reason == "LOCATED"
    assert [(found.issue_area, found.through) for found in hit.match.issue_areas] == [("tenants", "housing")]
    assert hit.distance_km is not None
    assert 0 < hit.distance_km < 15
