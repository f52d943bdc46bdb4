"""A published record as an HSDS organization with all that belongs to it, as the profile says (hsds_profile.py)."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from directory.records import Organization
from directory.regions import REGIONS
from directory.vocabulary import LANGUAGES
from seed.writers.about import About
from seed.writers.flat import pieces
from seed.writers.hsds_places import locations
from seed.writers.hsds_profile import (
    NOT_STATED,
    NOT_TOLD,
    PROFILE_VERSION,
    RECORD,
    SERVICE_NAME,
    TAXONOMIES,
    Record,
    attribute,
    id_of,
    profile_term,
    vocabulary_term,
)
from seed.writers.stated import as_stated, plain

IDENTIFIER_TYPES = {"US-EIN": "Employer identification number"}
ALTERNATE_NAMES = ("ALSO_KNOWN_AS", "SHORT", "ACRONYM", "TRANSLATED", "LEGAL")  # which of them `alternate_name` is, first to last
_AS_IT_STANDS = ("slug", "kind", "summary", "verified_at", "audience")
_AS_JSON = ("names", "relations", "sources")

Stated = dict[str, Any]


def record(organization: Organization, about: About) -> Record:
    """JSON-ready; what is not stated is not in it, but for what HSDS requires."""
    stated = as_stated(organization, about.audience)
    themes = list(_themes(stated, organization.id, "organization"))
    found = {
        "id": organization.id,
        "name": organization.name,
        "alternate_name": _alternate_name(stated),
        "description": _description(stated)[0],
        "email": next((one["email"] for one in stated.get("contacts", []) if "email" in one and "name" not in one), None),
        "website": stated.get("website"),
        "year_incorporated": stated.get("founded"),
        "parent_organization_id": stated.get("parent"),
        "additional_websites": _numbered(organization.id, "link", [_website(one) for one in _of("links", stated)]),
        "organization_identifiers": _numbered(
            organization.id, "identifier", [_identifier(one) for one in _of("identifiers", stated)]
        ),
        "contacts": [_contact(one, organization.id, number) for number, one in enumerate(_of("contacts", stated))],
        "locations": locations(organization, _of("locations", stated)),
        "services": [_service(organization, stated)],
        "attributes": [*_attributes(stated, organization.id), *themes],
        "metadata": [_metadata(organization, about)],
    }
    return _stated(found)


def _of(field: str, stated: Stated) -> list[Any]:
    found: list[Any] = stated.get(field, [])
    return found


def _stated(record: Record) -> Record:
    return {field: value for field, value in record.items() if value is not None and value != []}


def _numbered(owner: str, key: str, records: Sequence[Record]) -> list[Record]:
    return [{"id": id_of(owner, f"{key}:{number}"), **one} for number, one in enumerate(records)]


def _alternate_name(stated: Stated) -> str | None:
    names = _of("names", stated)
    return next((one["name"] for kind in ALTERNATE_NAMES for one in names if one["kind"] == kind), None)


def _description(stated: Stated) -> list[str]:
    """In pieces that each fit into a cell; HSDS requires one."""
    return list(pieces(stated.get("description") or stated.get("summary") or NOT_STATED))


def _website(stated: Stated) -> Record:
    return {"label": stated["kind"], "url": stated["url"]}


def _identifier(stated: Stated) -> Record:
    scheme = stated["scheme"]
    return {
        "identifier_scheme": scheme,
        "identifier_type": IDENTIFIER_TYPES.get(scheme, scheme),
        "identifier": stated["value"],
    }


def _attributes(stated: Stated, id: str) -> Iterator[Record]:  # noqa: A002
    yield attribute(id, "organization", profile_term(RECORD), PROFILE_VERSION)
    description = _description(stated)
    if "description" not in stated:
        yield attribute(id, "organization", profile_term("described_by"), "summary" if "summary" in stated else "none")
    for number, piece in enumerate(description if len(description) > 1 else ()):
        yield attribute(id, "organization", profile_term("description"), piece, number)
    for field in _AS_IT_STANDS:
        if field in stated:
            yield attribute(id, "organization", profile_term(field), stated[field])
    for part, value in stated.get("membership", {}).items():
        yield attribute(id, "organization", profile_term(f"membership.{part}"), value)
    for field in _AS_JSON:
        for number, one in enumerate(_of(field, stated)):
            yield attribute(id, "organization", profile_term(field), json.dumps(one, ensure_ascii=False), number)


def _themes(stated: Stated, owner: str, entity: str) -> Iterator[Record]:
    for field in TAXONOMIES:
        for slug in _of(field, stated):
            term = vocabulary_term(field, slug)
            yield attribute(owner, entity, term, term["name"])


def _service(organization: Organization, stated: Stated) -> Record:
    id = id_of(organization.id, "service")  # noqa: A001
    verified = organization.verified_at
    return _stated(
        {
            "id": id,
            "name": SERVICE_NAME.format(organization.name),
            "description": stated.get("summary"),
            "status": "active",
            "assured_date": verified.date().isoformat() if verified else None,
            "last_modified": plain(organization.updated_at),
            "service_areas": [_service_area(code, id) for code in _of("service_areas", stated)],
            "service_at_locations": [
                {"id": id_of(id, f"at:{one.id}"), "location": {"id": one.id, "location_type": "physical"}}
                for one in organization.locations
            ],
            "languages": [_language(tag, id) for tag in _of("languages", stated)],
            "attributes": list(_themes(stated, id, "service")),
        }
    )


def _service_area(code: str, owner: str) -> Record:
    id, region = id_of(owner, f"area:{code}"), REGIONS.require(code)  # noqa: A001
    return {"id": id, "name": region.name, "attributes": [attribute(id, "service_area", profile_term("region"), code)]}


def _language(tag: str, owner: str) -> Record:
    return {"id": id_of(owner, f"language:{tag}"), "name": LANGUAGES.require(tag).label(), "code": tag}


def _contact(stated: Stated, owner: str, number: int) -> Record:
    id = id_of(owner, f"contact:{number}")  # noqa: A001
    told = [("audience", stated["audience"]), *(("languages", tag) for tag in _of("languages", stated))]
    extension = stated.get("phone_extension")
    if extension and str(int(extension)) != extension:
        told.append(("phone_extension", extension))
    return _stated(
        {
            "id": id,
            "name": stated.get("name"),
            "title": stated.get("role"),
            "email": stated.get("email"),
            "phones": [_phone(stated, id)] if "phone" in stated else [],
            "attributes": [
                attribute(id, "contact", profile_term(code), value, position) for position, (code, value) in enumerate(told)
            ],
        }
    )


def _phone(stated: Stated, owner: str) -> Record:
    id = id_of(owner, "phone")  # noqa: A001
    return _stated(
        {
            "id": id,
            "number": stated["phone"],
            "extension": int(stated["phone_extension"]) if "phone_extension" in stated else None,
            "type": "voice",
            "languages": [_language(tag, id) for tag in _of("languages", stated)],
        }
    )


def _metadata(organization: Organization, about: About) -> Record:
    """HSDS wants the old and the new value of what changed last, which the directory tells nobody."""
    return {
        "id": id_of(organization.id, "metadata"),
        "resource_id": organization.id,
        "resource_type": "organization",
        "last_action_date": organization.updated_at.date().isoformat(),
        "last_action_type": "update",
        "field_name": "organization",
        "previous_value": NOT_TOLD,
        "replacement_value": NOT_TOLD,
        "updated_by": about.title,
    }
