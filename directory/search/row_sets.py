"""Sets of row numbers, and such sets by key."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

EMPTY_ROWS = BitMap()
MAX_SHARED = 3  # rows of sets that are shared if they are equal


def to_row_set(rows: NDArray[np.integer[Any]]) -> BitMap:
    """Return the set of row numbers in an array. pyroaring copies an `array.array` in one step."""
    return BitMap(array("I", rows.astype(np.uint32).tobytes()))


def unite(sets: Iterable[BitMap]) -> BitMap:
    """Return the union of the sets. The result may be one of them, so it must not be changed."""
    listed = [rows for rows in sets if rows]
    if len(listed) == 1:
        return listed[0]
    return BitMap.union(*listed) if listed else EMPTY_ROWS


def unite_pair(one: BitMap, other: BitMap) -> BitMap:
    """Return the union of two sets; if one of them is empty, the other one itself."""
    return one | other if one and other else one or other


def count_memberships(sets: Iterable[BitMap]) -> list[BitMap]:
    """Return the rows that are in at least one of the sets, in at least two, and so on."""
    counted: list[BitMap] = []
    for rows in sets:
        more = [rows, *(fewer & rows for fewer in counted)]
        counted = [unite_pair(one, other) for one, other in zip([*counted, EMPTY_ROWS], more, strict=True)]
    return counted


Keys: TypeAlias = frozenset[str] | tuple[str, ...]
KeysByRow: TypeAlias = Mapping[int, AbstractSet[str]]


class _SmallSets(dict[tuple[int, ...], BitMap]):
    """One set for equal rows: all members of a coalition that belong to no other one share the set of its row."""

    def __missing__(self, rows: tuple[int, ...]) -> BitMap:
        self[rows] = shared = BitMap(rows)
        return shared


class RowSets:
    """Sets of rows by key; empty for an unknown key. Immutable, and the sets it returns must not be changed."""

    def __init__(self, sets: Mapping[str, BitMap]) -> None:
        self._sets = sets

    @classmethod
    def build(cls, rows: Iterable[tuple[int, Keys]]) -> "RowSets":
        """Build from rows and their keys. Most rows have the same keys as others, so they are grouped by all their keys first."""
        groups: dict[Keys, list[int]] = {}
        for row, keys in rows:
            if keys:
                groups.setdefault(keys, []).append(row)
        rows_by_key: dict[str, list[int]] = {}
        for keys, group in groups.items():
            for key in keys:
                rows_by_key.setdefault(key, []).extend(group)
        small = _SmallSets()
        return cls({key: small[tuple(rows)] if len(rows) <= MAX_SHARED else BitMap(rows) for key, rows in rows_by_key.items()})

    def with_changes(self, before: KeysByRow, after: KeysByRow, wider: "RowSets | None" = None) -> "RowSets":
        """Return the sets after rows lost the keys of `before` and got those of `after`. Only the sets that change are copied.

        A set that equals the one of `wider`, a wider audience, is shared with it.
        """
        changed: dict[str, BitMap] = {}
        for rows, others, change in ((before, after, BitMap.discard), (after, before, BitMap.add)):
            for row, keys in rows.items():
                for key in keys - others.get(row, frozenset()):
                    if key not in changed:
                        changed[key] = BitMap(self[key])
                    change(changed[key], row)
        if not changed:
            return self
        sets = {**self._sets, **changed}
        for key, rows_with_key in changed.items():
            if not rows_with_key:
                del sets[key]
            elif wider is not None and wider[key] == rows_with_key:
                sets[key] = wider[key]
        return RowSets(sets)

    def mask(self, mask: BitMap) -> "RowSets":
        """Return the sets limited to some rows. A set that loses no row is shared, and one that loses all is left out."""
        limited = ((key, rows if rows <= mask else rows & mask) for key, rows in self._sets.items())
        return RowSets({key: rows for key, rows in limited if rows})

    def toggle(self, rows_by_key: Mapping[str, BitMap]) -> "RowSets":
        """Return the sets after these rows lost their key if they had it, and got it if they had not."""
        if not rows_by_key:
            return self
        toggled = {key: self[key] ^ rows for key, rows in rows_by_key.items()}
        return RowSets({key: rows for key, rows in {**self._sets, **toggled}.items() if rows})

    def select(self, is_selected: Callable[[str], bool]) -> "RowSets":
        """Return the sets of some keys; the same object if these are all."""
        selected = {key: rows for key, rows in self._sets.items() if is_selected(key)}
        return self if len(selected) == len(self._sets) else RowSets(selected)

    def equals(self, other: "RowSets") -> bool:
        """Return whether both have the same rows for every key."""
        return self._sets == other._sets

    def __getitem__(self, key: str) -> BitMap:
        return self._sets.get(key, EMPTY_ROWS)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def count(self, rows: BitMap, keys: Iterable[str]) -> list[tuple[str, int]]:
        """Return each of the keys with the number of these rows that have it."""
        sets = self._sets
        return [(key, rows.intersection_cardinality(sets[key]) if key in sets else 0) for key in keys]

    def match_any(self, keys: Iterable[str]) -> BitMap:
        """Return the rows that have at least one of the keys."""
        return unite(self._sets[key] for key in keys if key in self._sets)
