"""Sets of rows by key: changes, masks, and what two audiences share."""

from random import Random

import pytest
from pyroaring import BitMap

from directory.search.row_sets import RowSets

KEYS = "abcdef"


def draw_keys(rng: Random) -> frozenset[str]:
    return frozenset(rng.sample(KEYS, rng.randrange(4)))


def read(sets: RowSets) -> dict[str, set[int]]:
    return {key: set(sets[key]) for key in sets}


@pytest.mark.parametrize("seed", range(10))
def test_changed_and_masked_sets_are_the_same_as_new_ones(seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    keys = {row: draw_keys(rng) for row in range(30)}
    sets, visible = RowSets.build(keys.items()), set(range(0, 30, 2))
    masked = sets.mask(BitMap(visible))
    for _ in range(15):
        changed = {row: draw_keys(rng) for row in rng.sample(range(40), 3)}
        before = {row: keys[row] for row in changed if row in keys}
        sets = sets.with_changes(before, changed)
        shown = {row for row in changed if rng.random() < 0.5}
        masked = masked.with_changes(
            {row: old for row, old in before.items() if row in visible}, {row: changed[row] for row in shown}, sets
        )
        keys, visible = keys | changed, visible - changed.keys() | shown
        assert read(sets) == read(RowSets.build(keys.items()))
        assert read(masked) == read(RowSets.build((row, keys[row]) for row in visible if row in keys))


def test_sets_that_a_mask_does_not_change_are_shared() -> None:
    sets = RowSets.build([(0, ("a", "b")), (1, ("b",)), (2, ("c",))])
    masked = sets.mask(BitMap([0, 2]))
    assert masked["a"] is sets["a"]
    assert list(masked["b"]) == [0]
    assert set(sets.mask(BitMap([1]))) == {"b"}


def test_equal_sets_are_shared_again_after_a_change() -> None:
    wide = RowSets.build([(0, ("a",)), (1, ("b",))])
    narrow = wide.mask(BitMap([0, 1]))
    changed = wide.with_changes({1: frozenset("b")}, {1: frozenset("a")})
    assert narrow.with_changes({1: frozenset("b")}, {1: frozenset("a")}, changed)["a"] is changed["a"]
    assert wide.with_changes({1: frozenset("b")}, {1: frozenset("b")}) is wide


def test_rows_are_counted_by_key_with_zero_for_an_unknown_key() -> None:
    sets = RowSets.build([(1, ("a", "b")), (2, ("a",)), (3, ("b",))])
    assert sets.count(BitMap([2, 3]), ("b", "a", "c")) == [("b", 1), ("a", 1), ("c", 0)]
