"""Families of organizations: an organization and its branches, so that they can be counted once."""

from collections.abc import Sequence

import numpy as np
from pyroaring import BitMap

from directory.search.rows import Ints
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import PARENT_SETS


class Families:
    """The families among some rows, as one audience sees them. A row without a parent or branch there is its own family."""

    def __init__(self, index: SearchIndex, rows: BitMap) -> None:
        self._parents = _map_parents(index)
        tops = {row: self._find_top(row) for row in self._parents.keys() | set(self._parents.values()) if row in rows}
        sizes = np.unique(np.array(list(tops.values()), np.int64), return_counts=True)
        shared = {top for top, size in zip(*(part.tolist() for part in sizes), strict=True) if size > 1}
        self._tops = {row: top for row, top in tops.items() if top in shared}
        self.rows = BitMap(self._tops.keys())  # those that share their family with another of the rows

    def get_family(self, row: int) -> int:
        """Return a number that all rows of a family have in common."""
        return self._tops.get(row, row)

    def find_relatives(self, rows: BitMap) -> BitMap:
        """Return all rows that share a family with one of these rows."""
        touched = {self._tops[row] for row in rows & self.rows}
        return BitMap([row for row, top in self._tops.items() if top in touched])

    def count_repeated(self, columns: Sequence[BitMap], term_sets: Sequence[BitMap]) -> Ints:
        """Return by how many the rows of a cell outnumber its families, for the cells of `term_sets` (rows) and `columns`."""
        repeated = np.zeros((len(term_sets), len(columns)), np.int64)
        if not self.rows:
            return repeated
        rows_by_column = [(column & self.rows).to_array() for column in columns]
        rows = np.concatenate([np.zeros(0, np.int64), *rows_by_column])
        numbers = np.repeat(np.arange(len(columns)), [len(part) for part in rows_by_column])
        length = int(self.rows.max()) + 1
        tops = np.zeros(length, np.int64)
        tops[list(self._tops)] = list(self._tops.values())
        families = numbers * (length + int(tops.max()) + 1) + tops[rows]
        for position, term_rows in enumerate(term_sets):
            if term_rows.intersection_cardinality(self.rows) < 2:
                continue
            has_term = np.zeros(length, np.bool_)
            has_term[np.asarray((term_rows & self.rows).to_array(), np.int64)] = True
            chosen = np.flatnonzero(has_term[rows])
            _, firsts = np.unique(families[chosen], return_index=True)
            counts = np.bincount(numbers[chosen], minlength=len(columns))
            repeated[position] = counts - np.bincount(numbers[chosen[firsts]], minlength=len(columns))
        return repeated

    def _find_top(self, row: int) -> int:
        """Return the topmost parent. If parents go round in a circle, the lowest row of the circle."""
        path: list[int] = []
        while row in self._parents and row not in path:
            path.append(row)
            row = self._parents[row]
        return min(path[path.index(row) :]) if row in path else row


def _map_parents(index: SearchIndex) -> dict[int, int]:
    """Return the row of the parent of each branch. Branches whose parent the audience does not see are left out."""
    sets, find_row = index.sets[PARENT_SETS], index.rows.find_row
    parents = ((find_row(parent), sets[parent]) for parent in sets)
    return {branch: parent for parent, branches in parents if parent is not None for branch in branches}
