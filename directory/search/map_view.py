"""Map marks: published points clustered into as many marks as a page can draw.

A grid of square Web Mercator cells, nested like map tiles, divides the world. The zoom sets the size of the cells, which then
doubles until the marks fit. Which points share a mark depends only on the points, the zoom and the limit.
"""

from collections.abc import Iterator
from functools import cached_property
from math import isfinite

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.errors import BadInput
from directory.geo import Box, Floats, Point, Precision, bounding_box
from directory.records import Organization
from directory.search.rows import Ints, Rows
from directory.search.search_index import SearchIndex

DEFAULT_MARK_LIMIT = 500
MAX_MARK_LIMIT = 2_000  # marks
MAX_ZOOM = 24
CELLS_PER_TILE = 4  # a tile is 256 px wide and a cell 64 px, about the width of a finger
MEAN_DECIMALS = 6  # of a degree, about 10 cm: hides differences that depend on the order of summation

_BITS = 31  # per axis of the finest grid, whose cells are 4 cm wide: points in one cell count as one place
_GRID_WIDTH = 2.0  # in widths of the world: the Mercator projection is taller than it is wide
_LEVEL_AT_ZOOM_0 = int(np.log2(CELLS_PER_TILE * _GRID_WIDTH))

CellCodes = NDArray[np.uint64]


class MapMark(Struct, frozen=True, gc=False):
    """The mean of a cluster of points and its bounds, in degrees. `organization` is None for several organizations."""

    latitude: float
    longitude: float
    south: float
    west: float
    north: float
    east: float
    count: int  # organizations
    organization: Organization | None

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)

    @property
    def bounds(self) -> Box:
        return Box(self.south, self.west, self.north, self.east)

    @property
    def precision(self) -> Precision | None:
        """The precision of the single organization's location, the coarsest of several; None for several organizations."""
        if self.organization is None:
            return None
        locations = (location for location in self.organization.locations if location.point and location.point in self.bounds)
        return max((location.precision for location in locations), key=lambda precision: precision.coarseness)


class MapView:
    """`marks` are sorted by count, the largest first, then from south to north and west to east.

    `without_point` is the number of matches that have no published point.
    """

    def __init__(self, marks: tuple[MapMark, ...], index: SearchIndex, matching_rows: BitMap) -> None:
        self.marks = marks
        self.without_point = len(matching_rows - index.points.rows_with_point)
        self._index, self._matching_rows = index, matching_rows

    @cached_property
    def bounds(self) -> Box | None:
        """The box around all matches with a published point, in view or not; None if there are none."""
        places = self._index.points
        points = _build_row_mask(self._index, self._matching_rows)[places.rows]
        return bounding_box(places.latitudes[points], places.longitudes[points])


def build_map_view(index: SearchIndex, matching_rows: BitMap, view_box: Box | None, zoom: float | None, limit: int) -> MapView:
    """Return the map of the matching rows, limited to the points in `view_box` if there is one.

    Without `zoom`, every place has its own mark if they fit. Raises BadInput for a limit outside 1 to 2,000 or a zoom outside
    0 to 24.
    """
    _check_arguments(zoom, limit)
    places = index.points
    in_view = np.arange(len(places.rows)) if view_box is None else places.find_points_in_box(view_box)
    shown = in_view[_build_row_mask(index, matching_rows)[places.rows[in_view]]]
    marks = cluster_points(places.latitudes[shown], places.longitudes[shown], places.rows[shown], index.rows, zoom, limit)
    return MapView(marks, index, matching_rows)


def cluster_points(
    latitudes: Floats, longitudes: Floats, rows: Ints, records: Rows, zoom: float | None, limit: int
) -> tuple[MapMark, ...]:
    """Cluster points (degrees) into at most `limit` marks. `rows` holds the row of each point; a row may have several."""
    if not len(rows):
        return ()
    codes = _compute_cell_codes(latitudes, longitudes)
    order = np.argsort(codes)
    finest = _BITS if zoom is None else min(_BITS, int(zoom) + _LEVEL_AT_ZOOM_0)
    starts = _find_mark_starts(codes[order], finest, limit)
    return tuple(_build_marks(latitudes[order], longitudes[order], rows[order], starts, records))


def _build_row_mask(index: SearchIndex, matching_rows: BitMap) -> NDArray[np.bool_]:
    """Return for each row whether it matches."""
    mask = np.zeros(len(index.rows), dtype=np.bool_)
    mask[np.asarray(matching_rows.to_array())] = True
    return mask


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


