"""Map views: published points clustered into as many marks as a page can draw.

The zoom sets the size of the grid's cells, which then doubles until the marks fit. Which points share a mark depends only on the
points, the zoom and the limit.
"""

from collections.abc import Iterator
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.errors import BadInput
from directory.geo import Box, Floats, Point, bounding_box
from directory.records import Organization
from directory.search.grid import GRID_BITS, GRID_WIDTH, CellCodes
from directory.search.map_marks import MapMark, build_point_mark
from directory.search.published_points import PublishedPoints
from directory.search.rows import Ints
from directory.search.search_index import SearchIndex

DEFAULT_MARK_LIMIT = 500
MAX_MARK_LIMIT = 2_000  # marks
MAX_ZOOM = 24
CELLS_PER_TILE = 4  # a tile is 256 px wide and a cell 64 px, about the width of a finger
MEAN_DECIMALS = 6  # of a degree, about 10 cm: hides differences that depend on the order of summation

_LEVEL_AT_ZOOM_0 = int(np.log2(CELLS_PER_TILE * GRID_WIDTH))


class MatchingPoints:
    """The published points of the rows that match a question. What it computes is shared by all views of the question."""

    def __init__(self, index: SearchIndex, rows: BitMap) -> None:
        self.index, self._rows = index, rows

    def select(self, positions: Ints) -> Ints:
        """Return those positions in the published points whose rows match."""
        rows = self.index.points.rows[positions]
        selected: Ints = positions[(self._row_bits[rows >> 3] >> (rows & 7) & 1).astype(np.bool_)]
        return selected

    @cached_property
    def _row_bits(self) -> NDArray[np.uint8]:
        """A bit for each row: whether it matches. A search result may be kept, and bytes would take eight times the memory."""
        mask = np.zeros(len(self.index.rows), np.bool_)
        mask[np.asarray(self._rows.to_array())] = True
        return np.packbits(mask, bitorder="little")

    @cached_property
    def without_point(self) -> int:
        """The number of matches that have no published point."""
        return self._rows.difference_cardinality(self.index.points.rows_with_point)

    @cached_property
    def bounds(self) -> Box | None:
        """The box around the points; None if there are none."""
        points = self.index.points
        positions = self.select(np.arange(len(points.rows)))
        return bounding_box(points.latitudes[positions], points.longitudes[positions])


class MapView:
    """`marks` are sorted by count, the largest first, then from south to north and west to east.

    `without_point` is the number of matches that have no published point, `bounds` the box around all matches with one, in view
    or not; None if there are none.
    """

    def __init__(self, marks: tuple[MapMark, ...], matches: MatchingPoints) -> None:
        self.marks, self._matches = marks, matches

    @property
    def without_point(self) -> int:
        return self._matches.without_point

    @property
    def bounds(self) -> Box | None:
        return self._matches.bounds


def build_map_view(matches: MatchingPoints, view_box: Box | None, zoom: float | None, limit: int) -> MapView:
    """Return the map of the matches, limited to the points in `view_box` if there is one.

    Without `zoom`, every place has its own mark if they fit. Raises BadInput for a limit outside 1 to 2,000 or a zoom outside
    0 to 24.
    """
    _check_arguments(zoom, limit)
    points = matches.index.points
    shown = matches.select(np.arange(len(points.rows)) if view_box is None else points.find_points_in_box(view_box))
    if not len(shown):
        return MapView((), matches)
    finest = GRID_BITS if zoom is None else min(GRID_BITS, int(zoom) + _LEVEL_AT_ZOOM_0)
    starts = _find_mark_starts(points.cells[shown], finest, limit)
    return MapView(_build_marks(matches.index, shown, starts), matches)


def _check_arguments(zoom: float | None, limit: int) -> None:
    if not 1 <= limit <= MAX_MARK_LIMIT:
        raise BadInput(
            f"A map has 1 to {MAX_MARK_LIMIT:,} marks, not {limit}. Choose a number in this range.", argument="limit", value=limit
        )
    if zoom is not None and not (isfinite(zoom) and 0 <= zoom <= MAX_ZOOM):
        raise BadInput(
            f"A zoom is a number from 0 to {MAX_ZOOM}, not {zoom:g}. Choose a number in this range.",
            argument="zoom",
            value=str(zoom),
        )


