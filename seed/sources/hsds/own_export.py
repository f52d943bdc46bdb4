"""Our own HSDS exports read back: exactly what was written, as the profile says (seed/export/hsds/profile.py)."""

import json
from collections.abc import Mapping
from typing import Any

from seed.export.draft_fields import TRUE_POINT_PRECISIONS
from seed.export.formula_escaping import unescape_cell
from seed.export.hsds.profile import RECORD_TERM, TAXONOMIES, read_profile_attributes, read_term_slugs
from seed.sources.hsds.layout import list_objects, read_text

DraftFields = dict[str, Any]

_PLAIN_FIELDS = ("slug", "kind", "summary", "verified_at", "audience")
_MEMBERSHIP = ("status", "joined_on", "ended_on")
_JSON_FIELDS = ("names", "relations", "sources")
_ADDRESS_COLUMNS = {
    "street": "address_1",
    "city": "city",
    "state": "state_province",
    "postal_code": "postal_code",
    "country": "country",
}
_LOCATION_FIELDS = ("street", "city", "county", "state", "postal_code", "country", "known", "disclosure")
HOME_COUNTRY = "US"


def is_own_record(organization: Mapping[str, Any]) -> bool:
    """Whether the record is one that we wrote."""
    return any(code == RECORD_TERM for code, _ in read_profile_attributes(organization))


def restore_cells(value: Any) -> Any:
    """The value as it was before its cells were made neutral to spreadsheets."""
    if isinstance(value, str):
        return unescape_cell(value)
    if isinstance(value, list):
        return [restore_cells(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        field: one if field == "taxonomy_term" else restore_cells(one) for field, one in value.items()
    }  # we chose the terms' words


def read_own_record(organization: Mapping[str, Any]) -> DraftFields:
    """The fields of an OrganizationDraft, and `id`. What a person has spoilt is left as it stands, for the draft to refuse."""
    plain = dict(read_profile_attributes(organization))
    service = next(iter(list_objects(organization.get("services"))), {})
    found: DraftFields = {field: read_text(organization.get(field)) for field in ("id", "name", "website")}
    found |= {field: plain.get(field) for field in _PLAIN_FIELDS}
    pieces = "".join(_list_coded_values(organization, "description"))
    found["description"] = None if "described_by" in plain else pieces or read_text(organization.get("description"))
    found["founded"] = _parse_number(organization.get("year_incorporated"))
    found["parent"] = read_text(organization.get("parent_organization_id"))
    found |= {field: [_decode_json(value) for value in _list_coded_values(organization, field)] for field in _JSON_FIELDS}
    found["membership"] = {part: plain[f"membership.{part}"] for part in _MEMBERSHIP if f"membership.{part}" in plain}
    found["links"] = [_read_link(one) for one in list_objects(organization.get("additional_websites"))]
    found["identifiers"] = [_read_identifier(one) for one in list_objects(organization.get("organization_identifiers"))]
    found["languages"] = [read_text(one.get("code")) for one in list_objects(service.get("languages"))]
    found["service_areas"] = [
        region for area in list_objects(service.get("service_areas")) for region in _list_coded_values(area, "region")
    ]
    found |= {field: read_term_slugs(organization, field) for field in TAXONOMIES}
    found["locations"] = [_read_location(one) for one in list_objects(organization.get("locations"))]
    found["contacts"] = [_read_contact(one) for one in list_objects(organization.get("contacts"))]
    return {field: value for field, value in found.items() if value not in (None, "", [], {})}


def _without_empty(**fields: object) -> DraftFields:
    read = {field: read_text(value) if not isinstance(value, bool | float | list) else value for field, value in fields.items()}
    return {field: value for field, value in read.items() if value not in (None, "", [])}


def _list_coded_values(record: Mapping[str, Any], code: str) -> list[str]:
    return [value for one, value in read_profile_attributes(record) if one == code]


def _decode_json(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _parse_number(value: object) -> object:
    said = read_text(value)
    return int(said) if said.isascii() and said.isdigit() else said or None


def _read_link(one: Mapping[str, Any]) -> DraftFields:
    return _without_empty(kind=one.get("label"), url=one.get("url"))


def _read_identifier(one: Mapping[str, Any]) -> DraftFields:
    return _without_empty(scheme=one.get("identifier_scheme"), value=one.get("identifier"))


def _read_location(one: Mapping[str, Any]) -> DraftFields:
    told = dict(read_profile_attributes(one))
    address = next(iter(list_objects(one.get("addresses"))), {})
    parts = {part: read_text(address.get(column)) or told.get(part) for part, column in _ADDRESS_COLUMNS.items()}
    if address and parts["country"] != HOME_COUNTRY:
        parts["state"] = f"{parts['country']}-{parts['state']}"
    found = {part: parts.get(part, told.get(part)) for part in _LOCATION_FIELDS}
    is_true = told.get("precision") in {precision.value for precision in TRUE_POINT_PRECISIONS}
    point = {part: _parse_degrees(one.get(part)) for part in ("latitude", "longitude")} if is_true else {}
    return _without_empty(name=one.get("name"), **found, **point, is_primary=True if told.get("is_primary") == "true" else None)


def _parse_degrees(value: object) -> object:
    said = read_text(value)
    try:
        return float(said)
    except ValueError:
        return said


def _read_contact(one: Mapping[str, Any]) -> DraftFields:
    told = dict(read_profile_attributes(one))
    phone = next(iter(list_objects(one.get("phones"))), {})
    return _without_empty(
        role=one.get("title"),
        name=one.get("name"),
        email=one.get("email"),
        phone=phone.get("number"),
        phone_extension=told.get("phone_extension") or phone.get("extension"),
        languages=_list_coded_values(one, "languages"),
        audience=told.get("audience"),
    )
