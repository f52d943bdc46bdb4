"""Which organizations have to do with a region, and in which way."""

from enum import StrEnum

from pyroaring import BitMap

from directory.question import Nationwide, RegionFilter, RegionMatch
from directory.regions import REGIONS, Region, RegionKind
from directory.search.region_counts import RegionCounter, RegionRows
from directory.search.sets import RowSets, union


class RegionReason(StrEnum):
    """Why an organization has to do with a region, strongest first."""

    LOCATED = "LOCATED"  # a published location lies in it
    SERVES = "SERVES"  # a service area contains it
    SERVES_PART = "SERVES_PART"  # a service area lies in it or overlaps it
    NATIONWIDE = "NATIONWIDE"  # it serves the whole country


_ASKED = {
    RegionMatch.LOCATED: (RegionReason.LOCATED,),
    RegionMatch.SERVING: (RegionReason.SERVES, RegionReason.SERVES_PART, RegionReason.NATIONWIDE),
    RegionMatch.LOCATED_OR_SERVING: tuple(RegionReason),
}
_COUNTRIES = frozenset(region.code for region in REGIONS.of_kind(RegionKind.COUNTRY))


class RegionSets:
    """For any region, the rows by each reason; immutable but for what it remembers."""

    def __init__(self, located: RowSets, serving: RowSets) -> None:
        self.located, self.serving = located, serving
        self.nationwide = serving.any(code for code in serving if code in _COUNTRIES)
        self._local_areas = frozenset(serving) - _COUNTRIES
        self._reasons: dict[str, dict[RegionReason, BitMap]] = {}
        self._serving_locally: dict[str, BitMap] = {}
        self._counters: dict[tuple[RegionKind, RegionMatch], RegionCounter] = {}
        self._serving_any: dict[frozenset[str], BitMap] = {}

    def reasons(self, code: str) -> dict[RegionReason, BitMap]:
        """The rows of each reason; a row may have several."""
        if code not in self._reasons:
            containing = self._local_areas.intersection((code, *REGIONS.within(code)))
            touching = (self._local_areas & REGIONS.overlapping(code)) - containing
            self._reasons[code] = {
                RegionReason.LOCATED: self.located[code],
                RegionReason.SERVES: self._serving(containing),
                RegionReason.SERVES_PART: self._serving(touching),
                RegionReason.NATIONWIDE: self.serving[REGIONS.country(code)],
            }
            self._serving_locally[code] = self._serving(containing | touching)
        return self._reasons[code]

    def _serving(self, areas: frozenset[str]) -> BitMap:
        """The rows that serve any of the areas. Most counties of a state share one set."""
        if areas not in self._serving_any:
            self._serving_any[areas] = self.serving.any(areas)
        return self._serving_any[areas]

    def local(self, code: str, by: RegionMatch) -> BitMap:
        """The rows that have to do with one region in the way asked for, apart from those that serve its whole country."""
        if by is RegionMatch.LOCATED:
            return self.located[code]
        located = self.reasons(code)[RegionReason.LOCATED]
        serving = self._serving_locally[code]
        return serving if by is RegionMatch.SERVING else _joined(located, serving)

    def match(self, code: str, by: RegionMatch, nationwide: Nationwide) -> BitMap:
        """The rows that have to do with one region in the way asked for. ONLY keeps those that serve its whole country.

        Made anew each time: kept for every region, the many that are nationwide would be kept thousands of times.
        """
        local, everywhere = self.local(code, by), self.reasons(code)[RegionReason.NATIONWIDE]
        if nationwide is Nationwide.ONLY:
            return local & everywhere if by is RegionMatch.LOCATED else everywhere
        return local if nationwide is Nationwide.EXCLUDE or by is RegionMatch.LOCATED else _joined(local, everywhere)

    def counter(self, kind: RegionKind, by: RegionMatch) -> RegionCounter:
        """For counting all regions of a kind."""
        key = (kind, by)
        if key not in self._counters:
            self._counters[key] = RegionCounter(by, map(self._counted_rows, REGIONS.of_kind(kind)))
        return self._counters[key]

    def _counted_rows(self, region: Region) -> RegionRows:
        reasons = self.reasons(region.code)
        return region.code, reasons[RegionReason.LOCATED], self._serving_locally[region.code], reasons[RegionReason.NATIONWIDE]

    def match_any(self, question: RegionFilter) -> BitMap:
        """The rows that `any_of` leaves; ONLY without a region keeps those that serve any whole country."""
        if not question.any_of:
            return self.nationwide
        return union(self.match(code, question.by, question.nationwide) for code in question.any_of)

    def excluded(self, question: RegionFilter) -> BitMap:
        """The rows that `none_of` takes away: those with a reason of their own; to serve the whole country is none."""
        return union(self.local(code, question.by) for code in question.none_of)

    def buckets(self, question: RegionFilter, rows: BitMap) -> list[tuple[RegionReason, BitMap]]:
        """The rows by their strongest reason of those asked for, in all regions asked for; disjoint, strongest first."""
        left, found = rows, []
        for reason in asked(question.by, question.nationwide):
            mine = left & union(self.reasons(code)[reason] for code in question.any_of)
            left = left - mine
            found.append((reason, mine))
        return found

    def reason(self, question: RegionFilter, row: int) -> RegionReason | None:
        """The strongest reason of one row; None when no region is asked for."""
        for reason in asked(question.by, question.nationwide):
            if any(row in self.reasons(code)[reason] for code in question.any_of):
                return reason
        return None


def _joined(one: BitMap, other: BitMap) -> BitMap:
    """The rows of both; one of the two as it is where the other is empty."""
    return one | other if one and other else one or other


def asked(by: RegionMatch, nationwide: Nationwide) -> tuple[RegionReason, ...]:
    """The reasons that count for a filter, strongest first."""
    return tuple(reason for reason in _ASKED[by] if (reason, nationwide) != (RegionReason.NATIONWIDE, Nationwide.EXCLUDE))
