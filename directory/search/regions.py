"""Which organizations have to do with a region, and in which way."""

from enum import StrEnum

from pyroaring import BitMap

from directory.question import Nationwide, RegionFilter, RegionMatch
from directory.regions import REGIONS, RegionKind
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
        self._matches: dict[tuple[str, RegionMatch, Nationwide], BitMap] = {}

    def reasons(self, code: str) -> dict[RegionReason, BitMap]:
        """The rows of each reason; a row may have several."""
        if code not in self._reasons:
            containing = self._local_areas & {code, *REGIONS.within(code)}
            touching = (self._local_areas & REGIONS.overlapping(code)) - containing
            self._reasons[code] = {
                RegionReason.LOCATED: self.located[code],
                RegionReason.SERVES: self.serving.any(containing),
                RegionReason.SERVES_PART: self.serving.any(touching),
                RegionReason.NATIONWIDE: self.serving[REGIONS.country(code)],
            }
        return self._reasons[code]

    def match(self, code: str, by: RegionMatch, nationwide: Nationwide) -> BitMap:
        """The rows that have to do with one region in the way asked for. ONLY keeps those that serve its whole country."""
        key = (code, by, nationwide)
        if key not in self._matches:
            reasons = self.reasons(code)
            found = union(reasons[reason] for reason in asked(by, nationwide))
            self._matches[key] = found & reasons[RegionReason.NATIONWIDE] if nationwide is Nationwide.ONLY else found
        return self._matches[key]

    def match_locally(self, code: str, by: RegionMatch, nationwide: Nationwide) -> BitMap:
        """Those of `match` that have a reason of their own; to serve the whole country is none."""
        return self.match(code, by, nationwide) & self.match(code, by, Nationwide.EXCLUDE)

    def match_any(self, question: RegionFilter) -> BitMap:
        """The rows that `any_of` leaves; ONLY without a region keeps those that serve any whole country."""
        if not question.any_of:
            return self.nationwide
        return union(self.match(code, question.by, question.nationwide) for code in question.any_of)

    def excluded(self, question: RegionFilter) -> BitMap:
        """The rows that `none_of` takes away: those with a reason of their own; to serve the whole country is none."""
        return union(self.match(code, question.by, Nationwide.EXCLUDE) for code in question.none_of)

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


def asked(by: RegionMatch, nationwide: Nationwide) -> tuple[RegionReason, ...]:
    """The reasons that count for a filter, strongest first."""
    return tuple(reason for reason in _ASKED[by] if (reason, nationwide) != (RegionReason.NATIONWIDE, Nationwide.EXCLUDE))
