"""Who is one, who is two, and whom a person has to ask about: each sentence of the rules with an example."""

from typing import Any

import pytest

from directory.matching.decide import _decide_verdict, compare_records
from directory.matching.evidence import EvidenceKind, MatchResult, Verdict
from directory.matching.match_record import MatchRecord
from directory.matching.token_frequency import TokenFrequency
from directory.matching.weights import MAX_CONTACT_POINTS, OTHER_IDENTIFIER, POSSIBLE_FROM, SAME_FROM
from directory.records import Identifier, NameKind
from tests.builders import an_alternative_name
from tests.directory.matching.parties import a_party, at, ein

SAME, DOUBTFUL, DIFFERENT = Verdict.SAME, Verdict.POSSIBLE, Verdict.DIFFERENT
PHONE, OTHER_PHONE = ("4045550100",), ("4785550177",)
SITE = "https://harrowgate.example/"


def judged(one: MatchRecord, other: MatchRecord) -> MatchResult:
    """What is said, whichever comes first."""
    found, turned = compare_records(one, other, TokenFrequency()), compare_records(other, one, TokenFrequency())
    assert (found.verdict, found.score) == (turned.verdict, turned.score)
    assert found.id == other.id
    return found


def verdict(one: MatchRecord, other: MatchRecord) -> Verdict:
    return judged(one, other).verdict


def test_an_identifier_settles_it() -> None:
    one = a_party("Pier Guild", at(), identifiers=ein("581234567"))
    found = judged(one, a_party("Harrowgate Union", at(None, "Portland", "US-OR"), id="two", identifiers=ein("581234567")))
    assert (found.verdict, found.score) == (SAME, 100.0)
    assert found.evidence[0].kind is EvidenceKind.IDENTIFIER
    assert "581234567" in found.evidence[0].detail


def test_identifiers_that_contradict_each_other_are_for_a_person() -> None:
    both = (Identifier("US-EIN", "581234567"), Identifier("US-UEI", "A"))
    other = (Identifier("US-EIN", "581234567"), Identifier("US-UEI", "B"))
    assert verdict(a_party("Pier Guild", identifiers=both), a_party("Pier Guild", identifiers=other)) is DOUBTFUL


def test_one_of_several_numbers_is_enough() -> None:
    """An organization may have had another number before: only where none is the same do they contradict each other."""
    one = a_party("Pier Guild", identifiers=(*ein("581234567"), *ein("580000000")))
    found = judged(one, a_party("Harrowgate Union", id="two", identifiers=ein("581234567")))
    assert (found.verdict, len(found.evidence)) == (SAME, 1)


def test_a_score_lies_between_0_and_100_and_the_strongest_evidence_comes_first() -> None:
    all_agrees: dict[str, Any] = {"phones": PHONE, "website": SITE, "emails": ("office@harrowgate.example",)}
    one = a_party("Harrowgate Quill Union", at("12 Main St"), identifiers=ein("1"), **all_agrees)
    same = judged(one, a_party("Harrowgate Quill Union", at("12 Main St"), **all_agrees))
    other = judged(one, a_party("Pier Lantern Guild", at("9 Oak Ave", "Dayton", "US-OH"), identifiers=ein("2")))
    assert (same.score, other.score) == (100.0, 0.0)
    for found in (same, other):
        strengths = [abs(part.points) for part in found.evidence]
        assert strengths == sorted(strengths, reverse=True)
    mixed = judged(one, a_party("Harrowgate Quill Union", at("12 Main St"), identifiers=ein("2"), **all_agrees))
    assert mixed.evidence[0].points == OTHER_IDENTIFIER


def test_two_registered_numbers_are_two_organizations() -> None:
    one = a_party("Harrowgate Quill Union", at("12 Main St"), identifiers=ein("1"))
    other = a_party("Harrowgate Quill Union", at("12 Main St"), identifiers=ein("2"))
    assert verdict(one, other) is DIFFERENT


def test_unless_all_else_agrees_and_then_a_person_is_asked() -> None:
    known: dict[str, Any] = {"website": SITE, "phones": PHONE}
    one = a_party("Harrowgate Quill Union", at("12 Main St"), identifiers=ein("1"), **known)
    assert verdict(one, a_party("Harrowgate Quill Union", at("12 Main St"), identifiers=ein("2"), **known)) is DOUBTFUL


def test_a_source_may_count_one_organization_twice() -> None:
    one = a_party("Harrowgate Quill Union", at("12 Main St"), identifiers=(Identifier("X-BAPD", "5"),))
    other = a_party("Harrowgate Quill Union", at("12 Main St"), identifiers=(Identifier("X-BAPD", "9"),))
    assert verdict(one, other) is DOUBTFUL


@pytest.mark.parametrize("name", ["Harrowgate Quill Union", "Community Center", "Tenants Association of Macon"])
def test_one_name_at_one_door_is_one(name: str) -> None:
    assert verdict(a_party(name, at("12 Main St")), a_party(name, at("12 Main Street", code="31201"))) is SAME
    assert verdict(a_party(name, at("12 Main St"), phones=PHONE), a_party(name, at("12 Main St"), phones=OTHER_PHONE)) is SAME


