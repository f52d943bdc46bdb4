"""Parts of a search result; test_oracle.py compares whole results with the reference implementation."""

from collections import Counter
from random import Random

import pytest
from msgspec.structs import replace

from directory.cursors import CURSOR_LIMIT, encode_cursor
from directory.drafts.draft_parts import NAME_LIMIT
from directory.errors import BadCursor, BadInput
from directory.geo import Point
from directory.question import (
    FACETS,
    Nationwide,
    Near,
    OrderField,
    Page,
    Question,
    RegionFilter,
    SortOrder,
    TermFilter,
    choose_facet_value,
)
from directory.records import OrganizationKind
from directory.search.pagination import POSITION_FORMAT, SortPosition
from directory.search.search_index import RecordChanges, SearchIndex
from directory.search.search_result import SearchResult
from directory.search.text.text_match import TextTier
from directory.vocabulary.region_files import RegionKind
from tests.builders import a_location, an_id, an_organization
from tests.directory.search.generated_questions import generate_question
from tests.directory.search.generated_records import generate_record, generate_records
from tests.directory.search.reference_search import TODAY


def test_every_count_is_the_total_of_the_question_it_leads_to() -> None:
    rng = Random(1)  # noqa: S311
    records = generate_records(rng, 100)
    index, counted = SearchIndex.build(records), Counter[bool]()
    for number in range(30):
        question = generate_question(rng, records, number)
        found = SearchResult(question, index, TODAY)
        counts = [count for facet in (*FACETS, "kinds") for count in found.count_facet(facet)]
        choices = [(count.facet, count.value, count.count) for count in counts]
        choices += [("regions", count.value, count.count) for count in found.count_regions(RegionKind.STATE)]
        for facet, value, count in choices:
            assert count == SearchResult(choose_facet_value(question, facet, value), index, TODAY).total
        counted[bool(question.clauses)] += len(choices)
        assert found.location_not_stated == SearchResult(replace(question, location_stated=False), index, TODAY).total
    assert min(counted[True], counted[False]) > 200


def test_the_local_count_of_a_region_is_part_of_its_count() -> None:
    """A nationwide organization counts as local only if it has another reason too."""
    nationwide, both = an_organization("A", service_areas=("US",)), an_organization("B", service_areas=("US", "US-GA"))
    index = SearchIndex.build([nationwide, both, an_organization("C", service_areas=("US-GA",))])
    for way, count, local in ((Nationwide.ONLY, 2, 1), (Nationwide.INCLUDE, 3, 2), (Nationwide.EXCLUDE, 2, 2)):
        found = SearchResult(Question(regions=RegionFilter(nationwide=way)), index)
        counted = {region.value: (region.count, region.local) for region in found.count_regions(RegionKind.STATE)}
        assert counted["US-GA"] == (count, local)


def test_a_record_added_between_two_pages_neither_skips_nor_repeats_another() -> None:
    rng, compared = Random(2), 0  # noqa: S311
    records = generate_records(rng, 100)
    index = SearchIndex.build(records)
    for number in range(60):
        question = generate_question(rng, records, number)
        expected = [hit.organization.id for hit in SearchResult(replace(question, page=Page(first=100)), index, TODAY).page.hits]
        first = SearchResult(replace(question, page=Page(first=3)), index, TODAY).page
        added = replace(generate_record(rng, 100 + number), name=rng.choice(records).name)
        later = index.with_changes(RecordChanges((), [added]))
        if first.has_next_page:
            rest = SearchResult(replace(question, page=Page(first=100, after=first.hits[-1].cursor)), later, TODAY).page
            seen = [hit.organization.id for hit in (*first.hits, *rest.hits)]
            assert [identity for identity in seen if identity != added.id] == expected
            compared += added.id in seen
    assert compared >= 5  # the added record was on a later page


def test_nothing_is_found_in_an_empty_directory() -> None:
    found = SearchResult(Question(), SearchIndex.build([]))
    assert (found.total, found.page.hits, found.count_facet("issue_areas"), found.build_map().marks) == (0, [], [], ())


def test_a_selected_value_is_counted_even_when_nothing_has_it() -> None:
    index = SearchIndex.build([an_organization(issue_areas=("housing",))])
    found = SearchResult(Question(issue_areas=TermFilter(any_of=("health",))), index)
    assert [(count.value, count.count) for count in found.count_facet("issue_areas") if count.selected] == [("health", 0)]


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
def test_an_invalid_cursor_is_refused(cursor: str, reason: str) -> None:
    index = SearchIndex.build([an_organization()])
    with pytest.raises(BadCursor) as refusal:
        _ = SearchResult(Question(page=Page(first=1, after=cursor)), index).page
    assert refusal.value.params["reason"] == reason


def test_a_cursor_of_another_question_is_refused() -> None:
    index = SearchIndex.build([an_organization("Alder"), an_organization("Birch")])
    cursor = SearchResult(Question(), index).page.hits[0].cursor
    with pytest.raises(BadCursor) as refusal:
        _ = SearchResult(Question(kinds=(OrganizationKind.OTHER,), page=Page(after=cursor)), index).page
    assert refusal.value.params["reason"] == "OTHER_QUESTION"


