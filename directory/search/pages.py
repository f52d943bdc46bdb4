"""One page of a list, and the cursors that lead from page to page.

A cursor holds the format's version, the fingerprint of the question and the place in its order, not a position: a record
that comes or goes between two pages neither skips nor repeats another.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from itertools import islice

import msgspec
from msgspec import Struct

from directory.errors import BadCursor
from directory.question import Page
from directory.search.order import ResultOrder, SortPosition

CURSOR_FORMAT = 1
CURSOR_LIMIT = 2_000  # characters


class _Cursor(Struct, array_like=True, frozen=True):
    format: int
    fingerprint: bytes
    position: tuple[tuple[int, ...], float | None, tuple[str, str]]


class PageRows(Struct, frozen=True):
    """The rows of one page in list order, and whether the list goes on at its ends."""

    rows: tuple[int, ...]
    has_next: bool
    has_previous: bool


def select_page_rows(order: ResultOrder, page: Page, fingerprint: bytes) -> PageRows:
    """The page of the list. Raises BadCursor."""
    beyond = decode_cursor(page.cursor, fingerprint) if page.cursor is not None else None
    rows = list(islice(order.iter_rows(beyond, page.is_backward), page.size + 1))
    goes_on = len(rows) > page.size
    rows = rows[: page.size]
    behind = beyond is not None and _has_rows_behind(order, beyond, page.is_backward)
    if page.is_backward:
        return PageRows(tuple(reversed(rows)), has_next=behind, has_previous=goes_on)
    return PageRows(tuple(rows), has_next=goes_on, has_previous=behind)


def encode_cursor(position: SortPosition, fingerprint: bytes) -> str:
    """The cursor of a place in the order of one question."""
    written = msgspec.msgpack.encode(_Cursor(CURSOR_FORMAT, fingerprint, (position.bucket, position.number, position.name)))
    return urlsafe_b64encode(written).rstrip(b"=").decode()


def decode_cursor(text: str, fingerprint: bytes) -> SortPosition:
    """The place a cursor marks. Raises BadCursor unless the very same question gave it."""
    read = _parse_cursor(text)
    if read.format != CURSOR_FORMAT:
        raise BadCursor("This cursor is of an older format. Ask for the first page again.", reason="OLD_FORMAT")
    if read.fingerprint != fingerprint:
        raise BadCursor(
            "This cursor belongs to another question. Keep filter, text and order as they were, or ask for the first page.",
            reason="OTHER_QUESTION",
        )
    return SortPosition(*read.position)


def _parse_cursor(text: str) -> _Cursor:
    try:
        if len(text) > CURSOR_LIMIT or not text.isascii():
            raise ValueError(text)
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        first = msgspec.msgpack.decode(raw)
        if isinstance(first, list) and first and isinstance(first[0], int) and first[0] != CURSOR_FORMAT:
            return _Cursor(first[0], b"", ((), None, ("", "")))
        return msgspec.msgpack.decode(raw, type=_Cursor)
    except (ValueError, NotBase64, msgspec.MsgspecError) as problem:
        raise BadCursor("This is no cursor of ours. Use one from `pageInfo` or an edge.", reason="MALFORMED") from problem


def _has_rows_behind(order: ResultOrder, position: SortPosition, backward: bool) -> bool:
    """Whether the list has rows on the other side of the place, or still has the one that stood there."""
    row = order.index.rows.row_by_id.get(position.name[1])
    if row is not None and row in order.rows and order.find_position(row) == position:
        return True
    return next(order.iter_rows(position, not backward), None) is not None
