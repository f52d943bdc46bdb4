"""Places in the United States by name, postal code, county, state and region: pure and offline.

What stands in place_search.py decides which place a name means; this file knows the places themselves. Other countries are
regions without a place. Loading happens when first asked for, once a process.
"""

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache

import numpy as np

from directory.gazetteer.place import MIN_RADIUS_KM, Place, PlaceKind, place_key
from directory.gazetteer.place_search import PlaceSearch, parse_postal_code
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

CACHE_SIZE = 1 << 15  # places of a kind


class Gazetteer:
    """Every method that asks for one thing gives None when there is none."""

    def __init__(self, postal_codes: PostalCodes) -> None:
        self._codes = postal_codes
        self._unit_vectors = to_unit_vectors(postal_codes.latitude, postal_codes.longitude)  # by row
        # a large directory names most counties and cities, one after the other: a cache that is too small never helps
        self._cached_region = lru_cache(maxsize=CACHE_SIZE)(self._make_region)
        self._cached_city = lru_cache(maxsize=CACHE_SIZE)(self._make_city)
        self._cached_postal_code = lru_cache(maxsize=CACHE_SIZE)(self._make_postal_code)
        self._cached_size = lru_cache(maxsize=CACHE_SIZE)(self._count_standard)

    def prepare(self) -> None:
        """Builds the tables that are otherwise built when first needed, so that no request waits for them."""
        REGIONS.prepare()
        self._place_search.prepare()

    def get_place(self, id: str) -> Place | None:
        """The place of an id as found in Place.id."""
        kind, _, key = id.partition(":")
        makers: dict[str, Callable[[str], Place | None]]
        makers = {
            "zip": self.find_postal_code,
            "city": self._find_city_by_key,
            "county": self.find_county,
            "state": self.find_state,
            "region": self.find_region,
        }
        return makers[kind](key) if kind in makers else None

    def find_postal_code(self, code: str) -> Place | None:
        """By ZIP ("30312") or ZIP+4 ("30312-1234"), PO boxes and withdrawn codes too.

        A code without a centroid of its own stands at its city's, else at its county's; one with neither is no place.
        """
        digits = parse_postal_code(code)
        row = self._codes.find_row(int(digits)) if digits else None
        return None if row is None else self._cached_postal_code(row)

    def find_city(self, name: str, state: str) -> Place | None:
        """By a city's name, also one that the post merely accepts, and its state: "US-GA" or "GA"."""
        return self._find_city_by_key(f"{_normalize_state_code(state)}:{place_key(name)}")

    def find_county(self, code: str) -> Place | None:
        """By region code, "US-GA-121"."""
        region = REGIONS.get(code)
        return self._cached_region(region) if region and region.kind is RegionKind.COUNTY else None

    def find_county_by_name(self, name: str, state: str) -> Place | None:
        """By name, "Fulton County" or "Fulton", and state, "US-GA" or "GA". "Baltimore" in MD is two: None."""
        code = _normalize_state_code(state)
        letters = code[3:].lower()
        exact = [region.code for region in REGIONS.find(f"{name} {letters}") if region.kind is RegionKind.COUNTY]
        found = [one for one in exact if one.startswith(code)] or _index_bare_county_names().get((code, place_key(name)), [])
        return self.find_county(found[0]) if len(found) == 1 else None

    def find_state(self, code: str) -> Place | None:
        """By region code, "US-GA", or letters, "GA"."""
        region = REGIONS.get(_normalize_state_code(code))
        return self._cached_region(region) if region and region.kind is RegionKind.STATE else None

    def find_region(self, code: str) -> Place | None:
        """By region code; a state or county too. None for an unknown code and for a region outside the United States."""
        region = REGIONS.get(code)
        return self._cached_region(region) if region else None

    def get_bounds(self, code: str) -> Box | None:
        """The smallest box around the centroids of a region's postal codes; None when it has none."""
        region = REGIONS.get(code)
        rows = self._codes.select_located(self._find_rows(region)) if region else ()
        return bounding_box(self._codes.latitude[rows], self._codes.longitude[rows]) if len(rows) else None

    def autocomplete(self, words: str, limit: int = 5) -> tuple[Place, ...]:
        """Places for what somebody has typed so far: exact names first, then beginnings, the foremost first; () for none.

        Abbreviations that the post accepts ("Atl, GA") come only where there is nothing else; `resolve` knows them.
        """
        places = (self.get_place(one) for one in self._place_search.suggest_ids(words, limit))
        return tuple(place for place, _ in zip((place for place in places if place), range(limit), strict=False))

    def resolve(self, words: str) -> Place:
        """The one place that a person means. UnknownPlace with suggestions; AmbiguousPlace with candidates."""
        place = self.get_place(self._place_search.resolve_id(words))
        if place is None:
            raise self._place_search.build_unknown_error(words)
        return place

    def find_exact_id(self, words: str) -> str | None:
        """The id of the one place that has exactly this name or code, None when none has. AmbiguousPlace."""
        return self._place_search.resolve_id(words) if self._place_search.find_exact_ids(words) else None

    def iter_cities(self) -> Iterator[Place]:
        return (place for place in map(self._find_city_by_key, self._codes.cities) if place)

    def is_publishable(self, area: Place, finest: Precision, stated_by: StatedBy) -> bool:
        """Whether the area may be published by default for a place, given the finest area that its disclosure allows at all
        (CITY, COUNTY or STATE) and what is stated of it.
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
        parts = [self._codes.find_rows_in_state(state) for state in states]
        parts += [
            self._codes.find_rows_in_county(county)
            for county in REGIONS.contained_codes(code, RegionKind.COUNTY)
            if county[:5] not in states
        ]
        return np.concatenate(parts) if parts else self._codes.find_rows_in_state(code)

    def _make_region(self, region: Region) -> Place | None:
        rows = self._codes.select_located(self._find_rows(region))
        if not rows.size:
            return None
        kind = _KINDS.get(region.kind, PlaceKind.REGION)
        point, radius = self._compute_area(rows, kind)
        regions = (region.code, *REGIONS.containing_codes(region.code))
        state = next((one for one in regions if REGIONS.require(one).kind is RegionKind.STATE), None)
        county = region.code if kind is PlaceKind.COUNTY else None
        size = self._cached_size(region)
        id_ = f"{kind.lower()}:{region.code}"
        return Place(id_, region.label(), kind, point, radius, regions, size, None, state, county, region.aliases)

    def _find_city_by_key(self, key: str) -> Place | None:
        """By key, "US-GA:atlanta"; what is no city is not remembered, as clients can send any text."""
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
        counties = list(dict.fromkeys(self._codes.get_county_code(row) or state for row in rows))
        if len(counties) == 1:
            return _list_regions(counties[0]), None if counties[0] == state else counties[0]
        shared = set.intersection(*(set(_list_regions(one)) for one in counties))
        regions = tuple(one for one in _list_regions(counties[0]) if one in shared)
        return regions, None

    def _compute_area(self, rows: RowPositions, kind: PlaceKind) -> tuple[Point, float]:
        floor = MIN_RADIUS_KM[kind]
        if rows.size == 1:  # most towns
            only = self._get_point(rows[0])
            return Point(round(only.latitude, 4), round(only.longitude, 4)), floor
        center = compute_mean_point(self._unit_vectors[:, self._select_standard_rows(rows)])
        x, y, z = self._unit_vectors[:, rows]
        farthest = self._get_point(rows[np.argmax(measure_squared_chords(x, y, z, center))])
        return center, round(max(distance_km(center, farthest), floor), 1)

    def _get_point(self, row: int) -> Point:
        return Point(float(self._codes.latitude[row]), float(self._codes.longitude[row]))


_KINDS = {RegionKind.STATE: PlaceKind.STATE, RegionKind.COUNTY: PlaceKind.COUNTY}


@lru_cache(maxsize=1)
def get_gazetteer() -> Gazetteer:
    """The one gazetteer of this process, loaded when first asked for."""
    return Gazetteer(PostalCodes(load_columns()))


def _normalize_state_code(state: str) -> str:
    return state if state.startswith("US-") else f"US-{state}"


@lru_cache(maxsize=8192)
def _list_regions(code: str) -> tuple[str, ...]:
    return (code, *REGIONS.containing_codes(code))


@lru_cache(maxsize=1)
def _index_bare_county_names() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for county in REGIONS.list_of_kind(RegionKind.COUNTY):
        bare = place_key(county.name.rpartition(" ")[0])
        found.setdefault((county.code[:5], bare), []).append(county.code)
    return found
