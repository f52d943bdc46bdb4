"""What of a record an audience may see. The places are published by directory/published_places.py.

Everything that leaves this directory passes here once, when a snapshot is built or the ledger notes a change; after that an
audience cannot be shown what its snapshot does not contain.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.published_places import PublishedPlaces, publish_places
from directory.records import (
    SOURCE_SCHEME_PREFIX,
    SOURCED_FIELDS,
    Audience,
    Contact,
    Identifier,
    Organization,
    Profile,
    Relation,
    Source,
    StoredContact,
    StoredOrganization,
)

SOURCE_CACHE_SIZE = 1 << 16  # sources as told; thousands of organizations come from one file
_SOURCED_FIELDS = frozenset(SOURCED_FIELDS)
_STAFF_ONLY_FIELDS = frozenset({"contacts", "parent", "relations"})  # of these staff alone see all


def publish_sources(sources: Sequence[Source], audience: Audience, disclosures: Sequence[Disclosure]) -> tuple[Source, ...]:
    """A source leads to the fact: one of places is told where every place is told as exactly as the source tells it.

    `told` are the disclosures of the organization's places. Sources of contacts, parent and relations are for staff alone, so
    that for nobody else what is hidden among these decides whether a source is there. Those that are told alike are told once.
    """
    least = max((one.strictness for one in disclosures), default=Disclosure.HIDDEN.strictness)

    def tellable(source: Source) -> bool:
        if source.field == "locations":
            return least <= source.tells.strictness
        return source.field in _SOURCED_FIELDS and (audience is Audience.STAFF or source.field not in _STAFF_ONLY_FIELDS)

    return tuple(dict.fromkeys(_publish_source(source) for source in sources if tellable(source)))


def publish_identifiers(identifiers: tuple[Identifier, ...], audience: Audience) -> tuple[Identifier, ...]:
    """Without the numbers of sources' own for all but staff: such a number leads back into a list that is not public."""
    if audience is Audience.STAFF or not any(is_source_identifier(identifier) for identifier in identifiers):
        return identifiers
    return tuple(identifier for identifier in identifiers if not is_source_identifier(identifier))


def is_source_identifier(identifier: Identifier) -> bool:
    """Whether it is a source's own number of the record rather than one of a public register."""
    return identifier.scheme.startswith(SOURCE_SCHEME_PREFIX)


def _publish_source(source: Source) -> Source:
    """Without what only staff are to know of it."""
    return _intern_source(Source(source.field, source.title, source.url, source.date))


@lru_cache(maxsize=SOURCE_CACHE_SIZE)
def _intern_source(source: Source) -> Source:
    """The very same object for all that are equal: records are most of the memory."""
    return source


PUBLICATION_RULES_VERSION = (
    3  # part of every version: raise it when the same stored record is published differently, so that clients read it anew
)

_SHARED_FIELDS = tuple(field for field in Profile.__struct_fields__ if field != "identifiers")
_get_shared_fields = attrgetter(*_SHARED_FIELDS)
_get_contact_fields = attrgetter(*Contact.__struct_fields__)


class ChangeKind(StrEnum):
    ADDED = "ADDED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"


class VisibleChange(Struct, frozen=True, gc=False):
    """The last change that an organization showed to one audience. `seq` counts that audience's changes alone."""

    seq: int
    at: datetime
    kind: ChangeKind
    organization_id: str


def publish(
    entry: StoredOrganization,
    audience: Audience,
    updated_at: datetime,
    is_visible: Callable[[str], bool],
    published_places: PublishedPlaces | None = None,
) -> Organization | None:
    """The organization as the audience sees it, or None where it does not exist for that audience.

    `updated_at` is when something that this audience sees last changed; `visible` says of an organization's id whether this
    audience sees it, and decides over the references of this one. `where`: its `places`, if they are worked out already.
    """
    if not audience.sees(entry.effective_audience):
        return None
    published_places = published_places or publish_places(entry)
    return Organization(
        **dict(zip(_SHARED_FIELDS, _get_shared_fields(entry), strict=True)),
        identifiers=publish_identifiers(entry.identifiers, audience),
        locations=published_places.locations,
        contacts=tuple(_publish_contact(contact) for contact in entry.contacts if audience.sees(contact.audience)),
        parent=entry.parent if entry.parent and is_visible(entry.parent) else None,
        relations=tuple(relation for relation in entry.relations if _is_visible_relation(relation, is_visible)),
        sources=publish_sources(entry.sources, audience, published_places.disclosures) if entry.sources else (),
        updated_at=updated_at,
    )


def differs_for_every_audience(before: StoredOrganization, after: StoredOrganization) -> bool:
    """Whether they differ in something that every audience which sees the organization at all is told alike."""
    return bool(_get_shared_fields(before) != _get_shared_fields(after))


def classify_change(before: Organization | None, after: Organization | None) -> ChangeKind | None:
    """What one audience sees of a change from one published record to the next; None when it sees nothing of it."""
    if before is None and after is None:
        return None
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    return None if replace(before, updated_at=after.updated_at) == after else ChangeKind.CHANGED


def _publish_contact(contact: StoredContact) -> Contact:
    return Contact(*_get_contact_fields(contact))


def _is_visible_relation(relation: Relation, is_visible: Callable[[str], bool]) -> bool:
    return relation.organization is None or is_visible(relation.organization)
