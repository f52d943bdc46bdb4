"""The part of the plane that a map shows, and what is cut off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.maps.outlines import measure_area
from web.maps.view import BEYOND, MIN_WIDTH_KM, PADDING, VIEW_HEIGHT, VIEW_WIDTH, View, cut, draw, find_bounds

coordinates = st.floats(-3000, 3000)
sizes = st.floats(0, 2500)


@given(coordinates, coordinates, sizes, sizes)
def test_everything_fits_with_room_around(x: float, y: float, width: float, height: float) -> None:
    low, high = np.array((x, y)), np.array((x + width, y + height))
    view = View.fit(low, high)
    first, last = view.locate(low), view.locate(high)
    assert (first >= np.array((VIEW_WIDTH, VIEW_HEIGHT)) * (PADDING - 0.03)).all()
    assert (last <= np.array((VIEW_WIDTH, VIEW_HEIGHT)) * (1 - PADDING + 0.03)).all()
    assert view.unit * VIEW_WIDTH >= MIN_WIDTH_KM


def test_places_near_each_other_share_a_view() -> None:
    views = {View.fit(np.array((x, 5.0)), np.array((x + 1, 6.0))) for x in (0.0, 0.5, 1.0)}
    assert len(views) == 1


def test_what_is_in_view_is_found() -> None:
    view = View(0, 0, 1)
    assert view.touches(np.array((-5, -5)), np.array((5, 5)))
    assert not view.touches(np.array((-5, -5)), np.array((-1, 5)))
    assert not view.touches(np.array((VIEW_WIDTH + 1, 0)), np.array((VIEW_WIDTH + 9, 9)))


def test_a_ring_in_view_stays_as_it_is() -> None:
    ring = np.array([[0.0, 0], [100, 0], [50, 80]])
    assert cut(ring) is ring
    assert draw([ring])[0] == "M0 0l100 0-50 80z"


@pytest.mark.parametrize("shift", [(-3000, 0), (0, 2000), (3000, 3000)])
def test_a_ring_out_of_view_is_dropped(shift: tuple[int, int]) -> None:
    ring = np.array([[0.0, 0], [100, 0], [50, 80]]) + shift
    assert len(cut(ring)) == 0
    path, rest = draw([ring])
    assert path == ""
    assert rest.shape == (0, 2)


def test_a_ring_around_the_view_becomes_its_frame() -> None:
    ring = np.array([[-5000.0, -5000], [5000, -5000], [5000, 5000], [-5000, 5000]])
    frame = cut(ring)
    assert measure_area(frame) == (VIEW_WIDTH + 2 * BEYOND) * (VIEW_HEIGHT + 2 * BEYOND)


@given(st.lists(st.tuples(st.floats(-2000, 3000), st.floats(-2000, 3000)), min_size=3, max_size=12))
def test_nothing_remains_beyond_the_view(points: list[tuple[float, float]]) -> None:
    rest = cut(np.array(points))
    assert np.isfinite(rest).all()
    assert (rest >= -BEYOND - 1e-6).all()
    assert (rest <= np.array((VIEW_WIDTH, VIEW_HEIGHT)) + BEYOND + 1e-6).all()


def test_the_bounds_of_points() -> None:
    assert find_bounds([np.array([[1.0, 2]]), np.array([[0.0, 5], [3, 3]])]).tolist() == [[0, 2], [3, 5]]
