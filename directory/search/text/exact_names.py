"""Rows by their whole folded names."""

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap


class NameHashes:
    """Rows and their names, unsorted. A name is stored as its 64-bit hash, which takes a tenth of the memory."""

    def __init__(self) -> None:
        self.hashes = array("q")
        self.rows = array("I")

    def add(self, row: int, names: Iterable[str]) -> None:
        """Add the folded names of a row."""
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
        removed = [
            position
            for value, row in zip(removed_names.hashes, removed_names.rows, strict=True)
            for position in self._find_span(value)
            if self._rows[position] == row
        ]
        hashes, rows = (np.delete(column, removed) if removed else column for column in (self._hashes, self._rows))
        added = ExactNames.build(added_names)
        insert_at = np.searchsorted(hashes, added._hashes)
        return ExactNames(np.insert(hashes, insert_at, added._hashes), np.insert(rows, insert_at, added._rows))

    def find_rows(self, name: str) -> BitMap:
        """Return the rows with this folded name."""
        return BitMap([int(self._rows[position]) for position in self._find_span(hash(name))])

    def _find_span(self, value: int) -> range:
        return range(int(np.searchsorted(self._hashes, value)), int(np.searchsorted(self._hashes, value, side="right")))
