"""The counts of a coverage matrix: how many members work on a theme in a region, for all themes and regions at once."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
from pyroaring import BitMap

from directory.partners.coverage.past_members import find_members
from directory.partners.coverage.question import UNINHABITED, CountingRule, CoverageQuestion, check_size, list_codes_within
from directory.partners.coverage.region_columns import count_intersections, get_columns
from directory.partners.families import MatchingFamilies, get_families
from directory.question import Nationwide, RegionMatch
from directory.search.row_sets import unite
from directory.search.rows import Ints
from directory.search.snapshot import Snapshot
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS, RegionKind


class CoverageMatrix:
    """The counts of one question in one snapshot.

    `values`, the terms of the rows, are in the order of the vocabulary, and `term_sets` are the matching organizations that have
    each of them. `codes`, the regions, ascend. The counts are arrays of shape (values, codes). Each organization is in at most
    one of the first three counts of a cell:

    located      has a published location in the region
    serving      serves the region, at least in part, and is not located there
    nationwide   serves the whole country, and neither of the above
    groups       how many count by the question's rule, an organization and its branches once
    """

    def __init__(self, snapshot: Snapshot, question: CoverageQuestion, today: date) -> None:
        """`today` is the day in UTC. Raises what `find_members` raises, and TooLarge for too many cells."""
        self.question = question
        members = find_members(snapshot, question.question, question.as_of, today)
        self.index, self.matches, self.today = members.index, members.rows, members.day
        self.term_sets = self._find_term_sets()
        self.values = list(self.term_sets)
        self.codes = sorted(self._list_codes())
        check_size(len(self.values), len(self.codes))
        self.columns = get_columns(self.index.regions, question.region_kind, self.codes)
        shape = (3, len(self.values), len(self.codes))
        counts = np.array(list(map(self.columns.count, self.term_sets.values())), np.int64).reshape(-1, 3, len(self.codes))
        self.located, self.serving, self.nationwide = counts.transpose(1, 0, 2).reshape(shape)

    @cached_property
    def totals(self) -> Ints:
        """The number of organizations in each cell: the total of the search that the cell links to."""
        return self.located + self.serving + self.nationwide

    @cached_property
    def counted_columns(self) -> Sequence[BitMap]:
        """For each region, the rows that count by the question's rule."""
        rule = self.question.rule
        if rule == CountingRule():
            return self.columns.local
        return [self.index.regions.match(code, rule.by, rule.nationwide) for code in self.codes]

    @cached_property
    def families(self) -> MatchingFamilies:
        return MatchingFamilies(get_families(self.index), unite(self.term_sets.values()))

    @cached_property
    def groups(self) -> Ints:
        return self._count_by_rule() - self.families.count_repeated(self.counted_columns, list(self.term_sets.values()))

    @cached_property
    def positions(self) -> list[int]:
        """The positions of the cells that have an organization, row by row; a position counts all cells, the empty ones too."""
        positions: list[int] = np.flatnonzero(self.totals).tolist()
        return positions

    @cached_property
    def stated_areas(self) -> BitMap:
        """The matching rows that state a service area, which may be the whole country."""
        serving = self.index.regions.serving_sets
        return serving.match_any(serving) & self.matches

    def find_unstated_rows(self, region: int) -> BitMap:
        """Return the matching rows that may work in a region, by its position, without anybody knowing.

        They state no service area. Their location is not stated either, or only an area that is larger than the region.
        """
        return self._unstated_rows[region]

    @cached_property
    def _unstated_rows(self) -> list[BitMap]:
        return [unite(self._unstated_sets.get(code, ())) for code in self.codes]

    @cached_property
    def _unstated_sets(self) -> dict[str, list[BitMap]]:
        """By region, the sets of rows whose published locations leave open whether they are in it."""
        sets: dict[str, list[BitMap]] = {}
        for places, rows in self._group_imprecise_rows().items():
            possible = [frozenset.intersection(self._all_codes, *map(REGIONS.overlapping_codes, place)) for place in places]
            for code in frozenset().union(*possible) if places else self._all_codes:
                sets.setdefault(code, []).append(rows)
        return sets

    @cached_property
    def _all_codes(self) -> frozenset[str]:
        return frozenset(self.codes)

    def _group_imprecise_rows(self) -> dict[tuple[tuple[str, ...], ...], BitMap]:
        """Return the rows that state no service area and are in no region of this kind, by the areas of their locations."""
        codes = [region.code for region in REGIONS.list_of_kind(self.question.region_kind)]
        imprecise = self.matches - self.stated_areas - self.index.regions.located_sets.match_any(codes)
        groups: dict[tuple[tuple[str, ...], ...], BitMap] = {}
        for row in imprecise:
            places = tuple(location.regions for location in self.index.rows[row].locations)
            groups.setdefault(places, BitMap()).add(row)
        return groups

    def _find_term_sets(self) -> dict[str, BitMap]:
        facet, values = self.question.facet, self.question.values
        sets = {
            slug: self.index.find_rows_with_term(facet.field, slug) & self.matches for slug in values or facet.vocabulary.terms
        }
        return {slug: rows for slug, rows in sets.items() if rows or values}

    def _list_codes(self) -> Sequence[str]:
        kind, within = self.question.region_kind, self.question.within
        if within is not None:
            return list_codes_within(within, kind)
        by_country = _group_by_country(kind)
        covered = [code for country, codes in by_country.items() if self._has_members_in(country) for code in codes]
        return covered or by_country.get(HOME_COUNTRY, ())

    def _has_members_in(self, country: str) -> bool:
        reasons = self.index.regions.find_rows_by_reason(country)
        return any(rows.intersect(self.matches) for rows in reasons.values())

    def _count_by_rule(self) -> Ints:
        rule = self.question.rule
        if rule.nationwide is not Nationwide.ONLY and rule.by is RegionMatch.LOCATED:
            return self.located
        if rule.nationwide is not Nationwide.ONLY and rule.by is RegionMatch.LOCATED_OR_SERVING:
            return self.totals if rule.nationwide is Nationwide.INCLUDE else self.located + self.serving
        counts = [count_intersections(rows, self.counted_columns) for rows in self.term_sets.values()]
        return np.array(counts, np.int64).reshape(self.totals.shape)


@lru_cache(maxsize=len(RegionKind))
def _group_by_country(kind: RegionKind) -> dict[str, tuple[str, ...]]:
    codes: dict[str, list[str]] = {}
    for region in REGIONS.list_of_kind(kind):
        if region.code in UNINHABITED:
            continue
        codes.setdefault(REGIONS.get_country_code(region.code), []).append(region.code)
    return {country: tuple(inside) for country, inside in codes.items()}
