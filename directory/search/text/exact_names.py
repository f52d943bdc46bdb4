"""Which rows bear a whole name, folded."""

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap


class NameHashes:
    """Rows and the names that they bear, in no order. A name is kept as its 64-bit hash: a tenth of its memory."""

    def __init__(self) -> None:
        self.hashes = array("q")
        self.rows = array("I")

    def add(self, row: int, names: Iterable[str]) -> None:
        """The names must be folded."""
        hashes = sorted({hash(name) for name in names})
        self.hashes.extend(hashes)
        self.rows.extend([row] * len(hashes))


class ExactNames:
    """Rows by name. Immutable."""

    def __init__(self, hashes: NDArray[np.int64], rows: NDArray[np.uint32]) -> None:
        self._hashes = hashes  # ascending
        self._rows = rows

    @classmethod
    def build(cls, name_hashes: NameHashes) -> "ExactNames":
        hashes, rows = np.array(name_hashes.hashes, np.int64), np.array(name_hashes.rows, np.uint32)
        order = np.argsort(hashes, kind="stable")
        return cls(hashes[order], rows[order])

    def with_changes(self, removed_names: NameHashes, added_names: NameHashes) -> "ExactNames":
        left = [
            at
            for value, row in zip(removed_names.hashes, removed_names.rows, strict=True)
            for at in self._find_span(value)
            if self._rows[at] == row
        ]
        hashes, rows, new = np.delete(self._hashes, left), np.delete(self._rows, left), ExactNames.build(added_names)
        at = np.searchsorted(hashes, new._hashes)
        return ExactNames(np.insert(hashes, at, new._hashes), np.insert(rows, at, new._rows))

    def find_rows(self, name: str) -> BitMap:
        """The rows that bear the folded name."""
        return BitMap([int(self._rows[at]) for at in self._find_span(hash(name))])

    def _find_span(self, value: int) -> range:
        return range(int(np.searchsorted(self._hashes, value)), int(np.searchsorted(self._hashes, value, side="right")))
