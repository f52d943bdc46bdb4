from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from directory.errors import BadInput
from directory.geo import Precision
from directory.records import Address, Location, NameKind, Organization
from directory.search.text.text_match import TextTier
from directory.search.text.word_index import LookupCache, WordIndex
from tests.builders import an_alternative_name, an_organization
from tests.directory.search.reference_text_match import ReferenceTermRows, find_sort_keys, list_sort_keys


def at(city: str | None, state: str | None = "GA", county: str | None = None) -> tuple[Location, ...]:
    return (Location("l", Precision.CITY, ("US-GA",), address=Address("US", state, county, city)),)


def tier(text: str, name: str = "Zora", **fields: Any) -> TextTier | None:
    """Return the tier in which a text matches an organization with these fields; None if it does not match."""
    records = {4: an_organization(name, **fields)}
    match = WordIndex.build(records.items()).match(text, ReferenceTermRows(records))
    return match.find_tier(4) if match and 4 in match.rows else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("immigrant and refugee rights", "Immigrant & Refugee Rights"),
        ("IMMIGRANT & REFUGEE RIGHTS", "Immigrant and Refugee Rights"),
        ("ninez hoy", "Niñez: ¡Hoy!"),
        ("niñez hoy", "Ninez hoy"),
        ("womens house", "Women’s House"),
        ('"the house"', "The House"),
        ("de la", "De la"),
    ],
)
def test_a_name_that_is_the_whole_text(text: str, name: str) -> None:
    assert tier(text, name) is TextTier.EXACT_NAME


@pytest.mark.parametrize("kind", [NameKind.ACRONYM, NameKind.FORMER, NameKind.LEGAL, NameKind.ALSO_KNOWN_AS])
def test_another_name_that_is_the_whole_text(kind: NameKind) -> None:
    assert tier("nnirr", "National Network", names=(an_alternative_name("NNIRR", kind),)) is TextTier.EXACT_NAME


def test_the_function_words_of_a_name_count_for_an_exact_one() -> None:
    assert tier("house art", "House of Art") is TextTier.NAMES
    assert tier("house of art", "House of Art") is TextTier.EXACT_NAME


@pytest.mark.parametrize(
    ("text", "fields", "found"),
    [
        ("tenants union", {"name": "Union of Tenants"}, TextTier.NAMES),
        ("union zora", {"names": (an_alternative_name("Tenants Union"),)}, TextTier.NAMES),
        ("zora tenants", {"issue_areas": ("tenants",)}, TextTier.THEMES),
        ("zora organizing", {"work_areas": ("organizing",)}, TextTier.THEMES),
        ("zora atlanta", {"locations": at("Atlanta")}, TextTier.PLACES_AND_COMMUNITIES),
        ("zora black", {"communities": ("black",)}, TextTier.PLACES_AND_COMMUNITIES),
        ("zora spanish", {"languages": ("es",)}, TextTier.PLACES_AND_COMMUNITIES),
        ("zora organic", {"summary": "Organic gardens"}, TextTier.SUMMARY),
        ("zora organic", {"description": "Organic gardens"}, TextTier.DESCRIPTION),
        ("zora tenants atlanta", {"issue_areas": ("tenants",), "locations": at("Atlanta")}, TextTier.PLACES_AND_COMMUNITIES),
        ("tenants gardens", {"issue_areas": ("tenants",), "description": "Gardens"}, TextTier.DESCRIPTION),
        ("zora gardens unknown", {"description": "Gardens"}, None),
    ],
)
def test_tiers(text: str, fields: dict[str, Any], found: TextTier | None) -> None:
    assert tier(text, **fields) is found


@pytest.mark.parametrize("text", ["housing", "Vivienda", "viviendas", "houses", "hous", "housng", "derecho a la vivienda"])
def test_a_theme_is_found_by_its_words_in_both_languages_and_by_narrower_ones(text: str) -> None:
    assert tier(text, issue_areas=("tenants",)) is TextTier.THEMES


def test_a_synonym_of_several_words_leads_to_its_theme_only_as_a_whole() -> None:
    assert tier("eviction defense", issue_areas=("tenants",)) is TextTier.THEMES
    assert tier("defense", issue_areas=("tenants",)) is None
    assert tier('"eviction defense"', issue_areas=("tenants",)) is None