def test_one_telephone_and_alike_names_are_one() -> None:
    one = a_party("Harrowgate Tenants Union", at("12 Main St"), phones=PHONE)
    assert verdict(one, a_party("Harowgate Tenant Union, Inc.", at(), phones=("+14045550100",))) is SAME
    assert verdict(one, a_party("Harrowgate Tenants Union", at("900 Oak Ave", "Savannah"), phones=PHONE)) is SAME


def test_an_unusual_name_in_one_city_is_one_and_a_common_one_is_for_a_person() -> None:
    assert verdict(a_party("Harrowgate Quill Union", at("12 Main St")), a_party("Harrowgate Quill Union", at())) is SAME
    assert verdict(a_party("Community Center", at("12 Main St")), a_party("Community Center", at())) is DOUBTFUL


def test_an_unusual_name_in_another_city_is_for_a_person() -> None:
    assert verdict(a_party("Harrowgate Quill Union", at()), a_party("Harrowgate Quill Union", at(None, "Savannah"))) is DOUBTFUL
    assert verdict(a_party("Community Center", at()), a_party("Community Center", at(None, "Savannah"))) is DIFFERENT


def test_an_office_that_moved_within_the_city() -> None:
    one = a_party("Harrowgate Quill Union", at("12 Main St"), website=SITE)
    assert verdict(one, a_party("Harrowgate Quill Union", at("900 Oak Ave"), website=SITE)) is SAME
    assert (
        verdict(a_party("Harrowgate Quill Union", at("12 Main St")), a_party("Harrowgate Quill Union", at("9 Oak Ave")))
        is DOUBTFUL
    )


def test_branches_with_one_name_at_several_places_are_never_the_same() -> None:
    one = a_party("Harrowgate Quill Union", at("12 Main St"), phones=PHONE)
    assert verdict(one, a_party("Harrowgate Quill Union", at("9 Oak Ave", "Savannah"), phones=OTHER_PHONE)) is DIFFERENT
    shared: dict[str, Any] = {"website": SITE}
    with_site = a_party("Harrowgate Quill Union", at("12 Main St"), phones=PHONE, **shared)
    for place in (at("9 Oak Ave"), at("9 Oak Ave", "Savannah"), at("9 Oak Ave", "Dayton", "US-OH")):
        branch = a_party("Harrowgate Quill Union", place, phones=OTHER_PHONE, **shared)
        assert verdict(with_site, branch) is not SAME
    hotline: dict[str, Any] = {"phones": ("8005550100",), "website": SITE}
    left, right = at("12 Main St"), at("9 Oak Ave", "Savannah")
    assert verdict(a_party("Harrowgate Quill", left, **hotline), a_party("Harrowgate Quill", right, **hotline)) is not SAME


def test_a_branch_of_its_parent_is_never_the_same() -> None:
    one = a_party("Harrowgate Quill Union", at("12 Main St"), id="parent")
    other = a_party("Harrowgate Quill Union", at("12 Main St"), id="branch", parent="parent")
    assert verdict(one, other) is not SAME
    known: dict[str, Any] = {"website": SITE, "phones": PHONE}
    one = a_party("Harrowgate Quill Union", at("12 Main St"), id="parent", **known)
    other = a_party("Harrowgate Quill Union", at("12 Main St"), id="branch", parent="parent", **known)
    assert judged(one, other).score >= SAME_FROM, "although all else agrees"
    assert verdict(one, other) is DOUBTFUL


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Harrowgate Quill Lantern Tidewater", "Harrowgate Quill Lantern Tidewater Program", SAME),
        ("Harrowgate Quill Lantern Tidewater", "Harrowgate Quill Lantern Tidewater Association", SAME),
        ("Harrowgate Quill Lantern Tidewater Association", "Harrowgate Quill Lantern Tidewater Institute", DOUBTFUL),
        ("Harrowgate Quill Lantern Tidewater", "Harrowgate Quill Lantern Tidewater Pelican", DOUBTFUL),
        ("Harrowgate Quill Lantern Tidewater Pelican", "Harrowgate Quill Lantern Tidewater Heron", DOUBTFUL),
    ],
)
def test_a_long_name_with_another_word_is_never_the_same_however_much_agrees(left: str, right: str, expected: Verdict) -> None:
    known: dict[str, Any] = {"website": SITE, "phones": PHONE}
    found = judged(a_party(left, at("12 Main St"), **known), a_party(right, at("12 Main St"), id="two", **known))
    assert found.score >= SAME_FROM
    assert found.verdict is expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (POSSIBLE_FROM - 0.1, DIFFERENT),
        (POSSIBLE_FROM, DOUBTFUL),
        (SAME_FROM - 0.1, DOUBTFUL),
        (SAME_FROM, SAME),
    ],
)
def test_a_threshold_belongs_to_the_verdict_above_it(score: float, expected: Verdict) -> None:
    assert _decide_verdict(score, may_be_same=True) is expected
    assert _decide_verdict(score, may_be_same=False) is (DOUBTFUL if expected is SAME else expected)


