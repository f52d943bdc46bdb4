"""Regions: which rows belong to a region and why, and counts for thousands of regions at once.

The same organizations serve most counties of a state. So the rows that serve a region are counted once for each distinct set,
and only the rows that are located in a region without serving it are counted region by region.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.question import Nationwide, RegionFilter, RegionMatch
from directory.search.row_sets import EMPTY_ROWS, RowSets, unite, unite_pair
from directory.search.rows import Ints
from directory.vocabulary.region_files import Region, RegionKind
from directory.vocabulary.regions import REGIONS

# A code, then the rows that are located there, that serve it, and that serve its whole country.
RegionRowSets: TypeAlias = tuple[str, BitMap, BitMap, BitMap]


class RegionCounts(Struct, frozen=True):
    """Counts by region. `local_counts` exclude the rows that only serve the whole country."""

    codes: Sequence[str]
    counts: Ints
    local_counts: Ints


class RegionCounter:
    """Counts rows by the regions of one kind, for one RegionMatch. Immutable."""

    def __init__(self, by: RegionMatch, regions: Iterable[RegionRowSets]) -> None:
        countries: dict[int, list[RegionRowSets]] = {}
        for region in regions:
            countries.setdefault(id(region[3]), []).append(region)
        self._groups = [_CountryGroup(by, group) for group in countries.values()]
        self.codes = [code for group in self._groups for code in group.codes]
        self._code_ranks = np.argsort(np.array(self.codes, dtype=np.str_), kind="stable").argsort()

    def count(self, rows: BitMap, nationwide: Nationwide) -> RegionCounts:
        """Count the rows of each region."""
        group_counts = [group.count(rows, nationwide) for group in self._groups]
        empty = np.zeros(0, np.int64)
        columns = zip(*group_counts, strict=True) if group_counts else ((), ())
        counts, local_counts = (np.concatenate([empty, *column]) for column in columns)
        return RegionCounts(self.codes, counts, local_counts)

    def sort_by_count(self, counts: Ints) -> Ints:
        """Return the positions of the regions, the largest count first, then by code."""
        return np.lexsort((self._code_ranks, -counts))


class _CountryGroup:
    """The regions of one country, or of all countries that no row serves as a whole."""

    def __init__(self, by: RegionMatch, regions: list[RegionRowSets]) -> None:
        self.codes = [code for code, *_ in regions]
        self._by, self._nationwide_rows = by, regions[0][3]
        serving = [EMPTY_ROWS if by is RegionMatch.LOCATED else serving_rows for _, _, serving_rows, _ in regions]
        located = [
            EMPTY_ROWS if by is RegionMatch.SERVING else located_rows - serving_rows
            for (_, located_rows, *_), serving_rows in zip(regions, serving, strict=True)
        ]
        distinct = {id(rows): rows for rows in serving}
        numbers = {key: number for number, key in enumerate(distinct)}
        self._distinct_sets = list(distinct.values())
        self._serving_set_numbers: Ints = np.array([numbers[id(rows)] for rows in serving], np.int64)
        self._located_numbers: Ints = np.array([number for number, rows in enumerate(located) if rows], np.int64)
        self._located_sets = [rows for rows in located if rows]

    def count(self, rows: BitMap, nationwide: Nationwide) -> tuple[Ints, Ints]:
        """Return the counts and the local counts of the regions."""
        if nationwide is Nationwide.ONLY:
            nationwide_rows = rows & self._nationwide_rows
            local_counts = self._count_local(nationwide_rows)
            is_local = self._by is RegionMatch.LOCATED
            return local_counts if is_local else np.full_like(local_counts, len(nationwide_rows)), local_counts
        local_counts = self._count_local(rows)
        if nationwide is Nationwide.EXCLUDE or self._by is RegionMatch.LOCATED:
            return local_counts, local_counts
        everywhere = rows & self._nationwide_rows
        return local_counts + len(everywhere) - self._count_local(everywhere) if everywhere else local_counts, local_counts

    def _count_local(self, rows: BitMap) -> Ints:
        serving: Ints = np.array([rows.intersection_cardinality(distinct) for distinct in self._distinct_sets], np.int64)
        counts = serving[self._serving_set_numbers]
        counts[self._located_numbers] += np.array([rows.intersection_cardinality(one) for one in self._located_sets], np.int64)
        return counts


class RegionReason(StrEnum):
    """Why an organization matches the regions or the circle of a question, strongest first."""

    LOCATED = "LOCATED"  # a published location lies in the region
    WITHIN_DISTANCE = "WITHIN_DISTANCE"  # a published point lies in the circle
    SERVES = "SERVES"  # a service area contains it
    SERVES_PART = "SERVES_PART"  # a service area lies in it or overlaps it
    NATIONWIDE = "NATIONWIDE"  # it serves the whole country


_COUNTRY_CODES = frozenset(region.code for region in REGIONS.list_of_kind(RegionKind.COUNTRY))


class RegionSets:
    """For any region, the rows by each reason. Immutable, except for its caches."""

    def __init__(self, located: RowSets, serving: RowSets) -> None:
        self.located_sets, self.serving_sets = located, serving
        self.nationwide_rows = serving.match_any(_COUNTRY_CODES)
        self.local_areas = frozenset(serving) - _COUNTRY_CODES  # codes of all service areas that are smaller than a country
        self._reason_cache: dict[str, dict[RegionReason, BitMap]] = {}
        self._local_serving_cache: dict[str, BitMap] = {}
        self._counter_cache: dict[tuple[RegionKind, RegionMatch], RegionCounter] = {}
        self._serving_cache: dict[frozenset[str], BitMap] = {}

    def find_rows_by_reason(self, code: str) -> dict[RegionReason, BitMap]:
        """Return the rows by each reason of a region; a row may have several reasons."""
        if code not in self._reason_cache:
            containing = self.local_areas.intersection((code, *REGIONS.containing_codes(code)))
            touching = (self.local_areas & REGIONS.overlapping_codes(code)) - containing
            self._reason_cache[code] = {
                RegionReason.LOCATED: self.located_sets[code],
                RegionReason.SERVES: self._find_rows_serving(containing),
                RegionReason.SERVES_PART: self._find_rows_serving(touching),
                RegionReason.NATIONWIDE: self.serving_sets[REGIONS.get_country_code(code)],
            }
            self._local_serving_cache[code] = self._find_rows_serving(containing | touching)
        return self._reason_cache[code]

    def _find_rows_serving(self, areas: frozenset[str]) -> BitMap:
        """Return the rows that serve any of the areas. Cached, because most counties of a state share one set."""
        if areas not in self._serving_cache:
            self._serving_cache[areas] = self.serving_sets.match_any(areas)
        return self._serving_cache[areas]

    def find_local_rows(self, code: str, by: RegionMatch) -> BitMap:
        """Return the rows that match one region, without those that match only by serving its whole country."""
        if by is RegionMatch.LOCATED:
            return self.located_sets[code]
        located = self.find_rows_by_reason(code)[RegionReason.LOCATED]
        serving = self._local_serving_cache[code]
        return serving if by is RegionMatch.SERVING else unite_pair(located, serving)

    def match(self, code: str, by: RegionMatch, nationwide: Nationwide) -> BitMap:
        """Return the rows that match one region. Nationwide.ONLY limits them to rows that serve its whole country.

        Not cached: a set for each region would hold the many nationwide rows thousands of times.
        """
        local, nationwide_rows = self.find_local_rows(code, by), self.find_rows_by_reason(code)[RegionReason.NATIONWIDE]
        if nationwide is Nationwide.ONLY:
            return local & nationwide_rows if by is RegionMatch.LOCATED else nationwide_rows
        return local if nationwide is Nationwide.EXCLUDE or by is RegionMatch.LOCATED else unite_pair(local, nationwide_rows)

    def get_counter(self, kind: RegionKind, by: RegionMatch, within_region: str | None = None) -> RegionCounter:
        """Return the counter of all regions of a kind, or of those within a region.

        Only the counters of all regions are cached. Raises UnknownRegion.
        """
        if within_region is not None:
            inside = map(REGIONS.require, REGIONS.contained_codes(within_region, kind))
            return RegionCounter(by, map(self._build_counter_rows, inside))
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
        """Return the rows that match `any_of`. Without a region, Nationwide.ONLY matches rows that serve any whole country."""
        if not region_filter.any_of:
            return self.nationwide_rows
        return unite(self.match(code, region_filter.by, region_filter.nationwide) for code in region_filter.any_of)

    def find_excluded_rows(self, region_filter: RegionFilter) -> BitMap:
        """Return the rows that `none_of` excludes. Serving the whole country alone does not exclude a row."""
        return unite(self.find_local_rows(code, region_filter.by) for code in region_filter.none_of)
