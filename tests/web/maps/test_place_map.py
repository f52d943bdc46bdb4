"""Maps of places: what is drawn is never more exact than what is published."""

import re
from math import hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.maps.built_outlines import ATLAS, needs_outlines
from tests.web.maps.test_outlines import read_path
from web.maps.context import find_region_bounds
from web.maps.label_spots import find_label_spot, measure_clearance
from web.maps.marks import MIN_RADIUS, Mark, Shape
from web.maps.place_map import PlaceMap, build_place_map
from web.maps.view import VIEW_HEIGHT, VIEW_WIDTH, View

pytestmark = needs_outlines
OFFICE = Mark("A", Shape.SQUARE, "US-GA", -84.388, 33.749)
CITY = Mark("B", Shape.CIRCLE, "US-GA", -83.37, 33.95, 8.0)
COUNTY = Mark("C", Shape.COUNTY, "US-GA-121")
STATE = Mark("D", Shape.STATE, "US-AL")


def build(*marks: Mark, served: tuple[str, ...] = (), language: str = "en") -> PlaceMap:
    map = build_place_map(marks, served, language)
    assert map
    return map


def list_points(path: str) -> np.ndarray:
    return np.array([point for line in read_path(path) for point in line], dtype=float)


def test_each_shape_is_drawn_in_its_own_way() -> None:
    map = build(OFFICE, CITY, COUNTY, STATE)
    assert len(map.squares) == len(map.circles) == 1
    assert all((map.counties, map.vague_states, map.home))
    assert [badge.letter for badge in map.badges] == ["A", "B", "C", "D"]
    assert {name.text for name in map.names} >= {"Georgia", "Alabama"}


@pytest.mark.parametrize("mark", [CITY, COUNTY, STATE, Mark("A", Shape.COUNTY, "US-TX-301")])
def test_only_an_address_has_a_square(mark: Mark) -> None:
    assert build(mark).squares == []


def test_a_circle_has_its_true_radius() -> None:
    (circle,) = build(Mark("A", Shape.CIRCLE, "US-GA", -83.37, 33.95, 60.0)).circles
    edge = Mark("A", Shape.CIRCLE, "US-GA", -83.37, 33.95 + 60 / 111.19, 0.0)
    view = find_view(60.0)
    inset = edge.inset
    middle, north = (view.locate(inset.project(np.array([[-83.37, latitude]])))[0] for latitude in (33.95, 33.95 + 60 / 111.19))
    assert (circle.x, circle.y) == pytest.approx(middle.tolist(), abs=1e-6)
    assert circle.radius == pytest.approx(float(np.hypot(*(north - middle))), rel=0.01)


def find_view(radius: float) -> View:
    mark = Mark("A", Shape.CIRCLE, "US-GA", -83.37, 33.95, radius)
    middle = mark.inset.project(np.array([[-83.37, 33.95]]))[0]
    return View.fit(middle - radius, middle + radius)


places = st.builds(
    Mark,
    st.just("A"),
    st.just(Shape.CIRCLE),
    st.sampled_from(["US-GA", "US-AK", "US-HI", "US-PR", "US-GU"]),
    st.floats(-1, 1),
    st.floats(-1, 1),
    st.floats(0.1, 400),
)


@given(places)
@settings(deadline=None)
def test_a_circle_is_never_smaller_than_stated(offset: Mark) -> None:
    origin = offset.inset.projection
    mark = Mark(
        "A", Shape.CIRCLE, offset.region, origin.meridian + offset.longitude, origin.latitude + offset.latitude, offset.radius_km
    )
    (circle,) = build(mark).circles
    low = mark.inset.project(np.array([[mark.longitude, mark.latitude]]))[0] - mark.radius_km * mark.inset.scale
    view = View.fit(low, low + 2 * mark.radius_km * mark.inset.scale)
    assert circle.radius * view.unit >= mark.radius_km * mark.inset.scale - 1e-6
    assert circle.radius >= MIN_RADIUS


@pytest.mark.parametrize("code", ["US-GA-121", "US-TX-301", "US-HI-003", "US-AK-185"])
def test_a_county_is_drawn_as_its_own_outline(code: str) -> None:
    map = build(Mark("A", Shape.COUNTY, code))
    points = list_points(map.counties)
    view = View.fit(*find_region_bounds(code))
    low, high = view.locate(find_region_bounds(code))
    assert points.min(axis=0) == pytest.approx(low, abs=12)  # islands may be left out
    assert points.max(axis=0) == pytest.approx(high, abs=12)
    assert not map.circles
    assert not map.squares


