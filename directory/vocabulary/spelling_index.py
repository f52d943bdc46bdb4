"""The names that are spelled most like a word: the same as comparing it with every name, without doing so."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

LETTER_BITS = 64  # bits; letters share a bit where their code points are equal modulo 64


class SpellingIndex:
    """Names in a form in which those that cannot be alike are passed over quickly. Immutable."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._lengths: NDArray[np.int64] = np.array([len(name) for name in self._names], np.int64)
        self._letter_bits: NDArray[np.uint64] = np.array([_compute_letter_bits(name) for name in self._names], np.uint64)

    def find_similar(self, word: str, min_ratio: float, limit: int | None = None) -> list[tuple[str, float]]:
        """The names with a rapidfuzz ratio (0 to 100) of at least `least`, and that ratio; the likest first, then as listed.

        A ratio of r means that (1 - r/100) of all letters of both are inserted or deleted. Each changes the length by one and
        the set of letters by one at most, so that names which differ by more in either are not compared.
        """
        edits = np.floor((1 - min_ratio / 100) * (self._lengths + len(word)) + 1e-9)
        differing = np.bitwise_count(self._letter_bits ^ np.uint64(_compute_letter_bits(word)))
        possible = np.flatnonzero((differing <= edits) & (np.abs(self._lengths - len(word)) <= edits))
        names = [self._names[position] for position in possible.tolist()]
        found = process.extract(word, names, scorer=fuzz.ratio, limit=limit, score_cutoff=min_ratio)
        return [(name, ratio) for name, ratio, _ in found]


def _compute_letter_bits(word: str) -> int:
    """A bit for each letter that occurs."""
    bits = 0
    for letter in set(word):
        bits |= 1 << (ord(letter) % LETTER_BITS)
    return bits
