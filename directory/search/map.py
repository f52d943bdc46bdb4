"""The marks of a map: published points gathered into at most as many marks as a page can draw.

The world is cut into square cells of the Web Mercator projection that nest like the tiles of a map. A cell follows the zoom,
and doubles until the marks fit. Which points share a mark depends on the points, the zoom and the limit alone.
"""

from collections.abc import Iterator
from math import isfinite
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from directory.errors import BadInput
from directory.geo import Box, Point

LIMIT_DEFAULT = 500
LIMIT_MOST = 2_000  # marks
ZOOM_MOST = 24
CELLS_PER_TILE = 4  # a tile is 256 px wide, so that a cell is 64 px, about a finger's width
MEAN_DECIMALS = 6  # of a degree, about 10 cm: what the order of adding up may change lies far below

_BITS = 31  # of a row or column of the finest grid, whose cells are 4 cm wide: points that share one are one place
_GRID_WIDTH = 2.0  # in widths of the world: Mercator's north and south go on beyond one
_LEVEL_AT_ZOOM_0 = int(np.log2(CELLS_PER_TILE * _GRID_WIDTH))

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.uint64]


class MapMark(Struct, frozen=True, gc=False):
    """One mark. `latitude` and `longitude` are the mean of its points, the four sides their bounds, all in degrees.

    `row` is the organization's when there is only one, and `index` the place of its first point in the arrays given; else None.
    """

    latitude: float
    longitude: float
    south: float
    west: float
    north: float
    east: float
    count: int  # organizations
    row: int | None
    index: int | None

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)

    @property
    def bounds(self) -> Box:
        return Box(self.south, self.west, self.north, self.east)


class MapView(Struct, frozen=True):
    """`marks` by count, largest first, then from south to north and west to east. `bounds` of all matches with a point,
    also of those out of view; None when there are none. `without_point` counts the matches that no map can show."""

    marks: tuple[MapMark, ...]
    bounds: Box | None
    without_point: int


def view(
    latitudes: Floats,
    longitudes: Floats,
    rows: Ints,
    *,
    matching: int,
    within: Box | None = None,
    zoom: float | None = None,
    limit: int = LIMIT_DEFAULT,
) -> MapView:
    """The map of `matching` organizations, whose published points (degrees) and row numbers stand in arrays of one length.

    A row may have several points; a mark counts it once. `within` leaves out what lies out of view. Without `zoom`, each place
    gets a mark of its own as long as they fit. Raises BadInput for a limit out of 1 to 2,000 or a zoom out of 0 to 24.
    """
    _check(zoom, limit)
    shown = np.arange(len(rows)) if within is None else _in_view(latitudes, longitudes, within)
    marks: tuple[MapMark, ...] = ()
    if len(shown):
        codes = _cells(latitudes[shown], longitudes[shown])
        order = np.argsort(codes)
        finest = _BITS if zoom is None else min(_BITS, int(zoom) + _LEVEL_AT_ZOOM_0)
        starts = _starts(codes[order], finest, limit)
        points = shown[order]
        marks = tuple(_marks(latitudes[points], longitudes[points], rows[points], points, starts))
    mapped = int(np.count_nonzero(np.bincount(rows))) if len(rows) else 0
    return MapView(marks, bounds(latitudes, longitudes), matching - mapped)


def bounds(latitudes: Floats, longitudes: Floats) -> Box | None:
    """As geo.bounding_box, over arrays: the smallest box, across the antimeridian where that is narrower; None for no points."""
    if not len(latitudes):
        return None
    ordered = np.sort(longitudes)
    gaps = np.empty_like(ordered)
    gaps[0] = ordered[0] + 360 - ordered[-1]
    np.subtract(ordered[1:], ordered[:-1], out=gaps[1:])
    start = len(gaps) - 1 - int(np.argmax(gaps[::-1]))
    return Box(float(latitudes.min()), float(ordered[start]), float(latitudes.max()), float(ordered[start - 1]))


def _check(zoom: float | None, limit: int) -> None:
    if not 1 <= limit <= LIMIT_MOST:
        raise BadInput(f"A map has 1 to {LIMIT_MOST:,} marks; {limit} is not in between.", argument="limit", value=limit)
    if zoom is not None and not (isfinite(zoom) and 0 <= zoom <= ZOOM_MOST):
        raise BadInput(f"A zoom lies between 0 and {ZOOM_MOST}; {zoom:g} does not.", argument="zoom", value=str(zoom))


