"""The change log: what was, what is, who did it and why. Rows are appended, never altered, and only `erase` takes parts out."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, and_, func, insert, select

from directory.geo import Disclosure
from directory.records import Audience, Entry, KeptContact, PrivatePlace, Site, Source
from directory.store.edits import Change, LedgerKind, Network
from directory.store.tables import change_private, changes

_entry = msgspec.json.Decoder(Entry)


class PrivateWords(Struct, frozen=True, omit_defaults=True):
    """What is said of a place in words that may name its street."""

    name: str | None = None
    postal_code: str | None = None


class PrivateParts(Struct, frozen=True, omit_defaults=True):
    """What of an entry is kept apart from the log.

    Private places by site, and what is said of a site that is not told EXACT; by position, contacts that are not public and
    sources of locations and contacts, whose titles and addresses lead to both.
    """

    places: dict[str, PrivatePlace] = {}
    words: dict[str, PrivateWords] = {}
    contacts: tuple[tuple[int, KeptContact], ...] = ()
    sources: tuple[tuple[int, Source], ...] = ()


_parts = msgspec.json.Decoder(PrivateParts)
_NOTHING = PrivateParts()
_NO_WORDS = PrivateWords()
_LEADING = ("locations", "contacts")  # fields whose sources are private
T = TypeVar("T")


class Altered(Struct, frozen=True):
    """One record's way through a write: both entries whole; `before` None creates it, `after` None removes it."""

    before: Entry | None
    after: Entry | None

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
    at: dt.datetime
    actor: str
    reason: str


def split(entry: Entry) -> tuple[Entry, PrivateParts]:
    """The entry without its private parts, and these."""
    places = {site.id: site.private for site in entry.sites if site.private is not None}
    words = {site.id: _words(site) for site in entry.sites if _words(site) != _NO_WORDS}
    contacts, hidden = _parted(entry.contacts, lambda contact: contact.audience is Audience.PUBLIC)
    sources, leading = _parted(entry.sources, lambda source: source.field not in _LEADING)
    sites = tuple(_without_words(replace(site, private=None)) for site in entry.sites)
    return replace(entry, sites=sites, contacts=contacts, sources=sources), PrivateParts(places, words, hidden, leading)


def joined(entry: Entry, parts: PrivateParts) -> Entry:
    """The reverse of `split`; a site without a private place gets the empty one, so that putting the entry back removes it."""
    contacts, sources = _together(entry.contacts, parts.contacts), _together(entry.sources, parts.sources)
    sites = tuple(_whole_site(site, parts) for site in entry.sites)
    return replace(entry, sites=sites, contacts=contacts, sources=sources)


def _words(site: Site) -> PrivateWords:
    return _NO_WORDS if site.disclosure is Disclosure.EXACT else PrivateWords(site.name, site.postal_code)


def _without_words(site: Site) -> Site:
    return site if site.disclosure is Disclosure.EXACT else replace(site, name=None, postal_code=None)


def _whole_site(site: Site, parts: PrivateParts) -> Site:
    private, words = parts.places.get(site.id, PrivatePlace()), parts.words.get(site.id)
    return replace(site, private=private, **asdict(words)) if words else replace(site, private=private)


def _parted(values: tuple[T, ...], is_public: Callable[[T], bool]) -> tuple[tuple[T, ...], tuple[tuple[int, T], ...]]:
    """The public ones, and the others with their positions."""
    others = tuple((at, value) for at, value in enumerate(values) if not is_public(value))
    return tuple(value for value in values if is_public(value)), others


def _together(values: tuple[T, ...], others: Sequence[tuple[int, T]]) -> tuple[T, ...]:
    found = list(values)
    for at, value in others:
        found.insert(at, value)
    return tuple(found)


def append(connection: Connection, altered: Sequence[Altered], signature: Signature) -> None:
    """A row for each altered record; its private parts, where there are any, in the other table."""
    rows, private = [], []
    for position, change in enumerate(altered):
        before, before_parts = _json(change.before)
        after, after_parts = _json(change.after)
        rows.append(_row(signature, position, change.kind, change.id, before, after))
        if before_parts or after_parts:
            at = {"revision": signature.revision, "position": position}
            private.append({**at, "before": before_parts, "after": after_parts})
    for table, listed in ((changes, rows), (change_private, private)):
        if listed:
            connection.execute(insert(table), listed)


