"""Why organizations match the places of a question, and how this orders them.

The places of a question are the regions and circles of the question itself and of all its alternatives. A row that one of them
has found need not have been found by it: what counts is where the organization is and whom it serves.
"""

from collections.abc import Iterator

from pyroaring import BitMap

from directory.question import Nationwide, Question, RegionMatch
from directory.search.conditions import FilterMatcher
from directory.search.region_sets import RegionReason, RegionSets
from directory.search.row_sets import unite

_SERVING_REASONS = (RegionReason.SERVES, RegionReason.SERVES_PART, RegionReason.NATIONWIDE)
_REASONS_BY_MATCH = {
    RegionMatch.LOCATED: (RegionReason.LOCATED,),
    RegionMatch.SERVING: _SERVING_REASONS,
    RegionMatch.LOCATED_OR_SERVING: (RegionReason.LOCATED, *_SERVING_REASONS),
}
_REASONS_BY_SETTINGS = {  # the reasons that count for a filter, strongest first
    (by, nationwide): tuple(one for one in reasons if (one, nationwide) != (RegionReason.NATIONWIDE, Nationwide.EXCLUDE))
    for by, reasons in _REASONS_BY_MATCH.items()
    for nationwide in Nationwide
}
# Best first. Being in the region and being within the distance are equally good.
_REASONS_BY_RANK = ((RegionReason.LOCATED, RegionReason.WITHIN_DISTANCE), *((reason,) for reason in _SERVING_REASONS))
_RANKS = {reason: rank for rank, reasons in enumerate(_REASONS_BY_RANK) for reason in reasons}
_RANK_WITHOUT_REASON = len(_REASONS_BY_RANK)


class PlaceReasons:
    """The reasons of the rows that match a question."""

    def __init__(self, question: Question, regions: RegionSets, matcher: FilterMatcher) -> None:
        filters, near = question.list_filters(), question.near
        self._regions = regions
        region_filters = [one.regions for one in filters if one.regions.any_of]
        self._region_filters = [(one.any_of, _REASONS_BY_SETTINGS[one.by, one.nationwide]) for one in region_filters]
        self._circles = [matcher.find_rows_in_circle(one.near) for one in filters if one.near and one.near.radius_km is not None]
        # If all matches must lie in one circle, they rank equal.
        self.affects_order = bool(self._region_filters or self._circles) and (near is None or near.radius_km is None)

    def find_reason(self, row: int) -> RegionReason | None:
        """Return the strongest reason of a row; None if it has none."""
        return next((reason for reason in RegionReason if any(row in rows for rows in self._list_sets(reason))), None)

    def get_sort_key(self, row: int) -> tuple[int]:
        """Return the rank of the row's strongest reason."""
        reason = self.find_reason(row)
        return (_RANK_WITHOUT_REASON if reason is None else _RANKS[reason],)

    def split_by_key(self, rows: BitMap) -> Iterator[tuple[tuple[int], BitMap]]:
        """Yield the rows by sort key, best first; disjoint sets without empty ones. Evaluated lazily."""
        for rank, reasons in enumerate(_REASONS_BY_RANK):
            group = rows & unite([found for reason in reasons for found in self._list_sets(reason)])
            if group:
                yield (rank,), group
                rows = rows - group
                if not rows:
                    return
        yield (_RANK_WITHOUT_REASON,), rows

    def _list_sets(self, reason: RegionReason) -> list[BitMap]:
        """Return sets of rows that make up those with this reason."""
        if reason is RegionReason.WITHIN_DISTANCE:
            return self._circles
        find_rows = self._regions.find_rows_by_reason
        return [find_rows(code)[reason] for codes, reasons in self._region_filters if reason in reasons for code in codes]
