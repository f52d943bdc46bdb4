"""Row numbers of the records of a kind, and their order by name, or by another sort key (searched_fields.py).

When snapshots are built, rows are numbered by name, so a set of rows is already sorted. Records that are added later take the
next free numbers and are merged in by `rank`: row 7 has rank 7.0, and records added between rows 7 and 8 have ranks in between.

All audiences share one numbering, because the key is the same for every audience. Each has its own `live_rows` and its own
published records: an audience's `Rows` never holds a record that it does not see.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from heapq import merge
from typing import Generic, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap
from typing_extensions import TypeVar

from directory.geo import Floats
from directory.records import Organization, PublishedRecord
from directory.search.chunked_list import ChunkedList
from directory.search.layered_map import LayeredMap

Ints: TypeAlias = NDArray[np.int64]
NameKey: TypeAlias = tuple[str, str]
MAX_ADDED_ROWS = 1_000  # above this number and this share of all rows, an index is rebuilt, because merging gets slow
MAX_ADDED_SHARE = 0.05
# Code that names no kind of records is about organizations.
RecordT = TypeVar("RecordT", bound=PublishedRecord, default=Organization)


class Rows(Generic[RecordT]):
    """Row numbers and the records that one audience sees by row; immutable.

    Keys of names, `row_by_id` and `rank` are shared by all audiences. They include rows that this audience does not see.
    """

    def __init__(
        self,
        records: ChunkedList[RecordT | None],
        get_sort_key: Callable[[RecordT], str],
        base_keys: list[NameKey],
        later_keys: list[NameKey],
        live_rows: BitMap,
        row_by_id: LayeredMap[str, int],
        numbering: object,
    ) -> None:
        self.records = records  # by row; None for a row that is not live
        self._get_sort_key = get_sort_key
        self.base_keys = base_keys  # by row, ascending; no edit copies them
        self._later_keys = later_keys  # of the rows after those
        self.live_rows = live_rows
        self.row_by_id = row_by_id
        self._numbering = numbering  # the same object in all Rows whose numbers mean the same
        self.added_rows = sorted(range(self.base_count, len(self)), key=self.get_name_key)
        self._added_keys = [self.get_name_key(row) for row in self.added_rows]
        self.rank = self._compute_ranks()

    @classmethod
    def build(cls, records: Iterable[RecordT], get_sort_key: Callable[[RecordT], str]) -> "Rows[RecordT]":
        keyed = sorted(((get_sort_key(record), record.id), record) for record in records)
        ordered = [record for _, record in keyed]
        by_id = {record.id: row for row, record in enumerate(ordered)}
        chunks = ChunkedList[RecordT | None].build(ordered)
        keys = [key for key, _ in keyed]
        return cls(chunks, get_sort_key, keys, [], BitMap(range(len(keyed))), LayeredMap(by_id), object())

    def build_name_key(self, record: RecordT) -> NameKey:
        """Return the last key of every order: the sort key of the kind, then the unique id."""
        return self._get_sort_key(record), record.id

    def with_changes(self, removed_ids: Iterable[str], upserted_records: Iterable[RecordT]) -> "Rows[RecordT]":
        """Return the rows without removed records and with upserted ones. A record with the same name keeps its row."""
        upserted = {record.id: record for record in upserted_records}
        staying = {identity for identity, record in upserted.items() if self._keeps_row(record)}
        arriving = [record for identity, record in upserted.items() if identity not in staying]
        leaving = [*removed_ids, *(record.id for record in arriving if record.id in self.row_by_id)]
        changes: dict[int, RecordT | None] = {self.row_by_id[identity]: None for identity in leaving}
        changes |= {self.row_by_id[identity]: upserted[identity] for identity in staying}
        records = self.records.with_changes(changes, arriving)
        if leaving or arriving:
            return self._move_rows(records, leaving, arriving)
        return self._with_view(records, self.live_rows)

    def _keeps_row(self, record: RecordT) -> bool:
        row = self.row_by_id.find(record.id)
        return row is not None and self.get_name_key(row) == self.build_name_key(record)

    def _move_rows(self, records: ChunkedList[RecordT | None], leaving: list[str], arriving: list[RecordT]) -> "Rows[RecordT]":
        new_rows = {record.id: row for row, record in enumerate(arriving, len(self))}
        by_id = self.row_by_id.with_changes(leaving, new_rows)
        live = (self.live_rows - BitMap([self.row_by_id[identity] for identity in leaving])) | BitMap(new_rows.values())
        later_keys = self._later_keys + [self.build_name_key(record) for record in arriving]
        return Rows(records, self._get_sort_key, self.base_keys, later_keys, live, by_id, self._numbering)

    def _with_view(self, records: ChunkedList[RecordT | None], live_rows: BitMap) -> "Rows[RecordT]":
        """Return the same numbers with other records: those of another audience, or changed ones."""
        rows = copy(self)
        rows.records, rows.live_rows = records, live_rows
        return rows

    def limit(self, live_rows: BitMap) -> "Rows[RecordT]":
        """Return the rows of which only some are live. Records of others remain, so only live rows may be looked up."""
        return self._with_view(self.records, live_rows)

    def narrow(self, records: Iterable[RecordT]) -> "Rows[RecordT]":
        """Return the rows of an audience that sees only these records, which must be among those of this audience."""
        by_row: list[RecordT | None] = [None] * len(self)
        for record in records:
            by_row[self._require_row(record.id)] = record
        live_rows = BitMap([row for row, record in enumerate(by_row) if record is not None])
        return self._with_view(ChunkedList.build(by_row), live_rows)

    def follow(self, wider: "Rows[RecordT]", removed_ids: Iterable[str], upserted_records: Iterable[RecordT]) -> "Rows[RecordT]":
        """Return this audience's rows after a change that the next wider audience's rows already show.

        Both must have been built together (`shares_numbers`). Every upserted record must be among those of `wider`.
        """
        upserted = {wider._require_row(record.id): record for record in upserted_records}
        leaving = {row for identity in removed_ids if (row := self.find_row(identity)) is not None}
        leaving |= {row for record in upserted.values() if (row := self.find_row(record.id)) is not None} - upserted.keys()
        changes: dict[int, RecordT | None] = dict.fromkeys(leaving) | upserted
        more = [upserted.get(row) for row in range(len(self.records), len(wider))]
        known = {row: record for row, record in changes.items() if row < len(self.records)}
        live_rows = (self.live_rows - BitMap(leaving)) | BitMap(upserted)
        return wider._with_view(self.records.with_changes(known, more), live_rows)

    def shares_numbers(self, other: "Rows[RecordT]") -> bool:
        """Whether a row number means the same record in both, apart from rows that only one of them has."""
        return self._numbering is other._numbering

    def find_row(self, identity: str) -> int | None:
        """Return the row of an organization that this audience sees; None if there is none."""
        row = self.row_by_id.find(identity)
        return row if row is not None and row in self.live_rows else None

    def find_rows(self, ids: Iterable[str]) -> BitMap:
        """Return the rows of the records that this audience sees. Ids of others take as long as ids of none."""
        no_row = len(self)
        rows = (no_row if (row := self.row_by_id.find(identity)) is None else row for identity in ids)
        return BitMap(list(rows)) & self.live_rows

    def _require_row(self, identity: str) -> int:
        """Raises KeyError if this audience does not see the record."""
        row = self.find_row(identity)
        if row is None:
            raise KeyError(identity)
        return row

    def __getitem__(self, row: int) -> RecordT:
        """Return the record of a row. Raises KeyError if this audience does not see it."""
        record = self.records[row]
        if record is None:
            raise KeyError(row)
        return record

    def list_records(self, rows: Iterable[int]) -> list[RecordT]:
        """Return the records of rows that this audience sees; others are left out."""
        return [record for record in self.records.select(rows) if record is not None]

    def number_records(self) -> list[tuple[int, RecordT]]:
        """Return the records that this audience sees with their rows, ascending."""
        return [(row, record) for row, record in enumerate(self.records) if record is not None]

    def __len__(self) -> int:
        return len(self.base_keys) + len(self._later_keys)

    @property
    def base_count(self) -> int:
        """The number of rows that are numbered by name."""
        return len(self.base_keys)

    def get_name_key(self, row: int) -> NameKey:
        """Return the key of a row, whether this audience sees it or not."""
        return self.base_keys[row] if row < len(self.base_keys) else self._later_keys[row - len(self.base_keys)]

    @property
    def needs_rebuild(self) -> bool:
        """Whether so many rows were added that rebuilding pays off."""
        return len(self.added_rows) > max(MAX_ADDED_ROWS, MAX_ADDED_SHARE * self.base_count)

    def iter_by_name(self, rows: BitMap, after: NameKey | None = None) -> Iterator[int]:
        """Yield the rows of a set by name: all of them, or those after a key."""
        start = 0 if after is None else bisect_right(self.base_keys, after)
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
        end = self.base_count if before is None else bisect_left(self.base_keys, before)
        added = self.added_rows if before is None else self.added_rows[: bisect_left(self._added_keys, before)]
        base = _iter_down_from(rows, end)
        added_in_set = [row for row in reversed(added) if row in rows]
        return merge(base, added_in_set, key=self.rank.__getitem__, reverse=True) if added_in_set else base

    def rank_after(self, key: NameKey) -> float:
        """Return a rank that is not below any row up to the key, and below every later row."""
        base = bisect_right(self.base_keys, key)
        added = bisect_right(self._added_keys, key)
        return max(base - 1.0, self.rank[self.added_rows[added - 1]] if added else -1.0)

    def rank_before(self, key: NameKey) -> float:
        """Return the rank of the first row at or after the key; infinite if there is none."""
        base = bisect_left(self.base_keys, key)
        added = bisect_left(self._added_keys, key)
        first = float(base) if base < self.base_count else float("inf")
        return min(first, self.rank[self.added_rows[added]] if added < len(self.added_rows) else float("inf"))

    def _compute_ranks(self) -> Floats:
        rank = np.arange(len(self), dtype=np.float64)
        gaps: dict[int, list[int]] = {}
        for row in self.added_rows:
            gaps.setdefault(bisect_right(self.base_keys, self.get_name_key(row)), []).append(row)
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
