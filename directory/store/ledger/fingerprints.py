"""The state of a record, shortened to what is needed to compare it with other states."""

from hashlib import blake2b

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.records import StoredOrganization
from directory.store.ledger.change_log import split_private_parts
from directory.store.ledger.edits import Change
from directory.store.records.private_slugs import is_private_slug

_REMOVED_STATE = b"gone"
_DIGEST_BYTES = 16


class Fingerprint(Struct, frozen=True):
    """`parts`: of the private parts; None where they were erased, so that nobody knows whether they differed.

    Whether the record is hidden does not count, as no undo changes that. `slug` is None for a private one: a record gets that
    when it is hidden, and gives it up when it is shown again.
    """

    public_part: bytes
    private_parts: bytes | None
    slug: str | None = None

    def is_same(self, other: "Fingerprint") -> bool:
        """Whether both are of the same state, as far as the ledger still knows."""
        return (
            self.public_part == other.public_part
            and _may_equal(self.private_parts, other.private_parts)
            and _may_equal(self.slug, other.slug)
        )


def fingerprint_before(change: Change) -> Fingerprint:
    return _build_fingerprint(change.before, change)


def fingerprint_after(change: Change) -> Fingerprint:
    return _build_fingerprint(change.after, change)


def _build_fingerprint(entry: StoredOrganization | None, change: Change) -> Fingerprint:
    """A removed record is also where its slugs lead to."""
    if entry is None:
        return Fingerprint(_REMOVED_STATE + (change.merged_into or "").encode(), b"")
    rest, parts = split_private_parts(replace(entry, slug="", hidden_since=None, hidden_until=None))
    slug = None if is_private_slug(entry.slug) else entry.slug
    return Fingerprint(_digest(rest), None if change.is_erased else _digest(parts), slug)


def _may_equal(one: object, other: object) -> bool:
    return one is None or other is None or one == other


def _digest(value: Struct) -> bytes:
    return blake2b(msgspec.msgpack.encode(value), digest_size=_DIGEST_BYTES).digest()
