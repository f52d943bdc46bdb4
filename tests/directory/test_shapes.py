"""The shapes of an organization, compared field by field, so that a field forgotten in one of them fails here."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import Struct
from pydantic import BaseModel

from directory import records
from directory.drafts import draft_parts, organization_draft
from directory.store.records import tables
from schema.types.organization_details import Source

KEYS = {"key", "organization_key", "site_id", "position"}  # of the tables alone: how rows join, and their order


def of_draft(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def of_record(struct: type[Struct]) -> set[str]:
    return set(struct.__struct_fields__)


def of_table(name: str) -> set[str]:
    return {column.name for column in tables.metadata.tables[name].columns} - KEYS


def of_organization_tables() -> set[str]:
    """Columns of the organization's own table, fields that are tables, and facets of the table of terms."""
    own = {"membership" if column.startswith("membership_") else column for column in of_table("organizations")}
    return own | tables.PART_TABLES.keys() | set(tables.TERM_FIELDS) | {"service_areas"}


# Each shape with what it lacks of the published record's fields, and what it has beside them, and why.
Exceptions = Mapping[str, str]
Shape = tuple[str, set[str], Exceptions, Exceptions]

OF_STAFF = {"verification_method": "of staff alone"}
HIDING = {"hidden_since": "of staff alone, set by a command", "hidden_until": "of staff alone, set by a command"}
KEPT = {"audience": "who sees it is not told", "sites": "published as locations", **OF_STAFF, **HIDING}
PUBLISHED = {"locations": "kept as sites", "updated_at": "differs by audience, computed"}
GIVEN = {"id": "given by the directory", "updated_at": "differs by audience, computed"}

ORGANIZATION: list[Shape] = [
    ("draft", of_draft(organization_draft.OrganizationDraft), GIVEN, {"audience": KEPT["audience"], **OF_STAFF}),
    ("entry", of_record(records.StoredOrganization), PUBLISHED, KEPT),
    ("tables", of_organization_tables(), PUBLISHED, KEPT | {"revision": "of staff alone"}),
]


@pytest.mark.parametrize(("name", "fields", "lacks", "has"), ORGANIZATION, ids=[shape[0] for shape in ORGANIZATION])
def test_every_shape_of_an_organization_has_the_same_fields(
    name: str, fields: set[str], lacks: Exceptions, has: Exceptions
) -> None:
    published = of_record(records.Organization)
    assert published - fields == lacks.keys(), f"missing in {name}"
    assert fields - published == has.keys(), f"only in {name}"


PARTS: list[tuple[type[BaseModel], type[Struct], set[str], set[str], set[str]]] = [
    # draft, record as kept, columns, what only the draft has, what only the record has
    (draft_parts.NameDraft, records.OrganizationName, of_table("organization_names"), set(), set()),
    (draft_parts.LinkDraft, records.Link, of_table("links"), set(), set()),
    (draft_parts.IdentifierDraft, records.Identifier, of_table("identifiers"), set(), set()),
    (draft_parts.RelationDraft, records.Relation, of_table("relations"), set(), set()),
    (draft_parts.SourceDraft, records.Source, of_table("sources"), set(), set()),
    (draft_parts.ContactDraft, records.StoredContact, of_table("contacts"), set(), set()),
    (draft_parts.LocationDraft, records.StoredLocation, of_table("sites"), {"street", "latitude", "longitude"}, {"id"}),
]


@pytest.mark.parametrize(
    ("draft", "record", "columns", "only_draft", "only_record"), PARTS, ids=[one[1].__name__ for one in PARTS]
)
def test_every_part_has_the_same_fields_wherever_it_is(
    draft: type[BaseModel], record: type[Struct], columns: set[str], only_draft: set[str], only_record: set[str]
) -> None:
    kept = of_record(record) - {"private"}  # in a table of its own
    assert of_draft(draft) - kept == only_draft
    assert kept - of_draft(draft) == only_record
    assert columns == kept


def test_a_membership_lies_in_the_organizations_own_row() -> None:
    columns = {column.removeprefix("membership_") for column in of_table("organizations") if column.startswith("membership_")}
    assert columns == of_record(records.Membership) == of_draft(draft_parts.MembershipDraft)


def test_the_private_part_of_a_place_has_a_table_of_its_own() -> None:
    assert of_table("private_places") == {"street", "latitude", "longitude"}
    assert not of_table("private_places") & of_table("sites")


def test_a_published_place_has_every_field_of_a_kept_one_or_a_reason() -> None:
    kept, published = of_record(records.StoredLocation), of_record(records.Location) | of_record(records.Address)
    assert kept - published == {"disclosure", "known", "private"}  # they make the precision
    assert published - kept == {"address", "point", "precision", "radius_km", "regions", "street"}


def test_a_source_is_told_with_every_field_but_how_it_came_here_and_what_it_tells_of_a_place() -> None:
    asked = {field.name for field in Source.__strawberry_definition__.fields}  # type: ignore[attr-defined]
    assert of_record(records.Source) - asked == {"tells", "origin", "file", "row"}


def test_a_published_contact_lacks_nothing_but_its_audience() -> None:
    assert of_record(records.StoredContact) - of_record(records.Contact) == {"audience"}


def test_how_a_record_was_verified_has_no_source() -> None:
    assert "verification_method" not in records.SOURCED_FIELDS


def test_the_entry_is_made_of_every_field_of_a_draft() -> None:
    full: dict[str, Any] = {
        "slug": "union",
        "name": "Union",
        "names": [{"name": "U", "kind": "ACRONYM"}],
        "kind": "UNION",
        "summary": "s",
        "description": "d",
        "founded": 1986,
        "website": "https://example.org/",
        "links": [{"kind": "donate", "url": "https://example.org/"}],
        "identifiers": [{"scheme": "US-EIN", "value": "52-1633883"}],
        "languages": ["es"],
        "issue_areas": ["housing"],
        "communities": ["youth"],
        "work_areas": ["organizing"],
        "service_areas": ["US"],
        "contacts": [{"role": "Office"}],
        "membership": {"status": "LAPSED"},
        "parent": "22222222-2222-4222-8222-222222222222",
        "relations": [{"kind": "HOST", "actor": "A"}],
        "sources": [{"field": "name", "title": "t"}],
        "verified_at": "2024-05-01T00:00:00Z",
        "verification_method": "PHONE",
        "audience": "STAFF",
    }
    assert full.keys() | {"locations"} == of_draft(organization_draft.OrganizationDraft)
    id_ = "11111111-1111-4111-8111-111111111111"
    entry = organization_draft.build_stored_organization(
        organization_draft.parse_draft(full), id=id_, slug="union", sites=(records.StoredLocation(id=id_),)
    )
    empty = records.StoredOrganization(id="", slug="", name="")
    stated = of_record(records.StoredOrganization) - HIDING.keys()
    assert [field for field in stated if getattr(entry, field) == getattr(empty, field)] == []
