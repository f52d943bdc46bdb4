"""Boxes, circles and distances at their edges, and after records were added, moved and removed."""

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from directory.geo import EARTH_RADIUS_KM, HALF_EARTH_KM, Box, Point
from directory.records import Organization
from directory.search.published_points import SCAN_LIMIT, PublishedPoints
from tests.builders import a_location_at, an_organization

BOX = Box(30, -90, 40, -80)


def an_organization_at(*points: tuple[float, float]) -> Organization:
    return an_organization(locations=tuple(a_location_at(*point) for point in points))


def places(*organizations: Organization) -> PublishedPoints:
    return PublishedPoints.build(enumerate(organizations))


def distance(found: PublishedPoints, origin: Point, row: int) -> float:
    km = found.measure_distances(origin).distance_km(row)
    assert km is not None
    return km


@pytest.mark.parametrize("edge", [(40, -85), (30, -85), (35, -90), (35, -80), (40, -90), (40, -80), (30, -90), (30, -80)])
def test_every_edge_and_corner_belongs_to_a_box(edge: tuple[float, float]) -> None:
    assert list(places(an_organization_at(edge)).find_rows_in_box(BOX)) == [0]


@pytest.mark.parametrize("outside", [(40.000001, -85), (29.999999, -85), (35, -90.000001), (35, -79.999999)])
def test_points_beyond_an_edge_are_not_in_the_box(outside: tuple[float, float]) -> None:
    assert not places(an_organization_at(outside)).find_rows_in_box(BOX)


@pytest.mark.parametrize(
    ("longitude", "inside"), [(170, True), (180, True), (-180, True), (-170, True), (0, False), (169, False)]
)
def test_a_box_across_the_antimeridian(longitude: float, inside: bool) -> None:
    assert bool(places(an_organization_at((0, longitude))).find_rows_in_box(Box(-10, 170, 10, -170))) == inside


def test_one_location_in_the_box_suffices() -> None:
    found = places(an_organization_at((0, 0), (35, -85)), an_organization_at((0, 0)))
    assert list(found.find_rows_in_box(BOX)) == [0]
    assert found.latitudes[found.find_points_in_box(BOX)].tolist() == [35]


def test_a_degree_of_latitude_and_half_the_earth() -> None:
    found = places(an_organization_at((1, 0)), an_organization_at((0, 180)))
    assert distance(found, Point(0, 0), 0) == pytest.approx(EARTH_RADIUS_KM * np.pi / 180)
    assert distance(found, Point(0, 0), 1) == pytest.approx(HALF_EARTH_KM)


def test_the_nearest_location_counts() -> None:
    found = places(an_organization_at((5, 0), (1, 0), (3, 0)), an_organization_at((2, 0)))
    assert distance(found, Point(0, 0), 0) < distance(found, Point(0, 0), 1)
    assert distance(found, Point(6, 0), 0) == pytest.approx(EARTH_RADIUS_KM * np.pi / 180)


def test_a_record_without_a_point_has_no_distance() -> None:
    nearest = places(an_organization(), an_organization_at((1, 0))).measure_distances(Point(0, 0))
    assert nearest.distance_km(0) is None
    assert list(nearest.rows) == [1]
    assert np.isinf(nearest.get_chords(np.array([0]))).all()
    assert places(an_organization()).measure_distances(Point(0, 0)).distance_km(0) is None


@pytest.mark.parametrize("origin", [Point(33.7, -84.4), Point(0, 179.99), Point(89.9, 0), Point(-89.9, 10)])
@pytest.mark.parametrize("radius", [1, 50, 500, 5_000])
def test_a_circle_contains_exactly_the_points_within_its_radius(origin: Point, radius: float) -> None:
    around = [(lat, lon) for lat in (-89, -45, -1, 0, 33.7, 34, 60, 89.95) for lon in (-180, -84.4, -84, 0, 179.5)]
    found = places(*(an_organization_at(point) for point in around))
    near = {row for row in range(len(around)) if distance(found, origin, row) <= radius}
    assert set(found.measure_distances(origin, radius).rows) == near
    assert all(found.measure_distances(origin, radius).distance_km(row) == distance(found, origin, row) for row in near)


