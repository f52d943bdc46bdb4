"""The order of results, and pages of them.

Rows are sorted by bucket, best first; then by a number, if the order has one; then by name and id. Every order is total, so a
cursor marks one position even if records around it are added or removed.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any, Protocol, TypeAlias

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.cursors import decode_cursor
from directory.geo import Floats
from directory.question import OrderField, Page, SortOrder
from directory.search.published_points import NearestDistances
from directory.search.reasons import PlaceReasons
from directory.search.rows import Ints, NameKey
from directory.search.search_index import SearchIndex
from directory.search.text.highlights import Highlighter
from directory.search.text.optional_words import OptionalMatch
from directory.search.text.text_match import TextMatch

# Rank of the place reason, minus the optional words, text tier, minus the words in names: those that the question has; ascending.
BucketKey: TypeAlias = tuple[int, ...]
POSITION_FORMAT = 3  # of the cursors: 1 had other ranks and no optional words, 2 no kinds of records
BATCH = 512  # rows that are sorted at a time: few callers need more than a page


class SortPosition(Struct, array_like=True, frozen=True):
    """The position of a row in an order, as cursors hold it.

    `number` ascends along the list; it is infinite if unknown, and None if the order has no number.
    """

    bucket: BucketKey
    number: float | None
    name: NameKey


class OrderedQuestion(Protocol):
    """What the order and the cursors of a list depend on. `fingerprint` identifies the question apart from its page."""

    @property
    def order(self) -> SortOrder: ...
    @property
    def page(self) -> Page: ...
    @property
    def fingerprint(self) -> bytes: ...


class ResultOrder:
    """The order of the rows that match a question."""

    def __init__(
        self,
        question: "OrderedQuestion",
        index: SearchIndex[Any],
        rows: BitMap,
        text_match: TextMatch | None = None,
        optional_match: OptionalMatch | None = None,
        distances: NearestDistances | None = None,
        reasons: PlaceReasons | None = None,
    ) -> None:
        """What the question does not have is None: a text, optional words, an origin, places."""
        self.question, self.index, self.rows = question, index, rows
        self.text_match, self.optional_match, self.distances, self.reasons = text_match, optional_match, distances, reasons
        self.sorts_by_relevance = question.order.field is OrderField.RELEVANCE
        self.sorts_by_number = question.order.field is not OrderField.NAME and not (self.sorts_by_relevance and distances is None)
        keys = (reasons if reasons and reasons.affects_order else None, optional_match, text_match)
        self._keys = [key for key in keys if key] if self.sorts_by_relevance else []
        # a descending number does not reverse the names of rows that share a number
        self.is_reversed = question.order.descending and (self.sorts_by_relevance or not self.sorts_by_number)

    @cached_property
    def fingerprint(self) -> bytes:
        """Identifies the list in its cursors."""
        return self.question.fingerprint

    @cached_property
    def highlighter(self) -> Highlighter:
        """Highlights the words of the text and the optional words."""
        return Highlighter([match.highlights for match in (self.text_match, self.optional_match) if match])

    def iter_rows(self, start: SortPosition | None, backward: bool) -> Iterator[int]:
        """Yield the rows after a position or, backward, the rows before it, nearest first; all rows if it is None."""
        descending = backward != self.is_reversed
        buckets = reversed(list(self._iter_buckets())) if descending else self._iter_buckets()
        for key, rows in buckets:
            if start is None or (key < start.bucket if descending else key > start.bucket):
                yield from self._iter_bucket(rows, None, backward)
            elif key == start.bucket:
                yield from self._iter_bucket(rows, start, backward)

    def find_position(self, row: int) -> SortPosition:
        """Return the position of a matching row."""
        bucket = tuple(number for key in self._keys for number in key.get_sort_key(row))
        number = float(self._get_sort_numbers(np.array([row]))[0]) if self.sorts_by_number else None
        return SortPosition(bucket, number, self.index.rows.get_name_key(row))

    def _iter_buckets(self) -> Iterator[tuple[BucketKey, BitMap]]:
        """Yield disjoint sets that cover the rows, best first."""
        buckets: Iterator[tuple[BucketKey, BitMap]] = iter([((), self.rows)])
        for key in self._keys:
            buckets = _split_buckets(buckets, key)
        return buckets

    def _get_sort_numbers(self, rows: Ints) -> Floats:
        """Return the numbers the rows are sorted by, ascending along the list; infinite if unknown."""
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
        """Yield the rows by number and rank. Keys that descend are negated, so both always ascend."""
        row_numbers = np.asarray(rows.to_array(), dtype=np.int64)
        names_descend = backward != self.is_reversed
        first = -self._get_sort_numbers(row_numbers) if backward else self._get_sort_numbers(row_numbers)
        second = -self.index.rows.rank[row_numbers] if names_descend else self.index.rows.rank[row_numbers]
        if start is not None and start.number is not None:
            number = -start.number if backward else start.number
            rank = -self.index.rows.rank_before(start.name) if names_descend else self.index.rows.rank_after(start.name)
            later = (first > number) | ((first == number) & (second > rank))
            row_numbers, first, second = row_numbers[later], first[later], second[later]
        return _iter_ascending(row_numbers, first, second)


def _split_buckets(
    buckets: Iterator[tuple[BucketKey, BitMap]], key: PlaceReasons | OptionalMatch | TextMatch
) -> Iterator[tuple[BucketKey, BitMap]]:
    for start, rows in buckets:
        if rows:
            for end, part in key.split_by_key(rows):
                yield start + end, part


def _iter_ascending(rows: Ints, first: Floats, second: Floats) -> Iterator[int]:
    """Yield the rows by two keys. Sorts a batch at a time, because few callers read to the end."""
    while len(rows) > BATCH:
        edge = np.partition(first, BATCH)[BATCH]
        near = first <= edge
        yield from rows[near][np.lexsort((second[near], first[near]))].tolist()
        rows, first, second = rows[~near], first[~near], second[~near]
    yield from rows[np.lexsort((second, first))].tolist()


class PageRows(Struct, frozen=True):
    """The rows of one page in list order, and whether there are rows after and before it."""

    rows: tuple[int, ...]
    has_next: bool
    has_previous: bool


def select_page_rows(order: ResultOrder, page: Page, start: SortPosition | None) -> PageRows:
    """Return one page of the list, from the position of its cursor; None for the start or end of the list."""
    rows = list(islice(order.iter_rows(start, page.is_backward), page.size + 1))
    has_more = len(rows) > page.size
    rows = rows[: page.size]
    has_rows_behind = start is not None and _has_rows_behind(order, start, page.is_backward)
    if page.is_backward:
        return PageRows(tuple(reversed(rows)), has_next=has_rows_behind, has_previous=has_more)
    return PageRows(tuple(rows), has_next=has_more, has_previous=has_rows_behind)


def decode_position(question: OrderedQuestion) -> SortPosition | None:
    """Return the position of the question's cursor; None if it has none. Raises BadCursor."""
    cursor = question.page.cursor
    return None if cursor is None else decode_cursor(cursor, question.fingerprint, SortPosition, POSITION_FORMAT)


def _has_rows_behind(order: ResultOrder, position: SortPosition, backward: bool) -> bool:
    """Return whether the list has rows on the other side of a position, or still has the row at that position."""
    row = order.index.rows.row_by_id.find(position.name[1])
    if row is not None and row in order.rows and order.find_position(row) == position:
        return True
    return next(order.iter_rows(position, not backward), None) is not None
