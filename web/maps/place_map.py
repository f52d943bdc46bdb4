"""A map of the places of one organization. Each is drawn as exactly as it is published, and never more exactly.

Places are drawn at their true size on an equal-area projection. The view shows all of them with the states around.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from web.maps.areas import STATE_CODE_LENGTH
from web.maps.atlas import ATLAS
from web.maps.badges import RADIUS, Badge, Box, place_badges
from web.maps.context import StateName, StateOutline, draw_borders, draw_states, find_region_bounds, place_names
from web.maps.marks import Circle, DrawnMark, Mark, Shape, draw_mark, find_mark_bounds
from web.maps.projection import find_inset
from web.maps.view import View, find_bounds


class PlaceMap(Struct, frozen=True):
    """What the map shows, in steps of its grid. Outlines are paths; "" and () stand for what it does not show."""

    states: str  # land without a place
    home: str  # states with a place
    vague_states: str  # states of which nothing more is published
    counties: str
    service_areas: str  # the borders of the areas that the organization serves
    circles: Sequence[Circle]
    squares: Sequence[tuple[float, float]]
    badges: Sequence[Badge]
    names: Sequence[StateName]

    @property
    def leaders(self) -> str:
        """The path of the lines from letters to what they name."""
        return "".join(badge.leader for badge in self.badges)


@lru_cache(maxsize=512)
def build_place_map(marks: tuple[Mark, ...], served: tuple[str, ...], language: str) -> PlaceMap | None:
    """Return the map of the marks that can be drawn, and of the states and counties that the organization serves.

    `served` are codes; those without an outline are left out. Returns None if nothing is left or the outlines were not built.
    """
    marks = tuple(mark for mark in marks if mark.can_be_drawn)
    served = tuple(code for code in served if ATLAS.find_areas(code))
    if ATLAS.states is None or not (marks or served):
        return None
    view = View.fit(*find_bounds([*map(find_mark_bounds, marks), *map(find_region_bounds, served)]))
    insets = frozenset(find_inset(code[:STATE_CODE_LENGTH]) for code in [*(mark.region for mark in marks), *served])
    states = draw_states(view, insets)
    drawn = [draw_mark(mark, view, states) for mark in marks]
    names = place_names(view, insets, language, [_surround(each) for each in drawn])
    return _combine(marks, states, drawn, names, _draw_served(served, view))


def _combine(
    marks: Sequence[Mark],
    states: Sequence[StateOutline],
    drawn: Sequence[DrawnMark],
    names: Sequence[StateName],
    served: str,
) -> PlaceMap:
    badges = place_badges([each.anchor for each in drawn], [name.box for name in names])
    letters = [Box(badge.x, badge.y, RADIUS, RADIUS) for badge in badges]
    hatched = {mark.region for mark in marks if mark.shape is Shape.STATE}
    home = {mark.state for mark in marks} - hatched
    return PlaceMap(
        states=_join(states, lambda code: code not in home | hatched),
        home=_join(states, lambda code: code in home),
        vague_states=_join(states, lambda code: code in hatched),
        counties="".join(each.path for each in drawn),
        service_areas=served,
        circles=[each.circle for each in drawn if each.circle],
        squares=[(each.anchor.x, each.anchor.y) for each in drawn if each.shape is Shape.SQUARE],
        badges=badges,
        names=[name for name in names if not any(map(name.box.overlaps, letters))],
    )


def _join(states: Sequence[StateOutline], is_chosen: Callable[[str], bool]) -> str:
    return "".join(state.path for state in states if is_chosen(state.code))


def _surround(mark: DrawnMark) -> Box:
    """Return the box that names should leave free: that of the mark, or of its letter in a large area."""
    if mark.anchor.inside:
        return Box(*mark.anchor.inside[0], RADIUS, RADIUS)
    return Box(mark.anchor.x, mark.anchor.y, mark.anchor.size, mark.anchor.size)


def _draw_served(codes: Sequence[str], view: View) -> str:
    """Return the borders of the states and of the counties among the areas."""
    lengths = sorted({len(code) for code in codes})
    return "".join(draw_borders(tuple(code for code in codes if len(code) == length), view) for length in lengths)
