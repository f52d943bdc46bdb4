"""Say what an edit changes, and who will see what is new, before it is written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cli.terminal import NOT_STATED
from directory.drafts.problems import Problem
from directory.fields import FIELDS
from directory.filters.labels import join_labels
from directory.geo import Disclosure
from directory.kinds import get_kind
from directory.publish import allows_search_engines
from directory.published_places import determine_disclosure, publish_location
from directory.records import (
    Audience,
    Location,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
    StoredRecord,
)
from directory.store.ledger.change_log import replace_parts
from directory.visibility import find_loosening, find_lost_disclosure
from directory.vocabulary.regions import REGIONS
from seed.field_changes import FieldChange, format_value, list_changes
from seed.plan.planned_row import PlannedRow, RowAction
from seed.rows import Row

SEEN_BY = {Audience.PUBLIC: "everyone", Audience.MEMBERS: "members and staff", Audience.STAFF: "staff only"}
VISIBLE_TO = {
    Audience.PUBLIC: "public",
    Audience.MEMBERS: "visible to members and staff",
    Audience.STAFF: "visible to staff only",
}
CONTACT_VALUES = {"phone": "telephone number", "email": "e-mail address", "name": "name"}
STREET_HIDDEN = "its street and exact point are not published."
STALE_SOURCE_NOTE = "Sources still say where the old value of {} came from. If that is no longer right, edit the sources."
_UNLISTED_FIELDS = ("id", "slug", "sources", "row_matches", "hidden_since", "hidden_until", "sites", "contacts")


class EditReport(Struct, frozen=True):
    """What an edit does. `changes` and `visibility` are lines for a person.

    `loosening` are the parts that would be shown more widely than now, which need permission.
    """

    changes: tuple[str, ...]
    visibility: tuple[str, ...]
    loosening: tuple[Problem, ...]


def build_edit_report(
    before: StoredRecord | None, after: StoredRecord, fields: Mapping[str, Any], names: Mapping[str, str]
) -> EditReport:
    """Return the report of a change, or of a new record if `before` is None.

    `fields` are those of the text: no private street is printed that the text does not state. `names` are those of records by id.
    """
    blank = before or _make_blank(after)
    earlier = before or replace_parts(after, sites=(), contacts=())  # with its issue areas, which can require a disclosure
    loosening = (*find_loosening(earlier, after), *find_lost_disclosure(earlier, after))
    if before is None and all(site.disclosure is None for site in after.sites):
        loosening = ()  # the defaults follow the issue areas
    return EditReport(
        (*(() if before else _iter_required(after, names)), *_iter_changes(blank, after, fields, names)),
        tuple(_iter_visibility(before, blank, after)),
        loosening,
    )


def _make_blank(after: StoredRecord) -> StoredRecord:
    """Return a record of the same kind and audience that states nothing."""
    cleared = {
        field.name: field.default
        for field in msgspec.structs.fields(type(after))
        if field.default is not msgspec.NODEFAULT and field.name != "audience"
    }
    return replace(replace_parts(after, sites=()), **cleared)


# ---------------------------------------------------------------- what changes


def _iter_changes(
    before: StoredRecord, after: StoredRecord, fields: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[str]:
    """Yield each changed field with what is removed (-) and added (+). A list shows only the items that differ."""
    if before.slug != after.slug:
        yield from _format_changes([FieldChange("slug", before.slug, after.slug)])
    changed = [name for name in after.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    for name in changed:
        yield from _format_changes([_with_names(change, names) for change in _list_changes_of(name, before, after, fields)])
    if "sources" in changed:
        yield from _format_sources(before.sources, after.sources)
    stale = [name for name in changed if name != "sources" and _keeps_sources(name, before, after)]
    if stale:
        yield STALE_SOURCE_NOTE.format(join_labels(stale, "en", is_choice=False))


def _iter_required(after: StoredRecord, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the fields that every record has, for a new one. The store may still choose another slug."""
    for field in msgspec.structs.fields(type(after)):
        if field.default is msgspec.NODEFAULT and field.name not in ("id", "slug"):
            change = FieldChange(field.name, "", format_value(getattr(after, field.name)))
            yield from _format_changes([_with_names(change, names)])


