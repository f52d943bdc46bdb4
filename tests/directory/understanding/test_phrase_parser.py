import pytest

from directory.question import Question
from directory.understanding.function_words import PhraseTable, PlaceRelation
from directory.understanding.phrase_parser import PhraseParser


@pytest.mark.parametrize(
    ("words", "tokens"),
    [
        ("", []),
        ("Spanish-speaking  groups, please!", ["Spanish", "speaking", "groups", "please"]),
        ('a "right to counsel" b "open', ["a", '"right to counsel"', "b", '"open']),
        ("30312-1234 25-mile 2.5 km", ["30312-1234", "25", "mile", "2.5", "km"]),
        ("D.C. women’s R&D", ["D.C", "women’s", "R", "&", "D"]),
        ("niñez y vivienda", ["niñez", "y", "vivienda"]),
    ],
)
def test_tokens_keep_their_spelling(words: str, tokens: list[str]) -> None:
    assert [token.text for token in PhraseParser(words).tokens] == tokens


def test_the_longest_phrase_is_found_and_none_reaches_into_quotes() -> None:
    table = PhraseTable({"near": 1, "near to": 2})
    assert PhraseParser("Near to us").match_phrase(0, table) == (2, "near to")
    assert PhraseParser('near "to" us').match_phrase(0, table) == (1, "near")
    assert PhraseParser("far").match_phrase(0, table) == PhraseParser("far").match_phrase(5, table) == (0, "")


def test_what_is_not_taken_stays_text_and_small_words_go_with_what_was() -> None:
    reading = PhraseParser("groups in Georgia with Big-Hearted  people")
    assert reading.build_question() == Question(text=reading.words)
    assert reading.consume_place(2, 1, "US-GA", PlaceRelation.LOCATED) == 1
    assert reading.build_question().text == "Big-Hearted"


def test_only_one_origin_is_taken() -> None:
    reading = PhraseParser("Atlanta Chicago")
    for at, taken in ((0, 1), (1, 0)):
        place = reading.find_place(at, 1, reading.tokens[at].folded_text)
        assert place
        assert reading.consume_place(at, 1, place, PlaceRelation.NEAR) == taken
    assert reading.near
    assert reading.near.label == "Atlanta, GA"


def test_patience_ends() -> None:
    reading = PhraseParser("nowhere")
    while reading.may_look_up_places:
        reading.find_place(0, 1, "nowhere")
    assert not reading.may_look_up_places
