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
from directory.search.sets import EMPTY

Ints: TypeAlias = NDArray[np.int64]
RegionRows: TypeAlias = tuple[str, BitMap, BitMap, BitMap]  # a code, who is located there, serves it, serves its whole country


class Counted(Struct, frozen=True):
    """By region: `count` as the question's regions are meant, `local` of these without who only serves the whole country."""

    codes: Sequence[str]
    count: Ints
    local: Ints


class RegionCounter:
    """The regions of one kind, in the ways that one RegionMatch means. Immutable."""

    def __init__(self, by: RegionMatch, regions: Iterable[RegionRows]) -> None:
        countries: dict[int, list[RegionRows]] = {}
        for entry in regions:
            countries.setdefault(id(entry[3]), []).append(entry)
        self._groups = [_Group(by, group) for group in countries.values()]
        self.codes = [code for group in self._groups for code in group.codes]
        self._by_code = np.argsort(np.array(self.codes, dtype=np.str_), kind="stable").argsort()

    def count(self, rows: BitMap, nationwide: Nationwide) -> Counted:
        """How many of the rows each region has."""
        counted = [group.count(rows, nationwide) for group in self._groups]
        empty = np.zeros(0, np.int64)
        count, local = (np.concatenate([empty, *parts]) for parts in (zip(*counted, strict=True) if counted else ((), ())))
        return Counted(self.codes, count, local)

    def order(self, count: Ints) -> Ints:
        """Positions of the regions, the largest count first, then by code."""
        return np.lexsort((self._by_code, -count))


class _Group:
    """The regions of one country, or of all that nobody serves as a whole."""

    def __init__(self, by: RegionMatch, regions: list[RegionRows]) -> None:
        self.codes = [code for code, *_ in regions]
        self._by, self._nationwide = by, regions[0][3]
        serving = [EMPTY if by is RegionMatch.LOCATED else served for _, _, served, _ in regions]
        located = [
            EMPTY if by is RegionMatch.SERVING else there - served
            for (_, there, *_), served in zip(regions, serving, strict=True)
        ]
        different = {id(one): one for one in serving}
        numbers = {key: number for number, key in enumerate(different)}
        self._different = list(different.values())
        self._serving: Ints = np.array([numbers[id(one)] for one in serving], np.int64)
        self._ends: Ints = np.array(list(accumulate(map(len, located))), np.int64)
        self._located: Ints = np.array([row for one in located for row in one], np.int64)

    def count(self, rows: BitMap, nationwide: Nationwide) -> tuple[Ints, Ints]:
        """`count` and `local`."""
        if nationwide is Nationwide.ONLY:
            everywhere = rows & self._nationwide
            local = self._local(everywhere)
            return local if self._by is RegionMatch.LOCATED else np.full_like(local, len(everywhere)), local
        local = self._local(rows)
        if nationwide is Nationwide.EXCLUDE or self._by is RegionMatch.LOCATED:
            return local, local
        others = rows - self._nationwide
        return len(rows) - len(others) + self._local(others), local

    def _local(self, rows: BitMap) -> Ints:
        serving: Ints = np.array([rows.intersection_cardinality(one) for one in self._different], np.int64)
        among = (
            np.isin(self._located, np.asarray(rows.to_array(), np.int64), kind="table") if len(self._located) else self._located
        )
        sums = np.concatenate(([0], np.cumsum(among)))
        located: Ints = np.diff(sums[self._ends], prepend=0)
        return serving[self._serving] + located
