"""The states around the places of an organization: their outlines, and where their names have room."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct

from directory.vocabulary.regions import REGIONS
from web.maps.areas import Areas
from web.maps.atlas import ATLAS
from web.maps.badges import Box
from web.maps.label_spots import TEXT_HEIGHT, measure_sizes, spread_candidates
from web.maps.outlines import write_path
from web.maps.projection import Inset, find_inset
from web.maps.topology import Points
from web.maps.view import VIEW_WIDTH, View, draw, find_bounds

DETAIL = 2.0  # the smallest triangle in steps squared; see `simplify`
MAX_SPOTS = 16  # for a name, to choose from
LETTER_WIDTH = 0.56  # of a name, in units of the font size
WIDTHS = {"always": 20, "medium": 25}  # widths of the map in sizes of its font; the names are classes in the stylesheet


class StateOutline(Struct, frozen=True):
    """A state as far as it is in view. `ring` is its largest part."""

    code: str
    path: str
    ring: Points


class StateName(Struct, frozen=True):
    """The name of a state on the grid. `width` is the name of the smallest width of the map at which it fits."""

    text: str
    x: float
    y: float
    width: str

    @property
    def box(self) -> Box:
        size = VIEW_WIDTH / WIDTHS[self.width]
        return Box(self.x, self.y, len(self.text) * LETTER_WIDTH * size / 2, TEXT_HEIGHT * size / 2)


@lru_cache(maxsize=256)
def draw_states(view: View, insets: frozenset[Inset]) -> tuple[StateOutline, ...]:
    """Return the states in view, only those of these insets. () if the outlines were not built."""
    if ATLAS.states is None:
        return ()
    codes = [code for code in ATLAS.states.rings if find_inset(code) in insets and view.touches(*find_region_bounds(code))]
    if not codes:
        return ()
    areas = _zoom(ATLAS.states.select(codes), view)
    outlines = (StateOutline(code, *draw(areas.list_polygons(code))) for code in codes)
    return tuple(outline for outline in outlines if outline.path)


@lru_cache(maxsize=1024)
def draw_area(code: str, view: View) -> tuple[str, Points]:
    """Return the path of a state or county in a view, and its largest ring; "" and no points without an outline."""
    areas = ATLAS.find_areas(code)
    return draw(_zoom(areas.select([code]), view).list_polygons(code) if areas else [])


@lru_cache(maxsize=256)
def draw_borders(codes: tuple[str, ...], view: View) -> str:
    """Return the path of the lines around a group of states or of counties, without the borders between them."""
    areas = ATLAS.find_areas(codes[0])
    lines = _zoom(areas.select(codes), view).list_borders(codes) if areas else []
    return write_path([np.rint(line) for line in lines], closed=False)


@lru_cache(maxsize=4096)
def find_region_bounds(code: str) -> Points:
    """Return two corners of the plane around a state or county. It must have an outline."""
    areas = ATLAS.find_areas(code)
    return find_bounds(areas.list_polygons(code) if areas else [])


def place_names(view: View, insets: frozenset[Inset], language: str, marks: Sequence[Box]) -> list[StateName]:
    """Return the names of the states in view for which there is room besides the marks."""
    choices = list_name_spots(view, insets, language)
    best = (next((name for name in names if not any(map(name.box.overlaps, marks))), None) for names in choices)
    return [name for name in best if name]


@lru_cache(maxsize=128)
def list_name_spots(view: View, insets: frozenset[Inset], language: str) -> tuple[tuple[StateName, ...], ...]:
    """Return for each state in view the spots at which its name fits, best first."""
    outlines = draw_states(view, insets)
    return tuple(_list_spots(REGIONS.require(outline.code).label(language), outline.ring) for outline in outlines)


def _zoom(areas: Areas, view: View) -> Areas:
    return areas.move((view.x, view.y), view.unit).simplify(DETAIL)


def _list_spots(text: str, ring: Points) -> tuple[StateName, ...]:
    low, high = ring.min(axis=0), ring.max(axis=0)
    if high[0] - low[0] < len(text) * LETTER_WIDTH * VIEW_WIDTH / WIDTHS["medium"]:
        return ()
    spots = spread_candidates((low + high) / 2, (high - low) / 10)
    sizes = measure_sizes(spots, ring, len(text))
    order = np.argsort(-sizes, kind="stable")
    names = (_build_name(text, x, y, size) for (x, y), size in zip(spots[order].tolist(), sizes[order].tolist(), strict=True))
    return tuple(name for name in names if name and name.box.is_inside)[:MAX_SPOTS]


def _build_name(text: str, x: float, y: float, size: float) -> StateName | None:
    """Return the name, None if it does not fit with this largest size of the font."""
    width = next((name for name, count in WIDTHS.items() if size >= VIEW_WIDTH / count), None)
    return StateName(text, x, y, width) if width else None
