"""Published points of the rows: which lie in a box or a circle, and how far they are from an origin.

Distances are compared as squared chords through a sphere of radius 1. They grow with the distance along the surface and need no
trigonometry per point, so two points give the same number in every process. Kilometers are computed only for output.
"""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.geo import (
    EARTH_RADIUS_KM,
    Box,
    Floats,
    Point,
    km_to_squared_chord,
    measure_squared_chords,
    squared_chord_to_km,
    to_unit_vectors,
)
from directory.records import Organization
from directory.search.row_sets import to_row_set
from directory.search.rows import Ints


class PublishedPoints:
    """All published points by ascending latitude, each with the row of its organization. Immutable."""

    def __init__(self, columns: Floats, rows: Ints, rows_with_point: BitMap) -> None:
        """`columns` has five rows: ascending latitudes, longitudes, then x, y and z on the unit sphere. `rows` is as long."""
        self._columns, self.rows, self.rows_with_point = columns, rows, rows_with_point
        self.latitudes, self.longitudes, self._x, self._y, self._z = columns

    @classmethod
    def build(cls, organizations: Iterable[tuple[int, Organization]]) -> "PublishedPoints":
        """Build the points of numbered organizations. A point that an organization has twice counts once."""
        points = dict.fromkeys((row, point) for row, organization in organizations for point in organization.points)
        listed = np.array([(point.latitude, point.longitude, row) for row, point in points], dtype=np.float64).reshape(-1, 3)
        latitudes, longitudes, row_numbers = listed[np.argsort(listed[:, 0], kind="stable")].T.copy()
        rows = row_numbers.astype(np.int64)
        return cls(np.array((latitudes, longitudes, *to_unit_vectors(latitudes, longitudes))), rows, to_row_set(rows))

    def with_changes(
        self, removed_records: list[tuple[int, Organization]], added_records: list[tuple[int, Organization]]
    ) -> "PublishedPoints":
        """Return the points without those of removed records and with those of added records."""
        if [(row, record.points) for row, record in removed_records] == [(row, record.points) for row, record in added_records]:
            return self
        added, removed_rows = PublishedPoints.build(added_records), [row for row, _ in removed_records]
        columns, rows = self._columns, self.rows
        if removed_rows:  # even nothing takes time to delete
            removed = np.flatnonzero(np.isin(rows, removed_rows))
            columns, rows = np.delete(columns, removed, axis=1), np.delete(rows, removed)
        insert_at = np.searchsorted(columns[0], added.latitudes, side="right")
        return PublishedPoints(
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
        return PublishedPoints(np.ascontiguousarray(self._columns[:, visible]), self.rows[visible], self.rows_with_point & mask)

    def find_rows_in_box(self, box: Box) -> BitMap:
        """Return the rows that have a point in the box."""
        return to_row_set(self.rows[self.find_points_in_box(box)])

    def find_points_in_box(self, box: Box) -> Ints:
        """Return the positions of the points in the box, in the arrays of this object."""
        start = np.searchsorted(self.latitudes, box.south, side="left")
        end = np.searchsorted(self.latitudes, box.north, side="right")
        longitudes = self.longitudes[start:end]
        east_of, west_of = longitudes >= box.west, longitudes <= box.east
        return start + np.flatnonzero(east_of | west_of if box.crosses_antimeridian else east_of & west_of)

    def measure_distances(self, origin: Point, radius_km: float | None = None) -> "NearestDistances":
        """Measure how far rows are from an origin: the rows with a point at most `radius_km` away, or all rows with a point."""
        if radius_km is None:
            return NearestDistances.build(self._points_by_row, self._compute_chords(origin, slice(None)))
        band = self._find_latitude_band(origin.latitude, float(np.degrees(radius_km / EARTH_RADIUS_KM)))
        chords = self._compute_chords(origin, band)
        inside = chords <= km_to_squared_chord(radius_km)
        return NearestDistances.build(_group_by_row(self.rows[band][inside]), chords[inside])

    @cached_property
    def _points_by_row(self) -> "PointsByRow":
        return _group_by_row(self.rows)

    def _compute_chords(self, origin: Point, band: slice) -> Floats:
        return measure_squared_chords(self._x[band], self._y[band], self._z[band], origin)

    def _find_latitude_band(self, latitude: float, degrees: float) -> slice:
        slack = 1e-9  # degrees; keeps points on the edge despite rounding
        start, end = np.searchsorted(self.latitudes, (latitude - degrees - slack, latitude + degrees + slack))
        return slice(int(start), int(end))


class PointsByRow(Struct, frozen=True):
    """Points grouped by row: an order of the points, where each row starts in it, and the rows in ascending order."""

    order: Ints
    starts: Ints
    rows: Ints


def _group_by_row(rows: Ints) -> PointsByRow:
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
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
        chord = float(self.get_chords(np.array([row]))[0])
        return None if chord == np.inf else squared_chord_to_km(chord)
