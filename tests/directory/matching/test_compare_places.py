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
from tests.directory.matching.match_records import an_address, some_features


@pytest.mark.parametrize(
    ("one", "other", "points"),
    [
        (an_address("12 Main St"), an_address("12 Main Street"), SAME_BUILDING),
        (an_address("12 Main St", None, None), an_address("12 Main Street"), SAME_BUILDING),
        (an_address("12 Main St Ste 5"), an_address("12 Main St Ste 6"), OTHER_UNIT),
        (an_address("12 Main St", "Hollywood", None), an_address("12 Main St", "Los Angeles", None), SAME_BUILDING_OTHER_TOWN),
        (
            an_address("12 Main St", "Hollywood", code="31201"),
            an_address("12 Main St", "Los Angeles", code="31201-1234"),
            SAME_BUILDING,
        ),
        (an_address(), an_address("12 Main St"), CITY),
        (an_address(None, "Macon", None), an_address(None, "MACON"), CITY),
        (an_address(None, "New York City"), an_address(None, "New York"), CITY),
        (an_address(None, "W. Hollywood"), an_address(None, "West Hollywood"), CITY),
        (an_address(None, "Saint Louis"), an_address(None, "St. Louis"), CITY),
        (an_address("12 Main St"), an_address("900 Oak St"), CITY_OTHER_STREET),
        (an_address(code="31201"), an_address(code="31201"), POSTAL_CODE),
        (an_address(), an_address(None, "Savannah"), OTHER_CITY),
        (an_address("12 Main St"), an_address("900 Oak St", "Savannah"), OTHER_CITY_AND_STREET),
        (an_address(), an_address(None, "Macon", "US-MO"), OTHER_STATE),
        (an_address("12 Main St"), an_address("12 Main St", "Macon", "US-MO"), OTHER_STATE),
        (an_address(), MatchAddress(city="Macon", country="FR"), OTHER_COUNTRY),
    ],
)
def test_points_of_two_addresses(one: MatchAddress, other: MatchAddress, points: float) -> None:
    for left, right in ((one, other), (other, one)):
        evidence = compare_places(some_features("A", left), some_features("B", right)).evidence
        assert evidence is not None
        if points == OTHER_STATE and one.street:
            assert evidence.points < OTHER_STATE  # the same street name in another state
        else:
            assert evidence.points == points


def test_there_is_no_evidence_if_nothing_can_be_compared() -> None:
    assert compare_places(some_features("A"), some_features("B", an_address())).evidence is None
    assert compare_places(some_features("A", an_address(None, None, "US-GA")), some_features("B", an_address())).evidence is None


def test_the_best_pair_of_several_addresses_counts() -> None:
    many = some_features("A", an_address(None, "Savannah"), an_address("12 Main St"))
    assert compare_places(many, some_features("B", an_address("12 Main St"))).same_building
    assert not compare_places(many, some_features("B", an_address("12 Main St"))).other_street
