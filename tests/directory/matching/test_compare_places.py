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


@pytest.mark.parametrize(
    ("one", "other", "detail"),
    [
        (an_address(None, "Salt Lake City"), an_address(None, "SALT LAKE CITY"), "same city: Salt Lake City"),
        (an_address(None, "MACON"), an_address(None, "Macon"), "same city: Macon"),
        (an_address(None, "Winston-Salem"), an_address(None, "Macon"), "different cities: Winston-Salem / Macon"),
        (an_address(None, None, "US-DC"), an_address(None, None, "US-GA"), "different states: District of Columbia / Georgia"),
        (an_address("12 granary st"), an_address("12 Granary Street"), "same street and number: 12 Granary"),
        (an_address("PO Box 12"), an_address("P.O. Box 12"), "same street and number: PO box 12"),
    ],
)
def test_evidence_names_places_as_people_do(one: MatchAddress, other: MatchAddress, detail: str) -> None:
    evidence = compare_places(some_features("A", one), some_features("B", other)).evidence
    assert evidence is not None
    assert evidence.detail == detail


def test_evidence_does_not_name_the_street_of_the_second_record() -> None:
    row = an_address("12 Granary Row Ste 5")
    for private in ("12 Granary Rwo", "12 Granary Row Ste 88", "12 Granary Harrowgate Row", "990 Harrowgate Rd"):
        evidence = compare_places(some_features("A", row), some_features("B", an_address(private))).evidence
        assert evidence is not None
        assert not {"Rwo", "88", "Harrowgate", "990"} & set(evidence.detail.replace(",", "").split())
