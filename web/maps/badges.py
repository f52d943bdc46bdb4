"""Place letters beside what they name, so that nothing overlaps and no line crosses another."""

import math
from collections.abc import Sequence

from msgspec import Struct

from web.maps.view import VIEW_HEIGHT, VIEW_WIDTH

RADIUS = 50.0  # of a letter's circle on a phone, where it takes the most of the view
GAP = 6.0
DISTANCES = (85.0, 125.0, 170.0, 230.0)  # from the edge of what a letter names to its middle
DIRECTIONS = tuple((math.cos(angle), math.sin(angle)) for angle in (math.radians(45 * turn - 45) for turn in range(8)))
# What a spot costs besides its distance, for each letter or line in the way.
OUTSIDE_COST, OVERLAP_COST, NAME_COST, CROSSING_COST = 10_000.0, 1000.0, 500.0, 400.0


class Box(Struct, frozen=True):
    """A rectangle around its middle."""

    x: float
    y: float
    half_width: float
    half_height: float

    def overlaps(self, other: "Box") -> bool:
        return (
            abs(self.x - other.x) < self.half_width + other.half_width
            and abs(self.y - other.y) < self.half_height + other.half_height
        )

    @property
    def is_inside(self) -> bool:
        """Whether all of it is in view."""
        fits_across = self.half_width <= self.x <= VIEW_WIDTH - self.half_width
        return fits_across and self.half_height <= self.y <= VIEW_HEIGHT - self.half_height


class Anchor(Struct, frozen=True):
    """What a letter names: a place on the grid.

    size    how far around it letters should stay away
    edge    how far around it the line to the letter ends, for an area whose middle means nothing
    inside  other spots in a large area, best first, where the letter can stand on what it names
    """

    letter: str
    x: float
    y: float
    size: float
    edge: float = 0.0
    inside: tuple[tuple[float, float], ...] = ()


class Badge(Struct, frozen=True):
    """A letter in a circle, and the end of the line to what it names. Without a line, that is its own middle."""

    letter: str
    x: float
    y: float
    end_x: float
    end_y: float

    @property
    def leader(self) -> str:
        """The path of the line, "" if there is none."""
        if (self.x, self.y) == (self.end_x, self.end_y):
            return ""
        return f"M{self.x:.0f} {self.y:.0f}L{self.end_x:.0f} {self.end_y:.0f}"

    def crosses(self, other: "Badge") -> bool:
        """Whether the lines of two badges cross, or one runs under the other badge."""
        return (
            (_turns_differ(self, other) and _turns_differ(other, self))
            or _measure_distance(self, other.x, other.y) < RADIUS
            or _measure_distance(other, self.x, self.y) < RADIUS
        )


def place_badges(anchors: Sequence[Anchor], names: Sequence[Box]) -> list[Badge]:
    """Return a badge for each anchor, each where it is least in the way of badges before it, anchors and names."""
    taken = [Box(anchor.x, anchor.y, anchor.size, anchor.size) for anchor in anchors if not anchor.inside]
    badges: list[Badge] = []
    for anchor in anchors:
        spots = [*_list_spots_inside(anchor), *_list_spots_around(anchor)]
        badges.append(min(spots, key=lambda badge: _measure_cost(badge, anchor, taken, names, badges)))
    return badges


def _list_spots_inside(anchor: Anchor) -> list[Badge]:
    return [Badge(anchor.letter, x, y, x, y) for x, y in anchor.inside]


def _list_spots_around(anchor: Anchor) -> list[Badge]:
    return [
        Badge(
            anchor.letter,
            anchor.x + x * (anchor.size + distance),
            anchor.y + y * (anchor.size + distance),
            anchor.x + x * anchor.edge,
            anchor.y + y * anchor.edge,
        )
        for distance in DISTANCES
        for x, y in DIRECTIONS
    ]


def _measure_cost(badge: Badge, anchor: Anchor, taken: Sequence[Box], names: Sequence[Box], badges: Sequence[Badge]) -> float:
    box = Box(badge.x, badge.y, RADIUS + GAP, RADIUS + GAP)
    near = sum(math.hypot(badge.x - other.x, badge.y - other.y) < 2 * RADIUS + GAP for other in badges)
    return (
        (0.0 if box.is_inside else OUTSIDE_COST)
        + OVERLAP_COST * (near + sum(map(box.overlaps, taken)))
        + NAME_COST * sum(map(box.overlaps, names))
        + CROSSING_COST * sum(map(badge.crosses, badges))
        + math.hypot(badge.x - anchor.x, badge.y - anchor.y)
    )


def _turns_differ(line: Badge, other: Badge) -> bool:
    """Whether the ends of the other line lie on different sides of a line."""
    x, y = line.end_x - line.x, line.end_y - line.y
    first = x * (other.y - line.y) - y * (other.x - line.x)
    last = x * (other.end_y - line.y) - y * (other.end_x - line.x)
    return first * last < 0


def _measure_distance(line: Badge, x: float, y: float) -> float:
    """Return how near a point is to the line of a badge."""
    along_x, along_y = line.end_x - line.x, line.end_y - line.y
    length = along_x**2 + along_y**2
    share = max(0.0, min(1.0, ((x - line.x) * along_x + (y - line.y) * along_y) / length)) if length else 0.0
    return math.hypot(x - line.x - share * along_x, y - line.y - share * along_y)
