"""The words of all names of an index, to find what a misspelled one may stand for."""

from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.matching.pairing import TWO_TYPOS_FROM, TYPO_FROM
from directory.matching.wording import is_number

NEAREST = 4  # words that one word may stand for


class Spelling:
    """Words are kept by first letter, which errors hardly ever touch (pairing.py), and by length, which one error changes by at
    most one. Words are never taken out: one that nobody has any more finds nobody.
    """

    def __init__(self) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def add(self, words: Iterable[str]) -> None:
        """Words that are not here yet."""
        for word in words:
            if len(word) >= TYPO_FROM and not is_number(word):
                self._words.setdefault((word[0], len(word)), []).append(word)
                self._near.clear()

    def near(self, word: str) -> tuple[str, ...]:
        """Other words that differ by one letter, or two of a long word; () for short words and numbers, which are never taken
        for misspelled."""
        if len(word) < TYPO_FROM or is_number(word):
            return ()
        if word not in self._near:
            self._near[word] = tuple(self._found(word))
        return self._near[word]

    def _found(self, word: str) -> Iterator[str]:
        most = 2 if len(word) >= TWO_TYPOS_FROM else 1
        for length in range(len(word) - 1, len(word) + 2):
            choices = self._words.get((word[0], length), ())
            for found, _, _ in process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=NEAREST):
                if found != word:
                    yield found
