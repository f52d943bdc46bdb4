import pytest

from directory.filters import labels
from directory.records import OrganizationKind
from directory.text import fold
from directory.understanding import function_words
from directory.understanding.function_words import PLACE_WORDS, STOP_WORDS, PhraseTable

TABLES = [table for table in vars(function_words).values() if isinstance(table, PhraseTable)]


def test_a_table_knows_how_far_to_look() -> None:
    table = PhraseTable({"in": 1, "in a radius of": 2, "around": 3})
    assert table.max_words_by_first_word == {"in": 4, "around": 1}


@pytest.mark.parametrize("words", [STOP_WORDS, *(table.meanings for table in TABLES)])
def test_everything_is_written_as_it_is_looked_up(words: set[str]) -> None:
    assert words
    assert [word for word in words if fold(word) != word] == []


def test_every_kind_of_several_words_can_be_asked_for_by_its_label() -> None:
    by_label = {fold(label): kind for kind, both in labels.KIND_LABELS.items() for label in both if " " in label}
    said = {label: kind for label, kind in by_label.items() if kind is not OrganizationKind.OTHER}
    assert {label: function_words.KIND_PHRASES.meanings.get(label) for label in said} == said


def test_words_about_place_are_dropped_with_what_they_introduced() -> None:
    assert {phrase for phrase in PLACE_WORDS.meanings if " " not in phrase} & {"near", "in", "en", "por"} <= STOP_WORDS
