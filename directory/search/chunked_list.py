"""A list that returns a changed copy without copying most of it.

A snapshot of 100,000 records holds lists of this length for every audience. An edit changes a few entries, and copying the rest
would take most of the time until the edit can be found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Generic, TypeVar

T = TypeVar("T")

CHUNK_BITS = 9  # a change copies a chunk of 512 entries, and the list of chunks
CHUNK_LENGTH = 1 << CHUNK_BITS
CHUNK_MASK = CHUNK_LENGTH - 1


class ChunkedList(Generic[T]):
    """An immutable list in chunks. A changed copy shares the chunks that did not change."""

    __slots__ = ("_chunks", "_length")

    def __init__(self, chunks: list[list[T]], length: int) -> None:
        self._chunks = chunks  # each of CHUNK_LENGTH entries, except the last one
        self._length = length

    @classmethod
    def build(cls, entries: Sequence[T]) -> "ChunkedList[T]":
        starts = range(0, len(entries), CHUNK_LENGTH)
        return cls([list(entries[start : start + CHUNK_LENGTH]) for start in starts], len(entries))

    def with_changes(self, entries: Mapping[int, T], more: Sequence[T] = ()) -> "ChunkedList[T]":
        """Return the list with other entries at some positions, and with more entries at its end."""
        if not entries and not more:
            return self
        chunks = self._chunks.copy()
        for number in {position >> CHUNK_BITS for position in entries}:
            chunks[number] = chunks[number].copy()
        for position, entry in entries.items():
            chunks[position >> CHUNK_BITS][position & CHUNK_MASK] = entry
        if more:
            last = chunks.pop() if self._length & CHUNK_MASK else []
            chunks += ChunkedList.build([*last, *more])._chunks
        return ChunkedList(chunks, self._length + len(more))

    def __getitem__(self, position: int) -> T:
        """Return the entry at a position from 0. Raises IndexError past the end."""
        return self._chunks[position >> CHUNK_BITS][position & CHUNK_MASK]

    def select(self, positions: Iterable[int]) -> list[T]:
        """Return the entries at these positions. Raises IndexError past the end."""
        chunks = self._chunks
        return [chunks[position >> CHUNK_BITS][position & CHUNK_MASK] for position in positions]

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._chunks)

    def __len__(self) -> int:
        return self._length
