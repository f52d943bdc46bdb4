import pytest

from seed.clean.service_areas import areas, mapped, region
from seed.clean.terms import Meaning

FULTON, COBB = "US-GA-121", "US-GA-067"


def codes(text: str, state: str | None = None) -> list[str]:
    return [code for area in areas(text) for _, code in region(area, state).terms]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fulton County, GA; Cobb County, GA", [FULTON, COBB]),
        ("Fulton County, GA, Cobb County, GA", [FULTON, COBB]),
        ("Georgia, Florida and AL", ["US-GA", "US-FL", "US-AL"]),
        ("MD/VA/DC", ["US-MD", "US-VA", "US-DC"]),
        ("Washington, Oregon", ["US-WA", "US-OR"]),
        ("Deep South; México", ["DEEP-SOUTH", "MX"]),
        ("Trinidad and Tobago", ["TT"]),
        ("nationwide", ["US"]),
        ("State of Georgia", ["US-GA"]),
    ],
)
def test_regions_by_name(text: str, found: list[str]) -> None:
    assert codes(text) == found


@pytest.mark.parametrize("text", ["Atlanta, GA", "New York, NY", "Chicago, IL, and Milwaukee, WI"])
def test_a_city_never_makes_its_state_served(text: str) -> None:
    assert codes(text) == []


def test_the_nearest_of_a_city_are_its_county_and_state() -> None:
    assert region("San José, CA", None).nearest == ("US-CA-085", "US-CA")
    assert region("Athens", "US-GA").nearest[-1] == "US-GA"


def test_what_depends_on_the_organizations_state_is_told_or_unknown() -> None:
    assert region("statewide", "US-GA") == Meaning((("service_areas", "US-GA"),), "the organization's state")
    assert region("Statewide", None).is_unknown
    assert region("Orange County", "US-CA").terms == (("service_areas", "US-CA-059"),)
    assert region("Orange County", "US-CA").reason
    assert region("Orange County", None).is_unknown
    assert region("Orange County", None).nearest


def test_the_profile_maps_areas_too() -> None:
    assert mapped("Metro", {"Metro": FULTON}) == Meaning((("service_areas", FULTON),))
    assert mapped("Metro", {"Metro": "service_areas:US"}) == Meaning((("service_areas", "US"),))
    assert mapped("Metro", {"Metro": ""}) == Meaning(ignored=True)
    assert mapped("Metro", {}) is None


def test_what_a_profile_has_parted_stays() -> None:
    assert areas([" Fulton County, GA ", ""]) == ["Fulton County, GA"]
