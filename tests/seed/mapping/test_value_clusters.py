"""Clusters of similar values: what belongs together, what never does, and how much work it is."""

import random
from collections.abc import Iterable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from directory.text import fold
from seed.mapping.spelling_questions import (
    LONG_LENGTH,
    MAX_BLOCK_SIZE,
    MAX_DISTINCT_VALUES,
    MAX_VALUE_LENGTH,
    compare_keys,
    find_clusters,
    fingerprint,
)

ROOTS = (
    "savannah",
    "savanna",
    "salem",
    "selma",
    "organizer",
    "green space",
    "region 1",
    "region 2",
    "director",
    "housing justice",
)


def misspell(text: str, chance: random.Random) -> str:
    """Change one or two letters, the case or the order of words."""
    letters = list(text)
    for _ in range(chance.randint(0, 2)):
        place = chance.randrange(len(letters))
        change = chance.choice(("drop", "double", "replace", "exchange", "upper"))
        if change == "drop" and len(letters) > 2:
            del letters[place]
        elif change == "double":
            letters.insert(place, letters[place])
        elif change == "replace":
            letters[place] = chance.choice("aeious")
        elif change == "exchange" and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif change == "upper":
            letters = list("".join(letters).upper())
    words = "".join(letters).split()
    return " ".join(reversed(words)) if chance.random() < 0.2 else " ".join(words)


@st.composite
def counted_values(draw: st.DrawFn) -> dict[str, int]:
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - not a secret
    values = [misspell(chance.choice(ROOTS), chance) for _ in range(draw(st.integers(2, 40)))]
    return {value: chance.randint(1, 9) for value in values}


def list_texts(counts: dict[str, int]) -> list[tuple[str, ...]]:
    return [tuple(text for text, _ in cluster.spellings) for cluster in find_clusters(counts)]


def test_spellings_of_one_value_are_together_with_the_most_frequent_first() -> None:
    counts = {"Savanah": 3, "Savannah": 120, "SAVANNAH,": 2, "Savannnah": 1, "Macon": 7}
    (cluster,) = find_clusters(counts)
    assert cluster.spellings == (("Savannah", 120), ("Savanah", 3), ("SAVANNAH,", 2), ("Savannnah", 1))
    assert (cluster.suggestion, cluster.count) == ("Savannah", 126)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Executive Director", "director, EXECUTIVE"),
        ("Cañon City", "Canon City"),
        ("Winston Salem", "Winstonsalem"),
        ("Organizer", "Organzier"),
        ("Salem", "Slaem"),
        ("Green space", "Green-spaces"),
    ],
)
def test_these_are_near(one: str, other: str) -> None:
    assert len(find_clusters({one: 2, other: 1})) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Region 1", "Region 2"),
        ("District 12", "District 21"),
        ("Rome", "Nome"),  # too short
        ("Chair", "Chairman"),
        ("Mental health", "Dental help"),
        ("", "-"),
        ("☂", "☃"),
    ],
)
def test_these_are_not(one: str, other: str) -> None:
    assert find_clusters({one: 2, other: 1}) == []


def test_two_known_values_are_never_together_and_a_known_one_is_suggested() -> None:
    known = {"Salem", "Selem", "Health mental", "Mental health"}
    counts = {"Salem": 2, "Selem": 1, "Slaem": 90, "Mental health": 5, "Health mental": 2, "mental-health": 1}
    clusters = {cluster.suggestion: cluster.spellings for cluster in find_clusters(counts, known.__contains__)}
    assert clusters == {"Salem": (("Salem", 2), ("Slaem", 90)), "Mental health": (("Mental health", 5), ("mental-health", 1))}


@settings(max_examples=200, deadline=None)
@given(counted_values(), st.randoms(use_true_random=False))
def test_the_order_of_values_does_not_matter(counts: dict[str, int], chance: random.Random) -> None:
    items = list(counts.items())
    chance.shuffle(items)
    assert find_clusters(dict(items)) == find_clusters(counts)


