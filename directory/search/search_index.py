"""All that is looked up about the organizations of one snapshot: sets, columns, places, words; and how it follows a change."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.question import FACETS
from directory.records import Organization
from directory.search.published_points import PublishedPoints
from directory.search.region_sets import RegionSets
from directory.search.rows import Rows, RowSets
from directory.search.text.word_index import WordIndex
from directory.vocabulary.terms import Vocabulary

NumberedOrganizations: TypeAlias = list[tuple[int, Organization]]
KeyExtractor: TypeAlias = Callable[[Organization], Iterable[str]]

EXACT_SUFFIX = ":exact"  # behind a facet's name: the rows that carry a term itself, not only a narrower one


def _build_ancestor_extractor(vocabulary: Vocabulary, field: str) -> KeyExtractor:
    def keys(organization: Organization) -> Iterable[str]:
        terms: tuple[str, ...] = getattr(organization, field)
        return {above for term in terms for above in (term, *vocabulary.ancestors(term))}

    return keys


def _build_term_extractor(field: str) -> KeyExtractor:
    return lambda organization: getattr(organization, field)


SET_KEYS: dict[str, KeyExtractor] = {
    **{field: _build_ancestor_extractor(vocabulary, field) for field, vocabulary in FACETS.items()},
    **{field + EXACT_SUFFIX: _build_term_extractor(field) for field in FACETS},
    "kinds": lambda organization: (organization.kind,),
    "membership": lambda organization: (organization.membership.status,),
    "located": lambda organization: {code for location in organization.locations for code in location.regions},
    "serving": lambda organization: organization.service_areas,
    "stated": lambda organization: ("location",) if organization.locations else (),
}
COLUMN_VALUES: dict[str, Callable[[Organization], float | None]] = {  # numbers to order and compare by; None is unknown
    "FOUNDED": lambda organization: organization.founded,
    "JOINED": lambda organization: to_day_number(joined) if (joined := organization.membership.joined_on) else None,
    "VERIFIED": lambda organization: to_timestamp(verified) if (verified := organization.verified_at) else None,
    "UPDATED": lambda organization: to_timestamp(organization.updated_at),
}


def to_day_number(value: date) -> float:
    """A date as a number that grows with it: days since the year 1."""
    return float(value.toordinal())


def to_timestamp(value: datetime | date) -> float:
    """A moment, or the start of a day in UTC, as seconds since 1970."""
    return (value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)).timestamp()


class SearchIndex(Struct, frozen=True):
    """Immutable, but for what the region sets remember."""

    rows: Rows
    sets: dict[str, RowSets]  # by the keys of SETS
    columns: dict[str, NDArray[np.float64]]  # by the keys of COLUMNS, by row; NaN is unknown
    points: PublishedPoints
    regions: RegionSets
    words: WordIndex

    @classmethod
    def build(cls, organizations: Iterable[Organization]) -> "SearchIndex":
        rows = Rows.build(organizations)
        placed: NumberedOrganizations = list(enumerate(rows.organizations))
        sets = {name: RowSets.build((row, keys(organization)) for row, organization in placed) for name, keys in SET_KEYS.items()}
        return cls(
            rows,
            sets,
            {name: _build_column(placed, number) for name, number in COLUMN_VALUES.items()},
            PublishedPoints.build(placed),
            RegionSets(sets["located"], sets["serving"]),
            WordIndex.build(placed),
        )

    def with_changes(self, removed_ids: Iterable[str], upserted_records: list[Organization]) -> "SearchIndex":
        """The index without the organizations `gone` (ids, those not here are passed over) and with those that `come`."""
        left = {
            self.rows.row_by_id[identity]
            for identity in (*removed_ids, *(one.id for one in upserted_records))
            if identity in self.rows.row_by_id
        }
        before: NumberedOrganizations = [(row, self.rows[row]) for row in sorted(left)]
        rows = self.rows.with_changes({one.id for _, one in before} - {one.id for one in upserted_records}, upserted_records)
        if rows.needs_rebuild:
            return SearchIndex.build(rows[row] for row in rows.live_rows)
        after: NumberedOrganizations = [(rows.row_by_id[one.id], one) for one in upserted_records]
        sets = {name: self._update_set(name, before, after) for name in SET_KEYS}
        return SearchIndex(
            rows,
            sets,
            {name: _update_column(self.columns[name], len(rows), after, number) for name, number in COLUMN_VALUES.items()},
            self.points.with_changes(before, after),
            RegionSets(sets["located"], sets["serving"]),
            self.words.with_changes(before, after),
        )

    def find_rows_with_term(self, facet: str, slug: str) -> BitMap:
        """The rows that carry a term or a narrower one."""
        return self.sets[facet][slug]

    def _update_set(self, name: str, before: NumberedOrganizations, after: NumberedOrganizations) -> RowSets:
        keys = SET_KEYS[name]
        return self.sets[name].with_changes(((row, keys(one)) for row, one in before), ((row, keys(one)) for row, one in after))


def _build_column(placed: NumberedOrganizations, number: Callable[[Organization], float | None]) -> NDArray[np.float64]:
    return np.array([number(organization) for _, organization in placed], dtype=np.float64)


def _update_column(
    column: NDArray[np.float64], length: int, after: NumberedOrganizations, number: Callable[[Organization], float | None]
) -> NDArray[np.float64]:
    rows, values = [row for row, _ in after], _build_column(after, number)
    if length == len(column) and np.array_equal(column[rows], values, equal_nan=True):
        return column
    changed = np.full(length, np.nan)
    changed[: len(column)] = column
    changed[rows] = values
    return changed
