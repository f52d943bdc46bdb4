"""Optional words: words that need not occur, but put the records that have them first."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from pyroaring import BitMap

from directory.search.row_sets import count_memberships
from directory.search.text.concepts import Concept
from directory.search.text.highlights import WordsToHighlight
from directory.search.text.parsed_text import Word


class OptionalMatch:
    """The rows that have each optional word. Immutable."""

    def __init__(self, rows_by_word: Mapping[Word, BitMap], concepts: set[Concept]) -> None:
        """`concepts` are the vocabulary terms of the words."""
        self._sets: Sequence[BitMap] = list(rows_by_word.values())
        self.highlights = WordsToHighlight(tuple(rows_by_word), (), concepts)

    def get_sort_key(self, row: int) -> tuple[int]:
        """Return minus the number of words that a row has."""
        return (-sum(row in rows for rows in self._sets),)

    def split_by_key(self, rows: BitMap) -> Iterator[tuple[tuple[int], BitMap]]:
        """Yield the rows by sort key, best first; disjoint sets without empty ones."""
        for count in range(len(self._sets), 0, -1):
            bucket = rows & self._rows_by_word_count[count - 1]
            if bucket:
                yield (-count,), bucket
                rows = rows - bucket
        if rows:
            yield (0,), rows

    @cached_property
    def _rows_by_word_count(self) -> list[BitMap]:
        """The rows that have at least 1, 2, 3 ... words."""
        return count_memberships(self._sets)
