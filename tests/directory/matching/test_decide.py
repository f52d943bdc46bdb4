"""Verdicts: an example for each rule of which records are the same, different or for a person to decide."""

from typing import Any

import pytest

from directory.matching.decide import _decide_verdict
from directory.matching.evidence import EvidenceKind, Verdict
from directory.matching.weights import MAX_CONTACT_POINTS, OTHER_IDENTIFIER, POSSIBLE_FROM, SAME_FROM
from directory.records import NameKind
from tests.builders import an_alternative_name
from tests.directory.matching.match_records import a_record, an_address, compare_both_ways, decide, ein

SAME, POSSIBLE, DIFFERENT = Verdict.SAME, Verdict.POSSIBLE, Verdict.DIFFERENT
PHONE, OTHER_PHONE = ("4045550100",), ("4785550177",)
SITE = "https://harrowgate.example/"


def test_a_score_lies_between_0_and_100_and_the_strongest_evidence_comes_first() -> None:
    all_agrees: dict[str, Any] = {"phones": PHONE, "website": SITE, "emails": ("office@harrowgate.example",)}
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), identifiers=ein("1"), **all_agrees)
    same = compare_both_ways(one, a_record("Harrowgate Quill Union", an_address("12 Main St"), **all_agrees))
    other = compare_both_ways(
        one, a_record("Pier Lantern Guild", an_address("9 Oak Ave", "Dayton", "US-OH"), identifiers=ein("2"))
    )
    assert (same.score, other.score) == (100.0, 0.0)
    for result in (same, other):
        strengths = [abs(part.points) for part in result.evidence]
        assert strengths == sorted(strengths, reverse=True)
    mixed = compare_both_ways(
        one, a_record("Harrowgate Quill Union", an_address("12 Main St"), identifiers=ein("2"), **all_agrees)
    )
    assert mixed.evidence[0].points == OTHER_IDENTIFIER


@pytest.mark.parametrize("name", ["Harrowgate Quill Union", "Community Center", "Tenants Association of Macon"])
def test_equal_names_at_one_address_are_the_same(name: str) -> None:
    assert decide(a_record(name, an_address("12 Main St")), a_record(name, an_address("12 Main Street", code="31201"))) is SAME
    assert (
        decide(
            a_record(name, an_address("12 Main St"), phones=PHONE), a_record(name, an_address("12 Main St"), phones=OTHER_PHONE)
        )
        is SAME
    )


def test_similar_names_with_one_phone_number_are_the_same() -> None:
    one = a_record("Harrowgate Tenants Union", an_address("12 Main St"), phones=PHONE)
    assert decide(one, a_record("Harowgate Tenant Union, Inc.", an_address(), phones=("+14045550100",))) is SAME
    assert decide(one, a_record("Harrowgate Tenants Union", an_address("900 Oak Ave", "Savannah"), phones=PHONE)) is SAME


def test_an_unusual_name_in_one_city_is_the_same_and_a_common_one_is_possible() -> None:
    assert (
        decide(a_record("Harrowgate Quill Union", an_address("12 Main St")), a_record("Harrowgate Quill Union", an_address()))
        is SAME
    )
    assert decide(a_record("Community Center", an_address("12 Main St")), a_record("Community Center", an_address())) is POSSIBLE


def test_an_unusual_name_in_another_city_is_possible() -> None:
    assert (
        decide(a_record("Harrowgate Quill Union", an_address()), a_record("Harrowgate Quill Union", an_address(None, "Savannah")))
        is POSSIBLE
    )
    assert (
        decide(a_record("Community Center", an_address()), a_record("Community Center", an_address(None, "Savannah")))
        is DIFFERENT
    )


def test_an_office_that_moved_within_the_city() -> None:
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), website=SITE)
    assert decide(one, a_record("Harrowgate Quill Union", an_address("900 Oak Ave"), website=SITE)) is SAME
    assert (
        decide(
            a_record("Harrowgate Quill Union", an_address("12 Main St")),
            a_record("Harrowgate Quill Union", an_address("9 Oak Ave")),
        )
        is POSSIBLE
    )


