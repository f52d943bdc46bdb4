"""What of a record an audience may see. The places are published by directory/published_places.py.

Everything that leaves this directory passes here once, when a snapshot is built or the ledger notes a change; after that an
audience cannot be shown what its snapshot does not contain.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from directory.provenance import told_identifiers, told_sources
from directory.published_places import Places, places
from directory.records import Audience, Contact, Entry, KeptContact, Organization, Profile, Relation

RULES = 3  # part of every version: raise it when the same stored record is published differently, so that clients read it anew

_SHARED = tuple(field for field in Profile.__struct_fields__ if field != "identifiers")
_shared = attrgetter(*_SHARED)
_contact_fields = attrgetter(*Contact.__struct_fields__)


class ChangeKind(StrEnum):
    ADDED = "ADDED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"


class SeenChange(Struct, frozen=True, gc=False):
    """The last change that an organization showed to one audience. `seq` counts that audience's changes alone."""

    seq: int
    at: datetime
    kind: ChangeKind
    organization_id: str


def publish(
    entry: Entry, audience: Audience, updated_at: datetime, visible: Callable[[str], bool], where: Places | None = None
) -> Organization | None:
    """The organization as the audience sees it, or None where it does not exist for that audience.

    `updated_at` is when something that this audience sees last changed; `visible` says of an organization's id whether this
    audience sees it, and decides over the references of this one. `where`: its `places`, if they are worked out already.
    """
    if not audience.sees(entry.shown_to):
        return None
    where = where or places(entry)
    return Organization(
        **dict(zip(_SHARED, _shared(entry), strict=True)),
        identifiers=told_identifiers(entry.identifiers, audience),
        locations=where.locations,
        contacts=tuple(_contact(contact) for contact in entry.contacts if audience.sees(contact.audience)),
        parent=entry.parent if entry.parent and visible(entry.parent) else None,
        relations=tuple(relation for relation in entry.relations if _told(relation, visible)),
        sources=told_sources(entry.sources, audience, where.told) if entry.sources else (),
        updated_at=updated_at,
    )


def differs_to_all(before: Entry, after: Entry) -> bool:
    """Whether they differ in something that every audience which sees the organization at all is told alike."""
    return bool(_shared(before) != _shared(after))


def difference(before: Organization | None, after: Organization | None) -> ChangeKind | None:
    """What one audience sees of a change from one published record to the next; None when it sees nothing of it."""
    if before is None and after is None:
        return None
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    return None if replace(before, updated_at=after.updated_at) == after else ChangeKind.CHANGED


def _contact(contact: KeptContact) -> Contact:
    return Contact(*_contact_fields(contact))


def _told(relation: Relation, visible: Callable[[str], bool]) -> bool:
    return relation.organization is None or visible(relation.organization)
