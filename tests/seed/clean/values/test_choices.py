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
    with pytest.raises(BadInput, match=r"one of these words|Write active, prospect"):
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
