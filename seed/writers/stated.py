"""A published record as somebody would state it: what every export of ours holds, and what reading one back gives."""

import datetime as dt
from collections.abc import Iterator
from enum import Enum
from typing import Any

from msgspec import Struct

from directory.records import Audience, Contact, Organization, Profile, Source
from seed.writers.stated_places import find_strictest_disclosure, list_location_fields

_REFERENCE_FIELDS = ("parent", "relations")
_COPIED_FIELDS = (*Profile.__struct_fields__, *_REFERENCE_FIELDS)


def to_draft_fields(organization: Organization, audience: Audience = Audience.PUBLIC) -> dict[str, Any]:
    """The fields of an OrganizationDraft, and `id`, that make this very record again for this audience, but for `updated_at`.

    Values are JSON-ready: str, int, float, bool, lists and dicts, enumerations by their values, dates and moments in ISO 8601.
    What is not stated is left out, in parts of the record too, so that nothing here ever clears a field: what this audience is
    not told is not taken away when the record is fed back.

    A record does not tell to whom it is shown. Contacts are stated as shown to `audience` and no wider, and so is the record
    itself, unless that is PUBLIC.
    """
    stated = {field: to_json_value(value) for field in _COPIED_FIELDS if _is_stated(value := getattr(organization, field))}
    if locations := list_location_fields(organization):
        stated["locations"] = locations
    if organization.contacts:
        stated["contacts"] = [_contact_fields(contact, audience) for contact in organization.contacts]
    if organization.sources:
        stated["sources"] = [dict(_source_fields(source, stated.get("locations", []))) for source in organization.sources]
    if audience is not Audience.PUBLIC:
        stated["audience"] = audience.value
    return stated


def to_json_value(value: Any) -> Any:
    """The value as JSON has it; of a struct the fields that are stated."""
    if isinstance(value, Struct):
        return {field: to_json_value(part) for field in value.__struct_fields__ if _is_stated(part := getattr(value, field))}
    if isinstance(value, tuple):
        return [to_json_value(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value


def _is_stated(value: object) -> bool:
    return value is not None and value != ()


def _contact_fields(contact: Contact, audience: Audience) -> dict[str, Any]:
    return {**to_json_value(contact), "audience": audience.value}


def _source_fields(source: Source, locations: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """A source of places is told only where these are told as exactly as it tells them: so it tells them no more exactly."""
    for field in ("field", "title", "url", "date"):
        if _is_stated(value := getattr(source, field)):
            yield field, to_json_value(value)
    if source.field == "locations" and (tells := find_strictest_disclosure(locations)):
        yield "tells", tells
