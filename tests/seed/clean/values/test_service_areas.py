import pytest

from seed.clean.values.service_areas import find_mapped_region, find_region, split_areas
from seed.clean.values.terms import TagMeaning

FULTON, COBB = "US-GA-121", "US-GA-067"


def find_codes(text: str, state: str | None = None) -> list[str]:
    return [code for area in split_areas(text) for _, code in find_region(area, state).terms]


@pytest.mark.parametrize(
    ("text", "codes"),
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
def test_regions_by_name(text: str, codes: list[str]) -> None:
    assert find_codes(text) == codes


@pytest.mark.parametrize("text", ["Atlanta, GA", "New York, NY", "Chicago, IL, and Milwaukee, WI"])
def test_a_city_never_makes_its_state_served(text: str) -> None:
    assert find_codes(text) == []


def test_the_suggestions_for_a_city_are_its_county_and_state() -> None:
    assert find_region("San José, CA", None).suggestions == ("US-CA-085", "US-CA")
    assert find_region("Athens", "US-GA").suggestions[-1] == "US-GA"


def test_an_area_that_depends_on_the_state_is_reported_or_unknown() -> None:
    assert find_region("statewide", "US-GA") == TagMeaning((("service_areas", "US-GA"),), "the organization's state")
    assert find_region("Statewide", None).is_unknown
    assert find_region("Orange County", "US-CA").terms == (("service_areas", "US-CA-059"),)
    assert find_region("Orange County", "US-CA").reason
    assert find_region("Orange County", None).is_unknown
    assert find_region("Orange County", None).suggestions


def test_the_profile_maps_areas_too() -> None:
    assert find_mapped_region("Metro", {"Metro": FULTON}) == TagMeaning((("service_areas", FULTON),))
    assert find_mapped_region("Metro", {"Metro": "service_areas:US"}) == TagMeaning((("service_areas", "US"),))
    assert find_mapped_region("Metro", {"Metro": ""}) == TagMeaning(is_ignored=True)
    assert find_mapped_region("Metro", {}) is None


def test_areas_split_by_the_profile_are_not_split_again() -> None:
    assert split_areas([" Fulton County, GA ", ""]) == ["Fulton County, GA"]


def test_empty_areas_are_left_out() -> None:
    assert split_areas(" ; ,; ") == []
    assert split_areas("Fulton County;; Cobb County;") == ["Fulton County", "Cobb County"]