def append_network(connection: Connection, before: Network, after: Network, position: int, signature: Signature) -> None:
    was, now = (msgspec.json.encode(network).decode() for network in (before, after))
    connection.execute(insert(changes), _row(signature, position, LedgerKind.NETWORK, None, was, now))


def append_erasure(connection: Connection, organization_id: str, signature: Signature) -> None:
    connection.execute(insert(changes), _row(signature, 0, LedgerKind.ERASED, organization_id, None, None))


def history(connection: Connection, organization_id: str) -> list[Change]:
    """Everything that happened to the organization, oldest first; [] for an id that never was."""
    rows = connection.execute(_CHANGES.where(changes.c.organization_id == organization_id).order_by(changes.c.revision))
    return [_change(row._mapping) for row in rows]


class LastState(Struct, frozen=True):
    """What the log says an organization is: `after` None where it is gone, `parts` None where they were erased since."""

    revision: int
    after: Entry | None
    parts: PrivateParts | None


def last_states(connection: Connection, ids: Sequence[str]) -> dict[str, LastState]:
    """Of each id that the log knows, what its last change left."""
    other = changes.alias()
    mine = other.c.organization_id == changes.c.organization_id
    last = select(func.max(other.c.revision)).where(mine, other.c.kind != LedgerKind.ERASED.value).scalar_subquery()
    asked = _CHANGES.where(changes.c.organization_id.in_(ids), changes.c.revision == last)
    return {row.organization_id: _last_state(row._mapping) for row in connection.execute(asked)}


_eraser = changes.alias()
_CHANGES = select(
    changes,
    change_private.c.before.label("private_before"),
    change_private.c.after.label("private_after"),
    select(func.max(_eraser.c.revision))
    .where(_eraser.c.organization_id == changes.c.organization_id, _eraser.c.kind == LedgerKind.ERASED.value)
    .scalar_subquery()
    .label("erased_at"),
).outerjoin_from(
    changes,
    change_private,
    and_(change_private.c.revision == changes.c.revision, change_private.c.position == changes.c.position),
)


def _row(
    signature: Signature, position: int, kind: LedgerKind, organization_id: str | None, before: str | None, after: str | None
) -> dict[str, Any]:
    return {
        "revision": signature.revision,
        "position": position,
        "organization_id": organization_id,
        "at": signature.at,
        "actor": signature.actor,
        "reason": signature.reason,
        "kind": kind.value,
        "before": before,
        "after": after,
    }


def _json(entry: Entry | None) -> tuple[str | None, str | None]:
    """The entry without its private parts, and these; None where there is nothing."""
    if entry is None:
        return None, None
    rest, parts = split(entry)
    private = None if parts == _NOTHING else msgspec.json.encode(parts).decode()
    return msgspec.json.encode(rest).decode(), private


def _change(row: Mapping[Any, Any]) -> Change:
    erased = _is_erased(row)
    return Change(
        revision=row["revision"],
        at=row["at"],
        actor=row["actor"],
        reason=row["reason"],
        kind=LedgerKind(row["kind"]),
        before=_whole(row["before"], row["private_before"], erased),
        after=_whole(row["after"], row["private_after"], erased),
        erased=erased,
    )


def _whole(entry: str | None, parts: str | None, erased: bool) -> Entry | None:
    if entry is None:
        return None
    rest = _entry.decode(entry)
    return rest if erased else joined(rest, _decoded(parts))


def _last_state(row: Mapping[Any, Any]) -> LastState:
    after = _entry.decode(row["after"]) if row["after"] else None
    return LastState(row["revision"], after, None if _is_erased(row) else _decoded(row["private_after"]))


def _is_erased(row: Mapping[Any, Any]) -> bool:
    return row["erased_at"] is not None and row["erased_at"] >= row["revision"]


def _decoded(parts: str | None) -> PrivateParts:
    return _parts.decode(parts) if parts else _NOTHING
