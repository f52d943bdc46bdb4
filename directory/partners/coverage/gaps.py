"""Gaps: cells with fewer organizations than the goal, and the members that are closest to filling each."""

from functools import cached_property

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.gazetteer.gazetteer import get_gazetteer
from directory.partners.coverage.cells import CoverageCell
from directory.partners.coverage.coverage import Coverage
from directory.question import RegionMatch
from directory.records import Organization
from directory.search.rows import Ints
from directory.vocabulary.regions import REGIONS

NEAREST_COUNT = 3  # members named for a gap
NEAREST_POINTS = 24  # members whose branches are compared, so that the nearest ones are of different organizations


class Gap(Struct, frozen=True):
    """A cell that lacks `missing` organizations to reach `target`, an organization and its branches counted once."""

    cell: CoverageCell
    target: int
    missing: int

    @property
    def nearest(self) -> list[Organization]:
        return find_nearest(self.cell)


class Gaps:
    """The gaps of a matrix, the largest first.

    Ranked by the share of the target that is missing, then by the number that is missing, then as the matrix is ordered. So the
    cells that nobody covers come first.
    """

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self.targets = find_targets(coverage)
        self._missing: Ints = np.maximum(self.targets[:, None] - coverage.groups, 0)

    def __len__(self) -> int:
        return int(np.count_nonzero(self._missing))

    @cached_property
    def _ranking(self) -> list[int]:
        """The positions of the gaps, the largest first."""
        positions = np.flatnonzero(self._missing)
        missing = self._missing.ravel()[positions]
        shares = missing / self.targets[positions // len(self._coverage.codes)]
        ranking: list[int] = positions[np.lexsort((positions, -missing, -shares))].tolist()
        return ranking

    def list_first(self, count: int | None = None) -> list[Gap]:
        """Return the `count` largest gaps; all for None."""
        return [self._build_gap(position) for position in self._ranking[:count]]

    def _build_gap(self, position: int) -> Gap:
        target = self.targets[position // len(self._coverage.codes)]
        return Gap(self._coverage.get_cell(position), int(target), int(self._missing.ravel()[position]))


def find_targets(coverage: Coverage) -> Ints:
    """Return the number that each row should reach in every region: the goal or, without one, its median, but at least 1.

    The median is the lower one: in at least half of the regions, so many organizations count.
    """
    goal, shape = coverage.question.goal, coverage.groups.shape
    if goal is not None or not shape[1]:
        return np.full(shape[0], goal.at_least if goal else 1, np.int64)
    medians: Ints = np.sort(coverage.groups, axis=1)[:, (shape[1] - 1) // 2]
    return np.maximum(medians, 1)


def find_nearest(cell: CoverageCell) -> list[Organization]:
    """Return at most NEAREST_COUNT members of the row that do not count in the cell, of different families, the nearest first.

    Distances are from the center of the region to published points; members at the same distance are ordered by name. Members
    without a point follow if they are located in a larger region around this one or serve it, the smallest such region first.
    """
    families = cell.matrix.families
    counted = cell.counted_rows
    candidates = cell.row.members - counted - families.find_relatives(counted)
    by_family: dict[int, int] = {}
    for row in (*_list_by_distance(cell, candidates), *_list_by_containing_region(cell, candidates)):
        by_family.setdefault(int(families.heads[row]), row)
        if len(by_family) == NEAREST_COUNT:
            break
    return cell.matrix.index.rows.list_records(by_family.values())


def _list_by_distance(cell: CoverageCell, candidates: BitMap) -> list[int]:
    """Return the rows with the nearest points; none for a region outside of the gazetteer."""
    index, center = cell.matrix.index, get_gazetteer().find_region(cell.code)
    with_point = candidates & index.points.rows_with_point
    if center is None or not with_point:
        return []
    rows = np.asarray(with_point.to_array(), np.int64)
    chords = index.points.measure_distances_of(with_point, center.point).get_chords(rows)
    if len(rows) > NEAREST_POINTS:
        near = chords <= np.partition(chords, NEAREST_POINTS)[NEAREST_POINTS]
        rows, chords = rows[near], chords[near]
    nearest: list[int] = rows[np.lexsort((index.rows.rank[rows], chords))].tolist()
    return nearest


def _list_by_containing_region(cell: CoverageCell, candidates: BitMap) -> list[int]:
    index = cell.matrix.index
    remaining = candidates - index.points.rows_with_point
    rows: list[int] = []
    for code in REGIONS.containing_codes(cell.code):
        found = remaining & index.regions.find_local_rows(code, RegionMatch.LOCATED_OR_SERVING)
        rows += index.rows.iter_by_name(found)
        remaining -= found
    return rows