def test_a_cursor_is_valid_for_another_page_size() -> None:
    index = SearchIndex.build([an_organization(name) for name in ("Alder", "Birch", "Cedar")])
    cursor = SearchResult(Question(page=Page(first=1)), index).page.hits[0].cursor
    rest = SearchResult(Question(page=Page(first=50, after=cursor)), index).page
    assert [hit.organization.name for hit in rest.hits] == ["Birch", "Cedar"]
    assert rest.has_previous_page


def test_a_full_last_page_has_no_next_page() -> None:
    index = SearchIndex.build([an_organization(name) for name in ("Alder", "Birch", "Cedar")])
    for size, has_more in ((2, True), (3, False), (4, False)):
        assert SearchResult(Question(page=Page(first=size)), index).page.has_next_page is has_more
        assert SearchResult(Question(page=Page(last=size)), index).page.has_previous_page is has_more


def test_a_cursor_whose_record_moved_away_has_nothing_before_it() -> None:
    first, second = an_organization("Alder", founded=1990), an_organization("Birch", founded=1995)
    question = Question(order=SortOrder(OrderField.FOUNDED))
    index = SearchIndex.build([first, second])
    cursor = SearchResult(question, index).page.hits[0].cursor
    moved = index.with_changes(RecordChanges((), [replace(first, founded=2000)]))
    for later, has_previous, names in ((index, True, ["Birch"]), (moved, False, ["Birch", "Alder"])):
        page = SearchResult(replace(question, page=Page(after=cursor)), later).page
        assert page.has_previous_page is has_previous
        assert [hit.organization.name for hit in page.hits] == names


LETTERS = ["x", "ñ", "長", "\U00010330", "\ufdfa"]


@pytest.mark.parametrize("letter", LETTERS, ids=["ASCII", "accent", "kanji", "Gothic", "18 letters in one"])
def test_cursors_can_hold_the_longest_names(letter: str) -> None:
    index = SearchIndex.build([an_organization(f"{letter * (NAME_LIMIT - 1)}{number}") for number in range(3)])
    seen, cursor = set[str](), None
    for _ in range(3):
        (hit,) = SearchResult(Question(page=Page(first=1, after=cursor)), index).page.hits
        cursor = hit.cursor
        assert len(cursor) <= CURSOR_LIMIT
        seen.add(hit.organization.name)
    assert len(seen) == 3


def test_a_cursor_that_is_too_long_is_refused() -> None:
    question = Question()
    long = encode_cursor(question.fingerprint, SortPosition((), None, ("x" * CURSOR_LIMIT, an_id("x"))), POSITION_FORMAT)
    with pytest.raises(BadCursor) as refusal:
        _ = SearchResult(Question(page=Page(after=long)), SearchIndex.build([an_organization()])).page
    assert refusal.value.params["reason"] == "MALFORMED"


@pytest.mark.parametrize("page", [{"first": 0}, {"last": 0}, {"first": -1}, {"first": 101}, {"first": 1, "last": 1}])
def test_an_invalid_page_is_refused(page: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        Page(**page)  # type: ignore[arg-type]


def test_distance_needs_an_origin() -> None:
    with pytest.raises(BadInput):
        Question(order=SortOrder(OrderField.DISTANCE))


def test_a_hit_has_the_reasons_of_its_match() -> None:
    here = an_organization(issue_areas=("tenants",), locations=(a_location("Atlanta, GA"),))
    question = Question(
        issue_areas=TermFilter(any_of=("housing",)),
        regions=RegionFilter(any_of=("US-GA",)),
        near=Near(Point(33.75, -84.39), radius_km=50),
    )
    hit = SearchResult(question, SearchIndex.build([here])).page.hits[0]
    assert hit.match.region_reason == "LOCATED"
    assert [(found.issue_area, found.broader_term) for found in hit.match.issue_areas] == [("tenants", "housing")]
    assert hit.distance_km is not None
    assert 0 < hit.distance_km < 15


def test_highlights_are_computed_only_when_they_are_read() -> None:
    result = SearchResult(Question(text="oak"), SearchIndex.build([an_organization("Oak Alliance")]))
    (hit,) = result.page.hits
    assert hit.match.tier is TextTier.NAMES
    assert "_highlighter" not in vars(result.text_match)
    assert [highlight.field for highlight in hit.match.highlights] == ["name"]


@pytest.mark.parametrize("first", [0, 501])
def test_a_facet_refuses_a_length_outside_its_limits(first: int) -> None:
    result = SearchResult(Question(), SearchIndex.build([an_organization()]))
    for kind in (RegionKind.STATE, RegionKind.COUNTY):
        with pytest.raises(BadInput, match="1 to 500"):
            result.count_regions(kind, first=first)
    with pytest.raises(BadInput, match="1 to 500"):
        result.count_facet("issue_areas", first=first)
