"""The order of a list: buckets of rows, best first; inside a bucket a number, where the question brings one; then name and id.

Every order is total, so that a cursor marks one place in it whatever happens around it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TypeAlias

import msgspec
import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.errors import BadCursor
from directory.question import OrderField, Page, Question
from directory.search.published_points import Floats, Ints, NearestDistances
from directory.search.rows import NameKey
from directory.search.search_index import SearchIndex
from directory.search.text.text_match import TextMatch

BucketKey: TypeAlias = tuple[int, ...]  # region reason, then text tier and words in names, as far as asked; ascending
BATCH = 512  # rows that are sorted at a time: a page needs no more


class SortPosition(Struct, frozen=True):
    """Where a row stands in an order. `number` ascends along the list, infinite where unknown, None where the order has none."""

    bucket: BucketKey
    number: float | None
    name: NameKey


class ResultOrder:
    """The order that a question asks for, over the rows that match it."""

    def __init__(
        self,
        question: Question,
        index: SearchIndex,
        rows: BitMap,
        text_match: TextMatch | None = None,
        distances: NearestDistances | None = None,
    ) -> None:
        """`text` and `nearest` are what the question's text and origin found; None where it has none."""
        self.question, self.index, self.rows, self.text_match, self.distances = question, index, rows, text_match, distances
        self.sorts_by_relevance = question.order.field is OrderField.RELEVANCE
        self.sorts_by_number = question.order.field is not OrderField.NAME and not (self.sorts_by_relevance and distances is None)
        # an order by a number turns the numbers around, but not the names of those that share one
        self.is_reversed = question.order.descending and (self.sorts_by_relevance or not self.sorts_by_number)

    def iter_rows(self, start: SortPosition | None, backward: bool) -> Iterator[int]:
        """The rows after the place in order, or, backward, those before it, nearest first; all of them for no place."""
        down = backward != self.is_reversed
        buckets = reversed(list(self._iter_buckets())) if down else self._iter_buckets()
        for key, rows in buckets:
            if start is None or (key < start.bucket if down else key > start.bucket):
                yield from self._iter_bucket(rows, None, backward)
            elif key == start.bucket:
                yield from self._iter_bucket(rows, start, backward)

    def find_position(self, row: int) -> SortPosition:
        """Where a matching row stands."""
        reason = next((key for key, rows in self._reason_buckets if row in rows), ())
        tier = self.text_match.get_sort_key(row) if self.text_match and self.sorts_by_relevance else ()
        number = float(self._get_sort_numbers(np.array([row]))[0]) if self.sorts_by_number else None
        return SortPosition((*reason, *tier), number, self.index.rows.name_keys[row])

    def _iter_buckets(self) -> Iterator[tuple[BucketKey, BitMap]]:
        """Disjoint sets that cover the rows, best first; made as they are asked for."""
        for reason, rows in self._reason_buckets:
            if self.text_match is None or not self.sorts_by_relevance:
                yield reason, rows
            else:
                yield from (((*reason, *key), found) for key, found in self.text_match.split_by_key(rows))

    @cached_property
    def _reason_buckets(self) -> list[tuple[BucketKey, BitMap]]:
        regions = self.question.regions
        if not (self.sorts_by_relevance and regions.any_of):
            return [((), self.rows)]
        return [((position,), rows) for position, (_, rows) in enumerate(self.index.regions.split_by_reason(regions, self.rows))]

    def _get_sort_numbers(self, rows: Ints) -> Floats:
        """What the rows are ordered by, ascending along the list, infinite where unknown."""
        if self.distances is not None and self.question.order.field in (OrderField.RELEVANCE, OrderField.DISTANCE):
            numbers = self.distances.get_chords(rows)
        else:
            numbers = self.index.columns[self.question.order.field.value][rows]
        return np.where(np.isfinite(numbers), -numbers if self.question.order.descending else numbers, np.inf)

    def _iter_bucket(self, rows: BitMap, start: SortPosition | None, backward: bool) -> Iterator[int]:
        if self.sorts_by_number:
            return self._iter_by_number(rows, start, backward)
        name = start.name if start else None
        return (
            self.index.rows.iter_by_name_reversed(rows, name)
            if backward != self.is_reversed
            else self.index.rows.iter_by_name(rows, name)
        )

    def _iter_by_number(self, rows: BitMap, start: SortPosition | None, backward: bool) -> Iterator[int]:
        """Both keys are negated where they run down, so that the walk is always one that ascends."""
        found = np.asarray(rows.to_array(), dtype=np.int64)
        down = backward != self.is_reversed
        first = -self._get_sort_numbers(found) if backward else self._get_sort_numbers(found)
        second = -self.index.rows.rank[found] if down else self.index.rows.rank[found]
        if start is not None and start.number is not None:
            number = -start.number if backward else start.number
            rank = -self.index.rows.rank_before(start.name) if down else self.index.rows.rank_after(start.name)
            later = (first > number) | ((first == number) & (second > rank))
            found, first, second = found[later], first[later], second[later]
        return _iter_ascending(found, first, second)


def _iter_ascending(rows: Ints, first: Floats, second: Floats) -> Iterator[int]:
    """The rows by two keys; a crowd at a time, as few callers go on to the end."""
    while len(rows) > BATCH:
        edge = np.partition(first, BATCH)[BATCH]
        near = first <= edge
        yield from rows[near][np.lexsort((second[near], first[near]))].tolist()
        rows, first, second = rows[~near], first[~near], second[~near]
    yield from rows[np.lexsort((second, first))].tolist()


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
