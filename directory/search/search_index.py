"""The index of one snapshot: row sets, number columns, points, regions and words."""

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

EXACT_SUFFIX = ":exact"  # after the name of a facet: the rows with the term itself, not only a narrower one


def _build_ancestor_extractor(vocabulary: Vocabulary, field: str) -> KeyExtractor:
    def list_terms_and_ancestors(organization: Organization) -> Iterable[str]:
        terms: tuple[str, ...] = getattr(organization, field)
        return {slug for term in terms for slug in (term, *vocabulary.ancestors(term))}

    return list_terms_and_ancestors


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
COLUMN_VALUES: dict[str, Callable[[Organization], float | None]] = {  # numbers to sort and filter by; None is unknown
    "FOUNDED": lambda organization: organization.founded,
    "JOINED": lambda organization: to_day_number(joined) if (joined := organization.membership.joined_on) else None,
    "VERIFIED": lambda organization: to_timestamp(verified) if (verified := organization.verified_at) else None,
    "UPDATED": lambda organization: to_timestamp(organization.updated_at),
}


def to_day_number(value: date) -> float:
    """Return a date as days since the year 1."""
    return float(value.toordinal())


def to_timestamp(value: datetime | date) -> float:
    """Return a moment, or the start of a day in UTC, as seconds since 1970."""
    return (value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)).timestamp()


class SearchIndex(Struct, frozen=True):
    """Everything a search looks up. Immutable, except for the caches of the region sets."""

    rows: Rows
    sets: dict[str, RowSets]  # by the keys of SET_KEYS
    columns: dict[str, NDArray[np.float64]]  # by the keys of COLUMN_VALUES, then by row; NaN is unknown
    points: PublishedPoints
    regions: RegionSets
    words: WordIndex

    @classmethod
    def build(cls, organizations: Iterable[Organization]) -> "SearchIndex":
        rows = Rows.build(organizations)
        numbered: NumberedOrganizations = list(enumerate(rows.organizations))
        sets = {
            name: RowSets.build((row, keys(organization)) for row, organization in numbered) for name, keys in SET_KEYS.items()
        }
        return cls(
            rows,
            sets,
            {name: _build_column(numbered, number) for name, number in COLUMN_VALUES.items()},
            PublishedPoints.build(numbered),
            RegionSets(sets["located"], sets["serving"]),
            WordIndex.build(numbered),
        )

    def with_changes(self, removed_ids: Iterable[str], upserted_records: list[Organization]) -> "SearchIndex":
        """Return the index without the removed organizations and with the upserted ones. Unknown ids are ignored."""
        changed_rows = {
            self.rows.row_by_id[identity]
            for identity in (*removed_ids, *(record.id for record in upserted_records))
            if identity in self.rows.row_by_id
        }
        before: NumberedOrganizations = [(row, self.rows[row]) for row in sorted(changed_rows)]
        upserted_ids = {record.id for record in upserted_records}
        rows = self.rows.with_changes({record.id for _, record in before} - upserted_ids, upserted_records)
        if rows.needs_rebuild:
            return SearchIndex.build(rows[row] for row in rows.live_rows)
        after: NumberedOrganizations = [(rows.row_by_id[record.id], record) for record in upserted_records]
        sets = {name: self._update_set(name, before, after) for name in SET_KEYS}
        return SearchIndex(
            rows,
            sets,
            {name: _update_column(self.columns[name], len(rows), after, number) for name, number in COLUMN_VALUES.items()},
            self.points.with_changes(before, after),
            RegionSets(sets["located"], sets["serving"]),
            self.words.with_changes(before, after),
        )

    def find_rows_with_term(self, facet: str, slug: str, narrower: bool = True) -> BitMap:
        """Return the rows that have a term or, with `narrower`, a narrower one."""
        return self.sets[facet if narrower else facet + EXACT_SUFFIX][slug]

    def _update_set(self, name: str, before: NumberedOrganizations, after: NumberedOrganizations) -> RowSets:
        keys = SET_KEYS[name]
        return self.sets[name].with_changes(
            ((row, keys(record)) for row, record in before), ((row, keys(record)) for row, record in after)
        )


def _build_column(numbered: NumberedOrganizations, number: Callable[[Organization], float | None]) -> NDArray[np.float64]:
    return np.array([number(organization) for _, organization in numbered], dtype=np.float64)


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
