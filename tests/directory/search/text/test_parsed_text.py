import pytest

from directory.errors import BadInput
from directory.question import WORD_LIMIT
from directory.search.text.parsed_text import PHRASE_LIMIT, ParsedText, Phrase, Word, parse_text


def list_required(text: str) -> list[str]:
    parsed_text = parse_text(text)
    assert parsed_text is not None
    return [" ".join(part.words) if isinstance(part, Phrase) else part.text for part in parsed_text.required_parts]


def parse(text: str) -> ParsedText:
    parsed_text = parse_text(text)
    assert parsed_text is not None
    return parsed_text


@pytest.mark.parametrize("text", ["", "  ", "—", '""', '"', '" "', "…!?"])
def test_a_text_without_words_is_none(text: str) -> None:
    assert parse_text(text) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("the housing of the people", ["housing", "people"]),
        ("de la", ["de", "la"]),
        ('the "of the"', ["of the"]),
        ("US", ["us"]),
        ("rights & rights", ["rights"]),
        ('"fair housing" now', ["now", "fair housing"]),
        ("“fair housing” «ahora mismo»", ["fair housing", "ahora mismo"]),
        ('fair "housing', ["fair", "housing"]),
        ('"fair housing" "now', ["now", "fair housing"]),
    ],
)
def test_what_must_match(text: str, parts: list[str]) -> None:
    assert list_required(text) == parts


def test_only_the_last_unquoted_word_may_be_a_prefix() -> None:
    assert [word.is_prefix for word in parse("fair hous").runs[0]] == [False, True]
    assert not any(word.is_prefix for run in parse('hous "now"').runs for word in run)
    assert not parse("h").runs[0][0].is_prefix


def test_the_folded_text_leaves_quotes_out() -> None:
    assert parse('"Fair Housing" & the US').folded_text == "fair housing and the us"


def test_too_many_words_are_refused() -> None:
    assert parse_text("housing " * WORD_LIMIT)
    with pytest.raises(BadInput, match="33"):
        parse_text("housing " * (WORD_LIMIT + 1))
    with pytest.raises(BadInput):
        parse_text('"' + "of " * (WORD_LIMIT + 1) + '"')


def test_too_many_phrases_are_refused() -> None:
    assert parse_text('"of the" ' * PHRASE_LIMIT)
    with pytest.raises(BadInput, match="quoted"):
        parse_text('"of the" ' * (PHRASE_LIMIT + 1))


def test_short_words_and_phrases_allow_no_typo() -> None:
    assert parse('rent "housing"').with_typos_allowed() is None
    with_typos = parse("rent housing").with_typos_allowed()
    assert with_typos is not None
    assert [word.allows_typo for word in with_typos.runs[0]] == [False, True]


@pytest.mark.parametrize(
    ("word", "token", "accepted"),
    [
        (Word("houses"), "housing", True),
        (Word("hous", is_prefix=True), "household", True),
        (Word("household"), "hous", False),
        (Word("ho"), "housing", False),
        (Word("housng"), "housing", False),
        (Word("housng", allows_typo=True), "housing", True),
    ],
)
def test_which_tokens_a_word_accepts(word: Word, token: str, accepted: bool) -> None:
    assert word.accepts(token) is accepted
