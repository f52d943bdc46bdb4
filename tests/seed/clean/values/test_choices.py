from enum import StrEnum

import pytest

from directory.errors import BadInput
from directory.geo import Disclosure
from directory.records import Audience, MembershipStatus, OrganizationKind, SearchEngines, VerificationMethod
from seed.clean.values import choices


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *(
            ("Active member", "ACTIVE"),
            ("Miembro activo", "ACTIVE"),
            ("Yes", "ACTIVE"),
            ("Sí", "ACTIVE"),
            ("✓", "ACTIVE"),
            ("X", "ACTIVE"),
        ),
        *(
            ("prospect", "PROSPECT"),
            ("Lapsed", "LAPSED"),
            ("ex-miembro", "LAPSED"),
            ("No", "NONE"),
            ("None", "NONE"),
            ("FALSE", "NONE"),
        ),
    ],
)
def test_membership(text: str, status: str) -> None:
    assert choices.parse_membership(text).value == MembershipStatus(status)


def test_every_choice_is_recognized_by_its_name() -> None:
    for parse, enumeration in (
        (choices.parse_membership, MembershipStatus),
        (choices.parse_organization_kind, OrganizationKind),
        (choices.parse_audience, Audience),
        (choices.parse_disclosure, Disclosure),
        (choices.parse_search_engines, SearchEngines),
        (choices.parse_verification_method, VerificationMethod),
    ):
        members: type[StrEnum] = enumeration
        for one in members:
            assert parse(one.value).value is one
            assert parse(one.value.replace("_", " ").lower()).value is one


def test_kinds_by_label_and_synonym() -> None:
    assert choices.parse_organization_kind("Sindicato").value is OrganizationKind.UNION
    assert choices.parse_organization_kind("Coalition").value is OrganizationKind.NETWORK
    assert choices.parse_organization_kind("Faith-based").value is OrganizationKind.FAITH_ORGANIZATION


def test_a_word_that_is_not_a_kind_is_removed_and_reported() -> None:
    assert choices.parse_organization_kind("Non-profit").value is None
    assert choices.parse_organization_kind("Non-profit").reasons


@pytest.mark.parametrize(
    "parse", [choices.parse_membership, choices.parse_audience, choices.parse_disclosure, choices.parse_search_engines]
)
def test_what_must_not_be_guessed_is_refused(parse: object) -> None:
    with pytest.raises(BadInput, match=r"one of these words|Write one of these"):
        parse("perhaps")  # type: ignore[operator]


@pytest.mark.parametrize("text", ["Comp'd", "comp", "Overdue", "dues waived"])
def test_dues_that_are_not_paid_are_reported(text: str) -> None:
    assert choices.parse_membership(text).value is MembershipStatus.ACTIVE
    assert choices.parse_membership(text).reasons == ("dues are overdue or waived: a member",)
    assert choices.parse_membership("Paid").reasons == ()


def test_disclosure_and_audience() -> None:
    assert choices.parse_disclosure("Private").value is Disclosure.HIDDEN
    assert choices.parse_disclosure("City only").value is Disclosure.CITY
    assert choices.parse_audience("Members only").value is Audience.MEMBERS
    assert choices.parse_audience("confidential").value is Audience.STAFF


def test_an_unknown_verification_method_is_other() -> None:
    assert choices.parse_verification_method("by pigeon").value is VerificationMethod.OTHER
    assert choices.parse_verification_method("by pigeon").reasons


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes", "ALLOWED"),
        ("sí", "ALLOWED"),
        ("Permitido", "ALLOWED"),
        ("No", "REFUSED"),
        ("noindex", "REFUSED"),
        ("0", "REFUSED"),
    ],
)
def test_search_engines(text: str, value: str) -> None:
    assert choices.parse_search_engines(text).value == SearchEngines(value)


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Old members", MembershipStatus.LAPSED),
        ("FORMER MEMBERS (as of 2021)", MembershipStatus.LAPSED),
        ("Lapsed", MembershipStatus.LAPSED),
        ("Old", MembershipStatus.LAPSED),
        ("Miembros antiguos", MembershipStatus.LAPSED),
        ("ALLIES / NON-VOTING", MembershipStatus.NONE),
        ("Allies", MembershipStatus.NONE),
        ("Non-members", MembershipStatus.NONE),
        ("Prospects", MembershipStatus.PROSPECT),
        ("Members FY26", MembershipStatus.ACTIVE),
        ("Members and allies", MembershipStatus.ACTIVE),
        ("Current and former members", MembershipStatus.ACTIVE),
        ("Sheet1", None),
        ("Old Town", None),
        ("Georgia", None),
    ],
)
def test_the_title_of_a_list_says_whom_it_lists(title: str, status: MembershipStatus | None) -> None:
    assert choices.find_membership_in_title(title) is status


def test_an_old_file_is_not_a_file_of_old_members() -> None:
    assert choices.find_membership_in_title("old", is_file=True) is None
    assert choices.find_membership_in_title("old_members_2019", is_file=True) is MembershipStatus.LAPSED


@pytest.mark.parametrize(
    "text", ["left in 2020", "Resigned 2021", "inactive since 2019", "Expired 2023-05-01", "se retiró 2018", "Baja 2020"]
)
def test_a_membership_that_ended_in_a_year_is_lapsed(text: str) -> None:
    assert choices.parse_membership(text).value is MembershipStatus.LAPSED


@pytest.mark.parametrize("text", ["2020", "moved in 2020", "Oakland 2020"])
def test_a_year_alone_says_nothing_about_a_membership(text: str) -> None:
    with pytest.raises(BadInput):
        choices.parse_membership(text)
