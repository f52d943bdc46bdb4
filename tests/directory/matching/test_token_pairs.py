import pytest

from directory.matching.token_frequency import TokenFrequency
from directory.matching.token_pairs import (
    TRUNCATION_SIMILARITY,
    TWO_TYPOS_SIMILARITY,
    TYPO_SIMILARITY,
    MisspellingIndex,
    pair_tokens,
    spelling_similarity,
)


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("harrowgate", "harowgate", TYPO_SIMILARITY),
        ("tenant", "tennant", TYPO_SIMILARITY),
        ("tenant", "tneant", TYPO_SIMILARITY),
        ("harrowgate", "harowgaet", TWO_TYPOS_SIMILARITY),
        ("delicates", "deli", TRUNCATION_SIMILARITY),
        ("lisa", "lima", 0.0),
        ("oakland", "rockland", 0.0),
        ("1234567", "1234568", 0.0),
        ("men", "women", 0.0),
    ],
)
def test_how_likely_two_words_are_one(one: str, other: str, value: float) -> None:
    assert spelling_similarity(one, other) == spelling_similarity(other, one) == value


def test_no_word_is_in_two_pairs() -> None:
    pairs = pair_tokens(["harrowgate"], ["harowgate", "harrowgat"], TokenFrequency())
    assert len(pairs) == 1


def test_joined_words_and_initials_are_paired() -> None:
    assert [pair.right for pair in pair_tokens(["harborlight"], ["harbor", "light"], TokenFrequency())] == [("harbor", "light")]
    assert [pair.left for pair in pair_tokens(["civil", "liberty", "union"], ["clu"], TokenFrequency())] == [
        ("civil", "liberty", "union")
    ]
    assert pair_tokens([], ["harbor"], TokenFrequency()) == []


def test_similar_words_of_a_misspelled_word() -> None:
    index = MisspellingIndex()
    index.add(["harrowgate", "harrow", "quillfeather", "tenant", "12345"])
    assert index.find_similar("harowgate") == ("harrowgate",)
    assert index.find_similar("tennant") == ("tenant",)
    assert index.find_similar("harrowgate") == ()
    assert index.find_similar("12346") == ()
    assert index.find_similar("ash") == ()
    assert index.find_similar("") == ()


def test_words_that_are_added_later_are_found() -> None:
    index = MisspellingIndex()
    assert index.find_similar("harowgate") == ()
    index.add(["harrowgate"])
    assert index.find_similar("harowgate") == ("harrowgate",)
