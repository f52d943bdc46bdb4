"""Project the United States onto a plane: an equal-area map of the contiguous states, with insets for what lies far away.

Albers equal-area conic for the sphere: J. P. Snyder, Map Projections: A Working Manual, U.S. Geological Survey Professional
Paper 1395 (1987), equations 14-1 to 14-6, page 100; the standard parallels are those of page 94. The unit of the plane is the
kilometer; x grows to the east and y to the south, as in SVG.
"""

from math import cos, radians, sin, sqrt

import numpy as np
from msgspec import Struct

from directory.geo import EARTH_RADIUS_KM, Box, Point
from web.maps.topology import Points


class AlbersConic(Struct, frozen=True):
    """`meridian` and `latitude` of the origin, and the standard parallels, in degrees."""

    meridian: float
    latitude: float
    parallels: tuple[float, float]
    radius: float = EARTH_RADIUS_KM

    @property
    def n(self) -> float:
        """The constant of the cone (14-6)."""
        south, north = map(radians, self.parallels)
        return (sin(south) + sin(north)) / 2

    @property
    def c(self) -> float:
        """The constant C (14-5)."""
        south = radians(self.parallels[0])
        return cos(south) ** 2 + 2 * self.n * sin(south)

    def project(self, points: Points) -> Points:
        """Return x and y for longitudes and latitudes in degrees."""
        n, c = self.n, self.c
        longitudes, latitudes = points[:, 0], np.radians(points[:, 1])
        theta = n * np.radians((longitudes - self.meridian + 180) % 360 - 180)  # (14-4), across the antimeridian too
        rho = self.radius * np.sqrt(c - 2 * n * np.sin(latitudes)) / n  # (14-3)
        rho_0 = self.radius * sqrt(c - 2 * n * sin(radians(self.latitude))) / n  # (14-3a)
        return np.column_stack((rho * np.sin(theta), rho * np.cos(theta) - rho_0))  # (14-1), (14-2) with y to the south


class Inset(Struct, frozen=True):
    """A part of the map with its own projection. `place` is where its origin lies on the plane, in kilometers."""

    projection: AlbersConic
    states: tuple[str, ...]  # region codes
    scale: float = 1.0
    place: tuple[float, float] = (0.0, 0.0)

    def project(self, points: Points) -> Points:
        plane: Points = self.projection.project(points) * self.scale + np.array(self.place)
        return plane


MAINLAND = Inset(AlbersConic(-96, 37.5, (29.5, 45.5)), ())  # for all states that no other inset names
INSETS = (
    MAINLAND,
    Inset(AlbersConic(-154, 60, (55, 65)), ("US-AK",), 0.42, (-1830, 1600)),
    Inset(AlbersConic(-157.5, 20.5, (8, 18)), ("US-HI",), 1.2, (-750, 1680)),
    Inset(AlbersConic(-66, 18.1, (8, 18)), ("US-PR", "US-VI"), 1.5, (1583, 2092)),
    Inset(AlbersConic(145, 15, (8, 18)), ("US-GU", "US-MP"), 1.0, (200, 1700)),
    Inset(AlbersConic(-170, -14, (-18, -8)), ("US-AS",), 1.5, (600, 1700)),
)
INSET_BOXES = (  # the part of the earth in each inset
    Box(24.3, -125.5, 49.6, -66.5),
    Box(51.0, 172.0, 72.0, -129.5),
    Box(18.5, -179.0, 29.0, -154.0),
    Box(17.5, -68.0, 18.7, -64.3),
    Box(13.0, 144.0, 21.0, 147.0),
    Box(-15.0, -171.5, -10.5, -168.0),
)
_INSETS_BY_STATE = {state: inset for inset in INSETS for state in inset.states}


def find_inset(state: str) -> Inset:
    """Return the inset in which a state is drawn. `state` is a region code such as "US-GA"."""
    return _INSETS_BY_STATE.get(state, MAINLAND)


def find_inset_of_point(point: Point) -> Inset | None:
    """Return the inset in which a point is drawn, None if it is far from the United States."""
    return next((inset for inset, box in zip(INSETS, INSET_BOXES, strict=True) if point in box), None)
