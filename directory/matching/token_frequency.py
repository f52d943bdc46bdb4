"""The words of all records: how much each of them identifies a record, and which others may be misspellings of it.

The rarer a word, phone number or domain is, the more it identifies a record.
"""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Sequence
from math import log
from typing import TypeAlias

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.matching.match_record import MatchFeatures
from directory.matching.normalized_name import is_number, parse_name_variants
from directory.matching.word_lists import WORD_SHARES

PRIOR_NAMES = 2000  # names that the built-in shares count as: more than a small network has, far fewer than a national list
UNLISTED_SHARE = 0.0002  # of names, for a word without a built-in share
GENERIC_SHARE = 0.1  # of names; a word this frequent identifies almost nothing: "foundation" among grantmakers
MISSPELLING_RATIO = 20.0  # how many times as frequent a word is as a repeated misspelling of it
MIN_WEIGHT = 0.05  # of the most frequent words: "Foundation" and "Association" are still two different words
TYPO_MIN_LENGTH = 5  # letters; shorter words that differ in a letter are different words: "Lisa", "Lima"
TWO_TYPOS_MIN_LENGTH = 8
MAX_SIMILAR_WORDS = 12  # that are returned for one misspelled word
SEARCH_BATCH = 256  # words that are compared at once with all others like them: some MB of distances

_LOG_SPAN = log(GENERIC_SHARE / UNLISTED_SHARE)
_Group: TypeAlias = tuple[str, int]  # the first letter and the length of words


