"""How many rows each region of a kind has: thousands of regions are counted at once.

Most counties of a state are served by the same organizations. What serves a region is therefore counted once for each different
set, and only who is located there, without serving it, is counted region by region.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.question import Nationwide, RegionMatch
from directory.search.sets import EMPTY_ROWS

Ints: TypeAlias = NDArray[np.int64]
RegionRowSets: TypeAlias = tuple[str, BitMap, BitMap, BitMap]  # a code, who is located there, serves it, serves its whole country


class RegionCounts(Struct, frozen=True):
    """By region: `count` as the question's regions are meant, `local` of these without who only serves the whole country."""

    codes: Sequence[str]
    counts: Ints
    local_counts: Ints


class RegionCounter:
    """The regions of one kind, in the ways that one RegionMatch means. Immutable."""

    def __init__(self, by: RegionMatch, regions: Iterable[RegionRowSets]) -> None:
        countries: dict[int, list[RegionRowSets]] = {}
        for entry in regions:
            countries.setdefault(id(entry[3]), []).append(entry)
        self._groups = [_CountryGroup(by, group) for group in countries.values()]
        self.codes = [code for group in self._groups for code in group.codes]
        self._code_ranks = np.argsort(np.array(self.codes, dtype=np.str_), kind="stable").argsort()

    def count(self, rows: BitMap, nationwide: Nationwide) -> RegionCounts:
        """How many of the rows each region has."""
        counted = [group.count(rows, nationwide) for group in self._groups]
        empty = np.zeros(0, np.int64)
        count, local = (np.concatenate([empty, *parts]) for parts in (zip(*counted, strict=True) if counted else ((), ())))
        return RegionCounts(self.codes, count, local)

    def sort_by_count(self, counts: Ints) -> Ints:
        """Positions of the regions, the largest count first, then by code."""
        return np.lexsort((self._code_ranks, -counts))


class _CountryGroup:
    """The regions of one country, or of all that nobody serves as a whole."""

    def __init__(self, by: RegionMatch, regions: list[RegionRowSets]) -> None:
        self.codes = [code for code, *_ in regions]
        self._by, self._nationwide_rows = by, regions[0][3]
        serving = [EMPTY_ROWS if by is RegionMatch.LOCATED else served for _, _, served, _ in regions]
        located = [
            EMPTY_ROWS if by is RegionMatch.SERVING else there - served
            for (_, there, *_), served in zip(regions, serving, strict=True)
        ]
        different = {id(one): one for one in serving}
        numbers = {key: number for number, key in enumerate(different)}
        self._distinct_sets = list(different.values())
        self._serving_set_numbers: Ints = np.array([numbers[id(one)] for one in serving], np.int64)
        self._located_ends: Ints = np.array(list(accumulate(map(len, located))), np.int64)
        self._located_rows: Ints = np.array([row for one in located for row in one], np.int64)

    def count(self, rows: BitMap, nationwide: Nationwide) -> tuple[Ints, Ints]:
        """`count` and `local`."""
        if nationwide is Nationwide.ONLY:
            everywhere = rows & self._nationwide_rows
            local = self._count_local(everywhere)
            return local if self._by is RegionMatch.LOCATED else np.full_like(local, len(everywhere)), local
        local = self._count_local(rows)
        if nationwide is Nationwide.EXCLUDE or self._by is RegionMatch.LOCATED:
            return local, local
        others = rows - self._nationwide_rows
        return len(rows) - len(others) + self._count_local(others), local

    def _count_local(self, rows: BitMap) -> Ints:
        serving: Ints = np.array([rows.intersection_cardinality(one) for one in self._distinct_sets], np.int64)
        among = (
            np.isin(self._located_rows, np.asarray(rows.to_array(), np.int64), kind="table")
            if len(self._located_rows)
            else self._located_rows
        )
        sums = np.concatenate(([0], np.cumsum(among)))
        located: Ints = np.diff(sums[self._located_ends], prepend=0)
        return serving[self._serving_set_numbers] + located
