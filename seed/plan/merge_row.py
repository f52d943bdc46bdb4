"""Merge a row into a record: stated fields are applied, all others are kept."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, TypeVar

from msgspec.structs import replace

from directory.drafts.draft_parts import LIST_LIMIT
from directory.errors import BadInput
from directory.fields import LIST_FIELDS
from directory.matching.name_similarity import is_misspelling
from directory.records import (
    Audience,
    Link,
    Membership,
    NameKind,
    OrganizationName,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)
from directory.text import fold
from directory.visibility import apply_strictest_disclosure
from seed.plan.merge_locations import merge_locations
from seed.resolve.import_history import is_known_name
from seed.resolve.row_statement import STATUS_FIELD, Statement

_DATA_FIELDS = ("name", "email", "phone")


def merge_contacts(
    existing: Sequence[StoredContact], incoming: Sequence[StoredContact], stated_fields: Sequence[Set[str]]
) -> tuple[StoredContact, ...]:
    """Return the existing contacts, updated by the row, followed by the new ones. `stated_fields` are those of each incoming one.

    Contacts are matched by e-mail address, telephone number or name, otherwise by a role that only one unmatched contact has.
    An audience stated in the row applies. Otherwise an unchanged contact keeps its audience, and a changed one gets the
    stricter of both.
    """
    contacts = list(existing)
    unmatched = set(range(len(existing)))
    for contact, fields in zip(incoming, stated_fields, strict=True):
        position = _find_same_contact(contact, contacts, unmatched)
        if position is None and "audience" not in fields and _is_stated_by_any(contact, existing):
            continue  # one contact may already have the address and the number that the row states apart
        if position is None:
            contacts.append(contact)
        else:
            unmatched.discard(position)
            contacts[position] = _overlay_contact(contacts[position], contact, fields)
    return tuple(contacts)


def add_person(existing: Sequence[StoredContact], stated: Sequence[StoredContact]) -> tuple[StoredContact, ...]:
    """Return the contacts with the person of one row, who has one contact for each pair of address and number.

    A contact with the person's name is updated, the most similar first. A contact without a name stays as it is, even with the
    same address or number: it is the office's. Nothing becomes more visible.
    """
    contacts = list(existing)
    unmatched = {position for position, contact in enumerate(contacts) if _is_same_text(contact.name, stated[0].name)}
    for person in stated:
        position = max(unmatched, key=lambda at: (_count_equal_fields(contacts[at], person), -at), default=None)
        if position is None:
            contacts.append(person)
        else:
            unmatched.discard(position)
            contacts[position] = _update_person(contacts[position], person)
    return tuple(contacts)


def _update_person(old: StoredContact, person: StoredContact) -> StoredContact:
    """Return the contact with the values that the person's row states."""
    stated = {field: value for field in ("role", *_DATA_FIELDS, "phone_extension") if (value := getattr(person, field))}
    new = replace(old, **stated)
    has_changed = any(getattr(old, field) != getattr(new, field) for field in _DATA_FIELDS)
    return replace(new, audience=_stricter_audience(old.audience, person.audience)) if has_changed else new


def _find_same_contact(contact: StoredContact, contacts: Sequence[StoredContact], unmatched: set[int]) -> int | None:
    """Return the position of the same contact among the unmatched ones; None if there is none."""
    positions = sorted(unmatched)
    for field in ("email", "phone", "name"):
        same = [position for position in positions if _is_same_text(getattr(contacts[position], field), getattr(contact, field))]
        if same:
            return max(same, key=lambda position: (_count_equal_fields(contacts[position], contact), -position))
    same_role = [position for position in positions if _has_same_role(contacts[position], contact)]
    same_role = [position for position in same_role if not _are_apart(contacts[position], contact)]
    return same_role[0] if len(same_role) == 1 else None


def _is_stated_by_any(contact: StoredContact, others: Sequence[StoredContact]) -> bool:
    """Whether one of the others has all values of the contact, and an address or number among them."""
    values = [(field, value) for field in ("role", *_DATA_FIELDS, "phone_extension") if (value := getattr(contact, field))]
    has_address = bool(contact.email or contact.phone)
    return has_address and any(all(getattr(other, field) == value for field, value in values) for other in others)


def _count_equal_fields(first: StoredContact, second: StoredContact) -> int:
    """Count equal fields. Fields missing in both count, because a person may share the office's number."""
    return sum(getattr(first, field) == getattr(second, field) for field in ("role", *_DATA_FIELDS))


