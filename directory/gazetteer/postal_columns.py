"""What of the `zipcodes` package is a place in the United States, and in which county it lies, as columns.

Kept: every postal code with a state or territory of the country, also PO boxes, unique ones (of one receiver) and withdrawn
ones, so that an old address is still found. Left out: military post (AA, AE, AP) and the freely associated states (FM, MH, PW).
A coordinate of (0, 0) is the package's word for "unknown". The county of a PO box, unique or withdrawn code is believed only
when a standard code of the same city lies in it, when it bears the city's name, or when the city has no standard code.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from math import nan
from typing import Any

import zipcodes
from msgspec import Struct

from directory.gazetteer.place import county_key, place_key
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

NO_COUNTY = 0xFFFF
MILITARY_CITIES = frozenset({"Apo", "Dpo", "Fpo"})  # some rows of military post carry the state of their gateway

# County names of the package that no county of the stated state has, with the county they mean. The last seven are post
# offices whose stated county lies across the state line: they are told with their state and without a county.
COUNTY_NAME_CORRECTIONS = {
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


class PostalColumns(Struct, frozen=True, gc=False):
    """By row, ascending by code: codes, latitudes ... counties. By city: city_keys ... city_ends. Arrays of C as bytes."""

    codes: bytes  # uint32
    latitudes: bytes  # float64; NaN is unknown
    longitudes: bytes
    standards: bytes  # uint8; 1 for a code of type STANDARD in use
    cities: bytes  # uint16: positions in city_keys
    counties: bytes  # uint16: positions in county_codes, or NO_COUNTY
    county_codes: list[str]
    city_keys: list[str]  # "US-GA:atlanta"
    city_names: list[str]
    city_standards: bytes  # uint16; how many of its codes are standard ones in use
    city_located: bytes  # uint8; 1 where one of its codes has a coordinate
    city_rows: bytes  # uint16; the rows of each city, one city behind the other
    city_ends: bytes  # uint32; where in city_rows each city's end


def derive_columns() -> PostalColumns:
    """The columns, from the package. Takes a second."""
    reading = _ColumnBuilder()
    for row in _read_rows():
        reading.add(row)
    reading.forget_doubtful_counties()
    return reading.build_columns()


def _read_rows() -> Iterator[dict[str, Any]]:
    states = {region.code[3:] for region in REGIONS.list_of_kind(RegionKind.STATE) if region.code.startswith("US-")}
    for beginning in range(100):  # a hundredth at a time: all rows at once take 80 MB
        for row in zipcodes.similar_to(f"{beginning:02}"):  # type: ignore[no-untyped-call]
            if row["state"] in states and row["city"] not in MILITARY_CITIES:
                yield row


class _CityRows(Struct, gc=False):
    """A city name of a state with the rows of its postal codes."""

    key: str
    name: str
    rows: "array[int]"
    standard_count: int = 0
    is_located: bool = False

    def add(self, row: int, standard: bool, located: bool) -> None:
        self.rows.append(row)
        self.standard_count += standard
        self.is_located |= located


class _ColumnBuilder:
    """What is needed while the rows are read and no longer."""

    def __init__(self) -> None:
        self._codes, self._latitudes, self._longitudes, self._standards = array("I"), array("d"), array("d"), array("B")
        self._city_by_row: list[_CityRows] = []
        self._county_by_row: list[str | None] = []
        self._primary_cities: dict[str, _CityRows] = {}
        self._accepted_cities: dict[str, _CityRows] = {}
        self._keys_by_name: dict[str, str] = {}
        self._counties = _CountyCodes()

    def add(self, row: dict[str, Any]) -> None:
        state = "US-" + row["state"]
        standard = row["zip_code_type"] == "STANDARD" and row["active"]
        latitude, longitude = float(row["lat"]), float(row["long"])
        located = latitude != 0 or longitude != 0
        self._add_to_cities(row, state, standard, located)
        self._county_by_row.append(self._counties.find_code(state, row["county"]))
        self._codes.append(int(row["zip_code"]))
        self._standards.append(standard)
        self._latitudes.append(latitude if located else nan)
        self._longitudes.append(longitude if located else nan)

    def _add_to_cities(self, row: dict[str, Any], state: str, standard: bool, located: bool) -> None:
        number = len(self._codes)
        city = self._get_or_add_city(self._primary_cities, row["city"], state)
        city.add(number, standard, located)
        self._city_by_row.append(city)
        also = (self._get_or_add_city(self._accepted_cities, name, state) for name in row["acceptable_cities"])
        for accepted in {one.key: one for one in also}.values():  # "St Louis Park" and "Saint Louis Park" are one
            accepted.add(number, standard, located)

    def _get_or_add_city(self, cities: dict[str, _CityRows], name: str, state: str) -> _CityRows:
        name_key = self._keys_by_name.get(name) or self._keys_by_name.setdefault(name, place_key(name))
        key = f"{state}:{name_key}"
        city = cities.get(key)
        if city is None:
            city = cities[key] = _CityRows(key, name, array("H"))
        return city

    def forget_doubtful_counties(self) -> None:
        # The package puts some PO boxes far away (79942 El Paso into Crockett County, 493 km from there).
        sure: dict[str, set[str | None]] = {}
        for city, county, standard in zip(self._city_by_row, self._county_by_row, self._standards, strict=True):
            if standard:
                sure.setdefault(city.key, set()).add(county)
        for row, (city, county) in enumerate(zip(self._city_by_row, self._county_by_row, strict=True)):
            believed = sure.get(city.key) or {county}
            if county and county not in believed and not REGIONS.require(county).name.startswith(city.name):
                self._county_by_row[row] = None

    def build_columns(self) -> PostalColumns:
        cities = self._merge_cities()
        positions = {city.key: position for position, city in enumerate(cities)}
        counties = {code: position for position, code in enumerate(dict.fromkeys(filter(None, self._county_by_row)))}
        ends, rows = array("I"), array("H")
        for city in cities:
            rows.extend(city.rows)
            ends.append(len(rows))
        return PostalColumns(
            codes=self._codes.tobytes(),
            latitudes=self._latitudes.tobytes(),
            longitudes=self._longitudes.tobytes(),
            standards=self._standards.tobytes(),
            cities=array("H", [positions[city.key] for city in self._city_by_row]).tobytes(),
            counties=array("H", [counties[code] if code else NO_COUNTY for code in self._county_by_row]).tobytes(),
            county_codes=list(counties),
            city_keys=list(positions),
            city_names=[city.name for city in cities],
            city_standards=array("H", [city.standard_count for city in cities]).tobytes(),
            city_located=bytes(city.is_located for city in cities),
            city_rows=rows.tobytes(),
            city_ends=ends.tobytes(),
        )

    def _merge_cities(self) -> list[_CityRows]:
        """A name that the post accepts for a code is a city of its own.

        Unless standard codes bear the name in the first place: they alone are that city then.
        """
        for key, also in self._accepted_cities.items():
            first = self._primary_cities.setdefault(key, also)
            if first is not also and not first.standard_count:
                first.rows = array("H", sorted({*first.rows, *also.rows}))
                first.standard_count, first.is_located = also.standard_count, first.is_located or also.is_located
        return list(self._primary_cities.values())


class _CountyCodes:
    """The codes of counties as the package names them."""

    def __init__(self) -> None:
        self._code_cache: dict[tuple[str, str], str | None] = {}
        counties = [county for county in REGIONS.list_of_kind(RegionKind.COUNTY) if county.code.startswith("US-")]
        self._by_name = {(county.code[:5], county_key(county.name)): county.code for county in counties}
        per_state = Counter(county.code[:5] for county in counties)
        self._only_county_by_state = {county.code[:5]: county.code for county in counties if per_state[county.code[:5]] == 1}

    def find_code(self, state: str, name: str) -> str | None:
        """The code of the county, None where the package names none or one outside the state."""
        if (state, name) not in self._code_cache:
            self._code_cache[state, name] = self._find_uncached(state, name)
        return self._code_cache[state, name]

    def _find_uncached(self, state: str, name: str) -> str | None:
        if not name:
            return self._only_county_by_state.get(state)
        code = COUNTY_NAME_CORRECTIONS.get((state, name)) or self._by_name[state, county_key(name)]
        return code if code.startswith(state) else None
