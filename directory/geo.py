"""Points, boxes, circles and distances on the earth. Values are validated when they are created.

Angles are in degrees (WGS 84). Distances are in kilometers along the great circle of a sphere with the earth's mean radius.

Bulk computations use unit vectors: the points of a sphere of radius 1, as x, y and z. The squared chord between two of them
grows with the distance along the surface and needs no trigonometry for each point.
"""

from enum import StrEnum
from math import asin, atan2, cos, degrees, hypot, isfinite, pi, radians, sin, sqrt
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from directory.errors import BadInput

Floats: TypeAlias = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of the GRS 80 ellipsoid (Moritz, Geodetic Reference System 1980)
HALF_EARTH_KM = EARTH_RADIUS_KM * pi  # no two points are farther apart
KM_PER_MILE = 1.609344  # the international mile, exactly


class Precision(StrEnum):
    """How exactly a place is known or published, finest first."""

    EXACT = "EXACT"
    STREET = "STREET"
    POSTAL_CODE = "POSTAL_CODE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    STATE = "STATE"
    UNKNOWN = "UNKNOWN"

    @property
    def coarseness(self) -> int:
        """0 for EXACT, rising. The larger of two numbers is the coarser precision."""
        return _COARSENESS[self]


class Disclosure(StrEnum):
    """How precisely a place may be published, most precise first. HIDDEN publishes no point and at most the state."""

    EXACT = "EXACT"
    POSTAL_CODE = "POSTAL_CODE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    STATE = "STATE"
    HIDDEN = "HIDDEN"

    @property
    def strictness(self) -> int:
        """0 for EXACT, rising. The larger of two numbers is the stricter disclosure."""
        return _STRICTNESS[self]


_COARSENESS = {precision: position for position, precision in enumerate(Precision)}
_STRICTNESS = {disclosure: position for position, disclosure in enumerate(Disclosure)}


def coarser_precision(one: Precision, other: Precision) -> Precision:
    return max(one, other, key=lambda precision: precision.coarseness)


def stricter_disclosure(one: Disclosure, other: Disclosure) -> Disclosure:
    return max(one, other, key=lambda disclosure: disclosure.strictness)


class Point(Struct, frozen=True, gc=False):
    """A point on the earth in decimal degrees. Raises BadInput when a coordinate is out of range."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):  # a map creates hundreds of points
            _check_degrees("latitude", self.latitude, 90)
            _check_degrees("longitude", self.longitude, 180)


class Box(Struct, frozen=True, gc=False):
    """An area between two parallels and two meridians. A box with west > east crosses the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        for name, limit in (("south", 90), ("north", 90), ("west", 180), ("east", 180)):
            _check_degrees(name, getattr(self, name), limit)
        if self.south > self.north:
            raise BadInput(
                f"The south of the box ({self.south}) is north of its north ({self.north}). Swap the two values.",
                argument="within",
            )

    @property
    def crosses_antimeridian(self) -> bool:
        return self.west > self.east

    def __contains__(self, point: Point) -> bool:
        if not self.south <= point.latitude <= self.north:
            return False
        if self.crosses_antimeridian:
            return point.longitude >= self.west or point.longitude <= self.east
        return self.west <= point.longitude <= self.east


class Circle(Struct, frozen=True, gc=False):
    """All points within `radius_km` of `center`. The radius is more than 0 and at most half the earth's circumference."""

    center: Point
    radius_km: float

    def __post_init__(self) -> None:
        if not (isfinite(self.radius_km) and 0 < self.radius_km <= HALF_EARTH_KM):
            raise BadInput(
                f"The radius must be more than 0 and at most {HALF_EARTH_KM:.0f} km (half the earth's circumference), "
                f"but it is {self.radius_km:g} km.",
                argument="radius",
            )

    def __contains__(self, point: Point) -> bool:
        return distance_km(self.center, point) <= self.radius_km


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance in kilometers, by the haversine formula, which is exact for points close together too."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half_lat = sin((lat2 - lat1) / 2)
    half_lon = sin(radians(other.longitude - one.longitude) / 2)
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_lat**2 + cos(lat1) * cos(lat2) * half_lon**2)))


def bounding_box(latitudes: Floats, longitudes: Floats) -> Box | None:
    """Return the smallest box around the points, across the antimeridian where that is narrower. None for no points.

    Both arrays are in degrees and have one element for each point.
    """
    if not len(latitudes):
        return None
    ordered = np.sort(longitudes)
    gaps = np.empty_like(ordered)  # gaps[i] lies west of ordered[i]; the widest gap stays outside the box
    gaps[0] = ordered[0] + 360 - ordered[-1]
    np.subtract(ordered[1:], ordered[:-1], out=gaps[1:])
    start = len(gaps) - 1 - int(np.argmax(gaps[::-1]))
    return Box(float(latitudes.min()), float(ordered[start]), float(latitudes.max()), float(ordered[start - 1]))


def bound_circle(center: Point, radius_km: float) -> tuple[float, float, float, float]:
    """Return an area that contains the circle, as south, west, north and east. It never crosses the antimeridian."""
    angle = radius_km / EARTH_RADIUS_KM
    degrees_north = degrees(angle)
    south, north = max(-90.0, center.latitude - degrees_north), min(90.0, center.latitude + degrees_north)
    if south == -90 or north == 90:  # every meridian passes through a pole
        return south, -180.0, north, 180.0
    degrees_east = degrees(asin(min(1.0, sin(angle) / cos(radians(center.latitude)))))
    west, east = center.longitude - degrees_east, center.longitude + degrees_east
    return (south, west, north, east) if west >= -180 and east <= 180 else (south, -180.0, north, 180.0)


def to_unit_vectors(latitudes: Floats, longitudes: Floats) -> Floats:
    """Return x, y and z of each point on the unit sphere, as an array of shape (3, number of points)."""
    lat, lon = np.radians(latitudes), np.radians(longitudes)
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def compute_mean_point(unit_vectors: Floats) -> Point:
    """Return the mean of points on the sphere, rounded to 4 decimals. It is right across the antimeridian too."""
    x, y, z = unit_vectors.mean(axis=1).tolist()
    return Point(round(degrees(atan2(z, hypot(x, y))), 4), round(degrees(atan2(y, x)), 4))


def measure_squared_chords(x: Floats, y: Floats, z: Floats, origin: Point) -> Floats:
    """Return the squared chord from the origin to each unit vector."""
    origin_x, origin_y, origin_z = to_unit_vectors(np.array([origin.latitude]), np.array([origin.longitude]))
    dx, dy, dz = x - origin_x, y - origin_y, z - origin_z
    squared_chords: Floats = dx * dx + dy * dy + dz * dz
    return squared_chords


def km_to_squared_chord(distance: float) -> float:
    """Return the squared chord of two points that are `distance` kilometers apart along the surface."""
    if distance >= HALF_EARTH_KM:
        return 4.0
    return float((2 * sin(distance / EARTH_RADIUS_KM / 2)) ** 2)


def squared_chord_to_km(squared_chord: float) -> float:
    """Return the distance along the surface, in kilometers."""
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(squared_chord) / 2))


def _check_degrees(name: str, value: float, limit: float) -> None:
    if not (isfinite(value) and -limit <= value <= limit):
        sentence = f"The {name} must be between -{limit} and {limit} degrees, but it is {value:g}."
        raise BadInput(sentence, argument=name, value=str(value))
