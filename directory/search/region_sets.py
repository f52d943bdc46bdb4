"""How many rows each region of a kind has: thousands of regions are counted at once.

Most counties of a state are served by the same organizations. What serves a region is therefore counted once for each different
set, and only who is located there, without serving it, is counted region by region.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.question import Nationwide, RegionFilter, RegionMatch
from directory.search.rows import EMPTY_ROWS, RowSets, unite
from directory.vocabulary.region_files import Region, RegionKind
from directory.vocabulary.regions import REGIONS

Ints: TypeAlias = NDArray[np.int64]
RegionRowSets: TypeAlias = tuple[str, BitMap, BitMap, BitMap]  # a code, who is located there, serves it, serves its whole country


class RegionCounts(Struct, frozen=True):
    """By region: `count` as the question's regions are meant, `local` of these without who only serves the whole country."""

    codes: Sequence[str]
    counts: Ints
    local_counts: Ints


class RegionCounter:
    """The regions of one kind, in the ways that one RegionMatch means. Immutable."""

    def __init__(self, by: RegionMatch, regions: Iterable[RegionRowSets]) -> None:
        countries: dict[int, list[RegionRowSets]] = {}
        for entry in regions:
            countries.setdefault(id(entry[3]), []).append(entry)
        self._groups = [_CountryGroup(by, group) for group in countries.values()]
        self.codes = [code for group in self._groups for code in group.codes]
        self._code_ranks = np.argsort(np.array(self.codes, dtype=np.str_), kind="stable").argsort()

    def count(self, rows: BitMap, nationwide: Nationwide) -> RegionCounts:
        """How many of the rows each region has."""
        counted = [group.count(rows, nationwide) for group in self._groups]
        empty = np.zeros(0, np.int64)
        count, local = (np.concatenate([empty, *parts]) for parts in (zip(*counted, strict=True) if counted else ((), ())))
        return RegionCounts(self.codes, count, local)

    def sort_by_count(self, counts: Ints) -> Ints:
        """Positions of the regions, the largest count first, then by code."""
        return np.lexsort((self._code_ranks, -counts))


class _CountryGroup:
    """The regions of one country, or of all that nobody serves as a whole."""

    def __init__(self, by: RegionMatch, regions: list[RegionRowSets]) -> None:
        self.codes = [code for code, *_ in regions]
        self._by, self._nationwide_rows = by, regions[0][3]
        serving = [EMPTY_ROWS if by is RegionMatch.LOCATED else served for _, _, served, _ in regions]
        located = [
            EMPTY_ROWS if by is RegionMatch.SERVING else there - served
            for (_, there, *_), served in zip(regions, serving, strict=True)
        ]
        different = {id(one): one for one in serving}
        numbers = {key: number for number, key in enumerate(different)}
        self._distinct_sets = list(different.values())
        self._serving_set_numbers: Ints = np.array([numbers[id(one)] for one in serving], np.int64)
        self._located_ends: Ints = np.array(list(accumulate(map(len, located))), np.int64)
        self._located_rows: Ints = np.array([row for one in located for row in one], np.int64)

    def count(self, rows: BitMap, nationwide: Nationwide) -> tuple[Ints, Ints]:
        """`count` and `local`."""
        if nationwide is Nationwide.ONLY:
            everywhere = rows & self._nationwide_rows
            local = self._count_local(everywhere)
            return local if self._by is RegionMatch.LOCATED else np.full_like(local, len(everywhere)), local
        local = self._count_local(rows)
        if nationwide is Nationwide.EXCLUDE or self._by is RegionMatch.LOCATED:
            return local, local
        others = rows - self._nationwide_rows
        return len(rows) - len(others) + self._count_local(others), local

    def _count_local(self, rows: BitMap) -> Ints:
        serving: Ints = np.array([rows.intersection_cardinality(one) for one in self._distinct_sets], np.int64)
        among = (
            np.isin(self._located_rows, np.asarray(rows.to_array(), np.int64), kind="table")
            if len(self._located_rows)
            else self._located_rows
        )
        sums = np.concatenate(([0], np.cumsum(among)))
        located: Ints = np.diff(sums[self._located_ends], prepend=0)
        return serving[self._serving_set_numbers] + located


class RegionReason(StrEnum):
    """Why an organization has to do with a region, strongest first."""

    LOCATED = "LOCATED"  # a published location lies in it
    SERVES = "SERVES"  # a service area contains it
    SERVES_PART = "SERVES_PART"  # a service area lies in it or overlaps it
    NATIONWIDE = "NATIONWIDE"  # it serves the whole country


_REASONS_BY_MATCH = {
    RegionMatch.LOCATED: (RegionReason.LOCATED,),
    RegionMatch.SERVING: (RegionReason.SERVES, RegionReason.SERVES_PART, RegionReason.NATIONWIDE),
    RegionMatch.LOCATED_OR_SERVING: tuple(RegionReason),
}
_COUNTRY_CODES = frozenset(region.code for region in REGIONS.list_of_kind(RegionKind.COUNTRY))


