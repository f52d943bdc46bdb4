from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.understanding.function_words import PhraseTable
from directory.understanding.sentence import Sentence, stem_phrase


def test_words_are_folded_and_quoted_words_are_not() -> None:
    sentence = Sentence('¿Quién ayuda, "right to counsel" in D.C. & Women’s')
    assert [token.word for token in sentence.tokens] == ["quien", "ayuda", "", "in", "dc", "and", "womens"]
    assert sentence.tokens[2].is_quoted
    assert [token.text for token in sentence.tokens if token.follows_break] == ["Quién", '"right to counsel"']


@pytest.mark.parametrize(
    ("words", "language", "stems"),
    [
        ("got out of the prison", "en", "get out of prison"),
        ("Women's shelters", "en", "women shelter"),
        ("their landlords", "en", "landlord"),
        ("the", "en", ""),
        ("salieron de la cárcel", "es", stem_phrase("salir de cárcel", "es")),
        ("mi patrón no me paga", "es", stem_phrase("patrón no me pagar", "es")),
    ],
)
def test_stems(words: str, language: str, stems: str) -> None:
    assert stem_phrase(words, language) == stems


def test_phrases_of_stems_leave_out_determiners_and_end_at_commas() -> None:
    sentence = Sentence("sued their landlord, again")
    assert list(sentence.iter_stem_phrases(0, 4, "en")) == [(3, "sue landlord"), (1, "sue")]
    assert list(sentence.iter_stem_phrases(3, 4, "en")) == [(1, "again")]


def test_the_longest_phrase_of_a_table_is_matched() -> None:
    table = PhraseTable({"near": 1, "near to": 2, "near to us": 3})
    assert Sentence("near to us all").match_phrase(0, table) == (3, "near to us")
    assert Sentence("near to, us").match_phrase(0, table) == (2, "near to")
    assert Sentence("far").match_phrase(0, table) == (0, "")
    assert Sentence("near").match_phrase(1, table) == (0, "")


def test_a_correction_changes_the_stems_and_not_the_text() -> None:
    sentence = Sentence("evicton help")
    assert sentence.stems["en"][0] == "evicton"
    sentence.correct(0, "eviction")
    assert (sentence.stems["en"][0], sentence.text_at(0, 1), sentence.tokens[0].is_corrected) == ("evict", "evicton", True)
    sentence.correct(0, "evicton")
    assert not sentence.tokens[0].is_corrected


@given(st.text(max_size=60))
def test_any_text_is_split_into_tokens_in_order(text: str) -> None:
    tokens = Sentence(text).tokens
    assert all(one.end <= other.start for one, other in pairwise(tokens))
    assert all(text[token.start : token.end] == token.text for token in tokens)
