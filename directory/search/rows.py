"""Row numbers: which organization sits where, and how rows are ordered by name.

When a snapshot is built anew, rows ascend by name, so that the order of a set is the order of a list. Records added since
get the next free numbers and are merged in by `rank`: row 7 has the rank 7.0, and what was added between rows 7 and 8 has
ranks between them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from copy import copy
from heapq import merge
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.records import Organization
from directory.text import fold

NameKey: TypeAlias = tuple[str, str]
ADDED_LIMIT = 1_000  # records added since; with more, and more than a share of all, a snapshot is built anew, as merging costs
ADDED_SHARE = 0.05
KEY_LENGTH = (
    200  # characters, as a name has at most; folding makes up to 18 of one, and a cursor would become too long to be read
)


def name_key(organization: Organization) -> NameKey:
    """What ends every order: the beginning of the folded name, then the id, which no two organizations share."""
    return fold(organization.name)[:KEY_LENGTH], organization.id


class Rows:
    """Row numbers of one snapshot; immutable."""

    def __init__(
        self, organizations: list[Organization], keys: list[NameKey], base: int, live: BitMap, by_id: dict[str, int]
    ) -> None:
        self.organizations = organizations  # by row; a row that is not live keeps what sat there last
        self.keys = keys  # by row
        self.base = base  # rows below it ascend by name
        self.live = live
        self.by_id = by_id
        self.added = sorted(range(base, len(keys)), key=keys.__getitem__)
        self._added_keys = [keys[row] for row in self.added]
        self.rank = self._ranks()

    @classmethod
    def build(cls, organizations: Iterable[Organization]) -> "Rows":
        keyed = sorted((name_key(organization), organization) for organization in organizations)
        records = [organization for _, organization in keyed]
        by_id = {organization.id: row for row, organization in enumerate(records)}
        return cls(records, [key for key, _ in keyed], len(keyed), BitMap(range(len(keyed))), by_id)

    def changed(self, gone: Iterable[str], come: Iterable[Organization]) -> "Rows":
        """These rows without the organizations `gone` (ids) and with those that `come`; who keeps its name keeps its row."""
        coming = {one.id: one for one in come}
        staying = {identity for identity, one in coming.items() if self._keeps_its_row(one)}
        arriving = [one for identity, one in coming.items() if identity not in staying]
        leaving = [*gone, *(one.id for one in arriving if one.id in self.by_id)]
        organizations = self.organizations + arriving
        for identity in staying:
            organizations[self.by_id[identity]] = coming[identity]
        if leaving or arriving:
            return self._moved(organizations, leaving, arriving)
        rows = copy(self)
        rows.organizations = organizations
        return rows

    def _keeps_its_row(self, organization: Organization) -> bool:
        row = self.by_id.get(organization.id)
        return row is not None and self.keys[row] == name_key(organization)

    def _moved(self, organizations: list[Organization], leaving: list[str], arriving: list[Organization]) -> "Rows":
        by_id, live = self.by_id.copy(), BitMap(self.live)
        for identity in leaving:
            live.discard(by_id.pop(identity))
        for row, organization in enumerate(arriving, len(self.keys)):
            by_id[organization.id] = row
            live.add(row)
        keys = self.keys + [name_key(organization) for organization in arriving]
        return Rows(organizations, keys, self.base, live, by_id)

    def __getitem__(self, row: int) -> Organization:
        return self.organizations[row]

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def worn(self) -> bool:
        """Whether so much was added that building anew pays."""
        return len(self.added) > max(ADDED_LIMIT, ADDED_SHARE * self.base)

    def in_order(self, rows: BitMap, after: NameKey | None = None) -> Iterator[int]:
        """The rows of a set by name, those that come after the key."""
        start = 0 if after is None else bisect_right(self.keys, after, 0, self.base)
        added = self.added if after is None else self.added[bisect_right(self._added_keys, after) :]
        base: Iterator[int] = (row for row in _from(rows, start) if row < self.base) if self.added else iter(_from(rows, start))
        mine = [row for row in added if row in rows]
        return merge(base, mine, key=self.rank.__getitem__) if mine else base

    def in_reverse(self, rows: BitMap, before: NameKey | None = None) -> Iterator[int]:
        """The rows of a set by name, last first, those that come before the key."""
        end = self.base if before is None else bisect_left(self.keys, before, 0, self.base)
        added = self.added if before is None else self.added[: bisect_left(self._added_keys, before)]
        base = _down_from(rows, end)
        mine = [row for row in reversed(added) if row in rows]
        return merge(base, mine, key=self.rank.__getitem__, reverse=True) if mine else base

    def rank_after(self, key: NameKey) -> float:
        """A rank above that of every row up to the key, and not above any later one's."""
        base = bisect_right(self.keys, key, 0, self.base)
        added = bisect_right(self._added_keys, key)
        return max(base - 1.0, self.rank[self.added[added - 1]] if added else -1.0)

    def rank_before(self, key: NameKey) -> float:
        """The rank of the first row from the key on; infinite when there is none."""
        base = bisect_left(self.keys, key, 0, self.base)
        added = bisect_left(self._added_keys, key)
        first = float(base) if base < self.base else float("inf")
        return min(first, self.rank[self.added[added]] if added < len(self.added) else float("inf"))

    def _ranks(self) -> NDArray[np.float64]:
        rank = np.arange(len(self.keys), dtype=np.float64)
        gaps: dict[int, list[int]] = {}
        for row in self.added:
            gaps.setdefault(bisect_right(self.keys, self.keys[row], 0, self.base), []).append(row)
        for gap, rows in gaps.items():
            for position, row in enumerate(rows, 1):
                rank[row] = gap - 1 + position / (len(rows) + 1)
        return rank


def _from(rows: BitMap, start: int) -> Iterator[int]:
    found: Iterator[int] = rows.iter_equal_or_larger(start) if start else iter(rows)
    return found


def _down_from(rows: BitMap, end: int) -> Iterator[int]:
    for position in range(rows.rank(end - 1) - 1 if end else -1, -1, -1):
        yield rows[position]
