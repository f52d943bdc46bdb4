import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from directory.drafts.organization_draft import OrganizationDraft, build_stored_organization, parse_draft
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.geo import Disclosure
from directory.records import (
    Audience,
    Identifier,
    Link,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationKind,
    OrganizationName,
    Relation,
    RelationKind,
    Source,
    StoredContact,
    StoredLocation,
)

ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
TODAY = dt.date(2024, 5, 1)


def list_problems_of(submitted: Mapping[str, object]) -> list[Problem]:
    with pytest.raises(BadInput) as refusal:
        parse_draft(submitted, today=TODAY)
    problems: list[Problem] = refusal.value.params["problems"]  # type: ignore[assignment]
    return problems


def the_problem(**fields: Any) -> Problem:
    (problem,) = list_problems_of({"name": "Tenants Union", **fields})
    return problem


def test_all_problems_are_reported_at_once_with_their_paths() -> None:
    problems = list_problems_of(
        {
            "founded": 1599,
            "kind": "CLUB",
            "issue_areas": ["housing", "housng"],
            "service_areas": ["US-GX"],
            "website": "example.org",
            "locations": [{"city": "Atlanta"}, {"postal_code": 30312}],
            "contacts": [{"phone": "12"}],
            "colour": "green",
        }
    )
    assert {problem.path_text for problem in problems} == {
        "name",
        "founded",
        "kind",
        "issue_areas[1]",
        "service_areas[0]",
        "website",
        "locations[1].postal_code",
        "contacts[0].phone",
        "colour",
    }
    assert all(problem.message.endswith((".", "?")) for problem in problems)


def test_the_message_of_the_error_has_all_problems() -> None:
    with pytest.raises(BadInput, match=r"name: This field is required\. founded: This must be 1600 or more\."):
        parse_draft({"founded": 3})


def test_unknown_terms_and_regions_come_with_suggestions() -> None:
    term = the_problem(issue_areas=["housng"])
    assert (term.code, term.params["suggestions"][0]) == (ErrorCode.UNKNOWN_TERM, "housing")
    region = the_problem(service_areas=["Georgia"])
    assert (region.code, region.params["suggestions"][0]) == (ErrorCode.UNKNOWN_REGION, "US-GA")
    assert the_problem(languages=["English"]).code is ErrorCode.UNKNOWN_TERM


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \t "),
        ("name", "x" * 201),
        ("name", "<b>Union</b>"),
        ("name", None),
        ("name", 7),
        ("slug", "Tenants Union"),
        ("summary", "x" * 501),
        ("description", "Read <a href='https://example.org'>more</a>"),
        ("description", "gpj\u202eexe.doc"),
        ("description", "zero\x00byte"),
        ("founded", 1599),
        ("founded", 2025),  # after today
        ("founded", "long ago"),
        ("founded", True),
        ("founded", 1986.5),
        ("website", "javascript:alert(1)"),
        ("links", [{"kind": "instagram", "url": "ftp://example.org"}]),
        ("links", [{"kind": "Insta gram", "url": "https://example.org"}]),
        ("identifiers", [{"scheme": "US-EIN", "value": "12-34"}]),
        ("identifiers", [{"scheme": "", "value": "12-3456789"}]),
        ("names", "TU"),
        ("names", [{"name": "TU"}]),
        ("issue_areas", "housing"),
        ("service_areas", ["US-GA"] * 101),
        ("membership", {"joined_on": "2020-01-02", "ended_on": "2020-01-01"}),
        ("membership", {"joined_on": "01/02/2020"}),
        ("parent", "tenants-union"),
        ("relations", [{"kind": "SISTER"}]),
        ("relations", [{"kind": "SISTER", "organization": OTHER, "actor": "Both"}]),
        ("sources", [{"field": "colour", "title": "A letter"}]),
        ("sources", [{"field": "audience", "title": "Court order: unlist the staff"}]),
        ("sources", [{"field": "sources", "title": "A letter"}]),
        ("sources", [{"field": "slug", "title": "A letter"}]),
        ("sources", [{"field": "id", "title": "A letter"}]),
        ("sources", [{"field": "verified_at", "title": "A letter"}]),
        ("sources", [{"field": "verification_method", "title": "A letter"}]),
        ("sources", [{"field": "name", "title": "A letter", "row": 0}]),
        ("sources", [{"field": "name", "title": "A letter", "row": 2**31}]),
        ("sources", [{"field": "name", "title": "A letter", "file": ""}]),
        ("verification_method", "TELEPATHY"),
        ("sources", [{"field": "locations", "title": "A letter", "tells": "STREET"}]),
        ("verified_at", "2024-05-01T12:00:00"),  # without a time zone
        ("locations", [{"is_primary": True}, {"is_primary": True}]),
        ("audience", "EVERYBODY"),
    ],
)
def test_an_invalid_value_is_reported_at_its_field(field: str, value: object) -> None:
    problems = list_problems_of({"name": "Tenants Union", field: value})
    assert [problem.path[0] for problem in problems] == [field]
    assert "not valid. Check its format" not in problems[0].message


