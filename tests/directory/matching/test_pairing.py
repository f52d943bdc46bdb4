import pytest

from directory.matching.pairing import CUT_OFF, TWO_TYPOS, TYPO, paired, spelled_alike
from directory.matching.rarity import Rarity


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("harrowgate", "harowgate", TYPO),
        ("tenant", "tennant", TYPO),
        ("tenant", "tneant", TYPO),
        ("harrowgate", "harowgaet", TWO_TYPOS),
        ("delicates", "deli", CUT_OFF),
        ("lisa", "lima", 0.0),
        ("oakland", "rockland", 0.0),
        ("1234567", "1234568", 0.0),
        ("men", "women", 0.0),
    ],
)
def test_how_likely_two_words_are_one(one: str, other: str, value: float) -> None:
    assert spelled_alike(one, other) == spelled_alike(other, one) == value


def test_no_word_is_in_two_pairs() -> None:
    pairs = paired(["harrowgate"], ["harowgate", "harrowgat"], Rarity())
    assert len(pairs) == 1


def test_words_run_together_and_initials() -> None:
    assert [pair.right for pair in paired(["harborlight"], ["harbor", "light"], Rarity())] == [("harbor", "light")]
    assert [pair.left for pair in paired(["civil", "liberty", "union"], ["clu"], Rarity())] == [("civil", "liberty", "union")]
    assert paired([], ["harbor"], Rarity()) == []
