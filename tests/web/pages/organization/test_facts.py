"""Facts in words."""

import pytest

from directory.records import SOURCED_FIELDS, MembershipStatus
from schema.fields import to_camel_case
from web.pages.languages import LANGUAGES
from web.pages.organization.facts import (
    MEMBERSHIPS,
    build_contact,
    describe_membership,
    format_phone,
    format_web_address,
    get_link_name,
)
from web.pages.organization.report_link import build_report_link, get_contact_text
from web.pages.organization.sources import FACTS, build_source_rows

ENGLISH, SPANISH = LANGUAGES["en"], LANGUAGES["es"]


def a_membership(status: str, joined: str | None = None, ended: str | None = None) -> dict[str, str | None]:
    return {"status": status, "joinedOn": joined, "endedOn": ended}


@pytest.mark.parametrize(
    ("membership", "expected"),
    [
        (a_membership("ACTIVE"), "Member (start date not stated)"),
        (a_membership("ACTIVE", "2012-08-08", "2020-01-01"), "Member since August 8, 2012"),
        (a_membership("LAPSED", "2012-08-08"), "Former member"),
        (a_membership("LAPSED", "2012-08-08", "2020-01-31"), "Former member, until January 31, 2020"),
        (a_membership("PROSPECT"), "Prospective member"),
        (a_membership("NONE"), "Not a member"),
    ],
)
def test_membership(membership: dict[str, str | None], expected: str) -> None:
    assert describe_membership(membership, ENGLISH) == expected
    assert MEMBERSHIPS.keys() == {status.value for status in MembershipStatus}


@pytest.mark.parametrize(
    ("phone", "extension", "expected"),
    [
        ("+14045550123", None, "(404) 555-0123"),
        ("+14045550123", "07", "(404) 555-0123 ext. 07"),
        ("+525512345678", None, "+52 55 1234 5678"),
    ],
)
def test_phones_are_written_for_people_in_the_country(phone: str, extension: str | None, expected: str) -> None:
    assert format_phone(phone, extension) == expected


def test_a_contact_has_links_for_devices() -> None:
    contact = build_contact(
        {
            "name": "Ana",
            "role": "Director",
            "email": "a&b@c.example",
            "phone": "+14045550123",
            "phoneExtension": "7",
            "languages": [],
        }
    )
    assert (contact.title, contact.email_link) == ("Ana, Director", "mailto:a%26b@c.example")
    assert contact.phone_link == "tel:+14045550123;ext=7"


def test_addresses_are_written_short() -> None:
    assert format_web_address("https://www.harbor.example/") == "harbor.example"
    assert format_web_address("http://harbor.example/a?b=1") == "harbor.example/a?b=1"


def test_kinds_of_links_have_names() -> None:
    assert get_link_name("linkedin", ENGLISH) == "LinkedIn"
    assert get_link_name("podcast", ENGLISH) == "Podcast"


def test_every_fact_that_can_have_a_source_has_a_name() -> None:
    assert FACTS.keys() == {to_camel_case(field) for field in SOURCED_FIELDS}


def test_a_source_of_several_facts_is_one_row() -> None:
    report = {"title": "Report", "url": "https://a.example", "date": "2024-03-11"}
    letter = {"title": "Letter", "url": None, "date": None}
    rows = build_source_rows([{"field": "founded", **letter}, {"field": "name", **report}, {"field": "kind", **report}], ENGLISH)
    assert [(row.title, row.facts) for row in rows] == [
        ("Report", ("name", "kind of organization")),
        ("Letter", ("year founded",)),
    ]
    assert rows[1].day is None


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("mailto:a@b.example", "mailto:a@b.example?subject=A%20%26%20B%3F"),
        ("MAILTO:a@b.example?cc=c@b.example", "MAILTO:a@b.example?cc=c@b.example&subject=A%20%26%20B%3F"),
        ("mailto:a@b.example?subject=Record", "mailto:a@b.example?subject=Record"),
        ("https://b.example/report", "https://b.example/report"),
    ],
)
def test_a_report_by_e_mail_has_a_subject(contact: str, expected: str) -> None:
    assert build_report_link(contact, "A & B?") == expected


def test_a_contact_is_printed_without_its_scheme() -> None:
    assert get_contact_text("mailto:a@b.example?subject=x") == "a@b.example"
    assert get_contact_text("https://b.example/report") == "https://b.example/report"
