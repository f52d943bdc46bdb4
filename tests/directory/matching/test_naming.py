"""How many points names bring, and beyond what more of the same brings none."""

import pytest

from directory.matching import Rarity
from directory.matching.naming import named
from directory.matching.weights import CROSSED, CROSSED_MOST, LIKENESS_NONE, NAME_BASE, NAME_MASS_MOST, NAME_PER_MASS
from tests.directory.matching.parties import some_traits

RARE = "Harrowgate Quill Lantern Tidewater Pelican Juniper"


def points(one: str, other: str) -> float:
    return named(some_traits(one), some_traits(other), Rarity()).evidence.points


@pytest.mark.parametrize(
    ("name", "mass"), [("Harrowgate", 1.0), ("Harrowgate Quill", 2.0), ("Harrowgate Quill Lantern", 2.4), (RARE, 2.4)]
)
def test_rare_words_add_up_to_a_limit(name: str, mass: float) -> None:
    assert mass <= NAME_MASS_MOST
    assert points(name, name) == round(NAME_BASE + NAME_PER_MASS * mass, 1)


@pytest.mark.parametrize(("more", "crossed"), [(("Otter",), ("Finch",)), (("Otter", "Brindle"), ("Finch", "Walnut"))])
def test_words_that_each_name_has_and_the_other_not_speak_against_up_to_a_limit(
    more: tuple[str, ...], crossed: tuple[str, ...]
) -> None:
    found = points(f"{RARE} {' '.join(more)}", f"{RARE} {' '.join(crossed)}")
    likeness = 6 / (6 + len(more))
    whole = (NAME_BASE + NAME_PER_MASS * NAME_MASS_MOST) * (likeness - LIKENESS_NONE) / (1 - LIKENESS_NONE)
    assert found == round(whole + CROSSED * min(len(more), CROSSED_MOST), 1)
