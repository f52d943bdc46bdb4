"""The parts of an answer; test_oracle.py compares whole answers with a plain walk over the records."""

from random import Random

import pytest
from msgspec.structs import replace

from directory.draft_parts import NAME_LIMIT
from directory.errors import BadCursor, BadInput
from directory.geo import Point
from directory.question import FACETS, Nationwide, Near, Order, OrderField, Page, Question, RegionFilter, TermFilter
from directory.records import OrganizationKind
from directory.regions import RegionKind
from directory.search import pages
from directory.search.found import Found
from directory.search.index import Index
from directory.search.order import Place as SortedAt
from directory.search.pages import CURSOR_LIMIT
from tests.builders import a_location, an_id, an_organization
from tests.directory.search.generated_questions import generated_question
from tests.directory.search.generated_records import generated_record, generated_records


def test_every_count_is_the_total_of_the_question_it_leads_to() -> None:
    rng = Random(1)  # noqa: S311
    records = generated_records(rng, 100)
    index = Index.build(records)
    for number in range(15):
        question = generated_question(rng, records, number)
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
        assert found.location_not_stated == Found(replace(question, location_stated=False), index).total


def test_the_local_count_of_a_region_is_part_of_its_count() -> None:
    """Of organizations asked for because they are nationwide, local are those with another reason too."""
    nationwide, both = an_organization("A", service_areas=("US",)), an_organization("B", service_areas=("US", "US-GA"))
    index = Index.build([nationwide, both, an_organization("C", service_areas=("US-GA",))])
    for way, count, local in ((Nationwide.ONLY, 2, 1), (Nationwide.INCLUDE, 3, 2), (Nationwide.EXCLUDE, 2, 2)):
        found = Found(Question(regions=RegionFilter(nationwide=way)), index)
        counted = {region.value: (region.count, region.local) for region in found.facet_regions(RegionKind.STATE)}
        assert counted["US-GA"] == (count, local)


def test_a_record_added_between_two_pages_neither_skips_nor_repeats_another() -> None:
    rng, compared = Random(2), 0  # noqa: S311
    records = generated_records(rng, 100)
    index = Index.build(records)
    for number in range(60):
        question = generated_question(rng, records, number)
        expected = [hit.organization.id for hit in Found(replace(question, page=Page(first=100)), index).page.hits]
        first = Found(replace(question, page=Page(first=3)), index).page
        added = replace(generated_record(rng, 100 + number), name=rng.choice(records).name)
        later = index.changed([], [added])
        if first.has_next:
            rest = Found(replace(question, page=Page(first=100, after=first.hits[-1].cursor)), later).page
            seen = [hit.organization.id for hit in (*first.hits, *rest.hits)]
            assert [identity for identity in seen if identity != added.id] == expected
            compared += added.id in seen
    assert compared >= 5  # where the added record was on the later pages


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


def test_a_full_page_that_is_the_last_one_has_none_after_it() -> None:
    index = Index.build([an_organization(name) for name in ("Alder", "Birch", "Cedar")])
    for size, goes_on in ((2, True), (3, False), (4, False)):
        assert Found(Question(page=Page(first=size)), index).page.has_next is goes_on
        assert Found(Question(page=Page(last=size)), index).page.has_previous is goes_on


def test_a_cursor_whose_record_moved_away_has_nothing_before_it() -> None:
    first, second = an_organization("Alder", founded=1990), an_organization("Birch", founded=1995)
    question = Question(order=Order(OrderField.FOUNDED))
    index = Index.build([first, second])
    cursor = Found(question, index).page.hits[0].cursor
    moved = index.changed([], [replace(first, founded=2000)])
    for later, has_previous, names in ((index, True, ["Birch"]), (moved, False, ["Birch", "Alder"])):
        page = Found(replace(question, page=Page(after=cursor)), later).page
        assert page.has_previous is has_previous
        assert [hit.organization.name for hit in page.hits] == names


LETTERS = ["x", "ñ", "長", "\U00010330", "\ufdfa"]


@pytest.mark.parametrize("letter", LETTERS, ids=["ASCII", "accent", "kanji", "Gothic", "18 letters in one"])
def test_pages_go_on_after_the_longest_names(letter: str) -> None:
    index = Index.build([an_organization(f"{letter * (NAME_LIMIT - 1)}{number}") for number in range(3)])
    seen, cursor = set[str](), None
    for _ in range(3):
        (hit,) = Found(Question(page=Page(first=1, after=cursor)), index).page.hits
        cursor = hit.cursor
        assert len(cursor) <= CURSOR_LIMIT
        seen.add(hit.organization.name)
    assert len(seen) == 3


def test_a_cursor_that_is_too_long_is_not_read() -> None:
    question = Question()
    long = pages.cursor(SortedAt((), None, ("x" * CURSOR_LIMIT, an_id("x"))), question.fingerprint)
    with pytest.raises(BadCursor) as refusal:
        _ = Found(Question(page=Page(after=long)), Index.build([an_organization()])).page
    assert refusal.value.params["reason"] == "MALFORMED"


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
