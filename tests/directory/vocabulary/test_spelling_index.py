"""Skipping names does not change the result."""

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


def misspell(rng: Random, word: str) -> str:
    for _ in range(rng.randint(0, 4)):
        at = rng.randint(0, len(word))
        word = rng.choice((word[:at] + rng.choice("abcxyz é9") + word[at:], word[:at] + word[at + 1 :]))
    return word


@pytest.mark.parametrize("min_ratio", [65, 75, 84, 100])
def test_the_result_is_that_of_comparing_all_names(min_ratio: float) -> None:
    rng, match_count = Random(min_ratio), 0  # noqa: S311
    for _ in range(300):
        word = misspell(rng, rng.choice(NAMES))
        expected = process.extract(word, NAMES, scorer=fuzz.ratio, limit=None, score_cutoff=min_ratio)
        assert INDEX.find_similar(word, min_ratio) == [(name, ratio) for name, ratio, _ in expected], word
        match_count += len(expected)
    assert match_count > 40


def test_the_number_of_results_is_limited() -> None:
    assert [name for name, _ in INDEX.find_similar("lincoln county", 84, limit=1)] == ["lincoln county"]


def test_without_names_nothing_is_found() -> None:
    assert SpellingIndex([]).find_similar("a", 50) == []