def test_a_membership_without_its_fields_is_answered_with_what_to_write() -> None:
    message = the_problem(membership="member").message
    assert 'membership.status = "ACTIVE"' in message
    assert all(status in message for status in MembershipStatus)


def test_a_year_in_the_future_is_refused_only_if_the_date_is_given() -> None:
    assert parse_draft({"name": "Union", "founded": 2025}).founded == 2025
    assert parse_draft({"name": "Union", "founded": 2024}, today=TODAY).founded == 2024


def test_values_that_are_not_stated_stay_empty() -> None:
    stated = parse_draft({"name": "Union"})
    assert stated == OrganizationDraft(name="Union")
    assert (stated.founded, stated.website, stated.locations, stated.languages) == (None, None, (), ())
    stored = build_stored_organization(stated, id=ID, slug="union", sites=())
    assert (stored.kind, stored.summary, stored.contacts, stored.verified_at) == (OrganizationKind.OTHER, None, (), None)


def test_values_are_normalized() -> None:
    stated = parse_draft(
        {
            "name": "  Tenants \n Union ",
            "description": "One.\r\n\r\n\r\nTwo.",
            "founded": "1986",
            "website": "HTTPS://Example.org",
            "identifiers": [{"scheme": "us-ein", "value": "521633883"}, {"scheme": "US-EIN", "value": "52-1633883"}],
            "issue_areas": ["housing", "tenants", "housing"],
            "verified_at": "2024-05-01T08:00:00-04:00",
        }
    )
    assert (stated.name, stated.description, stated.founded) == ("Tenants Union", "One.\n\nTwo.", 1986)
    assert stated.website == "https://example.org/"
    assert [(one.scheme, one.value) for one in stated.identifiers] == [("US-EIN", "52-1633883")]
    assert stated.issue_areas == ("housing", "tenants")
    assert stated.verified_at is not None
    assert stated.verified_at.isoformat() == "2024-05-01T12:00:00+00:00"


def test_normalizing_a_draft_again_changes_nothing() -> None:
    once = parse_draft(
        {
            "name": "Fish & Chips <3",
            "website": "https://example.org/a b?c=d e",
            "contacts": [{"phone": "404 588 9761 x5", "email": "Info@EXAMPLE.org"}],
            "parent": OTHER.upper(),
        }
    )
    assert parse_draft(once.model_dump(mode="json")) == once


def test_the_only_place_is_the_primary_one() -> None:
    stored = build_stored_organization(parse_draft({"name": "Union"}), id=ID, slug="union", sites=(StoredLocation(id=OTHER),))
    assert [site.is_primary for site in stored.sites] == [True]


def test_a_stored_record_has_everything_that_was_stated() -> None:
    stated = parse_draft(
        {
            "name": "Union",
            "names": [{"name": "TU", "kind": "ACRONYM"}],
            "links": [{"kind": "instagram", "url": "https://example.org/tu"}],
            "identifiers": [{"scheme": "US-EIN", "value": "52-1633883"}],
            "contacts": [{"name": "A. Person", "email": "person@example.org"}],
            "membership": {"status": "LAPSED", "joined_on": "2020-01-01", "ended_on": "2021-01-01"},
            "parent": OTHER,
            "relations": [{"kind": "FUNDER", "actor": "A foundation"}],
            "sources": [
                {"field": "founded", "title": "A letter", "date": "2020-12-10", "origin": "letters", "file": "l.csv", "row": 2}
            ],
            "audience": "MEMBERS",
        }
    )
    site = StoredLocation(id=OTHER)
    stored = build_stored_organization(stated, id=ID, slug="union", sites=(site, site))
    assert (stored.id, stored.slug, stored.sites, stored.parent, stored.audience) == (
        ID,
        "union",
        (site, site),
        OTHER,
        Audience.MEMBERS,
    )
    assert stored.names == (OrganizationName("TU", NameKind.ACRONYM),)
    assert stored.links == (Link("instagram", "https://example.org/tu"),)
    assert stored.identifiers == (Identifier("US-EIN", "52-1633883"),)
    assert stored.contacts == (StoredContact(name="A. Person", email="person@example.org", audience=Audience.MEMBERS),)
    assert stored.membership == Membership(MembershipStatus.LAPSED, dt.date(2020, 1, 1), dt.date(2021, 1, 1))
    assert stored.relations == (Relation(RelationKind.FUNDER, actor="A foundation"),)
    assert stored.sources == (
        Source("founded", "A letter", None, dt.date(2020, 12, 10), Disclosure.EXACT, "letters", "l.csv", 2),
    )


def test_an_organization_cannot_be_related_to_itself() -> None:
    for stated in (
        parse_draft({"name": "U", "parent": ID}),
        parse_draft({"name": "U", "relations": [{"kind": "HOST", "organization": ID}]}),
    ):
        with pytest.raises(BadInput):
            build_stored_organization(stated, id=ID, slug="u", sites=())
