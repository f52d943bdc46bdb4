"""The order of a list: buckets of rows, best first; inside a bucket a number, where the question brings one; then name and id.

Every order is total, so that a cursor marks one place in it whatever happens around it.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.question import OrderField, Question
from directory.search.index import Index
from directory.search.places import Floats, Ints, Nearest
from directory.search.rows import NameKey
from directory.search.words import TextMatch

BucketKey: TypeAlias = tuple[int, ...]  # region reason, then text tier and words in names, as far as asked; ascending
CROWD = 512  # rows that are sorted at a time: a page needs no more


class Place(Struct, frozen=True):
    """Where a row stands in an order. `number` ascends along the list, infinite where unknown, None where the order has none."""

    bucket: BucketKey
    number: float | None
    name: NameKey


class Order:
    """The order that a question asks for, over the rows that match it."""

    def __init__(
        self, question: Question, index: Index, rows: BitMap, text: TextMatch | None = None, nearest: Nearest | None = None
    ) -> None:
        """`text` and `nearest` are what the question's text and origin found; None where it has none."""
        self.question, self.index, self.rows, self.text, self.nearest = question, index, rows, text, nearest
        self.by_relevance = question.order.field is OrderField.RELEVANCE
        self.by_number = question.order.field is not OrderField.NAME and not (self.by_relevance and nearest is None)
        # an order by a number turns the numbers around, but not the names of those that share one
        self.turned = question.order.descending and (self.by_relevance or not self.by_number)

    def walk(self, beyond: Place | None, backward: bool) -> Iterator[int]:
        """The rows after the place in order, or, backward, those before it, nearest first; all of them for no place."""
        down = backward != self.turned
        buckets = reversed(list(self._buckets())) if down else self._buckets()
        for key, rows in buckets:
            if beyond is None or (key < beyond.bucket if down else key > beyond.bucket):
                yield from self._inside(rows, None, backward)
            elif key == beyond.bucket:
                yield from self._inside(rows, beyond, backward)

    def place(self, row: int) -> Place:
        """Where a matching row stands."""
        reason = next((key for key, rows in self._reasons if row in rows), ())
        tier = self.text.key(row) if self.text and self.by_relevance else ()
        number = float(self._numbers(np.array([row]))[0]) if self.by_number else None
        return Place((*reason, *tier), number, self.index.rows.keys[row])

    def _buckets(self) -> Iterator[tuple[BucketKey, BitMap]]:
        """Disjoint sets that cover the rows, best first; made as they are asked for."""
        for reason, rows in self._reasons:
            if self.text is None or not self.by_relevance:
                yield reason, rows
            else:
                yield from (((*reason, *key), found) for key, found in self.text.buckets(rows))

    @cached_property
    def _reasons(self) -> list[tuple[BucketKey, BitMap]]:
        regions = self.question.regions
        if not (self.by_relevance and regions.any_of):
            return [((), self.rows)]
        return [((position,), rows) for position, (_, rows) in enumerate(self.index.regions.buckets(regions, self.rows))]

    def _numbers(self, rows: Ints) -> Floats:
        """What the rows are ordered by, ascending along the list, infinite where unknown."""
        if self.nearest is not None and self.question.order.field in (OrderField.RELEVANCE, OrderField.DISTANCE):
            numbers = self.nearest.chords(rows)
        else:
            numbers = self.index.columns[self.question.order.field.value][rows]
        return np.where(np.isfinite(numbers), -numbers if self.question.order.descending else numbers, np.inf)

    def _inside(self, rows: BitMap, beyond: Place | None, backward: bool) -> Iterator[int]:
        if self.by_number:
            return self._by_number(rows, beyond, backward)
        name = beyond.name if beyond else None
        return self.index.rows.in_reverse(rows, name) if backward != self.turned else self.index.rows.in_order(rows, name)

    def _by_number(self, rows: BitMap, beyond: Place | None, backward: bool) -> Iterator[int]:
        """Both keys are negated where they run down, so that the walk is always one that ascends."""
        found = np.asarray(rows.to_array(), dtype=np.int64)
        down = backward != self.turned
        first = -self._numbers(found) if backward else self._numbers(found)
        second = -self.index.rows.rank[found] if down else self.index.rows.rank[found]
        if beyond is not None and beyond.number is not None:
            number = -beyond.number if backward else beyond.number
            rank = -self.index.rows.rank_before(beyond.name) if down else self.index.rows.rank_after(beyond.name)
            later = (first > number) | ((first == number) & (second > rank))
            found, first, second = found[later], first[later], second[later]
        return _ascending(found, first, second)


def _ascending(rows: Ints, first: Floats, second: Floats) -> Iterator[int]:
    """The rows by two keys; a crowd at a time, as few callers go on to the end."""
    while len(rows) > CROWD:
        edge = np.partition(first, CROWD)[CROWD]
        near = first <= edge
        yield from rows[near][np.lexsort((second[near], first[near]))].tolist()
        rows, first, second = rows[~near], first[~near], second[~near]
    yield from rows[np.lexsort((second, first))].tolist()
