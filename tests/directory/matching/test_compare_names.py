"""The points of names, and their limits."""

import pytest

from directory.matching.compare_names import compare_names
from directory.matching.token_frequency import TokenFrequency
from directory.matching.weights import (
    CROSSED_WORD,
    MAX_CROSSED_WORDS,
    MAX_RARE_WORDS,
    NAME_BASE,
    NAME_PER_RARE_WORD,
    NEUTRAL_SIMILARITY,
)
from tests.directory.matching.match_records import some_features

RARE = "Harrowgate Quill Lantern Tidewater Pelican Juniper"


def points(one: str, other: str) -> float:
    return compare_names(some_features(one), some_features(other), TokenFrequency()).evidence.points


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
