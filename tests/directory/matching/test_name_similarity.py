import pytest

from directory.matching.name_similarity import NameSimilarity, name_similarity
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
