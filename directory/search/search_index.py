"""The index of one audience: row sets, number columns, points, regions and words."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Generic, TypeAlias

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.errors import BadInput
from directory.records import Audience
from directory.search.map_marks import MapMark
from directory.search.published_points import PublishedPoints
from directory.search.region_sets import RegionSets
from directory.search.row_sets import RowSets
from directory.search.rows import RecordT, Rows
from directory.search.searched_fields import EXACT_SUFFIX, ORGANIZATION_FIELDS, KeyExtractor, NumberReader, SearchedFields
from directory.search.text.word_index import WordIndex

NO_ROW_SETS = RowSets({})
# Returns the ids of the organizations in the coalition with a slug. Raises BadInput if there is none that the audience sees.
MemberFinder: TypeAlias = Callable[[str], Iterable[str]]
NumberedRecords: TypeAlias = list[tuple[int, RecordT]]


def find_no_members(slug: str) -> Iterable[str]:
    """Refuse a coalition in an index without coalitions."""
    raise BadInput(f'There is no coalition "{slug}".', argument="coalition", value=slug)


class RecordChanges(Struct, frozen=True):
    """The changes of one audience's records of a kind: those that it no longer sees, and those that are new or look different."""

    removed_ids: Collection[str] = ()
    upserted_records: Sequence[Any] = ()  # published records of one kind

    @property
    def ids(self) -> tuple[str, ...]:
        return *self.removed_ids, *(record.id for record in self.upserted_records)


