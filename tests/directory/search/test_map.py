import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import BadInput
from directory.geo import Box, Point, bounding_box
from directory.search.map import MapMark, MapView, bounds, view

ATLANTA, DECATUR, BOSTON = (33.749, -84.388), (33.7748, -84.2963), (42.3601, -71.0589)
FIJI, SAMOA = (-18.1, 178.4), (-13.8, -171.8)  # on either side of the antimeridian

degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
few_degrees = st.tuples(
    st.sampled_from([-90.0, -10.0, 0.0, 0.01, 33.7, 90.0]), st.sampled_from([-180.0, -84.4, 0.0, 0.01, 179.99])
)
placed = st.lists(st.tuples(degrees | few_degrees, st.integers(0, 9)), min_size=1, max_size=40, unique=True)


def arrays(points: list[tuple[float, float]], rows: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    latitudes, longitudes = np.array(points, dtype=np.float64).reshape(-1, 2).T
    return latitudes, longitudes, np.array(rows, dtype=np.int64)


def drawn(*points: tuple[float, float], rows: list[int] | None = None, matching: int = 10, **how: object) -> MapView:
    return view(*arrays(list(points), list(range(len(points))) if rows is None else rows), matching=matching, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", [0, -1, 2001])
def test_a_limit_out_of_range_is_refused(limit: int) -> None:
    with pytest.raises(BadInput) as refused:
        drawn(ATLANTA, limit=limit)
    assert refused.value.params["argument"] == "limit"


@pytest.mark.parametrize("zoom", [-0.1, 24.5, float("nan"), float("inf")])
def test_a_zoom_out_of_range_is_refused(zoom: float) -> None:
    with pytest.raises(BadInput) as refused:
        drawn(ATLANTA, zoom=zoom)
    assert refused.value.params["argument"] == "zoom"


def test_nothing_to_draw() -> None:
    assert drawn(matching=3) == MapView((), None, 3)


def test_nothing_in_view_still_tells_where_the_matches_are() -> None:
    empty = drawn(ATLANTA, within=Box(0, 0, 1, 1))
    assert empty.marks == ()
    assert empty.bounds == Box(*ATLANTA, *ATLANTA)
    assert empty.without_point == 9


def test_a_mark_of_one_organization_names_it() -> None:
    only, pair = sorted(drawn(BOSTON, ATLANTA, ATLANTA, rows=[7, 3, 5]).marks, key=lambda mark: mark.count)
    assert (only.row, only.index, only.point, only.bounds) == (7, 0, Point(*BOSTON), Box(*BOSTON, *BOSTON))
    assert (pair.row, pair.index, pair.count, pair.point) == (None, None, 2, Point(*ATLANTA))


def test_an_organization_with_two_places_has_two_marks_apart_and_counts_once_together() -> None:
    apart = drawn(ATLANTA, DECATUR, rows=[4, 4])
    assert [(mark.row, mark.count, mark.index) for mark in apart.marks] == [(4, 1, 0), (4, 1, 1)]
    together = drawn(ATLANTA, DECATUR, DECATUR, rows=[4, 4, 6], zoom=3)
    assert [(mark.row, mark.count) for mark in together.marks] == [(None, 2)]
    assert [(mark.row, mark.count, mark.index) for mark in drawn(DECATUR, ATLANTA, rows=[4, 4], zoom=3).marks] == [(4, 1, 0)]
    assert apart.without_point == 9


def test_a_cluster_stands_at_the_mean_of_its_points_and_tells_their_bounds() -> None:
    (mark,) = drawn((10, 20), (12, 24), (12, 24), limit=1).marks
    assert mark.point == Point(round(34 / 3, 6), round(68 / 3, 6))
    assert mark.bounds == Box(10, 20, 12, 24)


def test_zooming_in_takes_a_cluster_apart() -> None:
    counts = [len(drawn(ATLANTA, DECATUR, BOSTON, zoom=zoom).marks) for zoom in range(25)]
    assert counts[0] == 1
    assert counts[-1] == 3
    assert counts == sorted(counts)


def test_marks_that_do_not_fit_are_gathered_more_widely() -> None:
    points = [(latitude / 7, longitude / 7) for latitude in range(1, 41) for longitude in range(1, 41)]
    for limit in (1, 2, 10, 100, 1599, 1600):
        marks = drawn(*points, limit=limit, matching=1600).marks
        assert 0 < len(marks) <= limit
        assert sum(mark.count for mark in marks) == 1600
    assert len(marks) == 1600


def test_a_view_across_the_antimeridian() -> None:
    shown = drawn(FIJI, SAMOA, BOSTON, within=Box(-30, 170, 0, -165))
    assert {mark.row for mark in shown.marks} == {0, 1}
    assert drawn(FIJI, SAMOA, within=Box(-30, -180, 0, 170)).marks[0].row == 1


def test_no_mark_gathers_across_the_antimeridian() -> None:
    assert [mark.count for mark in drawn((10.0, 179.999), (10.0, -179.999), zoom=0).marks] == [1, 1]


def test_larger_marks_come_first_then_south_before_north_then_west_before_east() -> None:
    marks = drawn(BOSTON, (10, 5), (10, 4), ATLANTA, ATLANTA, (-5, 9)).marks
    assert [mark.point for mark in marks] == [Point(*p) for p in (ATLANTA, (-5, 9), (10, 4), (10, 5), BOSTON)]


@given(st.lists(degrees | few_degrees, max_size=30))
def test_bounds_are_those_of_geo(points: list[tuple[float, float]]) -> None:
    latitudes, longitudes, _ = arrays(points, [0] * len(points))
    assert bounds(latitudes, longitudes) == bounding_box([Point(*point) for point in points])


@given(placed, st.none() | st.floats(0, 24), st.integers(1, 50), st.randoms(use_true_random=False))
def test_every_point_is_in_one_mark_whatever_their_order(points, zoom, limit, random) -> None:  # type: ignore[no-untyped-def]
    def marks(some: list[tuple[tuple[float, float], int]]) -> tuple[MapMark, ...]:
        return drawn(*(point for point, _ in some), rows=[row for _, row in some], zoom=zoom, limit=limit).marks

    found = marks(points)
    assert 1 <= len(found) <= limit
    assert all(any(Point(*point) in mark.bounds for mark in found) for point, _ in points)
    assert all(mark.point in mark.bounds for mark in found)
    assert sum(mark.count for mark in found) >= len({row for _, row in points})
    assert all((mark.row is None) == (mark.count > 1) for mark in found)
    shuffled = random.sample(points, len(points))
    assert [(mark.point, mark.count, mark.bounds, mark.row) for mark in marks(shuffled)] == [
        (mark.point, mark.count, mark.bounds, mark.row) for mark in found
    ]
