"""Published points of the rows: which lie in a box or a circle, and how far they are from an origin.

Distances are compared as squared chords through a sphere of radius 1. They grow with the distance along the surface and need no
trigonometry per point, so two points give the same number in every process. Kilometers are computed only for output.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.geo import (
    Box,
    Floats,
    Point,
    bound_circle,
    km_to_squared_chord,
    measure_squared_chords,
    squared_chord_to_km,
    to_unit_vectors,
)
from directory.records import PublishedRecord
from directory.search.grid import CellCodes, compute_cell_codes, find_cell_ranges
from directory.search.row_sets import to_row_set
from directory.search.rows import Ints

SCAN_LIMIT = 2_000  # up to this many points, looking at all of them is faster than finding those in an area


class PublishedPoints:
    """All published points by ascending cell of the grid, each with the row of its organization. Immutable.

    So points that are close together are close together in memory, and a map needs no sorting.
    """

    def __init__(self, cells: CellCodes, columns: Floats, rows: Ints, rows_with_point: BitMap) -> None:
        """`columns` has five rows: latitudes, longitudes, then x, y and z on the unit sphere. `cells` and `rows` are as long."""
        self.cells, self._columns, self.rows, self.rows_with_point = cells, columns, rows, rows_with_point
        self.latitudes, self.longitudes, self._x, self._y, self._z = columns

    @classmethod
    def build(cls, organizations: Iterable[tuple[int, PublishedRecord]]) -> "PublishedPoints":
        """Build the points of numbered organizations. A point that an organization has twice counts once."""
        points = dict.fromkeys((row, point) for row, organization in organizations for point in organization.points)
        listed = np.array([(point.latitude, point.longitude, row) for row, point in points], dtype=np.float64).reshape(-1, 3)
        cells = compute_cell_codes(listed[:, 0], listed[:, 1])
        order = np.argsort(cells, kind="stable")
        latitudes, longitudes, row_numbers = listed[order].T.copy()
        rows = row_numbers.astype(np.int64)
        columns = np.array((latitudes, longitudes, *to_unit_vectors(latitudes, longitudes)))
        return cls(cells[order], columns, rows, to_row_set(rows))

    def with_changes(
        self, removed_records: Sequence[tuple[int, PublishedRecord]], added_records: Sequence[tuple[int, PublishedRecord]]
    ) -> "PublishedPoints":
        """Return the points without those of removed records and with those of added records."""
        if [(row, record.points) for row, record in removed_records] == [(row, record.points) for row, record in added_records]:
            return self
        added, removed_rows = PublishedPoints.build(added_records), [row for row, _ in removed_records]
        cells, columns, rows = self.cells, self._columns, self.rows
        if removed_rows:  # even nothing takes time to delete
            removed = np.flatnonzero(np.isin(rows, removed_rows))
            cells, columns, rows = np.delete(cells, removed), np.delete(columns, removed, axis=1), np.delete(rows, removed)
        insert_at = np.searchsorted(cells, added.cells, side="right")
        return PublishedPoints(
            np.insert(cells, insert_at, added.cells),
            np.insert(columns, insert_at, added._columns, axis=1),
            np.insert(rows, insert_at, added.rows),
            self.rows_with_point - BitMap(removed_rows) | added.rows_with_point,
        )

    def mask(self, mask: BitMap) -> "PublishedPoints":
        """Return the points of some rows only."""
        hidden_rows = self.rows_with_point - mask
        if not hidden_rows:
            return self
        visible = np.isin(self.rows, np.asarray(hidden_rows.to_array(), np.int64), invert=True, kind="table")
        columns = np.ascontiguousarray(self._columns[:, visible])
        return PublishedPoints(self.cells[visible], columns, self.rows[visible], self.rows_with_point & mask)

    def find_rows_in_box(self, box: Box) -> BitMap:
        """Return the rows that have a point in the box."""
        return to_row_set(self.rows[self.find_points_in_box(box)])

    def find_points_in_box(self, box: Box) -> Ints:
        """Return the positions of the points in the box, in the arrays of this object; ascending."""
        edges = (-180.0, 180.0) if box.crosses_antimeridian else (box.west, box.east)
        near = self._find_points_near(box.south, edges[0], box.north, edges[1])
        latitudes, longitudes = self.latitudes[near], self.longitudes[near]
        east_of, west_of = longitudes >= box.west, longitudes <= box.east
        between = east_of | west_of if box.crosses_antimeridian else east_of & west_of
        inside: Ints = near[between & (latitudes >= box.south) & (latitudes <= box.north)]
        return inside

    def measure_distances(self, origin: Point, radius_km: float | None = None) -> "NearestDistances":
        """Measure how far rows are from an origin: the rows with a point at most `radius_km` away, or all rows with a point."""
        if radius_km is None:
            return NearestDistances.build(self._points_by_row, self._compute_chords(origin, slice(None)))
        near = self._find_points_near(*bound_circle(origin, radius_km))
        chords = self._compute_chords(origin, near)
        inside = chords <= km_to_squared_chord(radius_km)
        return NearestDistances.build(_group_by_row(self.rows[near[inside]]), chords[inside])

    def measure_distances_of(self, rows: BitMap, origin: Point) -> "NearestDistances":
        """Measure how far some rows are from an origin: those that have a point."""
        points = self._points_by_row
        if 2 * len(rows) > len(points.rows):  # then all are measured sooner
            return self.measure_distances(origin)
        numbers = np.asarray((rows & self.rows_with_point).to_array(), np.int64)
        groups = np.searchsorted(points.rows, numbers)
        lengths = self._point_counts[groups]
        firsts = np.cumsum(lengths) - lengths
        positions = points.order[np.repeat(points.starts[groups] - firsts, lengths) + np.arange(lengths.sum())]
        chords = self._compute_chords(origin, positions)
        return NearestDistances(numbers, np.minimum.reduceat(chords, firsts) if len(chords) else chords)

    def measure_nearest(self, origins: Iterable[Point], radius_km: float, row_count: int) -> Floats:
        """Return, for each of the first `row_count` rows, the squared chord from its nearest point to the nearest of the origins.

        Infinite for rows without a point at most `radius_km` away.
        """
        nearest: Floats = np.full(row_count, np.inf)
        for origin in origins:
            positions = self._find_points_near(*bound_circle(origin, radius_km))
            np.minimum.at(nearest, self.rows[positions], self._compute_chords(origin, positions))
        nearest[nearest > km_to_squared_chord(radius_km)] = np.inf
        return nearest

    @cached_property
    def is_one_of_several(self) -> NDArray[np.bool_]:
        """Whether the row of each point has other points."""
        several: NDArray[np.bool_] = (np.bincount(self.rows) > 1)[self.rows]
        return several

    @cached_property
    def _points_by_row(self) -> "PointsByRow":
        return _group_by_row(self.rows)

    @cached_property
    def _point_counts(self) -> Ints:
        """The number of points of each row that has any, in the order of `_points_by_row`."""
        return np.diff(self._points_by_row.starts, append=len(self.rows))

    def _compute_chords(self, origin: Point, positions: Ints | slice) -> Floats:
        return measure_squared_chords(self._x[positions], self._y[positions], self._z[positions], origin)

    def _find_points_near(self, south: float, west: float, north: float, east: float) -> Ints:
        """Return the positions of all points in an area and of some around it; ascending."""
        if len(self.rows) <= SCAN_LIMIT:
            return np.arange(len(self.rows))
        codes = np.array(find_cell_ranges(south, west, north, east), np.uint64)
        return np.concatenate([np.arange(start, end) for start, end in np.searchsorted(self.cells, codes).tolist()])


class PointsByRow(Struct, frozen=True):
    """Points grouped by row: an order of the points, where each row starts in it, and the rows in ascending order."""

    order: Ints
    starts: Ints
    rows: Ints


def _group_by_row(rows: Ints) -> PointsByRow:
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1)) if len(ordered) else order
    return PointsByRow(order, starts, ordered[starts])


class NearestDistances:
    """The squared chord from an origin to the nearest point of each row. Immutable."""

    def __init__(self, rows: Ints, chords: Floats) -> None:
        """`rows` ascend without repeats; `chords` holds the chord of each."""
        self._rows, self._chords = rows, chords
        self.rows = to_row_set(rows)

    @classmethod
    def build(cls, points: PointsByRow, chords: Floats) -> "NearestDistances":
        """Build from the chords of all points, in their order before they were grouped by row."""
        nearest = np.minimum.reduceat(chords[points.order], points.starts) if len(chords) else chords
        return cls(points.rows, nearest)

    def get_chords(self, rows: Ints) -> Floats:
        """Return the squared chord of each row; infinite for a row without a point."""
        if not len(self._rows):
            return np.full(len(rows), np.inf)
        position = np.minimum(np.searchsorted(self._rows, rows), len(self._rows) - 1)
        return np.where(self._rows[position] == rows, self._chords[position], np.inf)

    def distance_km(self, row: int) -> float | None:
        """Return the distance along the surface in kilometers; None for a row without a point."""
        return squared_chord_to_km(float(self._chords[self.rows.rank(row) - 1])) if row in self.rows else None
