"""How much of a place is told where nobody decided: themes are stricter, and no area tells a single ZIP code."""

from typing import Any

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure, Precision
from directory.publish import disclosure
from directory.records import (
    Address,
    Site,
)
from tests.directory.test_publish_places import FULTON, GEORGIA, a_site, an_entry, published, the_location


def test_a_city_is_told_unless_somebody_or_a_theme_decides_otherwise() -> None:
    site = a_site()
    assert disclosure(site, ()) is Disclosure.CITY
    assert disclosure(site, ("housing",)) is Disclosure.CITY
    assert disclosure(site, ("housing", "immigration")) is Disclosure.COUNTY
    assert disclosure(site, ("immigration", "gender-violence")) is Disclosure.HIDDEN


def test_a_narrower_theme_is_as_strict_as_its_broader_one() -> None:
    assert disclosure(a_site(), ("detention-deportation",)) is Disclosure.COUNTY


@pytest.mark.parametrize("decided", list(Disclosure))
def test_the_organizations_own_decision_holds(decided: Disclosure) -> None:
    assert disclosure(a_site(disclosure=decided), ("gender-violence",)) is decided


def test_a_city_with_a_single_postal_code_climbs_to_its_county_unless_decided_otherwise() -> None:
    hapeville = {"city": "Hapeville", "postal_code": "30354"}
    assert disclosure(a_site(**hapeville), ()) is Disclosure.COUNTY
    assert disclosure(a_site(**hapeville, disclosure=Disclosure.CITY), ()) is Disclosure.CITY
    assert the_location(**hapeville).address == FULTON


def test_without_a_known_county_it_climbs_on_to_the_state() -> None:
    assert the_location(city="Hapeville", postal_code=None, county=None).address == GEORGIA


def in_adjuntas(**fields: Any) -> Site:
    """In a county with a single ZIP code."""
    return Site(id="site", **{"state": "US-PR", "county": "US-PR-001", "known": Precision.POSTAL_CODE, **fields})


@pytest.mark.parametrize("issue_areas", [(), ("immigration",)])
@pytest.mark.parametrize("city", [None, "Adjuntas", "Nowhereville"])
def test_a_county_with_a_single_postal_code_climbs_to_its_state(city: str | None, issue_areas: tuple[str, ...]) -> None:
    site = in_adjuntas(city=city, postal_code="00601")
    assert disclosure(site, issue_areas) is Disclosure.STATE
    assert published(an_entry(sites=(site,), issue_areas=issue_areas)).locations[0].address == Address("US", state="PR")
    assert disclosure(replace(site, disclosure=Disclosure.COUNTY), issue_areas) is Disclosure.COUNTY


def test_a_county_whose_climbing_cities_share_a_postal_code_climbs_to_its_state() -> None:
    winterville = a_site(city="Winterville", county="US-GA-059", postal_code="30683")
    assert disclosure(winterville, ()) is Disclosure.STATE
    assert disclosure(winterville, ("immigration",)) is Disclosure.COUNTY  # whoever is told by theme may be in any of its cities
    assert disclosure(replace(winterville, city="Athens", postal_code="30601"), ()) is Disclosure.CITY


def test_a_city_that_the_gazetteer_does_not_know_climbs_to_its_county() -> None:
    assert disclosure(a_site(city="Nowhereville"), ()) is Disclosure.COUNTY
    assert disclosure(a_site(city=None), ()) is Disclosure.CITY