class TokenFrequency:
    """Counts of the records of an index, combined with built-in shares so that weights are useful from the first record on."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._name_count = 0
        self._count_by_word = Counter[str]()
        self._sharers_by_key = Counter[str]()
        self._weights: dict[str, float] = {}
        for name in names:
            self.count({word for variant in parse_name_variants(name) for word in variant.words}, ())

    def count(self, words: Iterable[str], keys: Iterable[str], step: int = 1) -> None:
        """Add a record with these distinct words and keys (phone numbers, domains); a step of -1 removes it."""
        self._name_count += step
        self._weights.clear()
        for counts, tokens in ((self._count_by_word, words), (self._sharers_by_key, keys)):
            for token in tokens:
                counts[token] = counts.get(token, 0) + step
                if not counts[token]:
                    del counts[token]

    def count_all(self, records: Iterable[MatchFeatures], rows: Collection[MatchFeatures]) -> None:
        """Count the records of an index, and the rows of a list that will be compared with them and with each other.

        Most rows repeat a record, so a token counts as often as it occurs among the records or among the rows, whichever is more.
        The counts therefore depend neither on the order of the rows nor on how many of them were imported before. If there are
        rows, keys that none of them has are not counted (`add_keys`).
        """
        row_count, row_words, row_keys = _count_tokens(rows)
        record_count, words, keys = _count_tokens(records, row_keys if rows else None)
        for counts in (row_words, row_keys):
            counts.subtract(counts.keys())  # a row that is compared is not one of the others
        self._name_count = max(record_count, row_count)
        self._count_by_word, self._sharers_by_key = words | row_words, keys | row_keys
        self._weights.clear()

    def add_keys(self, keys: Iterable[str]) -> None:
        """Count keys of records that were counted without them."""
        self._sharers_by_key.update(keys)

    def weight(self, word: str) -> float:
        """Return the inverse document frequency of a word, scaled.

        It is from MIN_WEIGHT, for a word in every tenth name, to 1, for a very rare word.
        """
        weight = self._weights.get(word)
        if weight is None:
            weight = self._weights[word] = self._compute_weight(word)
        return weight

    def _compute_weight(self, word: str) -> float:
        share = self._blended_count(word) / (self._name_count + PRIOR_NAMES)
        return min(max(log(GENERIC_SHARE / share) / _LOG_SPAN, MIN_WEIGHT), 1.0)

    def is_known_word(self, word: str) -> bool:
        """Return whether several names have the word or it has a built-in share, so it is not just a misspelling."""
        return self._count_by_word.get(word, 0) > 1 or word in WORD_SHARES

    def may_be_misspelling(self, word: str, other: str) -> bool:
        """Return whether one of two similar words may be a misspelling of the other.

        The rarer word must be unknown, or as rare compared with the other as errors are.
        """
        rarer, commoner = sorted((word, other), key=self._blended_count)
        if rarer in WORD_SHARES:
            return False
        return not self.is_known_word(rarer) or self._blended_count(commoner) >= MISSPELLING_RATIO * self._blended_count(rarer)

    def _blended_count(self, word: str) -> float:
        # the first name with a word is that of the record itself
        return max(self._count_by_word.get(word, 0) - 1, 0) + PRIOR_NAMES * WORD_SHARES.get(word, UNLISTED_SHARE)

    def count_sharers(self, key: str) -> int:
        """Return how many records have the phone number or domain."""
        return self._sharers_by_key.get(key, 0)


def _count_tokens(
    records: Iterable[MatchFeatures], counted_keys: Container[str] | None = None
) -> tuple[int, Counter[str], Counter[str]]:
    """Return the number of records, and how many have each word, and each phone number or domain; None counts all of these."""
    count, words, keys = 0, list[str](), list[str]()
    for record in records:
        count += 1
        words += record.words
        keys += record.contacts if counted_keys is None else [key for key in record.contacts if key in counted_keys]
    return count, Counter(words), Counter(keys)


def count_allowed_typos(length: int) -> int:
    """Return how many letters of a word of this length may differ in a misspelling of it."""
    return 2 if length >= TWO_TYPOS_MIN_LENGTH else 1


class MisspellingIndex:
    """Words by first letter, which errors rarely affect, and by length, which an error changes by at most one.

    Words are never removed; a word that no record has any more leads to no rows.
    """

    def __init__(self) -> None:
        self._known = set[str]()
        self._words: dict[_Group, list[str]] = {}
        self._similar_words: dict[_Group, dict[str, tuple[str, ...]]] = {}  # a new word invalidates only three groups

    def add(self, words: Iterable[str]) -> None:
        """Add words; those that are in the index already change nothing."""
        for word in words:
            if word not in self._known:
                self._known.add(word)
                if _may_have_typo(word):
                    self._words.setdefault(_get_group(word), []).append(word)
                    for group in _list_similar_groups(_get_group(word)):
                        self._similar_words.pop(group, None)

    def search(self, words: Iterable[str]) -> None:
        """Search for words like these all at once, which is faster than to search for each when it is needed."""
        groups: dict[_Group, list[str]] = {}
        for word in set(words):
            if _may_have_typo(word):
                groups.setdefault(_get_group(word), []).append(word)
        for group, members in groups.items():
            for start in range(0, len(members), SEARCH_BATCH):
                self._search(group, members[start : start + SEARCH_BATCH])

    def find_similar(self, word: str) -> tuple[str, ...]:
        """Return other words that differ by one letter, or by two for long words, the most similar first.

        There are at most MAX_SIMILAR_WORDS; () for short words and numbers.
        """
        if not _may_have_typo(word):
            return ()
        group = _get_group(word)
        if word not in self._similar_words.get(group, ()):
            self._search(group, [word])
        return self._similar_words[group][word]

    def _search(self, group: _Group, words: Sequence[str]) -> None:
        """Search for words of one group. Their result does not depend on the order in which words were added."""
        choices = [choice for similar in _list_similar_groups(group) for choice in self._words.get(similar, ())]
        max_typos = count_allowed_typos(group[1])
        found = self._similar_words.setdefault(group, {})
        distances = process.cdist(words, choices, scorer=OSA.distance, score_cutoff=max_typos, dtype=np.uint8)
        for word, row in zip(words, distances, strict=True):
            near = sorted((row[at], choices[at]) for at in np.flatnonzero((row > 0) & (row <= max_typos)))
            found[word] = tuple(choice for _, choice in near[:MAX_SIMILAR_WORDS])


def _may_have_typo(word: str) -> bool:
    return len(word) >= TYPO_MIN_LENGTH and not is_number(word)


def _get_group(word: str) -> _Group:
    return word[0], len(word)


def _list_similar_groups(group: _Group) -> list[_Group]:
    letter, length = group
    return [(letter, length - 1), group, (letter, length + 1)]
