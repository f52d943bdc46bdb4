"""What a row changes, field by field, in words: the old value and the new one."""

import datetime as dt
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from msgspec import Struct

from directory.records import (
    Identifier,
    Link,
    Membership,
    OrganizationName,
    Relation,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)
from seed.plan.planned_row import PlannedRow, RowAction

NOT_STATED = ""  # what is not stated
DERIVED_FIELDS = frozenset({"id", "slug", "sources"})  # they follow from the rest
_PRIVATE_FIELDS = frozenset({"sites", "contacts"})


class FieldChange(Struct, frozen=True):
    """`field` is one of Entry; sites are called locations, as everywhere else."""

    field: str
    old: str
    new: str


def list_changes(item: PlannedRow) -> tuple[FieldChange, ...]:
    """What is written; () for a row that writes nothing, and for a new record, all of which is new."""
    if item.action is not RowAction.UPDATE or item.record_before is None or item.record_after is None:
        return ()
    return tuple(_diff_fields(item.record_before, item.record_after, item.changed_fields))


def list_proposals(item: PlannedRow) -> tuple[FieldChange, ...]:
    """What the row says otherwise than a person who edited the field later: it stays as it is."""
    if item.record_before is None or item.proposed_record is None:
        return ()
    return tuple(_diff_fields(item.record_before, item.proposed_record, item.proposed_fields))


def format_value(value: object) -> str:
    """A value of a record as a person writes it; "" for what is not stated."""
    if value is None or value == ():
        return NOT_STATED
    if isinstance(value, tuple):
        return "; ".join(format_value(one) for one in value)
    told = _FORMATTERS.get(type(value))
    return told(value) if told else _format_plain(value)


def _diff_fields(before: StoredOrganization, after: StoredOrganization, fields: tuple[str, ...]) -> Iterator[FieldChange]:
    for field in fields:
        if field not in DERIVED_FIELDS:
            old, new = _select_differing(field, getattr(before, field), getattr(after, field))
            yield FieldChange("locations" if field == "sites" else field, format_value(old), format_value(new))


def _select_differing(field: str, old: object, new: object) -> tuple[object, object]:
    """Of places and contacts those that differ: what is kept of others, the row does not touch and its reader need not see."""
    if field not in _PRIVATE_FIELDS or not isinstance(old, tuple) or not isinstance(new, tuple):
        return old, new
    return tuple(one for one in old if one not in new), tuple(one for one in new if one not in old)


def _format_plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _format_name(name: OrganizationName) -> str:
    return f"{name.name} ({name.kind.value.lower().replace('_', ' ')})"


def _format_location(site: StoredLocation) -> str:
    """With the street only where the row, or everybody, may know it."""
    street = site.private.street if site.private else None
    point = site.private.point if site.private else None
    state = (site.state or "").rpartition("-")[2]
    area = " ".join(part for part in (state, site.postal_code) if part)
    parts = [
        site.name,
        street,
        site.city,
        site.county if not site.city else None,
        area,
        None if site.country == "US" else site.country,
    ]
    parts += [f"at {point.latitude}, {point.longitude}"] if point else []
    told = ", ".join(part for part in parts if part) or "somewhere"
    return f"{told} [{site.disclosure.value}]" if site.disclosure else told


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
