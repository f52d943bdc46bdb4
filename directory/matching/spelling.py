"""The words of all names of an index, to find what a misspelled one may stand for."""

from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.matching.pairing import TWO_TYPOS_MIN_LENGTH, TYPO_MIN_LENGTH
from directory.matching.wording import is_number

MAX_SIMILAR_WORDS = 4  # words that one word may stand for


class MisspellingIndex:
    """Words are kept by first letter, which errors hardly ever touch (pairing.py), and by length, which one error changes by at
    most one. Words are never taken out: one that nobody has any more finds nobody.
    """

    def __init__(self) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}
        self._similar_words: dict[str, tuple[str, ...]] = {}

    def add(self, words: Iterable[str]) -> None:
        """Words that are not here yet."""
        for word in words:
            if len(word) >= TYPO_MIN_LENGTH and not is_number(word):
                self._words.setdefault((word[0], len(word)), []).append(word)
                self._similar_words.clear()

    def find_similar(self, word: str) -> tuple[str, ...]:
        """Other words that differ by one letter, or two of a long word; () for short words and numbers, which are never taken
        for misspelled."""
        if len(word) < TYPO_MIN_LENGTH or is_number(word):
            return ()
        if word not in self._similar_words:
            self._similar_words[word] = tuple(self._search(word))
        return self._similar_words[word]

    def _search(self, word: str) -> Iterator[str]:
        most = 2 if len(word) >= TWO_TYPOS_MIN_LENGTH else 1
        for length in range(len(word) - 1, len(word) + 2):
            choices = self._words.get((word[0], length), ())
            for found, _, _ in process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=MAX_SIMILAR_WORDS):
                if found != word:
                    yield found
