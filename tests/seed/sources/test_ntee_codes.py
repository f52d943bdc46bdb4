"""The crosswalk from codes of the National Taxonomy of Exempt Entities."""

import pytest

from directory.records import OrganizationKind
from directory.vocabulary.terms import ISSUE_AREAS
from seed.sources.irs import ISSUE_AREA_BY_LETTER, OVERRIDES, find_issue_areas, find_kind, normalize_prefixes


@pytest.mark.parametrize(
    ("code", "slugs"),
    [
        ("L41", ("homelessness",)),
        ("L410", ("homelessness",)),
        ("L41Z", ("homelessness",)),
        (" l41 ", ("homelessness",)),
        ("P43", ("gender-violence",)),
        ("L20", ("housing",)),  # of housing and community land
        ("R30", ("racial-justice",)),
        ("I43", ("incarceration",)),
        ("P84", ("immigration",)),
        ("R63", ("democracy",)),
        ("R20", ("racial-justice",)),
        ("I80", ()),  # legal services of every kind
        ("I83", ()),
        ("R99", ()),
        ("N60", ()),
        ("", ()),
        ("L", ()),
        ("99", ()),
        ("L4", ()),
        ("ñ41", ()),
    ],
)
def test_a_code_gives_what_its_terms_have_in_common(code: str, slugs: tuple[str, ...]) -> None:
    assert find_issue_areas(code) == slugs


@pytest.mark.parametrize(
    ("code", "slugs"),
    [
        ("L01", ("housing",)),
        ("L12Z", ("housing",)),
        ("L032", ("housing",)),  # support of L20
        ("L014", ("homelessness",)),  # advocacy on L40
        ("E05", ("health",)),
        ("J01", ("workers",)),
        ("I01", ("criminal-legal-system",)),
        ("I018", ("criminal-legal-system",)),  # what is settled needs no fourth sign
        ("R12", ()),
        ("N01", ()),
        ("L011", ("housing",)),
    ],
)
def test_common_numbers_give_the_field_of_the_letter(code: str, slugs: tuple[str, ...]) -> None:
    assert find_issue_areas(code) == slugs


def test_every_code_of_the_vocabulary_gives_a_term_or_is_overridden() -> None:
    listed = {code for term in ISSUE_AREAS for code in term.ntee}
    assert sorted(code for code in listed if not find_issue_areas(code) and code not in OVERRIDES) == []


def test_every_override_is_needed() -> None:
    listed = {code for term in ISSUE_AREAS for code in term.ntee}
    assert OVERRIDES.keys() <= listed


def test_every_result_is_an_issue_area() -> None:
    slugs_given = {slug for slugs in OVERRIDES.values() for slug in slugs} | set(ISSUE_AREA_BY_LETTER.values())
    assert slugs_given <= set(ISSUE_AREAS.terms)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("I80", OrganizationKind.LEGAL_ORGANIZATION),
        ("I83Z", OrganizationKind.LEGAL_ORGANIZATION),
        ("J40", OrganizationKind.UNION),
        ("T22", OrganizationKind.FUNDER),
        ("X20", OrganizationKind.FAITH_ORGANIZATION),
        ("x21", OrganizationKind.FAITH_ORGANIZATION),
        ("L41", None),
        ("", None),
    ],
)
def test_some_codes_give_a_kind(code: str, expected: OrganizationKind | None) -> None:
    assert find_kind(code) is expected


def test_filters_compare_three_characters() -> None:
    assert normalize_prefixes(["r", " L2", "I80Z", "", "I80"]) == ("R", "L2", "I80")
