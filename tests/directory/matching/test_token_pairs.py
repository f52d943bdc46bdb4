import pytest

from directory.matching.token_frequency import TokenFrequency
from directory.matching.token_pairs import (
    TRUNCATION_SIMILARITY,
    TWO_TYPOS_SIMILARITY,
    TYPO_SIMILARITY,
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


def test_words_run_together_and_initials() -> None:
    assert [pair.right for pair in pair_tokens(["harborlight"], ["harbor", "light"], TokenFrequency())] == [("harbor", "light")]
    assert [pair.left for pair in pair_tokens(["civil", "liberty", "union"], ["clu"], TokenFrequency())] == [
        ("civil", "liberty", "union")
    ]
    assert pair_tokens([], ["harbor"], TokenFrequency()) == []
