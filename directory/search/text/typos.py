"""Typos: words that differ by one extra, missing or wrong letter, or by two swapped neighbors.

This is an optimal string alignment distance of 1.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

MIN_TYPO_WORD_LENGTH = 5  # letters; in shorter words a typo is too often another word


def may_contain_typo(word: str) -> bool:
    """Return whether a typo in this word is allowed; never in a word with a digit."""
    return len(word) >= MIN_TYPO_WORD_LENGTH and word.isalpha()


def is_one_typo_apart(word: str, token: str) -> bool:
    return OSA.distance(word, token, score_cutoff=1) <= 1


class TypoIndex:
    """The letters and lengths of the words of a lexicon, to find the few that may be one typo away."""

    def __init__(self, letter_bits: NDArray[np.uint32], lengths: NDArray[np.uint16]) -> None:
        self._letter_bits = letter_bits
        self._lengths = lengths

    @classmethod
    def build(cls, words: Sequence[str]) -> "TypoIndex":
        return cls(
            np.array([_get_letter_bits(word) for word in words], np.uint32),
            np.array([_get_capped_length(word) for word in words], np.uint16),
        )

    def with_words(self, words: Sequence[str]) -> "TypoIndex":
        added = TypoIndex.build(words)
        return TypoIndex(np.concatenate((self._letter_bits, added._letter_bits)), np.concatenate((self._lengths, added._lengths)))

    def find_candidates(self, word: str, visible: bytes | None = None) -> list[int]:
        """Return the numbers of all words that are one typo away, and of some that are not; ascending.

        `visible` has a byte for each word, which is 0 for words to leave out; None leaves out no word.
        """
        differing = np.bitwise_count(self._letter_bits ^ np.uint32(_get_letter_bits(word)))
        lengths = np.abs(self._lengths.astype(np.int32) - _get_capped_length(word))
        is_candidate = (differing <= 2) & (lengths <= 1)
        if visible is not None:
            is_candidate &= np.frombuffer(visible, np.bool_)
        numbers: list[int] = np.flatnonzero(is_candidate).tolist()
        return numbers


def _get_letter_bits(word: str) -> int:
    """Return a bit set of the letters that occur. One typo changes at most two bits."""
    bits = 0
    for letter in set(word):
        bits |= 1 << (ord(letter) & 31)
    return bits


def _get_capped_length(word: str) -> int:
    return min(len(word), 0xFFFF)
