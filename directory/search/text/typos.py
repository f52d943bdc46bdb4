"""One typo: a letter too many, too few, another, or two neighbours swapped (optimal string alignment distance 1)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

MIN_TYPO_WORD_LENGTH = 5  # letters; in shorter words a typo is too often another word


def may_contain_typo(word: str) -> bool:
    """Whether a typo in this word may be forgiven; never in one with a digit."""
    return len(word) >= MIN_TYPO_WORD_LENGTH and word.isalpha()


def is_one_typo_apart(word: str, token: str) -> bool:
    return OSA.distance(word, token, score_cutoff=1) <= 1


class TypoIndex:
    """The words of a lexicon, by number, in the shape in which the few that may be one typo away are found quickly."""

    def __init__(self, letters: NDArray[np.uint32], lengths: NDArray[np.uint16]) -> None:
        self._letter_bits = letters
        self._lengths = lengths

    @classmethod
    def build(cls, words: Sequence[str]) -> "TypoIndex":
        return cls(
            np.array([_get_letter_bits(word) for word in words], np.uint32),
            np.array([_get_capped_length(word) for word in words], np.uint16),
        )

    def with_words(self, words: Sequence[str]) -> "TypoIndex":
        more = TypoIndex.build(words)
        return TypoIndex(np.concatenate((self._letter_bits, more._letter_bits)), np.concatenate((self._lengths, more._lengths)))

    def find_candidates(self, word: str) -> list[int]:
        """The numbers of all words that may be one typo away, and of some that are not; ascending."""
        differing = np.bitwise_count(self._letter_bits ^ np.uint32(_get_letter_bits(word)))
        lengths = np.abs(self._lengths.astype(np.int32) - _get_capped_length(word))
        found: list[int] = np.flatnonzero((differing <= 2) & (lengths <= 1)).tolist()
        return found


def _get_letter_bits(word: str) -> int:
    """A bit for each letter that occurs: one typo changes two bits at most."""
    bits = 0
    for letter in set(word):
        bits |= 1 << (ord(letter) & 31)
    return bits


def _get_capped_length(word: str) -> int:
    return min(len(word), 0xFFFF)
