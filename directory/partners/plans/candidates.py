"""The cells of a plan and the members that could cover them, from one audience's snapshot.

A cell is an issue area, with everything narrower, in a region. Which cells a member covers is the product of its issue areas and
its regions, so both are kept as bits of two numbers for each row, and members with the same bits form a group.

Branches of an organization are members of their own, as everywhere in the directory: two branches count as two.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Floats, Point, compute_mean_point, km_to_squared_chord, to_unit_vectors
from directory.partners.plans.request import PlanRequest, contradiction
from directory.records import Organization, find_verification_cutoff
from directory.search.row_sets import to_row_set
from directory.search.rows import Ints
from directory.search.searched_fields import to_timestamp
from directory.search.snapshot import Snapshot

# The preference among plans of the same size: the sum of the points of their members.
DISTANCE_POINTS = ((100.0, 3), (400.0, 2), (1_000.0, 1))  # kilometers from the center of the plan, at most; points
VERIFIED_POINTS = 2  # for a record that need not be verified again yet
ISSUE_AREA_POINTS = 1  # for each issue area of the plan that the member works on
MAX_ISSUE_AREA_POINTS = 5
TIE_NUMBERS = 1 << 16  # ties are broken by a number computed from the id, so that no name is favored


class PlanCell(Struct, frozen=True):
    """An issue area in a region, both by their keys."""

    issue_area: str
    region: str


class CandidateGroup(Struct, frozen=True):
    """Members that cover the same cells, the preferred ones first.

    `cells` is a set of bits, one for each cell of the plan that they cover. The arrays have one element for each member.
    """

    cells: int
    rows: Ints
    points: Ints
    tie_numbers: Ints


class Candidates:
    """The members from which a plan is chosen. Immutable, except for what it computes when it is first read.

    `cells` are those of the plan, by issue area and then by region. `included_rows` are in every plan, by name; `excluded_rows`
    in none. `unlisted_keys` are the keys to include or exclude that name no organization that the audience sees.
    """

    def __init__(self, snapshot: Snapshot, request: PlanRequest, today: dt.date) -> None:
        """`today` is the day in UTC. Raises BadInput if a member is included and excluded, or for an unusable filter."""
        self.snapshot, self.request, self.today = snapshot, request, today
        self.cells = tuple(PlanCell(slug, code) for slug in request.issue_areas for code in request.regions)
        included, missing = self._find_rows(request.include)
        excluded, not_excluded = self._find_rows(request.exclude)
        self.unlisted_keys = (*missing, *not_excluded)
        for row in included & excluded:
            raise contradiction(snapshot.index.rows[row].slug)
        self.included_rows, self.excluded_rows = tuple(snapshot.index.rows.iter_by_name(included)), excluded
        self.filter_rows = snapshot.find(request.filter, today).rows
        self._term_rows = [snapshot.index.find_rows_with_term("issue_areas", slug) for slug in request.issue_areas]
        self._region_rows = [snapshot.index.regions.match(code, request.by, request.nationwide) for code in request.regions]
        self._issue_area_bits = self._collect_bits(self._term_rows)
        self._region_bits = self._collect_bits(self._region_rows)
        self.groups = self._build_groups(self.filter_rows - included - excluded)

    def find_cell_rows(self, number: int) -> BitMap:
        """Return all rows that cover a cell, whether they match the filter or not."""
        issue_area, region = divmod(number, len(self.request.regions))
        return self._term_rows[issue_area] & self._region_rows[region]

    def find_issue_area_rows(self, number: int) -> BitMap:
        """Return the candidates that work on the issue area of a cell."""
        return (self._term_rows[number // len(self.request.regions)] & self.filter_rows) - self.excluded_rows

    def get_cells(self, row: int) -> int:
        """Return the cells that a row covers, as bits."""
        return self._spread_bits(int(self._issue_area_bits[row]), int(self._region_bits[row]))

    def list_cells(self, bits: int) -> tuple[PlanCell, ...]:
        return tuple(self.cells[number] for number in iterate_bits(bits))

    def list_organizations(self, rows: Sequence[int]) -> tuple[Organization, ...]:
        return tuple(self.snapshot.index.rows.list_records(rows))

    def find_stand_ins(self, cells: int, excluded: Iterable[int], first: int) -> tuple[int, ...]:
        """Return the rows of the first candidates that cover all of these cells, the preferred ones first."""
        others = set(excluded)
        groups = [group for group in self.groups if group.cells & cells == cells]
        ranked = [
            (-int(points), int(tie_number), self.snapshot.index.rows.get_name_key(int(row)), int(row))
            for group in groups
            for row, points, tie_number in zip(group.rows[: first + len(others)], group.points, group.tie_numbers, strict=False)
            if int(row) not in others
        ]
        return tuple(row for *_, row in sorted(ranked)[:first])

    def rate(self, row: int) -> int:
        """Return the points of a row."""
        return int(self._compute_points(np.array([row]))[0])

    @cached_property
    def center(self) -> Point | None:
        """The point from which distances are measured; None if there is none.

        The origin of the filter if it has one, else the center of the included members, else that of the chosen regions.
        """
        if self.request.filter.origin is not None:
            return self.request.filter.origin.point
        included = [point for record in self.list_organizations(self.included_rows) for point in record.points[:1]]
        regions = (get_gazetteer().find_region(code) for code in self.request.regions) if not included else ()
        points = included or [place.point for place in regions if place is not None]
        if not points:
            return None
        return compute_mean_point(
            to_unit_vectors(np.array([point.latitude for point in points]), np.array([point.longitude for point in points]))
        )

    def _find_rows(self, keys: Iterable[str]) -> tuple[BitMap, list[str]]:
        """Return the rows of organizations, and the keys that name none that the audience sees."""
        rows, missing = BitMap(), []
        for key in keys:
            organization = self.snapshot.find_by_slug(key) or self.snapshot.find_by_id(key)
            if organization is None:
                missing.append(key)
            else:
                rows.add(self.snapshot.index.rows.row_by_id[organization.id])
        return rows, missing

    def _collect_bits(self, sets: Sequence[BitMap]) -> NDArray[np.uint64]:
        """Return a number for each row, with a bit for each set that contains the row."""
        bits = np.zeros(len(self.snapshot.index.rows), np.uint64)
        for position, rows in enumerate(sets):
            bits[np.asarray(rows.to_array(), np.int64)] |= np.uint64(1 << position)
        return bits

    def _spread_bits(self, issue_areas: int, regions: int) -> int:
        width = len(self.request.regions)
        return sum(regions << position * width for position in iterate_bits(issue_areas))

    def _build_groups(self, eligible: BitMap) -> tuple[CandidateGroup, ...]:
        rows = np.asarray(eligible.to_array(), np.int64)
        rows = rows[(self._issue_area_bits[rows] != 0) & (self._region_bits[rows] != 0)]
        if not len(rows):
            return ()
        issue_areas, issue_area_numbers = np.unique(self._issue_area_bits[rows], return_inverse=True)
        regions, region_numbers = np.unique(self._region_bits[rows], return_inverse=True)
        numbers = issue_area_numbers * len(regions) + region_numbers
        points, tie_numbers = self._compute_points(rows), self._compute_tie_numbers(rows)
        order = np.lexsort((self.snapshot.index.rows.rank[rows], tie_numbers, -points, numbers))
        starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
        return tuple(
            CandidateGroup(
                self._spread_bits(*map(int, (issue_areas[number // len(regions)], regions[number % len(regions)]))),
                rows[members],
                points[members],
                tie_numbers[members],
            )
            for members in np.split(order, starts[1:])
            for number in numbers[members[:1]]
        )

    def _compute_points(self, rows: Ints) -> Ints:
        """Return the preference for each row, in points."""
        bits = self._issue_area_bits[rows]
        counts = sum(((bits >> np.uint64(position)) & np.uint64(1)).astype(np.int64) for position in range(len(self._term_rows)))
        points: Ints = np.minimum(counts * ISSUE_AREA_POINTS, MAX_ISSUE_AREA_POINTS)
        cutoff = to_timestamp(find_verification_cutoff(self.today))
        points = points + VERIFIED_POINTS * (self.snapshot.index.columns["VERIFIED"][rows] >= cutoff)
        return points if self.center is None else points + self._compute_distance_points(rows, self.center)

    def _compute_distance_points(self, rows: Ints, center: Point) -> Ints:
        chords: Floats = self.snapshot.index.points.measure_distances_of(to_row_set(rows), center).get_chords(rows)
        points: Ints = np.zeros(len(rows), np.int64)
        for kilometers, value in DISTANCE_POINTS:
            points = np.maximum(points, value * (chords <= km_to_squared_chord(kilometers)))
        return points

    def _compute_tie_numbers(self, rows: Ints) -> Ints:
        get_key = self.snapshot.index.rows.get_name_key
        return np.array([crc32(get_key(row)[1].encode()) % TIE_NUMBERS for row in rows.tolist()], np.int64)


def iterate_bits(bits: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
