from typing import Any

import pytest

from directory.matching.compare_details import compare_contacts, compare_places
from directory.matching.evidence import Evidence
from directory.matching.match_record import MatchAddress
from directory.matching.token_frequency import TokenFrequency
from directory.matching.weights import (
    CITY,
    CITY_OTHER_STREET,
    DOMAIN,
    DOMAIN_OTHER_PAGE,
    EMAIL_ADDRESS,
    HOSTED_PAGE,
    MIN_SHARING_DISCOUNT,
    OTHER_CITY,
    OTHER_CITY_AND_STREET,
    OTHER_COUNTRY,
    OTHER_PHONE,
    OTHER_STATE,
    OTHER_UNIT,
    PHONE,
    PHONE_TOLL_FREE,
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


def compare(one: dict[str, Any], other: dict[str, Any], frequency: TokenFrequency | None = None) -> list[Evidence]:
    return list(
        compare_contacts(
            some_features("A", **one), some_features("B", **other), frequency or TokenFrequency(), same_building=False
        )
    )


def points(one: dict[str, Any], other: dict[str, Any]) -> list[float]:
    return [evidence.points for evidence in compare(one, other)]


def test_a_phone_number_matches_in_any_format() -> None:
    for written in ("(404) 555-0100", "404/555-0100", "+1 404 555 0100", "404.555.0100 x12", "1-404-555-0100"):
        assert points({"phones": ("+14045550100",)}, {"phones": (written,)}) == [PHONE]


def test_unreadable_phone_numbers_are_ignored() -> None:
    assert points({"phones": ("none",)}, {"phones": ("n/a", "", "555")}) == []


def test_a_toll_free_number_is_weaker_evidence() -> None:
    assert points({"phones": ("8005550100",)}, {"phones": ("800-555-0100",)}) == [PHONE_TOLL_FREE]


def test_different_numbers_are_evidence_against_a_match() -> None:
    assert points({"phones": ("4045550100",)}, {"phones": ("4045550199",)}) == [OTHER_PHONE]
    assert points({"phones": ("4045550100",)}, {}) == []


def test_phone_numbers_are_written_with_hyphens() -> None:
    one: dict[str, Any] = {"phones": ("(404) 555-0100",)}
    assert [evidence.detail for evidence in compare(one, one)] == ["same phone number: 404-555-0100"]
    (evidence,) = compare(one, {"phones": ("+44 20 7946 0100",)})
    assert evidence.detail == "different phone numbers: 404-555-0100 / 442079460100"


def test_a_contact_that_many_share_is_weak_evidence() -> None:
    frequency = TokenFrequency()
    for _ in range(30):
        frequency.count([], ["host.example", "4045550100"])
    one: dict[str, Any] = {"phones": ("4045550100",), "website": "https://host.example/"}
    phone, site = compare(one, one, frequency)
    assert phone.points < PHONE / 5
    assert site.points < DOMAIN / 5
    assert "30" in site.detail


@pytest.mark.parametrize(
    ("sharers", "share"),
    [(1, 1.0), (2, 1.0), (3, 0.6), (5, 0.6), (6, 0.3), (20, 0.3), (21, MIN_SHARING_DISCOUNT), (500, MIN_SHARING_DISCOUNT)],
)
def test_evidence_gets_weaker_with_the_number_of_sharers(sharers: int, share: float) -> None:
    frequency = TokenFrequency()
    for _ in range(sharers):
        frequency.count([], ["4045550100"])
    one: dict[str, Any] = {"phones": ("4045550100",)}
    (phone,) = compare(one, one, frequency)
    assert phone.points == PHONE * share
    assert (f"shared by {sharers} records" in phone.detail) == (sharers > 2)


def test_a_website_and_a_mailbox_share_a_domain() -> None:
    assert points({"website": "https://harbor.example/"}, {"emails": ("office@harbor.example",)}) == [DOMAIN]


def test_a_shared_mailbox_counts_but_a_shared_provider_does_not() -> None:
    assert points({"emails": ("a@gmail.com",)}, {"emails": ("b@gmail.com",)}) == []
    assert points({"emails": ("A@gmail.com",)}, {"emails": ("a@gmail.com",)}) == [EMAIL_ADDRESS]


def test_pages_on_shared_hosts_and_below_one_domain() -> None:
    one: dict[str, Any] = {"website": "https://facebook.com/harbor"}
    other: dict[str, Any] = {"website": "facebook.com/pier"}
    assert points(one, one) == [HOSTED_PAGE]
    assert points(one, other) == []
    below: dict[str, Any] = {"website": "https://umbrella.example/macon"}
    beside: dict[str, Any] = {"website": "https://umbrella.example/savannah"}
    assert points(below, beside) == [DOMAIN_OTHER_PAGE]
