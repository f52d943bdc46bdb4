import pytest

from directory.filters import labels
from directory.records import OrganizationKind
from directory.text import fold
from directory.understanding import function_words
from directory.understanding.function_words import PLACE_WORDS, STOP_WORDS, PhraseTable

TABLES = [table for table in vars(function_words).values() if isinstance(table, PhraseTable)]


def test_a_table_knows_its_longest_phrases() -> None:
    table = PhraseTable({"in": 1, "in a radius of": 2, "around": 3})
    assert table.max_words_by_first_word == {"in": 4, "around": 1}


@pytest.mark.parametrize("words", [STOP_WORDS, *(table.meanings for table in TABLES)])
def test_all_phrases_are_folded(words: set[str]) -> None:
    assert words
    assert [word for word in words if fold(word) != word] == []


def test_every_kind_label_of_several_words_is_a_phrase() -> None:
    by_label = {fold(label): kind for kind, both in labels.KIND_LABELS.items() for label in both if " " in label}
    phrases = {label: kind for label, kind in by_label.items() if kind is not OrganizationKind.OTHER}
    assert {label: function_words.KIND_PHRASES.meanings.get(label) for label in phrases} == phrases


def test_place_words_are_stop_words() -> None:
    assert {phrase for phrase in PLACE_WORDS.meanings if " " not in phrase} & {"near", "in", "en", "por"} <= STOP_WORDS
