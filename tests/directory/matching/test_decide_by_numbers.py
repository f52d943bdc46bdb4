"""Verdicts on records with equal or different registered numbers."""

from typing import Any

import pytest

from directory.matching.evidence import EvidenceKind, Verdict
from directory.records import Identifier
from tests.directory.matching.match_records import a_record, an_address, compare_both_ways, decide, ein

SAME, POSSIBLE, DIFFERENT = Verdict.SAME, Verdict.POSSIBLE, Verdict.DIFFERENT
PHONE = ("4045550100",)
SITE = "https://harrowgate.example/"


@pytest.mark.parametrize(
    "name",
    ["Pier Lantern Guild", "Peir Lantern Guild", "Pier Lantern Quilters Guild", "PLG", "Pier Lantern Guild Association of Poole"],
)
def test_a_shared_number_and_a_similar_name_are_enough(name: str) -> None:
    one = a_record("Pier Lantern Guild", an_address(), identifiers=ein("581234567"))
    result = compare_both_ways(one, a_record(name, an_address(None, "Portland", "US-OR"), id="two", identifiers=ein("581234567")))
    assert (result.verdict, result.score) == (SAME, 100.0)
    assert result.evidence[0].kind is EvidenceKind.IDENTIFIER
    assert "581234567" in result.evidence[0].detail


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pier Lantern Guild", "Harrowgate Union"),
        ("Tidewater Mutual Aid", "Tidewater Bail Aid"),
        ("Tidewater Commons: Pier Lantern Guild", "Tidewater Commons: Harrowgate Union"),
        ("Tidewater Commons", "Tidewater Commons: Harrowgate Union"),
    ],
)
def test_a_fiscal_sponsor_and_its_projects_share_a_number_and_all_contacts(one: str, other: str) -> None:
    known: dict[str, Any] = {"website": SITE, "phones": PHONE, "identifiers": ein("581234567")}
    result = compare_both_ways(
        a_record(one, an_address("12 Main St"), **known), a_record(other, an_address("12 Main St"), id="two", **known)
    )
    assert result.verdict is POSSIBLE
    details = [part.detail for part in result.evidence]
    assert details[0] == "same US-EIN: 581234567"
    assert "same street and number: 12 Main" in details
    assert any(f'"{one}"' in detail for detail in details)


def test_a_number_of_the_source_itself_needs_no_name() -> None:
    number = (Identifier("X-BAPD", "5"),)
    assert decide(a_record("Pier Guild", identifiers=number), a_record("Harrowgate Union", identifiers=number)) is SAME


def test_a_person_decides_if_identifiers_conflict() -> None:
    both = (Identifier("US-EIN", "581234567"), Identifier("US-UEI", "A"))
    other = (Identifier("US-EIN", "581234567"), Identifier("US-UEI", "B"))
    assert decide(a_record("Pier Guild", identifiers=both), a_record("Pier Guild", identifiers=other)) is POSSIBLE


def test_one_of_several_numbers_is_enough() -> None:
    """An organization may have had another number before: numbers conflict only if none is equal."""
    one = a_record("Pier Guild", identifiers=(*ein("581234567"), *ein("580000000")))
    result = compare_both_ways(one, a_record("Pier Guild", id="two", identifiers=ein("581234567")))
    assert (result.verdict, len(result.evidence)) == (SAME, 1)


def test_two_registered_numbers_are_two_organizations() -> None:
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), identifiers=ein("1"))
    other = a_record("Harrowgate Quill Union", an_address("12 Main St"), identifiers=ein("2"))
    assert decide(one, other) is DIFFERENT


def test_a_person_decides_if_registered_numbers_differ_and_all_else_agrees() -> None:
    known: dict[str, Any] = {"website": SITE, "phones": PHONE}
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), identifiers=ein("1"), **known)
    assert decide(one, a_record("Harrowgate Quill Union", an_address("12 Main St"), identifiers=ein("2"), **known)) is POSSIBLE


def test_different_numbers_of_one_source_are_not_two_organizations() -> None:
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), identifiers=(Identifier("X-BAPD", "5"),))
    other = a_record("Harrowgate Quill Union", an_address("12 Main St"), identifiers=(Identifier("X-BAPD", "9"),))
    assert decide(one, other) is POSSIBLE
