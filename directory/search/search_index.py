"""The index of one audience: row sets, number columns, points, regions and words."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeAlias

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.question import FACETS
from directory.records import Audience, Organization
from directory.search.map_marks import MapMark
from directory.search.published_points import PublishedPoints
from directory.search.region_sets import RegionSets
from directory.search.row_sets import Keys, RowSets
from directory.search.rows import Rows
from directory.search.text.indexed_fields import INDEXED_FIELDS, IndexedFields
from directory.search.text.word_index import WordIndex
from directory.vocabulary.terms import Vocabulary

NumberedOrganizations: TypeAlias = list[tuple[int, Organization]]
KeyExtractor: TypeAlias = Callable[[Organization], Keys]

TERM_CACHE_SIZE = 1 << 13  # lists of terms; thousands of organizations have the same ones
PARENT_SETS = "parent"  # the rows of branches, by the id of the organization that they belong to
EXACT_SUFFIX = ":exact"  # after the name of a facet: the rows with the term itself, not only a narrower one


def _build_ancestor_extractor(vocabulary: Vocabulary, field: str) -> KeyExtractor:
    @lru_cache(maxsize=TERM_CACHE_SIZE)
    def add_ancestors(terms: tuple[str, ...]) -> frozenset[str]:
        return frozenset(slug for term in terms for slug in (term, *vocabulary.ancestors(term)))

    return lambda organization: add_ancestors(getattr(organization, field))


def _build_term_extractor(field: str) -> KeyExtractor:
    def list_terms(organization: Organization) -> tuple[str, ...]:
        terms: tuple[str, ...] = getattr(organization, field)
        return terms

    return list_terms


def _list_regions(organization: Organization) -> Keys:
    if len(organization.locations) == 1:
        return organization.locations[0].regions
    return frozenset(code for location in organization.locations for code in location.regions)


SET_KEYS: dict[str, KeyExtractor] = {
    **{field: _build_ancestor_extractor(vocabulary, field) for field, vocabulary in FACETS.items()},
    **{field + EXACT_SUFFIX: _build_term_extractor(field) for field in FACETS},
    "kinds": lambda organization: (organization.kind,),
    "membership": lambda organization: (organization.membership.status,),
    "located": _list_regions,
    "serving": lambda organization: organization.service_areas,
    "stated": lambda organization: ("location",) if organization.locations else (),
    PARENT_SETS: lambda organization: (organization.parent,) if organization.parent else (),
}
AUDIENCE_SETS = (PARENT_SETS,)  # their keys may differ between the audiences that see a record
COLUMN_VALUES: dict[str, Callable[[Organization], float | None]] = {  # numbers to sort and filter by; None is unknown
    "FOUNDED": lambda organization: organization.founded,
    "JOINED": lambda organization: to_day_number(joined) if (joined := organization.membership.joined_on) else None,
    "VERIFIED": lambda organization: to_timestamp(verified) if (verified := organization.verified_at) else None,
    "UPDATED": lambda organization: to_timestamp(organization.updated_at),
}
AUDIENCE_COLUMNS = ("UPDATED",)  # their numbers may differ between the audiences that see a record


class RecordChanges(Struct, frozen=True):
    """The changes of one audience's records: those that it no longer sees, and those that are new or look different."""

    removed_ids: Collection[str] = ()
    upserted_records: Sequence[Organization] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return *self.removed_ids, *(record.id for record in self.upserted_records)


def to_day_number(value: date) -> float:
    """Return a date as days since the year 1."""
    return float(value.toordinal())


def to_timestamp(value: datetime | date) -> float:
    """Return a moment, or the start of a day in UTC, as seconds since 1970."""
    return (value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)).timestamp()