def test_branches_with_one_name_at_several_places_are_never_the_same() -> None:
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), phones=PHONE)
    assert decide(one, a_record("Harrowgate Quill Union", an_address("9 Oak Ave", "Savannah"), phones=OTHER_PHONE)) is DIFFERENT
    shared: dict[str, Any] = {"website": SITE}
    record_with_site = a_record("Harrowgate Quill Union", an_address("12 Main St"), phones=PHONE, **shared)
    for place in (an_address("9 Oak Ave"), an_address("9 Oak Ave", "Savannah"), an_address("9 Oak Ave", "Dayton", "US-OH")):
        branch = a_record("Harrowgate Quill Union", place, phones=OTHER_PHONE, **shared)
        assert decide(record_with_site, branch) is not SAME
    hotline: dict[str, Any] = {"phones": ("8005550100",), "website": SITE}
    left, right = an_address("12 Main St"), an_address("9 Oak Ave", "Savannah")
    assert decide(a_record("Harrowgate Quill", left, **hotline), a_record("Harrowgate Quill", right, **hotline)) is not SAME


def test_a_branch_of_its_parent_is_never_the_same() -> None:
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), id="parent")
    other = a_record("Harrowgate Quill Union", an_address("12 Main St"), id="branch", parent="parent")
    assert decide(one, other) is not SAME
    known: dict[str, Any] = {"website": SITE, "phones": PHONE}
    one = a_record("Harrowgate Quill Union", an_address("12 Main St"), id="parent", **known)
    other = a_record("Harrowgate Quill Union", an_address("12 Main St"), id="branch", parent="parent", **known)
    assert compare_both_ways(one, other).score >= SAME_FROM, "although all else agrees"
    assert decide(one, other) is POSSIBLE


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Harrowgate Quill Lantern Tidewater", "Harrowgate Quill Lantern Tidewater Program", SAME),
        ("Harrowgate Quill Lantern Tidewater", "Harrowgate Quill Lantern Tidewater Association", SAME),
        ("Harrowgate Quill Lantern Tidewater Association", "Harrowgate Quill Lantern Tidewater Institute", POSSIBLE),
        ("Harrowgate Quill Lantern Tidewater", "Harrowgate Quill Lantern Tidewater Pelican", POSSIBLE),
        ("Harrowgate Quill Lantern Tidewater Pelican", "Harrowgate Quill Lantern Tidewater Heron", POSSIBLE),
    ],
)
def test_a_long_name_with_another_word_is_never_the_same_however_much_agrees(left: str, right: str, expected: Verdict) -> None:
    known: dict[str, Any] = {"website": SITE, "phones": PHONE}
    result = compare_both_ways(
        a_record(left, an_address("12 Main St"), **known), a_record(right, an_address("12 Main St"), id="two", **known)
    )
    assert result.score >= SAME_FROM
    assert result.verdict is expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [(POSSIBLE_FROM - 0.1, DIFFERENT), (POSSIBLE_FROM, POSSIBLE), (SAME_FROM - 0.1, POSSIBLE), (SAME_FROM, SAME)],
)
def test_a_threshold_belongs_to_the_verdict_above_it(score: float, expected: Verdict) -> None:
    assert _decide_verdict(score, may_be_same=True) is expected
    assert _decide_verdict(score, may_be_same=False) is (POSSIBLE if expected is SAME else expected)


def test_the_points_of_contacts_are_limited() -> None:
    """A host or umbrella organization may share its phone, website and mailbox with many others."""
    contacts: dict[str, Any] = {"phones": PHONE, "website": SITE, "emails": ("office@harrowgate.example",)}
    one, other = "Harrowgate Quill Union", "Harrowgate Lantern Guild of Tidewater"
    alone = compare_both_ways(a_record(one), a_record(other)).evidence
    result = compare_both_ways(a_record(one, **contacts), a_record(other, **contacts))
    of_contacts = [part.points for part in result.evidence if part.kind in (EvidenceKind.PHONE, EvidenceKind.WEBSITE)]
    assert sum(of_contacts) > MAX_CONTACT_POINTS
    assert sum(part.points for part in alone) < 0, "which a shared contact outweighs"
    assert result.score == MAX_CONTACT_POINTS


@pytest.mark.parametrize("name", ["Quillfeather Food Bank", "Tidewater Legal Clinic", "Office of Peace", "Union"])
def test_an_address_alone_is_no_match(name: str) -> None:
    assert (
        decide(a_record("Harrowgate Tenants Union", an_address("12 Main St")), a_record(name, an_address("12 Main St")))
        is DIFFERENT
    )


