import pytest

from directory.matching.token_frequency import TokenFrequency
from directory.matching.token_pairs import (
    TRUNCATION_SIMILARITY,
    TWO_TYPOS_SIMILARITY,
    TYPO_SIMILARITY,
    MisspellingIndex,
    is_misspelling,
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


def test_searching_for_many_words_at_once_finds_the_same() -> None:
    words = ["harrowgate", "harowgate", "harrowgates", "tenant", "tennant", "tenants", "quillfeather", "ash", "12345"]
    together, alone = MisspellingIndex(), MisspellingIndex()
    together.add(words)
    alone.add(reversed(words))
    together.search([*words, "harrowgade"])
    found = {word: together.find_similar(word) for word in (*words, "harrowgade")}
    assert found["harrowgade"] == ("harrowgate", "harowgate", "harrowgates")
    assert found == {word: alone.find_similar(word) for word in found}


@pytest.mark.parametrize("word", ["harrowgate", "harowgate", "harrrowgate"])
def test_words_that_are_added_later_are_found(word: str) -> None:
    """Results that may change are computed again, whether the new word is shorter, as long or longer."""
    index = MisspellingIndex()
    assert index.find_similar("harrowgade") == index.find_similar("tenants") == ()
    index.add([word])
    assert index.find_similar("harrowgade") == (word,)
    assert index.find_similar("tenants") == ()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Rivertown Bail Fund", "Rivertown Bial Fund", True),
        ("Rivertown Bail Fund", "Xivertown Bail Fund", True),
        ("Rivertown Bail Fund", "Rivertown Bailfund, Inc.", False),  # not misspelled: the same name
        ("Centro Nacional", "Centro Naciunal", True),  # an abbreviation in the dictionary, misspelled
        ("Elders Services", "Elders Servicess", True),
        ("Local 32 of the Union", "Local 33 of the Union", False),
        ("Local 3", "Local 33", False),
        ("Detroit Eviction Defense", "Detroit Election Defense", False),
        ("Casa", "Cass", False),
        ("", "Casa", False),
    ],
)
def test_names_with_one_typing_error(one: str, other: str, expected: bool) -> None:
    assert is_misspelling(one, other) is is_misspelling(other, one) is expected
