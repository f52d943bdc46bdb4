import pytest

from directory.matching.compare_places import compare_places
from directory.matching.match_record import MatchAddress
from directory.matching.weights import (
    CITY,
    CITY_OTHER_STREET,
    OTHER_CITY,
    OTHER_CITY_AND_STREET,
    OTHER_COUNTRY,
    OTHER_STATE,
    OTHER_UNIT,
    POSTAL_CODE,
    SAME_BUILDING,
    SAME_BUILDING_OTHER_TOWN,
)
from tests.directory.matching.parties import at, some_traits


@pytest.mark.parametrize(
    ("one", "other", "points"),
    [
        (at("12 Main St"), at("12 Main Street"), SAME_BUILDING),
        (at("12 Main St", None, None), at("12 Main Street"), SAME_BUILDING),
        (at("12 Main St Ste 5"), at("12 Main St Ste 6"), OTHER_UNIT),
        (at("12 Main St", "Hollywood", None), at("12 Main St", "Los Angeles", None), SAME_BUILDING_OTHER_TOWN),
        (at("12 Main St", "Hollywood", code="31201"), at("12 Main St", "Los Angeles", code="31201-1234"), SAME_BUILDING),
        (at(), at("12 Main St"), CITY),
        (at(None, "Macon", None), at(None, "MACON"), CITY),
        (at(None, "New York City"), at(None, "New York"), CITY),
        (at(None, "W. Hollywood"), at(None, "West Hollywood"), CITY),
        (at(None, "Saint Louis"), at(None, "St. Louis"), CITY),
        (at("12 Main St"), at("900 Oak St"), CITY_OTHER_STREET),
        (at(code="31201"), at(code="31201"), POSTAL_CODE),
        (at(), at(None, "Savannah"), OTHER_CITY),
        (at("12 Main St"), at("900 Oak St", "Savannah"), OTHER_CITY_AND_STREET),
        (at(), at(None, "Macon", "US-MO"), OTHER_STATE),
        (at("12 Main St"), at("12 Main St", "Macon", "US-MO"), OTHER_STATE),
        (at(), MatchAddress(city="Macon", country="FR"), OTHER_COUNTRY),
    ],
)
def test_what_two_places_say(one: MatchAddress, other: MatchAddress, points: float) -> None:
    for left, right in ((one, other), (other, one)):
        evidence = compare_places(some_traits("A", left), some_traits("B", right)).evidence
        assert evidence is not None
        if points == OTHER_STATE and one.street:
            assert evidence.points < OTHER_STATE  # with a street that happens to be called the same
        else:
            assert evidence.points == points


def test_nothing_is_said_where_nothing_can_be_compared() -> None:
    assert compare_places(some_traits("A"), some_traits("B", at())).evidence is None
    assert compare_places(some_traits("A", at(None, None, "US-GA")), some_traits("B", at())).evidence is None


def test_of_several_places_the_nearest_count() -> None:
    many = some_traits("A", at(None, "Savannah"), at("12 Main St"))
    assert compare_places(many, some_traits("B", at("12 Main St"))).same_building
    assert not compare_places(many, some_traits("B", at("12 Main St"))).other_street
