"""Derive columns of postal codes, cities and counties from the `zipcodes` package.

Included is every postal code in a state or territory of the United States. Old addresses must be found too, so this includes
PO boxes, unique codes (of a single recipient) and withdrawn codes. Military mail (AA, AE, AP) and the freely associated states
(FM, MH, PW) are left out.

In the package, a coordinate of (0, 0) means "unknown". The county of a PO box, unique code or withdrawn code is often wrong. It
is used only if a standard code of the same city lies in it, if it has the name of the city, or if the city has no standard code.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from math import nan
from typing import Any

import zipcodes
from msgspec import Struct

from directory.gazetteer.place import make_county_key, make_place_key
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

NO_COUNTY = 0xFFFF
MILITARY_CITIES = frozenset({"Apo", "Dpo", "Fpo"})  # some rows of military mail have the state of their gateway

# County names in the package that do not exist in the state, with the county they mean. The last seven belong to post
# offices whose county lies in a neighboring state; these post offices have a state and no county.
COUNTY_NAME_CORRECTIONS = {
    ("US-AK", "City and Borough of Juneau"): "US-AK-110",
    ("US-AK", "Municipality of Anchorage"): "US-AK-020",
    ("US-AK", "Prince of Wales-Outer Ketchikan Borough"): "US-AK-198",  # its successor since 2008
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
    """Columns as C arrays in bytes: `codes` to `counties` by row, in ascending order of codes; `city_keys` and so on by city."""

    codes: bytes  # uint32
    latitudes: bytes  # float64; NaN if unknown
    longitudes: bytes
    standards: bytes  # uint8; 1 for a code of type STANDARD in use
    cities: bytes  # uint16; positions in city_keys
    counties: bytes  # uint16; positions in county_codes, or NO_COUNTY
    county_codes: list[str]
    city_keys: list[str]  # "US-GA:atlanta"
    city_names: list[str]
    city_standards: bytes  # uint16; the number of standard codes in use
    city_located: bytes  # uint8; 1 if one of the codes has a coordinate
    city_rows: bytes  # uint16; the rows of all cities, one city after the other
    city_ends: bytes  # uint32; the end of each city in city_rows


def derive_columns() -> PostalColumns:
    """Return the columns, derived from the package. This takes a second."""
    builder = _ColumnBuilder()
    for row in _read_rows():
        builder.add(row)
    builder.drop_doubtful_counties()
    return builder.build_columns()


def _read_rows() -> Iterator[dict[str, Any]]:
    states = {region.code[3:] for region in REGIONS.list_of_kind(RegionKind.STATE) if region.code.startswith("US-")}
    for prefix in range(100):  # in 100 parts, because all rows at once take 80 MB
        for row in zipcodes.similar_to(f"{prefix:02}"):  # type: ignore[no-untyped-call]
            if row["state"] in states and row["city"] not in MILITARY_CITIES:
                yield row


class _CityRows(Struct, gc=False):
    """A city name in a state with the rows of its postal codes."""

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
    """Collects the rows of the package and builds the columns from them."""

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
        position = len(self._codes)
        city = self._get_or_add_city(self._primary_cities, row["city"], state)
        city.add(position, standard, located)
        self._city_by_row.append(city)
        accepted_cities = (self._get_or_add_city(self._accepted_cities, name, state) for name in row["acceptable_cities"])
        for accepted in {accepted.key: accepted for accepted in accepted_cities}.values():  # "St" and "Saint" have one key
            accepted.add(position, standard, located)

    def _get_or_add_city(self, cities: dict[str, _CityRows], name: str, state: str) -> _CityRows:
        name_key = self._keys_by_name.get(name) or self._keys_by_name.setdefault(name, make_place_key(name))
        key = f"{state}:{name_key}"
        city = cities.get(key)
        if city is None:
            city = cities[key] = _CityRows(key, name, array("H"))
        return city

    def drop_doubtful_counties(self) -> None:
        # The package puts some PO boxes far away, for example 79942 El Paso into Crockett County, at a distance of 493 km.
        reliable: dict[str, set[str | None]] = {}
        for city, county, standard in zip(self._city_by_row, self._county_by_row, self._standards, strict=True):
            if standard:
                reliable.setdefault(city.key, set()).add(county)
        for row, (city, county) in enumerate(zip(self._city_by_row, self._county_by_row, strict=True)):
            counties = reliable.get(city.key) or {county}
            if county and county not in counties and not REGIONS.require(county).name.startswith(city.name):
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
        """Return the cities of primary and accepted names.

        An accepted name is a city too. If standard codes have it as their primary name, only these codes form the city.
        """
        for key, accepted in self._accepted_cities.items():
            primary = self._primary_cities.setdefault(key, accepted)
            if primary is not accepted and not primary.standard_count:
                primary.rows = array("H", sorted({*primary.rows, *accepted.rows}))
                primary.standard_count = accepted.standard_count
                primary.is_located = primary.is_located or accepted.is_located
        return list(self._primary_cities.values())


class _CountyCodes:
    """Finds the codes of counties by the names in the package."""

    def __init__(self) -> None:
        self._code_cache: dict[tuple[str, str], str | None] = {}
        counties = [county for county in REGIONS.list_of_kind(RegionKind.COUNTY) if county.code.startswith("US-")]
        self._by_name = {(county.code[:5], make_county_key(county.name)): county.code for county in counties}
        per_state = Counter(county.code[:5] for county in counties)
        self._only_county_by_state = {county.code[:5]: county.code for county in counties if per_state[county.code[:5]] == 1}

    def find_code(self, state: str, name: str) -> str | None:
        """Return the code of the county, None if the package has none or one outside the state."""
        if (state, name) not in self._code_cache:
            self._code_cache[state, name] = self._find_uncached(state, name)
        return self._code_cache[state, name]

    def _find_uncached(self, state: str, name: str) -> str | None:
        if not name:
            return self._only_county_by_state.get(state)
        code = COUNTY_NAME_CORRECTIONS.get((state, name)) or self._by_name[state, make_county_key(name)]
        return code if code.startswith(state) else None
