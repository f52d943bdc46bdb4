"""Where rows have published points: within a distance, within a box, and how far from an origin.

Distances are compared as squared chords through a sphere of radius 1, which grow with the distance along the surface and
need no trigonometry per point, so that the same two points give the same number in every process; kilometres are made of
them at the very end.
"""

from collections.abc import Iterable
from math import asin, sin, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.geo import EARTH_RADIUS_KM, HALF_EARTH_KM, Box, Point
from directory.records import Organization

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


class Places:
    """All published points, ascending by latitude, with the row each belongs to; immutable."""

    def __init__(self, columns: Floats) -> None:
        """`columns` has a line each of latitudes, longitudes, x, y, z on the unit sphere, and rows; one column a point."""
        self._columns = columns[:, np.argsort(columns[0], kind="stable")]
        self.latitudes, self.longitudes, self._x, self._y, self._z, rows = self._columns
        self.rows: Ints = rows.astype(np.int64)
        self.with_point = BitMap(self.rows.astype(np.uint32))

    @classmethod
    def build(cls, organizations: Iterable[tuple[int, Organization]]) -> "Places":
        """A point that an organization has twice counts once."""
        points = dict.fromkeys((row, point) for row, organization in organizations for point in organization.points)
        listed = np.array([(point.latitude, point.longitude, row) for row, point in points], dtype=np.float64).reshape(-1, 3)
        latitudes, longitudes, rows = listed.T
        return cls(np.stack((latitudes, longitudes, *_on_unit_sphere(latitudes, longitudes), rows)))

    def changed(self, gone: list[int], come: Iterable[tuple[int, Organization]]) -> "Places":
        """These places without the rows `gone` and with the organizations that `come`."""
        added = Places.build(come)
        if not len(added.rows) and not any(row in self.with_point for row in gone):
            return self
        stay = ~np.isin(self.rows, gone)
        return Places(np.concatenate((self._columns[:, stay], added._columns), axis=1))

    def within_km(self, center: Point, radius_km: float) -> BitMap:
        """Rows that have a point at most so far from the center."""
        band = self._band(center.latitude, np.degrees(radius_km / EARTH_RADIUS_KM))
        near = self._chords(center, band) <= chord_of(radius_km)
        return BitMap(self.rows[band][near].astype(np.uint32))

    def within_box(self, box: Box) -> BitMap:
        """Rows that have a point in the box."""
        return BitMap(self.rows[self.in_box(box)].astype(np.uint32))

    def in_box(self, box: Box) -> Ints:
        """Positions, in the arrays of this object, of the points in the box."""
        start = np.searchsorted(self.latitudes, box.south, side="left")
        end = np.searchsorted(self.latitudes, box.north, side="right")
        longitudes = self.longitudes[start:end]
        east_of, west_of = longitudes >= box.west, longitudes <= box.east
        return start + np.flatnonzero(east_of | west_of if box.crosses_antimeridian else east_of & west_of)

    def nearest(self, origin: Point, row_count: int, radius_km: float | None = None) -> Floats:
        """By row, the squared chord to its nearest point; infinite without a point, or with none in the radius."""
        band = slice(None) if radius_km is None else self._band(origin.latitude, np.degrees(radius_km / EARTH_RADIUS_KM))
        nearest = np.full(row_count, np.inf)
        np.minimum.at(nearest, self.rows[band], self._chords(origin, band))
        return nearest

    def _chords(self, origin: Point, band: slice) -> Floats:
        x, y, z = _on_unit_sphere(np.array([origin.latitude]), np.array([origin.longitude]))
        dx, dy, dz = self._x[band] - x, self._y[band] - y, self._z[band] - z
        chords: Floats = dx * dx + dy * dy + dz * dz
        return chords

    def _band(self, latitude: float, degrees: float) -> slice:
        slack = 1e-9  # a point on the very edge must not be lost to rounding
        start, end = np.searchsorted(self.latitudes, (latitude - degrees - slack, latitude + degrees + slack))
        return slice(int(start), int(end))


def chord_of(radius_km: float) -> float:
    """The squared chord that spans `radius_km` along the surface."""
    if radius_km >= HALF_EARTH_KM:
        return 4.0
    return float((2 * sin(radius_km / EARTH_RADIUS_KM / 2)) ** 2)


def km_of(chord: float) -> float | None:
    """The distance in kilometres that a squared chord spans; None for an infinite one."""
    return None if chord == np.inf else 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord) / 2))


def _on_unit_sphere(latitudes: Floats, longitudes: Floats) -> tuple[Floats, Floats, Floats]:
    lat, lon = np.radians(latitudes), np.radians(longitudes)
    return np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
