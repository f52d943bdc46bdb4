"""Cursors: opaque strings that mark a position in a list.

A cursor is the URL-safe Base64 of a MessagePack array: the format, the key of its list, and the position in that list.
The key identifies the list and the question behind it, so a cursor of one question is refused for any other.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from directory.errors import BadCursor

FIRST_FORMAT = 1
CURSOR_LIMIT = 4_000  # characters; holds the name of a record
KeyT = TypeVar("KeyT", bound=bytes | str)
PositionT = TypeVar("PositionT")


class _Cursor(Struct, Generic[KeyT, PositionT], array_like=True, frozen=True):
    format: int
    list_key: KeyT
    position: PositionT


_encode = msgspec.msgpack.Encoder().encode


def encode_cursor(list_key: KeyT, position: object, cursor_format: int = FIRST_FORMAT) -> str:
    """Return the cursor of a position: any value that MessagePack can hold.

    A list gets another `cursor_format` when its positions change, so that cursors of earlier releases are refused.
    """
    packed = _encode((cursor_format, list_key, position))  # an array like that of a _Cursor, but faster
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode_cursor(cursor: str, list_key: KeyT, position_type: type[PositionT], cursor_format: int = FIRST_FORMAT) -> PositionT:
    """Return the position that a cursor marks in the list with this key.

    Raises BadCursor; its `reason` is MALFORMED, OLD_FORMAT or OTHER_QUESTION.
    """
    try:
        packed = _unpack(cursor)
        if _has_other_format(packed, cursor_format):
            raise BadCursor("This cursor has an old format. Request the first page again.", reason="OLD_FORMAT")
        decoded: _Cursor[KeyT, PositionT] = msgspec.msgpack.decode(packed, type=_Cursor[type(list_key), position_type])  # type: ignore[misc]
    except (ValueError, msgspec.MsgspecError) as problem:
        raise malformed_cursor() from problem
    if decoded.list_key != list_key:
        raise BadCursor(
            "This cursor belongs to a different question. Keep all other arguments unchanged, or request the first page.",
            reason="OTHER_QUESTION",
        )
    return decoded.position


def malformed_cursor() -> BadCursor:
    """Return the refusal of a text that is not a cursor of this list."""
    return BadCursor(
        "This cursor is not valid. Use a cursor from `pageInfo` or from an edge of the same list.", reason="MALFORMED"
    )


def _unpack(cursor: str) -> bytes:
    if len(cursor) > CURSOR_LIMIT:
        raise ValueError(cursor)
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def _has_other_format(packed: bytes, cursor_format: int) -> bool:
    """Return whether this is an array that starts with another format number, whatever follows it."""
    fields = msgspec.msgpack.decode(packed)
    return isinstance(fields, list) and bool(fields) and isinstance(fields[0], int) and fields[0] != cursor_format
