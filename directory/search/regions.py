"""Which organizations have to do with a region, and in which way."""

from enum import StrEnum

from pyroaring import BitMap

from directory.question import Nationwide, RegionFilter, RegionMatch
from directory.regions import REGIONS, Region, RegionKind
from directory.search.region_counts import RegionCounter, RegionRowSets
from directory.search.sets import RowSets, unite


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