def test_contacts_make_no_more_than_a_certain_part_of_the_sum() -> None:
    """A host or umbrella may give telephone, website and mailbox to many."""
    contacts: dict[str, Any] = {"phones": PHONE, "website": SITE, "emails": ("office@harrowgate.example",)}
    alone = judged(a_party("Harrowgate Quill Union"), a_party("Pier Lantern Guild")).evidence
    found = judged(a_party("Harrowgate Quill Union", **contacts), a_party("Pier Lantern Guild", **contacts))
    of_contacts = [part.points for part in found.evidence if part.kind in (EvidenceKind.PHONE, EvidenceKind.WEBSITE)]
    assert sum(of_contacts) > MAX_CONTACT_POINTS
    assert found.score == pytest.approx(max(sum(part.points for part in alone) + MAX_CONTACT_POINTS, 0.0), abs=0.1)


@pytest.mark.parametrize("name", ["Quillfeather Food Bank", "Tidewater Legal Clinic", "Office of Peace", "Union"])
def test_an_address_alone_says_nothing(name: str) -> None:
    assert verdict(a_party("Harrowgate Tenants Union", at("12 Main St")), a_party(name, at("12 Main St"))) is DIFFERENT


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
def test_a_name_that_only_contains_another_is_another(name: str) -> None:
    one = a_party("Harrowgate Union", at("12 Main St"))
    assert verdict(one, a_party(name, at("12 Main St"))) is DIFFERENT
    known: dict[str, Any] = {"website": SITE, "phones": PHONE}
    assert verdict(a_party("Harrowgate Union", at("12 Main St"), **known), a_party(name, at("12 Main St"), **known)) is not SAME


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
def test_other_numbers_schools_and_places_are_others_even_at_one_door(one: str, other: str) -> None:
    assert verdict(a_party(one, at("12 Main St")), a_party(other, at("12 Main St"))) is DIFFERENT


def test_sisters_that_share_a_website_are_never_the_same() -> None:
    one = a_party("Harrowgate Legal Fund", at("12 Main St"), website=SITE)
    assert verdict(one, a_party("Harrowgate Housing Clinic", at("12 Main St"), website=SITE)) is not SAME


def test_an_acronym_needs_more_than_a_city() -> None:
    short, full = "NLCHP", "National Law Center on Homelessness & Poverty"
    assert verdict(a_party(short, at()), a_party(full, at())) is DOUBTFUL
    assert verdict(a_party(short, at(), phones=PHONE), a_party(full, at(), phones=PHONE)) is SAME
    assert verdict(a_party(short, at(None, "Dayton", "US-OH")), a_party(full, at())) is DIFFERENT


def test_one_acronym_of_two_full_names_says_little() -> None:
    one = a_party("Harrowgate Quill Union", at(), names=(an_alternative_name("HQU", NameKind.ACRONYM),))
    assert (
        verdict(one, a_party("Hollyhock Quartet Utopia", at(), names=(an_alternative_name("HQU", NameKind.ACRONYM),)))
        is DIFFERENT
    )


def test_former_and_translated_names_count() -> None:
    one = a_party("Harrowgate Quill Union", at(), names=(an_alternative_name("Pier Lantern Guild", NameKind.FORMER),))
    assert verdict(one, a_party("Pier Lantern Guild", at())) is SAME
    assert (
        verdict(a_party("Harrowgate Quill Union (formerly Pier Lantern Guild)", at()), a_party("Pier Lantern Guild", at()))
        is SAME
    )


def test_a_sponsor_before_two_names_does_not_make_them_one() -> None:
    one = a_party("Tidewater Commons Sponsor dba Harrowgate Project", at("12 Main St"))
    assert verdict(one, a_party("Tidewater Commons Sponsor dba Quillfeather Project", at("12 Main St"))) is not SAME


def test_renamed_with_its_contacts_kept_is_for_a_person() -> None:
    one = a_party("Harrowgate Union", at("12 Main St"), website=SITE, phones=PHONE)
    assert verdict(one, a_party("Pier Lantern Guild", at("12 Main St"), website=SITE, phones=PHONE)) is DOUBTFUL


def test_a_name_alone_is_for_a_person() -> None:
    assert verdict(a_party("Community Center"), a_party("Community Center")) is DOUBTFUL
    assert verdict(a_party("!!!", at("12 Main St")), a_party("???", at("12 Main St"))) is DIFFERENT


def test_evidence_is_told_in_words_and_numbers() -> None:
    found = judged(a_party("Harrowgate Tenants Union", at("12 Main St")), a_party("Harowgate Tenants Union", at("12 Main St")))
    told = " ".join(evidence.detail for evidence in found.evidence)
    assert '"Harrowgate Tenants Union"' in told
    assert "names alike 0.9" in told
    assert "12 main" in told
    assert found.score == pytest.approx(sum(evidence.points for evidence in found.evidence), abs=0.1)
