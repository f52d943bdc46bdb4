"""Row numbers of organizations, their order by name, and sets of rows by key.

When a snapshot is built, rows are numbered by name, so a set of rows is already sorted. Records that are added later take the
next free numbers and are merged in by `rank`: row 7 has rank 7.0, and records added between rows 7 and 8 have ranks in between.
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

from directory.geo import Floats
from directory.records import Organization
from directory.text import fold

Ints: TypeAlias = NDArray[np.int64]
NameKey: TypeAlias = tuple[str, str]
MAX_ADDED_ROWS = 1_000  # above this number and this share of all rows, an index is rebuilt, because merging gets slow
MAX_ADDED_SHARE = 0.05
# Characters, the limit of a name. Folding turns one character into up to 18, which would make cursors too long.
NAME_KEY_LENGTH = 200


def build_name_key(organization: Organization) -> NameKey:
    """Return the last key of every order: the start of the folded name, then the unique id."""
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
        self.organizations = organizations  # by row; a row that is not live holds the last organization it had
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
        """Return the rows without removed organizations and with upserted ones. A record with the same name keeps its row."""
        upserted = {record.id: record for record in upserted_records}
        staying = {identity for identity, record in upserted.items() if self._keeps_row(record)}
        arriving = [record for identity, record in upserted.items() if identity not in staying]
        leaving = [*removed_ids, *(record.id for record in arriving if record.id in self.row_by_id)]
        organizations = self.organizations + arriving
        for identity in staying:
            organizations[self.row_by_id[identity]] = upserted[identity]
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
        """Whether so many rows were added that rebuilding pays off."""
        return len(self.added_rows) > max(MAX_ADDED_ROWS, MAX_ADDED_SHARE * self.base_count)

    def iter_by_name(self, rows: BitMap, after: NameKey | None = None) -> Iterator[int]:
        """Yield the rows of a set by name: all of them, or those after a key."""
        start = 0 if after is None else bisect_right(self.name_keys, after, 0, self.base_count)
        added = self.added_rows if after is None else self.added_rows[bisect_right(self._added_keys, after) :]
        base: Iterator[int] = (
            (row for row in _iter_from(rows, start) if row < self.base_count)
            if self.added_rows
            else iter(_iter_from(rows, start))
        )
        added_in_set = [row for row in added if row in rows]
        return merge(base, added_in_set, key=self.rank.__getitem__) if added_in_set else base

    def iter_by_name_reversed(self, rows: BitMap, before: NameKey | None = None) -> Iterator[int]:
        """Yield the rows of a set by name in reverse: all of them, or those before a key."""
        end = self.base_count if before is None else bisect_left(self.name_keys, before, 0, self.base_count)
        added = self.added_rows if before is None else self.added_rows[: bisect_left(self._added_keys, before)]
        base = _iter_down_from(rows, end)
        added_in_set = [row for row in reversed(added) if row in rows]
        return merge(base, added_in_set, key=self.rank.__getitem__, reverse=True) if added_in_set else base

    def rank_after(self, key: NameKey) -> float:
        """Return a rank that is not below any row up to the key, and below every later row."""
        base = bisect_right(self.name_keys, key, 0, self.base_count)
        added = bisect_right(self._added_keys, key)
        return max(base - 1.0, self.rank[self.added_rows[added - 1]] if added else -1.0)

    def rank_before(self, key: NameKey) -> float:
        """Return the rank of the first row at or after the key; infinite if there is none."""
        base = bisect_left(self.name_keys, key, 0, self.base_count)
        added = bisect_left(self._added_keys, key)
        first = float(base) if base < self.base_count else float("inf")
        return min(first, self.rank[self.added_rows[added]] if added < len(self.added_rows) else float("inf"))

    def _compute_ranks(self) -> Floats:
        rank = np.arange(len(self.name_keys), dtype=np.float64)
        gaps: dict[int, list[int]] = {}
        for row in self.added_rows:
            gaps.setdefault(bisect_right(self.name_keys, self.name_keys[row], 0, self.base_count), []).append(row)
        for gap, rows in gaps.items():
            for position, row in enumerate(rows, 1):
                rank[row] = gap - 1 + position / (len(rows) + 1)
        return rank


def _iter_from(rows: BitMap, start: int) -> Iterator[int]:
    selected: Iterator[int] = rows.iter_equal_or_larger(start) if start else iter(rows)
    return selected


def _iter_down_from(rows: BitMap, end: int) -> Iterator[int]:
    for position in range(rows.rank(end - 1) - 1 if end else -1, -1, -1):
        yield rows[position]


EMPTY_ROWS = BitMap()


def to_row_set(rows: NDArray[np.integer[Any]]) -> BitMap:
    """Return the set of row numbers in an array. pyroaring copies an `array.array` in one step."""
    return BitMap(array("I", rows.astype(np.uint32).tobytes()))


def unite(sets: Iterable[BitMap]) -> BitMap:
    """Return the union of the sets. The result may be one of them, so it must not be changed."""
    listed = list(sets)
    if len(listed) == 1:
        return listed[0]
    return BitMap.union(*listed) if listed else EMPTY_ROWS


class RowSets:
    """Sets of rows by key; empty for an unknown key. Immutable, and the sets it returns must not be changed."""

    def __init__(self, sets: Mapping[str, BitMap]) -> None:
        self._sets = sets

    @classmethod
    def build(cls, rows: Iterable[tuple[int, Iterable[str]]]) -> "RowSets":
        rows_by_key: dict[str, list[int]] = {}
        for row, keys in rows:
            for key in keys:
                rows_by_key.setdefault(key, []).append(row)
        return cls({key: BitMap(key_rows) for key, key_rows in rows_by_key.items()})

    def with_changes(
        self, removed_keys: Iterable[tuple[int, Iterable[str]]], added_keys: Iterable[tuple[int, Iterable[str]]]
    ) -> "RowSets":
        """Return the sets after rows lost some keys and got others. Only the sets that change are copied."""
        sets, changed = dict(self._sets), dict[str, BitMap]()
        for rows, change in ((removed_keys, BitMap.discard), (added_keys, BitMap.add)):
            for row, keys in rows:
                for key in keys:
                    if key not in changed:
                        changed[key] = BitMap(sets.get(key, EMPTY_ROWS))
                    change(changed[key], row)
        sets.update(changed)
        for key, key_rows in changed.items():
            if not key_rows:
                del sets[key]
        return RowSets(sets)

    def __getitem__(self, key: str) -> BitMap:
        return self._sets.get(key, EMPTY_ROWS)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def match_any(self, keys: Iterable[str]) -> BitMap:
        """Return the rows that have at least one of the keys."""
        return unite(self._sets[key] for key in keys if key in self._sets)
