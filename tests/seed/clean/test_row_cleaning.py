import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.drafts.organization_draft import OrganizationDraft, parse_draft
from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.export.flat_fields import FIELDS, GROUP_FIELDS
from directory.records import Audience, MembershipStatus, NameKind, VerificationMethod
from seed.clean.row_cleaning import clean_row
from seed.rows import Row

NON_DRAFT_FIELDS = {"id", "same_as"}


def a_row(fields: Mapping[str, object], **columns: str) -> Row:
    return Row("members.csv", 2, fields, columns={field.replace("__", "."): heading for field, heading in columns.items()})


def clean_fields(**fields: object) -> dict[str, object]:
    """Return the cleaned fields. In keyword arguments, "__" stands for the dot."""
    return dict(clean_row(a_row({field.replace("__", "."): value for field, value in fields.items()})).fields)


def parse_clean_row(row: Row) -> OrganizationDraft:
    assert row.problems == ()
    return parse_draft({field: value for field, value in row.fields.items() if field not in NON_DRAFT_FIELDS})


def repair_reasons(row: Row) -> dict[str, str]:
    return {repair.column: repair.reason for repair in row.repairs}


def problem_paths(row: Row) -> list[str]:
    return [problem.path_text for problem in row.problems]


MESSY = {
    "name": "UNITED TENANTS OF THE SOUTH LLC",
    "acronym": "UTS; N.A.",
    "former_name": ["Tenants &amp; Friends"],
    "kind": "Nonprofit",
    "summary": "We <b>organize</b>",
    "founded": "est. 1987",
    "website": "www.x.org; y.org",
    "link:instagram": "@uts",
    "identifier:US-EIN": "10123106",
    "languages": "English, Spanish",
    "issue_areas": "Housing; immigrants' rights; Frobnication",
    "tags": "organizing",
    "service_areas": "Statewide; Fulton County, GA; Athens, GA",
    "location.address": "PO Box 12, Atlanta, GA 30301",
    "location2.street": "5 MAIN ST",
    "location2.street2": "Suite 4",
    "location2.city": "Macon",
    "location2.state": "Georgia",
    "location2.postal_code": "31201-1234",
    "location2.latitude": "32.8, -83.6",
    "location2.disclosure": "city only",
    "email": "info@x.org; press@x.org",
    "phone": "(404) 555-0100 x12 / 404-555-0101",
    "contact.first_name": "ANA",
    "contact.last_name": "LÓPEZ",
    "contact.email": "Ana <ana@x.org>",
    "membership.status": "Yes",
    "membership.joined_on": "3/4/19",
    "verified_at": "2024-05-01",
    "verification_method": "phone call",
    "source_id": "77",
    "as_of": "2024-06-01",
    "same_as": "new",
}


def test_a_messy_row_becomes_a_draft() -> None:
    row = clean_row(a_row(MESSY))
    draft = parse_clean_row(row)
    assert draft.name == "United Tenants of the South LLC"
    assert [(name.name, name.kind) for name in draft.names] == [
        ("UTS", NameKind.ACRONYM),
        ("N.A.", NameKind.ACRONYM),
        ("Tenants & Friends", NameKind.FORMER),
    ]
    assert (draft.summary, draft.founded, draft.website) == ("We organize", 1987, "https://www.x.org/")
    assert [(link.kind, link.url) for link in draft.links] == [
        ("website", "https://y.org/"),
        ("instagram", "https://www.instagram.com/uts"),
    ]
    assert draft.identifiers[0].value == "01-0123106"
    assert (draft.issue_areas, draft.work_areas) == (("housing", "immigration"), ("organizing",))
    assert (draft.languages, draft.service_areas) == (("en", "es"), ("US-GA", "US-GA-121"))
    assert (draft.membership.status, draft.membership.joined_on) == (MembershipStatus.ACTIVE, dt.date(2019, 3, 4))
    assert (draft.verified_at, row.fields["verification_method"]) == (
        dt.datetime(2024, 5, 1, tzinfo=dt.UTC),
        VerificationMethod.PHONE,
    )
    assert (row.source_id, row.as_of, row.fields["same_as"]) == ("77", dt.date(2024, 6, 1), "new")


def test_places_of_a_messy_row() -> None:
    box, house = parse_clean_row(clean_row(a_row(MESSY))).locations
    assert (box.street, box.city, box.state, box.postal_code) == (None, "Atlanta", "GA", "30301")
    assert (house.street, house.city, house.state, house.postal_code) == ("5 Main St, Suite 4", "Macon", "GA", "31201")
    assert house.point is not None
    assert house.disclosure == "CITY"


