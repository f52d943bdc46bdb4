"""Find the names spelled most like a word, without comparing the word with every name."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

LETTER_BITS = 64  # letters share a bit if their code points are equal modulo 64


class SpellingIndex:
    """An immutable index of names that quickly skips those that cannot be similar."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._lengths: NDArray[np.int64] = np.array([len(name) for name in self._names], np.int64)
        self._letter_bits: NDArray[np.uint64] = np.array([_compute_letter_bits(name) for name in self._names], np.uint64)

    def find_similar(self, word: str, min_ratio: float, limit: int | None = None) -> list[tuple[str, float]]:
        """Return the names with a rapidfuzz ratio (0 to 100) of at least `min_ratio`, each with its ratio.

        The most similar names come first; names with the same ratio keep their order. [] if there are none.

        A ratio of r means that (1 - r/100) of all letters of both words are inserted or deleted. Each edit changes the length
        by one and the set of letters by at most one, so names that differ by more in either are skipped.
        """
        edits = np.floor((1 - min_ratio / 100) * (self._lengths + len(word)) + 1e-9)
        different_letters = np.bitwise_count(self._letter_bits ^ np.uint64(_compute_letter_bits(word)))
        candidates = np.flatnonzero((different_letters <= edits) & (np.abs(self._lengths - len(word)) <= edits))
        names = [self._names[position] for position in candidates.tolist()]
        matches = process.extract(word, names, scorer=fuzz.ratio, limit=limit, score_cutoff=min_ratio)
        return [(name, ratio) for name, ratio, _ in matches]


def _compute_letter_bits(word: str) -> int:
    """Return a number with one bit set for each letter of the word."""
    bits = 0
    for letter in set(word):
        bits |= 1 << (ord(letter) % LETTER_BITS)
    return bits
