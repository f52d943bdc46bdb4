import pytest

from directory.search.text.concepts import load_concept_index
from directory.search.text.parsed_text import parse_text


def reached(text: str) -> dict[str, set[tuple[str, str]]]:
    wording = parse_text(text)
    assert wording is not None
    return {word.text: terms for run in wording.runs for word, terms in load_concept_index().find_concepts(run).items()}


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
    assert term in reached(text)[word]


def test_a_word_of_a_phrase_alone_does_not() -> None:
    assert ("issue_areas", "tenants") not in reached("defense")["defense"]
    assert ("issue_areas", "tenants") not in reached('eviction "free" defense')["defense"]


def test_a_misspelt_word_leads_to_terms_when_it_is_forgiven() -> None:
    wording = parse_text("evicton defense")
    assert wording is not None
    assert ("issue_areas", "tenants") not in reached("evicton defense")["defense"]
    forgiving = wording.with_typos_allowed()
    assert forgiving is not None
    found = load_concept_index().find_concepts(forgiving.runs[0])
    assert ("issue_areas", "tenants") in found[forgiving.runs[0][1]]


def test_the_function_words_of_a_label_do_not() -> None:
    assert reached("de la y and") == {"de": set(), "la": set(), "y": set(), "and": set()}


def test_an_unknown_word_leads_nowhere() -> None:
    assert reached("zzyzx") == {"zzyzx": set()}
