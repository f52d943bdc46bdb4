"""Rows by key: for each term, region, kind ... the set of rows that have it."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

EMPTY_ROWS = BitMap()


def to_row_set(rows: NDArray[np.integer[Any]]) -> BitMap:
    """The set of the row numbers in an array; through an array of C, which pyroaring takes whole."""
    return BitMap(array("I", rows.astype(np.uint32).tobytes()))


def unite(sets: Iterable[BitMap]) -> BitMap:
    """The rows of all the sets; a single set as it is, which must not be changed."""
    found = list(sets)
    if len(found) == 1:
        return found[0]
    return BitMap.union(*found) if found else EMPTY_ROWS


class RowSets:
    """Immutable. A key that no row has gives the empty set. Sets that are handed out must not be changed."""

    def __init__(self, sets: Mapping[str, BitMap]) -> None:
        self._sets = sets

    @classmethod
    def build(cls, rows: Iterable[tuple[int, Iterable[str]]]) -> "RowSets":
        lists: dict[str, list[int]] = {}
        for row, keys in rows:
            for key in keys:
                lists.setdefault(key, []).append(row)
        return cls({key: BitMap(listed) for key, listed in lists.items()})

    def with_changes(
        self, removed_keys: Iterable[tuple[int, Iterable[str]]], added_keys: Iterable[tuple[int, Iterable[str]]]
    ) -> "RowSets":
        sets, own = dict(self._sets), dict[str, BitMap]()
        for rows, change in ((removed_keys, BitMap.discard), (added_keys, BitMap.add)):
            for row, keys in rows:
                for key in keys:
                    if key not in own:
                        own[key] = BitMap(sets.get(key, EMPTY_ROWS))
                    change(own[key], row)
        sets.update(own)
        for key, found in own.items():
            if not found:
                del sets[key]
        return RowSets(sets)

    def __getitem__(self, key: str) -> BitMap:
        return self._sets.get(key, EMPTY_ROWS)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def match_any(self, keys: Iterable[str]) -> BitMap:
        """The rows that have at least one of the keys."""
        return unite(self._sets[key] for key in keys if key in self._sets)
