import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.text.typos import TypoIndex, is_one_typo_apart, may_contain_typo

LETTERS = st.text("abcde", min_size=1, max_size=8)


@pytest.mark.parametrize("typed", ["housng", "houssing", "hausing", "huosing", "housing"])
def test_one_typo_apart(typed: str) -> None:
    assert is_one_typo_apart(typed, "housing")


@pytest.mark.parametrize("typed", ["hosng", "ouhsing", "houses", ""])
def test_two_typos_apart(typed: str) -> None:
    assert not is_one_typo_apart(typed, "housing")


@pytest.mark.parametrize(
    ("word", "allowed"), [("rent", False), ("rents", True), ("30312", False), ("covid19", False), ("ñandú", True)]
)
def test_only_long_words_may_contain_a_typo(word: str, allowed: bool) -> None:
    assert may_contain_typo(word) is allowed


@given(st.lists(LETTERS, max_size=30), st.lists(LETTERS, max_size=5), LETTERS)
def test_no_word_one_typo_away_is_missed(words: list[str], more: list[str], typed: str) -> None:
    candidates = TypoIndex.build(words).with_words(more).find_candidates(typed)
    assert {n for n, word in enumerate(words + more) if is_one_typo_apart(typed, word)} <= set(candidates)
    assert candidates == sorted(candidates)
