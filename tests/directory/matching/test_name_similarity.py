import pytest

from directory.matching.name_similarity import (
    TRUNCATION_SIMILARITY,
    TWO_TYPOS_SIMILARITY,
    TYPO_SIMILARITY,
    NameSimilarity,
    is_misspelling,
    name_similarity,
    pair_tokens,
    spelling_similarity,
)
from directory.matching.normalized_name import normalize_name
from directory.matching.token_frequency import TokenFrequency


def compare(one: str, other: str, one_place: tuple[str, ...] = (), other_place: tuple[str, ...] = ()) -> NameSimilarity:
    left, right = normalize_name(one), normalize_name(other)
    assert left is not None
    assert right is not None
    similarity = name_similarity(left, right, TokenFrequency(), one_place, other_place)
    reversed_similarity = name_similarity(right, left, TokenFrequency(), other_place, one_place)
    assert reversed_similarity.value == pytest.approx(similarity.value)
    return similarity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harrowgate Tenants Union", "Harrowgate Tenants Union"),
        ("Harrowgate Tenants Union", "Tenants Union of Harrowgate"),
        ("Harbor Light Kitchen", "Harborlight Kitchen"),
        ("Harrowgate Tenants Union", "Harowgate Tenants Union"),
        ("Harrowgate Tenants Union", "Harrowgate Tenatns Uinon"),
        ("Art's Delicatessen", "Art's Deli"),
        ("Restaurant Tamarack", "Tamarack"),
        ("ACLU of Georgia", "American Civil Liberties Union of Georgia"),
    ],
)
def test_similar_names(one: str, other: str) -> None:
    similarity = compare(one, other)
    assert similarity.value > 0.85
    assert not similarity.is_derived
    assert not similarity.is_contradictory


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harrowgate Library", "Friends of Harrowgate Library"),
        ("Harrowgate Union", "Harrowgate Union Foundation"),
        ("Harrowgate Union", "Harrowgate Union Local 32"),
        ("Harrowgate Union", "Harrowgate Union of Georgia"),
        ("Harrowgate Union", "Harrowgate Youth Union"),
    ],
)
def test_a_name_that_contains_the_other_derives_from_it(one: str, other: str) -> None:
    assert compare(one, other).is_derived


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Workers Union Local 32", "Workers Union Local 45"),
        ("First Baptist Church", "Second Baptist Church"),
        ("Voices of Georgia", "Voices of Ohio"),
        ("New York Tenants", "Georgia Tenants"),
    ],
)
def test_other_numbers_and_states_contradict(one: str, other: str) -> None:
    assert compare(one, other).is_contradictory


def test_names_that_share_only_frequent_words_are_not_similar() -> None:
    assert compare("Harrowgate Community Center", "Quillfeather Community Center").value < 0.4
    assert compare("Harrowgate Elementary PTA", "Quillfeather Elementary PTA").unmatched_weights[0] > 0.9


def test_words_of_the_place_hardly_count() -> None:
    without_place = compare("Tenants Union", "Macon Tenants Union")
    with_place = compare("Tenants Union", "Macon Tenants Union", one_place=("macon",), other_place=("macon",))
    assert with_place.value > 0.9 > without_place.value


def test_the_state_of_the_other_record_is_no_contradiction() -> None:
    similarity = compare(
        "Tenants Union of Georgia", "Tenants Union", one_place=("macon", "georgia"), other_place=("macon", "georgia")
    )
    assert not similarity.is_derived
    assert not similarity.is_contradictory


def test_names_with_nothing_in_common_have_similarity_zero() -> None:
    assert compare("Harrowgate", "Quillfeather").value == 0.0
    assert compare("東京", "大阪").value == 0.0


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