def _list_changes_of(name: str, before: StoredRecord, after: StoredRecord, fields: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Yield the changes of a field: for a list, one for all removed items and one for each added item."""
    old, new = getattr(before, name), getattr(after, name)
    row = Row("", 1, fields)
    if name == "sites" or not isinstance(old, tuple) or not isinstance(new, tuple):
        yield from _compare(row, before, after, name)
        return
    for item in old:
        if item not in new:
            yield from _compare(row, replace(before, **{name: (item,)}), replace(after, **{name: ()}), name)
    for item in new:
        if item not in old:
            yield from _compare(row, replace(before, **{name: ()}), replace(after, **{name: (item,)}), name)


def _compare(row: Row, before: StoredRecord, after: StoredRecord, name: str) -> tuple[FieldChange, ...]:
    item = PlannedRow(row=row, action=RowAction.UPDATE, record_before=before, record_after=after, changed_fields=(name,))
    return list_changes(item)


def _format_changes(changes: Sequence[FieldChange]) -> Iterator[str]:
    """Yield the changes of one field: its name, then what is removed and what is added."""
    if changes:
        yield f"  {changes[0].field}"
    yield from (f"    - {change.old}" for change in changes if change.old)
    yield from (f"    + {change.new}" for change in changes if change.new)
    if changes and not any(change.old or change.new for change in changes):
        yield f"    {NOT_STATED}"


def _with_names(change: FieldChange, names: Mapping[str, str]) -> FieldChange:
    old, new = change.old, change.new
    for id, name in names.items():
        old, new = old.replace(id, name), new.replace(id, name)
    return FieldChange(change.field, old, new)


def _format_sources(old: Sequence[Source], new: Sequence[Source]) -> Iterator[str]:
    yield "  sources"
    yield from (f"    - {format_value(source)}" for source in old if source not in new)
    yield from (f"    + {format_value(source)}" for source in new if source not in old)


def _keeps_sources(name: str, before: StoredRecord, after: StoredRecord) -> bool:
    """Whether the sources of a single value stay the same although the value does not."""
    field = get_kind(after).fields.get(name)
    if field is None or field.is_list or getattr(after, name) is None:
        return False
    sources = [[source for source in record.sources if source.field == name] for record in (before, after)]
    return bool(sources[0]) and sources[0] == sources[1]


# ---------------------------------------------------------------- who sees it


def _iter_visibility(before: StoredRecord | None, blank: StoredRecord, after: StoredRecord) -> Iterator[str]:
    kind = get_kind(after)
    if before is None or before.audience is not after.audience:
        yield f"The {kind.noun} {_describe_move(before.audience if before else None, after.audience)}"
    if after.is_hidden:
        yield f"The {kind.noun} is hidden and stays so: only staff see it until it is shown again with `directory unhide`."
    plain = [name for name in _list_plain_changes(blank, after) if getattr(after, name) not in (None, ())]
    plain = plain if before else ["name", *plain]
    everyone = [name for name in plain if name not in FIELDS or FIELDS[name].audience is Audience.PUBLIC]
    if everyone:
        yield f"Seen by {SEEN_BY[after.effective_audience]}: {', '.join(everyone)}."
    yield from _iter_contact_changes(blank, after)
    yield from _iter_place_changes(blank, after)
    for field, owner in kind.audience_fields.items():
        if getattr(after, owner) is not None and (getattr(blank, field), getattr(blank, owner)) != (
            getattr(after, field),
            getattr(after, owner),
        ):
            yield f"{owner}: seen by {SEEN_BY[_restrict(getattr(after, field), after)]}."
    if isinstance(after, StoredOrganization) and isinstance(blank, StoredOrganization):
        yield from _describe_search_engines(blank if before else None, after)


def _describe_move(before: Audience | None, after: Audience) -> str:
    """Return the end of a sentence about what is new, or moves from one audience to another."""
    if before is None:
        return f"will be {VISIBLE_TO[after]}."
    if before is after:
        return f"stays {VISIBLE_TO[after]}."
    if after.sees(before):
        return f"is no longer {VISIBLE_TO[before]}. It becomes {VISIBLE_TO[after]}."
    return f"becomes {VISIBLE_TO[after]}. Until now it was {VISIBLE_TO[before]}."


def _restrict(audience: Audience, record: StoredRecord) -> Audience:
    """Return who sees a part of the record: nobody who does not see the record."""
    own = record.effective_audience
    return own if own.sees(audience) else audience


def _list_plain_changes(before: StoredRecord, after: StoredRecord) -> list[str]:
    owners = {*get_kind(after).audience_fields, *get_kind(after).audience_fields.values()}
    names = (
        name for name in after.__struct_fields__ if name not in (*_UNLISTED_FIELDS, "audience", "verification_method", *owners)
    )
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _iter_contact_changes(before: StoredRecord, after: StoredRecord) -> Iterator[str]:
    """Yield who sees each number, address and name that is new or that others see now."""
    for field, label in CONTACT_VALUES.items():
        old, new = _list_audiences(before, field), _list_audiences(after, field)
        for value, audience in new.items():
            if old.get(value) is not audience:
                yield f"The {label} {value} {_describe_move(old.get(value), audience)}"


def _list_audiences(record: StoredRecord, field: str) -> dict[str, Audience]:
    """Return the widest audience that sees each value of a field of contacts."""
    audiences: dict[str, Audience] = {}
    contacts: Sequence[StoredContact] = record.contacts
    for contact in contacts:
        if value := getattr(contact, field):
            audience = _restrict(contact.audience, record)
            known = audiences.get(value, audience)
            audiences[value] = audience if known.sees(audience) else known
    return audiences


def _iter_place_changes(before: StoredRecord, after: StoredRecord) -> Iterator[str]:
    """Yield how each place is published that is new or changes."""
    old_sites = {site.id: site for site in before.sites}
    for site in after.sites:
        old = old_sites.get(site.id)
        disclosure = determine_disclosure(site, after.issue_areas)
        if old == site and determine_disclosure(site, before.issue_areas) is disclosure:
            continue
        yield _describe_place(site, disclosure, after)


def _describe_place(site: StoredLocation, disclosure: Disclosure, record: StoredRecord) -> str:
    place = _format_address(publish_location(site, disclosure))
    region = REGIONS.get(site.county or site.state or site.country)
    name = site.city or (region.name if region else site.country)
    seen_by = SEEN_BY[record.effective_audience]
    if disclosure is Disclosure.EXACT:
        return f'The place {name} is published exactly. Seen by {seen_by}: "{place}".'
    shown = f'Seen by {seen_by}: "{place}".' if place else "No place is published."
    return f"The place {name}: {STREET_HIDDEN} {shown}"


def _format_address(location: Location) -> str:
    address = location.address
    parts = (address.street, address.city, address.county, address.state, address.postal_code) if address else ()
    return ", ".join(part for part in (location.name, *parts) if part)


def _describe_search_engines(before: StoredOrganization | None, after: StoredOrganization) -> Iterator[str]:
    allows = allows_search_engines(after)
    if after.effective_audience is Audience.PUBLIC and (before is None or allows_search_engines(before) is not allows):
        yield f"Search engines {'may' if allows else 'must not'} list its page."
