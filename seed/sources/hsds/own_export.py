"""Read our own HSDS exports back exactly as they were written (directory/export/hsds/profile.py)."""

import json
from collections.abc import Mapping
from typing import Any

from directory.export.draft_fields import TRUE_POINT_PRECISIONS
from directory.export.formula_escaping import unescape_cell
from directory.export.hsds.profile import ATTRIBUTE_FIELDS, RECORD_TERM, TAXONOMIES, read_profile_attributes, read_term_slugs
from seed.sources.hsds.linked_tables import list_objects, read_text

DraftFields = dict[str, Any]

_PLAIN_FIELDS = ("slug", *ATTRIBUTE_FIELDS, "audience")
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
    """Return whether we exported the record."""
    return any(code == RECORD_TERM for code, _ in read_profile_attributes(organization))


def restore_cells(value: Any) -> Any:
    """Return the value without the formula escapes in its cells."""
    if isinstance(value, str):
        return unescape_cell(value)
    if isinstance(value, list):
        return [restore_cells(item) for item in value]
    if not isinstance(value, dict):
        return value
    # The names of terms are ours and were not escaped.
    return {field: item if field == "taxonomy_term" else restore_cells(item) for field, item in value.items()}


def read_own_record(organization: Mapping[str, Any]) -> DraftFields:
    """Return the fields of an OrganizationDraft and `id`. Values damaged by a person are left for the draft to reject."""
    plain = dict(read_profile_attributes(organization))
    service = next(iter(list_objects(organization.get("services"))), {})
    fields: DraftFields = {field: read_text(organization.get(field)) for field in ("id", "name", "website")}
    fields |= {field: plain.get(field) for field in _PLAIN_FIELDS}
    pieces = "".join(_list_coded_values(organization, "description"))
    fields["description"] = None if "described_by" in plain else pieces or read_text(organization.get("description"))
    fields["founded"] = _parse_number(organization.get("year_incorporated"))
    fields["parent"] = read_text(organization.get("parent_organization_id"))
    fields |= {field: [_decode_json(value) for value in _list_coded_values(organization, field)] for field in _JSON_FIELDS}
    fields["membership"] = {part: plain[f"membership.{part}"] for part in _MEMBERSHIP if f"membership.{part}" in plain}
    fields["links"] = [_read_link(link) for link in list_objects(organization.get("additional_websites"))]
    fields["identifiers"] = [_read_identifier(item) for item in list_objects(organization.get("organization_identifiers"))]
    fields["languages"] = [read_text(language.get("code")) for language in list_objects(service.get("languages"))]
    fields["service_areas"] = [
        region for area in list_objects(service.get("service_areas")) for region in _list_coded_values(area, "region")
    ]
    fields |= {field: read_term_slugs(organization, field) for field in TAXONOMIES}
    fields["locations"] = [_read_location(location) for location in list_objects(organization.get("locations"))]
    fields["contacts"] = [_read_contact(contact) for contact in list_objects(organization.get("contacts"))]
    return {field: value for field, value in fields.items() if value not in (None, "", [], {})}


def _without_empty(**fields: object) -> DraftFields:
    texts = {field: read_text(value) if not isinstance(value, bool | float | list) else value for field, value in fields.items()}
    return {field: value for field, value in texts.items() if value not in (None, "", [])}


def _list_coded_values(record: Mapping[str, Any], code: str) -> list[str]:
    return [value for attribute, value in read_profile_attributes(record) if attribute == code]


def _decode_json(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _parse_number(value: object) -> object:
    text = read_text(value)
    return int(text) if text.isascii() and text.isdigit() else text or None


def _read_link(link: Mapping[str, Any]) -> DraftFields:
    return _without_empty(kind=link.get("label"), url=link.get("url"))


def _read_identifier(identifier: Mapping[str, Any]) -> DraftFields:
    return _without_empty(scheme=identifier.get("identifier_scheme"), value=identifier.get("identifier"))


def _read_location(location: Mapping[str, Any]) -> DraftFields:
    attributes = dict(read_profile_attributes(location))
    address = next(iter(list_objects(location.get("addresses"))), {})
    parts = {part: read_text(address.get(column)) or attributes.get(part) for part, column in _ADDRESS_COLUMNS.items()}
    if address and parts["country"] != HOME_COUNTRY:
        parts["state"] = f"{parts['country']}-{parts['state']}"
    fields = {part: parts.get(part, attributes.get(part)) for part in _LOCATION_FIELDS}
    is_true_point = attributes.get("precision") in {precision.value for precision in TRUE_POINT_PRECISIONS}
    point = {part: _parse_degrees(location.get(part)) for part in ("latitude", "longitude")} if is_true_point else {}
    is_primary = True if attributes.get("is_primary") == "true" else None
    return _without_empty(name=location.get("name"), **fields, **point, is_primary=is_primary)


def _parse_degrees(value: object) -> object:
    text = read_text(value)
    try:
        return float(text)
    except ValueError:
        return text


def _read_contact(contact: Mapping[str, Any]) -> DraftFields:
    attributes = dict(read_profile_attributes(contact))
    phone = next(iter(list_objects(contact.get("phones"))), {})
    return _without_empty(
        role=contact.get("title"),
        name=contact.get("name"),
        email=contact.get("email"),
        phone=phone.get("number"),
        phone_extension=attributes.get("phone_extension") or phone.get("extension"),
        languages=_list_coded_values(contact, "languages"),
        audience=attributes.get("audience"),
    )
