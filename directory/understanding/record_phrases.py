"""Phrases that name a coalition or a provision: "UPR Task Force", "Article 25", "UDHR 25"."""

from collections.abc import Iterable, Sequence

from msgspec import Struct


class RecordMeaning(Struct, frozen=True):
    """What a phrase names: a coalition by its slug, or a provision by the issue areas of members who work on it."""

    coalition: str | None = None
    issue_areas: tuple[str, ...] = ()


class RecordPhrases:
    """An immutable table of folded phrases."""

    def __init__(self, phrases: Iterable[tuple[str, RecordMeaning]]) -> None:
        """Of equal phrases, the first one counts."""
        self._meanings: dict[tuple[str, ...], RecordMeaning] = {}
        self._lengths: dict[str, set[int]] = {}
        for phrase, meaning in phrases:
            words = tuple(phrase.split())
            if words:
                self._meanings.setdefault(words, meaning)
                self._lengths.setdefault(words[0], set()).add(len(words))

    def match(self, words: Sequence[str], at: int) -> tuple[int, RecordMeaning | None]:
        """Return the number of words of the longest phrase at a position, and what it names; 0 and None if there is none."""
        lengths = self._lengths.get(words[at], ())
        for length in sorted(lengths, reverse=True):
            meaning = self._meanings.get(tuple(words[at : at + length]))
            if meaning is not None and at + length <= len(words):
                return length, meaning
        return 0, None

    def find_positions(self, words: Sequence[str]) -> frozenset[int]:
        """Return the positions of all words that belong to a phrase."""
        covered, at = set[int](), 0
        while at < len(words) and self._meanings:
            length, _ = self.match(words, at)
            covered.update(range(at, at + length))
            at += length or 1
        return frozenset(covered)


NO_PHRASES = RecordPhrases(())
