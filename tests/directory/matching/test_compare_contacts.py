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
from tests.directory.matching.parties import some_traits


def said(one: dict[str, Any], other: dict[str, Any], rarity: TokenFrequency | None = None) -> list[Evidence]:
    return list(
        compare_contacts(some_traits("A", **one), some_traits("B", **other), rarity or TokenFrequency(), same_building=False)
    )


def points(one: dict[str, Any], other: dict[str, Any]) -> list[float]:
    return [evidence.points for evidence in said(one, other)]


def test_one_telephone_written_in_many_ways() -> None:
    for written in ("(404) 555-0100", "404/555-0100", "+1 404 555 0100", "404.555.0100 x12", "1-404-555-0100"):
        assert points({"phones": ("+14045550100",)}, {"phones": (written,)}) == [PHONE]


def test_what_is_no_telephone_says_nothing() -> None:
    assert points({"phones": ("none",)}, {"phones": ("n/a", "", "555")}) == []


def test_a_number_free_of_charge_says_less() -> None:
    assert points({"phones": ("8005550100",)}, {"phones": ("800-555-0100",)}) == [PHONE_TOLL_FREE]


def test_other_numbers_speak_against() -> None:
    assert points({"phones": ("4045550100",)}, {"phones": ("4045550199",)}) == [OTHER_PHONE]
    assert points({"phones": ("4045550100",)}, {}) == []


def test_what_many_have_says_little() -> None:
    rarity = TokenFrequency()
    for _ in range(30):
        rarity.count([], ["host.example", "4045550100"])
    one: dict[str, Any] = {"phones": ("4045550100",), "website": "https://host.example/"}
    phone, site = said(one, one, rarity)
    assert phone.points < PHONE / 5
    assert site.points < DOMAIN / 5
    assert "30" in site.detail


@pytest.mark.parametrize(
    ("sharers", "share"),
    [(1, 1.0), (2, 1.0), (3, 0.6), (5, 0.6), (6, 0.3), (20, 0.3), (21, MIN_SHARING_DISCOUNT), (500, MIN_SHARING_DISCOUNT)],
)
def test_how_much_it_says_falls_with_how_many_have_it(sharers: int, share: float) -> None:
    rarity = TokenFrequency()
    for _ in range(sharers):
        rarity.count([], ["4045550100"])
    one: dict[str, Any] = {"phones": ("4045550100",)}
    (phone,) = said(one, one, rarity)
    assert phone.points == PHONE * share
    assert (f"that of {sharers} here" in phone.detail) == (sharers > 2)


def test_a_website_and_a_mailbox_share_a_domain() -> None:
    assert points({"website": "https://harbor.example/"}, {"emails": ("office@harbor.example",)}) == [DOMAIN]


def test_providers_of_mailboxes_say_nothing_but_one_mailbox_does() -> None:
    assert points({"emails": ("a@gmail.com",)}, {"emails": ("b@gmail.com",)}) == []
    assert points({"emails": ("A@gmail.com",)}, {"emails": ("a@gmail.com",)}) == [EMAIL_ADDRESS]


def test_pages_count_where_a_host_has_many() -> None:
    one: dict[str, Any] = {"website": "https://facebook.com/harbor"}
    other: dict[str, Any] = {"website": "facebook.com/pier"}
    assert points(one, one) == [HOSTED_PAGE]
    assert points(one, other) == []
    below: dict[str, Any] = {"website": "https://umbrella.example/macon"}
    beside: dict[str, Any] = {"website": "https://umbrella.example/savannah"}
    assert points(below, beside) == [DOMAIN_OTHER_PAGE]
