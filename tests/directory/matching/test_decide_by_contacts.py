"""Verdicts on unlike or almost equal names, by contacts and years."""

from typing import Any

import pytest
from msgspec.structs import replace

from directory.matching.evidence import Verdict
from tests.directory.matching.match_records import a_record, an_address, compare_both_ways, decide

SAME, POSSIBLE, DIFFERENT = Verdict.SAME, Verdict.POSSIBLE, Verdict.DIFFERENT
PHONE = ("4045550100",)
SITE = "https://harrowgate.example/"


@pytest.mark.parametrize(
    "contact",
    [
        {"phones": PHONE},
        {"website": SITE},
        {"emails": ("office@harrowgate.example",)},
        {"emails": ("harrowgate@gmail.com",)},
        {"website": "https://facebook.com/harrowgate"},
    ],
)
def test_an_unlike_name_with_a_contact_of_its_own_is_possible_in_the_same_city(contact: dict[str, Any]) -> None:
    one = a_record("Harrowgate Union", an_address(code="31201"), **contact)
    other = a_record("Pier Lantern Guild", an_address(code="31202"), **contact)
    assert decide(one, other) is POSSIBLE
    assert any(part.detail.startswith("different names") for part in compare_both_ways(one, other).evidence)
    assert decide(one, a_record("Pier Lantern Guild", an_address(None, "Dayton", "US-OH"), **contact)) is DIFFERENT


def test_the_address_of_a_person_is_no_contact_of_an_organization() -> None:
    """One person may work for several."""
    person: dict[str, Any] = {"emails": ("odalys.brennick@harrowgate.example",)}
    one, other = (a_record(name, an_address(), **person) for name in ("Harrowgate Union", "Pier Lantern Guild"))
    assert decide(one, other) is DIFFERENT
    assert decide(replace(one, website=SITE), other) is POSSIBLE, "an address at the organization's own website"


@pytest.mark.parametrize(("years", "expected"), [((1988, 2021), POSSIBLE), ((1988, 1990), SAME), ((1988, None), SAME)])
def test_similar_names_with_distant_years_may_be_a_successor(years: tuple[int, int | None], expected: Verdict) -> None:
    first, second = years
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), founded=first)
    assert decide(one, a_record("Harrowgate Quill Program Union", an_address("12 Main St"), founded=second)) is expected
    assert decide(one, a_record("Harrowgate Quill Union", an_address("12 Main St"), founded=second)) is SAME, "one name"


def test_new_is_a_word_of_another_organization() -> None:
    one = a_record("Harrowgate Tenants Union", an_address("12 Main St"))
    assert decide(one, a_record("New Harrowgate Tenants Union", an_address("12 Main St"))) is POSSIBLE


def test_two_full_names_with_one_acronym_are_different() -> None:
    one = a_record("WAVE (Women Against Violent Eviction)", an_address(code="31201"))
    assert decide(one, a_record("WAVE (Workers Advocating Voting Equity)", an_address(code="31201"))) is DIFFERENT
    assert decide(one, a_record("WAVE", an_address(code="31201"))) is POSSIBLE


def test_an_equal_name_in_another_state_is_not_enough() -> None:
    one = a_record("Harrowgate Quill Lantern Tidewater", an_address())
    assert decide(one, a_record("Harrowgate Quill Lantern Tidewater", an_address(None, "Dayton", "US-OH"))) is DIFFERENT
