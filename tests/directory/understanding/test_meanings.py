"""Phrases lead to what people mean by them, also where words share a stem."""

import pytest

from directory.question import FACETS
from directory.text import fold
from directory.understanding.function_words import LANGUAGES
from directory.understanding.sentence import stem_phrase
from directory.understanding.terms.conditions import drop_implied
from directory.understanding.terms.meanings import get_meanings
from directory.understanding.understand import understand
from directory.vocabulary.phrases import load_everyday_phrases

# Everyday phrases that share their stems with a synonym of another term, and rightly replace it.
REPLACING = {"disabled community", "storytellers", "union", "sindicato", "proveedor de servicios"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_everyday_phrase_does_not_replace_another_word_by_its_stem(language: str) -> None:
    """As "refugio" would replace "refugiados"."""
    synonyms: dict[str, list[tuple[str, tuple[str, str]]]] = {}
    for facet in ("issue_areas", "communities", "work_areas"):
        for term in FACETS[facet]:
            for phrase in (term.labels[language], *term.synonyms.get(language, ())):
                synonyms.setdefault(stem_phrase(phrase, language), []).append((fold(phrase), (facet, term.slug)))
    replaced = {
        phrase
        for phrase, meaning in load_everyday_phrases(language)
        for words, choice in synonyms.get(stem_phrase(phrase, language), ())
        if meaning.choices and words != fold(phrase) and choice not in meaning.choices
    }
    assert len(synonyms) > 300
    assert replaced <= REPLACING


@pytest.mark.parametrize("word", ["collect", "executive", "casado", "deporte"])
def test_a_word_that_shares_a_stem_by_accident_means_nothing(word: str) -> None:
    assert {part.field for part in understand(f"{word} Georgia").parts} <= {"optionalWords", "regions"}


def test_a_clause_that_another_one_implies_is_left_out() -> None:
    solitary, incarceration = (("issue_areas", "solitary"),), (("issue_areas", "incarceration"),)
    either = (*incarceration, ("communities", "incarcerated-people"))
    assert drop_implied([incarceration, solitary]) == [solitary]
    assert drop_implied([either, incarceration]) == [incarceration]
    assert drop_implied([solitary, (("communities", "youth"),)]) == [solitary, (("communities", "youth"),)]
    assert drop_implied([either, either]) == [either]


def test_words_for_people_also_mean_their_matter() -> None:
    tenants = get_meanings("en").by_stems[stem_phrase("renters", "en")]
    assert set(tenants.choices) == {("communities", "tenants"), ("issue_areas", "tenants")}
