from typing import Any

import pytest

from directory.matching.compare_contacts import compare_contacts
from directory.matching.evidence import Evidence
from directory.matching.token_frequency import TokenFrequency
from directory.matching.weights import (
    DOMAIN,
    DOMAIN_OTHER_PAGE,
    EMAIL_ADDRESS,
    HOSTED_PAGE,
    MIN_SHARING_DISCOUNT,
    OTHER_PHONE,
    PHONE,
    PHONE_TOLL_FREE,
)
from tests.directory.matching.match_records import some_features


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
