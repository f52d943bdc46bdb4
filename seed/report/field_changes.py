"""Describe the fields that a row changes: the old and new value of each as text."""

import datetime as dt
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from msgspec import Struct

from directory.fields import FIELDS, ValueForm
from directory.records import (
    Identifier,
    Link,
    Membership,
    OrganizationName,
    Relation,
    Source,
    StoredContact,
    StoredLocation,
    StoredRecord,
)
from directory.vocabulary.regions import REGIONS
from seed.plan.planned_row import PlannedRow, RowAction

NOT_STATED = ""
DERIVED_FIELDS = frozenset({"id", "slug", "sources"})  # not listed, because they follow from other fields
_PRIVATE_FIELDS = frozenset({"sites", "contacts"})


class FieldChange(Struct, frozen=True):
    """A changed field of StoredRecord, with `sites` named `locations` as in drafts and exports."""

    field: str
    old: str
    new: str


def list_changes(item: PlannedRow) -> tuple[FieldChange, ...]:
    """Return the changes that an update writes; () for other rows, including new records."""
    if item.action is not RowAction.UPDATE or item.record_before is None or item.record_after is None:
        return ()
    return tuple(_diff_fields(item.record_before, item.record_after, item.changed_fields))


def list_proposals(item: PlannedRow) -> tuple[FieldChange, ...]:
    """Return the changes that are only proposed, because a person edited the field later."""
    if item.record_before is None or item.proposed_record is None:
        return ()
    return tuple(_diff_fields(item.record_before, item.proposed_record, item.proposed_fields))


def format_value(value: object) -> str:
    """Return a value of a record as readable text; "" if it is not stated."""
    if value is None or value == ():
        return NOT_STATED
    if isinstance(value, tuple):
        return "; ".join(format_value(item) for item in value)
    format_type = _FORMATTERS.get(type(value))
    return format_type(value) if format_type else _format_plain(value)


def _diff_fields(before: StoredRecord, after: StoredRecord, fields: tuple[str, ...]) -> Iterator[FieldChange]:
    for field in fields:
        if field not in DERIVED_FIELDS:
            old, new = _select_differing(field, getattr(before, field), getattr(after, field))
            yield FieldChange("locations" if field == "sites" else field, _format_field(field, old), _format_field(field, new))


def _format_field(field: str, value: object) -> str:
    """Format the value of a field. Regions are named: "District of Columbia", not US-DC."""
    if isinstance(value, tuple) and field in FIELDS and FIELDS[field].form is ValueForm.REGIONS:
        return "; ".join(_name_region(code) for code in value)
    return format_value(value)


def _name_region(code: str) -> str:
    region = REGIONS.get(code)
    return region.name if region else code


def _select_differing(field: str, old: object, new: object) -> tuple[object, object]:
    """Return only the locations or contacts that differ, because reports must not reveal private ones that the row keeps."""
    if field not in _PRIVATE_FIELDS or not isinstance(old, tuple) or not isinstance(new, tuple):
        return old, new
    return tuple(item for item in old if item not in new), tuple(item for item in new if item not in old)


def _format_plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _format_name(name: OrganizationName) -> str:
    return f"{name.name} ({name.kind.value.lower().replace('_', ' ')})"


def _format_location(site: StoredLocation) -> str:
    """Format a location. Its street is present only if the row states it or it is public."""
    street = site.private.street if site.private else None
    point = site.private.point if site.private else None
    state = (site.state or "").rpartition("-")[2]
    area = " ".join(part for part in (state, site.postal_code) if part)
    parts = [
        site.name,
        street,
        site.city,
        _name_region(site.county) if site.county and not site.city else None,
        area,
        None if site.country == "US" else site.country,
    ]
    parts += [f"at {point.latitude}, {point.longitude}"] if point else []
    text = ", ".join(part for part in parts if part) or "somewhere"
    return f"{text} [{site.disclosure.value}]" if site.disclosure else text


def _format_contact(contact: StoredContact) -> str:
    extension = f"x{contact.phone_extension}" if contact.phone_extension else None
    parts = (contact.role, contact.name, contact.email, contact.phone, extension, ", ".join(contact.languages))
    return " ".join([*(part for part in parts if part), f"[{contact.audience.value}]"])


def _format_membership(membership: Membership) -> str:
    days = ((membership.joined_on, "since"), (membership.ended_on, "until"))
    return " ".join([membership.status.value, *(f"{word} {day}" for day, word in days if day)])


def _format_relation(relation: Relation) -> str:
    return f"{relation.kind.value.lower().replace('_', ' ')} {relation.actor or relation.organization}"


_FORMATTERS: dict[type, Callable[[Any], str]] = {
    OrganizationName: _format_name,
    Link: lambda link: f"{link.kind} {link.url}",
    Identifier: lambda identifier: f"{identifier.scheme} {identifier.value}",
    StoredLocation: _format_location,
    StoredContact: _format_contact,
    Membership: _format_membership,
    Relation: _format_relation,
    Source: lambda source: f"{source.field}: {source.title}",
}
