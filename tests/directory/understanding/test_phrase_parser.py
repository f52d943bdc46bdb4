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


def test_the_longest_phrase_matches_and_quoted_words_never_do() -> None:
    table = PhraseTable({"near": 1, "near to": 2})
    assert PhraseParser("Near to us").match_phrase(0, table) == (2, "near to")
    assert PhraseParser('near "to" us').match_phrase(0, table) == (1, "near")
    assert PhraseParser("far").match_phrase(0, table) == PhraseParser("far").match_phrase(5, table) == (0, "")


def test_remaining_words_are_text_without_stop_words() -> None:
    parser = PhraseParser("groups in Georgia with Big-Hearted  people")
    assert parser.build_question() == Question(text=parser.words)
    assert parser.consume_place(2, 1, "US-GA", PlaceRelation.LOCATED) == 1
    assert parser.build_question().text == "Big-Hearted"


def test_only_one_origin_is_consumed() -> None:
    parser = PhraseParser("Atlanta Chicago")
    for at, length in ((0, 1), (1, 0)):
        place = parser.find_place(at, 1, parser.tokens[at].folded_text)
        assert place
        assert parser.consume_place(at, 1, place, PlaceRelation.NEAR) == length
    assert parser.near
    assert parser.near.label == "Atlanta, GA"


def test_the_number_of_place_lookups_is_limited() -> None:
    parser = PhraseParser("nowhere")
    while parser.may_look_up_places:
        parser.find_place(0, 1, "nowhere")
    assert not parser.may_look_up_places
