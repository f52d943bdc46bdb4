import pytest

from directory.matching.compare_names import NameSimilarity, name_similarity
from directory.matching.normalized_name import normalize_name
from directory.matching.token_frequency import TokenFrequency


def alike(one: str, other: str, here: tuple[str, ...] = (), there: tuple[str, ...] = ()) -> NameSimilarity:
    left, right = normalize_name(one), normalize_name(other)
    assert left is not None
    assert right is not None
    found = name_similarity(left, right, TokenFrequency(), here, there)
    turned = name_similarity(right, left, TokenFrequency(), there, here)
    assert turned.value == pytest.approx(found.value)
    return found


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
def test_names_that_may_be_one(one: str, other: str) -> None:
    found = alike(one, other)
    assert found.value > 0.85
    assert not found.is_derived
    assert not found.is_contradictory


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
    assert alike(one, other).is_derived


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
    assert alike(one, other).is_contradictory


def test_names_that_share_only_what_many_have_are_hardly_alike() -> None:
    assert alike("Harrowgate Community Center", "Quillfeather Community Center").value < 0.4
    assert alike("Harrowgate Elementary PTA", "Quillfeather Elementary PTA").unmatched_weights[0] > 0.9


def test_where_they_are_hardly_counts_in_a_name() -> None:
    bare = alike("Tenants Union", "Macon Tenants Union")
    known = alike("Tenants Union", "Macon Tenants Union", here=("macon",), there=("macon",))
    assert known.value > 0.9 > bare.value


def test_a_state_where_the_other_is_does_not_contradict() -> None:
    found = alike("Tenants Union of Georgia", "Tenants Union", here=("macon", "georgia"), there=("macon", "georgia"))
    assert not found.is_derived
    assert not found.is_contradictory


def test_nothing_in_common_is_zero() -> None:
    assert alike("Harrowgate", "Quillfeather").value == 0.0
    assert alike("東京", "大阪").value == 0.0
