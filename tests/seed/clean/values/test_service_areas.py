import pytest

from seed.clean.values.terms import TagMeaning, find_mapped_region, find_region, split_areas

FULTON, COBB = "US-GA-121", "US-GA-067"


def codes(text: str, state: str | None = None) -> list[str]:
    return [code for area in split_areas(text) for _, code in find_region(area, state).terms]


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
    assert find_region("San José, CA", None).suggestions == ("US-CA-085", "US-CA")
    assert find_region("Athens", "US-GA").suggestions[-1] == "US-GA"


def test_what_depends_on_the_organizations_state_is_told_or_unknown() -> None:
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


def test_what_a_profile_has_parted_stays() -> None:
    assert split_areas([" Fulton County, GA ", ""]) == ["Fulton County, GA"]
