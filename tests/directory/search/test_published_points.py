"""Points within a distance, at its edge and around the earth."""

from math import pi
from random import Random

import numpy as np
import pytest
from pyroaring import BitMap

from directory.geo import EARTH_RADIUS_KM, HALF_EARTH_KM, Point, distance_km
from directory.search.published_points import PublishedPoints
from directory.search.search_index import SearchIndex
from tests.builders import a_location_at, an_organization
from tests.directory.search.generated_records import generate_records

ORIGIN = Point(33.75, -84.39)
KM_PER_DEGREE = EARTH_RADIUS_KM * pi / 180


def within(radius_km: float | None, *points: tuple[float, float], origin: Point = ORIGIN) -> list[str]:
    index = SearchIndex.build(
        [an_organization(f"{number:02}", locations=(a_location_at(*point),)) for number, point in enumerate(points)]
    )
    return [index.rows[row].name for row in index.points.measure_distances(origin, radius_km).rows]


@pytest.mark.parametrize("radius_km", [0.01, 1.0, 50.0, 1_000.0, 6_000.0])
def test_a_radius_ends_where_it_says_to_the_north_south_east_and_west(radius_km: float) -> None:
    degrees = radius_km / KM_PER_DEGREE
    for share, found in ((1 - 1e-5, ["00", "01"]), (1 + 1e-5, [])):
        north_and_south = [(ORIGIN.latitude + degrees * share * side, ORIGIN.longitude) for side in (1, -1)]
        assert within(radius_km, *north_and_south) == found
    on_the_equator = Point(0, ORIGIN.longitude)
    for share, found in ((1 - 1e-5, ["00", "01"]), (1 + 1e-5, [])):
        east_and_west = [(0.0, ORIGIN.longitude + degrees * share * side) for side in (1, -1)]
        assert within(radius_km, *east_and_west, origin=on_the_equator) == found


def test_half_the_earth_is_all_of_it() -> None:
    antipode = (-ORIGIN.latitude, ORIGIN.longitude + 180)
    points = (antipode, (90.0, 0.0), (-90.0, 0.0), (0.0, 180.0))
    assert within(HALF_EARTH_KM, *points) == within(None, *points) == ["00", "01", "02", "03"]
    assert within(HALF_EARTH_KM * 0.999, *points) == ["01", "02", "03"]


def test_a_circle_lies_across_the_antimeridian_and_a_pole() -> None:
    assert within(300, (-16.5, -179.5), (-16.5, 179.5), (-16.5, 175.0), origin=Point(-16.5, 179.9)) == ["00", "01"]
    assert within(300, (89.0, 10.0), (89.0, -170.0), (80.0, 10.0), origin=Point(89.5, 10.0)) == ["00", "01"]


def test_the_nearest_of_several_points_counts() -> None:
    near, far = a_location_at(33.8, -84.39), a_location_at(-33.8, 151.2)
    index = SearchIndex.build([an_organization(locations=(far, near))])
    for radius_km in (None, 100.0):
        km = index.points.measure_distances(ORIGIN, radius_km).distance_km(0)
        assert near.point
        assert km == pytest.approx(distance_km(ORIGIN, near.point), rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4, 0.6, 1.0])
def test_distances_of_some_rows_are_those_among_all(share: float) -> None:
    rng = Random(4)  # noqa: S311
    organizations = list(enumerate(generate_records(rng, 60)))
    points, origin = PublishedPoints.build(organizations), Point(33.7, -84.4)
    rows = BitMap(row for row, _ in organizations if rng.random() < share)
    measured, expected = points.measure_distances_of(rows, origin), points.measure_distances(origin)
    numbers = np.asarray(rows.to_array(), np.int64)
    assert measured.get_chords(numbers).tolist() == expected.get_chords(numbers).tolist()
