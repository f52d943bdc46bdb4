"""The rows of the `zipcodes` package as columns: what of them is a place in the United States, and in which county it lies.

Kept: every postal code with a state or territory of the country, also PO boxes, unique ones (of one receiver) and withdrawn
ones, so that an old address is still found. Left out: military post (AA, AE, AP) and the freely associated states (FM, MH, PW).
A coordinate of (0, 0) is the package's word for "unknown".
"""

from array import array
from collections.abc import Iterator
from math import nan
from typing import Any

import numpy as np
import zipcodes
from msgspec import Struct

from directory.place_names import county_key, place_key
from directory.regions import REGIONS, RegionKind

MILITARY_CITIES = frozenset({"Apo", "Dpo", "Fpo"})  # some rows of military post carry the state of their gateway

# County names of the package that no county of the stated state has, with the county they mean. The last seven are post
# offices whose stated county lies across the state line: they are told with their state and without a county.
OTHER_COUNTY_NAMES = {
    ("US-AK", "City and Borough of Juneau"): "US-AK-110",
    ("US-AK", "Municipality of Anchorage"): "US-AK-020",
    ("US-AK", "Prince of Wales-Outer Ketchikan Borough"): "US-AK-198",  # dissolved in 2008, this is its successor
    ("US-PR", "Bayamon"): "US-PR-021",
    ("US-PR", "Carolina"): "US-PR-031",
    ("US-PR", "Catano"): "US-PR-033",
    ("US-PR", "San Juan"): "US-PR-127",
    ("US-PR", "Toa Alta"): "US-PR-135",
    ("US-VA", "James City"): "US-VA-095",
    ("US-GA", "Cleburne County"): "US-AL-029",
    ("US-ND", "McPherson County"): "US-SD-089",
    ("US-NE", "Todd County"): "US-SD-121",
    ("US-OR", "Modoc County"): "US-CA-049",
    ("US-PA", "Monongalia County"): "US-WV-061",
    ("US-VA", "McDowell County"): "US-WV-047",
    ("US-WV", "Washington County"): "US-MD-043",
}


class City(Struct, gc=False):
    """A city name of a state with the rows of its postal codes; `standard` counts the active ones of type STANDARD."""

    name: str
    state: str
    rows: "array[int]"
    standard: int = 0


class PostalCodes:
    """Columns by row, ascending by code, and rows by city, county and state."""

    def __init__(self) -> None:
        self.codes = array("I")
        self.standard = array("B")  # 1 for a code of type STANDARD in use
        self.cities: dict[str, City] = {}  # by "US-GA:atlanta"
        self.city_of: list[City] = []
        self.county_of: list[str | None] = []
        self.counties: dict[str, "array[int]"] = {}
        self.states: dict[str, "array[int]"] = {}
        self._also: dict[str, City] = {}
        self._read()
        self._adopt()

    def row(self, code: int) -> int | None:
        position = int(np.searchsorted(np.frombuffer(self.codes, dtype=np.uint32), code))
        return position if position < len(self.codes) and self.codes[position] == code else None

    def _read(self) -> None:
        latitudes, longitudes = array("d"), array("d")
        find_county = _CountyFinder()
        for row in _rows():
            state = "US-" + row["state"]
            number = len(self.codes)
            self.codes.append(int(row["zip_code"]))
            standard = row["zip_code_type"] == "STANDARD" and row["active"]
            self.standard.append(standard)
            point = float(row["lat"]), float(row["long"])
            known = point != (0.0, 0.0)
            latitudes.append(point[0] if known else nan)
            longitudes.append(point[1] if known else nan)
            self._file(number, row, state, find_county(state, row["county"]), standard)
        self.latitude = np.frombuffer(latitudes)
        self.longitude = np.frombuffer(longitudes)

    def _file(self, number: int, row: dict[str, Any], state: str, county: str | None, standard: bool) -> None:
        city = _city(self.cities, row["city"], state)
        city.rows.append(number)
        city.standard += standard
        self.city_of.append(city)
        for name in row["acceptable_cities"]:
            also = _city(self._also, name, state)
            also.rows.append(number)
            also.standard += standard
        self.county_of.append(county)
        self.states.setdefault(state, array("H")).append(number)
        if county:
            self.counties.setdefault(county, array("H")).append(number)

    def _adopt(self) -> None:
        # A name that the post accepts for a code is a city of its own, unless standard codes bear it in the first place.
        for key, also in self._also.items():
            first = self.cities.get(key)
            if first is None:
                self.cities[key] = also
            elif not first.standard:
                rows = sorted({*first.rows, *also.rows})
                first.rows, first.standard = array("H", rows), also.standard
        self._also = {}
        self.cities = {key: city for key, city in self.cities.items() if self.known(city.rows).size}

    def known(self, rows: "array[int]") -> np.ndarray[Any, np.dtype[np.uint16]]:
        """Those of the rows that have a coordinate."""
        chosen = np.frombuffer(rows, dtype=np.uint16)
        return chosen[~np.isnan(self.latitude[chosen])]


def _rows() -> Iterator[dict[str, Any]]:
    states = {region.code[3:] for region in REGIONS.of_kind(RegionKind.STATE) if region.code.startswith("US-")}
    for digit in "0123456789":  # a tenth at a time: all rows at once take 80 MB
        for row in zipcodes.similar_to(digit):
            if row["state"] in states and row["city"] not in MILITARY_CITIES:
                yield row


def _city(cities: dict[str, City], name: str, state: str) -> City:
    key = f"{state}:{place_key(name)}"
    city = cities.get(key)
    if city is None:
        city = cities[key] = City(name, state, array("H"))
    return city


class _CountyFinder:
    """From a state and a county's name in the package to the county's code, None where the package has no name."""

    def __init__(self) -> None:
        counties = REGIONS.of_kind(RegionKind.COUNTY)
        self._by_name = {(county.code[:5], county_key(county.name)): county.code for county in counties}
        alone: dict[str, list[str]] = {}
        for county in counties:
            alone.setdefault(county.code[:5], []).append(county.code)
        self._only = {state: codes[0] for state, codes in alone.items() if len(codes) == 1}
        self._seen: dict[tuple[str, str], str | None] = {}

    def __call__(self, state: str, name: str) -> str | None:
        try:
            return self._seen[state, name]
        except KeyError:
            self._seen[state, name] = code = self._find(state, name)
            return code

    def _find(self, state: str, name: str) -> str | None:
        if not name:
            return self._only.get(state)
        code = OTHER_COUNTY_NAMES.get((state, name)) or self._by_name[state, county_key(name)]
        return code if code.startswith(state) else None
