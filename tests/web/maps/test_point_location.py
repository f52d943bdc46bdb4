"""Where a point of the earth lies on the maps of states and counties."""

import numpy as np
import pytest

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Point
from tests.web.maps.built_outlines import needs_outlines
from web.maps.area_map import AreaMap, load_county_map, load_state_map
from web.maps.atlas import ATLAS
from web.maps.projection import INSET_BOXES, INSETS, find_inset, find_inset_of_point
from web.maps.topology import Points

ATLANTA, TORONTO, LONDON = Point(33.749, -84.388), Point(43.65, -79.38), Point(51.5, -0.12)


def is_inside(x: float, y: float, ring: Points) -> bool:
    following = np.roll(ring, -1, axis=0)
    crosses = (ring[:, 1] > y) != (following[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        edges = ring[:, 0] + (following[:, 0] - ring[:, 0]) * (y - ring[:, 1]) / (following[:, 1] - ring[:, 1])
    return bool((crosses & (x < edges)).sum() % 2)


def load_map(state: str | None) -> AreaMap:
    found = load_county_map(state) if state else load_state_map()
    assert found
    return found


@needs_outlines
@pytest.mark.parametrize(
    ("map_of", "area", "place"),
    [
        (None, "US-GA", "city:US-GA:atlanta"),
        (None, "US-AK", "city:US-AK:anchorage"),
        (None, "US-ME", "city:US-ME:bangor"),
        (None, "US-CA", "city:US-CA:fresno"),
        ("US-GA", "US-GA-121", "city:US-GA:atlanta"),
        ("US-AK", "US-AK-020", "city:US-AK:anchorage"),
        ("US-HI", "US-HI-003", "city:US-HI:mililani"),
    ],
)
def test_a_place_is_in_its_area(map_of: str | None, area: str, place: str) -> None:
    found = get_gazetteer().get_place(place)
    assert found
    map = load_map(map_of)
    spot = map.locate_point(found.point)
    assert spot
    assert is_inside(spot.x, spot.y, map.shapes[area].ring)


@needs_outlines
@pytest.mark.parametrize(
    ("map_of", "point"),
    [
        (None, LONDON),
        (None, Point(13.44, 144.79)),  # Guam has no outline on the map of states
        (None, Point(-14.28, -170.7)),
        (None, Point(23.1, -82.4)),  # Havana would be drawn beside Puerto Rico
        (None, Point(19.4, -99.1)),
        (None, Point(90, 0)),
        (None, Point(-90, 180)),
        ("US-GA", LONDON),
        ("US-GA", Point(40.7, -74)),
        ("US-AK", ATLANTA),
    ],
)
def test_what_is_not_on_a_map_is_nowhere(map_of: str | None, point: Point) -> None:
    assert load_map(map_of).locate_point(point) is None


@needs_outlines
def test_a_place_across_the_border_is_where_it_is() -> None:
    map = load_map(None)
    toronto, atlanta = map.locate_point(TORONTO), map.locate_point(ATLANTA)
    assert toronto
    assert atlanta
    assert toronto.y < atlanta.y
    assert not any(is_inside(toronto.x, toronto.y, shape.ring) for shape in map.shapes.values() if shape.path)


@needs_outlines
def test_steps_have_the_length_of_their_inset() -> None:
    lengths = []
    for point in (ATLANTA, Point(61.2, -149.9)):
        spot = load_map(None).locate_point(point)
        assert spot
        lengths.append(spot.step_km)
    assert lengths == pytest.approx([6.0, 6.0 / 0.42])


@needs_outlines
def test_every_state_is_in_the_box_of_its_inset() -> None:
    assert ATLAS.states
    for code in ATLAS.states.rings:
        place = get_gazetteer().get_place(f"state:{code}")
        assert place
        assert find_inset_of_point(place.point) is find_inset(code), code
    assert len(INSETS) == len(INSET_BOXES)