@settings(max_examples=200, deadline=None)
@given(counted_values())
def test_each_spelling_is_once_in_a_cluster_near_its_suggestion(counts: dict[str, int]) -> None:
    known = set(ROOTS)
    clusters = find_clusters(counts, known.__contains__)
    texts = [text for cluster in clusters for text, _ in cluster.spellings]
    assert len(texts) == len(set(texts))
    for cluster in clusters:
        spellings = [text for text, _ in cluster.spellings]
        assert len({fold(text) for text in spellings if text in known}) <= 1
        assert len({tuple(filter(str.isdigit, text)) for text in spellings}) == 1
        assert all(counts[text] == count for text, count in cluster.spellings)
        near = {fingerprint(text) for text in spellings if is_near(cluster.suggestion, text)}
        assert near == {fingerprint(text) for text in spellings}


def is_near(one: str, other: str) -> bool:
    """Return whether the definition of the module calls them near, without any n-grams."""
    if fingerprint(one) == fingerprint(other):
        return True
    shorter = min(len(fold(one)), len(fold(other)))
    return OSA.distance(fold(one), fold(other)) <= (2 if shorter >= LONG_LENGTH else 1)


def test_the_generated_values_reach_clusters_of_both_methods() -> None:
    chance = random.Random(7)  # noqa: S311
    counts = {misspell(chance.choice(ROOTS), chance): 1 for _ in range(300)}
    clusters = list_texts(counts)
    assert any(len(cluster) > len({fingerprint(text) for text in cluster}) for cluster in clusters)
    assert any(len({fingerprint(text) for text in cluster}) > 1 for cluster in clusters)
    assert sum(map(len, clusters)) < len(counts)


def test_blocking_by_n_grams_loses_no_pair() -> None:
    chance = random.Random(3)  # noqa: S311
    found = 0
    for _ in range(2_000):
        root = "".join(chance.choice("abcde ") for _ in range(chance.randint(5, 14))).strip()
        one, other = root, misspell(root, chance)
        if fold(one) and fold(one) != fold(other) and min(len(fold(one)), len(fold(other))) >= 5 and is_near(one, other):
            found += 1
            assert len(find_clusters({one: 2, other: 1})) == 1, (one, other)
    assert found > 500


@pytest.mark.parametrize("alphabet", ["ab", "abcdefghijklmnopqrstuvwxyz"])
def test_the_work_grows_with_the_number_of_values_only(alphabet: str) -> None:
    assert count_comparisons(2_000, alphabet) <= 2_000 * MAX_BLOCK_SIZE * 7


def count_comparisons(size: int, alphabet: str) -> int:
    chance = random.Random(1)  # noqa: S311
    counts = {"tenants " + "".join(chance.choice(alphabet) for _ in range(20)): 1 for _ in range(size)}
    total = 0

    def compare(key: str, others: Sequence[str], limit: int) -> Iterable[tuple[int, int]]:
        nonlocal total
        total += len(others)
        return compare_keys(key, others, limit)

    find_clusters(counts, compare=compare)
    assert total > 0
    return total


def test_values_beyond_the_limits_are_left_out() -> None:
    long = "x" * MAX_VALUE_LENGTH
    assert find_clusters({f"{long}y": 1, f"{long}z": 1}) == []
    names = dict.fromkeys(_list_words(MAX_DISTINCT_VALUES), 2)
    assert find_clusters({**names, "Savannah": 1, "SAVANNAH": 1}) == []


def _list_words(count: int) -> Iterator[str]:
    for number in range(count):
        yield "".join(chr(ord("k") + int(digit)) for digit in f"{number:04}")  # too short for neighbors


def test_many_spellings_with_one_fingerprint_are_one_cluster() -> None:
    counts = {"green" + "-" * (number + 1) + "space": 1 for number in range(80)}
    (cluster,) = find_clusters(counts)
    assert len(cluster.spellings) == 80
