"""The search index answers generated questions exactly as the reference implementation does."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest
from msgspec.structs import replace

from directory.question import FACETS, MAX_NESTING, Filter, Nationwide, OrderField, Page, Question, RegionMatch
from directory.records import MembershipStatus, Organization
from directory.search.region_sets import RegionReason
from directory.search.search_index import RecordChanges, SearchIndex
from directory.search.search_result import Hit, HitPage, SearchResult
from directory.search.text.text_match import TIERS, TextTier
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from tests.directory.search import reference_map
from tests.directory.search.generated_questions import KILOMETERS, MILES, generate_question
from tests.directory.search.generated_records import KINDS, NAME_WORDS, TEXT_WORDS, generate_record, generate_records
from tests.directory.search.reference_search import (
    TODAY,
    ReferenceResult,
    distance,
    find_issue_area_matches,
    find_strongest_reason,
    is_explained,
    only_chooses,
)
from tests.directory.search.reference_text_match import needs_typos_allowed

RECORDS = 220
PAGE_SIZE = 10
QUESTIONS = 90  # for each seed
QUICK_SEEDS = range(5)
SLOW_SEEDS = range(100, 104)  # as many with changes as without
REGION_KINDS = (
    *(RegionKind.STATE, RegionKind.CENSUS_REGION, RegionKind.CENSUS_DIVISION),
    *(RegionKind.CUSTOM, RegionKind.METRO_AREA, RegionKind.TRIBAL_AREA),
)

CheckedQuestion = tuple[Question, ReferenceResult]


@cache
def build_directory(seed: int) -> tuple[list[Organization], SearchIndex]:
    """Return records and their index. For odd seeds, the index went through changes: removals, additions and renames."""
    rng = Random(seed)  # noqa: S311
    records = generate_records(rng, RECORDS)
    if seed % 2 == 0:
        return records, SearchIndex.build(records)
    before = {one.id: one for one in records[: RECORDS * 3 // 4]}
    for number in rng.sample(range(len(before)), 40):  # earlier versions; half of them have the same name and keep their row
        earlier, now = generate_record(rng, number), records[number]
        before[now.id] = replace(earlier, name=now.name) if number % 2 else earlier
    removed = generate_records(rng, RECORDS + 10)[RECORDS:]
    index = SearchIndex.build([*before.values(), *removed])
    for _ in range(4):
        index = index.with_changes(RecordChanges([one.id for one in removed], rng.sample(records, 40)))
    return records, index.with_changes(RecordChanges((), records))


@cache
def list_questions(seed: int) -> list[CheckedQuestion]:
    records, _ = build_directory(seed)
    rng = Random(seed)  # noqa: S311
    questions = [generate_question(rng, records, number) for number in range(QUESTIONS)]
    return [(question, ReferenceResult(question, records)) for question in questions]


def iter_pages(index: SearchIndex, question: Question, backward: bool) -> Iterator[HitPage]:
    """Yield all pages, from the first to the last or, backward, from the last to the first."""
    cursor: str | None = None
    while True:
        page = Page(last=PAGE_SIZE, before=cursor) if backward else Page(first=PAGE_SIZE, after=cursor)
        answer = SearchResult(replace(question, page=page), index, TODAY).page
        yield answer
        if not (answer.has_previous_page if backward else answer.has_next_page):
            return
        cursor = answer.hits[0 if backward else -1].cursor


def ids(hits: list[Hit]) -> list[str]:
    return [hit.organization.id for hit in hits]


def assert_same_list(index: SearchIndex, question: Question, expected: list[str]) -> None:
    forward, backward = list(iter_pages(index, question, False)), list(iter_pages(index, question, True))
    assert [identity for page in forward for identity in ids(page.hits)] == expected
    assert [identity for page in reversed(backward) for identity in ids(page.hits)] == expected
    assert len(forward) == len(backward) == max(1, -(-len(expected) // PAGE_SIZE))
    assert [page.has_previous_page for page in forward] == [position > 0 for position in range(len(forward))]
    assert [page.has_next_page for page in backward] == [position > 0 for position in range(len(backward))]


def assert_explained(found: SearchResult, question: Question, reference: ReferenceResult) -> None:
    for hit in found.page.hits:
        one, match = hit.organization, hit.match
        apart = distance(question, one)
        assert hit.distance_km == (None if apart is None else pytest.approx(apart, rel=1e-9, abs=1e-4))
        assert match.region_reason == find_strongest_reason(question, one)
        assert is_explained(match.issue_areas, find_issue_area_matches(question, one))
        assert match.tier == (TIERS[reference.text_keys[one.id][0]] if reference.text_keys else None)
        has_optional_words = reference.optional_counts[one.id] > 0
        assert bool(match.highlights) == (reference.text_keys is not None or has_optional_words)


def assert_same_counts(found: SearchResult, reference: ReferenceResult, kind: RegionKind, first: int) -> None:
    for facet in FACETS:
        assert found.count_facet(facet, first) == reference.count_facet(facet, first)
    assert found.count_facet("kinds") == reference.count_kinds()
    assert found.count_regions(kind, first=first) == reference.count_regions(kind, first)
    assert found.location_not_stated == reference.location_not_stated


def assert_same_map(found: SearchResult, reference: ReferenceResult, zoom: float | None, limit: int) -> None:
    within = found.question.within
    view, expected = (
        found.build_map(within, zoom, limit),
        reference_map.build_reference_marks(reference.matching_records, within, zoom, limit),
    )
    assert reference_map.summarize_marks(view.marks) == reference_map.summarize_reference_marks(expected)
    assert len(view.marks) == len(expected)
    assert view.without_point == sum(not one.points for one in reference.matching_records)
    assert view.bounds == reference_map.reference_bounding_box(
        [point for one in reference.matching_records for point in one.points]
    )


def compare(seed: int) -> None:
    _, index = build_directory(seed)
    rng = Random(seed)  # noqa: S311
    for question, reference in list_questions(seed):
        found = SearchResult(question, index, TODAY)
        assert found.total == len(reference.matching_records), question
        assert_same_list(index, question, [one.id for one in reference.sorted_records])
        assert_explained(found, question, reference)
        assert_same_counts(found, reference, rng.choice(REGION_KINDS), rng.choice((3, 100)))
        assert_same_map(found, reference, rng.choice((None, 0, 3, 7.5)), rng.choice((4, 2_000)))


@pytest.mark.parametrize("seed", QUICK_SEEDS)
def test_the_index_answers_as_the_reference_does(seed: int) -> None:
    compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_the_index_answers_more_questions_as_the_reference_does(seed: int) -> None:
    compare(seed)


# What the quick seeds cover


def list_matching_questions() -> list[CheckedQuestion]:
    """Return the questions that find something."""
    return [
        (question, reference)
        for seed in QUICK_SEEDS
        for question, reference in list_questions(seed)
        if reference.matching_records
    ]


def test_most_questions_find_something_and_a_third_more_than_a_page() -> None:
    assert RECORDS >= 200
    assert PAGE_SIZE >= 10
    count = len(QUICK_SEEDS) * QUESTIONS
    assert len(list_matching_questions()) >= 0.8 * count
    assert sum(len(reference.matching_records) > PAGE_SIZE for _, reference in list_matching_questions()) >= count / 3
    assert any(
        len(reference.matching_records) % PAGE_SIZE == 0 for _, reference in list_matching_questions()
    )  # the last page is full
    assert (
        sum(len(reference.matching_records) < RECORDS / 2 for _, reference in list_matching_questions()) >= count / 2
    )  # and they exclude records


def test_every_order_has_several_pages() -> None:
    orders = {
        (question.order.field, question.order.descending)
        for question, reference in list_matching_questions()
        if len(reference.matching_records) > PAGE_SIZE
    }
    assert orders == {(field, descending) for field in OrderField for descending in (False, True)}


def test_some_lists_have_a_tie_at_the_end_of_a_page() -> None:
    """Cursors between records with equal names or numbers are where pages could skip or repeat records."""
    names = Counter[OrderField]()
    for question, reference in list_matching_questions():
        listed = reference.sorted_records
        for end in range(PAGE_SIZE, len(listed), PAGE_SIZE):
            names[question.order.field] += listed[end - 1].name == listed[end].name
    assert names[OrderField.NAME] > 0
    assert names[OrderField.RELEVANCE] > 0


@pytest.mark.parametrize("facet", FACETS)
def test_every_facet_is_filtered_in_every_way(facet: str) -> None:
    filters = [getattr(question, facet) for question, _ in list_matching_questions()]
    assert any(terms.any_of for terms in filters)
    assert any(terms.all_of for terms in filters)
    assert any(terms.none_of for terms in filters)
    assert {terms.narrower for terms in filters if terms.has_values} == {True, False}
    assert any(
        count.count and not count.selected
        for _, reference in list_matching_questions()
        for count in reference.count_facet(facet, 100)
    )


def test_points_lie_on_each_edge_of_boxes_and_boxes_cross_the_antimeridian() -> None:
    edges = Counter[str]()
    for box, points in (
        (question.within, [point for one in reference.matching_records for point in one.points])
        for question, reference in list_matching_questions()
    ):
        if box is not None and box.south < box.north and box.west != box.east:
            edges["crossing"] += box.crosses_antimeridian
            for edge in ("south", "north"):
                edges[edge] += any(point.latitude == getattr(box, edge) and point in box for point in points)
            for edge in ("west", "east"):
                edges[edge] += any(point.longitude == getattr(box, edge) and point in box for point in points)
    assert min(edges[edge] for edge in ("south", "north", "west", "east", "crossing")) > 0


def test_origins_occur_with_and_without_a_radius_in_kilometers_and_miles() -> None:
    radii = {question.near.radius_km for question, _ in list_matching_questions() if question.near}
    assert None in radii
    assert radii & {*KILOMETERS}
    assert radii & {*MILES}


def test_region_filters_are_used_in_every_way() -> None:
    filters = [question.regions for question, _ in list_matching_questions()]
    ways = {(regions.by, regions.nationwide) for regions in filters if regions.any_of}
    assert ways == {(by, nationwide) for by in RegionMatch for nationwide in Nationwide}
    assert any(regions.none_of for regions in filters)
    found_by = {
        find_strongest_reason(question, one)
        for question, reference in list_matching_questions()
        for one in reference.matching_records
    }
    assert found_by == {None, *RegionReason}


def test_texts_match_in_every_tier_as_prefixes_with_typos_and_quoted() -> None:
    texts = [(question, reference) for question, reference in list_matching_questions() if reference.text_keys]
    assert {
        TIERS[reference.text_keys[one.id][0]]
        for _, reference in texts
        if reference.text_keys
        for one in reference.matching_records
    } == set(TextTier)
    assert any('"' in question.text for question, _ in texts)
    assert any(needs_typos_allowed(question.text, reference.records) for question, reference in texts)
    words = {fold(word) for word in (*NAME_WORDS, *TEXT_WORDS)}
    open_ends = [
        fold(question.text).split()[-1]
        for question, reference in texts
        if not needs_typos_allowed(question.text, reference.records)
    ]
    assert any(end not in words and any(word.startswith(end) for word in words) for end in open_ends)


def test_kinds_statuses_and_dates_are_filtered() -> None:
    questions = [question for question, _ in list_matching_questions()]
    assert {kind for question in questions for kind in question.kinds} == set(KINDS)
    assert {status for question in questions for status in question.membership} == set(MembershipStatus)
    assert {question.location_stated for question in questions} == {None, True, False}
    assert any(question.verified_since for question in questions)
    assert any(question.joined_since for question in questions)


def test_clauses_are_used_in_every_way() -> None:
    questions = [question for question, _ in list_matching_questions() if question.clauses]
    assert any(question.nesting == MAX_NESTING for question in questions)
    assert any(question.near is None and question.origin for question in questions)
    assert any(not question.membership for question in questions)
    for facet in (*FACETS, "kinds", "regions"):
        assert any(only_chooses(clause, facet) for question in questions for clause in question.clauses), facet


def test_every_condition_is_used_in_questions_and_in_alternatives() -> None:
    questions = [question for question, _ in list_matching_questions()]
    alternatives = [one for question in questions for one in question.list_filters()[1:]]
    for filters in (questions, alternatives):
        assert {field for one in filters for field in one.list_set_fields()} | {"coalition"} == {*Filter.__struct_fields__}


def test_optional_words_order_lists() -> None:
    counts = [
        {reference.optional_counts[one.id] for one in reference.matching_records}
        for question, reference in list_matching_questions()
        if question.order.field is OrderField.RELEVANCE
    ]
    assert any({0, 1, 2} <= different for different in counts)
