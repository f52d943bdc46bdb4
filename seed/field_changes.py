"""Describe the fields that a row changes: the old and new value of each as text, and who may see what is new."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.draft_parts import find_default_audience
from directory.fields import FIELDS, ValueForm
from directory.geo import Disclosure
from directory.published_places import DEFAULT_DISCLOSURE, determine_disclosure
from directory.records import (
    Audience,
    Identifier,
    Link,
    Membership,
    OrganizationName,
    PrivatePlace,
    Relation,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
    StoredRecord,
)
from directory.text import fold
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS
from seed.plan.planned_row import PlannedRow, RowAction

NOT_STATED = ""
DERIVED_FIELDS = frozenset({"id", "slug", "sources", "row_matches"})  # not listed, because they follow from other fields
STREET_DIFFERS = "street differs"  # instead of a private street that the row does not state
_SEEN_BY = {Audience.PUBLIC: "everyone", Audience.MEMBERS: "members only", Audience.STAFF: "staff only"}
_SHOWN_AS = {
    Disclosure.EXACT: "place shown with its street",
    Disclosure.POSTAL_CODE: "place shown as its ZIP code",
    Disclosure.CITY: "place shown as its city",
    Disclosure.COUNTY: "place shown as its county",
    Disclosure.STATE: "place shown as its state",
    Disclosure.HIDDEN: "place hidden",
}


class FieldChange(Struct, frozen=True):
    """A changed field of StoredRecord, with `sites` named `locations` as in drafts and exports."""

    field: str
    old: str
    new: str


def list_changes(item: PlannedRow) -> tuple[FieldChange, ...]:
    """Return the changes that an update writes; () for other rows, including new records."""
    if item.action is not RowAction.UPDATE or item.record_before is None or item.record_after is None:
        return ()
    changes = _diff_fields(item.record_before, item.record_after, item.changed_fields, _list_stated_places(item))
    parent = item.row.fields.get("parent")  # as the row names it: by its slug, where the record has the id
    return tuple(
        FieldChange(change.field, change.old, parent) if change.field == "parent" and isinstance(parent, str) else change
        for change in changes
    )


def list_proposals(item: PlannedRow) -> tuple[FieldChange, ...]:
    """Return the changes that are only proposed, because a person edited the field later."""
    if item.record_before is None or item.proposed_record is None:
        return ()
    return tuple(_diff_fields(item.record_before, item.proposed_record, item.proposed_fields, _list_stated_places(item)))


def list_new_values(item: PlannedRow) -> tuple[FieldChange, ...]:
    """Return the values of the record that a row creates; () for other rows. The old values are NOT_STATED."""
    after = item.record_after
    if item.action is not RowAction.CREATE or after is None:
        return ()
    stated = tuple(name for name in after.__struct_fields__ if getattr(after, name) not in (None, ()))
    blank = replace(after, **{name: () for name in stated if name in ("sites", "contacts")})
    changes = _diff_fields(blank, after, stated, _list_stated_places(item))
    return tuple(FieldChange(change.field, NOT_STATED, change.new) for change in changes)


class VisibilityDecision(Struct, frozen=True):
    """Who may see a value that a row adds or changes, and why: "members only", "the address may be a person's"."""

    value: str
    seen_by: str
    reason: str


def list_visibility(item: PlannedRow) -> tuple[VisibilityDecision, ...]:
    """Return the decisions for each new or changed contact and place of the record, and for a record that is not public."""
    after, before = item.record_after, item.record_before
    if item.action not in (RowAction.CREATE, RowAction.UPDATE) or not isinstance(after, StoredOrganization):
        return ()
    old_contacts, old_sites = (before.contacts, before.sites) if isinstance(before, StoredOrganization) else ((), ())
    return (
        *_decide_record(after, before),
        *(_decide_contact(contact) for contact in after.contacts if contact not in old_contacts),
        *(_decide_place(site, after) for site in after.sites if site not in old_sites),
    )


def _decide_record(after: StoredOrganization, before: StoredRecord | None) -> Iterator[VisibilityDecision]:
    if after.audience is not Audience.PUBLIC and (before is None or before.audience is not after.audience):
        yield VisibilityDecision("the whole record", _SEEN_BY[after.audience], "the list or the profile says so")


def _decide_contact(contact: StoredContact) -> VisibilityDecision:
    value = " ".join(part for part in (contact.name, contact.email, contact.phone) if part) or contact.role or ""
    if contact.audience is not find_default_audience(contact.role, contact.name, contact.email):
        reason = "the list, the profile or an earlier edit says so"
    elif contact.audience is Audience.PUBLIC:
        reason = "an office's number or address"
    elif contact.name:
        reason = "a named person's"
    else:
        reason = "the address may be a person's" if contact.email else "nothing says that it is an office's"
    return VisibilityDecision(value, _SEEN_BY[contact.audience], reason)


def _decide_place(site: StoredLocation, record: StoredOrganization) -> VisibilityDecision:
    disclosure = determine_disclosure(site, record.issue_areas)
    if site.disclosure is not None:
        reason = "the list or the organization says so"
    elif ISSUE_AREAS.strictest_disclosure(record.issue_areas):
        reason = "an issue area requires it"
    else:
        reason = "the default" if disclosure is DEFAULT_DISCLOSURE else "a smaller area would reveal it"
    place = ", ".join(part for part in (site.city or site.county, (site.state or "").rpartition("-")[2]) if part) or "a place"
    return VisibilityDecision(place, _SHOWN_AS[disclosure], reason)


def format_value(value: object) -> str:
    """Return a value of a record as readable text; "" if it is not stated."""
    if value is None or value == ():
        return NOT_STATED
    if isinstance(value, tuple):
        return "; ".join(format_value(item) for item in value)
    format_type = _FORMATTERS.get(type(value))
    return format_type(value) if format_type else _format_plain(value)


def _diff_fields(
    before: StoredRecord, after: StoredRecord, fields: tuple[str, ...], stated: "_StatedPlaces"
) -> Iterator[FieldChange]:
    for field in fields:
        if field == "sites":
            yield FieldChange("locations", *_diff_locations(before.sites, after.sites, stated))
        elif field not in DERIVED_FIELDS:
            old, new = _select_differing(field, getattr(before, field), getattr(after, field))
            yield FieldChange(field, _format_field(field, old), _format_field(field, new))


def _format_field(field: str, value: object) -> str:
    """Format the value of a field. Regions are named: "District of Columbia", not US-DC."""
    if isinstance(value, tuple) and field in FIELDS and FIELDS[field].form is ValueForm.REGIONS:
        return "; ".join(_name_region(code) for code in value)
    return format_value(value)


def _name_region(code: str) -> str:
    region = REGIONS.get(code)
    return region.name if region else code


def _select_differing(field: str, old: object, new: object) -> tuple[object, object]:
    """Return only the contacts that differ, because reports must not reveal private ones that the row keeps."""
    if field != "contacts" or not isinstance(old, tuple) or not isinstance(new, tuple):
        return old, new
    return tuple(item for item in old if item not in new), tuple(item for item in new if item not in old)


class _StatedPlaces(Struct, frozen=True):
    """The streets (folded) and points that the row itself states. A report shows no other private street or point.

    Only `viewed_streets`, by location id, are shown as well: a person asked for them, and the ledger says so.
    """

    streets: frozenset[str]
    points: frozenset[tuple[object, object]]
    viewed_streets: Mapping[str, str]


def _list_stated_places(item: PlannedRow) -> _StatedPlaces:
    locations = item.row.fields.get("locations")
    places = [place for place in locations if isinstance(place, Mapping)] if isinstance(locations, list) else []
    streets = (place["street"] for place in places if isinstance(place.get("street"), str))
    points = ((place.get("latitude"), place.get("longitude")) for place in places)
    return _StatedPlaces(frozenset(map(fold, streets)), frozenset(points), item.viewed_streets)


def _diff_locations(old: tuple[StoredLocation, ...], new: tuple[StoredLocation, ...], stated: _StatedPlaces) -> tuple[str, str]:
    """Return the locations that differ. Of a private place that the row does not state, only that it differs is shown."""
    moved = {site.id for site in new if site not in old and site.private is not None and site.disclosure is not Disclosure.EXACT}
    texts = [_format_hidden(site, stated, is_moved=site.id in moved) for site in old if site not in new]
    return "; ".join(texts), "; ".join(_format_hidden(site, stated) for site in new if site not in old)


def _format_hidden(site: StoredLocation, stated: _StatedPlaces, *, is_moved: bool = False) -> str:
    if site.disclosure is Disclosure.EXACT:
        return _format_location(site)
    private = site.private or PrivatePlace(stated.viewed_streets.get(site.id))
    has_street = private.street is not None and (fold(private.street) in stated.streets or site.id in stated.viewed_streets)
    point = private.point
    has_point = point is not None and (point.latitude, point.longitude) in stated.points
    shown = PrivatePlace(private.street if has_street else None, point if has_point else None)
    text = _format_location(replace(site, private=shown))
    is_hidden = is_moved and not has_street
    return f"{text} ({STREET_DIFFERS})" if is_hidden or (private.street and not has_street) else text


def _format_plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _format_name(name: OrganizationName) -> str:
    return f"{name.name} ({name.kind.value.lower().replace('_', ' ')})"


def _format_location(site: StoredLocation) -> str:
    """Format a location with all that is known of it."""
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
