"""Maps of areas with room for a number in each: all states, or the counties of one state."""

from collections.abc import Collection, Mapping
from functools import cache, cached_property, lru_cache

import numpy as np
from msgspec import Struct

from directory.geo import Point
from web.maps.areas import STATE_CODE_LENGTH, Areas
from web.maps.atlas import ATLAS
from web.maps.label_spots import LabelSpot, find_label_spot
from web.maps.outlines import drop_islands, round_to_grid, write_path
from web.maps.projection import Inset, find_inset, find_inset_of_point
from web.maps.side_labels import SIDE_LABELS, SideLabel
from web.maps.topology import Points

# All lengths are in steps of the grid of a map. Beside the list, a pixel is about two steps for states and one for counties.
STATES_WIDTH, STATES_HEIGHT, STATES_ORIGIN, STATES_UNIT = 960, 744, (-2380.0, -1600.0), 6.0
STATES_DETAIL, MIN_ISLAND = 3.0, 12.0  # areas of the smallest triangle (see `simplify`) and of the smallest island
WITHOUT_OUTLINE = ("US-AS", "US-GU", "US-MP")  # too small and too far away for a map of all states; they have labels
COUNTIES_WIDTH, COUNTIES_MAX_HEIGHT, COUNTIES_MARGIN = 480, 570, 4
COUNTIES_DETAIL, COUNTIES_MIN_ISLAND = 2.0, 3.0
COUNTIES_OVERLAP = 1.3  # numbers may cross the borders of counties: most of their neighbors have none
# Widths of the map, in sizes of its font: on a phone, beside the list, and on a tablet. The names are classes in the stylesheet.
WIDTHS = {"always": 20, "medium": 25, "wide": 40}
SMALL = "small"  # the class of numbers that fit at none of these widths but are shown in smaller digits
# Middles of numbers that would overlap those of their neighbors on a phone, where the labels of a map are the largest.
NUMBER_SPOTS = {
    "US-IL": (487, 202),
    "US-IN": (535, 227),
    "US-OH": (580, 196),
    "US-WV": (612, 225),
    "US-VA": (656, 250),
    "US-KY": (560, 256),
    "US-MS": (493, 335),
    "US-AL": (540, 362),
    "US-GA": (600, 345),
}


class AreaShape(Struct, frozen=True, dict=True):
    """One area. `path` is empty and `ring`, its largest outline, has no points if it is on the map only as a label."""

    path: str
    ring: Points
    side_label: SideLabel | None = None
    number_spot: tuple[float, float] | None = None

    @cached_property
    def spot(self) -> LabelSpot:
        """Where a number fits. Most counties never need one."""
        return find_label_spot(self.ring)

    @cached_property
    def svg(self) -> str:
        """The elements that draw the area and its label."""
        path = f'<path d="{self.path}"/>' if self.path else ""
        return path + (self.side_label.svg if self.side_label else "")

    @cached_property
    def middle(self) -> tuple[float, float]:
        """Where the number is written."""
        if self.side_label:
            return self.side_label.middle
        return self.number_spot or (self.spot.x, self.spot.y)


class GridPoint(Struct, frozen=True):
    """`step_km` is how many kilometers a step of the grid is long there."""

    x: float
    y: float
    step_km: float


