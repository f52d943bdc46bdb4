"""Places as they are drawn on a map: a square, a circle or an area, as exactly as the place is published."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from msgspec import Struct

from web.maps.areas import STATE_CODE_LENGTH
from web.maps.atlas import ATLAS
from web.maps.badges import RADIUS, Anchor
from web.maps.context import StateOutline, draw_area, find_region_bounds
from web.maps.label_spots import find_label_spot, measure_clearance, spread_candidates
from web.maps.projection import Inset, find_inset
from web.maps.topology import Points
from web.maps.view import View

SQUARE_SIZE = 22.0  # steps from the middle of a square to its edge on a phone
MIN_RADIUS = 20.0  # steps; a smaller circle would look like a point
ROOM = 1.3  # a letter can stand in an area where so many times its size fits
MAX_SPOTS = 24
LEADER_EDGE = 0.8  # a line to an area ends near its border, because its middle means nothing


class Shape(StrEnum):
    """How a place is drawn."""

    SQUARE = "square"  # a published address
    CIRCLE = "circle"  # somewhere in this circle
    COUNTY = "county"  # somewhere in this county
    STATE = "state"  # somewhere in this state


class Mark(Struct, frozen=True):
    """A place to draw. `region` is the code of its state, or of its county if that is its shape.

    `longitude`, `latitude` and `radius_km` are 0 for the shapes that need only the region.
    """

    letter: str
    shape: Shape
    region: str
    longitude: float = 0.0
    latitude: float = 0.0
    radius_km: float = 0.0

    @property
    def state(self) -> str:
        return self.region[:STATE_CODE_LENGTH]

    @property
    def inset(self) -> Inset:
        return find_inset(self.state)

    @property
    def can_be_drawn(self) -> bool:
        """Whether the outlines that it needs were built."""
        return self.shape in (Shape.SQUARE, Shape.CIRCLE) or ATLAS.find_areas(self.region) is not None


class Circle(Struct, frozen=True):
    """A circle on the grid."""

    x: float
    y: float
    radius: float


class DrawnMark(Struct, frozen=True):
    """A mark on the grid of a view. `path` is the outline of a county, "" for other shapes."""

    shape: Shape
    anchor: Anchor
    path: str = ""
    circle: Circle | None = None


def find_mark_bounds(mark: Mark) -> Points:
    """Return two corners of the plane around all of a mark."""
    if mark.shape in (Shape.COUNTY, Shape.STATE):
        return find_region_bounds(mark.region)
    reach = mark.radius_km * mark.inset.scale
    bounds: Points = _project(mark) + np.array(((-reach, -reach), (reach, reach)))
    return bounds


def draw_mark(mark: Mark, view: View, states: Sequence[StateOutline]) -> DrawnMark:
    """Draw a mark that can be drawn. `states` are those in the view."""
    if mark.shape in (Shape.COUNTY, Shape.STATE):
        return _draw_region(mark, view, states)
    x, y = view.locate(_project(mark))[0].tolist()
    if mark.shape is Shape.SQUARE:
        return DrawnMark(mark.shape, Anchor(mark.letter, x, y, SQUARE_SIZE))
    radius = max(MIN_RADIUS, mark.radius_km * mark.inset.scale / view.unit)
    return DrawnMark(mark.shape, Anchor(mark.letter, x, y, radius, edge=radius), circle=Circle(x, y, radius))


def _draw_region(mark: Mark, view: View, states: Sequence[StateOutline]) -> DrawnMark:
    """Draw a state or county. One that is too small for an outline in this view is a circle instead."""
    if mark.shape is Shape.STATE:  # its outline is drawn with those of the other states
        path, ring = "", next((state.ring for state in states if state.code == mark.region), None)
    else:
        path, ring = draw_area(mark.region, view)
    if ring is not None and len(ring):
        return DrawnMark(mark.shape, _anchor_in_area(mark.letter, ring), path)
    x, y = view.locate(find_region_bounds(mark.region).mean(axis=0)[None])[0].tolist()
    return DrawnMark(Shape.CIRCLE, Anchor(mark.letter, x, y, MIN_RADIUS, edge=MIN_RADIUS), circle=Circle(x, y, MIN_RADIUS))


def _project(mark: Mark) -> Points:
    return mark.inset.project(np.array([[mark.longitude, mark.latitude]]))


def _anchor_in_area(letter: str, ring: Points) -> Anchor:
    """Return an anchor with the spots where the letter fits inside the area, if it is large."""
    spot = find_label_spot(ring)
    low, high = ring.min(axis=0), ring.max(axis=0)
    spots = np.concatenate(([[spot.x, spot.y]], spread_candidates((low + high) / 2, (high - low) / 10)))
    clearance = measure_clearance(spots, ring)
    order = np.argsort(-clearance, kind="stable")
    inside = spots[order[clearance[order] >= RADIUS * ROOM]][:MAX_SPOTS]
    size = max(0.0, float(clearance[0]))
    return Anchor(letter, spot.x, spot.y, size, edge=size * LEADER_EDGE, inside=tuple((x, y) for x, y in inside.tolist()))