def _find_mark_starts(codes: CellCodes, finest: int, limit: int) -> Ints:
    """Return where each mark starts in the sorted codes, at the finest level up to `finest` that has at most `limit` cells."""
    low, high = 0, finest  # level 0 is one cell
    while low < high:
        level = (low + high + 1) // 2
        if np.count_nonzero(_find_cell_edges(codes, level)) < limit:
            low = level
        else:
            high = level - 1
    return np.concatenate(([0], np.flatnonzero(_find_cell_edges(codes, low)) + 1))


def _find_cell_edges(codes: CellCodes, level: int) -> NDArray[np.bool_]:
    """Return for each code but the first whether a cell of that level starts there."""
    cells = codes >> np.uint64(2 * (GRID_BITS - level))
    edges: NDArray[np.bool_] = cells[1:] != cells[:-1]
    return edges


def _build_marks(index: SearchIndex, shown: Ints, starts: Ints) -> tuple[MapMark, ...]:
    """Return the marks of points in the order of their cells. No cell crosses the antimeridian, so plain means are right."""
    sizes = np.diff(starts, append=len(shown))
    south, latitude, north = _compute_extents(index.points.latitudes[shown], starts, sizes)
    west, longitude, east = _compute_extents(index.points.longitudes[shown], starts, sizes)
    count = _count_organizations(index.points, shown, starts, sizes)
    order = np.lexsort((longitude, latitude, -count))
    is_single = sizes[order] == 1
    clusters = order[~is_single]
    columns = (values[clusters].tolist() for values in (latitude, longitude, count, south, west, north, east))
    sole_rows = np.where(count == 1, index.points.rows[shown[starts]], -1)[clusters].tolist()
    cluster_marks = _build_cluster_marks((index.rows[row] if row >= 0 else None for row in sole_rows), *columns)
    point_marks = _get_point_marks(index, shown[starts[order[is_single]]].tolist())
    marks = [*point_marks, *cluster_marks]
    numbers = np.where(is_single, np.cumsum(is_single) - 1, len(point_marks) + np.cumsum(~is_single) - 1)
    return tuple(map(marks.__getitem__, numbers.tolist()))


def _build_cluster_marks(
    organizations: Iterator[Organization | None],
    latitudes: list[float],
    longitudes: list[float],
    counts: list[int],
    souths: list[float],
    wests: list[float],
    norths: list[float],
    easts: list[float],
) -> Iterator[MapMark]:
    return map(MapMark, map(Point, latitudes, longitudes), counts, organizations, zip(souths, wests, norths, easts, strict=True))


def _get_point_marks(index: SearchIndex, positions: list[int]) -> list[MapMark]:
    marks = index.point_marks
    if not marks:
        marks.extend([None] * len(index.points.rows))
    return [marks[position] or _add_point_mark(index, position) for position in positions]


def _add_point_mark(index: SearchIndex, position: int) -> MapMark:
    mark = index.point_marks[position] = build_point_mark(index.points, index.rows, position)
    return mark


def _compute_extents(degrees: Floats, starts: Ints, points: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the minimum, mean and maximum of each mark; the mean of a single place is exactly that place."""
    least, greatest = np.minimum.reduceat(degrees, starts), np.maximum.reduceat(degrees, starts)
    mean = np.round(np.add.reduceat(degrees, starts) / points, MEAN_DECIMALS)
    return least, np.clip(mean, least, greatest), greatest


def _count_organizations(points: PublishedPoints, shown: Ints, starts: Ints, sizes: Ints) -> Ints:
    """Return how many different rows each mark has. `shown` is sorted by mark, and `sizes` holds each mark's number of points."""
    may_repeat = np.flatnonzero(points.is_one_of_several[shown])
    if not len(may_repeat):
        return sizes
    marks, width = np.searchsorted(starts, may_repeat, side="right") - 1, int(points.rows.max()) + 1
    pairs = np.sort(marks * width + points.rows[shown[may_repeat]])
    repeats = pairs[1:][pairs[1:] == pairs[:-1]]
    return sizes - np.bincount(repeats // width, minlength=len(sizes))
