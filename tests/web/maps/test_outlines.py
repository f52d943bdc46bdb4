"""Simplified outlines and the paths that are written for them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.maps.outlines import drop_islands, measure_area, round_to_grid, simplify, write_path
from web.maps.topology import Arcs, Points

SQUARE = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])


def join(*arcs: list[tuple[float, float]]) -> Arcs:
    return Arcs(np.array([point for arc in arcs for point in arc], dtype=float), np.cumsum([0, *map(len, arcs)]))


def read_path(path: str) -> list[list[tuple[int, int]]]:
    """Return the points of each line of a path, as a browser reads them."""
    lines = []
    for start, steps in re.findall(r"M(-?\d+ -?\d+)l([^Mz]*)z?", path):
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        points = [tuple(map(int, start.split()))]
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + x, points[-1][1] + y))
        lines.append([(int(x), int(y)) for x, y in points])
    return lines


def test_points_that_make_no_difference_are_dropped() -> None:
    arcs = join([(0, 0), (1, 0.01), (2, 0), (3, 5), (4, 0)])
    assert simplify(arcs, 1.0).points.tolist() == [[0, 0], [2, 0], [3, 5], [4, 0]]


def test_the_ends_of_arcs_stay() -> None:
    arcs = join([(0, 0), (1, 0)], [(1, 0), (1.1, 0), (1.2, 0)], [(1.2, 0), (0, 0)])
    simple = simplify(arcs, 100.0)
    assert [simple.get(arc).tolist() for arc in range(3)] == [[[0, 0], [1, 0]], [[1, 0], [1.2, 0]], [[1.2, 0], [0, 0]]]


@given(st.lists(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=30), min_size=1, max_size=5))
def test_a_simpler_arc_has_some_of_the_same_points_in_their_order(lines: list[list[tuple[float, float]]]) -> None:
    simple = simplify(join(*lines), 20.0)
    assert len(simple) == len(lines)
    for number, line in enumerate(lines):
        remaining = iter(line)
        points = [tuple(point) for point in simple.get(number).tolist()]
        assert all(any(point == other for other in remaining) for point in points)
        assert (points[0], points[-1]) == (line[0], line[-1])


def test_the_area_of_a_ring() -> None:
    assert measure_area(SQUARE) == measure_area(SQUARE[::-1]) == 100


def test_small_islands_are_dropped_but_never_the_largest() -> None:
    island = SQUARE / 10
    assert [len(ring) for ring in drop_islands([island, SQUARE], 50)] == [4]
    assert drop_islands([island, SQUARE], 50)[0] is SQUARE
    assert drop_islands([island], 50)[0] is island
    assert len(drop_islands([island, SQUARE], 0.5)) == 2


def test_points_that_fall_together_are_written_once() -> None:
    ring = np.array([[0.1, 0.2], [0.3, -0.2], [7.6, 0.1], [7.6, 7.9], [0.2, 0.4]])
    assert round_to_grid(ring).tolist() == [[8, 0], [8, 8], [0, 0]]


def test_a_path_is_relative_and_short() -> None:
    assert write_path([SQUARE]) == "M0 0l10 0 0 10-10 0z"
    assert write_path([SQUARE], closed=False) == "M0 0l10 0 0 10-10 0"
    assert write_path([SQUARE + 3, SQUARE[:1]]) == "M3 3l10 0 0 10-10 0z"  # a single point has no line
    assert write_path([]) == ""


rings = st.lists(st.lists(st.tuples(st.integers(-999, 999), st.integers(-999, 999)), min_size=2, max_size=20), max_size=4)


@given(rings)
def test_a_browser_reads_the_points_that_were_written(points: list[list[tuple[int, int]]]) -> None:
    lines: list[Points] = [np.array(line, dtype=float) for line in points]
    assert read_path(write_path(lines)) == points


@pytest.mark.parametrize("closed", [True, False])
def test_a_path_has_only_numbers(closed: bool) -> None:
    assert re.fullmatch(r"[-Mlz\d ]+", write_path([SQUARE - 5], closed))
