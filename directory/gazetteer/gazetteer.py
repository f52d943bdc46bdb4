"""The gazetteer: places in the United States by name, postal code, county, state and region, without network access.

This module builds the places; place_search.py decides which place a name means. Other countries are regions without places.
The data is loaded on first use, once in each process.
"""

from collections.abc import Callable, Collection, Iterator
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np

from directory.gazetteer.place import MIN_RADIUS_KM, Place, PlaceKind, make_place_key, parse_postal_code
from directory.gazetteer.place_search import PlaceSearch
from directory.gazetteer.postal_cache import load_columns
from directory.gazetteer.postal_codes import PostalCodes, RowPositions
from directory.gazetteer.publishable_areas import PublishableAreas, StatedBy, compute_publishable_areas
from directory.geo import (
    Box,
    Point,
    Precision,
    bounding_box,
    compute_mean_point,
    distance_km,
    measure_squared_chords,
    to_unit_vectors,
)
from directory.vocabulary.region_files import Region, RegionKind
from directory.vocabulary.regions import REGIONS

CACHE_SIZE = 1 << 15  # places of each kind
_PLACE_KINDS = {RegionKind.STATE: PlaceKind.STATE, RegionKind.COUNTY: PlaceKind.COUNTY}


class Gazetteer:
    """All places. Methods that look up a single place return None if there is none."""

    def __init__(self, postal_codes: PostalCodes) -> None:
        self._codes = postal_codes
        self._unit_vectors = to_unit_vectors(postal_codes.latitude, postal_codes.longitude)  # by row
        # A large directory uses most counties and cities in turn. A cache that does not hold them all would never hit.
        self._cached_region = lru_cache(maxsize=CACHE_SIZE)(self._make_region)
        self._cached_city = lru_cache(maxsize=CACHE_SIZE)(self._make_city)
        self._cached_postal_code = lru_cache(maxsize=CACHE_SIZE)(self._make_postal_code)
        self._cached_size = lru_cache(maxsize=CACHE_SIZE)(self._count_standard)

    def prepare(self) -> None:
        """Build the tables that are otherwise built on first use, so that no request has to wait for them."""
        REGIONS.prepare()
        self._place_search.prepare()

    def get_place(self, id: str) -> Place | None:
        """Return the place with this `Place.id`."""
        kind, _, key = id.partition(":")
        finders: dict[str, Callable[[str], Place | None]]
        finders = {
            "zip": self.find_postal_code,
            "city": self._find_city_by_key,
            "county": self.find_county,
            "state": self.find_state,
            "region": self.find_region,
        }
        return finders[kind](key) if kind in finders else None

    def find_postal_code(self, code: str) -> Place | None:
        """Return the place of a ZIP code ("30312") or ZIP+4 code ("30312-1234"), including PO boxes and withdrawn codes.

        A code without a centroid has the point of its city, or else of its county. Without either there is no place.
        """
        digits = parse_postal_code(code)
        row = self._codes.find_row(int(digits)) if digits else None
        return None if row is None else self._cached_postal_code(row)

    def find_city(self, name: str, state: str) -> Place | None:
        """Return the city with this name, or this alternative postal name, in a state: "US-GA" or "GA"."""
        return self._find_city_by_key(f"{_normalize_state_code(state)}:{make_place_key(name)}")

    def find_county(self, code: str) -> Place | None:
        """Return the county with this region code, for example "US-GA-121"."""
        region = REGIONS.get(code)
        return self._cached_region(region) if region and region.kind is RegionKind.COUNTY else None

    def find_county_by_name(self, name: str, state: str) -> Place | None:
        """Return the county named "Fulton County" or "Fulton" in a state, "US-GA" or "GA".

        None if several counties have the name, like "Baltimore" in MD.
        """
        state_code = _normalize_state_code(state)
        letters = state_code[3:].lower()
        regions = REGIONS.find(f"{name} {letters}")
        codes = [
            region.code for region in regions if region.kind is RegionKind.COUNTY and region.code.startswith(state_code)
        ] or _index_bare_county_names().get((state_code, make_place_key(name)), [])
        return self.find_county(codes[0]) if len(codes) == 1 else None

    def find_state(self, code: str) -> Place | None:
        """Return the state with this region code, "US-GA", or abbreviation, "GA"."""
        region = REGIONS.get(_normalize_state_code(code))
        return self._cached_region(region) if region and region.kind is RegionKind.STATE else None

    def find_region(self, code: str) -> Place | None:
        """Return the region with this code, which may be a state or county. None for regions outside the United States."""
        region = REGIONS.get(code)
        return self._cached_region(region) if region else None

    def get_bounds(self, code: str) -> Box | None:
        """Return the smallest box around the centroids of a region's postal codes. None if it has none."""
        region = REGIONS.get(code)
        rows = self._codes.select_located(self._find_rows(region)) if region else ()
        return bounding_box(self._codes.latitude[rows], self._codes.longitude[rows]) if len(rows) else None

    def autocomplete(self, words: str, limit: int = 5) -> tuple[Place, ...]:
        """Return places for an incomplete input: exact names first, then names that start with it, largest first.

        Postal abbreviations ("Atl, GA") come only if nothing else matches. () if there are no places.
        """
        places = (self.get_place(id_) for id_ in self._place_search.suggest_ids(words, limit))
        return tuple(islice((place for place in places if place), limit))

    def resolve(self, words: str) -> Place:
        """Return the place that a name means. Raises UnknownPlace with suggestions, AmbiguousPlace with candidates."""
        place = self.get_place(self._place_search.resolve_id(words))
        if place is None:
            raise self._place_search.build_unknown_error(words)
        return place

    def find_exact_id(self, words: str) -> str | None:
        """Return the id of the place with exactly this name or code, None if there is none. Raises AmbiguousPlace."""
        return self._place_search.resolve_id(words) if self._place_search.find_exact_ids(words) else None

    def find_exact_ids(self, words: str) -> list[str]:
        """Return the ids of all places with this name, code, or name and state, most likely first; [] if there are none."""
        return self._place_search.find_exact_ids(words)

    def list_cities_named(self, words: str) -> tuple[Place, ...]:
        """Return the cities with this name, largest first; () if there are none."""
        ids = (id_ for id_ in self._place_search.find_exact_ids(words) if id_.startswith("city:"))
        return tuple(place for place in map(self.get_place, ids) if place)

    def is_primary_name(self, place: Place) -> bool:
        """Whether the name of a place is the one the post uses, not one that it only accepts for a postal code."""
        return self._place_search.is_primary_name(place.id)

    def find_full_name(self, city: Place) -> Place:
        """Return the city whose name this one abbreviates, Atlanta for "Atl", or the city itself."""
        id_ = self._place_search.find_full_name(city.id)
        return (self.get_place(id_) if id_ else None) or city

    def list_names(self) -> Collection[str]:
        """Return the keys (`make_place_key`) of the names of all cities and regions, without ZIP codes."""
        return self._place_search.list_names()

    def iter_cities(self) -> Iterator[Place]:
        return (place for place in map(self._find_city_by_key, self._codes.cities) if place)

    def iter_city_sizes(self) -> Iterator[tuple[str, int]]:
        """Yield the name of each city with the number of its standard postal codes in use, without looking the city up."""
        return self._codes.cities.iter_sizes()

    def is_publishable(self, area: Place, finest: Precision, stated_by: StatedBy) -> bool:
        """Whether the area may be published by default.

        `finest` is the finest area that the disclosure of the place allows (CITY, COUNTY or STATE).
        """
        return area.id in self._publishable_areas[finest, stated_by]

    @cached_property
    def _publishable_areas(self) -> PublishableAreas:
        return compute_publishable_areas(self._codes)

    @cached_property
    def _place_search(self) -> PlaceSearch:
        return PlaceSearch(self._codes, self._cached_size)

    def _count_standard(self, region: Region) -> int:
        return int(self._codes.standards[self._find_rows(region)].sum())

    def _find_rows(self, region: Region) -> RowPositions:
        code = region.code
        if region.kind is RegionKind.STATE:
            return self._codes.find_rows_in_state(code)
        if region.kind is RegionKind.COUNTY:
            return self._codes.find_rows_in_county(code)
        states = REGIONS.contained_codes(code, RegionKind.STATE)
        rows = [self._codes.find_rows_in_state(state) for state in states]
        rows += [
            self._codes.find_rows_in_county(county)
            for county in REGIONS.contained_codes(code, RegionKind.COUNTY)
            if county[:5] not in states
        ]
        return np.concatenate(rows) if rows else self._codes.find_rows_in_state(code)

    def _make_region(self, region: Region) -> Place | None:
        rows = self._codes.select_located(self._find_rows(region))
        if not rows.size:
            return None
        kind = _PLACE_KINDS.get(region.kind, PlaceKind.REGION)
        point, radius = self._compute_area(rows, kind)
        regions = (region.code, *REGIONS.containing_codes(region.code))
        state = next((code for code in regions if REGIONS.require(code).kind is RegionKind.STATE), None)
        county = region.code if kind is PlaceKind.COUNTY else None
        size = self._cached_size(region)
        id_ = f"{kind.lower()}:{region.code}"
        return Place(id_, region.label(), kind, point, radius, regions, size, None, state, county, region.aliases)

    def _find_city_by_key(self, key: str) -> Place | None:
        """Return the city with the key "US-GA:atlanta". Unknown keys are not cached, because clients can send any text."""
        return self._cached_city(key) if key in self._codes.cities else None

    def _make_city(self, key: str) -> Place:
        city = self._codes.cities[key]
        rows = self._codes.select_located(city.rows)
        point, radius = self._compute_area(rows, PlaceKind.CITY)
        regions, county = self._find_shared_regions(self._select_standard_rows(rows), city.state)
        name = f"{city.name}, {city.state[3:]}"
        return Place(
            f"city:{key}", name, PlaceKind.CITY, point, radius, regions, city.standard_count, city.name, city.state, county
        )

    def _make_postal_code(self, row: int) -> Place | None:
        city, county = self._codes.get_city(row), self._codes.get_county_code(row)
        code = f"{self._codes.codes[row]:05}"
        point = self._locate_postal_code(row)
        if point is None:
            return None
        regions = _list_regions(county or city.state)
        standard = int(self._codes.standards[row])
        floor = MIN_RADIUS_KM[PlaceKind.POSTAL_CODE]
        return Place(f"zip:{code}", code, PlaceKind.POSTAL_CODE, point, floor, regions, standard, city.name, city.state, county)

    def _locate_postal_code(self, row: int) -> Point | None:
        if not np.isnan(self._codes.latitude[row]):
            return self._get_point(row)
        city, county = self._codes.get_city(row), self._codes.get_county_code(row)
        wider = self.find_city(city.name, city.state) or (self.find_county(county) if county else None)
        return wider.point if wider else None

    def _select_standard_rows(self, rows: RowPositions) -> RowPositions:
        standard = rows[self._codes.standards[rows] == 1]
        return standard if standard.size else rows

    def _find_shared_regions(self, rows: RowPositions, state: str) -> tuple[tuple[str, ...], str | None]:
        known = (self._codes.get_county_code(row) for row in rows)  # a few postal codes have no county
        counties = list(dict.fromkeys(code for code in known if code)) or [state]
        if len(counties) == 1:
            return _list_regions(counties[0]), None if counties[0] == state else counties[0]
        shared = set.intersection(*(set(_list_regions(code)) for code in counties))
        regions = tuple(code for code in _list_regions(counties[0]) if code in shared)
        return regions, None

    def _compute_area(self, rows: RowPositions, kind: PlaceKind) -> tuple[Point, float]:
        floor = MIN_RADIUS_KM[kind]
        if rows.size == 1:  # true for most towns
            point = self._get_point(rows[0])
            return Point(round(point.latitude, 4), round(point.longitude, 4)), floor
        center = compute_mean_point(self._unit_vectors[:, self._select_standard_rows(rows)])
        x, y, z = self._unit_vectors[:, rows]
        farthest = self._get_point(rows[np.argmax(measure_squared_chords(x, y, z, center))])
        return center, round(max(distance_km(center, farthest), floor), 1)

    def _get_point(self, row: int) -> Point:
        return Point(float(self._codes.latitude[row]), float(self._codes.longitude[row]))


@lru_cache(maxsize=1)
def get_gazetteer() -> Gazetteer:
    """Return the gazetteer of this process. It is loaded on first use."""
    return Gazetteer(PostalCodes(load_columns()))


def _normalize_state_code(state: str) -> str:
    return state if state.startswith("US-") else f"US-{state}"


@lru_cache(maxsize=8192)
def _list_regions(code: str) -> tuple[str, ...]:
    return (code, *REGIONS.containing_codes(code))


@lru_cache(maxsize=1)
def _index_bare_county_names() -> dict[tuple[str, str], list[str]]:
    """Return the codes of counties by state and name without "County", "Parish" and so on."""
    codes_by_name: dict[tuple[str, str], list[str]] = {}
    for county in REGIONS.list_of_kind(RegionKind.COUNTY):
        bare_name = make_place_key(county.name.rpartition(" ")[0])
        codes_by_name.setdefault((county.code[:5], bare_name), []).append(county.code)
    return codes_by_name
