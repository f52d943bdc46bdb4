"""The snapshot's index answers generated questions exactly as a plain walk over all records does."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest
from msgspec.structs import replace

from directory.geo import bounding_box
from directory.question import FACETS, Nationwide, OrderField, Page, Question, RegionMatch
from directory.records import MembershipStatus, Organization
from directory.search.region_sets import RegionReason
from directory.search.search_index import SearchIndex
from directory.search.search_result import Hit, HitPage, SearchResult
from directory.search.text.text_match import TIERS, TextTier
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from tests.directory.search import reference_map
from tests.directory.search.generated_questions import KILOMETERS, MILES, generate_question
from tests.directory.search.generated_records import KINDS, NAME_WORDS, TEXT_WORDS, generate_record, generate_records
from tests.directory.search.reference_search import (
    ReferenceResult,
    distance,
    find_issue_area_matches,
    find_strongest_reason,
    is_explained,
)
from tests.directory.search.reference_text_match import needs_typos_allowed

RECORDS = 220
PAGE_SIZE = 10
QUESTIONS = 60  # for each seed
QUICK_SEEDS = range(4)
SLOW_SEEDS = range(100, 120)
REGION_KINDS = (RegionKind.STATE, RegionKind.CENSUS_REGION, RegionKind.CENSUS_DIVISION, RegionKind.CUSTOM)

Asked = tuple[Question, ReferenceResult]


@cache
def directory(seed: int) -> tuple[list[Organization], SearchIndex]:
    """Records and their index, which at odd seeds followed changes: records that went, came, and came again under a new name."""
    rng = Random(seed)  # noqa: S311
    records = generate_records(rng, RECORDS)
    if seed % 2 == 0:
        return records, SearchIndex.build(records)
    before = {one.id: one for one in records[: RECORDS * 3 // 4]}
    for number in rng.sample(range(len(before)), 40):  # as they were before; half of them had the same name, and keep their row
        earlier, now = generate_record(rng, number), records[number]
        before[now.id] = replace(earlier, name=now.name) if number % 2 else earlier
    gone = generate_records(rng, RECORDS + 10)[RECORDS:]
    index = SearchIndex.build([*before.values(), *gone])
    for _ in range(4):
        index = index.with_changes([one.id for one in gone], rng.sample(records, 40))
    return records, index.with_changes([], records)


@cache
def asked(seed: int) -> list[Asked]:
    records, _ = directory(seed)
    rng = Random(seed)  # noqa: S311
    questions = [generate_question(rng, records, number) for number in range(QUESTIONS)]
    return [(question, ReferenceResult(question, records)) for question in questions]


def pages(index: SearchIndex, question: Question, backward: bool) -> Iterator[HitPage]:
    """All pages, from the first to the last or, backward, from the last to the first."""
    cursor: str | None = None
    while True:
        page = Page(last=PAGE_SIZE, before=cursor) if backward else Page(first=PAGE_SIZE, after=cursor)
        answer = SearchResult(replace(question, page=page), index).page
        yield answer
        if not (answer.has_previous if backward else answer.has_next):
            return
        cursor = answer.hits[0 if backward else -1].cursor


def ids(hits: list[Hit]) -> list[str]:
    return [hit.organization.id for hit in hits]


def assert_same_list(index: SearchIndex, question: Question, expected: list[str]) -> None:
    forward, backward = list(pages(index, question, False)), list(pages(index, question, True))
    assert [identity for page in forward for identity in ids(page.hits)] == expected
    assert [identity for page in reversed(backward) for identity in ids(page.hits)] == expected
    assert len(forward) == len(backward) == max(1, -(-len(expected) // PAGE_SIZE))
    assert [page.has_previous for page in forward] == [position > 0 for position in range(len(forward))]
    assert [page.has_next for page in backward] == [position > 0 for position in range(len(backward))]


def assert_explained(found: SearchResult, question: Question, plain: ReferenceResult) -> None:
    for hit in found.page.hits:
        one, match = hit.organization, hit.match
        apart = distance(question, one)
        assert hit.distance_km == (None if apart is None else pytest.approx(apart, rel=1e-9, abs=1e-4))
        assert match.region_reason == find_strongest_reason(question, one)
        assert is_explained(match.issue_areas, find_issue_area_matches(question.issue_areas, one))
        assert match.tier == (TIERS[plain.text_keys[one.id][0]] if plain.text_keys else None)
        assert bool(match.highlights) == (plain.text_keys is not None)


def assert_same_counts(found: SearchResult, plain: ReferenceResult, kind: RegionKind, first: int) -> None:
    for facet in FACETS:
        assert found.count_facet(facet, first) == plain.count_facet(facet, first)
    assert found.count_facet("kinds") == plain.count_kinds()
    assert found.count_regions(kind, first=first) == plain.count_regions(kind, first)
    assert found.location_not_stated == plain.location_not_stated


def assert_same_map(found: SearchResult, plain: ReferenceResult, zoom: float | None, limit: int) -> None:
    within = found.question.within
    view, expected = (
        found.build_map(within, zoom, limit),
        reference_map.build_reference_marks(plain.matching_records, within, zoom, limit),
    )
    assert reference_map.summarize_marks(view.marks) == reference_map.summarize_reference_marks(expected)
    assert len(view.marks) == len(expected)
    assert view.without_point == sum(not one.points for one in plain.matching_records)
    assert view.bounds == bounding_box([point for one in plain.matching_records for point in one.points])


def compare(seed: int) -> None:
    _, index = directory(seed)
    rng = Random(seed)  # noqa: S311
    for question, plain in asked(seed):
        found = SearchResult(question, index)
        assert found.total == len(plain.matching_records), question
        assert_same_list(index, question, [one.id for one in plain.sorted_records])
        assert_explained(found, question, plain)
        assert_same_counts(found, plain, rng.choice(REGION_KINDS), rng.choice((3, 100)))
        assert_same_map(found, plain, rng.choice((None, 0, 3, 7.5)), rng.choice((4, 2_000)))


@pytest.mark.parametrize("seed", QUICK_SEEDS)
def test_the_index_answers_as_a_plain_walk_over_all_records(seed: int) -> None:
    compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_the_index_answers_more_questions_as_a_plain_walk_does(seed: int) -> None:
    compare(seed)


# What the quick seeds reach


def answered() -> list[Asked]:
    """The questions that find something."""
    return [(question, plain) for seed in QUICK_SEEDS for question, plain in asked(seed) if plain.matching_records]


def test_most_questions_find_something_and_a_third_more_than_a_page() -> None:
    assert RECORDS >= 200
    assert PAGE_SIZE >= 10
    count = len(QUICK_SEEDS) * QUESTIONS
    assert len(answered()) >= 0.8 * count
    assert sum(len(plain.matching_records) > PAGE_SIZE for _, plain in answered()) >= count / 3
    assert any(len(plain.matching_records) % PAGE_SIZE == 0 for _, plain in answered())  # the last page is full
    assert sum(len(plain.matching_records) < RECORDS / 2 for _, plain in answered()) >= count / 2  # and they do leave records out


def test_every_order_leads_over_several_pages() -> None:
    orders = {
        (question.order.field, question.order.descending)
        for question, plain in answered()
        if len(plain.matching_records) > PAGE_SIZE
    }
    assert orders == {(field, descending) for field in OrderField for descending in (False, True)}


def test_some_lists_have_a_tie_where_a_page_ends() -> None:
    """A cursor that stands between records of one name, and between records of one number, is where pages skip or repeat."""
    names = Counter[OrderField]()
    for question, plain in answered():
        listed = plain.sorted_records
        for end in range(PAGE_SIZE, len(listed), PAGE_SIZE):
            names[question.order.field] += listed[end - 1].name == listed[end].name
    assert names[OrderField.NAME] > 0
    assert names[OrderField.RELEVANCE] > 0


@pytest.mark.parametrize("facet", FACETS)
def test_every_facet_is_filtered_in_every_way(facet: str) -> None:
    filters = [getattr(question, facet) for question, _ in answered()]
    assert any(terms.any_of for terms in filters)
    assert any(terms.all_of for terms in filters)
    assert any(terms.none_of for terms in filters)
    assert {terms.narrower for terms in filters if terms.has_values} == {True, False}
    assert any(count.count and not count.selected for _, plain in answered() for count in plain.count_facet(facet, 100))


def test_points_lie_on_each_edge_of_boxes_and_boxes_cross_the_antimeridian() -> None:
    edges = Counter[str]()
    for box, points in (
        (question.within, [point for one in plain.matching_records for point in one.points]) for question, plain in answered()
    ):
        if box is not None and box.south < box.north and box.west != box.east:
            edges["crossing"] += box.crosses_antimeridian
            for edge in ("south", "north"):
                edges[edge] += any(point.latitude == getattr(box, edge) and point in box for point in points)
            for edge in ("west", "east"):
                edges[edge] += any(point.longitude == getattr(box, edge) and point in box for point in points)
    assert min(edges[edge] for edge in ("south", "north", "west", "east", "crossing")) > 0


def test_origins_come_with_and_without_a_radius_in_kilometers_and_miles() -> None:
    radii = {question.near.radius_km for question, _ in answered() if question.near}
    assert None in radii
    assert radii & {*KILOMETERS}
    assert radii & {*MILES}


def test_regions_are_asked_for_in_every_way() -> None:
    filters = [question.regions for question, _ in answered()]
    ways = {(regions.by, regions.nationwide) for regions in filters if regions.any_of}
    assert ways == {(by, nationwide) for by in RegionMatch for nationwide in Nationwide}
    assert any(regions.none_of for regions in filters)
    found_by = {find_strongest_reason(question, one) for question, plain in answered() for one in plain.matching_records}
    assert found_by == {None, *RegionReason}


def test_texts_match_in_every_tier_as_prefixes_with_typos_and_quoted() -> None:
    texts = [(question, plain) for question, plain in answered() if plain.text_keys]
    assert {TIERS[plain.text_keys[one.id][0]] for _, plain in texts if plain.text_keys for one in plain.matching_records} == set(
        TextTier
    )
    assert any('"' in question.text for question, _ in texts)
    assert any(needs_typos_allowed(question.text, plain.records) for question, plain in texts)
    words = {fold(word) for word in (*NAME_WORDS, *TEXT_WORDS)}
    open_ends = [
        fold(question.text).split()[-1] for question, plain in texts if not needs_typos_allowed(question.text, plain.records)
    ]
    assert any(end not in words and any(word.startswith(end) for word in words) for end in open_ends)


def test_kinds_statuses_and_dates_are_asked_for() -> None:
    questions = [question for question, _ in answered()]
    assert {kind for question in questions for kind in question.kinds} == set(KINDS)
    assert {status for question in questions for status in question.membership} == set(MembershipStatus)
    assert {question.location_stated for question in questions} == {None, True, False}
    assert any(question.verified_since for question in questions)
    assert any(question.joined_since for question in questions)
