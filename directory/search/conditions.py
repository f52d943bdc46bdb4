"""The rows that match the conditions of a question, and of each of its alternatives."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

import numpy as np
from pyroaring import BitMap

from directory.question import FACETS, Filter, Nationwide, Near, TermFilter, YearRange
from directory.question.facet_choices import CHOICE_FACETS, KIND_FACET, REGION_FACET, belongs_to_facet
from directory.records import find_verification_cutoff
from directory.search.row_sets import to_row_set, unite
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import PARENT_SETS, to_day_number, to_timestamp

ANY_SUFFIX = ":any"  # after the name of a facet: what its own counts leave out


class FilterMatcher:
    """Finds the rows that match filters. It remembers the rows of circles, which reasons need again.

    `today` is needed for filters by `verification_due`.
    """

    def __init__(self, index: SearchIndex[Any], today: date | None) -> None:
        self._index, self._today = index, today
        self._rows_by_radius: dict[float | None, BitMap] = {}  # a question has one origin

    def find_rows(self, condition: Filter) -> BitMap:
        """Return the rows that match a filter."""
        return self.intersect(self.build_conditions(condition).values())

    def intersect(self, sets: Iterable[BitMap]) -> BitMap:
        """Return the rows that are in all sets; all rows if there are no sets."""
        smallest_first = sorted(sets, key=len)
        return reduce(and_, smallest_first) if smallest_first else self._index.rows.live_rows

    def find_rows_in_circle(self, near: Near) -> BitMap:
        """Return the rows with a point in the circle, which has a radius."""
        if near.radius_km not in self._rows_by_radius:
            self._rows_by_radius[near.radius_km] = self._index.points.measure_distances(near.point, near.radius_km).rows
        return self._rows_by_radius[near.radius_km]

    def add_circle(self, near: Near, rows: BitMap) -> None:
        """Remember the rows of a circle that are known already."""
        self._rows_by_radius[near.radius_km] = rows

    def build_conditions(self, condition: Filter) -> dict[str, BitMap]:
        """Return the rows that match each part of a filter, by the name of the part; parts that filter nothing are left out."""
        index, conditions = self._index, {}
        if condition.membership:
            conditions["membership"] = index.sets["membership"].match_any(condition.membership)
        for facet in FACETS:
            conditions |= _build_term_conditions(facet, getattr(condition, facet), index)
        if condition.kinds:
            conditions[KIND_FACET + ANY_SUFFIX] = index.sets[KIND_FACET].match_any(condition.kinds)
        if condition.excluded_kinds:
            conditions[KIND_FACET + ":none"] = index.rows.live_rows - index.sets[KIND_FACET].match_any(condition.excluded_kinds)
        if condition.near is not None and condition.near.radius_km is not None:
            conditions["near"] = self.find_rows_in_circle(condition.near)
        conditions |= _build_place_conditions(condition, index)
        conditions |= self._build_time_conditions(condition)
        if condition.ids:
            conditions["ids"] = index.rows.find_rows(condition.ids)
        if condition.parent is not None:
            conditions["parent"] = index.sets[PARENT_SETS][condition.parent]
        if condition.coalition is not None:
            conditions["coalition"] = index.rows.find_rows(index.find_members(condition.coalition))
        return conditions | self._build_clause_conditions(condition) if condition.clauses else conditions

    def _build_clause_conditions(self, condition: Filter) -> dict[str, BitMap]:
        conditions = {}
        for number, clause in enumerate(condition.clauses):
            facet = next((facet for facet in CHOICE_FACETS if belongs_to_facet(clause, facet)), None)
            name = f"clause:{number}" if facet is None else f"{facet}{ANY_SUFFIX}:{number}"
            conditions[name] = unite(map(self.find_rows, clause))
        return conditions

    def _build_time_conditions(self, condition: Filter) -> dict[str, BitMap]:
        index, conditions = self._index, {}
        if condition.verified_since:
            conditions["verified"] = _find_rows_since(index, "VERIFIED", to_timestamp(condition.verified_since))
        if condition.verification_due is not None:
            conditions["due"] = self._find_rows_by_verification(condition.verification_due)
        if condition.updated_since:
            conditions["updated"] = _find_rows_since(index, "UPDATED", to_timestamp(condition.updated_since))
        if condition.joined_since:
            conditions["joined"] = _find_rows_since(index, "JOINED", to_day_number(condition.joined_since))
        if condition.founded.has_values:
            conditions["founded"] = _find_rows_founded(index, condition.founded)
        return conditions

    def _find_rows_by_verification(self, due: bool) -> BitMap:
        if self._today is None:
            raise ValueError("A question about verification that is due needs the day of the search.")
        verified = _find_rows_since(self._index, "VERIFIED", to_timestamp(find_verification_cutoff(self._today)))
        return self._index.rows.live_rows - verified if due else verified


def _build_term_conditions(facet: str, terms: TermFilter, index: SearchIndex[Any]) -> dict[str, BitMap]:
    conditions = {}
    if terms.any_of:
        conditions[facet + ANY_SUFFIX] = unite(index.find_rows_with_term(facet, slug, terms.narrower) for slug in terms.any_of)
    for slug in terms.all_of:
        conditions[f"{facet}:all:{slug}"] = index.find_rows_with_term(facet, slug, terms.narrower)
    if terms.none_of:
        excluded = unite(index.find_rows_with_term(facet, slug, terms.narrower) for slug in terms.none_of)
        conditions[facet + ":none"] = index.rows.live_rows - excluded
    return conditions


def _build_place_conditions(condition: Filter, index: SearchIndex[Any]) -> dict[str, BitMap]:
    conditions = {}
    if condition.regions.any_of or condition.regions.nationwide is Nationwide.ONLY:
        conditions[REGION_FACET + ANY_SUFFIX] = index.regions.match_filter(condition.regions)
    if condition.regions.none_of:
        conditions["regions:none"] = index.rows.live_rows - index.regions.find_excluded_rows(condition.regions)
    if condition.within:
        conditions["within"] = index.points.find_rows_in_box(condition.within)
    if condition.location_stated is not None:
        with_location = index.sets["stated"]["location"]
        conditions["stated"] = with_location if condition.location_stated else index.rows.live_rows - with_location
    return conditions


def _find_rows_since(index: SearchIndex[Any], column: str, value: float) -> BitMap:
    return to_row_set(np.flatnonzero(index.columns[column] >= value))


def _find_rows_founded(index: SearchIndex[Any], years: YearRange) -> BitMap:
    column = index.columns["FOUNDED"]
    first, last = (-np.inf if years.first is None else years.first), (np.inf if years.last is None else years.last)
    return to_row_set(np.flatnonzero((column >= first) & (column <= last)))  # an unknown year is NaN
