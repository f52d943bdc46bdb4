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
from directory.search.places import Places
from directory.search.regions import RegionSets
from directory.search.rows import Rows
from directory.search.sets import RowSets
from directory.search.words import WordIndex
from directory.vocabulary import Vocabulary

Placed: TypeAlias = list[tuple[int, Organization]]
KeysOf: TypeAlias = Callable[[Organization], Iterable[str]]

EXACT = ":exact"  # behind a facet's name: the rows that carry a term itself, not only a narrower one


def _with_broader(vocabulary: Vocabulary, field: str) -> KeysOf:
    def keys(organization: Organization) -> Iterable[str]:
        terms: tuple[str, ...] = getattr(organization, field)
        return {above for term in terms for above in (term, *vocabulary.ancestors(term))}

    return keys


def _terms(field: str) -> KeysOf:
    return lambda organization: getattr(organization, field)


SETS: dict[str, KeysOf] = {
    **{field: _with_broader(vocabulary, field) for field, vocabulary in FACETS.items()},
    **{field + EXACT: _terms(field) for field in FACETS},
    "kinds": lambda organization: (organization.kind,),
    "membership": lambda organization: (organization.membership.status,),
    "located": lambda organization: {code for location in organization.locations for code in location.regions},
    "serving": lambda organization: organization.service_areas,
    "stated": lambda organization: ("location",) if organization.locations else (),
}
COLUMNS: dict[str, Callable[[Organization], float | None]] = {  # numbers to order and compare by; None is unknown
    "FOUNDED": lambda organization: organization.founded,
    "JOINED": lambda organization: day(joined) if (joined := organization.membership.joined_on) else None,
    "VERIFIED": lambda organization: moment(verified) if (verified := organization.verified_at) else None,
    "UPDATED": lambda organization: moment(organization.updated_at),
}


def day(value: date) -> float:
    """A date as a number that grows with it: days since the year 1."""
    return float(value.toordinal())


def moment(value: datetime | date) -> float:
    """A moment, or the start of a day in UTC, as seconds since 1970."""
    return (value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)).timestamp()


class Index(Struct, frozen=True):
    """Immutable, but for what the region sets remember."""

    rows: Rows
    sets: dict[str, RowSets]  # by the keys of SETS
    columns: dict[str, NDArray[np.float64]]  # by the keys of COLUMNS, by row; NaN is unknown
    places: Places
    regions: RegionSets
    words: WordIndex

    @classmethod
    def build(cls, organizations: Iterable[Organization]) -> "Index":
        rows = Rows.build(organizations)
        placed: Placed = list(enumerate(rows.organizations))
        sets = {name: RowSets.build((row, keys(organization)) for row, organization in placed) for name, keys in SETS.items()}
        return cls(
            rows,
            sets,
            {name: _column(placed, number) for name, number in COLUMNS.items()},
            Places.build(placed),
            RegionSets(sets["located"], sets["serving"]),
            WordIndex.build(placed),
        )

    def changed(self, gone: Iterable[str], come: list[Organization]) -> "Index":
        """The index without the organizations `gone` (ids, those not here are passed over) and with those that `come`."""
        left = {self.rows.by_id[identity] for identity in (*gone, *(one.id for one in come)) if identity in self.rows.by_id}
        before: Placed = [(row, self.rows[row]) for row in sorted(left)]
        rows = self.rows.changed({one.id for _, one in before} - {one.id for one in come}, come)
        if rows.worn:
            return Index.build(rows[row] for row in rows.live)
        after: Placed = [(rows.by_id[one.id], one) for one in come]
        sets = {name: self._set_changed(name, before, after) for name in SETS}
        return Index(
            rows,
            sets,
            {name: _column_changed(self.columns[name], len(rows), after, number) for name, number in COLUMNS.items()},
            self.places.changed(before, after),
            RegionSets(sets["located"], sets["serving"]),
            self.words.changed(before, after),
        )

    def carriers(self, facet: str, slug: str) -> BitMap:
        """The rows that carry a term or a narrower one."""
        return self.sets[facet][slug]

    def _set_changed(self, name: str, before: Placed, after: Placed) -> RowSets:
        keys = SETS[name]
        return self.sets[name].changed(((row, keys(one)) for row, one in before), ((row, keys(one)) for row, one in after))


def _column(placed: Placed, number: Callable[[Organization], float | None]) -> NDArray[np.float64]:
    return np.array([number(organization) for _, organization in placed], dtype=np.float64)


def _column_changed(
    column: NDArray[np.float64], length: int, after: Placed, number: Callable[[Organization], float | None]
) -> NDArray[np.float64]:
    rows, values = [row for row, _ in after], _column(after, number)
    if length == len(column) and np.array_equal(column[rows], values, equal_nan=True):
        return column
    changed = np.full(length, np.nan)
    changed[: len(column)] = column
    changed[rows] = values
    return changed
