"""Which areas are large enough to be published by default: at least five ZIP codes are published as each.

An area that is published only for the few places that are not published as a smaller one would identify them, however many
others lie in it: if the cities of one county alone are published as their state, that state means that county. So what counts
is how many standard ZIP codes would be published as the area itself. PO boxes and codes of a single recipient do not count:
nobody's office or shelter stands there.

How far up a place goes also depends on what is stated of it: a city over several counties has no county unless a ZIP code is
stated too. Each way to state a place is counted by itself, so that knowing how a list states its places does not help.
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
    """What is stated of a place, as far as its county follows from it.

    CITY_AND_COUNTY: a city with a ZIP code, which may tell the county. CITY_IN_COUNTY: a city without a ZIP code, and a county
    that does not follow from the city.
    """

    CITY_AND_COUNTY = "CITY_AND_COUNTY"
    CITY_IN_COUNTY = "CITY_IN_COUNTY"
    CITY = "CITY"
    POSTAL_CODE = "POSTAL_CODE"
    COUNTY = "COUNTY"
    STATE = "STATE"


PublishableAreas = Mapping[tuple[Precision, StatedBy], frozenset[str]]


def compute_publishable_areas(codes: PostalCodes) -> PublishableAreas:
    """The ids of the areas, by the finest that a place may be published as (CITY, COUNTY or STATE) and what is stated of it.

    A place is published as the first of its city, county and state that is among them, starting with that finest one, and not at
    all if none is.
    """
    standard = np.flatnonzero(codes.standards == 1)
    large_cities = codes.cities.mask_by_size(MIN_POSTAL_CODES)
    outside = standard[~large_cities[codes.city_positions[standard]]]
    cities = frozenset(f"city:{codes.cities.get_key(one)}" for one in np.flatnonzero(large_cities).tolist())
    states = _make_area_ids("state", codes.state_codes, _mask_large_states(codes))
    found: dict[tuple[Precision, StatedBy], frozenset[str]] = {(Precision.STATE, stated_by): states for stated_by in StatedBy}
    for stated_by, rows, counties in _group_by_statement(codes, standard):
        found[Precision.COUNTY, stated_by] = _find_large_areas(codes, rows, counties)
    for stated_by, rows, counties in _group_by_statement(codes, outside):
        found[Precision.CITY, stated_by] = cities | _find_large_areas(codes, rows, counties)
    for finest, rows in ((Precision.COUNTY, standard), (Precision.CITY, outside)):
        by_city = found[finest, StatedBy.CITY]
        found[finest, StatedBy.CITY_IN_COUNTY] = _drop_counties(by_city) | _find_stated_counties(codes, rows, by_city)
    return found


def _group_by_statement(codes: PostalCodes, rows: Positions) -> Iterator[tuple[StatedBy, Positions, Positions]]:
    """By each way of stating the places in these rows, the rows that can be stated so and the county of each, -1 for none."""
    own, by_city = codes.county_positions[rows], codes.compute_city_counties()[codes.city_positions[rows]]
    yield StatedBy.CITY_AND_COUNTY, rows, np.where(by_city < 0, own, by_city)
    yield StatedBy.CITY, rows, by_city
    yield StatedBy.POSTAL_CODE, rows, own
    yield StatedBy.COUNTY, rows[own >= 0], own[own >= 0]


def _find_large_areas(codes: PostalCodes, rows: Positions, counties: Positions) -> frozenset[str]:
    """Those large enough if the places in the rows are published as their counties, and as states where these are too small."""
    large = _mask_large_areas(counties[counties >= 0], _mask_large_counties(codes))
    climbs = (counties < 0) | ~large[counties]
    states = _mask_large_areas(codes.state_positions[rows[climbs]], _mask_large_states(codes))
    return _make_area_ids("county", codes.county_codes, large) | _make_area_ids("state", codes.state_codes, states)


def _find_stated_counties(codes: PostalCodes, rows: Positions, by_city: frozenset[str]) -> frozenset[str]:
    """The counties that are large enough in a list that states cities and counties, but no ZIP codes.

    There, a place whose city lies in one county is published by the city alone (`by_city`). The others are published as the
    county that is stated for them. They are published as the state instead, like all places of lists that state cities alone,
    where the few places left to the state would be identified by it.
    """
    own, of_city = codes.county_positions[rows], codes.compute_city_counties()[codes.city_positions[rows]]
    large_by_city = np.array([f"county:{code}" in by_city for code in codes.county_codes])
    is_stated, follows = (of_city < 0) & (own >= 0), (of_city >= 0) & large_by_city[of_city]
    size = len(codes.county_codes)
    stated = np.bincount(own[is_stated], minlength=size)
    large = (stated > 0) & (stated + np.bincount(of_city[follows], minlength=size) >= MIN_POSTAL_CODES)
    climbs = ~follows & ~(is_stated & large[own])
    left = np.bincount(codes.state_positions[rows[climbs]], minlength=len(codes.state_codes))
    small = {codes.state_codes[one] for one in np.flatnonzero((left > 0) & (left < MIN_POSTAL_CODES))}
    return frozenset(one for one in _make_area_ids("county", codes.county_codes, large) if _get_state_code(one) not in small)


def _drop_counties(areas: frozenset[str]) -> frozenset[str]:
    return frozenset(area for area in areas if not area.startswith("county:"))


def _get_state_code(area: str) -> str:
    """ "US-GA" of "county:US-GA-121"."""
    return area.removeprefix("county:")[:5]


def _mask_large_areas(published: Positions, whole: Mask) -> Mask:
    """By position of an area, whether it may be published, given the areas that the standard codes are published as.

    If none of them is, then only places are of which nothing finer is known: it is enough that the `whole` area is large.
    """
    counts = np.bincount(published, minlength=whole.size)
    large: Mask = (counts >= MIN_POSTAL_CODES) | ((counts == 0) & whole)
    return large


def _mask_large_counties(codes: PostalCodes) -> Mask:
    counties = codes.county_positions[codes.standards == 1]
    return np.bincount(counties[counties >= 0], minlength=len(codes.county_codes)) >= MIN_POSTAL_CODES


def _mask_large_states(codes: PostalCodes) -> Mask:
    states = codes.state_positions[codes.standards == 1]
    return np.bincount(states, minlength=len(codes.state_codes)) >= MIN_POSTAL_CODES


def _make_area_ids(kind: str, region_codes: list[str], large: Mask) -> frozenset[str]:
    return frozenset(f"{kind}:{region_codes[one]}" for one in np.flatnonzero(large))
