"""Append changes to the change log, with private parts in a table of their own.

A row of `revisions` says who changed something, when and why. A row of `changes` says what a record was before. What it became is
what it was before its next change, or what the tables hold now. Rows are never altered. Only `erase` deletes private parts.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, insert

from directory.geo import Disclosure
from directory.kinds import get_kind
from directory.records import Audience, PrivatePlace, Source, StoredContact, StoredLocation, StoredRecord
from directory.store.database.bulk import execute_many
from directory.store.ledger.edits import LedgerKind, Network, RecordId
from directory.store.ledger.state_digest import digest_state
from directory.store.records.tables import FEED_COLUMNS, change_private, changes, revisions


class PrivateText(Struct, frozen=True, omit_defaults=True):
    """Texts of a location that may give away its street."""

    name: str | None = None
    postal_code: str | None = None


class PrivateParts(Struct, frozen=True, omit_defaults=True):
    """The parts of a stored record that are logged in `change_private`, so that they can be erased.

    `places` holds private places by location id, and `words` the private texts of locations whose disclosure is not EXACT.
    `contacts` (those that are not public) and `sources` (those of locations and contacts, whose titles and URLs can lead to
    either) come with their positions in the record's lists.
    """

    places: dict[str, PrivatePlace] = {}
    words: dict[str, PrivateText] = {}
    contacts: tuple[tuple[int, StoredContact], ...] = ()
    sources: tuple[tuple[int, Source], ...] = ()


NO_PARTS = PrivateParts()
FeedNumbers = Mapping[str, Mapping[Audience, int]]  # numbers of changes in the feed of each audience, by record id
NO_NUMBERS: FeedNumbers = {}
_NO_TEXT = PrivateText()
_PRIVATE_SOURCE_FIELDS = ("locations", "contacts")
T = TypeVar("T")
RecordT = TypeVar("RecordT", bound=StoredRecord)


class PendingChange(Struct, frozen=True):
    """What a write does to one record. Both states include private parts.

    `before` is None for a record that is created, `after` for one that is removed. `merged_into` is the id of the record that a
    removed record is merged into, or that a created record was merged into until now.
    """

    before: StoredRecord | None
    after: StoredRecord | None
    merged_into: str | None = None
    restores_merge: bool = False  # as in Remove

    @property
    def record(self) -> StoredRecord:
        """The state after the change, or before it if the record is removed."""
        record = self.after or self.before
        assert record is not None  # noqa: S101 - at least one of the two is set
        return record

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def record_id(self) -> RecordId:
        return RecordId(get_kind(self.record).name, self.id)

    @property
    def kind(self) -> LedgerKind:
        if self.before is None:
            return LedgerKind.CREATED
        return LedgerKind.REMOVED if self.after is None else LedgerKind.CHANGED


class Signature(Struct, frozen=True):
    """Who makes a revision, when and why. `changed_at` has a time zone."""

    revision: int
    changed_at: dt.datetime
    actor: str
    reason: str


def split_private_parts(record: RecordT) -> tuple[RecordT, PrivateParts]:
    """Return the record without its private parts, and the private parts."""
    locations = record.sites
    places = {location.id: location.private for location in locations if location.private is not None}
    texts = {location.id: _extract_private_text(location) for location in locations}
    words = {location_id: text for location_id, text in texts.items() if text != _NO_TEXT}
    contacts, private_contacts = _partition(record.contacts, lambda contact: contact.audience is Audience.PUBLIC)
    sources, private_sources = _partition(record.sources, lambda source: source.field not in _PRIVATE_SOURCE_FIELDS)
    sites = tuple(_remove_private_text(replace(location, private=None)) for location in locations)
    parts = PrivateParts(places, words, private_contacts, private_sources)
    return replace_parts(record, sites=sites, contacts=contacts, sources=sources), parts


def join_private_parts(record: RecordT, parts: PrivateParts) -> RecordT:
    """Reverse `split_private_parts`.

    A location without a private place gets an empty PrivatePlace(). Saving the result then removes a place that was added since.
    """
    return replace_parts(
        record,
        sites=tuple(_join_location(location, parts) for location in record.sites),
        contacts=_insert_at_positions(record.contacts, parts.contacts),
        sources=_insert_at_positions(record.sources, parts.sources),
    )


def replace_parts(record: RecordT, **parts: tuple[Any, ...]) -> RecordT:
    """Return the record with other lists. Those that records of its kind do not have must be empty, and are left out."""
    return replace(record, **{name: value for name, value in parts.items() if name in record.__struct_fields__})


def _extract_private_text(location: StoredLocation) -> PrivateText:
    return _NO_TEXT if location.disclosure is Disclosure.EXACT else PrivateText(location.name, location.postal_code)


def _remove_private_text(location: StoredLocation) -> StoredLocation:
    return location if location.disclosure is Disclosure.EXACT else replace(location, name=None, postal_code=None)


def _join_location(location: StoredLocation, parts: PrivateParts) -> StoredLocation:
    private, words = parts.places.get(location.id, PrivatePlace()), parts.words.get(location.id)
    return replace(location, private=private, **asdict(words)) if words else replace(location, private=private)


def _partition(values: tuple[T, ...], is_public: Callable[[T], bool]) -> tuple[tuple[T, ...], tuple[tuple[int, T], ...]]:
    """Return the public values, and the private values with their positions."""
    private = tuple((position, value) for position, value in enumerate(values) if not is_public(value))
    return tuple(value for value in values if is_public(value)), private


def _insert_at_positions(public: tuple[T, ...], private: Sequence[tuple[int, T]]) -> tuple[T, ...]:
    values = list(public)
    for position, value in private:
        values.insert(position, value)
    return tuple(values)


def append_revision(connection: Connection, signature: Signature) -> None:
    connection.execute(
        insert(revisions).values(
            revision=signature.revision, at=signature.changed_at, actor=signature.actor, reason=signature.reason
        )
    )


def append_changes(
    connection: Connection, revision: int, pending: Sequence[PendingChange], feed_numbers: FeedNumbers = NO_NUMBERS
) -> None:
    """Append a row for each change, and one with the private parts of the state before it if it has any."""
    rows, private_rows = [], []
    for position, change in enumerate(pending):
        before, private_parts = _encode_state(change.before)
        row = _build_row(revision, position, change.kind, change.record_id, before, feed_numbers.get(change.id, {}))
        rows.append({**row, "merged_into": change.merged_into, "after_digest": _digest_public_part(change.after)})
        if private_parts:
            private_rows.append({"revision": revision, "position": position, "before": private_parts})
    execute_many(connection, insert(changes), rows)
    execute_many(connection, insert(change_private), private_rows)


def append_network_change(connection: Connection, before: Network, position: int, revision: int) -> None:
    """Append the row of a change of the network, which is no record."""
    connection.execute(insert(changes), _build_row(revision, position, LedgerKind.NETWORK, None, _encode(before)))


def append_erasures(connection: Connection, ids: Sequence[RecordId], revision: int) -> None:
    """Append a row for each record whose private parts were erased from earlier changes."""
    rows = [_build_row(revision, position, LedgerKind.ERASED, record_id) for position, record_id in enumerate(ids)]
    connection.execute(insert(changes), rows)


def _build_row(
    revision: int,
    position: int,
    kind: LedgerKind,
    record_id: RecordId | None,
    before: str | None = None,
    feed_numbers: Mapping[Audience, int] | None = None,
) -> dict[str, Any]:
    numbers = feed_numbers or {}
    return {
        "revision": revision,
        "position": position,
        "record_kind": record_id and record_id.kind.value,
        "record_id": record_id and record_id.id,
        "kind": kind.value,
        "before": before,
        **{column: numbers.get(audience) for audience, column in FEED_COLUMNS.items()},
    }


def _encode_state(record: StoredRecord | None) -> tuple[str | None, str | None]:
    """Return the JSON of the record without its private parts, and of the private parts. None for what is missing."""
    if record is None:
        return None, None
    rest, parts = split_private_parts(record)
    return _encode(rest), None if parts == NO_PARTS else _encode(parts)


def _digest_public_part(record: StoredRecord | None) -> bytes | None:
    return None if record is None else digest_state(split_private_parts(record)[0])


def _encode(value: Struct) -> str:
    return msgspec.json.encode(value).decode()