class AreaMap(Struct, frozen=True, eq=False):
    """Shapes by region code, on a grid of `width` and `height` steps. `leaders` is the path of the lines to side labels.

    `overlap` is how many times larger than an area its number may be. With `has_small`, numbers that are too large for their area
    are shown in smaller digits; otherwise they are hidden. `origin` is the point of the plane at the zero of the grid
    and `unit` the kilometers of a step.
    """

    width: int
    height: int
    shapes: Mapping[str, AreaShape]
    origin: tuple[float, float]
    unit: float
    leaders: str = ""
    overlap: float = 1.0
    has_small: bool = False

    def locate_point(self, point: Point) -> GridPoint | None:
        """Return where a point of the earth is drawn, None if it is not on the map."""
        inset = find_inset_of_point(point)
        if inset is None or not self._has_inset(inset):
            return None
        plane = inset.project(np.array([[point.longitude, point.latitude]]))[0]
        x, y = ((plane - np.array(self.origin)) / self.unit).tolist()
        is_inside = 0 <= x <= self.width and 0 <= y <= self.height
        return GridPoint(x, y, self.unit / inset.scale) if is_inside else None

    def _has_inset(self, inset: Inset) -> bool:
        return any(find_inset(code[:STATE_CODE_LENGTH]) is inset for code, shape in self.shapes.items() if shape.path)

    def locate_number(self, code: str) -> tuple[str, str]:
        """Return where the number of an area is written, as shares of the width and the height: "34.2%"."""
        x, y = self.shapes[code].middle
        return f"{100 * x / self.width:.1f}%", f"{100 * y / self.height:.1f}%"

    def find_width(self, code: str, digits: int) -> str | None:
        """Return the name of the smallest width of the map at which a number fits into an area.

        If there is none, returns "small" on a map with small digits, otherwise None.
        """
        shape = self.shapes[code]
        if shape.side_label:
            return "always"
        size = shape.spot.get_size(digits) * self.overlap
        return next((name for name, width in WIDTHS.items() if size >= self.width / width), SMALL if self.has_small else None)


@cache
def load_state_map() -> AreaMap | None:
    """Return the map of the states, None if the outlines were not built."""
    if ATLAS.states is None:
        return None
    areas = ATLAS.states.select([code for code in sorted(ATLAS.states.rings) if code not in WITHOUT_OUTLINE])
    shapes = _draw(areas.move(STATES_ORIGIN, STATES_UNIT), STATES_DETAIL, MIN_ISLAND)
    leaders = "".join(shape.side_label.write_leader(shape.spot.x, shape.spot.y) for shape in shapes.values() if shape.side_label)
    labels = {code: AreaShape("", np.empty((0, 2)), SIDE_LABELS[code]) for code in WITHOUT_OUTLINE}
    return AreaMap(STATES_WIDTH, STATES_HEIGHT, shapes | labels, STATES_ORIGIN, STATES_UNIT, leaders, has_small=True)


@lru_cache(maxsize=64)
def load_county_map(state: str) -> AreaMap | None:
    """Return the map of the counties of a state, None if it has none or the outlines were not built."""
    counties = ATLAS.counties
    codes = [code for code in sorted(counties.rings) if code.startswith(f"{state}-")] if counties else []
    if counties is None or not codes:
        return None
    areas = counties.select(codes)
    low, high = areas.arcs.points.min(axis=0), areas.arcs.points.max(axis=0)
    unit, height = _fit(high - low)
    x, y = (low - (np.array((COUNTIES_WIDTH, height)) * unit - (high - low)) / 2).tolist()
    shapes = _draw(areas.move((x, y), unit), COUNTIES_DETAIL, COUNTIES_MIN_ISLAND)
    return AreaMap(COUNTIES_WIDTH, height, shapes, (x, y), unit, overlap=COUNTIES_OVERLAP)


def _fit(size: Points) -> tuple[float, int]:
    """Return the kilometers of a step and the height of the grid for a part of the plane of this width and height."""
    margins = 2 * COUNTIES_MARGIN
    unit = float(max(size[0] / (COUNTIES_WIDTH - margins), size[1] / (COUNTIES_MAX_HEIGHT - margins)))
    return unit, round(size[1] / unit) + margins


def _draw(areas: Areas, detail: float, min_island: float) -> dict[str, AreaShape]:
    simple = areas.simplify(detail)
    return {code: _draw_area(code, simple.list_polygons(code), min_island) for code in simple.rings}


def _draw_area(code: str, polygons: Collection[Points], min_island: float) -> AreaShape:
    rings = [round_to_grid(ring) for ring in drop_islands(polygons, min_island)]
    return AreaShape(write_path(rings), rings[0], SIDE_LABELS.get(code), NUMBER_SPOTS.get(code))
