"""Row numbers: which organization sits where, and how rows are ordered by name.

When a snapshot is built anew, rows ascend by name, so that the order of a set is the order of a list. Records added since
get the next free numbers and are merged in by `rank`: row 7 has the rank 7.0, and what was added between rows 7 and 8 has
ranks between them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from heapq import merge
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.records import Organization
from directory.text import fold

NameKey: TypeAlias = tuple[str, str]
MAX_ADDED_ROWS = 1_000  # records added since; with more, and more than a share of all, a snapshot is built anew, as merging costs
MAX_ADDED_SHARE = 0.05
NAME_KEY_LENGTH = (
    200  # characters, as a name has at most; folding makes up to 18 of one, and a cursor would become too long to be read
)


def build_name_key(organization: Organization) -> NameKey:
    """What ends every order: the beginning of the folded name, then the id, which no two organizations share."""
    return fold(organization.name)[:NAME_KEY_LENGTH], organization.id


class Rows:
    """Row numbers of one snapshot; immutable."""

    def __init__(
        self,
        organizations: list[Organization],
        name_keys: list[NameKey],
        base_count: int,
        live_rows: BitMap,
        row_by_id: dict[str, int],
    ) -> None:
        self.organizations = organizations  # by row; a row that is not live keeps what sat there last
        self.name_keys = name_keys  # by row
        self.base_count = base_count  # rows below it ascend by name
        self.live_rows = live_rows
        self.row_by_id = row_by_id
        self.added_rows = sorted(range(base_count, len(name_keys)), key=name_keys.__getitem__)
        self._added_keys = [name_keys[row] for row in self.added_rows]
        self.rank = self._compute_ranks()

    @classmethod
    def build(cls, organizations: Iterable[Organization]) -> "Rows":
        keyed = sorted((build_name_key(organization), organization) for organization in organizations)
        records = [organization for _, organization in keyed]
        by_id = {organization.id: row for row, organization in enumerate(records)}
        return cls(records, [key for key, _ in keyed], len(keyed), BitMap(range(len(keyed))), by_id)

    def with_changes(self, removed_ids: Iterable[str], upserted_records: Iterable[Organization]) -> "Rows":
        """These rows without the organizations `gone` (ids) and with those that `come`; who keeps its name keeps its row."""
        coming = {one.id: one for one in upserted_records}
        staying = {identity for identity, one in coming.items() if self._keeps_row(one)}
        arriving = [one for identity, one in coming.items() if identity not in staying]
        leaving = [*removed_ids, *(one.id for one in arriving if one.id in self.row_by_id)]
        organizations = self.organizations + arriving
        for identity in staying:
            organizations[self.row_by_id[identity]] = coming[identity]
        if leaving or arriving:
            return self._move_rows(organizations, leaving, arriving)
        rows = copy(self)
        rows.organizations = organizations
        return rows

    def _keeps_row(self, organization: Organization) -> bool:
        row = self.row_by_id.get(organization.id)
        return row is not None and self.name_keys[row] == build_name_key(organization)

    def _move_rows(self, organizations: list[Organization], leaving: list[str], arriving: list[Organization]) -> "Rows":
        by_id, live = self.row_by_id.copy(), BitMap(self.live_rows)
        for identity in leaving:
            live.discard(by_id.pop(identity))
        for row, organization in enumerate(arriving, len(self.name_keys)):
            by_id[organization.id] = row
            live.add(row)
        keys = self.name_keys + [build_name_key(organization) for organization in arriving]
        return Rows(organizations, keys, self.base_count, live, by_id)

    def __getitem__(self, row: int) -> Organization:
        return self.organizations[row]

    def __len__(self) -> int:
        return len(self.name_keys)

    @property
    def needs_rebuild(self) -> bool:
        """Whether so much was added that building anew pays."""
        return len(self.added_rows) > max(MAX_ADDED_ROWS, MAX_ADDED_SHARE * self.base_count)

    def iter_by_name(self, rows: BitMap, after: NameKey | None = None) -> Iterator[int]:
        """The rows of a set by name, those that come after the key."""
        start = 0 if after is None else bisect_right(self.name_keys, after, 0, self.base_count)
        added = self.added_rows if after is None else self.added_rows[bisect_right(self._added_keys, after) :]
        base: Iterator[int] = (
            (row for row in _iter_from(rows, start) if row < self.base_count)
            if self.added_rows
            else iter(_iter_from(rows, start))
        )
        mine = [row for row in added if row in rows]
        return merge(base, mine, key=self.rank.__getitem__) if mine else base

    def iter_by_name_reversed(self, rows: BitMap, before: NameKey | None = None) -> Iterator[int]:
        """The rows of a set by name, last first, those that come before the key."""
        end = self.base_count if before is None else bisect_left(self.name_keys, before, 0, self.base_count)
        added = self.added_rows if before is None else self.added_rows[: bisect_left(self._added_keys, before)]
        base = _iter_down_from(rows, end)
        mine = [row for row in reversed(added) if row in rows]
        return merge(base, mine, key=self.rank.__getitem__, reverse=True) if mine else base

    def rank_after(self, key: NameKey) -> float:
        """A rank above that of every row up to the key, and not above any later one's."""
        base = bisect_right(self.name_keys, key, 0, self.base_count)
        added = bisect_right(self._added_keys, key)
        return max(base - 1.0, self.rank[self.added_rows[added - 1]] if added else -1.0)

    def rank_before(self, key: NameKey) -> float:
        """The rank of the first row from the key on; infinite when there is none."""
        base = bisect_left(self.name_keys, key, 0, self.base_count)
        added = bisect_left(self._added_keys, key)
        first = float(base) if base < self.base_count else float("inf")
        return min(first, self.rank[self.added_rows[added]] if added < len(self.added_rows) else float("inf"))

    def _compute_ranks(self) -> NDArray[np.float64]:
        rank = np.arange(len(self.name_keys), dtype=np.float64)
        gaps: dict[int, list[int]] = {}
        for row in self.added_rows:
            gaps.setdefault(bisect_right(self.name_keys, self.name_keys[row], 0, self.base_count), []).append(row)
        for gap, rows in gaps.items():
            for position, row in enumerate(rows, 1):
                rank[row] = gap - 1 + position / (len(rows) + 1)
        return rank


