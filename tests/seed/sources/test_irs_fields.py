"""The second name line of the IRS's list. A line that may name a person is left out."""

import pytest

from directory.records import NameKind
from seed.sources.irs_fields import OmissionReason, SortName, parse_sort_name

ALSO, ACRONYM, FORMER = NameKind.ALSO_KNOWN_AS, NameKind.ACRONYM, NameKind.FORMER


@pytest.mark.parametrize(
    ("line", "name", "expected", "kind"),
    [
        ("HTFU", "HARBOR TENANTS FOR FAIR UTILITIES INC", "HTFU", ACRONYM),
        ("H T U", "HARBOR TENANTS UNION", "HTU", ACRONYM),
        ("HTU", "HARBOR TENANTS AND RENTERS UNION", "HTU", ACRONYM),
        ("HT", "HARBOR TENANTS INC", "HT", ACRONYM),
        ("PARENTS AGAINST TOXIC TAPS", "P A T T", "Parents Against Toxic Taps", ALSO),
        ("PARENTS AGAINST TOXIC TAPS", "PATT", "Parents Against Toxic Taps", ALSO),
        ("RIVERBEND CHAPTER", "SOCIETY OF THE SEA WALL", "Riverbend Chapter", ALSO),
        ("HARBOR TENANTS", "HARBOR TENANTS UNION INC", "Harbor Tenants", ALSO),
        ("HARBOR TENANTS EAST SIDE", "HARBOR TENANTS UNION INC", "Harbor Tenants East Side", ALSO),
        ("DBA BLUE HERON", "WETLAND STORIES INC", "Blue Heron", ALSO),
        ("FKA BLUE HERON", "WETLAND STORIES INC", "Blue Heron", FORMER),
    ],
)
def test_a_line_that_is_certainly_an_organization_s_is_another_name(line: str, name: str, expected: str, kind: NameKind) -> None:
    assert parse_sort_name(line, name, in_group=False) == SortName(expected, kind)


@pytest.mark.parametrize(
    "line",
    [
        "ROBIN LARKSPUR",
        "ROBIN LARKSPUR TTEE",
        "ROBIN LARKSPUR ET AL CO-TTEES",
        "ROBIN LARKSPUR SOLE MBR",
        "LARKSPUR FUND TTEE",
        "HARBOR TENANTS TRUSTEE",
        "LARKSPUR",
        "BLUE HERON",  # perhaps an organization's, but not recognizably
        "HU",  # two letters of three words
    ],
)
def test_a_line_that_may_be_a_person_s_is_left_out(line: str) -> None:
    assert parse_sort_name(line, "HARBOR TENANTS UNION", in_group=False) == SortName(omission_reason=OmissionReason.UNCLEAR)


@pytest.mark.parametrize(
    "line", ["", "HARBOR TENANTS UNION", "Harbor-Tenants Union", "HARBORTENANTS UNION", "10119", "GROUP RETURN", "%"]
)
def test_a_line_that_adds_nothing_is_ignored(line: str) -> None:
    assert parse_sort_name(line, "HARBOR TENANTS UNION", in_group=False) == SortName()


def test_a_number_is_a_chapter_only_in_a_group() -> None:
    assert parse_sort_name("4177 RIVERBEND AREA", "HARBOR LEAGUE", in_group=True) == SortName("4177 Riverbend Area")
    assert parse_sort_name("4177 RIVERBEND AREA", "HARBOR LEAGUE", in_group=False) == SortName(
        omission_reason=OmissionReason.UNCLEAR
    )


@pytest.mark.parametrize("line", ["RIVERBEND CHAPTER OF THE GREAT HARBO", "DBA THE RIVERBEND AND HARBORSIDE CH"])
def test_a_line_that_is_cut_off_is_no_name(line: str) -> None:
    assert parse_sort_name(line, "HARBOR LEAGUE", in_group=True) == SortName(omission_reason=OmissionReason.CUT_OFF)


@pytest.mark.parametrize("prefix", ["", "DBA "])
def test_a_line_of_35_characters_is_cut_off(prefix: str) -> None:
    line = f"{prefix}RIVERBEND CHAPTER OF THE GREAT HARBOR AREA"
    assert parse_sort_name(line[:35], "HARBOR LEAGUE", in_group=False) == SortName(omission_reason=OmissionReason.CUT_OFF)
    assert parse_sort_name(line[:34], "HARBOR LEAGUE", in_group=False).name
