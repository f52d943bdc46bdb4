"""The state of a record, shortened to what is needed to compare it with other states."""

from hashlib import blake2b

import msgspec
from msgspec import Struct

from directory.records import Entry
from directory.store.edits import Change
from directory.store.ledger import split

_GONE = b"gone"
_DIGEST_BYTES = 16


class Fingerprint(Struct, frozen=True):
    """`parts`: of the private parts; None where they were erased, so that nobody knows whether they differed."""

    rest: bytes
    parts: bytes | None

    def is_same(self, other: "Fingerprint") -> bool:
        """Whether both are of the same state, as far as the ledger still knows."""
        return self.rest == other.rest and (self.parts is None or other.parts is None or self.parts == other.parts)


def state_before(change: Change) -> Fingerprint:
    return _fingerprint(change.before, change)


def state_after(change: Change) -> Fingerprint:
    return _fingerprint(change.after, change)


def _fingerprint(entry: Entry | None, change: Change) -> Fingerprint:
    """A removed record is also where its slugs lead to."""
    if entry is None:
        return Fingerprint(_GONE + (change.merged_into or "").encode(), b"")
    rest, parts = split(entry)
    return Fingerprint(_digest(rest), None if change.erased else _digest(parts))


def _digest(value: Struct) -> bytes:
    return blake2b(msgspec.msgpack.encode(value), digest_size=_DIGEST_BYTES).digest()