def test_contacts_of_a_messy_row() -> None:
    office, ana, second = parse_clean_row(clean_row(a_row(MESSY))).contacts
    assert (office.role, office.email, office.phone, office.phone_extension) == ("Office", "info@x.org", "+14045550100", "12")
    assert (ana.name, ana.email) == ("Ana López", "ana@x.org")
    assert (second.role, second.email, second.phone) == ("Office", "press@x.org", "+14045550101")
    assert [contact.effective_audience for contact in (office, ana, second)] == [
        Audience.PUBLIC,
        Audience.MEMBERS,
        Audience.PUBLIC,
    ]


def test_every_repair_names_its_column() -> None:
    reasons = repair_reasons(clean_row(a_row(MESSY, name="Group", location2__street="Office")))
    assert reasons["Group"] == "ALL CAPS"
    assert reasons["Office"] == "ALL CAPS"
    assert reasons["kind"] == "removed: not a kind of organization"
    assert reasons["membership.joined_on"].startswith("read as month/day/year")
    assert reasons["service_areas"] == "the organization's state"
    assert reasons["identifier:US-EIN"] == "leading zero restored"


def test_normalization_is_not_a_repair() -> None:
    row = clean_row(
        a_row(
            {"name": "  Tenants  Union ", "phone": "404 555 0100", "location.state": "Georgia", "location.postal_code": "30303-1"}
        )
    )
    assert row.repairs == ()
    assert row.fields["name"] == "Tenants Union"


def test_unknown_tags_are_reported_with_suggestions() -> None:
    row = clean_row(a_row({"issue_areas": "Housing; Tenents", "service_areas": "Athens, GA", "languages": "Klingon"}))
    assert set(row.unknown_terms) == {"Tenents", "Athens, GA", "Klingon"}
    assert "tenants" in row.unknown_terms["Tenents"]
    assert row.problems == ()


def test_a_column_of_unknown_terms_states_nothing() -> None:
    assert not clean_fields(issue_areas="Frobnication", service_areas="Nowhere", languages="Klingon")


def test_the_profile_maps_and_ignores_tags() -> None:
    row = clean_row(a_row({"tags": "Evictions; misc"}), terms={"evictions": "housing", "misc": ""})
    assert row.fields == {"issue_areas": ["housing"]}
    assert row.unknown_terms == {}


def test_a_term_in_the_column_of_another_vocabulary_is_a_fallback() -> None:
    row = clean_row(a_row({"communities": "Youth; Housing"}))
    assert row.fields == {"communities": ["youth"]}
    assert row.fallback_fields == {"issue_areas": ["housing"]}
    both = clean_row(a_row({"communities": "Youth; Housing", "issue_areas": "Immigration"}))
    assert both.fields["issue_areas"] == ["immigration", "housing"]
    assert both.fallback_fields == {}


def test_none_clears_and_empty_cells_state_nothing() -> None:
    assert clean_fields(summary=None, website=None, issue_areas=None, founded=None, service_areas=None) == {
        "summary": None,
        "website": None,
        "issue_areas": [],
        "founded": None,
        "service_areas": [],
    }
    assert clean_fields(summary="", website=" ", issue_areas="", founded="N/A", phone="-", location__city="none") == {}


def test_clearing_one_kind_of_a_list_never_clears_the_list() -> None:
    cleared = clean_fields(acronym=None, email=None, location__city=None, **{"link:instagram": None, "identifier:US-EIN": None})
    assert cleared == {}


def test_placeholders_are_reported() -> None:
    row = clean_row(a_row({"summary": "TBD", "website": "#REF!"}))
    assert row.fields == {}
    assert set(repair_reasons(row).values()) == {"placeholder treated as empty"}


@pytest.mark.parametrize("name", ["N/A", "-", "none", "???"])
def test_a_placeholder_as_name_is_refused(name: str) -> None:
    assert problem_paths(clean_row(a_row({"name": name}))) == ["name"]


@pytest.mark.parametrize("name", ["NAACP", "ACLU", "change.org", "CODEPINK".title(), "bell hooks Center", "ADAPT"])
def test_a_short_name_that_may_be_an_acronym_stays(name: str) -> None:
    row = clean_row(a_row({"name": name}))
    assert (row.fields["name"], row.repairs) == (name, ())