@pytest.mark.parametrize(
    "name",
    [
        "Friends of Harrowgate Union",
        "Harrowgate Union Foundation",
        "Harrowgate Union Local 32",
        "Harrowgate Union of Ohio",
        "Harrowgate Union Youth Wing",
        "Harrowgate Union Political Action Committee",
    ],
)
def test_a_name_that_extends_another_is_possible_at_one_place_and_never_the_same(name: str) -> None:
    one = a_record("Harrowgate Union", an_address("12 Main St"))
    assert decide(one, a_record(name, an_address("12 Main St"))) is POSSIBLE
    assert decide(one, a_record(name, an_address())) is POSSIBLE
    assert decide(one, a_record(name, an_address("900 Oak Ave"))) is DIFFERENT
    assert decide(one, a_record(name, an_address(None, "Savannah"))) is DIFFERENT
    known: dict[str, Any] = {"website": SITE, "phones": PHONE}
    assert (
        decide(a_record("Harrowgate Union", an_address("12 Main St"), **known), a_record(name, an_address("12 Main St"), **known))
        is not SAME
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Workers Union Local 32", "Workers Union Local 45"),
        ("Ashgrove Elementary PTA", "Larkspur Elementary PTA"),
        ("First Baptist Church", "Second Baptist Church"),
        ("Voices of Georgia", "Voices of Ohio"),
        ("Retired Players Chicago Chapter", "Retired Players Detroit Chapter"),
    ],
)
def test_names_with_different_numbers_schools_or_places_are_different_even_at_one_address(one: str, other: str) -> None:
    assert decide(a_record(one, an_address("12 Main St")), a_record(other, an_address("12 Main St"))) is DIFFERENT


def test_sisters_that_share_a_website_are_never_the_same() -> None:
    one = a_record("Harrowgate Legal Fund", an_address("12 Main St"), website=SITE)
    assert decide(one, a_record("Harrowgate Housing Clinic", an_address("12 Main St"), website=SITE)) is not SAME


def test_an_acronym_needs_more_than_a_city() -> None:
    short, full = "NLCHP", "National Law Center on Homelessness & Poverty"
    assert decide(a_record(short, an_address()), a_record(full, an_address())) is POSSIBLE
    assert decide(a_record(short, an_address(), phones=PHONE), a_record(full, an_address(), phones=PHONE)) is SAME
    assert decide(a_record(short, an_address(None, "Dayton", "US-OH")), a_record(full, an_address())) is DIFFERENT


def test_a_shared_acronym_of_different_full_names_is_weak_evidence() -> None:
    one = a_record("Harrowgate Quill Union", an_address(), names=(an_alternative_name("HQU", NameKind.ACRONYM),))
    assert (
        decide(one, a_record("Hollyhock Quartet Utopia", an_address(), names=(an_alternative_name("HQU", NameKind.ACRONYM),)))
        is DIFFERENT
    )


def test_former_and_translated_names_count() -> None:
    one = a_record("Harrowgate Quill Union", an_address(), names=(an_alternative_name("Pier Lantern Guild", NameKind.FORMER),))
    assert decide(one, a_record("Pier Lantern Guild", an_address())) is SAME
    assert (
        decide(
            a_record("Harrowgate Quill Union (formerly Pier Lantern Guild)", an_address()),
            a_record("Pier Lantern Guild", an_address()),
        )
        is SAME
    )


def test_a_sponsor_before_two_names_does_not_make_them_one() -> None:
    one = a_record("Tidewater Commons Sponsor dba Harrowgate Project", an_address("12 Main St"))
    assert decide(one, a_record("Tidewater Commons Sponsor dba Quillfeather Project", an_address("12 Main St"))) is not SAME


def test_another_name_with_the_same_contacts_is_possible() -> None:
    one = a_record("Harrowgate Union", an_address("12 Main St"), website=SITE, phones=PHONE)
    assert decide(one, a_record("Pier Lantern Guild", an_address("12 Main St"), website=SITE, phones=PHONE)) is POSSIBLE


def test_a_name_alone_is_possible() -> None:
    assert decide(a_record("Community Center"), a_record("Community Center")) is POSSIBLE
    assert decide(a_record("!!!", an_address("12 Main St")), a_record("???", an_address("12 Main St"))) is DIFFERENT


def test_evidence_has_words_and_points() -> None:
    result = compare_both_ways(
        a_record("Harrowgate Tenants Union", an_address("12 Main St")),
        a_record("Harowgate Tenants Union", an_address("12 Main St")),
    )
    details = " ".join(evidence.detail for evidence in result.evidence)
    assert '"Harrowgate Tenants Union"' in details
    assert "similar names (similarity 0.9" in details
    assert "same street and number: 12 Main" in details
    assert result.score == pytest.approx(sum(evidence.points for evidence in result.evidence), abs=0.1)
