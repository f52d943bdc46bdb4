"""Digests of states of a record, stored in the ledger so that the consistency check can compare ledger and tables.

A digest covers the public part of a state and no private parts: the digest of a street could be guessed by trying all streets of
a city, and it would survive `erase`.
"""

import datetime as dt
from functools import cache
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct

from directory.records import StoredRecord

DIGEST_BYTES = 16


def digest_state(public_part: StoredRecord) -> bytes:
    """Return the digest of a state, which is the result of `split_private_parts`.

    It covers only values that differ from the defaults of their fields, by name. A field that is added later therefore leaves old
    digests valid, but a field must keep its name and default. The order of sources has no meaning and is not covered.
    """
    state = _describe(public_part)
    if "sources" in state:
        state["sources"] = sorted(_encode(source) for source in state["sources"])
    return blake2b(_encode(state), digest_size=DIGEST_BYTES).digest()


def _describe(value: Any) -> Any:
    """Return structs as dicts of what differs from the defaults, and times in UTC."""
    if isinstance(value, str):  # first, because most values are
        return value
    if isinstance(value, Struct):
        names, defaults = _list_fields(type(value))
        triples = zip(names, msgspec.structs.astuple(value), defaults, strict=True)
        return {name: _describe(item) for name, item, default in triples if item is not default and item != default}
    if isinstance(value, tuple):
        return [_describe(item) for item in value]
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value


@cache
def _list_fields(struct: type[Struct]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Return the names and the defaults of the fields, NODEFAULT for a field that must be given."""
    fields = msgspec.structs.fields(struct)
    assert all(field.default_factory is NODEFAULT for field in fields), struct  # noqa: S101 - defaults here are immutable
    return tuple(field.name for field in fields), tuple(field.default for field in fields)


def _encode(value: Any) -> bytes:
    return msgspec.msgpack.encode(value, order="deterministic")
