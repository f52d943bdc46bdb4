"""The grid of the map: square Web Mercator cells, nested like map tiles.

Each cell has a number on either axis, counted from the southwest. Its code interleaves the bits of both (a Morton code), so
dropping the last two bits gives the cell of the next coarser grid, and the cells inside a coarser cell have successive codes.
"""

from itertools import pairwise
from math import atanh, pi, radians, sin

import numpy as np
from numpy.typing import NDArray

from directory.geo import Floats

GRID_BITS = 31  # per axis of the finest grid, whose cells are 4 cm wide: points in one cell count as one place
GRID_WIDTH = 2.0  # in widths of the world: the Mercator projection is taller than it is wide
CellCodes = NDArray[np.uint64]

_LAST_CELL = (1 << GRID_BITS) - 1
_SIDE_BITS = 2  # the sides of an area are covered by up to four cells, or five if it does not begin at the edge of a cell
_POLAR_LATITUDE = 89  # beyond it, rounding errors are wider than a cell


def compute_cell_codes(latitude: Floats, longitude: Floats) -> CellCodes:
    """Return the cells of the finest grid that contain the points (degrees)."""
    north = np.sin(np.radians(latitude))
    np.clip(north, -1 + 1e-9, 1 - 1e-9, out=north)
    np.arctanh(north, out=north)  # the Mercator ordinate
    north /= 2 * np.pi
    codes = _spread(_number_cells(north))
    codes <<= np.uint64(1)
    codes |= _spread(_number_cells(longitude / 360))
    return codes


def find_cell_ranges(south: float, west: float, north: float, east: float) -> list[tuple[int, int]]:
    """Return a few ranges of codes that together contain all points of an area (degrees), and some points around it.

    The ranges ascend, and each ends before its second code.
    """
    rows = _number_latitude(south, -1), _number_latitude(north, 1)
    columns = _number_position(west / 360, -1), _number_position(east / 360, 1)
    shift = max(0, max(rows[1] - rows[0], columns[1] - columns[0]).bit_length() - _SIDE_BITS)
    row_codes, column_codes = (
        [_spread_number(number) for number in range(first >> shift, (last >> shift) + 1)] for first, last in (rows, columns)
    )
    codes = sorted(row << 1 | column for row in row_codes for column in column_codes)
    starts = [code for before, code in pairwise([-2, *codes]) if code != before + 1]
    ends = [code + 1 for code, after in pairwise([*codes, -2]) if after != code + 1]
    return [(start << 2 * shift, end << 2 * shift) for start, end in zip(starts, ends, strict=True)]


def _number_cells(position: Floats) -> NDArray[np.int64]:
    """Return the number of the cell along one axis. 0 is the middle of the world, 0.5 its edge.

    Modifies its argument, because allocating memory would take most of the time for 100,000 points.
    """
    position /= GRID_WIDTH
    position += 0.5
    position *= 2**GRID_BITS
    np.clip(position, 0, _LAST_CELL, out=position)
    numbers: NDArray[np.int64] = position.astype(np.int64)
    return numbers


def _number_latitude(degrees: float, slack: int) -> int:
    """Return the number of the cell that contains a latitude, plus some cells of slack for different rounding.

    Latitudes near a pole are replaced by the next one in the direction of the slack that has no large rounding errors.
    """
    if degrees * slack > _POLAR_LATITUDE:
        return 0 if slack < 0 else _LAST_CELL
    degrees = min(max(degrees, -_POLAR_LATITUDE), _POLAR_LATITUDE)
    return _number_position(atanh(sin(radians(degrees))) / (2 * pi), slack)


def _number_position(position: float, slack: int) -> int:
    return min(max(int((position / GRID_WIDTH + 0.5) * (_LAST_CELL + 1)) + slack, 0), _LAST_CELL)


def _spread(numbers: NDArray[np.int64]) -> CellCodes:
    """Return the numbers with a zero bit before each bit."""
    spread: CellCodes = _SPREAD_TABLE[numbers >> 16]
    spread <<= np.uint64(32)
    spread |= _SPREAD_TABLE[numbers & 0xFFFF]
    return spread


def _spread_number(number: int) -> int:
    return int(_SPREAD_TABLE[number >> 16]) << 32 | int(_SPREAD_TABLE[number & 0xFFFF])


def _build_spread_table() -> CellCodes:
    """Return all 16-bit numbers with a zero bit before each bit."""
    numbers, spread = np.arange(2**16, dtype=np.uint64), np.zeros(2**16, dtype=np.uint64)
    for bit in range(16):
        spread |= (numbers & np.uint64(1 << bit)) << np.uint64(bit)
    return spread


_SPREAD_TABLE = _build_spread_table()
