"""Where rows have published points: within a distance, within a box, and how far from an origin.

Distances are compared as squared chords through a sphere of radius 1, which grow with the distance along the surface and
need no trigonometry per point, so that the same two points give the same number in every process; kilometres are made of
them at the very end.
"""

from collections.abc import Iterable
from functools import cached_property
from math import asin, sin, sqrt
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.geo import EARTH_RADIUS_KM, HALF_EARTH_KM, Box, Point
from directory.records import Organization
from directory.search.rows import to_row_set

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
PointColumns: TypeAlias = tuple[Floats, Floats, Floats, Floats, Floats, Floats]


class PublishedPoints:
    """All published points, ascending by latitude, with the row each belongs to; immutable."""

    def __init__(self, columns: PointColumns) -> None:
        """`columns`: latitudes, which ascend, longitudes, then x, y and z on the unit sphere, and rows; alike in length."""
        self._columns = columns
        self.latitudes, self.longitudes, self._x, self._y, self._z, rows = columns
        self.rows: Ints = rows.astype(np.int64)
        self.rows_with_point = to_row_set(self.rows)

    @classmethod
    def build(cls, organizations: Iterable[tuple[int, Organization]]) -> "PublishedPoints":
        """A point that an organization has twice counts once."""
        points = dict.fromkeys((row, point) for row, organization in organizations for point in organization.points)
        listed = np.array([(point.latitude, point.longitude, row) for row, point in points], dtype=np.float64).reshape(-1, 3)
        latitudes, longitudes, rows = listed[np.argsort(listed[:, 0], kind="stable")].T.copy()
        return cls((latitudes, longitudes, *_project_to_unit_sphere(latitudes, longitudes), rows))

    def with_changes(
        self, removed_records: list[tuple[int, Organization]], added_records: list[tuple[int, Organization]]
    ) -> "PublishedPoints":
        """These places without the points of those that are `gone`, and with the points of those that `come`."""
        if [(row, one.points) for row, one in removed_records] == [(row, one.points) for row, one in added_records]:
            return self
        added = PublishedPoints.build(added_records)
        lost = np.flatnonzero(np.isin(self.rows, [row for row, _ in removed_records]))
        kept = [np.delete(column, lost) for column in self._columns]
        into = np.searchsorted(kept[0], added.latitudes, side="right")
        latitudes, longitudes, x, y, z, rows = map(np.insert, kept, [into] * len(kept), added._columns)
        return PublishedPoints((latitudes, longitudes, x, y, z, rows))

    def find_rows_in_box(self, box: Box) -> BitMap:
        """Rows that have a point in the box."""
        return to_row_set(self.rows[self.find_points_in_box(box)])

    def find_points_in_box(self, box: Box) -> Ints:
        """Positions, in the arrays of this object, of the points in the box."""
        start = np.searchsorted(self.latitudes, box.south, side="left")
        end = np.searchsorted(self.latitudes, box.north, side="right")
        longitudes = self.longitudes[start:end]
        east_of, west_of = longitudes >= box.west, longitudes <= box.east
        return start + np.flatnonzero(east_of | west_of if box.crosses_antimeridian else east_of & west_of)

    def measure_distances(self, origin: Point, radius_km: float | None = None) -> "NearestDistances":
        """How far the rows are from an origin, of those with a point at most `radius_km` away, or of all that have one."""
        if radius_km is None:
            return NearestDistances.build(self._points_by_row, self._compute_chords(origin, slice(None)))
        band = self._find_latitude_band(origin.latitude, float(np.degrees(radius_km / EARTH_RADIUS_KM)))
        chords = self._compute_chords(origin, band)
        inside = chords <= squared_chord(radius_km)
        return NearestDistances.build(_group_by_row(self.rows[band][inside]), chords[inside])

    @cached_property
    def _points_by_row(self) -> "PointsByRow":
        return _group_by_row(self.rows)

    def _compute_chords(self, origin: Point, band: slice) -> Floats:
        x, y, z = _project_to_unit_sphere(np.array([origin.latitude]), np.array([origin.longitude]))
        dx, dy, dz = self._x[band] - x, self._y[band] - y, self._z[band] - z
        chords: Floats = dx * dx + dy * dy + dz * dz
        return chords

    def _find_latitude_band(self, latitude: float, degrees: float) -> slice:
        slack = 1e-9  # a point on the very edge must not be lost to rounding
        start, end = np.searchsorted(self.latitudes, (latitude - degrees - slack, latitude + degrees + slack))
        return slice(int(start), int(end))


class PointsByRow(Struct, frozen=True):
    """How to gather points row by row: an order, where in it each row begins, and the rows, which ascend."""

    order: Ints
    starts: Ints
    rows: Ints


def _group_by_row(rows: Ints) -> PointsByRow:
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    return PointsByRow(order, starts, ordered[starts])


class NearestDistances:
    """The squared chord from an origin to the nearest point of each row; immutable."""

    def __init__(self, rows: Ints, chords: Floats) -> None:
        """Each row once, ascending, with its chord."""
        self._rows, self._chords = rows, chords
        self.rows = to_row_set(rows)

    @classmethod
    def build(cls, points: PointsByRow, chords: Floats) -> "NearestDistances":
        """`chords` of the points in the order they had before they were gathered; a row may have several."""
        nearest = np.minimum.reduceat(chords[points.order], points.starts) if len(chords) else chords
        return cls(points.rows, nearest)

    def get_chords(self, rows: Ints) -> Floats:
        """By row asked for; infinite for one without a point."""
        if not len(self._rows):
            return np.full(len(rows), np.inf)
        position = np.minimum(np.searchsorted(self._rows, rows), len(self._rows) - 1)
        return np.where(self._rows[position] == rows, self._chords[position], np.inf)

    def distance_km(self, row: int) -> float | None:
        """The distance along the surface; None without a point."""
        chord = float(self.get_chords(np.array([row]))[0])
        return None if chord == np.inf else 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord) / 2))


def squared_chord(radius_km: float) -> float:
    """The squared chord that spans `radius_km` along the surface."""
    if radius_km >= HALF_EARTH_KM:
        return 4.0
    return float((2 * sin(radius_km / EARTH_RADIUS_KM / 2)) ** 2)


def _project_to_unit_sphere(latitudes: Floats, longitudes: Floats) -> tuple[Floats, Floats, Floats]:
    lat, lon = np.radians(latitudes), np.radians(longitudes)
    return np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
