import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.geo import (
    HALF_EARTH_KM,
    Point,
    bounding_box,
    compute_mean_point,
    distance_km,
    km_to_squared_chord,
    measure_squared_chords,
    squared_chord_to_km,
    to_unit_vectors,
)
from tests.directory.search.reference_map import reference_bounding_box

any_point = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
grid_point = st.builds(Point, st.sampled_from([-90.0, 0.0, 0.01, 33.7]), st.sampled_from([-180.0, -84.4, 0.0, 179.99]))


@given(st.lists(any_point | grid_point, max_size=30))
def test_a_bounding_box_leaves_out_the_widest_gap(points: list[Point]) -> None:
    latitudes = np.array([point.latitude for point in points])
    longitudes = np.array([point.longitude for point in points])
    assert bounding_box(latitudes, longitudes) == reference_bounding_box(points)


@given(any_point, any_point)
def test_squared_chords_give_the_great_circle_distance(origin: Point, point: Point) -> None:
    x, y, z = to_unit_vectors(np.array([point.latitude]), np.array([point.longitude]))
    (squared_chord,) = measure_squared_chords(x, y, z, origin)
    assert squared_chord_to_km(squared_chord) == pytest.approx(distance_km(origin, point), rel=1e-6, abs=0.01)


@given(st.floats(0, HALF_EARTH_KM))
def test_kilometres_survive_the_way_through_squared_chords(distance: float) -> None:
    assert squared_chord_to_km(km_to_squared_chord(distance)) == pytest.approx(distance, rel=1e-6, abs=0.5)


def test_the_mean_point_of_both_sides_of_the_antimeridian_lies_between_them() -> None:
    mean = compute_mean_point(to_unit_vectors(np.array([0.0, 0.0]), np.array([179.0, -179.0])))
    assert (mean.latitude, abs(mean.longitude)) == (0, 180)