def _in_view(latitudes: Floats, longitudes: Floats, within: Box) -> Ints:
    east_of, west_of = longitudes >= within.west, longitudes <= within.east
    between = east_of | west_of if within.crosses_antimeridian else east_of & west_of
    return np.flatnonzero(between & (latitudes >= within.south) & (latitudes <= within.north))


def _cells(latitude: Floats, longitude: Floats) -> Codes:
    """The cell in the finest grid, row and column interleaved (Morton order): two bits fewer name the cell twice as wide."""
    north = np.sin(np.radians(latitude))
    np.clip(north, -1 + 1e-9, 1 - 1e-9, out=north)
    np.arctanh(north, out=north)  # Mercator's ordinate
    north /= 2 * np.pi
    codes = _along(north)
    codes <<= np.uint64(1)
    codes |= _along(longitude / 360)
    return codes


def _along(position: Floats) -> Codes:
    """The number of the cell along one axis, with a zero bit before each bit. 0 is the middle of the world, 0.5 its edge.

    Works in its argument: over 100,000 points, most of the time would go into fresh memory.
    """
    position /= _GRID_WIDTH
    position += 0.5
    position *= 2**_BITS
    np.clip(position, 0, 2**_BITS - 1, out=position)
    numbers = position.astype(np.int64)
    spread: Codes = _SPREAD[numbers >> 16]
    spread <<= np.uint64(32)
    numbers &= 0xFFFF
    spread |= _SPREAD[numbers]
    return spread


def _spread() -> Codes:
    """All numbers of 16 bits with a zero bit before each bit."""
    numbers, spread = np.arange(2**16, dtype=np.uint64), np.zeros(2**16, dtype=np.uint64)
    for bit in range(16):
        spread |= (numbers & np.uint64(1 << bit)) << np.uint64(bit)
    return spread


_SPREAD = _spread()


def _starts(codes: Codes, finest: int, limit: int) -> Ints:
    """Where, in sorted codes, each mark's begin: in cells of the finest level up to `finest` that are at most `limit`."""
    low, high = 0, finest  # level 0 is one cell
    while low < high:
        level = (low + high + 1) // 2
        if np.count_nonzero(_edges(codes, level)) <= limit:
            low = level
        else:
            high = level - 1
    return np.flatnonzero(_edges(codes, low))


def _edges(codes: Codes, level: int) -> npt.NDArray[np.bool_]:
    """Where another cell of that level begins; the first one does too."""
    cells = codes >> np.uint64(2 * (_BITS - level))
    edges = np.ones(len(cells), dtype=np.bool_)
    np.not_equal(cells[1:], cells[:-1], out=edges[1:])
    return edges


def _marks(latitude: Floats, longitude: Floats, row: Ints, index: Ints, starts: Ints) -> Iterator[MapMark]:
    """Of points sorted by mark. No cell crosses the antimeridian, so that plain means and extremes hold."""
    points = np.diff(starts, append=len(row))
    south, mean_latitude, north = _spanned(latitude, starts, points)
    west, mean_longitude, east = _spanned(longitude, starts, points)
    count = _organizations(row, points)
    order = np.lexsort((mean_longitude, mean_latitude, -count))
    columns = (mean_latitude, mean_longitude, south, west, north, east, count)
    first = np.minimum.reduceat(index, starts)
    alone = (count == 1)[order].tolist()
    named = (
        [value if single else None for value, single in zip(values[order].tolist(), alone, strict=True)]
        for values in (row[starts], first)
    )
    return map(MapMark, *(values[order].tolist() for values in columns), *named)


def _spanned(degrees: Floats, starts: Ints, points: Ints) -> tuple[Floats, Floats, Floats]:
    """Least, mean and greatest of each mark; the mean of one place is exactly that place."""
    least, greatest = np.minimum.reduceat(degrees, starts), np.maximum.reduceat(degrees, starts)
    mean = np.round(np.add.reduceat(degrees, starts) / points, MEAN_DECIMALS)
    return least, np.clip(mean, least, greatest), greatest


def _organizations(row: Ints, points: Ints) -> Ints:
    """How many different rows each mark has, of rows sorted by mark and of each mark's number of points."""
    several = np.bincount(row)[row] > 1
    if not several.any():
        return points
    mark = np.repeat(np.arange(len(points)), points)
    width = int(row.max()) + 1
    pairs = np.sort(mark[several] * width + row[several])  # quicker than np.unique, which hashes
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    return np.bincount(mark[~several], minlength=len(points)) + np.bincount(pairs // width, minlength=len(points))
