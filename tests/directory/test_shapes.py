"""All shapes of an organization have the same fields, so a field that is missing in one of them fails here."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import Struct
from pydantic import BaseModel

from directory import records
from directory.drafts import draft_parts, organization_draft
from directory.store.records import tables
from schema.types.organization_details import Source
from tests.field_values import build_values

KEYS = {"key", "organization_key", "site_id", "position"}  # only in tables: how rows join, and their order


def list_draft_fields(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def list_struct_fields(struct: type[Struct]) -> set[str]:
    return set(struct.__struct_fields__)


def list_columns(name: str) -> set[str]:
    return {column.name for column in tables.metadata.tables[name].columns} - KEYS


def list_source_columns() -> set[str]:
    """Return the columns that the sources are made of: those of a row and those of its dataset."""
    columns = (list_columns("provenance") | list_columns("datasets")) - {"id", "dataset"}
    return columns - {"fields"} | {"field"}


def list_organization_columns() -> set[str]:
    """Return the columns of the organization's own table, and the fields with tables of their own."""
    own = {"membership" if column.startswith("membership_") else column for column in list_columns("organizations")}
    return own | tables.ORGANIZATION_TABLES.parts.keys()


# Each shape, the fields of the published record that it lacks, and its additional fields, with reasons.
Exceptions = Mapping[str, str]
Shape = tuple[str, set[str], Exceptions, Exceptions]

STAFF_ONLY = {"verification_method": "for staff only"}
HIDING = {"hidden_since": "for staff only, set by a command", "hidden_until": "for staff only, set by a command"}
REMEMBERED = {"row_matches": "what imports know of rows of lists, for staff only"}
STORED = {"audience": "not published", "sites": "published as locations", **STAFF_ONLY, **HIDING, **REMEMBERED}
PUBLISHED = {"locations": "stored as sites", "updated_at": "differs by audience, computed"}
ASSIGNED = {"id": "assigned by the directory", "updated_at": "differs by audience, computed"}

ORGANIZATION: list[Shape] = [
    ("draft", list_draft_fields(organization_draft.OrganizationDraft), ASSIGNED, {"audience": STORED["audience"], **STAFF_ONLY}),
    ("stored record", list_struct_fields(records.StoredOrganization), PUBLISHED, STORED),
    ("tables", list_organization_columns(), PUBLISHED, STORED | {"revision": "for staff only"}),
]


@pytest.mark.parametrize(("name", "fields", "lacks", "has"), ORGANIZATION, ids=[shape[0] for shape in ORGANIZATION])
def test_every_shape_of_an_organization_has_the_same_fields(
    name: str, fields: set[str], lacks: Exceptions, has: Exceptions
) -> None:
    published = list_struct_fields(records.Organization)
    assert published - fields == lacks.keys(), f"missing in {name}"
    assert fields - published == has.keys(), f"only in {name}"


PARTS: list[tuple[type[BaseModel], type[Struct], set[str], set[str], set[str]]] = [
    # draft, stored record, columns, fields only in the draft, fields only in the record
    (draft_parts.NameDraft, records.OrganizationName, list_columns("organization_names"), set(), set()),
    (draft_parts.LinkDraft, records.Link, list_columns("links"), set(), set()),
    (draft_parts.IdentifierDraft, records.Identifier, list_columns("identifiers"), set(), set()),
    (draft_parts.RelationDraft, records.Relation, list_columns("relations"), set(), set()),
    (draft_parts.SourceDraft, records.Source, list_source_columns(), set(), set()),
    (draft_parts.ContactDraft, records.StoredContact, list_columns("contacts"), set(), set()),
    (draft_parts.LocationDraft, records.StoredLocation, list_columns("sites"), {"street", "latitude", "longitude"}, {"id"}),
]


@pytest.mark.parametrize(
    ("draft", "record", "columns", "only_draft", "only_record"), PARTS, ids=[part[1].__name__ for part in PARTS]
)
def test_every_shape_of_a_part_has_the_same_fields(
    draft: type[BaseModel], record: type[Struct], columns: set[str], only_draft: set[str], only_record: set[str]
) -> None:
    fields = list_struct_fields(record) - {"private"}  # which has a table of its own
    assert list_draft_fields(draft) - fields == only_draft
    assert fields - list_draft_fields(draft) == only_record
    assert columns == fields


def test_a_membership_is_stored_in_the_organizations_row() -> None:
    columns = {column.removeprefix("membership_") for column in list_columns("organizations") if column.startswith("membership_")}
    assert columns == list_struct_fields(records.Membership) == list_draft_fields(draft_parts.MembershipDraft)


def test_the_private_part_of_a_place_has_a_table_of_its_own() -> None:
    assert list_columns("private_places") == {"street", "latitude", "longitude"}
    assert not list_columns("private_places") & list_columns("sites")


def test_a_published_location_has_every_field_of_a_stored_one_with_exceptions() -> None:
    stored, published = (
        list_struct_fields(records.StoredLocation),
        list_struct_fields(records.Location) | list_struct_fields(records.Address),
    )
    assert stored - published == {"disclosure", "known", "private"}  # the precision is derived from them
    assert published - stored == {"address", "point", "precision", "radius_km", "regions", "street"}


def test_a_source_is_published_without_its_origin_and_disclosure() -> None:
    exposed = {field.name for field in Source.__strawberry_definition__.fields}  # type: ignore[attr-defined]
    assert list_struct_fields(records.Source) - exposed == {"tells", "origin", "file", "row"}


def test_a_published_contact_lacks_nothing_but_its_audience() -> None:
    assert list_struct_fields(records.StoredContact) - list_struct_fields(records.Contact) == {"audience"}


def test_how_a_record_was_verified_has_no_source() -> None:
    assert "verification_method" not in records.SOURCED_FIELDS


def test_a_stored_organization_has_every_field_of_a_draft() -> None:
    full: dict[str, Any] = {
        **build_values(),
        "slug": "union",
        "name": "Union",
        "names": [{"name": "U", "kind": "ACRONYM"}],
        "links": [{"kind": "donate", "url": "https://example.org/"}],
        "identifiers": [{"scheme": "US-EIN", "value": "52-1633883"}],
        "contacts": [{"role": "Office"}],
        "membership": {"status": "LAPSED"},
        "parent": "22222222-2222-4222-8222-222222222222",
        "relations": [{"kind": "HOST", "actor": "A"}],
        "sources": [{"field": "name", "title": "t"}],
        "verification_method": "PHONE",
        "audience": "STAFF",
    }
    assert full.keys() | {"locations"} == list_draft_fields(organization_draft.OrganizationDraft)
    id_ = "11111111-1111-4111-8111-111111111111"
    organization = organization_draft.build_stored_organization(
        organization_draft.parse_draft(full), id=id_, slug="union", sites=(records.StoredLocation(id=id_),)
    )
    empty = records.StoredOrganization(id="", slug="", name="")
    fields = list_struct_fields(records.StoredOrganization) - HIDING.keys() - REMEMBERED.keys()
    assert [field for field in fields if getattr(organization, field) == getattr(empty, field)] == []
