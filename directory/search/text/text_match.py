"""What a text found, in tiers that depend on the record and the text alone."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from pyroaring import BitMap

from directory.records import Organization
from directory.search.rows import EMPTY_ROWS
from directory.search.text.concepts import Concept
from directory.search.text.highlights import Highlight, Highlighter
from directory.search.text.parsed_text import ParsedText, Word


class TextTier(StrEnum):
    """How far into a record one must look to find all words of a text; best first, each looks into what those before it do."""

    EXACT_NAME = "EXACT_NAME"  # a name, acronym or former name is the whole text
    NAMES = "NAMES"
    THEMES = "THEMES"  # issue areas and work areas
    PLACES_AND_COMMUNITIES = "PLACES_AND_COMMUNITIES"  # and languages
    SUMMARY = "SUMMARY"
    DESCRIPTION = "DESCRIPTION"


TIERS = tuple(TextTier)


class TextMatch:
    """The rows that match a text. Immutable; sets that are handed out must not be changed."""

    def __init__(
        self,
        parsed_text: ParsedText,
        tiers: Sequence[BitMap],
        rows_in_names: Sequence[BitMap],
        terms: Mapping[Word, set[Concept]],
    ) -> None:
        """`tiers`: by TextTier, each with the rows of those before it; `in_names`: who has each required part in names."""
        self._parsed_text = parsed_text
        self._tiers = tiers
        self._rows_in_names = rows_in_names
        self._terms = terms

    @property
    def rows(self) -> BitMap:
        """All that match."""
        return self._tiers[-1]

    def split_by_key(self, candidate_rows: BitMap) -> Iterator[tuple[tuple[int, int], BitMap]]:
        """The matching rows of `within` by their `key`, best first; worked out as far as they are read."""
        better = EMPTY_ROWS
        for position, rows in enumerate(self._tiers):
            if own := (rows & candidate_rows) - better:
                yield from self._split_by_name_words(position, own)
            better = rows

    def find_tier(self, row: int) -> TextTier:
        """Raises KeyError for a row that does not match."""
        return TIERS[self._find_tier_position(row)]

    def get_sort_key(self, row: int) -> tuple[int, int]:
        """The tier's position and, negative, how many of the text's words are in names; a quoted phrase counts as one word.

        Raises KeyError for a row that does not match.
        """
        position = self._find_tier_position(row)
        return position, -self._part_count if _is_names_tier(position) else -sum(row in rows for rows in self._rows_in_names)

    def highlight(self, organization: Organization) -> tuple[Highlight, ...]:
        """The matched words in the texts of an organization; () where it does not match."""
        return self._highlighter.highlight(organization)

    @property
    def _part_count(self) -> int:
        return len(self._rows_in_names)

    @cached_property
    def _highlighter(self) -> Highlighter:
        return Highlighter(self._parsed_text, self._terms)

    @cached_property
    def _rows_by_name_words(self) -> list[BitMap]:
        """By number: the rows that bear as many of the words in names."""
        counted = [self.rows]
        for rows in self._rows_in_names:
            more = [fewer & rows for fewer in counted]
            counted = [counted[0], *(one | other for one, other in zip(counted[1:], more, strict=False)), more[-1]]
        return counted

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
            own = rows & self._rows_by_name_words[count]
            if own:
                yield (position, -count), own
                rows = rows - own


def _is_names_tier(position: int) -> bool:
    return TIERS[position] in (TextTier.EXACT_NAME, TextTier.NAMES)
