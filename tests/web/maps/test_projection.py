"""The projection, against the numbers of its source, its inverse, and areas on the sphere."""

from math import asin, atan2, degrees, hypot, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.geo import EARTH_RADIUS_KM
from tests.web.maps.built_outlines import ATLAS, STATE_COUNT, needs_outlines
from web.maps.atlas import STATES_FILE, build_region_code
from web.maps.outlines import measure_area
from web.maps.projection import INSETS, MAINLAND, AlbersConic, find_inset
from web.maps.topology import Points, read_topology

STATE_CODES = {"02": "US-AK", "15": "US-HI", "60": "US-AS", "66": "US-GU", "69": "US-MP", "72": "US-PR", "78": "US-VI"}


def project(projection: AlbersConic, longitude: float, latitude: float) -> tuple[float, float]:
    x, y = projection.project(np.array([[longitude, latitude]]))[0].tolist()
    return x, y


def invert(projection: AlbersConic, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude: Snyder 1987, equations 14-8 to 14-11, page 101. The source has y to the north."""
    n, c = projection.n, projection.c
    rho_0 = projection.radius * (c - 2 * n * sin(radians(projection.latitude))) ** 0.5 / n
    rho = hypot(x, rho_0 + y)
    theta = atan2(x, rho_0 + y) if n > 0 else atan2(-x, -rho_0 - y)
    return projection.meridian + degrees(theta) / n, degrees(asin((c - (rho * n / projection.radius) ** 2) / (2 * n)))


def measure_on_sphere(ring: Points) -> float:
    """Return square kilometers: Chamberlain and Duquette, Some Algorithms for Polygons on a Sphere (2007), section 4."""
    longitudes, sines = np.radians(ring[:, 0]), np.sin(np.radians(ring[:, 1]))
    steps = np.roll(longitudes, -1) - longitudes
    return float(abs((steps * (sines + np.roll(sines, -1))).sum()) / 2 * EARTH_RADIUS_KM**2)


def test_the_example_of_the_source() -> None:
    # Snyder 1987, pages 291 and 292: R = 1, parallels 29.5 and 45.5, origin 23 N 96 W, point 35 N 75 W.
    projection = AlbersConic(-96, 23, (29.5, 45.5), radius=1.0)
    assert projection.n == pytest.approx(0.6028370, abs=5e-8)
    assert projection.c == pytest.approx(1.3512213, abs=5e-8)
    x, y = project(projection, -75, 35)
    assert x == pytest.approx(0.2952720, abs=5e-8)
    assert -y == pytest.approx(0.2416774, abs=6e-8)


@given(st.sampled_from(INSETS), st.floats(-60, 60), st.floats(-25, 25))
def test_the_inverse_leads_back(inset: object, east: float, north: float) -> None:
    assert isinstance(inset, type(MAINLAND))
    projection = inset.projection
    longitude, latitude = projection.meridian + east, projection.latitude + north
    back = invert(projection, *project(projection, longitude, latitude))
    assert back == pytest.approx((longitude, latitude), abs=1e-7)


def test_north_is_up_and_east_is_right() -> None:
    x, y = project(MAINLAND.projection, -96, 37.5)
    assert (x, y) == pytest.approx((0, 0), abs=1e-9)
    assert project(MAINLAND.projection, -96, 38.5)[1] < 0
    assert project(MAINLAND.projection, -95, 37.5)[0] > 0


def test_the_antimeridian_does_not_tear_alaska() -> None:
    alaska = find_inset("US-AK").projection
    west, east = project(alaska, 179.9, 52), project(alaska, -179.9, 52)
    assert 0 < east[0] - west[0] < 20


@given(st.sampled_from(INSETS), st.floats(-10, 10), st.floats(-8, 8))
def test_equal_areas_stay_equal(inset: object, east: float, north: float) -> None:
    assert isinstance(inset, type(MAINLAND))
    projection = inset.projection
    longitude, latitude = projection.meridian + east, projection.latitude + north
    cell = np.array([(longitude + x, latitude + y) for x, y in ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1))])
    sphere = EARTH_RADIUS_KM**2 * radians(0.1) * (sin(radians(latitude + 0.1)) - sin(radians(latitude)))
    assert measure_area(projection.project(cell)) == pytest.approx(sphere, rel=1e-4)


@needs_outlines
def test_every_state_keeps_its_area() -> None:
    topology = read_topology(ATLAS.folder / STATES_FILE)
    rings = topology.rings["states"]
    assert len(rings) == STATE_COUNT
    for fips, references in rings.items():
        inset = find_inset(STATE_CODES.get(fips, ""))
        polygons = [topology.arcs.join(ring) for ring in references]
        sphere = sum(map(measure_on_sphere, polygons))
        plane = sum(measure_area(inset.project(polygon)) for polygon in polygons) / inset.scale**2
        assert plane == pytest.approx(sphere, rel=0.005), fips


def test_only_far_states_have_insets() -> None:
    assert find_inset("US-GA") is find_inset("US-DC") is MAINLAND
    assert {code for inset in INSETS for code in inset.states} == set(STATE_CODES.values())


def test_codes_of_states_and_counties() -> None:
    states = {"13": "US-GA"}
    assert build_region_code("13", states) == "US-GA"
    assert build_region_code("13121", states) == "US-GA-121"
    with pytest.raises(KeyError):
        build_region_code("99", states)
