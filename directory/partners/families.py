"""Families of organizations: an organization and its branches, so that they can be counted once."""

from collections import Counter
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from pyroaring import BitMap

from directory.search.rows import Ints, Rows
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import PARENT_SETS


class Families:
    """The families among some rows, as one audience sees them. A row without a parent or branch there is its own family."""

    def __init__(self, index: SearchIndex, rows: BitMap) -> None:
        self._parents = _map_parents(index)
        related = BitMap(self._parents.keys()) | BitMap(self._parents.values())
        tops = {row: self._find_top(row) for row in related & rows}
        sizes = Counter(tops.values())
        self._tops = {row: top for row, top in tops.items() if sizes[top] > 1}
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
        rows, column_numbers, families = self._list_shared(columns)
        for position, term_rows in enumerate(term_sets):
            has_term = np.zeros(int(self.rows.max()) + 1, np.bool_)
            has_term[(term_rows & self.rows).to_array()] = True
            chosen = has_term[rows]
            numbers, present = column_numbers[chosen], families[chosen]
            is_repeated = np.zeros(len(present), np.bool_)
            is_repeated[1:] = present[1:] == present[:-1]  # they are sorted
            repeated[position] = np.bincount(numbers[is_repeated], minlength=len(columns))
        return repeated

    def _list_shared(self, columns: Sequence[BitMap]) -> tuple[Ints, Ints, Ints]:
        """Return three arrays, sorted by family: rows, the number of a column that has each, and the number of its family there.

        Only the families with several rows in a column are in them.
        """
        rows_by_column = [(column & self.rows).to_array() for column in columns]
        rows: Ints = np.concatenate([np.zeros(0, np.int64), *rows_by_column])
        numbers: Ints = np.repeat(np.arange(len(columns)), [len(part) for part in rows_by_column])
        tops = np.zeros(int(self.rows.max()) + 1, np.int64)
        tops[list(self._tops)] = list(self._tops.values())
        families: Ints = numbers * (max(self._tops.values()) + 1) + tops[rows]
        order = np.argsort(families, kind="stable")
        rows, numbers, families = rows[order], numbers[order], families[order]
        same = families[1:] == families[:-1]
        has_relative = np.concatenate([same, [False]]) | np.concatenate([[False], same]) if len(rows) else np.zeros(0, np.bool_)
        return rows[has_relative], numbers[has_relative], families[has_relative]

    def _find_top(self, row: int) -> int:
        """Return the topmost parent. If parents go round in a circle, the lowest row of the circle."""
        path: list[int] = []
        while row in self._parents and row not in path:
            path.append(row)
            row = self._parents[row]
        return min(path[path.index(row) :]) if row in path else row


# Every change of a record makes new Rows, so the parents of the same ones stay the same. They are freed with their Rows.
_parents_by_rows: WeakKeyDictionary[Rows, dict[int, int]] = WeakKeyDictionary()


def _map_parents(index: SearchIndex) -> dict[int, int]:
    """Return the row of the parent of each branch. Branches whose parent the audience does not see are left out."""
    parents = _parents_by_rows.get(index.rows)
    if parents is None:
        sets = index.sets[PARENT_SETS]
        rows = ((index.rows.find_row(parent), sets[parent]) for parent in sets)
        parents = {branch: parent for parent, branches in rows if parent is not None for branch in branches}
        _parents_by_rows[index.rows] = parents
    return parents