def _iter_from(rows: BitMap, start: int) -> Iterator[int]:
    found: Iterator[int] = rows.iter_equal_or_larger(start) if start else iter(rows)
    return found


def _iter_down_from(rows: BitMap, end: int) -> Iterator[int]:
    for position in range(rows.rank(end - 1) - 1 if end else -1, -1, -1):
        yield rows[position]


EMPTY_ROWS = BitMap()


def to_row_set(rows: NDArray[np.integer[Any]]) -> BitMap:
    """The set of the row numbers in an array; through an array of C, which pyroaring takes whole."""
    return BitMap(array("I", rows.astype(np.uint32).tobytes()))


def unite(sets: Iterable[BitMap]) -> BitMap:
    """The rows of all the sets; a single set as it is, which must not be changed."""
    found = list(sets)
    if len(found) == 1:
        return found[0]
    return BitMap.union(*found) if found else EMPTY_ROWS


class RowSets:
    """Immutable. A key that no row has gives the empty set. Sets that are handed out must not be changed."""

    def __init__(self, sets: Mapping[str, BitMap]) -> None:
        self._sets = sets

    @classmethod
    def build(cls, rows: Iterable[tuple[int, Iterable[str]]]) -> "RowSets":
        lists: dict[str, list[int]] = {}
        for row, keys in rows:
            for key in keys:
                lists.setdefault(key, []).append(row)
        return cls({key: BitMap(listed) for key, listed in lists.items()})

    def with_changes(
        self, removed_keys: Iterable[tuple[int, Iterable[str]]], added_keys: Iterable[tuple[int, Iterable[str]]]
    ) -> "RowSets":
        sets, own = dict(self._sets), dict[str, BitMap]()
        for rows, change in ((removed_keys, BitMap.discard), (added_keys, BitMap.add)):
            for row, keys in rows:
                for key in keys:
                    if key not in own:
                        own[key] = BitMap(sets.get(key, EMPTY_ROWS))
                    change(own[key], row)
        sets.update(own)
        for key, found in own.items():
            if not found:
                del sets[key]
        return RowSets(sets)

    def __getitem__(self, key: str) -> BitMap:
        return self._sets.get(key, EMPTY_ROWS)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def match_any(self, keys: Iterable[str]) -> BitMap:
        """The rows that have at least one of the keys."""
        return unite(self._sets[key] for key in keys if key in self._sets)
