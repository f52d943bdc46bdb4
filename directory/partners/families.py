"""Families: an organization and its branches, which count as one where partners are counted or suggested."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.search.row_sets import RowSets, to_row_set
from directory.search.rows import Ints
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import PARENT_SETS

DOUBLINGS = 6  # of the generations that are looked back: branches of branches are found through 64 of them


class Families:
    """The family of each row. Immutable.

    `heads` holds the row of the organization at its head: its own if it has no parent. Edits refuse parents in a circle; should
    a directory contain some, they are one family.
    """

    def __init__(self, heads: Ints) -> None:
        self.heads = heads
        sizes = np.bincount(heads, minlength=len(heads))
        self.has_others: NDArray[np.bool_] = sizes[heads] > 1

    def find_firsts(self, ordered_rows: Ints) -> Ints:
        """Return the first row of each family among these, in their order."""
        _, positions = np.unique(self.heads[ordered_rows], return_index=True)
        return ordered_rows[np.sort(positions)]


# By the sets of an index that hold who has which parent: they stay the same until a parent changes or rows are added.
_FAMILIES: WeakKeyDictionary[RowSets, Families] = WeakKeyDictionary()


def get_families(index: SearchIndex) -> Families:
    """Return the families that the audience of an index sees."""
    parents = index.sets[PARENT_SETS]
    families = _FAMILIES.get(parents)
    if families is None or len(families.heads) != len(index.rows):
        families = _FAMILIES[parents] = _build_families(index)
    return families


def _build_families(index: SearchIndex) -> Families:
    heads, parents = np.arange(len(index.rows)), index.sets[PARENT_SETS]
    for parent in parents:
        row = index.rows.find_row(parent)
        if row is not None:
            heads[_list_numbers(parents[parent])] = row
    lowest = np.arange(len(heads))  # of a row and the rows above it: the same for all rows in a circle
    for _ in range(DOUBLINGS):
        lowest = np.minimum(lowest, lowest[heads])
        heads = heads[heads]
    return Families(lowest[heads])


class MatchingFamilies:
    """The families that have several of some matching rows. `rows` are those of the matching rows that have such a relative."""

    def __init__(self, families: Families, matches: BitMap) -> None:
        self.heads = families.heads
        numbers = _list_numbers(matches)
        numbers = numbers[families.has_others[numbers]]
        sizes = np.bincount(self.heads[numbers], minlength=len(self.heads))
        self._numbers: Ints = numbers[sizes[self.heads[numbers]] > 1]
        self.rows = to_row_set(self._numbers)

    def find_relatives(self, rows: BitMap) -> BitMap:
        """Return all matching rows that share a family with one of these rows, which match too."""
        touched = self.heads[_list_numbers(rows & self.rows)]
        return to_row_set(self._numbers[np.isin(self.heads[self._numbers], touched)])

    def count_repeated(self, columns: Sequence[BitMap], term_sets: Sequence[BitMap]) -> Ints:
        """Return by how many the rows of a cell outnumber its families, for the cells of `term_sets` (rows) and `columns`."""
        repeated = np.zeros((len(term_sets), len(columns)), np.int64)
        if not self.rows:
            return repeated
        rows, column_numbers, families = self._list_shared(columns)
        for position, term_rows in enumerate(term_sets):
            has_term = np.zeros(len(self.heads), np.bool_)
            has_term[_list_numbers(term_rows & self.rows)] = True
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
        rows_by_column = [_list_numbers(column & self.rows) for column in columns]
        rows: Ints = np.concatenate([np.zeros(0, np.int64), *rows_by_column])
        numbers: Ints = np.repeat(np.arange(len(columns)), [len(part) for part in rows_by_column])
        families: Ints = numbers * len(self.heads) + self.heads[rows]
        order = np.argsort(families, kind="stable")
        rows, numbers, families = rows[order], numbers[order], families[order]
        same = families[1:] == families[:-1]
        has_relative = np.concatenate([same, [False]]) | np.concatenate([[False], same]) if len(rows) else np.zeros(0, np.bool_)
        return rows[has_relative], numbers[has_relative], families[has_relative]


def _list_numbers(rows: BitMap) -> Ints:
    return np.asarray(rows.to_array(), np.int64)