@pytest.mark.parametrize(
    "text", ["atlanta", "georgia", "ga", "atlanta georgia", '"atlanta, ga"', "fulton county", '"fulton county"', "atlan"]
)
def test_published_places(text: str) -> None:
    assert tier(text, locations=at("Atlanta", county="Fulton County")) is TextTier.PLACES_AND_COMMUNITIES


@pytest.mark.parametrize("text", ["30312", "peachtree", "secretly"])
def test_what_is_not_indexed_is_not_found(text: str) -> None:
    address = Address("US", "GA", None, "Atlanta", "30312", "1 Peachtree St")
    assert tier(text, locations=(Location("l", Precision.EXACT, ("US-GA",), "Secretly", address),)) is None


@pytest.mark.parametrize(
    ("text", "summary", "found"),
    [
        ("community", "Communities", True),
        ("abogadas", "Un abogado", True),
        ("organizacion", "Organizaciones", True),
        ("commu", "Communities", True),
        ("commu garden", "Communities, gardens", False),
        ("c", "Communities", False),
        ('"commu"', "Communities", False),
        ("us", "For all of us in the U.S.", True),
        ("us", "Use it", True),
        ("us garden", "Use a garden", False),
        ("the garden of", "Garden", True),
        ('"the garden"', "Garden", False),
        ('"fair gardens"', "Fair gardens", True),
        ('"fair gardens"', "Gardens fair", False),
        ('"fair gardens"', "Fair garden", False),
        ('fair "gardens', "Gardens fair", True),
        ("gardns", "Gardens", True),
        ("gradens", "Gardens", True),
        ("garxxns", "Gardens", False),
        ("gadn", "Gard", False),
    ],
)
def test_which_words_match(text: str, summary: str, found: bool) -> None:
    assert (tier(text, summary=summary) is TextTier.SUMMARY) is found


def test_typos_are_allowed_only_if_nothing_matches_without() -> None:
    records = {0: an_organization("Garden"), 1: an_organization("Gardon")}
    index, find_term_rows = WordIndex.build(records.items()), ReferenceTermRows(records)
    assert list_sort_keys(index.match("gardon", find_term_rows)) == {1: (0, -1)}
    assert list_sort_keys(index.match("gardun", find_term_rows)) == {0: (1, -1), 1: (1, -1)}


def test_quoted_words_do_not_run_from_one_name_into_the_next() -> None:
    assert tier('"one two"', "Zero One", names=(an_alternative_name("Two Three"),)) is None
    assert tier('"one two"', "One Two", names=(an_alternative_name("Two Three"),)) is TextTier.EXACT_NAME
    assert tier('"one two" three', "One Two", names=(an_alternative_name("Two Three"),)) is TextTier.NAMES


def test_names_with_more_of_the_words_come_first_inside_a_tier() -> None:
    summaries = {1: "Zora", 2: "Fair Zora", 3: "Fair Garden Zora"}
    records = {row: an_organization(name, summary="Fair garden food") for row, name in summaries.items()}
    match = WordIndex.build(records.items()).match("fair garden food", ReferenceTermRows(records))
    assert match is not None
    assert [(key, list(rows)) for key, rows in match.split_by_key(match.rows)] == [((4, -2), [3]), ((4, -1), [2]), ((4, 0), [1])]


@pytest.mark.parametrize("text", ["", " ", '""', "—"])
def test_a_text_without_words_has_no_match(text: str) -> None:
    assert WordIndex.build([]).match(text, ReferenceTermRows({})) is None


def test_too_many_words_are_refused() -> None:
    with pytest.raises(BadInput):
        WordIndex.build([]).match("a " * 33, ReferenceTermRows({}))


def test_an_empty_index_finds_nothing() -> None:
    match = WordIndex.build([]).match('housing "fair housing" hous', ReferenceTermRows({}))
    assert match is not None
    assert match.rows == BitMap()


