"""Postal codes of the United States with their cities, counties and states. A "row" is the position of a postal code."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct

from directory.gazetteer.postal_columns import NO_COUNTY, PostalColumns

RowPositions = np.ndarray[Any, np.dtype[np.uint16]]  # there are fewer than 65,536 rows


class City(Struct, frozen=True, eq=False):
    """A city name in a state with the rows of its postal codes. `standard_count` of them are of type STANDARD and in use."""

    name: str
    state: str
    rows: RowPositions
    standard_count: int


class Cities(Mapping[str, City]):
    """The cities that have a coordinate, by keys like "US-GA:atlanta"."""

    def __init__(self, columns: PostalColumns) -> None:
        self._keys, self._names = columns.city_keys, columns.city_names
        self._rows = np.frombuffer(columns.city_rows, np.uint16)
        self._ends = array("I", columns.city_ends)
        self._standards = array("H", columns.city_standards)
        self._is_located = np.frombuffer(columns.city_located, bool)
        located = zip(self._keys, range(len(self._keys)), columns.city_located, strict=True)
        self._has_primary_name = np.zeros(len(self._keys), bool)
        self._has_primary_name[np.frombuffer(columns.cities, np.uint16)] = True
        self._positions = {key: position for key, position, is_located in located if is_located}

    def __getitem__(self, key: str) -> City:
        return self.get_by_position(self._positions[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)

    def __contains__(self, key: object) -> bool:
        return key in self._positions

    def is_primary_name(self, key: str) -> bool:
        """Whether this is the primary name of a postal code. Other names, like "Atl", are only accepted alternatives."""
        return bool(self._has_primary_name[self._positions[key]])

    def count_standard(self, key: str) -> int:
        """Return the number of standard postal codes in use."""
        return self._standards[self._positions[key]]

    def iter_sizes(self) -> Iterator[tuple[str, int]]:
        """Yield the name of each city and the number of its standard postal codes in use."""
        return ((self._names[position], self._standards[position]) for position in self._positions.values())

    def get_key(self, position: int) -> str:
        return self._keys[position]

    def mask_by_size(self, min_standard: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return, by position, whether a city has a coordinate and at least `min_standard` standard postal codes in use."""
        return self._is_located & (np.frombuffer(self._standards, np.uint16) >= min_standard)

    def list_city_rows(self) -> tuple[RowPositions, RowPositions]:
        """Return two arrays of the same length: positions of cities, and a row of each."""
        ends = np.frombuffer(self._ends, np.uintc)
        return np.searchsorted(ends, np.arange(self._rows.size), side="right").astype(np.uint16), self._rows

    def get_by_position(self, position: int) -> City:
        """Return the city at a position in the columns, which may have no coordinate."""
        start = self._ends[position - 1] if position else 0
        rows = self._rows[start : self._ends[position]]
        return City(self._names[position], self._keys[position][:5], rows, self._standards[position])


class PostalCodes:
    """Columns by row, in ascending order of the codes, and the rows of cities, counties and states.

    `county_positions` are positions in `county_codes`, -1 if the county is unknown.
    """

    def __init__(self, columns: PostalColumns) -> None:
        self.codes = array("I", columns.codes)
        self.standards = np.frombuffer(columns.standards, np.uint8)  # 1 for a code of type STANDARD in use
        self.latitude = np.frombuffer(columns.latitudes)  # nan for unknown
        self.longitude = np.frombuffer(columns.longitudes)
        self.cities = Cities(columns)
        self.city_positions = np.frombuffer(columns.cities, np.uint16)
        counties = np.frombuffer(columns.counties, np.uint16)
        self.county_positions = np.where(counties == NO_COUNTY, -1, counties.astype(np.int16))
        self.county_codes = columns.county_codes
        self._counties = {code: position for position, code in enumerate(columns.county_codes)}
        states = [key[:5] for key in columns.city_keys]
        self.state_codes = list(dict.fromkeys(states))
        self._states = {code: position for position, code in enumerate(self.state_codes)}
        self.state_positions = np.array([self._states[code] for code in states], np.uint8)[self.city_positions]
        self._rows_by_county = _group_rows(self.county_positions, len(self.county_codes))
        self._rows_by_state = _group_rows(self.state_positions, len(self.state_codes))

    def find_row(self, code: int) -> int | None:
        position = bisect_left(self.codes, code)
        return position if position < len(self.codes) and self.codes[position] == code else None

    def get_city(self, row: int) -> City:
        return self.cities.get_by_position(int(self.city_positions[row]))

    def get_county_code(self, row: int) -> str | None:
        position = int(self.county_positions[row])
        return None if position < 0 else self.county_codes[position]

    def find_rows_in_state(self, code: str) -> RowPositions:
        return self._rows_by_state[self._states.get(code, -1)]

    def find_rows_in_county(self, code: str) -> RowPositions:
        return self._rows_by_county[self._counties.get(code, -1)]

    def compute_city_counties(self) -> np.ndarray[Any, np.dtype[np.int16]]:
        """Return, by position of a city, the position of its only county; -1 if there are several or it is unknown.

        Standard codes with a coordinate count; for a city without a standard code, all its codes with a coordinate.
        """
        cities, rows = self.cities.list_city_rows()
        located = ~np.isnan(self.latitude[rows])
        standard = located & (self.standards[rows] == 1)
        length = int(cities[-1]) + 1
        has_standard = np.bincount(cities[standard], minlength=length) > 0
        counts = standard | (located & ~has_standard[cities])
        lowest, highest = np.full(length, len(self.county_codes), np.int16), np.full(length, -1, np.int16)
        np.minimum.at(lowest, cities[counts], self.county_positions[rows[counts]])
        np.maximum.at(highest, cities[counts], self.county_positions[rows[counts]])
        return np.where(lowest == highest, lowest, np.int16(-1))

    def select_located(self, rows: RowPositions) -> RowPositions:
        """Return the rows that have a coordinate."""
        return rows[~np.isnan(self.latitude[rows])]


def _group_rows(column: np.ndarray[Any, Any], count: int) -> list[RowPositions]:
    """Return the rows of each value from 0 to `count` - 1, ascending, and an empty array at the end for unknown values."""
    rows = np.argsort(column, kind="stable").astype(np.uint16)
    ends = np.searchsorted(column[rows], np.arange(count + 1)).tolist()
    return [*(rows[start:end] for start, end in pairwise(ends)), np.empty(0, np.uint16)]
