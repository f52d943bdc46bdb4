"""Passing over most names changes nothing about those that are found."""

from random import Random

import pytest
from rapidfuzz import fuzz, process

from directory.gazetteer.place import make_place_key
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.spelling_index import SpellingIndex

NAMES = sorted(
    {make_place_key(region.name) for region in REGIONS} | {region.code for region in REGIONS} | {"", "é", "ñandú", "ab" * 40}
)
INDEX = SpellingIndex(NAMES)


def misspelled(rng: Random, word: str) -> str:
    for _ in range(rng.randint(0, 4)):
        at = rng.randint(0, len(word))
        word = rng.choice((word[:at] + rng.choice("abcxyz é9") + word[at:], word[:at] + word[at + 1 :]))
    return word


@pytest.mark.parametrize("least", [65, 75, 84, 100])
def test_the_names_are_those_that_a_comparison_with_all_finds(least: float) -> None:
    rng, found = Random(least), 0  # noqa: S311
    for _ in range(300):
        word = misspelled(rng, rng.choice(NAMES))
        expected = process.extract(word, NAMES, scorer=fuzz.ratio, limit=None, score_cutoff=least)
        assert INDEX.find_similar(word, least) == [(name, ratio) for name, ratio, _ in expected], word
        found += len(expected)
    assert found > 40


def test_only_as_many_as_asked_for() -> None:
    assert [name for name, _ in INDEX.find_similar("lincoln county", 84, limit=1)] == ["lincoln county"]


def test_without_names_nothing_is_found() -> None:
    assert SpellingIndex([]).find_similar("a", 50) == []
