"""Simplify outlines to a grid and write them as SVG paths."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from web.maps.topology import Arcs, Points

Polygon: TypeAlias = Sequence[Points]  # rings of one area: islands and holes alike

MAX_ROUNDS = 20  # of dropping points; more than the outlines of counties need


def simplify(arcs: Arcs, min_area: float) -> Arcs:
    """Drop the points that make the least difference: those whose triangle with their neighbors is smaller than `min_area`.

    The ends of arcs stay, so areas that share a border still do. This is the algorithm of Visvalingam and Whyatt (Line
    generalisation by repeated elimination of points, The Cartographic Journal 30, 1993), many points at a time: a point is
    dropped in a round if its triangle is smaller than those of its neighbors.
    """
    for _ in range(MAX_ROUNDS):
        areas = _measure_triangles(arcs)
        is_least = np.ones(len(areas), dtype=bool)
        is_least[1:] &= areas[1:] <= areas[:-1]
        is_least[:-1] &= areas[:-1] < areas[1:]
        dropped = (areas < min_area) & is_least
        if not dropped.any():
            break
        arcs = arcs.select(~dropped)
    return arcs


def _measure_triangles(arcs: Arcs) -> Points:
    """Return the area of the triangle at each point, infinite at the ends of arcs."""
    points, areas = arcs.points, np.full(len(arcs.points), np.inf)
    before, after = points[1:-1] - points[:-2], points[2:] - points[1:-1]
    areas[1:-1] = abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) / 2
    areas[arcs.starts[:-1]] = areas[arcs.starts[1:] - 1] = np.inf
    return areas


def measure_area(ring: Points) -> float:
    """Return the area inside a ring (the shoelace formula)."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def drop_islands(rings: Iterable[Points], min_area: float) -> list[Points]:
    """Return the rings that are large enough, largest first. The largest is always among them."""
    ordered = sorted(rings, key=measure_area, reverse=True)
    return [ring for place, ring in enumerate(ordered) if place == 0 or measure_area(ring) >= min_area]


def round_to_grid(ring: Points) -> Points:
    """Return the ring on whole numbers, without points that are now repeated."""
    rounded = np.rint(ring)
    differs: NDArray[np.bool_] = (rounded != np.concatenate((rounded[-1:], rounded[:-1]))).any(axis=1)
    return rounded[differs]


def write_path(rings: Iterable[Points], closed: bool = True) -> str:
    """Return the `d` of a path, relative and as short as possible: "M10 12l3-4-5 6z". The points are whole numbers."""
    return "".join(_write_line(ring, closed) for ring in rings if len(ring) > 1)


def _write_line(points: Points, closed: bool) -> str:
    first, steps = points[0].astype(int), np.diff(points, axis=0).astype(int).ravel().tolist()
    line = "".join(f" {step}" if step >= 0 else str(step) for step in steps)
    return f"M{first[0]} {first[1]}l{line.removeprefix(' ')}{'z' if closed else ''}"
