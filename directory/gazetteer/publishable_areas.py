"""Decide which areas are large enough to be published by default: at least five ZIP codes must be published as the area.

Counting all ZIP codes in an area is not enough. If only the cities of one county are too small and published as their state,
then the state identifies that county, however large it is. So only the standard ZIP codes that would be published as the area
itself count. PO boxes and codes of a single recipient do not count, because no office or shelter is there.

The published area also depends on what is stated about a place: a city in several counties has no county unless its ZIP code
is stated too. Each way to state a place is counted separately, so knowing how a list states its places reveals nothing.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import numpy as np

from directory.gazetteer.postal_codes import PostalCodes
from directory.geo import Precision

MIN_POSTAL_CODES = 5

Positions = np.ndarray[Any, np.dtype[Any]]  # of rows, states, counties or cities
Mask = np.ndarray[Any, np.dtype[np.bool_]]


class StatedBy(StrEnum):
    """What is stated about a place, as far as it determines the county.

    CITY_AND_COUNTY: a city with a ZIP code, which may determine the county. CITY_IN_COUNTY: a city without a ZIP code, and a
    county that the city does not determine.
    """

    CITY_AND_COUNTY = "CITY_AND_COUNTY"
    CITY_IN_COUNTY = "CITY_IN_COUNTY"
    CITY = "CITY"
    POSTAL_CODE = "POSTAL_CODE"
    COUNTY = "COUNTY"
    STATE = "STATE"


PublishableAreas = Mapping[tuple[Precision, StatedBy], frozenset[str]]


def compute_publishable_areas(codes: PostalCodes) -> PublishableAreas:
    """Return the ids of publishable areas, by the finest allowed precision (CITY, COUNTY or STATE) and what is stated.

    A place is published as the first of its city, county and state that is in the set, starting at the finest allowed
    precision. If none is, the place is not published.
    """
    standard = np.flatnonzero(codes.standards == 1)
    large_cities = codes.cities.mask_by_size(MIN_POSTAL_CODES)
    outside_large_cities = standard[~large_cities[codes.city_positions[standard]]]
    cities = frozenset(f"city:{codes.cities.get_key(position)}" for position in np.flatnonzero(large_cities).tolist())
    states = _make_area_ids("state", codes.state_codes, _mask_large_states(codes))
    areas: dict[tuple[Precision, StatedBy], frozenset[str]] = {(Precision.STATE, stated_by): states for stated_by in StatedBy}
    for stated_by, rows, counties in _group_by_statement(codes, standard):
        areas[Precision.COUNTY, stated_by] = _find_large_areas(codes, rows, counties)
    for stated_by, rows, counties in _group_by_statement(codes, outside_large_cities):
        areas[Precision.CITY, stated_by] = cities | _find_large_areas(codes, rows, counties)
    for finest, rows in ((Precision.COUNTY, standard), (Precision.CITY, outside_large_cities)):
        by_city = areas[finest, StatedBy.CITY]
        areas[finest, StatedBy.CITY_IN_COUNTY] = _drop_counties(by_city) | _find_stated_counties(codes, rows, by_city)
    return areas


def _group_by_statement(codes: PostalCodes, rows: Positions) -> Iterator[tuple[StatedBy, Positions, Positions]]:
    """For each way to state the places in these rows, yield the rows that can be stated so and their counties, -1 for none."""
    row_counties, city_counties = codes.county_positions[rows], codes.compute_city_counties()[codes.city_positions[rows]]
    yield StatedBy.CITY_AND_COUNTY, rows, np.where(city_counties < 0, row_counties, city_counties)
    yield StatedBy.CITY, rows, city_counties
    yield StatedBy.POSTAL_CODE, rows, row_counties
    yield StatedBy.COUNTY, rows[row_counties >= 0], row_counties[row_counties >= 0]


def _find_large_areas(codes: PostalCodes, rows: Positions, counties: Positions) -> frozenset[str]:
    """Return the areas that are large enough if the rows are published as counties, or as states if a county is too small."""
    large_counties = _mask_large_areas(counties[counties >= 0], _mask_large_counties(codes))
    as_state = (counties < 0) | ~large_counties[counties]
    large_states = _mask_large_areas(codes.state_positions[rows[as_state]], _mask_large_states(codes))
    return _make_area_ids("county", codes.county_codes, large_counties) | _make_area_ids("state", codes.state_codes, large_states)


def _find_stated_counties(codes: PostalCodes, rows: Positions, by_city: frozenset[str]) -> frozenset[str]:
    """Return the counties that are large enough in a list that states cities and counties, but no ZIP codes.

    In such a list, a place whose city lies in a single county is published by its city alone (`by_city`). Other places are
    published as their stated county. But if only a few places would then be published as the state, it would identify them.
    In that case no stated county is published in that state, as in lists that state only cities.
    """
    row_counties, city_counties = codes.county_positions[rows], codes.compute_city_counties()[codes.city_positions[rows]]
    large_by_city = np.array([f"county:{code}" in by_city for code in codes.county_codes])
    by_statement = (city_counties < 0) & (row_counties >= 0)
    by_city_county = (city_counties >= 0) & large_by_city[city_counties]
    size = len(codes.county_codes)
    stated_counts = np.bincount(row_counties[by_statement], minlength=size)
    counts = stated_counts + np.bincount(city_counties[by_city_county], minlength=size)
    large = (stated_counts > 0) & (counts >= MIN_POSTAL_CODES)
    as_state = ~by_city_county & ~(by_statement & large[row_counties])
    state_counts = np.bincount(codes.state_positions[rows[as_state]], minlength=len(codes.state_codes))
    small_states = {
        codes.state_codes[position] for position in np.flatnonzero((state_counts > 0) & (state_counts < MIN_POSTAL_CODES))
    }
    areas = _make_area_ids("county", codes.county_codes, large)
    return frozenset(area for area in areas if _get_state_code(area) not in small_states)


def _drop_counties(areas: frozenset[str]) -> frozenset[str]:
    return frozenset(area for area in areas if not area.startswith("county:"))


def _get_state_code(area: str) -> str:
    """Return "US-GA" for "county:US-GA-121"."""
    return area.removeprefix("county:")[:5]


def _mask_large_areas(published: Positions, is_large: Mask) -> Mask:
    """Return, by position of an area, whether it may be published.

    `published` has the area that each standard code would be published as. An area that no code is published as is used only
    for places about which nothing finer is known; it may be published if it is large as a whole (`is_large`).
    """
    counts = np.bincount(published, minlength=is_large.size)
    mask: Mask = (counts >= MIN_POSTAL_CODES) | ((counts == 0) & is_large)
    return mask


def _mask_large_counties(codes: PostalCodes) -> Mask:
    counties = codes.county_positions[codes.standards == 1]
    return np.bincount(counties[counties >= 0], minlength=len(codes.county_codes)) >= MIN_POSTAL_CODES


def _mask_large_states(codes: PostalCodes) -> Mask:
    states = codes.state_positions[codes.standards == 1]
    return np.bincount(states, minlength=len(codes.state_codes)) >= MIN_POSTAL_CODES


def _make_area_ids(kind: str, region_codes: list[str], large: Mask) -> frozenset[str]:
    return frozenset(f"{kind}:{region_codes[position]}" for position in np.flatnonzero(large))
