"""Requests cannot make the process grow without limit: caches are bounded, and none holds long texts from clients."""

import gc
import sys
import tracemalloc
from collections.abc import Callable

import msgspec
import pytest

import schema.schema  # noqa: F401 - before the modules of its types
from directory.gazetteer.gazetteer import Gazetteer, get_gazetteer
from directory.question import FACETS, Question, RegionFilter, TermFilter
from directory.records import Audience
from directory.search.snapshot import MAX_CACHED_VALUES, RESULT_CACHE_SIZE, Snapshot, SnapshotState
from directory.search.text.analysis import _stem_cached, stem_token
from directory.search.text.highlights import MAX_CACHED_LENGTH, _find_spans_cached, iter_spans
from directory.text import _FOLDING_TABLE, FOLDING_TABLE_LIMIT, MAX_STEMMED_LENGTH, fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from schema.context import Context
from schema.execution import prepared_document
from schema.execution.cards import CARDS, KEPT_ANSWER_BYTES, KEPT_ANSWERS, Card, CardCache, find_answer, keep_answer
from schema.execution.execute import answer_document
from tests.builders import NOW, a_location, an_organization
from web.http.content_negotiation import MAX_ACCEPT_LENGTH, negotiate_media_type
from web.server.rate_limit import MAX_CLIENTS, WINDOW_SECONDS, Windows


@pytest.mark.slow
def test_folding_caches_a_limited_number_of_characters() -> None:
    every_character = "".join(map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)]))
    before = fold("Größe ΑΒΓ")
    fold(every_character)
    assert len(_FOLDING_TABLE) <= FOLDING_TABLE_LIMIT
    assert fold("Größe ΑΒΓ") == before
    assert ord("é") in _FOLDING_TABLE  # common characters are still cached
    assert fold("\U00016f5d") == "\U00016f5d".casefold()  # others are folded without the cache


def test_long_words_are_not_cached() -> None:
    before = _stem_cached.cache_info().misses + _find_spans_cached.cache_info().misses
    assert stem_token("a" * (MAX_STEMMED_LENGTH + 1))[0] == "en:" + "a" * (MAX_STEMMED_LENGTH + 1)
    assert [span.words for span in iter_spans("b" * (MAX_CACHED_LENGTH + 1))] == [("b" * (MAX_CACHED_LENGTH + 1),)]
    negotiate_media_type("x" * (MAX_ACCEPT_LENGTH + 1))
    assert _stem_cached.cache_info().misses + _find_spans_cached.cache_info().misses == before


def test_ids_of_unknown_places_are_not_cached() -> None:
    places: Gazetteer = get_gazetteer()
    before = places._cached_city.cache_info().currsize
    for number in range(50):
        assert places.get_place(f"city:US-GA:{'x' * 300}{number}") is None
        assert places.get_place(f"zip:{number}{'1' * 300}") is None
        assert places.get_place(f"region:{number}{'1' * 300}") is None
    assert places._cached_city.cache_info().currsize == before


# ---------------------------------------------------------------- cached search results


@pytest.fixture
def directory() -> Snapshot:
    places = ("Atlanta, GA", "Houston, TX", "Oakland, CA")
    organizations = [an_organization(f"Group {n}", locations=(a_location(places[n % 3]),)) for n in range(30)]
    return Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), organizations, {}, [])


def test_a_search_result_caches_one_list_for_each_facet(directory: Snapshot) -> None:
    """However many lists are requested: one per facet, and the states."""
    result = directory.find(Question())
    for first in range(1, 200):
        for facet in (*FACETS, "kinds"):
            assert len(result.count_facet(facet, first)) <= first
        result.count_regions(RegionKind.STATE, None, first)
    for state in REGIONS.list_of_kind(RegionKind.STATE):
        result.count_regions(RegionKind.COUNTY, state.code, 500)
        result.count_regions(RegionKind.STATE, state.code, 500)
    assert all(len(count.value) == len("US-GA-121") for count in result.count_regions(RegionKind.COUNTY, "US-GA", 5))
    assert [count.value for count in result.count_regions(RegionKind.STATE, "US-SOUTH", 5)][:2] == ["US-GA", "US-TX"]
    cached = [value for value in vars(result).values() if isinstance(value, dict | list)]
    assert len(result._facet_counts) == len(FACETS) + 1
    assert sum(map(len, cached)) < 20
    assert result.count_regions(RegionKind.STATE, None, 2) == result.count_regions(RegionKind.STATE, None, 500)[:2]


def test_questions_with_many_values_are_not_cached(directory: Snapshot) -> None:
    terms = tuple(FACETS["issue_areas"].terms)[:20]
    counties = tuple(region.code for region in REGIONS.list_of_kind(RegionKind.COUNTY))
    few, many = (
        Question(issue_areas=TermFilter(terms[:10], all_of=terms[10:]), regions=RegionFilter(counties[:count]))
        for count in (MAX_CACHED_VALUES - 20, MAX_CACHED_VALUES - 19)
    )
    assert directory.find(few) is directory.find(few)
    assert directory.find(many) is not directory.find(many)
    for year in range(2 * RESULT_CACHE_SIZE):
        directory.find(Question(joined_since=NOW.date().replace(year=1000 + year)))
    assert len(directory._result_cache) == RESULT_CACHE_SIZE


