"""Reference implementation of the map: a dictionary of cells."""

from collections.abc import Iterable, Sequence
from math import atanh, floor, pi, radians, sin
from typing import TypeAlias

from directory.geo import Box, Point
from directory.records import Organization
from directory.search.map_marks import MapMark

FINEST = 31  # the level of the finest grid, which is 2^31 cells wide
LEVEL_AT_ZOOM_0 = 3
Mark: TypeAlias = tuple[Box, frozenset[str]]  # the bounds of a mark's points and the organizations they belong to


def build_reference_marks(records: Sequence[Organization], view_box: Box | None, zoom: float | None, limit: int) -> set[Mark]:
    points = [(point, one.id) for one in records for point in one.points if view_box is None or point in view_box]
    finest = FINEST if zoom is None else min(FINEST, int(zoom) + LEVEL_AT_ZOOM_0)
    for level in range(finest, -1, -1):
        cells = _group_into_cells(points, level)
        if len(cells) <= limit:
            return {(_compute_bounds(point for point, _ in cell), frozenset(owner for _, owner in cell)) for cell in cells}
    raise AssertionError("level 0 is one cell")


def summarize_marks(marks: Iterable[MapMark]) -> set[tuple[Box, int, str | None]]:
    """Return the contents of the marks in a form that can be compared."""
    return {(mark.bounds, mark.count, mark.organization.id if mark.organization else None) for mark in marks}


def summarize_reference_marks(marks: Iterable[Mark]) -> set[tuple[Box, int, str | None]]:
    return {(box, len(owners), min(owners) if len(owners) == 1 else None) for box, owners in marks}


def _group_into_cells(points: Iterable[tuple[Point, str]], level: int) -> list[list[tuple[Point, str]]]:
    cells: dict[tuple[int, int], list[tuple[Point, str]]] = {}
    for point, owner in points:
        north = max(-1 + 1e-9, min(1 - 1e-9, sin(radians(point.latitude))))
        row, column = (_get_cell_number(position, level) for position in (atanh(north) / (2 * pi), point.longitude / 360))
        cells.setdefault((row, column), []).append((point, owner))
    return list(cells.values())


def _get_cell_number(position: float, level: int) -> int:
    """The cell along one axis of a grid that is two worlds wide."""
    finest: int = min(2**FINEST - 1, max(0, floor((position / 2 + 0.5) * 2**FINEST)))
    return finest >> (FINEST - level)


def _compute_bounds(points: Iterable[Point]) -> Box:
    listed = list(points)
    latitudes, longitudes = [point.latitude for point in listed], [point.longitude for point in listed]
    return Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def reference_bounding_box(points: Sequence[Point]) -> Box | None:
    """Return the smallest box around the points, found by looking for the widest gap between two longitudes."""
    if not points:
        return None
    latitudes = [point.latitude for point in points]
    longitudes = sorted({point.longitude for point in points})
    gaps = [(longitudes[0] + 360 - longitudes[-1], 0)]
    gaps += [(longitudes[i] - longitudes[i - 1], i) for i in range(1, len(longitudes))]
    start = max(gaps)[1]
    return Box(min(latitudes), longitudes[start], max(latitudes), longitudes[start - 1])