def test_a_status_of_none_is_a_status() -> None:
    assert clean_fields(membership__status="None") == {"membership": {"status": MembershipStatus.NONE}}
    assert clean_fields(membership__status="❌") == {"membership": {"status": MembershipStatus.NONE}}


def test_problems_have_their_path_and_column() -> None:
    row = clean_row(
        a_row(
            {
                "name": "Ten\u202eants",
                "founded": "1980s",
                "website": "info@x.org",
                "phone": "12",
                "location2.latitude": "0",
                "location2.longitude": "0",
                "location2.city": "Macon",
                "contact.email": "ana at x",
                "contact.name": "Ana",
                "membership.status": "gold",
                "membership.joined_on": "soon",
                "audience": "friends",
                "link:facebook": "our page there",
            },
            location2__latitude="Lat",
            contact__email="Mail",
            website="Web",
        )
    )
    assert set(problem_paths(row)) == {
        *("name", "founded", "website", "contacts[0].phone", "locations[0].latitude", "contacts[0].email"),
        *("membership.status", "membership.joined_on", "audience", "links[0].url"),
    }
    assert {row.columns[place] for place in ("website", "locations[0].latitude", "contacts[0].email")} == {"Lat", "Mail", "Web"}
    assert "name" not in row.fields
    assert "audience" not in row.fields


def test_columns_map_draft_paths_to_headings() -> None:
    row = clean_row(a_row(MESSY, location2__postal_code="Zip 2", website="Web", phone="Tel", acronym="Short"))
    assert row.columns["locations[1].postal_code"] == "Zip 2"
    assert row.columns["website"] == "Web"
    assert row.columns["contacts[0].phone"] == row.columns["contacts[2].phone"] == "Tel"
    assert row.columns["names[0]"] == row.columns["names[1]"] == "Short"


def test_earlier_problems_and_fallback_fields_are_kept() -> None:
    before = Problem(("name",), ErrorCode.BAD_INPUT, "Seen before.")
    row = clean_row(
        Row("a.csv", 3, {"name": "Tenants"}, problems=(before,), cells={"Name": "Tenants"}, fallback_fields={"kind": "UNION"})
    )
    assert row.problems == (before,)
    assert (row.cells, row.fallback_fields, row.number) == ({"Name": "Tenants"}, {"kind": "UNION"}, 3)


def test_a_repeated_name_is_stored_once_and_reported() -> None:
    row = clean_row(a_row({"name": "Tenants Union", "legal_name": "Tenants Union"}))
    assert "names" not in row.fields
    assert repair_reasons(row) == {"legal_name": "the same as the name"}


def test_the_rest_column_fills_fields_without_a_column() -> None:
    row = clean_row(a_row({"name": "T", "rest": '{"name": "Other", "relations": []}'}))
    assert row.fields == {"name": "T", "relations": []}
    assert problem_paths(clean_row(a_row({"rest": "{broken"}))) == ["rest"]


def test_draft_fields_of_structured_sources_are_copied() -> None:
    assert clean_fields(locations=[{"city": "Macon"}], unheard="x") == {"locations": [{"city": "Macon"}], "unheard": "x"}


FLAT = [*FIELDS, *GROUP_FIELDS, "link:instagram", "link:donate", "identifier:US-EIN", "location2.city", "contact3.email"]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FLAT), st.none() | st.text(max_size=40) | st.lists(st.text(max_size=20), max_size=3)))
def test_no_text_breaks_a_row(fields: dict[str, object]) -> None:
    row = clean_row(a_row(fields))
    assert not {field for field in row.fields if "." in field or field.startswith("link:")}
    assert all(problem.message for problem in row.problems)


@pytest.mark.parametrize("field", FLAT)
def test_a_hostile_cell_is_parsed_or_refused(field: str) -> None:
    for text in ("a@" * 8000, "<" * 30000, "1 " * 15000, "http://" * 4000, "x; " * 10000, "\u202e" * 9):
        row = clean_row(a_row({field: text}))
        assert row.problems or row.fields or row.unknown_terms or row.repairs or row.source_id or field in ("rest",)


def test_a_care_of_name_is_neither_imported_nor_reported() -> None:
    row = clean_row(Row("a.csv", 2, {"name": "Delta Elders c/o Jane Doe"}))
    assert row.fields["name"] == "Delta Elders"
    assert "Jane" not in repr(row.repairs)