class SearchIndex(Struct, frozen=True):
    """Everything a search by one audience looks up. Immutable, except for its caches.

    The index of the audience that sees most is built from its records. The indexes of the others are derived from it, each from
    that of the next wider audience: `narrow` when they are built, `follow` after a change. They are masked once, then, so no
    search meets a row that its audience does not see, and they share whatever the mask does not change.
    """

    rows: Rows
    sets: dict[str, RowSets]  # by the keys of SET_KEYS
    columns: dict[str, NDArray[np.float64]]  # by the keys of COLUMN_VALUES, then by row; NaN is unknown
    points: PublishedPoints
    regions: RegionSets
    words: WordIndex
    point_marks: list[MapMark | None] = msgspec.field(default_factory=list)  # by point; map_view.py fills it as maps need them

    @classmethod
    def build(cls, organizations: Iterable[Organization], indexed_fields: IndexedFields = INDEXED_FIELDS) -> "SearchIndex":
        rows = Rows.build(organizations)
        numbered = rows.number_records()
        sets = {name: RowSets.build((row, keys(record)) for row, record in numbered) for name, keys in SET_KEYS.items()}
        return cls(
            rows,
            sets,
            {name: _build_column(numbered, number) for name, number in COLUMN_VALUES.items()},
            PublishedPoints.build(numbered),
            RegionSets(sets["located"], sets["serving"]),
            WordIndex.build(numbered, indexed_fields),
        )

    def with_changes(self, changes: RecordChanges) -> "SearchIndex":
        """Return the index without the removed organizations and with the upserted ones. Unknown ids are ignored.

        Only for the index of the audience that sees most. The others `follow` it.
        """
        before = self._number_known(changes)
        if not before and not changes.upserted_records:
            return self
        removed_ids = {record.id for _, record in before} - {record.id for record in changes.upserted_records}
        rows = self.rows.with_changes(removed_ids, changes.upserted_records)
        if rows.needs_rebuild:
            return SearchIndex.build((record for _, record in rows.number_records()), self.words.indexed_fields)
        after: NumberedOrganizations = [(rows.row_by_id[record.id], record) for record in changes.upserted_records]
        return self._replace_records(rows, before, after, None, self.words.with_changes(before, after))

    def narrow(self, audience: Audience, organizations: Iterable[Organization]) -> "SearchIndex":
        """Return the index of an audience that sees only these organizations and the fields of their texts that it may see.

        The organizations must be among those of this index, as that audience sees them.
        """
        rows = self.rows.narrow(organizations)
        mask = None if rows.live_rows == self.rows.live_rows else rows.live_rows
        numbered = rows.number_records()
        sets = self._narrow_sets(numbered, mask)
        return SearchIndex(
            rows,
            sets,
            self._narrow_columns(numbered, len(rows), mask),
            self.points if mask is None else self.points.mask(mask),
            self.regions if mask is None else RegionSets(sets["located"], sets["serving"]),
            self.words.narrow(audience, mask),
        )

    def follow(self, wider: "SearchIndex", audience: Audience, changes: RecordChanges) -> "SearchIndex":
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
        after: NumberedOrganizations = [(rows.row_by_id[record.id], record) for record in changes.upserted_records]
        mask = None if rows.live_rows == wider.rows.live_rows else rows.live_rows
        words = self.words.follow(wider.words, mask, {row for row, _ in (*before, *after)})
        return self._replace_records(rows, before, after, wider, words)

    def find_rows_with_term(self, facet: str, slug: str, narrower: bool = True) -> BitMap:
        """Return the rows that have a term or, with `narrower`, a narrower one."""
        return self.get_term_sets(facet, narrower)[slug]

    def get_term_sets(self, facet: str, narrower: bool = True) -> RowSets:
        """Return the rows by term of a vocabulary, as `find_rows_with_term` does."""
        return self.sets[facet if narrower else facet + EXACT_SUFFIX]

    def _number_known(self, changes: RecordChanges) -> NumberedOrganizations:
        """Return the records that these changes replace or remove, with their rows."""
        rows = {row for identity in changes.ids if (row := self.rows.find_row(identity)) is not None}
        return [(row, self.rows[row]) for row in sorted(rows)]

    def _replace_records(
        self,
        rows: Rows,
        before: NumberedOrganizations,
        after: NumberedOrganizations,
        wider: "SearchIndex | None",
        words: WordIndex,
    ) -> "SearchIndex":
        sets = {
            name: self.sets[name].with_changes(
                _list_keys(before, keys), _list_keys(after, keys), None if wider is None else wider.sets[name]
            )
            for name, keys in SET_KEYS.items()
        }
        has_same_regions = sets["located"] is self.sets["located"] and sets["serving"] is self.sets["serving"]
        return SearchIndex(
            rows,
            sets,
            {name: _update_column(self.columns[name], len(rows), before, after, get) for name, get in COLUMN_VALUES.items()},
            self.points.with_changes(before, after),
            self.regions if has_same_regions else RegionSets(sets["located"], sets["serving"]),
            words,
        )

    def _narrow_sets(self, numbered: NumberedOrganizations, mask: BitMap | None) -> dict[str, RowSets]:
        sets = self.sets if mask is None else {name: sets.mask(mask) for name, sets in self.sets.items()}
        own = {name: RowSets.build((row, SET_KEYS[name](record)) for row, record in numbered) for name in AUDIENCE_SETS}
        different = {name: row_sets for name, row_sets in own.items() if not row_sets.equals(sets[name])}
        return sets | different if different else sets

    def _narrow_columns(
        self, numbered: NumberedOrganizations, length: int, mask: BitMap | None
    ) -> dict[str, NDArray[np.float64]]:
        columns = self.columns if mask is None else {name: _mask_column(column, mask) for name, column in self.columns.items()}
        own = {name: _update_column(columns[name], length, [], numbered, COLUMN_VALUES[name]) for name in AUDIENCE_COLUMNS}
        return columns | own


def _list_keys(numbered: NumberedOrganizations, keys: KeyExtractor) -> dict[int, frozenset[str]]:
    return {row: frozenset(keys(record)) for row, record in numbered}


def _build_column(numbered: NumberedOrganizations, number: Callable[[Organization], float | None]) -> NDArray[np.float64]:
    return np.array([number(organization) for _, organization in numbered], dtype=np.float64)


def _mask_column(column: NDArray[np.float64], mask: BitMap) -> NDArray[np.float64]:
    """Return the column with NaN in the rows outside of the mask."""
    rows = np.asarray(mask.to_array(), np.int64)
    masked = np.full(len(column), np.nan)
    masked[rows] = column[rows]
    return column if np.array_equal(masked, column, equal_nan=True) else masked


def _update_column(
    column: NDArray[np.float64],
    length: int,
    before: NumberedOrganizations,
    after: NumberedOrganizations,
    number: Callable[[Organization], float | None],
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
