"""Our own HSDS exports read back: exactly what was written, as the profile says (seed/writers/hsds_profile.py)."""

import json
from collections.abc import Mapping
from typing import Any

from seed.readers.hsds_values import objects, text
from seed.writers.apostrophes import bare
from seed.writers.hsds_places import TRUE_POINTS
from seed.writers.hsds_profile import RECORD, TAXONOMIES, codes, slugs

Stated = dict[str, Any]

_AS_IT_STANDS = ("slug", "kind", "summary", "verified_at", "audience")
_MEMBERSHIP = ("status", "joined_on", "ended_on")
_AS_JSON = ("names", "relations", "sources")
_ADDRESS = {"street": "address_1", "city": "city", "state": "state_province", "postal_code": "postal_code", "country": "country"}
_PLACE = ("street", "city", "county", "state", "postal_code", "country", "known", "disclosure")
HOME = "US"


def is_own(organization: Mapping[str, Any]) -> bool:
    """Whether the record is one that we wrote."""
    return any(code == RECORD for code, _ in codes(organization))


def bared(value: Any) -> Any:
    """The value as it was before its cells were made neutral to spreadsheets."""
    if isinstance(value, str):
        return bare(value)
    if isinstance(value, list):
        return [bared(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {field: one if field == "taxonomy_term" else bared(one) for field, one in value.items()}  # we chose the terms' words


def stated(organization: Mapping[str, Any]) -> Stated:
    """The fields of an OrganizationDraft, and `id`. What a person has spoilt is left as it stands, for the draft to refuse."""
    plain = dict(codes(organization))
    service = next(iter(objects(organization.get("services"))), {})
    found: Stated = {field: text(organization.get(field)) for field in ("id", "name", "website")}
    found |= {field: plain.get(field) for field in _AS_IT_STANDS}
    pieces = "".join(_coded(organization, "description"))
    found["description"] = None if "described_by" in plain else pieces or text(organization.get("description"))
    found["founded"] = _number(organization.get("year_incorporated"))
    found["parent"] = text(organization.get("parent_organization_id"))
    found |= {field: [_decoded(value) for value in _coded(organization, field)] for field in _AS_JSON}
    found["membership"] = {part: plain[f"membership.{part}"] for part in _MEMBERSHIP if f"membership.{part}" in plain}
    found["links"] = [_link(one) for one in objects(organization.get("additional_websites"))]
    found["identifiers"] = [_identifier(one) for one in objects(organization.get("organization_identifiers"))]
    found["languages"] = [text(one.get("code")) for one in objects(service.get("languages"))]
    found["service_areas"] = [region for area in objects(service.get("service_areas")) for region in _coded(area, "region")]
    found |= {field: slugs(organization, field) for field in TAXONOMIES}
    found["locations"] = [_location(one) for one in objects(organization.get("locations"))]
    found["contacts"] = [_contact(one) for one in objects(organization.get("contacts"))]
    return {field: value for field, value in found.items() if value not in (None, "", [], {})}


def _stated(**fields: object) -> Stated:
    read = {field: text(value) if not isinstance(value, bool | float | list) else value for field, value in fields.items()}
    return {field: value for field, value in read.items() if value not in (None, "", [])}


def _coded(record: Mapping[str, Any], code: str) -> list[str]:
    return [value for one, value in codes(record) if one == code]


def _decoded(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _number(value: object) -> object:
    said = text(value)
    return int(said) if said.isascii() and said.isdigit() else said or None


def _link(one: Mapping[str, Any]) -> Stated:
    return _stated(kind=one.get("label"), url=one.get("url"))


def _identifier(one: Mapping[str, Any]) -> Stated:
    return _stated(scheme=one.get("identifier_scheme"), value=one.get("identifier"))


def _location(one: Mapping[str, Any]) -> Stated:
    told = dict(codes(one))
    address = next(iter(objects(one.get("addresses"))), {})
    parts = {part: text(address.get(column)) or told.get(part) for part, column in _ADDRESS.items()}
    if address and parts["country"] != HOME:
        parts["state"] = f"{parts['country']}-{parts['state']}"
    found = {part: parts.get(part, told.get(part)) for part in _PLACE}
    is_true = told.get("precision") in {precision.value for precision in TRUE_POINTS}
    point = {part: _degrees(one.get(part)) for part in ("latitude", "longitude")} if is_true else {}
    return _stated(name=one.get("name"), **found, **point, is_primary=True if told.get("is_primary") == "true" else None)


def _degrees(value: object) -> object:
    said = text(value)
    try:
        return float(said)
    except ValueError:
        return said


def _contact(one: Mapping[str, Any]) -> Stated:
    told = dict(codes(one))
    phone = next(iter(objects(one.get("phones"))), {})
    return _stated(
        role=one.get("title"),
        name=one.get("name"),
        email=one.get("email"),
        phone=phone.get("number"),
        phone_extension=told.get("phone_extension") or phone.get("extension"),
        languages=_coded(one, "languages"),
        audience=told.get("audience"),
    )