class RegionSets:
    """For any region, the rows by each reason; immutable but for what it remembers."""

    def __init__(self, located: RowSets, serving: RowSets) -> None:
        self.located_sets, self.serving_sets = located, serving
        self.nationwide_rows = serving.match_any(code for code in serving if code in _COUNTRY_CODES)
        self._local_areas = frozenset(serving) - _COUNTRY_CODES
        self._reason_cache: dict[str, dict[RegionReason, BitMap]] = {}
        self._local_serving_cache: dict[str, BitMap] = {}
        self._counter_cache: dict[tuple[RegionKind, RegionMatch], RegionCounter] = {}
        self._serving_cache: dict[frozenset[str], BitMap] = {}

    def find_rows_by_reason(self, code: str) -> dict[RegionReason, BitMap]:
        """The rows of each reason; a row may have several."""
        if code not in self._reason_cache:
            containing = self._local_areas.intersection((code, *REGIONS.containing_codes(code)))
            touching = (self._local_areas & REGIONS.overlapping_codes(code)) - containing
            self._reason_cache[code] = {
                RegionReason.LOCATED: self.located_sets[code],
                RegionReason.SERVES: self._find_rows_serving(containing),
                RegionReason.SERVES_PART: self._find_rows_serving(touching),
                RegionReason.NATIONWIDE: self.serving_sets[REGIONS.get_country_code(code)],
            }
            self._local_serving_cache[code] = self._find_rows_serving(containing | touching)
        return self._reason_cache[code]

    def _find_rows_serving(self, areas: frozenset[str]) -> BitMap:
        """The rows that serve any of the areas. Most counties of a state share one set."""
        if areas not in self._serving_cache:
            self._serving_cache[areas] = self.serving_sets.match_any(areas)
        return self._serving_cache[areas]

    def find_local_rows(self, code: str, by: RegionMatch) -> BitMap:
        """The rows that have to do with one region in the way asked for, apart from those that serve its whole country."""
        if by is RegionMatch.LOCATED:
            return self.located_sets[code]
        located = self.find_rows_by_reason(code)[RegionReason.LOCATED]
        serving = self._local_serving_cache[code]
        return serving if by is RegionMatch.SERVING else _unite_pair(located, serving)

    def match(self, code: str, by: RegionMatch, nationwide: Nationwide) -> BitMap:
        """The rows that have to do with one region in the way asked for. ONLY keeps those that serve its whole country.

        Made anew each time: kept for every region, the many that are nationwide would be kept thousands of times.
        """
        local, everywhere = self.find_local_rows(code, by), self.find_rows_by_reason(code)[RegionReason.NATIONWIDE]
        if nationwide is Nationwide.ONLY:
            return local & everywhere if by is RegionMatch.LOCATED else everywhere
        return local if nationwide is Nationwide.EXCLUDE or by is RegionMatch.LOCATED else _unite_pair(local, everywhere)

    def get_counter(self, kind: RegionKind, by: RegionMatch) -> RegionCounter:
        """For counting all regions of a kind."""
        key = (kind, by)
        if key not in self._counter_cache:
            self._counter_cache[key] = RegionCounter(by, map(self._build_counter_rows, REGIONS.list_of_kind(kind)))
        return self._counter_cache[key]

    def _build_counter_rows(self, region: Region) -> RegionRowSets:
        reasons = self.find_rows_by_reason(region.code)
        return (
            region.code,
            reasons[RegionReason.LOCATED],
            self._local_serving_cache[region.code],
            reasons[RegionReason.NATIONWIDE],
        )

    def match_filter(self, region_filter: RegionFilter) -> BitMap:
        """The rows that `any_of` leaves; ONLY without a region keeps those that serve any whole country."""
        if not region_filter.any_of:
            return self.nationwide_rows
        return unite(self.match(code, region_filter.by, region_filter.nationwide) for code in region_filter.any_of)

    def find_excluded_rows(self, region_filter: RegionFilter) -> BitMap:
        """The rows that `none_of` takes away: those with a reason of their own; to serve the whole country is none."""
        return unite(self.find_local_rows(code, region_filter.by) for code in region_filter.none_of)

    def split_by_reason(self, region_filter: RegionFilter, rows: BitMap) -> list[tuple[RegionReason, BitMap]]:
        """The rows by their strongest reason of those asked for, in all regions asked for; disjoint, strongest first."""
        left, found = rows, []
        for reason in list_reasons(region_filter.by, region_filter.nationwide):
            mine = left & unite(self.find_rows_by_reason(code)[reason] for code in region_filter.any_of)
            left = left - mine
            found.append((reason, mine))
        return found

    def find_reason(self, region_filter: RegionFilter, row: int) -> RegionReason | None:
        """The strongest reason of one row; None when no region is asked for."""
        for reason in list_reasons(region_filter.by, region_filter.nationwide):
            if any(row in self.find_rows_by_reason(code)[reason] for code in region_filter.any_of):
                return reason
        return None


def _unite_pair(one: BitMap, other: BitMap) -> BitMap:
    """The rows of both; one of the two as it is where the other is empty."""
    return one | other if one and other else one or other


def list_reasons(by: RegionMatch, nationwide: Nationwide) -> tuple[RegionReason, ...]:
    """The reasons that count for a filter, strongest first."""
    return tuple(
        reason for reason in _REASONS_BY_MATCH[by] if (reason, nationwide) != (RegionReason.NATIONWIDE, Nationwide.EXCLUDE)
    )