def test_region_sets_are_cached_only_for_known_regions(directory: Snapshot) -> None:
    context = Context(directory, NOW)
    for number in range(40):
        answer_document(
            f'{{ organizations(filter: {{regions: {{anyOf: ["US-{number}"]}}}}) {{ totalCount }} }}', None, None, context
        )
    assert len(directory.index.regions._reason_cache) <= len(REGIONS)


# ---------------------------------------------------------------- documents


def build_small_fields(number: int) -> str:
    return "{organizations{nodes{" + "id " * 49 + "}edges{" + "cursor " * 49 + f"}}}}}}#{number}"


DOCUMENTS: dict[str, Callable[[int], str]] = {
    "fields": build_small_fields,
    "aliases": lambda number: "{" + " ".join(f"a{n}:__typename" for n in range(30)) + f"}}#{number}",
    "ids": lambda number: "{nodes(ids:[" + '"a"' * 1_900 + f"]){{id}}}}#{number}",
    "enums": lambda number: "{organizations(filter:{kinds:[" + "ARTS " * 1_900 + f"]}}){{totalCount}}}}#{number}",
    "fragments": lambda number: (
        (
            "{"
            + "".join(f"...F{n} " for n in range(25))
            + "}"
            + "".join(f"fragment F{n} on Query{{__typename}}" for n in range(25))
        )
        + f"#{number}"
    ),
}


def _measure_kept_bytes(documents: list[str], context: Context) -> int:
    """Return by how many bytes the process grows when it prepares these documents."""
    prepared_document._document_cache.clear()
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for document in documents:
        answer_document(document, {}, None, context)
    gc.collect()
    return tracemalloc.get_traced_memory()[0] - before


@pytest.mark.slow
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_prepared_document_takes_no_more_bytes_than_it_counts_for(kind: str, directory: Snapshot) -> None:
    context, cache, build_document = Context(directory, NOW), prepared_document._document_cache, DOCUMENTS[kind]
    tracemalloc.start()
    try:
        for number in range(15):  # graphql-core itself keeps something of recent documents
            answer_document(build_document(number), {}, None, context)
        # Other threads and tables of the interpreter may grow meanwhile, but not in each of three measurements.
        used = min(
            _measure_kept_bytes([build_document(number) for number in (first, first + 1)], context) for first in (101, 103, 105)
        )
    finally:
        tracemalloc.stop()
    assert len(cache) == 2
    assert used <= cache.bytes


def test_prepared_documents_take_a_limited_number_of_bytes(directory: Snapshot) -> None:
    context, cache = Context(directory, NOW), prepared_document._document_cache
    for number in range(250):
        document = f"{{ organizations {{ totalCount }} }} #{number}" + "x" * 5_000
        answer_document(document, {}, None, context)
    assert 10 < len(cache) < 250
    assert cache.bytes <= prepared_document.MAX_BYTES


# ---------------------------------------------------------------- answers


def test_cards_take_no_more_bytes_than_they_count_for(directory: Snapshot) -> None:
    context, document = (
        Context(directory, NOW),
        "query($tag: String!) { organizations { nodes { name issueAreas { label(language: $tag) } } } }",
    )
    answer_document(document, {"tag": "es"}, None, context)
    CARDS.clear()
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(200):
            answer_document(document, {"tag": f"es-{number}"}, None, context)
        gc.collect()
        used = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(CARDS) == 200 * 20
    assert used <= CARDS.bytes


def test_cards_and_the_names_of_their_selections_take_a_limited_number_of_bytes() -> None:
    cache = CardCache(max_bytes=100_000)
    for number in range(1_000):
        young, _ = cache.find_cards(number)
        for record in range(number % 3):
            young[record] = Card(record, msgspec.Raw(b"x" * 100), 1, 100)
            cache.note_card(100)
        assert cache.bytes <= 100_000
    assert len(cache) > 10
    assert cache.find_cards(998)[0]
    assert not cache.find_cards(4)[0]


def test_a_snapshot_keeps_a_limited_number_of_answers(directory: Snapshot) -> None:
    for number in range(2 * KEPT_ANSWERS):
        keep_answer(directory, number, b"{}")
    keep_answer(directory, "long", b"x" * (KEPT_ANSWER_BYTES + 1))
    assert list(directory.answers) == list(range(KEPT_ANSWERS, 2 * KEPT_ANSWERS))
    assert find_answer(directory, KEPT_ANSWERS) == b"{}"
    keep_answer(directory, "another", b"{}")
    assert KEPT_ANSWERS in directory.answers  # it was used after the next ones


# ---------------------------------------------------------------- clients


def test_the_number_of_client_windows_is_limited() -> None:
    windows = Windows(lambda: 0.0)
    for number in range(MAX_CLIENTS + 500):
        windows.spend(number.to_bytes(16, "big"), 5)
    assert len(windows) == MAX_CLIENTS
    assert windows.find_window((0).to_bytes(16, "big")) is None  # the one that ends first was dropped
    last = windows.find_window((MAX_CLIENTS + 499).to_bytes(16, "big"))
    assert last is not None
    assert (last.spent_points, last.ends_at) == (5, WINDOW_SECONDS)