@pytest.fixture(scope="module")
def many_points() -> PublishedPoints:
    """More points than are looked at one by one: around the world, at its edges and close together."""
    rng = Random(7)  # noqa: S311
    around = [(rng.uniform(-90, 90), rng.uniform(-180, 180)) for _ in range(SCAN_LIMIT)]
    edges = [(lat, lon) for lat in (-90, -89.5, -89, 0, 89, 90) for lon in (-180, -179.999, 0, 179.999, 180)]
    close = [(rng.gauss(33.7, 0.2), rng.gauss(-84.4, 0.2)) for _ in range(500)]
    return places(*(an_organization_at(point) for point in (*around, *edges, *close)))


def draw_origins(rng: Random, points: PublishedPoints, count: int) -> Iterator[Point]:
    for position in rng.choices(range(len(points.rows)), k=count):
        yield Point(float(points.latitudes[position]), float(points.longitudes[position]))


def test_a_box_among_many_points_contains_exactly_the_points_inside(many_points: PublishedPoints) -> None:
    rng, found = Random(8), 0  # noqa: S311
    for corner in draw_origins(rng, many_points, 300):
        size = 10 ** rng.uniform(-6, 2.2)  # a corner is a point, so rounding matters
        box = Box(corner.latitude, corner.longitude, min(90, corner.latitude + size), (corner.longitude + size + 180) % 360 - 180)
        pairs = zip(many_points.latitudes.tolist(), many_points.longitudes.tolist(), strict=True)
        inside = [position for position, pair in enumerate(pairs) if Point(*pair) in box]
        assert many_points.find_points_in_box(box).tolist() == inside
        found += len(inside) > 1
    assert found > 50


def test_a_circle_among_many_points_contains_exactly_the_points_within_its_radius(many_points: PublishedPoints) -> None:
    rng, found = Random(9), 0  # noqa: S311
    for origin in draw_origins(rng, many_points, 300):
        radius, everywhere = 10 ** rng.uniform(-2, 4.2), many_points.measure_distances(origin)
        near = [row for row in everywhere.rows if (everywhere.distance_km(row) or 0) <= radius]
        assert list(many_points.measure_distances(origin, radius).rows) == near
        found += 1 < len(near) < len(everywhere.rows)
    assert found > 100


def test_a_point_at_the_radius_itself_is_in_the_circle() -> None:
    found = places(an_organization_at((1, 0)))
    km = distance(found, Point(0, 0), 0)
    assert found.measure_distances(Point(0, 0), km * (1 + 1e-12)).rows
    assert not found.measure_distances(Point(0, 0), km * (1 - 1e-9)).rows


def test_a_circle_around_half_the_earth_contains_all_points() -> None:
    found = places(an_organization_at((0, 180)), an_organization_at((0, 0)))
    assert list(found.measure_distances(Point(0, 0), HALF_EARTH_KM).rows) == [0, 1]


def test_a_point_that_is_stated_twice_counts_once() -> None:
    assert len(places(an_organization_at((1, 0), (1, 0))).rows) == 1


def test_a_moved_record_is_found_only_at_its_new_place() -> None:
    before, moved, stays = an_organization_at((35, -85)), an_organization_at((0, 0)), an_organization_at((36, -86))
    found = places(before, stays).with_changes([(0, before)], [(0, moved)])
    assert list(found.find_rows_in_box(BOX)) == [1]
    assert list(found.find_rows_in_box(Box(-1, -1, 1, 1))) == [0]
    assert distance(found, Point(0, 0), 0) == 0
    assert distance(found, Point(36, -86), 1) == 0
    assert found.cells.tolist() == sorted(found.cells)


def test_added_and_removed_records() -> None:
    removed, added = an_organization_at((35, -85)), an_organization_at((35, -84))
    found = places(removed).with_changes([(0, removed)], [])
    assert not found.rows_with_point
    assert list(found.with_changes([], [(7, added)]).find_rows_in_box(BOX)) == [7]
