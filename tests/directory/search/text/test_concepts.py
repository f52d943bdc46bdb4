import pytest

from directory.search.text.concepts import load_concept_index
from directory.search.text.parsed_text import parse_text


def find_concepts(text: str) -> dict[str, set[tuple[str, str]]]:
    parsed_text = parse_text(text)
    assert parsed_text is not None
    return {word.text: terms for run in parsed_text.runs for word, terms in load_concept_index().find_concepts(run).items()}


@pytest.mark.parametrize(
    ("text", "word", "term"),
    [
        ("eviction defense", "defense", ("issue_areas", "tenants")),
        ("eviction defen", "defen", ("issue_areas", "tenants")),
        ("free eviction defense now", "eviction", ("issue_areas", "tenants")),
        ("desalojos", "desalojos", ("issue_areas", "tenants")),
        ("vivienda", "vivienda", ("issue_areas", "housing")),
        ("hous", "hous", ("issue_areas", "housing")),
        ("African Americans", "african", ("communities", "black")),
        ("organizing", "organizing", ("work_areas", "organizing")),
        ("castellano", "castellano", ("languages", "es")),
    ],
)
def test_words_lead_to_terms(text: str, word: str, term: tuple[str, str]) -> None:
    assert term in find_concepts(text)[word]


def test_a_single_word_of_a_phrase_has_no_concepts() -> None:
    assert ("issue_areas", "tenants") not in find_concepts("defense")["defense"]
    assert ("issue_areas", "tenants") not in find_concepts('eviction "free" defense')["defense"]


def test_a_misspelled_word_leads_to_terms_if_typos_are_allowed() -> None:
    parsed_text = parse_text("evicton defense")
    assert parsed_text is not None
    assert ("issue_areas", "tenants") not in find_concepts("evicton defense")["defense"]
    with_typos = parsed_text.with_typos_allowed()
    assert with_typos is not None
    found = load_concept_index().find_concepts(with_typos.runs[0])
    assert ("issue_areas", "tenants") in found[with_typos.runs[0][1]]


def test_stop_words_of_a_label_have_no_concepts() -> None:
    assert find_concepts("de la y and") == {"de": set(), "la": set(), "y": set(), "and": set()}


def test_an_unknown_word_has_no_concepts() -> None:
    assert find_concepts("zzyzx") == {"zzyzx": set()}