def _compute_cell_codes(latitude: Floats, longitude: Floats) -> CellCodes:
    """Return the cells of the finest grid as Morton codes, with the bits of row and column interleaved.

    Dropping the last two bits gives the cell of the next coarser grid.
    """
    north = np.sin(np.radians(latitude))
    np.clip(north, -1 + 1e-9, 1 - 1e-9, out=north)
    np.arctanh(north, out=north)  # the Mercator ordinate
    north /= 2 * np.pi
    codes = _compute_axis_codes(north)
    codes <<= np.uint64(1)
    codes |= _compute_axis_codes(longitude / 360)
    return codes


def _compute_axis_codes(position: Floats) -> CellCodes:
    """Return the number of the cell along one axis, with a zero bit before each bit. 0 is the middle of the world, 0.5 its edge.

    Modifies its argument, because allocating memory would take most of the time for 100,000 points.
    """
    position /= _GRID_WIDTH
    position += 0.5
    position *= 2**_BITS
    np.clip(position, 0, 2**_BITS - 1, out=position)
    numbers = position.astype(np.int64)
    spread: CellCodes = _SPREAD_TABLE[numbers >> 16]
    spread <<= np.uint64(32)
    numbers &= 0xFFFF
    spread |= _SPREAD_TABLE[numbers]
    return spread


def _build_spread_table() -> CellCodes:
    """Return all 16-bit numbers with a zero bit before each bit."""
    numbers, spread = np.arange(2**16, dtype=np.uint64), np.zeros(2**16, dtype=np.uint64)
    for bit in range(16):
        spread |= (numbers & np.uint64(1 << bit)) << np.uint64(bit)
    return spread


_SPREAD_TABLE = _build_spread_table()


def _find_mark_starts(codes: CellCodes, finest: int, limit: int) -> Ints:
    """Return where each mark starts in the sorted codes, at the finest level up to `finest` that has at most `limit` cells."""
    low, high = 0, finest  # level 0 is one cell
    while low < high:
        level = (low + high + 1) // 2
        if np.count_nonzero(_find_cell_edges(codes, level)) <= limit:
            low = level
        else:
            high = level - 1
    return np.flatnonzero(_find_cell_edges(codes, low))


def _find_cell_edges(codes: CellCodes, level: int) -> NDArray[np.bool_]:
    """Return for each code whether a cell of that level starts there. The first one always does."""
    cells = codes >> np.uint64(2 * (_BITS - level))
    edges = np.ones(len(cells), dtype=np.bool_)
    np.not_equal(cells[1:], cells[:-1], out=edges[1:])
    return edges


def _build_marks(latitude: Floats, longitude: Floats, row: Ints, starts: Ints, records: Rows) -> Iterator[MapMark]:
    """Yield the marks of points that are sorted by mark. No cell crosses the antimeridian, so plain means are right."""
    points = np.diff(starts, append=len(row))
    south, mean_latitude, north = _compute_extents(latitude, starts, points)
    west, mean_longitude, east = _compute_extents(longitude, starts, points)
    count = _count_organizations(row, points)
    order = np.lexsort((mean_longitude, mean_latitude, -count))
    columns = (mean_latitude, mean_longitude, south, west, north, east, count)
    sole_rows = np.where(count == 1, row[starts], -1)[order].tolist()
    owners = (records[owner_row] if owner_row >= 0 else None for owner_row in sole_rows)
    return map(MapMark, *(values[order].tolist() for values in columns), owners)


def _compute_extents(degrees: Floats, starts: Ints, points: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the minimum, mean and maximum of each mark; the mean of a single place is exactly that place."""
    least, greatest = np.minimum.reduceat(degrees, starts), np.maximum.reduceat(degrees, starts)
    mean = np.round(np.add.reduceat(degrees, starts) / points, MEAN_DECIMALS)
    return least, np.clip(mean, least, greatest), greatest


def _count_organizations(row: Ints, points: Ints) -> Ints:
    """Return how many different rows each mark has. `row` is sorted by mark, and `points` holds each mark's number of points."""
    has_several_points = np.bincount(row)[row] > 1
    if not has_several_points.any():
        return points
    mark = np.repeat(np.arange(len(points)), points)
    width = int(row.max()) + 1
    pairs = np.sort(mark[has_several_points] * width + row[has_several_points])  # faster than np.unique, which hashes
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    return np.bincount(mark[~has_several_points], minlength=len(points)) + np.bincount(pairs // width, minlength=len(points))
