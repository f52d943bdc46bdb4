"""How precisely a place is published by default: issue areas may be stricter, and an area must be large enough."""

from typing import Any

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure, Precision
from directory.published_places import determine_disclosure
from directory.records import (
    Address,
    Source,
    StoredLocation,
)
from tests.directory.test_publish_places import FULTON, GEORGIA, a_site, an_entry, publish_record, the_location


def test_the_default_is_the_city_unless_the_place_or_an_issue_area_says_otherwise() -> None:
    site = a_site()
    assert determine_disclosure(site, ()) is Disclosure.CITY
    assert determine_disclosure(site, ("housing",)) is Disclosure.CITY
    assert determine_disclosure(site, ("housing", "immigration")) is Disclosure.COUNTY
    assert determine_disclosure(site, ("immigration", "gender-violence")) is Disclosure.HIDDEN


def test_a_narrower_issue_area_is_as_strict_as_its_broader_one() -> None:
    assert determine_disclosure(a_site(), ("detention-deportation",)) is Disclosure.COUNTY


@pytest.mark.parametrize("decided", list(Disclosure))
def test_the_organizations_own_decision_holds(decided: Disclosure) -> None:
    assert determine_disclosure(a_site(disclosure=decided), ("gender-violence",)) is decided


def test_a_city_with_fewer_than_five_zip_codes_is_published_as_its_county_unless_decided_otherwise() -> None:
    hapeville = {"city": "Hapeville", "postal_code": "30354"}
    assert determine_disclosure(a_site(**hapeville), ()) is Disclosure.COUNTY
    assert determine_disclosure(a_site(**hapeville, disclosure=Disclosure.CITY), ()) is Disclosure.CITY
    assert the_location(**hapeville).address == FULTON


@pytest.mark.parametrize(
    ("city", "county", "disclosure"), [("Decatur", "089", Disclosure.CITY), ("Athens", "059", Disclosure.COUNTY)]
)
def test_five_zip_codes_are_enough(city: str, county: str, disclosure: Disclosure) -> None:
    """Decatur has five ZIP codes, Athens has four."""
    assert determine_disclosure(a_site(city=city, county=f"US-GA-{county}", postal_code=None), ()) is disclosure


def test_without_a_known_county_it_climbs_on_to_the_state() -> None:
    assert the_location(city="Hapeville", postal_code=None, county=None).address == GEORGIA


def in_adjuntas(**fields: Any) -> StoredLocation:
    """Return a location in a county with a single ZIP code."""
    return StoredLocation(id="site", **{"state": "US-PR", "county": "US-PR-001", "known": Precision.POSTAL_CODE, **fields})


@pytest.mark.parametrize("issue_areas", [(), ("immigration",)])
@pytest.mark.parametrize("city", [None, "Adjuntas", "Nowhereville"])
def test_a_county_with_fewer_than_five_zip_codes_climbs_to_its_state(city: str | None, issue_areas: tuple[str, ...]) -> None:
    site = in_adjuntas(city=city, postal_code="00601")
    assert determine_disclosure(site, issue_areas) is Disclosure.STATE
    assert publish_record(an_entry(sites=(site,), issue_areas=issue_areas)).locations[0].address == Address("US", state="PR")
    assert determine_disclosure(replace(site, disclosure=Disclosure.COUNTY), issue_areas) is Disclosure.COUNTY


def test_a_county_climbs_if_fewer_than_five_zip_codes_are_left_outside_its_large_cities() -> None:
    tybee_island = a_site(city="Tybee Island", county="US-GA-051", postal_code="31328")
    assert determine_disclosure(tybee_island, ()) is Disclosure.STATE
    assert (
        determine_disclosure(tybee_island, ("immigration",)) is Disclosure.COUNTY
    )  # with this issue area, all ZIP codes of the county count
    assert determine_disclosure(replace(tybee_island, city="Savannah", postal_code="31401"), ()) is Disclosure.CITY
    county_alone = replace(tybee_island, city=None, postal_code=None, known=Precision.COUNTY)
    assert publish_record(an_entry(sites=(county_alone,))).locations[0].precision is Precision.COUNTY


def on_nantucket(**fields: Any) -> StoredLocation:
    """Return a location in a state whose other ZIP codes are all published as their city or county."""
    nantucket = {"state": "US-MA", "county": "US-MA-019", "city": "Nantucket", "postal_code": "02554"}
    return StoredLocation(id="site", **{**nantucket, "known": Precision.POSTAL_CODE, "is_primary": True, **fields})


@pytest.mark.parametrize("issue_areas", [(), ("immigration",)])
def test_no_place_is_published_if_only_a_few_zip_codes_would_be_published_as_the_state(issue_areas: tuple[str, ...]) -> None:
    report = Source("locations", "A report", tells=Disclosure.STATE)
    entry = an_entry(issue_areas=issue_areas, sources=(report,))
    assert publish_record(replace(entry, sites=(on_nantucket(),))) == publish_record(entry)
    assert determine_disclosure(on_nantucket(), issue_areas) is Disclosure.HIDDEN


def test_a_place_that_is_not_published_leaves_no_trace_among_others() -> None:
    atlanta = a_site(is_primary=True)
    alone = publish_record(an_entry(sites=(atlanta,)))
    assert publish_record(an_entry(sites=(on_nantucket(is_primary=False), atlanta))) == alone
    assert (
        publish_record(an_entry(sites=(on_nantucket(), replace(atlanta, is_primary=False)))) == alone
    )  # the only place is primary


def test_a_state_is_published_where_nothing_smaller_is_known() -> None:
    state_only = {"county": None, "city": None, "postal_code": None, "known": Precision.STATE}
    for site in (on_nantucket(**state_only), on_nantucket(**{**state_only, "city": "Nantuckett"})):
        assert publish_record(an_entry(sites=(site,))).locations[0].address == Address("US", state="MA")


def test_the_organization_may_publish_what_is_too_small() -> None:
    for decided in (Disclosure.CITY, Disclosure.COUNTY, Disclosure.STATE):
        site = on_nantucket(disclosure=decided)
        assert publish_record(an_entry(sites=(site,))).locations[0].precision is Precision(decided.value)


@pytest.mark.parametrize("decided", [Disclosure.HIDDEN, None])
def test_a_hidden_place_does_not_show_a_state_with_fewer_than_five_zip_codes(decided: Disclosure | None) -> None:
    hidden = on_nantucket(disclosure=decided)
    pago_pago = StoredLocation(id="site", state="US-AS", city="Pago Pago", postal_code="96799", known=Precision.POSTAL_CODE)
    entry = an_entry(issue_areas=("gender-violence",))
    assert publish_record(replace(entry, sites=(hidden,))).locations[0].address == Address("US", state="MA")
    assert publish_record(replace(entry, sites=(replace(pago_pago, disclosure=decided),))).locations == ()


def test_a_city_that_the_gazetteer_does_not_know_climbs_to_its_county() -> None:
    assert determine_disclosure(a_site(city="Nowhereville"), ()) is Disclosure.COUNTY
    assert determine_disclosure(a_site(city=None), ()) is Disclosure.CITY
