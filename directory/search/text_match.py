"""What a text found, in tiers that depend on the record and the text alone."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from pyroaring import BitMap

from directory.records import Organization
from directory.search.concepts import Concept
from directory.search.highlights import Highlight, Highlighter
from directory.search.sets import EMPTY
from directory.search.wording import Word, Wording


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
        self, wording: Wording, tiers: Sequence[BitMap], in_names: Sequence[BitMap], terms: Mapping[Word, set[Concept]]
    ) -> None:
        """`tiers`: by TextTier, each with the rows of those before it; `in_names`: who has each required part in names."""
        self._wording = wording
        self._tiers = tiers
        self._in_names = in_names
        self._terms = terms

    @property
    def rows(self) -> BitMap:
        """All that match."""
        return self._tiers[-1]

    def buckets(self, within: BitMap) -> Iterator[tuple[tuple[int, int], BitMap]]:
        """The matching rows of `within` by their `key`, best first; worked out as far as they are read."""
        better = EMPTY
        for position, rows in enumerate(self._tiers):
            if own := (rows & within) - better:
                yield from self._by_names(position, own)
            better = rows

    def tier(self, row: int) -> TextTier:
        """Raises KeyError for a row that does not match."""
        return TIERS[self._position(row)]

    def key(self, row: int) -> tuple[int, int]:
        """The tier's position and, negative, how many of the text's words are in names; a quoted phrase counts as one word.

        Raises KeyError for a row that does not match.
        """
        position = self._position(row)
        return position, -self._all_words if _in_names(position) else -sum(row in rows for rows in self._in_names)

    def highlights(self, organization: Organization) -> tuple[Highlight, ...]:
        """The matched words in the texts of an organization; () where it does not match."""
        return self._highlighter.of(organization)

    @property
    def _all_words(self) -> int:
        return len(self._in_names)

    @cached_property
    def _highlighter(self) -> Highlighter:
        return Highlighter(self._wording, self._terms)

    @cached_property
    def _at_least(self) -> list[BitMap]:
        """By number: the rows that bear as many of the words in names."""
        counted = [self.rows]
        for rows in self._in_names:
            more = [fewer & rows for fewer in counted]
            counted = [counted[0], *(one | other for one, other in zip(counted[1:], more, strict=False)), more[-1]]
        return counted

    def _position(self, row: int) -> int:
        for position, rows in enumerate(self._tiers):
            if row in rows:
                return position
        raise KeyError(row)

    def _by_names(self, position: int, rows: BitMap) -> Iterator[tuple[tuple[int, int], BitMap]]:
        if _in_names(position):
            yield (position, -self._all_words), rows
            return
        for count in range(self._all_words, -1, -1):
            own = rows & self._at_least[count]
            if own:
                yield (position, -count), own
                rows = rows - own


def _in_names(position: int) -> bool:
    return TIERS[position] in (TextTier.EXACT_NAME, TextTier.NAMES)
