"""The words that occur somewhere, by number, and how a word of a question leads to them."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import TypeAlias

from directory.search.analysis import stems
from directory.search.typos import Spellings, one_apart
from directory.search.wording import Word

Numbered: TypeAlias = list[tuple[str, int]]  # sorted
FEW = 50  # as many are put into a sorted list one by one; more are sorted in

_LAST = "\U0010ffff"


class Lexicon:
    """Words numbered from 0 in the order of `words`. Immutable; grown by `extended`, which keeps the numbers."""

    def __init__(self, words: list[str], ordered: Numbered, by_stem: Numbered, spellings: Spellings) -> None:
        self.words = words
        self._ordered = ordered
        self._by_stem = by_stem
        self._spellings = spellings

    @classmethod
    def of(cls, words: Sequence[str]) -> "Lexicon":
        """The words must be folded and each there once."""
        return cls([], [], [], Spellings.of([])).extended(words)

    def extended(self, words: Sequence[str]) -> "Lexicon":
        """With words that are not here yet, numbered on."""
        if not words:
            return self
        numbered = list(enumerate(words, len(self.words)))
        return Lexicon(
            [*self.words, *words],
            _inserted(self._ordered, [(word, number) for number, word in numbered]),
            _inserted(self._by_stem, [(stem, number) for number, word in numbered for stem in stems(word)]),
            self._spellings.extended(words),
        )

    def __len__(self) -> int:
        return len(self.words)

    def number(self, word: str) -> int | None:
        at = bisect_left(self._ordered, (word, -1))
        return self._ordered[at][1] if at < len(self._ordered) and self._ordered[at][0] == word else None

    def accepted(self, word: Word) -> list[int]:
        """The numbers of all words that `word.accepts`, ascending."""
        found = {number for stem in stems(word.text) for number in _from(self._by_stem, stem, stem + "\0")}
        if word.prefix:
            found.update(_from(self._ordered, word.text, word.text + _LAST))
        if word.forgiving:
            found.update(n for n in self._spellings.candidates(word.text) if one_apart(word.text, self.words[n]))
        return sorted(found)


def _inserted(ordered: Numbered, entries: Numbered) -> Numbered:
    if len(entries) > FEW:
        return sorted([*ordered, *entries])
    more = ordered.copy()
    for entry in entries:
        insort(more, entry)
    return more


def _from(ordered: Numbered, first: str, end: str) -> list[int]:
    return [number for _, number in ordered[bisect_left(ordered, (first, -1)) : bisect_left(ordered, (end, -1))]]
