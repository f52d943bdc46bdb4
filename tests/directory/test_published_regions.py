"""The regions of a published place follow from its published area, whatever their kind."""

import pytest

from directory.geo import Disclosure, Precision
from directory.published_places import publish_location
from directory.records import StoredLocation
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

FULTON = StoredLocation(id="site", state="US-GA", county="US-GA-121", known=Precision.COUNTY)
ATLANTA = StoredLocation(
    id="site", state="US-GA", county="US-GA-121", city="Atlanta", postal_code="30312", known=Precision.POSTAL_CODE
)
SMALL_KINDS = {RegionKind.COUNTY, RegionKind.TRIBAL_AREA, RegionKind.METRO_AREA, RegionKind.CUSTOM}


@pytest.mark.parametrize("disclosure", Disclosure)
@pytest.mark.parametrize("county", ["US-GA-121", "US-AZ-001", "US-RI-007", "US-DC-001", "US-OK-001", "US-CA-073"])
def test_the_regions_contain_the_whole_published_area(disclosure: Disclosure, county: str) -> None:
    """So a region never tells more than the area: a place published by its state has no metropolitan or tribal area."""
    state = county[:5]
    location = publish_location(StoredLocation(id="site", state=state, county=county, known=Precision.COUNTY), disclosure)
    area = county if location.precision is Precision.COUNTY else state
    assert location.regions == (area, *REGIONS.containing_codes(area))
    small = [code for code in location.regions if REGIONS.require(code).kind in SMALL_KINDS]
    assert all(REGIONS.covers(code, area) for code in small)


def test_a_state_is_not_in_a_metropolitan_or_tribal_area_that_covers_a_part_of_it() -> None:
    location = publish_location(FULTON, Disclosure.STATE)
    kinds = {REGIONS.require(code).kind for code in location.regions}
    assert not kinds & {RegionKind.METRO_AREA, RegionKind.TRIBAL_AREA}
    hidden = publish_location(FULTON, Disclosure.HIDDEN)
    assert hidden.regions == location.regions


def test_a_metropolitan_area_is_never_published_as_a_county() -> None:
    for disclosure in (Disclosure.CITY, Disclosure.POSTAL_CODE, Disclosure.COUNTY, Disclosure.STATE):
        address = publish_location(ATLANTA, disclosure).address
        assert address is not None
        assert address.county in (None, "Fulton County")


def test_a_county_is_in_the_metropolitan_area_that_contains_it() -> None:
    assert publish_location(FULTON, Disclosure.COUNTY).regions[:3] == ("US-GA-121", "US-METRO-12060", "US-GA")


def test_a_city_over_several_counties_is_only_in_regions_that_contain_them_all() -> None:
    regions = publish_location(ATLANTA, Disclosure.CITY).regions
    assert regions[:2] == ("US-METRO-12060", "US-GA")
    assert all(REGIONS.covers(code, county) for code in regions for county in ("US-GA-089", "US-GA-121"))
