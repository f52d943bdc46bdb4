import pytest

from directory.text import fold
from directory.understanding import function_words
from directory.understanding.function_words import (
    ALL_DETERMINERS,
    EXCLUSIONS,
    IRREGULAR_FORMS,
    LANGUAGES,
    ORDINARY_CITY_NAMES,
    PLACE_WORDS,
    STOP_WORDS,
    PhraseTable,
    PlaceRelation,
    list_small_words,
)

TABLES = [table for table in vars(function_words).values() if isinstance(table, PhraseTable)]


def test_a_table_knows_its_longest_phrases() -> None:
    table = PhraseTable({"in": 1, "in a radius of": 2, "around": 3})
    assert table.max_words_by_first_word == {"in": 4, "around": 1}


@pytest.mark.parametrize("words", [STOP_WORDS, ALL_DETERMINERS, ORDINARY_CITY_NAMES, *(table.meanings for table in TABLES)])
def test_all_phrases_are_folded(words: set[str]) -> None:
    assert words
    assert [word for word in words if fold(word) != word] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_irregular_forms_lead_to_base_forms(language: str) -> None:
    forms = IRREGULAR_FORMS[language]
    assert {"en": "got", "es": "salieron"}[language] in forms
    assert {form: base for form, base in forms.items() if base in forms} == {}  # one step


def test_the_languages_share_few_small_words() -> None:
    english, spanish = map(list_small_words, LANGUAGES)
    assert {"the", "who", "without"} <= english - spanish
    assert {"quien", "sin", "para"} <= spanish - english
    assert len(english & spanish) < len(english) / 10


def test_the_longer_relation_wins() -> None:
    assert PLACE_WORDS.meanings["in or serving"] is PlaceRelation.IN
    assert PLACE_WORDS.meanings["que sirven a o en"] is PlaceRelation.IN
    assert PLACE_WORDS.meanings["based in"] is PlaceRelation.LOCATED


def test_an_exclusion_is_not_also_a_relation() -> None:
    assert EXCLUSIONS.meanings.keys() & PLACE_WORDS.meanings.keys() == set()
