"""The match of a text: rows in tiers that depend only on the record and the text."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from pyroaring import BitMap

from directory.search.row_sets import EMPTY_ROWS, count_memberships
from directory.search.text.concepts import Concept
from directory.search.text.highlights import WordsToHighlight
from directory.search.text.parsed_text import ParsedText, Phrase, Word


class TextTier(StrEnum):
    """The fields in which all words of a text are found, best first. Each tier includes the fields of the tiers before it."""

    EXACT_NAME = "EXACT_NAME"  # a name, acronym or former name is the whole text
    NAMES = "NAMES"
    THEMES = "THEMES"  # issue areas and work areas
    PLACES_AND_COMMUNITIES = "PLACES_AND_COMMUNITIES"  # and languages
    SUMMARY = "SUMMARY"
    DESCRIPTION = "DESCRIPTION"


TIERS = tuple(TextTier)


class TextMatch:
    """The rows that match a text. Immutable, and the sets it returns must not be changed."""

    def __init__(
        self,
        parsed_text: ParsedText,
        tiers: Sequence[BitMap],
        rows_in_names: Sequence[BitMap],
        terms: Mapping[Word, set[Concept]],
    ) -> None:
        """`tiers` holds the rows of each TextTier, including those of the tiers before it.

        `rows_in_names` holds, for each required part of the text, the rows that have it in their names.
        """
        self._parsed_text = parsed_text
        self._tiers = tiers
        self._rows_in_names = rows_in_names
        self._terms = terms

    @property
    def rows(self) -> BitMap:
        """All rows that match."""
        return self._tiers[-1]

    def split_by_key(self, candidate_rows: BitMap) -> Iterator[tuple[tuple[int, int], BitMap]]:
        """Yield the matching candidates by their sort key, best first. Evaluated lazily."""
        better_rows = EMPTY_ROWS
        for position, rows in enumerate(self._tiers):
            if tier_rows := (rows & candidate_rows) - better_rows:
                yield from self._split_by_name_words(position, tier_rows)
            better_rows = rows

    def find_tier(self, row: int) -> TextTier:
        """Return the tier of a matching row. Raises KeyError for a row that does not match."""
        return TIERS[self._find_tier_position(row)]

    def get_sort_key(self, row: int) -> tuple[int, int]:
        """Return the position of the tier, then minus the number of words that are in names. A phrase counts as one word.

        Raises KeyError for a row that does not match.
        """
        position = self._find_tier_position(row)
        return position, -self._part_count if _is_names_tier(position) else -sum(row in rows for rows in self._rows_in_names)

    @property
    def highlights(self) -> WordsToHighlight:
        """The words that match."""
        parts = self._parsed_text.required_parts
        words = tuple(part for part in parts if isinstance(part, Word))
        phrases = tuple(part.words for part in parts if isinstance(part, Phrase))
        return WordsToHighlight(words, phrases, set[Concept]().union(*(self._terms.get(word, ()) for word in words)))

    @property
    def _part_count(self) -> int:
        return len(self._rows_in_names)

    @cached_property
    def _rows_by_name_words(self) -> list[BitMap]:
        """All rows, and those that have at least 1, 2, 3 ... words in their names."""
        return [self.rows, *count_memberships(self._rows_in_names)]

    def _find_tier_position(self, row: int) -> int:
        for position, rows in enumerate(self._tiers):
            if row in rows:
                return position
        raise KeyError(row)

    def _split_by_name_words(self, position: int, rows: BitMap) -> Iterator[tuple[tuple[int, int], BitMap]]:
        if _is_names_tier(position):
            yield (position, -self._part_count), rows
            return
        for count in range(self._part_count, -1, -1):
            bucket = rows & self._rows_by_name_words[count]
            if bucket:
                yield (position, -count), bucket
                rows = rows - bucket


def _is_names_tier(position: int) -> bool:
    return TIERS[position] in (TextTier.EXACT_NAME, TextTier.NAMES)
