"""Which rows bear a whole name, folded."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Bearers = Iterable[tuple[int, Iterable[str]]]  # rows with their folded names


class ExactNames:
    """Names as 64-bit hashes in ascending order, each with its row: a tenth of the memory of the names. Immutable."""

    def __init__(self, hashes: NDArray[np.int64], rows: NDArray[np.uint32]) -> None:
        self._hashes = hashes
        self._rows = rows

    @classmethod
    def of(cls, bearers: Bearers) -> "ExactNames":
        return cls(np.empty(0, np.int64), np.empty(0, np.uint32)).changed((), bearers)

    def changed(self, gone: Bearers, come: Bearers) -> "ExactNames":
        left = self._without([row for row, _ in gone])
        pairs = [(hash(name), row) for row, names in come for name in set(names)]
        hashes = np.concatenate((self._hashes[left], np.array([value for value, _ in pairs], np.int64)))
        rows = np.concatenate((self._rows[left], np.array([row for _, row in pairs], np.uint32)))
        order = np.argsort(hashes, kind="stable")
        return ExactNames(hashes[order], rows[order])

    def bearers(self, name: str) -> BitMap:
        value = hash(name)
        first, end = np.searchsorted(self._hashes, value, side="left"), np.searchsorted(self._hashes, value, side="right")
        return BitMap(self._rows[first:end].tolist())

    def _without(self, rows: list[int]) -> NDArray[np.bool_]:
        gone: NDArray[np.bool_] = np.isin(self._rows, np.array(rows, np.uint32), invert=True)
        return gone
