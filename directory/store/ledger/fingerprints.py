"""Digests of a record's states, used to tell whether two states are the same."""

from hashlib import blake2b

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.records import StoredRecord
from directory.store.ledger.change_log import split_private_parts
from directory.store.ledger.edits import Change
from directory.vocabulary.slugs import is_private_slug

_REMOVED_STATE = b"gone"
_DIGEST_BYTES = 16


class Fingerprint(Struct, frozen=True):
    """The digest of one state of a record.

    `private_parts` is None if they were erased, so any value may equal it. `slug` is None for a private slug, because a record
    gets one when it is hidden and loses it when it is shown again. Whether the record is hidden is left out, because undo does
    not change it.
    """

    public_part: bytes
    private_parts: bytes | None
    slug: str | None = None

    def is_same(self, other: "Fingerprint") -> bool:
        """Return whether both are digests of the same state, as far as the ledger still knows."""
        return (
            self.public_part == other.public_part
            and _may_equal(self.private_parts, other.private_parts)
            and _may_equal(self.slug, other.slug)
        )


def fingerprint_before(change: Change) -> Fingerprint:
    return _build_fingerprint(change.before, change)


def fingerprint_after(change: Change) -> Fingerprint:
    return _build_fingerprint(change.after, change)


def _build_fingerprint(record: StoredRecord | None, change: Change) -> Fingerprint:
    if record is None:  # where the slugs of a removed record lead is part of its state
        return Fingerprint(_REMOVED_STATE + (change.merged_into or "").encode(), b"")
    rest, parts = split_private_parts(replace(record, slug="", hidden_since=None, hidden_until=None))
    slug = None if is_private_slug(record.slug) else record.slug
    return Fingerprint(_digest(rest), None if change.is_erased else _digest(parts), slug)


def _may_equal(left: object, right: object) -> bool:
    return left is None or right is None or left == right


def _digest(value: Struct) -> bytes:
    return blake2b(msgspec.msgpack.encode(value), digest_size=_DIGEST_BYTES).digest()