def _has_same_role(first: StoredContact, second: StoredContact) -> bool:
    """Whether both have the same role and do not have different names: two persons may share a role."""
    has_different_names = first.name is not None and second.name is not None and not _is_same_text(first.name, second.name)
    return bool(second.role) and _is_same_text(first.role, second.role) and not has_different_names


def _are_apart(first: StoredContact, second: StoredContact) -> bool:
    """Whether an office's number and its mailbox are separate contacts because not everyone may see both."""
    is_office = first.name is None and second.name is None
    one_has_each = bool(first.email) is not bool(second.email) and bool(first.phone) is not bool(second.phone)
    return is_office and one_has_each and bool(first.email) is not bool(first.phone) and first.audience is not second.audience


def _is_same_text(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and (first == second or (fold(first) == fold(second) != ""))


def _overlay_contact(old: StoredContact, incoming: StoredContact, stated_fields: Set[str]) -> StoredContact:
    new = replace(old, **{field: getattr(incoming, field) for field in stated_fields})
    if "audience" in stated_fields:
        return new
    if all(getattr(old, field) == getattr(new, field) for field in _DATA_FIELDS):
        return new
    return replace(new, audience=_stricter_audience(old.audience, incoming.audience))


def _stricter_audience(first: Audience, second: Audience) -> Audience:
    return second if second.sees(first) else first


T = TypeVar("T")
_UNION_FIELDS = ("names", "links", "identifiers", "sites", "contacts", "relations")
_EMPTY_RECORD = StoredOrganization(id="", slug="", name="")


def keep_visibility(record: StoredOrganization, removed: StoredOrganization) -> StoredOrganization:
    """Return a record that is restored from a row, shown to no more people than before it was removed."""
    audience = _stricter_audience(record.audience, removed.audience)
    sites = tuple(apply_strictest_disclosure(site, removed) for site in record.sites)
    return replace(record, audience=audience, sites=sites)


def merge_row(existing: StoredOrganization, statement: Statement, origin: str, slug: str = "") -> StoredOrganization:
    """Return the record after the row. `origin` is the key of the row's dataset, `slug` a new slug.

    - A stated field replaces the stored value; [] or None clears it.
    - Names, links, identifiers, locations, contacts, relations and sources are added to the stored ones.
    - Names and links of the same kind, and terms, are replaced if this dataset is their only source.
    - A row with the record's id also replaces terms, and is the only kind of row that may rename the record freely.
    - A fallback field applies only if no other source has stated it.

    Raises BadInput if a list becomes too long.
    """
    protected = {field for field in statement.fallback_fields if not _is_replaceable(existing, field, origin)}
    changes = {field: _merge_field(field, existing, statement, origin) for field in statement.stated_fields - protected}
    if statement.id is None and "name" in changes:
        changes = _prevent_rename(existing, changes, origin, is_decided=statement.same_as is not None)
    merged = replace(existing, slug=slug or existing.slug, **changes)
    _require_short_lists(existing, merged)
    return merged


def _require_short_lists(existing: StoredOrganization, merged: StoredOrganization) -> None:
    """Refuse lists longer than a row may state: their export could not be imported again."""
    for field in _UNION_FIELDS:
        count = len(getattr(merged, field))
        if count > max(LIST_LIMIT, len(getattr(existing, field))):
            name = "locations" if field == "sites" else field
            sentence = f"The organization would have {count} {name}, but at most {LIST_LIMIT} are allowed; remove some first."
            raise BadInput(sentence, argument=name)


def _prevent_rename(existing: StoredOrganization, changes: Mapping[str, Any], origin: str, *, is_decided: bool) -> dict[str, Any]:
    """Return the changes without a new name: a list may write the name in capitals, with a legal form, or differently.

    A different name becomes an alternative name. If this dataset is the only source of the name, the organization is renamed,
    and its old name becomes a former one. A misspelling of a known name never becomes another public name.
    """
    name, names = changes["name"], tuple(changes.get("names", existing.names))
    other_changes = {field: value for field, value in changes.items() if field != "name"}
    if name == existing.name or is_known_name(name, replace(existing, names=names)):
        return other_changes
    is_only_source = _is_only_from(existing, "name", origin)
    if any(is_misspelling(name, known) for known in (existing.name, *(other.name for other in names))):
        # the list corrects its own name; if a person chose the record of the row, its name may be the wrong one
        return dict(changes) if is_only_source and not is_decided else other_changes
    if is_only_source:
        return {**changes, "names": (*names, OrganizationName(existing.name, NameKind.FORMER))}
    return {**other_changes, "names": (*names, OrganizationName(name, NameKind.ALSO_KNOWN_AS))}


def _is_replaceable(existing: StoredOrganization, field: str, origin: str) -> bool:
    """Whether no other source has stated the field."""
    if field in ("membership", STATUS_FIELD):
        return False  # every record has one, stated or not
    return getattr(existing, field) == getattr(_EMPTY_RECORD, field) or _is_only_from(existing, field, origin)


def _is_only_from(existing: StoredOrganization, field: str, origin: str) -> bool:
    """Whether this dataset is the only known source of the field."""
    origins = {source.origin for source in existing.sources if source.field == ("locations" if field == "sites" else field)}
    return origins == {origin}


def _merge_field(field: str, existing: StoredOrganization, statement: Statement, origin: str) -> object:
    incoming, value = statement.record, getattr(statement.record, field)
    if value == ():
        return value
    if field == "sites":
        return _merge_locations(existing, incoming, statement)
    if field == "contacts":
        return merge_contacts(existing.contacts, incoming.contacts, statement.contact_fields)
    if field == "membership":
        return _merge_membership(existing.membership, incoming.membership, statement)
    is_only_source = _is_only_from(existing, field, origin)
    if field in LIST_FIELDS:
        return value if is_only_source or statement.id is not None else _unite(getattr(existing, field), value)
    merge = _FIELD_MERGERS.get(field)
    return merge(getattr(existing, field), value, is_only_source) if merge else value


def _merge_locations(
    existing: StoredOrganization, incoming: StoredOrganization, statement: Statement
) -> tuple[StoredLocation, ...]:
    """Merge locations. A new location gets the strictest disclosure of the others, because the list may not know about it."""
    existing_ids = {site.id for site in existing.sites}
    sites = merge_locations(existing.sites, incoming.sites, statement.location_fields, existing.id)
    return tuple(site if site.id in existing_ids else apply_strictest_disclosure(site, existing) for site in sites)


def _merge_membership(existing: Membership, incoming: Membership, statement: Statement) -> Membership:
    if not (fields := statement.membership_fields):
        return incoming
    stated = fields - {"status"} if STATUS_FIELD in statement.fallback_fields else fields
    return replace(existing, **{field: getattr(incoming, field) for field in stated})


def _merge_names(
    existing: tuple[OrganizationName, ...], incoming: tuple[OrganizationName, ...], is_only_source: bool
) -> tuple[OrganizationName, ...]:
    remaining = _drop_same_kind(existing, incoming, lambda name: (name.kind, name.language)) if is_only_source else existing
    known = {(fold(name.name), name.kind) for name in remaining}
    return (*remaining, *(name for name in incoming if (fold(name.name), name.kind) not in known))


def _merge_links(existing: tuple[Link, ...], incoming: tuple[Link, ...], is_only_source: bool) -> tuple[Link, ...]:
    return _unite(_drop_same_kind(existing, incoming, lambda link: link.kind) if is_only_source else existing, incoming)


def _merge_sources(existing: tuple[Source, ...], incoming: tuple[Source, ...], is_only_source: bool) -> tuple[Source, ...]:
    def key(source: Source) -> tuple[object, ...]:
        return source.field, source.title, source.url, source.date

    known = {key(source) for source in existing}
    return (*existing, *(source for source in incoming if key(source) not in known))


def _drop_same_kind(existing: tuple[T, ...], incoming: tuple[T, ...], kind: Callable[[T], object]) -> tuple[T, ...]:
    """Return the existing items without those whose kind the incoming items replace."""
    kinds = {kind(item) for item in incoming}
    return tuple(item for item in existing if item in incoming or kind(item) not in kinds)


def _unite(existing: tuple[T, ...], incoming: tuple[T, ...], is_only_source: bool = False) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*existing, *incoming)))


_FIELD_MERGERS: Mapping[str, Callable[[Any, Any, bool], object]] = {
    "names": _merge_names,
    "links": _merge_links,
    "identifiers": _unite,
    "relations": _unite,
    "sources": _merge_sources,
}
