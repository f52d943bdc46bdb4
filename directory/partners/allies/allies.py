"""Find allies: add up the evidence, leave out whom the group knows already, and return a page with the best first."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.cursors import decode_cursor, encode_cursor
from directory.partners.allies.evidence import POINTS, AllyEvidence, EvidenceScale, add_points, list_numbers
from directory.partners.allies.reasons import AllyReason, RowEvidence, collect_row_evidence, explain_evidence
from directory.partners.allies.request import AllyMode, AllyRequest
from directory.partners.allies.seeks_and_offers import find_seeks_and_offers
from directory.partners.allies.shared_places import find_coarse_rows, find_places, measure_kilometers
from directory.partners.allies.shared_themes import find_coalitions, find_complements, find_themes
from directory.partners.allies.ties import Tie, find_tied_rows, list_ties
from directory.partners.families import get_families
from directory.records import Organization
from directory.search.row_sets import to_row_set, unite
from directory.search.rows import Ints, NameKey
from directory.search.snapshot import Snapshot


class AllyPosition(Struct, frozen=True, array_like=True):
    """The position of an organization in a list of allies."""

    points: int
    name: NameKey


class AllyMatches(Struct, frozen=True):
    """Who matches a request in one snapshot: the evidence, and the points of each row, 0 for those that are not suggested."""

    request: AllyRequest
    fingerprint: bytes  # of the request
    scale: EvidenceScale
    evidence: list[AllyEvidence]
    points: Ints

    @property
    def snapshot(self) -> Snapshot:
        return self.scale.snapshot


class Ally(Struct, frozen=True, dict=True):  # a dict for cached properties
    """One suggested organization. What explains it is computed when it is read."""

    organization: Organization
    row: int
    matches: AllyMatches
    distances: "PageDistances"

    @property
    def score(self) -> float:
        """The sum of the contributions of all reasons."""
        return int(self.matches.points[self.row]) / POINTS

    @property
    def cursor(self) -> str:
        name = self.matches.snapshot.index.rows.get_name_key(self.row)
        return encode_cursor(self.matches.fingerprint, AllyPosition(int(self.matches.points[self.row]), name))

    @property
    def reason_count(self) -> int:
        """The number of all reasons."""
        return len(self._evidence.merged_pieces)

    def list_reasons(self, limit: int | None = None) -> list[AllyReason]:
        """Return the reasons, the largest contribution first: all, or the first `limit`."""
        return explain_evidence(self.matches.scale, self._evidence, limit)

    @cached_property
    def _evidence(self) -> RowEvidence:
        return collect_row_evidence(self.matches.evidence, self.row)

    @property
    def distance_km(self) -> float | None:
        """How far its nearest published point is from `near` or, without it, from the nearest of the group.

        None if it is unknown, as of a place that is published only as a state.
        """
        return self.distances.kilometers[self.row]


class PageDistances:
    """The distances of the organizations on a page, which are measured together when one of them is read."""

    def __init__(self, matches: AllyMatches, rows: list[int]) -> None:
        self._matches, self._rows = matches, rows

    @cached_property
    def kilometers(self) -> dict[int, float | None]:
        request = self._matches.request
        points = [request.near.point] if request.near else [point for member in request.group for point in member.points]
        snapshot, rows = self._matches.snapshot, BitMap(self._rows)
        measured = measure_kilometers(snapshot, rows - find_coarse_rows(snapshot), points)
        return {row: measured.get(row) for row in rows}


class AllyPage(Struct, frozen=True):
    """One page of allies, the number on all pages, and the organizations that the group knows already."""

    edges: tuple[Ally, ...]
    total_count: int
    has_next_page: bool
    has_previous_page: bool
    ties: list[Tie]
    request: AllyRequest

    @property
    def nodes(self) -> list[Organization]:
        return [edge.organization for edge in self.edges]

    @property
    def page_info(self) -> "AllyPage":
        """The page itself, which has the fields of PageInfo."""
        return self

    @property
    def start_cursor(self) -> str | None:
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        return self.edges[-1].cursor if self.edges else None


def find_allies(snapshot: Snapshot, request: AllyRequest, today: date) -> AllyPage:
    """Return a page of the organizations that suit a group best; of those with equal scores, the first by name comes first.

    Of an organization and its branches, only the one that suits best is suggested. `today` is the day in UTC, for conditions that
    depend on it. Raises BadInput for conditions, and BadCursor for a cursor of another request.
    """
    fingerprint, cursor = request.fingerprint, request.page.cursor
    start = None if cursor is None else decode_cursor(cursor, fingerprint, AllyPosition)
    tied_rows = {member.id: find_tied_rows(snapshot, member.id) for member in request.group if member.id}
    known = unite([snapshot.index.rows.find_rows(tied_rows), *tied_rows.values()])
    candidates = snapshot.find(request.conditions, today).rows - known
    scale = EvidenceScale(snapshot, request.group, request.weights)
    matches = AllyMatches(request, fingerprint, scale, *_find_evidence(scale, request.mode, candidates))
    rows = _keep_best_of_families(matches)
    page, is_last = _select_page(matches, rows, start)
    has_more, has_cursor = not is_last, start is not None
    is_backward = request.page.is_backward
    distances = PageDistances(matches, page)
    edges = tuple(Ally(snapshot.index.rows[row], row, matches, distances) for row in page)
    has_next, has_previous = (has_cursor, has_more) if is_backward else (has_more, has_cursor)
    return AllyPage(edges, len(rows), has_next, has_previous, list_ties(snapshot, tied_rows), request)


def _find_evidence(scale: EvidenceScale, mode: AllyMode, candidates: BitMap) -> tuple[list[AllyEvidence], Ints]:
    """Return the evidence of a mode, and the points of each row: 0 unless it is a candidate and has what the mode asks for."""
    points = np.zeros(len(scale.index.rows), np.int64)
    is_suggested = np.zeros(len(points), np.bool_)
    is_suggested[list_numbers(candidates)] = True
    main = [*_find_main_evidence(scale, mode)]
    add_points(main, points)
    is_suggested &= points > 0
    more = list[AllyEvidence]()
    if mode is AllyMode.SAME_THEMES:
        more = [*find_places(scale)]
    elif mode is AllyMode.SAME_PLACE_OTHER_THEMES:
        more = [*find_complements(scale, to_row_set(np.flatnonzero(is_suggested)))]
        is_suggested[:] = False
        is_suggested[list_numbers(unite(one.rows for one in more))] = True
    add_points(more, points)
    points[~is_suggested] = 0
    return main + more, points


def _find_main_evidence(scale: EvidenceScale, mode: AllyMode) -> Iterator[AllyEvidence]:
    """Yield what an organization must have some of to be suggested."""
    if mode is AllyMode.SAME_THEMES:
        yield from find_themes(scale)
        yield from find_coalitions(scale)
    elif mode is AllyMode.SAME_PLACE_OTHER_THEMES:
        yield from find_places(scale)
    else:
        yield from find_seeks_and_offers(scale)


def _keep_best_of_families(matches: AllyMatches) -> Ints:
    """Return the rows with points, of each family only the one with most points, or the first by name of those."""
    rows = np.flatnonzero(matches.points)
    families = get_families(matches.scale.index)
    shared = families.has_others[rows]
    if not shared.any():
        return rows
    related = rows[shared]
    ordered = related[_sort(matches, related)]
    return np.concatenate([rows[~shared], families.find_firsts(ordered)])


def _sort(matches: AllyMatches, rows: Ints) -> Ints:
    """Return the positions of the rows in the order of the list."""
    return np.lexsort((matches.scale.index.rows.rank[rows], -matches.points[rows]))


def _select_page(matches: AllyMatches, rows: Ints, start: AllyPosition | None) -> tuple[list[int], bool]:
    """Return the rows of the page in the order of the list, and whether no row lies beyond them in its direction."""
    page, ranks = matches.request.page, matches.scale.index.rows
    rank, points = ranks.rank, matches.points
    if start is not None:
        tied = points[rows] == start.points
        if page.is_backward:
            beyond = (points[rows] > start.points) | (tied & (rank[rows] < ranks.rank_before(start.name)))
        else:
            beyond = (points[rows] < start.points) | (tied & (rank[rows] > ranks.rank_after(start.name)))
        rows = rows[beyond]
    sign = -1 if page.is_backward else 1
    nearest = rows[_find_smallest(-sign * points[rows], sign * rank[rows], page.size)]
    return nearest[_sort(matches, nearest)].tolist(), len(nearest) == len(rows)


def _find_smallest(first: Ints, second: "np.ndarray[tuple[int], np.dtype[np.float64]]", count: int) -> Ints:
    """Return the positions of the smallest pairs, in any order. Sorting all of them would take ten times as long."""
    if len(first) <= count:
        return np.arange(len(first))
    limit = np.partition(first, count - 1)[count - 1]
    below, equal = np.flatnonzero(first < limit), np.flatnonzero(first == limit)
    return np.concatenate([below, equal[np.argsort(second[equal], kind="stable")[: count - len(below)]]])
