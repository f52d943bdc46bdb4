"""The points of names, and what is said about them."""

import pytest

from directory.matching.compare_names import NameComparison, compare_names
from directory.matching.token_frequency import TokenFrequency
from directory.matching.weights import (
    CONTAINED_NAME,
    CROSSED_WORD,
    MAX_CROSSED_WORDS,
    MAX_RARE_WORDS,
    NAME_BASE,
    NAME_PER_RARE_WORD,
    NEUTRAL_SIMILARITY,
    PART_SHARE,
    TYPO_SHARE,
)
from tests.directory.matching.match_records import some_features

RARE = "Harrowgate Quill Lantern Tidewater Pelican Juniper"


def compare(one: str, other: str) -> NameComparison:
    """Compare two names in both orders, which must agree."""
    left, right = some_features(one), some_features(other)
    result, reversed_result = compare_names(left, right, TokenFrequency()), compare_names(right, left, TokenFrequency())
    assert result.evidence.points == reversed_result.evidence.points
    return result


def points(one: str, other: str) -> float:
    return compare(one, other).evidence.points


@pytest.mark.parametrize(
    ("name", "weight"), [("Harrowgate", 1.0), ("Harrowgate Quill", 2.0), ("Harrowgate Quill Lantern", 2.4), (RARE, 2.4)]
)
def test_rare_words_add_up_to_a_limit(name: str, weight: float) -> None:
    assert weight <= MAX_RARE_WORDS
    assert points(name, name) == round(NAME_BASE + NAME_PER_RARE_WORD * weight, 1)


@pytest.mark.parametrize(("more", "crossed"), [(("Otter",), ("Finch",)), (("Otter", "Brindle"), ("Finch", "Walnut"))])
def test_words_that_each_name_has_and_the_other_lacks_subtract_points_up_to_a_limit(
    more: tuple[str, ...], crossed: tuple[str, ...]
) -> None:
    score = points(f"{RARE} {' '.join(more)}", f"{RARE} {' '.join(crossed)}")
    similarity = 6 / (6 + len(more))
    most = (NAME_BASE + NAME_PER_RARE_WORD * MAX_RARE_WORDS) * (similarity - NEUTRAL_SIMILARITY) / (1 - NEUTRAL_SIMILARITY)
    assert score == round(most + CROSSED_WORD * min(len(more), MAX_CROSSED_WORDS), 1)


@pytest.mark.parametrize(
    "longer",
    [
        "Casa Lantern / Harrowgate Quill",
        "Casa Lantern (Harrowgate Quill)",
        "Harrowgate Quill: a newspaper by and for people on the street",
        "Harrowgate Quill, fiscally sponsored by Tidewater Commons",
        "Tidewater Commons - Harrowgate Quill",
        "Tidewater Commons \u2013 Harrowgate Quill",
    ],
)
def test_a_name_within_another_beside_a_separator(longer: str) -> None:
    comparison = compare("Harrowgate Quill", longer)
    assert comparison.evidence.points == round(PART_SHARE * points("Harrowgate Quill", "Harrowgate Quill"), 1)
    assert comparison.evidence.detail.startswith("one name is a part of the other")
    assert not comparison.may_be_same


def test_a_name_within_another_without_a_separator() -> None:
    comparison = compare("Harrowgate Quill", "Somali Lantern Harrowgate Tidewater Quill")
    assert comparison.evidence.points == CONTAINED_NAME
    assert comparison.evidence.detail.startswith("one name has all words of the other")
    assert not comparison.may_be_same
    assert points("Community Center", "Community Lantern Tidewater Center") < 0, "a generic name is within many"


@pytest.mark.parametrize("cut", ["Organization of Quill Women for Land and Tid", "Organization of Quill Women for Land and T"])
def test_a_name_that_is_cut_off(cut: str) -> None:
    whole = "Organization of Quill Women for Land and Tidewater Rights"
    comparison = compare(cut.upper(), whole)
    assert comparison.evidence.detail.startswith("one name is cut off")
    assert comparison.evidence.points > TYPO_SHARE * 44
    assert not comparison.may_be_same


def test_a_short_name_is_not_cut_off() -> None:
    assert "cut off" not in compare("Quill Can", "Quill Canvas Council").evidence.detail


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Mt Harrowgate Nbrs Org for Tenant Rts", "Mount Harrowgate Neighbors Organization for Tenant Rights"),
        ("Ft. Harrowgate Interfaith Mvmt", "Fort Harrowgate Interfaith Movement"),
        ("Quill Ave. Day Laborers", "Quill Avenue Day Laborers"),
        ("Quill St Shelter", "Quill Street Shelter"),
        ("St. Quill Shelter", "Saint Quill Shelter"),
        ("Quill Worker Co-op", "Quill Worker Cooperative"),
    ],
)
def test_abbreviated_names(short: str, long: str) -> None:
    assert points(short, long) == points(long, long)


def test_names_with_nothing_in_common_have_no_extra_word() -> None:
    assert compare("Harrowgate Youth League", "Pier Lantern Guild").evidence.detail.startswith("different names")