def test_the_line_to_a_county_does_not_end_in_its_middle() -> None:
    map = build(COUNTY)
    (badge,) = map.badges
    ring = list_points(map.counties)
    spot = find_label_spot(ring)
    clearance = float(measure_clearance(np.array([[spot.x, spot.y]]), ring)[0])
    assert hypot(badge.end_x - spot.x, badge.end_y - spot.y) > clearance / 2
    assert measure_clearance(np.array([[badge.end_x, badge.end_y]]), ring)[0] > 0


def test_places_that_differ_only_inside_their_area_have_the_same_map() -> None:
    without_point = Mark("A", Shape.COUNTY, "US-GA-121")
    assert build(without_point) == build(Mark("A", Shape.COUNTY, "US-GA-121"))
    assert without_point.longitude == without_point.latitude == without_point.radius_km == 0


def test_everything_is_in_view() -> None:
    map = build(OFFICE, Mark("B", Shape.SQUARE, "US-ME", -70, 45), STATE, served=("US-FL", "US-GA-121"))
    for x, y in (*map.squares, *((badge.x, badge.y) for badge in map.badges)):
        assert 0 < x < VIEW_WIDTH
        assert 0 < y < VIEW_HEIGHT
    served = list_points(map.service_areas)
    assert (served > 0).all()
    assert (served < (VIEW_WIDTH, VIEW_HEIGHT)).all()


def test_borders_between_served_counties_are_not_drawn() -> None:
    whole = build(served=("US-DE",)).service_areas
    counties = build(served=("US-DE-001", "US-DE-003", "US-DE-005")).service_areas
    assert min(len(whole), len(counties)) > 0
    assert find_length(counties) == pytest.approx(find_length(whole), rel=0.02)


def find_length(path: str) -> float:
    return float(sum(np.hypot(*np.diff(np.array(line, dtype=float), axis=0).T).sum() for line in read_path(path)))


def test_states_of_another_inset_are_not_neighbors() -> None:
    map = build(Mark("A", Shape.SQUARE, "US-AK", -149.9, 61.2))
    assert [name.text for name in map.names] == ["Alaska"]
    assert map.states == ""


def test_an_area_without_an_outline_is_left_out() -> None:
    assert build_place_map((Mark("A", Shape.COUNTY, "US-AK-063"),), (), "en") is None
    assert build_place_map((), ("US", "US-SOUTH"), "en") is None
    assert build_place_map((), (), "en") is None
    assert len(build(OFFICE, Mark("B", Shape.COUNTY, "US-AK-063")).badges) == 1


@pytest.mark.parametrize(
    "marks",
    [
        [Mark("A", Shape.COUNTY, "US-CA-075"), Mark("B", Shape.STATE, "US-FL")],  # San Francisco
        [Mark("A", Shape.STATE, "US-MP"), Mark("B", Shape.STATE, "US-WA"), Mark("C", Shape.STATE, "US-FL")],
        [Mark("A", Shape.COUNTY, "US-VA-610")],  # a city of two square miles
    ],
)
def test_a_region_without_an_outline_at_this_scale_is_a_circle_in_its_place(marks: list[Mark]) -> None:
    map = build(*marks)
    (circle,) = map.circles
    assert circle.radius == MIN_RADIUS
    assert [badge.letter for badge in map.badges] == [mark.letter for mark in marks]
    assert 0 <= circle.x <= VIEW_WIDTH
    assert 0 <= circle.y <= VIEW_HEIGHT


def test_names_are_in_the_language_of_the_page() -> None:
    mark = Mark("A", Shape.STATE, "US-SC")
    assert "South Carolina" in {name.text for name in build(mark).names}
    assert "Carolina del Sur" in {name.text for name in build(mark, language="es").names}


@given(
    st.lists(st.sampled_from([OFFICE, CITY, COUNTY, STATE]), min_size=1, max_size=6),
    st.sampled_from([(), ("US-TN",), ("US-GA-059",)]),
)
@settings(deadline=None)
def test_maps_have_no_broken_numbers(marks: list[Mark], served: tuple[str, ...]) -> None:
    map = build(*marks, served=served)
    for path in (map.states, map.home, map.vague_states, map.counties, map.service_areas, map.leaders):
        assert re.fullmatch(r"[-MLlz\d ]*", path)
    assert np.isfinite([(badge.x, badge.y) for badge in map.badges]).all()
    assert len(map.badges) == len(marks)


def test_the_outlines_of_a_map_are_cached() -> None:
    assert ATLAS.states
    assert build(OFFICE, CITY) is build(OFFICE, CITY)
