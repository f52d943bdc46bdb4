import pytest

from directory.phrases import Phrases, Way
from directory.question import Question
from directory.reading import Reading


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
    assert [token.said for token in Reading(words).tokens] == tokens


def test_the_longest_phrase_is_found_and_none_reaches_into_quotes() -> None:
    table = Phrases({"near": 1, "near to": 2})
    assert Reading("Near to us").one_of(0, table) == (2, "near to")
    assert Reading('near "to" us').one_of(0, table) == (1, "near")
    assert Reading("far").one_of(0, table) == Reading("far").one_of(5, table) == (0, "")


def test_what_is_not_taken_stays_text_and_small_words_go_with_what_was() -> None:
    reading = Reading("groups in Georgia with Big-Hearted  people")
    assert reading.question() == Question(text=reading.words)
    assert reading.take_place(2, 1, "US-GA", Way.LOCATED) == 1
    assert reading.question().text == "Big-Hearted"


def test_only_one_origin_is_taken() -> None:
    reading = Reading("Atlanta Chicago")
    for at, taken in ((0, 1), (1, 0)):
        place = reading.place(at, 1, reading.tokens[at].folded)
        assert place
        assert reading.take_place(at, 1, place, Way.NEAR) == taken
    assert reading.near
    assert reading.near.label == "Atlanta, GA"


def test_patience_ends() -> None:
    reading = Reading("nowhere")
    while reading.patient:
        reading.place(0, 1, "nowhere")
    assert not reading.patient
