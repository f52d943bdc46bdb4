"""The change log: what was, what is, who did it and why. Rows are appended, never altered, and only `erase` takes parts out."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, insert

from directory.geo import Disclosure
from directory.records import Audience, PrivatePlace, Source, StoredContact, StoredLocation, StoredOrganization
from directory.store.database.bulk import execute_many
from directory.store.ledger.edits import LedgerKind, Network
from directory.store.records.tables import change_private, changes


class PrivateText(Struct, frozen=True, omit_defaults=True):
    """What is said of a place in words that may name its street."""

    name: str | None = None
    postal_code: str | None = None


class PrivateParts(Struct, frozen=True, omit_defaults=True):
    """What of an entry is kept apart from the log.

    Private places by site, and what is said of a site that is not told EXACT; by position, contacts that are not public and
    sources of locations and contacts, whose titles and addresses lead to both.
    """

    places: dict[str, PrivatePlace] = {}
    words: dict[str, PrivateText] = {}
    contacts: tuple[tuple[int, StoredContact], ...] = ()
    sources: tuple[tuple[int, Source], ...] = ()


NO_PARTS = PrivateParts()
_NO_TEXT = PrivateText()
_PRIVATE_SOURCE_FIELDS = ("locations", "contacts")  # fields whose sources are private
T = TypeVar("T")


class PendingChange(Struct, frozen=True):
    """One record's way through a write: both entries whole; `before` None creates it, `after` None removes it.

    `merged_into`: of one that is removed, the id of the record that it is merged into; of one that is created, of the record
    that it was merged into until now.
    """

    before: StoredOrganization | None
    after: StoredOrganization | None
    merged_into: str | None = None

    @property
    def id(self) -> str:
        entry = self.after or self.before
        assert entry is not None  # noqa: S101 - one of the two is always there
        return entry.id

    @property
    def kind(self) -> LedgerKind:
        if self.before is None:
            return LedgerKind.CREATED
        return LedgerKind.REMOVED if self.after is None else LedgerKind.CHANGED


class Signature(Struct, frozen=True):
    """Who changes the directory, when (with a time zone), why, and as which revision."""

    revision: int
    changed_at: dt.datetime
    actor: str
    reason: str


def split_private_parts(entry: StoredOrganization) -> tuple[StoredOrganization, PrivateParts]:
    """The entry without its private parts, and these."""
    places = {site.id: site.private for site in entry.sites if site.private is not None}
    words = {site.id: _extract_private_text(site) for site in entry.sites if _extract_private_text(site) != _NO_TEXT}
    contacts, hidden = _partition_by_publicity(entry.contacts, lambda contact: contact.audience is Audience.PUBLIC)
    sources, leading = _partition_by_publicity(entry.sources, lambda source: source.field not in _PRIVATE_SOURCE_FIELDS)
    sites = tuple(_remove_private_text(replace(site, private=None)) for site in entry.sites)
    return replace(entry, sites=sites, contacts=contacts, sources=sources), PrivateParts(places, words, hidden, leading)


def join_private_parts(entry: StoredOrganization, parts: PrivateParts) -> StoredOrganization:
    """The reverse of `split`; a site without a private place gets the empty one, so that putting the entry back removes it."""
    contacts, sources = _insert_at_positions(entry.contacts, parts.contacts), _insert_at_positions(entry.sources, parts.sources)
    sites = tuple(_join_location(site, parts) for site in entry.sites)
    return replace(entry, sites=sites, contacts=contacts, sources=sources)


def _extract_private_text(site: StoredLocation) -> PrivateText:
    return _NO_TEXT if site.disclosure is Disclosure.EXACT else PrivateText(site.name, site.postal_code)


def _remove_private_text(site: StoredLocation) -> StoredLocation:
    return site if site.disclosure is Disclosure.EXACT else replace(site, name=None, postal_code=None)


def _join_location(site: StoredLocation, parts: PrivateParts) -> StoredLocation:
    private, words = parts.places.get(site.id, PrivatePlace()), parts.words.get(site.id)
    return replace(site, private=private, **asdict(words)) if words else replace(site, private=private)


def _partition_by_publicity(
    values: tuple[T, ...], is_public: Callable[[T], bool]
) -> tuple[tuple[T, ...], tuple[tuple[int, T], ...]]:
    """The public ones, and the others with their positions."""
    others = tuple((at, value) for at, value in enumerate(values) if not is_public(value))
    return tuple(value for value in values if is_public(value)), others


def _insert_at_positions(values: tuple[T, ...], others: Sequence[tuple[int, T]]) -> tuple[T, ...]:
    found = list(values)
    for at, value in others:
        found.insert(at, value)
    return tuple(found)


def append_changes(connection: Connection, pending: Sequence[PendingChange], signature: Signature) -> None:
    """A row for each altered record; its private parts, where there are any, in the other table."""
    rows, private = [], []
    for position, change in enumerate(pending):
        before, before_parts = _encode_organization(change.before)
        after, after_parts = _encode_organization(change.after)
        rows.append(_build_row(signature, position, change.kind, change.id, before, after, change.merged_into))
        if before_parts or after_parts:
            at = {"revision": signature.revision, "position": position}
            private.append({**at, "before": before_parts, "after": after_parts})
    for table, listed in ((changes, rows), (change_private, private)):
        execute_many(connection, insert(table), listed)


def append_network_change(connection: Connection, before: Network, after: Network, position: int, signature: Signature) -> None:
    was, now = (msgspec.json.encode(network).decode() for network in (before, after))
    connection.execute(insert(changes), _build_row(signature, position, LedgerKind.NETWORK, None, was, now))


def append_erasures(connection: Connection, organization_ids: Sequence[str], signature: Signature) -> None:
    rows = [_build_row(signature, at, LedgerKind.ERASED, identity, None, None) for at, identity in enumerate(organization_ids)]
    connection.execute(insert(changes), rows)


def _build_row(
    signature: Signature,
    position: int,
    kind: LedgerKind,
    organization_id: str | None,
    before: str | None,
    after: str | None,
    merged_into: str | None = None,
) -> dict[str, Any]:
    return {
        "revision": signature.revision,
        "position": position,
        "organization_id": organization_id,
        "at": signature.changed_at,
        "actor": signature.actor,
        "reason": signature.reason,
        "kind": kind.value,
        "before": before,
        "after": after,
        "merged_into": merged_into,
    }


def _encode_organization(entry: StoredOrganization | None) -> tuple[str | None, str | None]:
    """The entry without its private parts, and these; None where there is nothing."""
    if entry is None:
        return None, None
    rest, parts = split_private_parts(entry)
    private = None if parts == NO_PARTS else msgspec.json.encode(parts).decode()
    return msgspec.json.encode(rest).decode(), private