WORDS = [
    "housing",
    "houses",
    "house",
    "tenants",
    "eviction",
    "defense",
    "niño",
    "us",
    "the",
    "de",
    "casas",
    "Atlanta",
    "georgia",
    "ga",
]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
RECORDS = st.builds(
    an_organization,
    NAMES,
    names=st.lists(NAMES.map(an_alternative_name), max_size=2).map(tuple),
    summary=st.none() | SENTENCES,
    description=st.none() | SENTENCES,
    issue_areas=st.lists(st.sampled_from(["housing", "tenants", "policing"]), max_size=2, unique=True).map(tuple),
    communities=st.lists(st.sampled_from(["black", "tenants"]), max_size=1).map(tuple),
    locations=st.sampled_from([(), at("Atlanta"), at(None), at("Athens", "OH", "Athens County"), at(None, None)]),
)
ROWS = st.sampled_from([0, 1, 2, 3, 4_095, 4_096, 70_000])
TABLES = st.dictionaries(ROWS, RECORDS, max_size=5)
QUERY_WORDS = st.sampled_from([*WORDS, "housng", "hous", "evictoin", "black", "ohio", "at", "e", '"', "&"])
TEXTS = st.lists(QUERY_WORDS, max_size=5).map(" ".join)


@given(TABLES, TEXTS)
def test_the_index_matches_as_the_reference_does(records: dict[int, Organization], text: str) -> None:
    assert list_sort_keys(WordIndex.build(records.items()).match(text, ReferenceTermRows(records))) == find_sort_keys(
        text, records
    )


@given(
    TABLES, st.lists(st.dictionaries(ROWS, st.none() | RECORDS, max_size=3), max_size=3), st.lists(TEXTS, min_size=1, max_size=3)
)
def test_a_changed_index_matches_as_a_rebuilt_one_and_the_old_one_as_before(
    records: dict[int, Organization], edits: list[dict[int, Organization | None]], texts: list[str]
) -> None:
    index = WordIndex.build(records.items())
    states = [(index, records)]
    for edit in edits:
        removed = [(row, records[row]) for row in edit if row in records]
        added = [(row, one) for row, one in edit.items() if one is not None]
        index = index.with_changes(removed, added)
        records = {**{row: one for row, one in records.items() if row not in edit}, **dict(added)}
        states.append((index, records))
    for state, state_records in states:
        fresh = WordIndex.build(state_records.items())
        for text in texts:
            assert list_sort_keys(state.match(text, ReferenceTermRows(state_records))) == list_sort_keys(
                fresh.match(text, ReferenceTermRows(state_records))
            )


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (["harbor"], [{0, 1}]),
        (["tenant", "harbor"], [{0}, {0, 1}]),  # by stem; fewest rows first
        (["harrrbor"], []),  # too far
        (["harbro"], [{0, 1}]),  # swapped neighbors; no name has this spelling
        (["housing"], []),  # in a summary, but in no name
        (["nobody", "harbor", "nobody"], [{0, 1}]),
        ([], []),
    ],
)
def test_names_by_word(words: list[str], rows: list[set[int]]) -> None:
    records = [
        an_organization("Harbor Tenants Union", summary="Housing."),
        an_organization("Harbor Choir"),
        an_organization("Heron"),
    ]
    index = WordIndex.build(enumerate(records))
    assert [set(found) for found in index.find_in_names(words)] == rows


def test_only_the_first_unknown_words_may_contain_typos() -> None:
    index = WordIndex.build([(0, an_organization("Harbor Tenants Workers Neighbors"))])
    assert len(index.find_in_names(["harbro", "tenatns", "wokrers", "nieghbors"])) == 3


SIMILAR_TEXTS = (
    "tenant rights atlanta",
    "tenant atlanta",
    "rights",
    '"tenant rights" houzing',
    "houzing rights",
    "zqxv rights",
    "Zora",
    "",
)


def test_a_shared_lookup_cache_does_not_change_matches() -> None:
    records = {
        2: an_organization("Tenant Rights Union", summary="Housing for all.", locations=at("Atlanta")),
        5: an_organization("Zora", summary="Tenants of Atlanta and their rights.", issue_areas=("housing",)),
    }
    index, find_term_rows, lookup_cache = WordIndex.build(records.items()), ReferenceTermRows(records), LookupCache()
    assert [list_sort_keys(index.match(text, find_term_rows, lookup_cache)) for text in SIMILAR_TEXTS] == [
        list_sort_keys(index.match(text, find_term_rows)) for text in SIMILAR_TEXTS
    ]
    words = len(lookup_cache.rows_by_field)
    index.match("rights tenant atlanta", find_term_rows, lookup_cache)
    assert len(lookup_cache.rows_by_field) == words  # nothing was looked up again
