"""The lexicon: numbered words, and which of them a word of a question matches."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import TypeAlias

from directory.search.text.analysis import stem_token
from directory.search.text.parsed_text import Word
from directory.search.text.typos import TypoIndex, is_one_typo_apart

NumberedWords: TypeAlias = list[tuple[str, int]]  # sorted
INSORT_LIMIT = 50  # up to this many entries are inserted one by one; for more, the whole list is sorted

_MAX_CHARACTER = "\U0010ffff"


class Lexicon:
    """Words numbered from 0 in the order of `words`. Immutable; `with_words` returns a larger lexicon with the same numbers."""

    def __init__(self, words: list[str], sorted_words: NumberedWords, sorted_stems: NumberedWords, typo_index: TypoIndex) -> None:
        self.words = words
        self._sorted_words = sorted_words
        self._sorted_stems = sorted_stems
        self._typo_index = typo_index

    @classmethod
    def build(cls, words: Sequence[str]) -> "Lexicon":
        """Build the lexicon of folded words without repeats."""
        return cls([], [], [], TypoIndex.build([])).with_words(words)

    def with_words(self, words: Sequence[str]) -> "Lexicon":
        """Return the lexicon with new words, which take the next numbers."""
        if not words:
            return self
        numbered = list(enumerate(words, len(self.words)))
        return Lexicon(
            [*self.words, *words],
            _insert_sorted(self._sorted_words, [(word, number) for number, word in numbered]),
            _insert_sorted(self._sorted_stems, [(stem, number) for number, word in numbered for stem in stem_token(word)]),
            self._typo_index.with_words(words),
        )

    def __len__(self) -> int:
        return len(self.words)

    def find_number(self, word: str) -> int | None:
        """Return the number of exactly this word; None if it is unknown."""
        position = bisect_left(self._sorted_words, (word, -1))
        is_known = position < len(self._sorted_words) and self._sorted_words[position][0] == word
        return self._sorted_words[position][1] if is_known else None

    def find_accepted(self, word: Word) -> list[int]:
        """Return the numbers of all words that `word.accepts`, ascending."""
        numbers = {
            number for stem in stem_token(word.text) for number in _list_numbers_between(self._sorted_stems, stem, stem + "\0")
        }
        if word.is_prefix:
            numbers.update(_list_numbers_between(self._sorted_words, word.text, word.text + _MAX_CHARACTER))
        if word.allows_typo:
            candidates = self._typo_index.find_candidates(word.text)
            numbers.update(number for number in candidates if is_one_typo_apart(word.text, self.words[number]))
        return sorted(numbers)


def _insert_sorted(ordered: NumberedWords, entries: NumberedWords) -> NumberedWords:
    if len(entries) > INSORT_LIMIT:
        return sorted([*ordered, *entries])
    extended = ordered.copy()
    for entry in entries:
        insort(extended, entry)
    return extended


def _list_numbers_between(ordered: NumberedWords, first: str, end: str) -> list[int]:
    return [number for _, number in ordered[bisect_left(ordered, (first, -1)) : bisect_left(ordered, (end, -1))]]
