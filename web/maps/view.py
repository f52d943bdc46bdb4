"""The part of the plane that a map of places shows, and outlines cut to it."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct

from web.maps.outlines import drop_islands, round_to_grid, write_path
from web.maps.topology import Points

VIEW_WIDTH, VIEW_HEIGHT = 960, 720  # steps of the grid
PADDING = 0.16  # of the width and the height on each side, for letters and neighbors
MIN_WIDTH_KM = 240.0  # so that a border or two are in sight
ZOOM = 1.25  # between two scales of views; with few scales, many organizations share a view
SNAP = 24  # the middle of a view lies on a grid of so many steps
BEYOND = 40  # steps outside the view at which outlines are cut, so that the cuts are out of sight
MIN_ISLAND = 12.0  # steps squared


class View(Struct, frozen=True):
    """A rectangle of the plane. `x` and `y` are its upper left corner in kilometers, `unit` the kilometers of a step."""

    x: float
    y: float
    unit: float

    @classmethod
    def fit(cls, low: Points, high: Points) -> "View":
        """Return a view in which everything between two corners of the plane has room around it."""
        width, height = (high - low).tolist()
        room = 1 - 2 * PADDING
        needed = max(width / VIEW_WIDTH, height / VIEW_HEIGHT, MIN_WIDTH_KM * room / VIEW_WIDTH) / room
        smallest = MIN_WIDTH_KM / VIEW_WIDTH
        unit = smallest * ZOOM ** math.ceil(math.log(needed / smallest, ZOOM) - 1e-9)
        x, y = (np.rint((low + high) / 2 / unit / SNAP) * SNAP * unit).tolist()
        return cls(x - VIEW_WIDTH / 2 * unit, y - VIEW_HEIGHT / 2 * unit, unit)

    def locate(self, points: Points) -> Points:
        """Return points of the plane in steps of the grid."""
        steps: Points = (points - np.array((self.x, self.y))) / self.unit
        return steps

    def touches(self, low: Points, high: Points) -> bool:
        """Whether any of the rectangle between two corners of the plane is in view."""
        first, last = self.locate(low), self.locate(high)
        return bool((last > 0).all() and first[0] < VIEW_WIDTH and first[1] < VIEW_HEIGHT)


def cut(ring: Points) -> Points:
    """Return the part of a ring that is in view or a little beyond; it has no points if nothing is.

    This is the algorithm of Sutherland and Hodgman (Reentrant polygon clipping, Communications of the ACM 17, 1974).
    """
    for axis, size in enumerate((VIEW_WIDTH, VIEW_HEIGHT)):
        ring = _cut_side(ring, ring[:, axis] + BEYOND)
        ring = _cut_side(ring, size + BEYOND - ring[:, axis])
    return ring


def _cut_side(ring: Points, depths: Points) -> Points:
    """Return the part of a ring on one side of a line. `depths` is how far each point lies on that side."""
    if (depths >= 0).all():
        return ring
    following, next_depths = np.concatenate((ring[1:], ring[:1])), np.concatenate((depths[1:], depths[:1]))
    inside = depths >= 0
    crosses = inside != (next_depths >= 0)
    shares = depths / np.where(crosses, depths - next_depths, 1)
    crossings = ring + shares[:, None] * (following - ring)
    chosen = np.stack((inside, crosses), axis=1).ravel()
    kept: Points = np.stack((ring, crossings), axis=1).reshape(-1, 2)[chosen]
    return kept


def draw(rings: Sequence[Points]) -> tuple[str, Points]:
    """Return the path of an area and its largest ring, cut to the view; "" and no points if it is out of view."""
    parts = [part for part in (round_to_grid(cut(ring)) for ring in rings) if len(part) > 2]
    if not parts:
        return "", np.empty((0, 2))
    parts = drop_islands(parts, MIN_ISLAND)
    return write_path(parts), parts[0]


def find_bounds(parts: Iterable[Points]) -> Points:
    """Return two corners of the smallest rectangle around all points."""
    points = np.concatenate(list(parts))
    return np.array((points.min(axis=0), points.max(axis=0)))
