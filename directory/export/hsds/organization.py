"""Build the HSDS object of an organization, with its services, locations and contacts, as `profile` defines it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from directory.export.draft_fields import to_draft_fields, to_json_value
from directory.export.export_info import ExportInfo
from directory.export.flat_columns import split_into_cells
from directory.export.hsds.locations import build_locations
from directory.export.hsds.profile import (
    ATTRIBUTE_FIELDS,
    NOT_PUBLISHED,
    NOT_STATED,
    PROFILE_VERSION,
    RECORD_TERM,
    SERVICE_NAME,
    TAXONOMIES,
    HsdsObject,
    build_attribute,
    derive_part_id,
    profile_term,
    vocabulary_term,
)
from directory.records import Organization
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import LANGUAGES

IDENTIFIER_TYPES = {"US-EIN": "Employer identification number"}
ALTERNATE_NAMES = ("ALSO_KNOWN_AS", "SHORT", "ACRONYM", "TRANSLATED", "LEGAL")  # kinds for `alternate_name`, best first
_TEXT_FIELDS = ("slug", *ATTRIBUTE_FIELDS, "audience")
_JSON_FIELDS = ("names", "relations", "sources")

DraftFields = dict[str, Any]


def build_organization(organization: Organization, info: ExportInfo) -> HsdsObject:
    """Return the JSON-ready object. Empty fields are left out, unless HSDS requires them."""
    fields = to_draft_fields(organization, info.audience)
    themes = list(_build_term_attributes(fields, organization.id, "organization"))
    record = {
        "id": organization.id,
        "name": organization.name,
        "alternate_name": _find_alternate_name(fields),
        "description": _split_description(fields)[0],
        "email": next((one["email"] for one in fields.get("contacts", []) if "email" in one and "name" not in one), None),
        "website": fields.get("website"),
        "year_incorporated": fields.get("founded"),
        "parent_organization_id": fields.get("parent"),
        "additional_websites": _assign_ids(organization.id, "link", [_build_website(one) for one in _get_list("links", fields)]),
        "organization_identifiers": _assign_ids(
            organization.id, "identifier", [_build_identifier(one) for one in _get_list("identifiers", fields)]
        ),
        "contacts": [_build_contact(one, organization.id, number) for number, one in enumerate(_get_list("contacts", fields))],
        "locations": build_locations(organization, _get_list("locations", fields)),
        "services": [_build_service(organization, fields)],
        "attributes": [*_build_attributes(fields, organization.id), *themes],
        "metadata": [_build_metadata(organization, info)],
    }
    return _drop_empty(record)


def _get_list(field: str, fields: DraftFields) -> list[Any]:
    items: list[Any] = fields.get(field, [])
    return items


def _drop_empty(record: HsdsObject) -> HsdsObject:
    return {field: value for field, value in record.items() if value is not None and value != []}


def _assign_ids(owner: str, key: str, records: Sequence[HsdsObject]) -> list[HsdsObject]:
    return [{"id": derive_part_id(owner, f"{key}:{number}"), **one} for number, one in enumerate(records)]


def _find_alternate_name(fields: DraftFields) -> str | None:
    names = _get_list("names", fields)
    return next((one["name"] for kind in ALTERNATE_NAMES for one in names if one["kind"] == kind), None)


def _split_description(fields: DraftFields) -> list[str]:
    """Return the description in pieces that each fit into a cell. HSDS requires one: the summary or a placeholder replaces it."""
    return list(split_into_cells(fields.get("description") or fields.get("summary") or NOT_STATED))


def _build_website(fields: DraftFields) -> HsdsObject:
    return {"label": fields["kind"], "url": fields["url"]}


def _build_identifier(fields: DraftFields) -> HsdsObject:
    scheme = fields["scheme"]
    return {
        "identifier_scheme": scheme,
        "identifier_type": IDENTIFIER_TYPES.get(scheme, scheme),
        "identifier": fields["value"],
    }


def _build_attributes(fields: DraftFields, id: str) -> Iterator[HsdsObject]:
    yield build_attribute(id, "organization", profile_term(RECORD_TERM), PROFILE_VERSION)
    description = _split_description(fields)
    if "description" not in fields:
        yield build_attribute(id, "organization", profile_term("described_by"), "summary" if "summary" in fields else "none")
    for number, piece in enumerate(description if len(description) > 1 else ()):
        yield build_attribute(id, "organization", profile_term("description"), piece, number)
    for field in _TEXT_FIELDS:
        if field in fields:
            yield build_attribute(id, "organization", profile_term(field), fields[field])
    for part, value in fields.get("membership", {}).items():
        yield build_attribute(id, "organization", profile_term(f"membership.{part}"), value)
    for field in _JSON_FIELDS:
        for number, one in enumerate(_get_list(field, fields)):
            yield build_attribute(id, "organization", profile_term(field), json.dumps(one, ensure_ascii=False), number)


def _build_term_attributes(fields: DraftFields, owner: str, entity: str) -> Iterator[HsdsObject]:
    for field in TAXONOMIES:
        for slug in _get_list(field, fields):
            term = vocabulary_term(field, slug)
            yield build_attribute(owner, entity, term, term["name"])


def _build_service(organization: Organization, fields: DraftFields) -> HsdsObject:
    id = derive_part_id(organization.id, "service")
    verified = organization.verified_at
    return _drop_empty(
        {
            "id": id,
            "name": SERVICE_NAME.format(organization.name),
            "description": fields.get("summary"),
            "status": "active",
            "assured_date": verified.date().isoformat() if verified else None,
            "last_modified": to_json_value(organization.updated_at),
            "service_areas": [_build_service_area(code, id) for code in _get_list("service_areas", fields)],
            "service_at_locations": [
                {"id": derive_part_id(id, f"at:{one.id}"), "location": {"id": one.id, "location_type": "physical"}}
                for one in organization.locations
            ],
            "languages": [_build_language(tag, id) for tag in _get_list("languages", fields)],
            "attributes": list(_build_term_attributes(fields, id, "service")),
        }
    )


def _build_service_area(code: str, owner: str) -> HsdsObject:
    id = derive_part_id(owner, f"area:{code}")
    attribute = build_attribute(id, "service_area", profile_term("region"), code)
    return {"id": id, "name": REGIONS.require(code).name, "attributes": [attribute]}


def _build_language(tag: str, owner: str) -> HsdsObject:
    return {"id": derive_part_id(owner, f"language:{tag}"), "name": LANGUAGES.require(tag).label(), "code": tag}


def _build_contact(fields: DraftFields, owner: str, number: int) -> HsdsObject:
    id = derive_part_id(owner, f"contact:{number}")
    attributes = [("audience", fields["audience"]), *(("languages", tag) for tag in _get_list("languages", fields))]
    extension = fields.get("phone_extension")
    if extension and str(int(extension)) != extension:
        attributes.append(("phone_extension", extension))
    return _drop_empty(
        {
            "id": id,
            "name": fields.get("name"),
            "title": fields.get("role"),
            "email": fields.get("email"),
            "phones": [_build_phone(fields, id)] if "phone" in fields else [],
            "attributes": [
                build_attribute(id, "contact", profile_term(code), value, position)
                for position, (code, value) in enumerate(attributes)
            ],
        }
    )


def _build_phone(fields: DraftFields, owner: str) -> HsdsObject:
    id = derive_part_id(owner, "phone")
    return _drop_empty(
        {
            "id": id,
            "number": fields["phone"],
            "extension": int(fields["phone_extension"]) if "phone_extension" in fields else None,
            "type": "voice",
            "languages": [_build_language(tag, id) for tag in _get_list("languages", fields)],
        }
    )


def _build_metadata(organization: Organization, info: ExportInfo) -> HsdsObject:
    """Return the metadata that HSDS requires. The directory does not publish the old and new values of a change."""
    return {
        "id": derive_part_id(organization.id, "metadata"),
        "resource_id": organization.id,
        "resource_type": "organization",
        "last_action_date": organization.updated_at.date().isoformat(),
        "last_action_type": "update",
        "field_name": "organization",
        "previous_value": NOT_PUBLISHED,
        "replacement_value": NOT_PUBLISHED,
        "updated_by": info.title,
    }
