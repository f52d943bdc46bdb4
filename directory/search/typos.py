"""One typo: a letter too many, too few, another, or two neighbours swapped (optimal string alignment distance 1)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

SHORTEST_FORGIVEN = 5  # letters; in shorter words a typo is too often another word


def forgivable(word: str) -> bool:
    """Whether a typo in this word may be forgiven; never in one with a digit."""
    return len(word) >= SHORTEST_FORGIVEN and word.isalpha()


def one_apart(word: str, token: str) -> bool:
    return OSA.distance(word, token, score_cutoff=1) <= 1


class Spellings:
    """The words of a lexicon, by number, in the shape in which the few that may be one typo away are found quickly."""

    def __init__(self, letters: NDArray[np.uint32], lengths: NDArray[np.uint16]) -> None:
        self._letters = letters
        self._lengths = lengths

    @classmethod
    def of(cls, words: Sequence[str]) -> "Spellings":
        return cls(
            np.array([_letters(word) for word in words], np.uint32), np.array([_length(word) for word in words], np.uint16)
        )

    def extended(self, words: Sequence[str]) -> "Spellings":
        more = Spellings.of(words)
        return Spellings(np.concatenate((self._letters, more._letters)), np.concatenate((self._lengths, more._lengths)))

    def candidates(self, word: str) -> list[int]:
        """The numbers of all words that may be one typo away, and of some that are not; ascending."""
        differing = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        lengths = np.abs(self._lengths.astype(np.int32) - _length(word))
        found: list[int] = np.flatnonzero((differing <= 2) & (lengths <= 1)).tolist()
        return found


def _letters(word: str) -> int:
    """A bit for each letter that occurs: one typo changes two bits at most."""
    bits = 0
    for letter in set(word):
        bits |= 1 << (ord(letter) & 31)
    return bits


def _length(word: str) -> int:
    return min(len(word), 0xFFFF)
