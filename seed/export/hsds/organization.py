"""A published record as an HSDS organization with all that belongs to it, as the profile says (hsds_profile.py)."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from directory.records import Organization
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import LANGUAGES
from seed.export.draft_fields import to_draft_fields, to_json_value
from seed.export.export_info import ExportInfo
from seed.export.flat_columns import split_into_cells
from seed.export.hsds.locations import build_locations
from seed.export.hsds.profile import (
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

IDENTIFIER_TYPES = {"US-EIN": "Employer identification number"}
ALTERNATE_NAMES = ("ALSO_KNOWN_AS", "SHORT", "ACRONYM", "TRANSLATED", "LEGAL")  # which of them `alternate_name` is, first to last
_TEXT_FIELDS = ("slug", "kind", "summary", "verified_at", "audience")
_JSON_FIELDS = ("names", "relations", "sources")

DraftFields = dict[str, Any]


def build_organization(organization: Organization, info: ExportInfo) -> HsdsObject:
    """JSON-ready; what is not stated is not in it, but for what HSDS requires."""
    stated = to_draft_fields(organization, info.audience)
    themes = list(_build_term_attributes(stated, organization.id, "organization"))
    found = {
        "id": organization.id,
        "name": organization.name,
        "alternate_name": _find_alternate_name(stated),
        "description": _split_description(stated)[0],
        "email": next((one["email"] for one in stated.get("contacts", []) if "email" in one and "name" not in one), None),
        "website": stated.get("website"),
        "year_incorporated": stated.get("founded"),
        "parent_organization_id": stated.get("parent"),
        "additional_websites": _assign_ids(organization.id, "link", [_build_website(one) for one in _get_list("links", stated)]),
        "organization_identifiers": _assign_ids(
            organization.id, "identifier", [_build_identifier(one) for one in _get_list("identifiers", stated)]
        ),
        "contacts": [_build_contact(one, organization.id, number) for number, one in enumerate(_get_list("contacts", stated))],
        "locations": build_locations(organization, _get_list("locations", stated)),
        "services": [_build_service(organization, stated)],
        "attributes": [*_build_attributes(stated, organization.id), *themes],
        "metadata": [_build_metadata(organization, info)],
    }
    return _drop_empty(found)


def _get_list(field: str, stated: DraftFields) -> list[Any]:
    found: list[Any] = stated.get(field, [])
    return found


def _drop_empty(record: HsdsObject) -> HsdsObject:
    return {field: value for field, value in record.items() if value is not None and value != []}


def _assign_ids(owner: str, key: str, records: Sequence[HsdsObject]) -> list[HsdsObject]:
    return [{"id": derive_part_id(owner, f"{key}:{number}"), **one} for number, one in enumerate(records)]


def _find_alternate_name(stated: DraftFields) -> str | None:
    names = _get_list("names", stated)
    return next((one["name"] for kind in ALTERNATE_NAMES for one in names if one["kind"] == kind), None)


def _split_description(stated: DraftFields) -> list[str]:
    """In pieces that each fit into a cell; HSDS requires one."""
    return list(split_into_cells(stated.get("description") or stated.get("summary") or NOT_STATED))


def _build_website(stated: DraftFields) -> HsdsObject:
    return {"label": stated["kind"], "url": stated["url"]}


def _build_identifier(stated: DraftFields) -> HsdsObject:
    scheme = stated["scheme"]
    return {
        "identifier_scheme": scheme,
        "identifier_type": IDENTIFIER_TYPES.get(scheme, scheme),
        "identifier": stated["value"],
    }


def _build_attributes(stated: DraftFields, id: str) -> Iterator[HsdsObject]:
    yield build_attribute(id, "organization", profile_term(RECORD_TERM), PROFILE_VERSION)
    description = _split_description(stated)
    if "description" not in stated:
        yield build_attribute(id, "organization", profile_term("described_by"), "summary" if "summary" in stated else "none")
    for number, piece in enumerate(description if len(description) > 1 else ()):
        yield build_attribute(id, "organization", profile_term("description"), piece, number)
    for field in _TEXT_FIELDS:
        if field in stated:
            yield build_attribute(id, "organization", profile_term(field), stated[field])
    for part, value in stated.get("membership", {}).items():
        yield build_attribute(id, "organization", profile_term(f"membership.{part}"), value)
    for field in _JSON_FIELDS:
        for number, one in enumerate(_get_list(field, stated)):
            yield build_attribute(id, "organization", profile_term(field), json.dumps(one, ensure_ascii=False), number)


def _build_term_attributes(stated: DraftFields, owner: str, entity: str) -> Iterator[HsdsObject]:
    for field in TAXONOMIES:
        for slug in _get_list(field, stated):
            term = vocabulary_term(field, slug)
            yield build_attribute(owner, entity, term, term["name"])


def _build_service(organization: Organization, stated: DraftFields) -> HsdsObject:
    id = derive_part_id(organization.id, "service")
    verified = organization.verified_at
    return _drop_empty(
        {
            "id": id,
            "name": SERVICE_NAME.format(organization.name),
            "description": stated.get("summary"),
            "status": "active",
            "assured_date": verified.date().isoformat() if verified else None,
            "last_modified": to_json_value(organization.updated_at),
            "service_areas": [_build_service_area(code, id) for code in _get_list("service_areas", stated)],
            "service_at_locations": [
                {"id": derive_part_id(id, f"at:{one.id}"), "location": {"id": one.id, "location_type": "physical"}}
                for one in organization.locations
            ],
            "languages": [_build_language(tag, id) for tag in _get_list("languages", stated)],
            "attributes": list(_build_term_attributes(stated, id, "service")),
        }
    )


def _build_service_area(code: str, owner: str) -> HsdsObject:
    id, region = derive_part_id(owner, f"area:{code}"), REGIONS.require(code)
    return {"id": id, "name": region.name, "attributes": [build_attribute(id, "service_area", profile_term("region"), code)]}


def _build_language(tag: str, owner: str) -> HsdsObject:
    return {"id": derive_part_id(owner, f"language:{tag}"), "name": LANGUAGES.require(tag).label(), "code": tag}


def _build_contact(stated: DraftFields, owner: str, number: int) -> HsdsObject:
    id = derive_part_id(owner, f"contact:{number}")
    told = [("audience", stated["audience"]), *(("languages", tag) for tag in _get_list("languages", stated))]
    extension = stated.get("phone_extension")
    if extension and str(int(extension)) != extension:
        told.append(("phone_extension", extension))
    return _drop_empty(
        {
            "id": id,
            "name": stated.get("name"),
            "title": stated.get("role"),
            "email": stated.get("email"),
            "phones": [_build_phone(stated, id)] if "phone" in stated else [],
            "attributes": [
                build_attribute(id, "contact", profile_term(code), value, position) for position, (code, value) in enumerate(told)
            ],
        }
    )


def _build_phone(stated: DraftFields, owner: str) -> HsdsObject:
    id = derive_part_id(owner, "phone")
    return _drop_empty(
        {
            "id": id,
            "number": stated["phone"],
            "extension": int(stated["phone_extension"]) if "phone_extension" in stated else None,
            "type": "voice",
            "languages": [_build_language(tag, id) for tag in _get_list("languages", stated)],
        }
    )


def _build_metadata(organization: Organization, info: ExportInfo) -> HsdsObject:
    """HSDS wants the old and the new value of what changed last, which the directory tells nobody."""
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
