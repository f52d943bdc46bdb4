"""The rows of the `zipcodes` package as columns: what of them is a place in the United States, and in which county it lies.

Kept: every postal code with a state or territory of the country, also PO boxes, unique ones (of one receiver) and withdrawn
ones, so that an old address is still found. Left out: military post (AA, AE, AP) and the freely associated states (FM, MH, PW).
A coordinate of (0, 0) is the package's word for "unknown". The county of a PO box, unique or withdrawn code is believed only
when a standard code of the same city lies in it, when it bears the city's name, or when the city has no standard code.
"""

from array import array
from bisect import bisect_left
from collections import Counter
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


Degrees = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.uint16]]  # positions of rows; there are fewer than 65,536


class City(Struct, gc=False):
    """A city name of a state with the rows of its postal codes.

    standard   how many of them are of type STANDARD and in use
    located    whether one of them has a coordinate
    """

    name: str
    state: str
    rows: "array[int]"
    standard: int = 0
    located: bool = False

    def add(self, row: int, standard: bool, located: bool) -> None:
        self.rows.append(row)
        self.standard += standard
        self.located |= located

    def row_array(self) -> Rows:
        return np.frombuffer(self.rows, dtype=np.uint16)


class PostalCodes:
    """Columns by row, ascending by code, and rows by city, county and state."""

    def __init__(self) -> None:
        self.codes = array("I")
        self.cities: dict[str, City] = {}  # by "US-GA:atlanta"
        self.city_of: list[City] = []
        self.county_of: list[str | None] = []
        self._counties: dict[str, array[int]] = {}
        self._states: dict[str, array[int]] = {}
        self._read()

    def row(self, code: int) -> int | None:
        position = bisect_left(self.codes, code)
        return position if position < len(self.codes) and self.codes[position] == code else None

    def _read(self) -> None:
        latitudes, longitudes, standards = array("d"), array("d"), array("B")
        reading = _Reading()
        for number, row in enumerate(_rows()):
            state = "US-" + row["state"]
            standard = row["zip_code_type"] == "STANDARD" and row["active"]
            latitude, longitude = float(row["lat"]), float(row["long"])
            located = latitude != 0 or longitude != 0
            self.codes.append(int(row["zip_code"]))
            standards.append(standard)
            latitudes.append(latitude if located else nan)
            longitudes.append(longitude if located else nan)
            self.city_of.append(reading.file(number, row, state, standard, located))
            self.county_of.append(reading.county(state, row["county"]))
            self._states.setdefault(state, array("H")).append(number)
        self.standards = np.frombuffer(standards, dtype=np.uint8)  # 1 for a code of type STANDARD in use
        self.latitude = np.frombuffer(latitudes)  # nan for unknown
        self.longitude = np.frombuffer(longitudes)
        self._forget_doubtful_counties()
        self._file_by_county()
        self.cities = reading.cities()

    def _forget_doubtful_counties(self) -> None:
        # The package puts some PO boxes far away (79942 El Paso into Crockett County, 493 km from there).
        sure: dict[int, set[str | None]] = {}
        for row in np.flatnonzero(self.standards).tolist():
            sure.setdefault(id(self.city_of[row]), set()).add(self.county_of[row])
        for row in np.flatnonzero(self.standards == 0).tolist():
            city, county = self.city_of[row], self.county_of[row]
            sure_counties = sure.get(id(city))
            if (
                county
                and sure_counties
                and county not in sure_counties
                and not REGIONS.require(county).name.startswith(city.name)
            ):
                self.county_of[row] = None

    def _file_by_county(self) -> None:
        for number, county in enumerate(self.county_of):
            if county:
                self._counties.setdefault(county, array("H")).append(number)

    def states(self, code: str) -> Rows:
        return np.frombuffer(self._states.get(code, array("H")), dtype=np.uint16)

    def counties(self, code: str) -> Rows:
        return np.frombuffer(self._counties.get(code, array("H")), dtype=np.uint16)

    def known(self, rows: Rows) -> Rows:
        """Those of the rows that have a coordinate."""
        return rows[~np.isnan(self.latitude[rows])]


def _rows() -> Iterator[dict[str, Any]]:
    states = {region.code[3:] for region in REGIONS.of_kind(RegionKind.STATE) if region.code.startswith("US-")}
    for beginning in range(100):  # a hundredth at a time: all rows at once take 80 MB
        for row in zipcodes.similar_to(f"{beginning:02}"):  # type: ignore[no-untyped-call]
            if row["state"] in states and row["city"] not in MILITARY_CITIES:
                yield row


class _Reading:
    """What is needed while the rows are read and no longer."""

    def __init__(self) -> None:
        self._first: dict[str, City] = {}
        self._also: dict[str, City] = {}
        self._keys: dict[str, str] = {}
        self._seen: dict[tuple[str, str], str | None] = {}
        counties = [county for county in REGIONS.of_kind(RegionKind.COUNTY) if county.code.startswith("US-")]
        self._by_name = {(county.code[:5], county_key(county.name)): county.code for county in counties}
        per_state = Counter(county.code[:5] for county in counties)
        self._only = {county.code[:5]: county.code for county in counties if per_state[county.code[:5]] == 1}

    def file(self, number: int, row: dict[str, Any], state: str, standard: bool, located: bool) -> City:
        city = self._city(self._first, row["city"], state)
        city.add(number, standard, located)
        for name in row["acceptable_cities"]:
            self._city(self._also, name, state).add(number, standard, located)
        return city

    def cities(self) -> dict[str, City]:
        """By key, those with a coordinate. A name that the post accepts for a code is a city of its own.

        Unless standard codes bear the name in the first place: they alone are that city then.
        """
        for key, also in self._also.items():
            first = self._first.setdefault(key, also)
            if first is not also and not first.standard:
                first.rows = array("H", sorted({*first.rows, *also.rows}))
                first.standard, first.located = also.standard, first.located or also.located
        return {key: city for key, city in self._first.items() if city.located}

    def _city(self, cities: dict[str, City], name: str, state: str) -> City:
        name_key = self._keys.get(name) or self._keys.setdefault(name, place_key(name))
        key = f"{state}:{name_key}"
        city = cities.get(key)
        if city is None:
            city = cities[key] = City(name, state, array("H"))
        return city

    def county(self, state: str, name: str) -> str | None:
        """The code of the county, None where the package names none or one outside the state."""
        if (state, name) not in self._seen:
            self._seen[state, name] = self._find(state, name)
        return self._seen[state, name]

    def _find(self, state: str, name: str) -> str | None:
        if not name:
            return self._only.get(state)
        code = OTHER_COUNTY_NAMES.get((state, name)) or self._by_name[state, county_key(name)]
        return code if code.startswith(state) else None
