"""Families: an organization and its branches, which count as one when partners are suggested."""

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from directory.search.row_sets import RowSets
from directory.search.rows import Ints
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import PARENT_SETS

DOUBLINGS = 6  # of the generations that are looked back: branches of branches are found through 64 of them


class Families:
    """The family of each row. Immutable. `heads` holds the row of the organization at its head: its own if it has no parent."""

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
            heads[np.asarray(parents[parent].to_array(), np.int64)] = row
    for _ in range(DOUBLINGS):
        heads = heads[heads]
    return Families(heads)