class SearchIndex(Struct, Generic[RecordT], frozen=True):
    """Everything a search for records of one kind by one audience looks up. Immutable, except for its caches.

    The index of the audience that sees most is built from its records. The indexes of the others are derived from it, each from
    that of the next wider audience: `narrow` when they are built, `follow` after a change. They are masked once, then, so no
    search meets a row that its audience does not see, and they share whatever the mask does not change.
    """

    fields: SearchedFields
    rows: Rows[RecordT]
    sets: dict[str, RowSets]  # by the keys of SearchedFields.set_keys
    columns: dict[str, NDArray[np.float64]]  # by the keys of SearchedFields.numbers, then by row; NaN is unknown
    points: PublishedPoints
    regions: RegionSets
    words: WordIndex
    find_members: MemberFinder = find_no_members
    point_marks: list[MapMark | None] = msgspec.field(default_factory=list)  # by point; map_view.py fills it as maps need them

    @classmethod
    def build(cls, records: Iterable[RecordT], fields: SearchedFields = ORGANIZATION_FIELDS) -> "SearchIndex[RecordT]":
        rows = Rows.build(records, fields.get_sort_key)
        numbered = rows.number_records()
        sets = {name: RowSets.build((row, keys(record)) for row, record in numbered) for name, keys in fields.set_keys.items()}
        return cls(
            fields,
            rows,
            sets,
            {name: _build_column(numbered, number) for name, number in fields.numbers.items()},
            PublishedPoints.build(numbered),
            RegionSets(sets["located"], sets["serving"]),
            WordIndex.build(numbered, fields.texts),
        )

    def with_changes(self, changes: RecordChanges) -> "SearchIndex[RecordT]":
        """Return the index without the removed records and with the upserted ones. Unknown ids are ignored.

        Only for the index of the audience that sees most. The others `follow` it.
        """
        before = self._number_known(changes)
        if not before and not changes.upserted_records:
            return self
        removed_ids = {record.id for _, record in before} - {record.id for record in changes.upserted_records}
        rows = self.rows.with_changes(removed_ids, changes.upserted_records)
        if rows.needs_rebuild:
            return SearchIndex.build((record for _, record in rows.number_records()), self.fields)
        after: NumberedRecords[RecordT] = [(rows.row_by_id[record.id], record) for record in changes.upserted_records]
        return self._replace_records(rows, before, after, None, self.words.with_changes(before, after))

    def narrow(self, audience: Audience, records: Iterable[RecordT]) -> "SearchIndex[RecordT]":
        """Return the index of an audience that sees only these records and the fields of their texts that it may see.

        The records must be among those of this index, as that audience sees them.
        """
        rows = self.rows.narrow(records)
        mask = None if rows.live_rows == self.rows.live_rows else rows.live_rows
        numbered = rows.number_records()
        sets = self._narrow_sets(numbered, mask)
        return SearchIndex(
            self.fields,
            rows,
            sets,
            self._narrow_columns(numbered, len(rows), mask),
            self.points if mask is None else self.points.mask(mask),
            self.regions if mask is None else RegionSets(sets["located"], sets["serving"]),
            self.words.narrow(audience, mask),
        )

    def follow(self, wider: "SearchIndex[RecordT]", audience: Audience, changes: RecordChanges) -> "SearchIndex[RecordT]":
        """Return this audience's index after a change that the index of the next wider audience already has.

        An audience that sees no difference keeps its index, which stays as it is when records are changed that it cannot see.
        """
        if not self.rows.shares_numbers(wider.rows):  # everything was built again
            remaining = {record.id: record for _, record in self.rows.number_records() if record.id not in changes.removed_ids}
            return wider.narrow(audience, (remaining | {record.id: record for record in changes.upserted_records}).values())
        before = self._number_known(changes)
        if not before and not changes.upserted_records:
            return self
        rows = self.rows.follow(wider.rows, changes.removed_ids, changes.upserted_records)
        after: NumberedRecords[RecordT] = [(rows.row_by_id[record.id], record) for record in changes.upserted_records]
        mask = None if rows.live_rows == wider.rows.live_rows else rows.live_rows
        words = self.words.follow(wider.words, mask, {row for row, _ in (*before, *after)})
        return self._replace_records(rows, before, after, wider, words)

    def find_rows_with_term(self, facet: str, slug: str, narrower: bool = True) -> BitMap:
        """Return the rows that have a term or, with `narrower`, a narrower one."""
        return self.get_term_sets(facet, narrower)[slug]

    def get_term_sets(self, facet: str, narrower: bool = True) -> RowSets:
        """Return the rows by term of a vocabulary, as `find_rows_with_term` does. Empty if this kind has no such terms."""
        name = facet if narrower else facet + EXACT_SUFFIX
        return self.sets[name] if name in self.fields.set_keys else NO_ROW_SETS

    def _number_known(self, changes: RecordChanges) -> NumberedRecords[RecordT]:
        """Return the records that these changes replace or remove, with their rows."""
        rows = {row for identity in changes.ids if (row := self.rows.find_row(identity)) is not None}
        return [(row, self.rows[row]) for row in sorted(rows)]

    def _replace_records(
        self,
        rows: Rows[RecordT],
        before: NumberedRecords[RecordT],
        after: NumberedRecords[RecordT],
        wider: "SearchIndex[RecordT] | None",
        words: WordIndex,
    ) -> "SearchIndex[RecordT]":
        sets = {
            name: self.sets[name].with_changes(
                _list_keys(before, keys), _list_keys(after, keys), None if wider is None else wider.sets[name]
            )
            for name, keys in self.fields.set_keys.items()
        }
        has_same_regions = sets["located"] is self.sets["located"] and sets["serving"] is self.sets["serving"]
        return SearchIndex(
            self.fields,
            rows,
            sets,
            {
                name: _update_column(self.columns[name], len(rows), before, after, get)
                for name, get in self.fields.numbers.items()
            },
            self.points.with_changes(before, after),
            self.regions if has_same_regions else RegionSets(sets["located"], sets["serving"]),
            words,
        )

    def _narrow_sets(self, numbered: NumberedRecords[RecordT], mask: BitMap | None) -> dict[str, RowSets]:
        sets = self.sets if mask is None else {name: sets.mask(mask) for name, sets in self.sets.items()}
        keys = self.fields.set_keys
        own = {name: RowSets.build((row, keys[name](record)) for row, record in numbered) for name in self.fields.audience_sets}
        different = {name: row_sets for name, row_sets in own.items() if not row_sets.equals(sets[name])}
        return sets | different if different else sets

    def _narrow_columns(
        self, numbered: NumberedRecords[RecordT], length: int, mask: BitMap | None
    ) -> dict[str, NDArray[np.float64]]:
        columns = self.columns if mask is None else {name: _mask_column(column, mask) for name, column in self.columns.items()}
        numbers = self.fields.numbers
        own = {name: _update_column(columns[name], length, [], numbered, numbers[name]) for name in self.fields.audience_numbers}
        return columns | own


def _list_keys(numbered: NumberedRecords[RecordT], keys: KeyExtractor) -> dict[int, frozenset[str]]:
    return {row: frozenset(keys(record)) for row, record in numbered}


def _build_column(numbered: NumberedRecords[RecordT], number: NumberReader) -> NDArray[np.float64]:
    return np.array([number(record) for _, record in numbered], dtype=np.float64)


def _mask_column(column: NDArray[np.float64], mask: BitMap) -> NDArray[np.float64]:
    """Return the column with NaN in the rows outside of the mask."""
    rows = np.asarray(mask.to_array(), np.int64)
    masked = np.full(len(column), np.nan)
    masked[rows] = column[rows]
    return column if np.array_equal(masked, column, equal_nan=True) else masked


def _update_column(
    column: NDArray[np.float64],
    length: int,
    before: NumberedRecords[RecordT],
    after: NumberedRecords[RecordT],
    number: NumberReader,
) -> NDArray[np.float64]:
    rows, values = [row for row, _ in after], _build_column(after, number)
    removed_rows = list({row for row, _ in before} - set(rows))
    is_same = length == len(column) and np.array_equal(column[rows], values, equal_nan=True)
    if is_same and np.isnan(column[removed_rows]).all():
        return column
    changed = np.full(length, np.nan)
    changed[: len(column)] = column
    changed[removed_rows] = np.nan
    changed[rows] = values
    return changed
