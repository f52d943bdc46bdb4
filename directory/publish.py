"""Publish stored records: decide what each audience sees of a record. Places are in directory/published_places.py.

Every record is published here once, when a snapshot is built or the ledger records a change. Afterwards nothing can show an
audience more than its snapshot contains.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from directory.fields import FIELDS, Field
from directory.geo import Disclosure
from directory.published_places import PublishedPlaces, get_default_disclosure, publish_places
from directory.published_sources import publish_sources
from directory.records import (
    SOURCE_SCHEME_PREFIX,
    SOURCED_FIELDS,
    Audience,
    Contact,
    Identifier,
    Organization,
    Profile,
    PublishedRecord,
    RecordKind,
    Relation,
    SearchEngines,
    Source,
    StoredContact,
    StoredOrganization,
)

PUBLICATION_RULES_VERSION = 3  # part of every snapshot's version; raise it when the same stored record is published differently
_SOURCED_FIELDS = frozenset(SOURCED_FIELDS)

_RESTRICTED_FIELDS = {name: field for name, field in FIELDS.items() if field.audience is not Audience.PUBLIC}
_SHARED_FIELDS = tuple(field for field in Profile.__struct_fields__ if field != "identifiers" and field not in _RESTRICTED_FIELDS)
_STAFF_ONLY_FIELDS = frozenset({"contacts", "parent", "relations", *_RESTRICTED_FIELDS})  # only staff see all values of these
_get_shared_fields = attrgetter(*_SHARED_FIELDS)
_get_contact_fields = attrgetter(*Contact.__struct_fields__)


class ChangeKind(StrEnum):
    ADDED = "ADDED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"


class VisibleChange(Struct, frozen=True, gc=False):
    """The last change to a record that one audience could see. `seq` counts the changes for that audience."""

    seq: int
    at: datetime
    kind: ChangeKind
    record_id: str
    record_kind: RecordKind = RecordKind.ORGANIZATION


def publish(
    entry: StoredOrganization,
    audience: Audience,
    updated_at: datetime,
    is_visible: Callable[[str], bool],
    published_places: PublishedPlaces | None = None,
) -> Organization | None:
    """Return the organization as the audience sees it, None if the audience does not see it at all.

    `updated_at`: when something that this audience sees last changed.
    `is_visible`: whether this audience sees the organization with the given id; references to others are left out.
    `published_places`: the result of `publish_places(entry)`, if it is already computed.
    """
    if not audience.sees(entry.effective_audience):
        return None
    published_places = published_places or publish_places(entry)
    return Organization(
        **dict(zip(_SHARED_FIELDS, _get_shared_fields(entry), strict=True)),
        **publish_restricted_fields(entry, audience),
        identifiers=publish_identifiers(entry.identifiers, audience),
        locations=published_places.locations,
        contacts=tuple(_publish_contact(contact) for contact in entry.contacts if audience.sees(contact.audience)),
        parent=entry.parent if entry.parent and is_visible(entry.parent) else None,
        relations=tuple(relation for relation in entry.relations if _is_visible_relation(relation, is_visible)),
        sources=publish_organization_sources(entry.sources, audience, published_places.disclosures) if entry.sources else (),
        updated_at=updated_at,
    )


def differs_for_every_audience(before: StoredOrganization, after: StoredOrganization) -> bool:
    """Whether the records differ in a field that is the same for every audience."""
    return bool(_get_shared_fields(before) != _get_shared_fields(after))


def classify_change(before: PublishedRecord | None, after: PublishedRecord | None) -> ChangeKind | None:
    """Return the kind of change between two published records of one audience, None if the audience sees no change."""
    if before is None and after is None:
        return None
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    same_time = replace(before, updated_at=after.updated_at)
    return None if same_time == after else ChangeKind.CHANGED


def allows_search_engines(record: Profile) -> bool:
    """Whether search engines may list the page of the record.

    If nothing is decided, they may not list a record whose issue areas hide places: people at risk look for such organizations,
    and others look for them.
    """
    if record.search_engines is not None:
        return record.search_engines is SearchEngines.ALLOWED
    return get_default_disclosure(record.issue_areas) is not Disclosure.HIDDEN


def publish_restricted_fields(
    entry: StoredOrganization, audience: Audience, fields: Mapping[str, Field] = _RESTRICTED_FIELDS
) -> dict[str, Any]:
    """Return the values of those plain fields that the audience sees and a wider one does not."""
    return {name: getattr(entry, name) for name, field in fields.items() if audience.sees(field.audience)}


def publish_organization_sources(
    sources: Sequence[Source], audience: Audience, disclosures: Sequence[Disclosure]
) -> tuple[Source, ...]:
    """Return the sources of an organization's fields that the audience may see: see publish_sources."""
    known = [source for source in sources if source.field in _SOURCED_FIELDS]
    return publish_sources(known, audience, _STAFF_ONLY_FIELDS, disclosures)


def publish_identifiers(identifiers: tuple[Identifier, ...], audience: Audience) -> tuple[Identifier, ...]:
    """Return the identifiers; only staff get a source's own record numbers, which lead back into lists that are not public."""
    if audience is Audience.STAFF or not any(is_source_identifier(identifier) for identifier in identifiers):
        return identifiers
    return tuple(identifier for identifier in identifiers if not is_source_identifier(identifier))


def is_source_identifier(identifier: Identifier) -> bool:
    """Whether this is a source's own record number and not a number from a public register."""
    return identifier.scheme.startswith(SOURCE_SCHEME_PREFIX)


def _publish_contact(contact: StoredContact) -> Contact:
    return Contact(*_get_contact_fields(contact))


def _is_visible_relation(relation: Relation, is_visible: Callable[[str], bool]) -> bool:
    return relation.organization is None or is_visible(relation.organization)
