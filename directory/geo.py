"""Points, boxes, circles and distances on the earth: pure values that cannot hold nonsense.

Degrees are WGS 84, kilometres are along the great circle of a sphere with the earth's mean radius.
"""

from enum import StrEnum
from math import asin, cos, isfinite, pi, radians, sin, sqrt

from msgspec import Struct

from directory.errors import BadInput

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of the GRS 80 ellipsoid (Moritz, Geodetic Reference System 1980)
HALF_EARTH_KM = EARTH_RADIUS_KM * pi  # no two points are farther apart
KM_PER_MILE = 1.609344  # the international mile, exactly


class Precision(StrEnum):
    """How exactly a place is known or told, finest first."""

    EXACT = "EXACT"
    STREET = "STREET"
    POSTAL_CODE = "POSTAL_CODE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    STATE = "STATE"
    UNKNOWN = "UNKNOWN"

    @property
    def coarseness(self) -> int:
        """0 for EXACT, rising; the larger of two is the coarser."""
        return _COARSENESS[self]


class Disclosure(StrEnum):
    """How much of a place may be told, most first. HIDDEN tells no point, at most a state."""

    EXACT = "EXACT"
    POSTAL_CODE = "POSTAL_CODE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    STATE = "STATE"
    HIDDEN = "HIDDEN"

    @property
    def strictness(self) -> int:
        """0 for EXACT, rising; the larger of two is the stricter."""
        return _STRICTNESS[self]


_COARSENESS = {precision: position for position, precision in enumerate(Precision)}
_STRICTNESS = {disclosure: position for position, disclosure in enumerate(Disclosure)}


def coarser_precision(one: Precision, other: Precision) -> Precision:
    return max(one, other, key=lambda precision: precision.coarseness)


def stricter_disclosure(one: Disclosure, other: Disclosure) -> Disclosure:
    return max(one, other, key=lambda disclosure: disclosure.strictness)


class Point(Struct, frozen=True, gc=False):
    """A place on the earth in decimal degrees. Raises BadInput for anything that is not one."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        _check_degrees("latitude", self.latitude, 90)
        _check_degrees("longitude", self.longitude, 180)


class Box(Struct, frozen=True, gc=False):
    """An area between two parallels and two meridians; west > east crosses the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        for name, limit in (("south", 90), ("north", 90), ("west", 180), ("east", 180)):
            _check_degrees(name, getattr(self, name), limit)
        if self.south > self.north:
            raise BadInput(
                f"The box's south ({self.south}) lies above its north ({self.north}). Swap the two.",
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
    """All points within `radius_km` of `center`. The radius is above 0 and at most half the earth's circumference."""

    center: Point
    radius_km: float

    def __post_init__(self) -> None:
        if not (isfinite(self.radius_km) and 0 < self.radius_km <= HALF_EARTH_KM):
            raise BadInput(
                f"A radius is more than 0 and at most {HALF_EARTH_KM:.0f} km (half the earth); {self.radius_km:g} km is not.",
                argument="radius",
            )

    def __contains__(self, point: Point) -> bool:
        return distance_km(self.center, point) <= self.radius_km


def distance_km(one: Point, other: Point) -> float:
    """Great-circle distance in kilometres, by the haversine formula, which stays exact for points close together."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half_lat = sin((lat2 - lat1) / 2)
    half_lon = sin(radians(other.longitude - one.longitude) / 2)
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_lat**2 + cos(lat1) * cos(lat2) * half_lon**2)))


def bounding_box(points: list[Point]) -> Box | None:
    """The smallest box around the points, across the antimeridian where that is narrower; None for no points."""
    if not points:
        return None
    latitudes = [point.latitude for point in points]
    longitudes = sorted({point.longitude for point in points})
    gaps = [(longitudes[0] + 360 - longitudes[-1], 0)]  # the widest empty stretch stays outside the box
    gaps += [(longitudes[i] - longitudes[i - 1], i) for i in range(1, len(longitudes))]
    start = max(gaps)[1]
    return Box(min(latitudes), longitudes[start], max(latitudes), longitudes[start - 1])


def _check_degrees(name: str, value: float, limit: float) -> None:
    if not (isfinite(value) and -limit <= value <= limit):
        sentence = f"A {name} lies between -{limit} and {limit} degrees; {value:g} does not."
        raise BadInput(sentence, argument=name, value=str(value))
