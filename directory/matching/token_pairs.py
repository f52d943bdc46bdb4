"""Token pairs: words of two names that are spellings of one word: misspelled, truncated, joined or shortened to initials."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.matching.normalized_name import NormalizedName, is_number, join_initials, looks_like_acronym, normalize_name
from directory.matching.token_frequency import TokenFrequency
from directory.text import fold

TYPO_MIN_LENGTH = 5  # letters; shorter words that differ in a letter are different words: "Lisa", "Lima"
TWO_TYPOS_MIN_LENGTH = 8
NAME_TYPO_MIN_LENGTH = 6  # letters of a whole name; "Casa" and "Cass" are different names
MAX_LENGTH_DIFFERENCE = 4  # characters of two names that may differ by one letter, and in spaces and punctuation
TYPO_SIMILARITY = 0.9  # of words that differ by one wrong, missing or extra letter, or two swapped ones
TWO_TYPOS_SIMILARITY = 0.8
TRUNCATION_MIN_LENGTH = 4  # letters of the truncated word: "Assoc", "Commun"
TRUNCATION_SIMILARITY = 0.8
JOINED_SIMILARITY = 0.95  # "Harbor Light" and "Harborlight"
INITIALS_SIMILARITY = 0.9  # "ACLU" for four words of the other name
MAX_SIMILAR_WORDS = 12  # that are returned for one misspelled word
SEARCH_BATCH = 256  # words that are compared at once with all others like them: some MB of distances
MIN_SIMILARITY = min(TWO_TYPOS_SIMILARITY, TRUNCATION_SIMILARITY)

_Group: TypeAlias = tuple[str, int]  # the first letter and the length of words


class TokenPair(Struct, frozen=True, gc=False):
    """Words of one name that correspond to words of the other. `similarity` is from MIN_SIMILARITY to 1."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    similarity: float


def pair_tokens(left: Sequence[str], right: Sequence[str], frequency: TokenFrequency) -> list[TokenPair]:
    """Pair the words of two names that are not equal, most similar first. No word is in two pairs."""
    candidates = [
        *_pair_spellings(left, right, frequency),
        *_pair_joined_words(left, right),
        *(_swap_sides(pair) for pair in _pair_joined_words(right, left)),
    ]
    candidates.sort(key=lambda pair: -pair.similarity)
    pairs: list[TokenPair] = []
    for candidate in candidates:
        if not any(set(candidate.left) & set(pair.left) or set(candidate.right) & set(pair.right) for pair in pairs):
            pairs.append(candidate)
    return pairs


def _pair_spellings(left: Sequence[str], right: Sequence[str], frequency: TokenFrequency) -> Iterator[TokenPair]:
    for one in left:
        for other in right:
            similarity = spelling_similarity(one, other)
            if similarity and frequency.may_be_misspelling(one, other):
                yield TokenPair((one,), (other,), similarity)


def spelling_similarity(one: str, other: str) -> float:
    """Return how likely two different words are one word, misspelled or truncated: 0, or MIN_SIMILARITY to 1.

    Numbers never match, nor do words with different first letters: errors rarely affect the first letter (Pollock and Zamora
    1984), and "Oakland" is not "Rockland".
    """
    shorter = len(one) if len(one) < len(other) else len(other)
    if shorter < TRUNCATION_MIN_LENGTH or one[0] != other[0] or is_number(one) or is_number(other):
        return 0.0
    if shorter >= TYPO_MIN_LENGTH:
        max_typos = _count_allowed_typos(shorter)
        distance = OSA.distance(one, other, score_cutoff=max_typos)
        if distance <= max_typos:
            return TYPO_SIMILARITY if distance == 1 else TWO_TYPOS_SIMILARITY
    return TRUNCATION_SIMILARITY if one.startswith(other) or other.startswith(one) else 0.0


def is_misspelling(name: str, other: str) -> bool:
    """Return whether two different names are one name with a typing error: one wrong, missing or extra letter, or two swapped.

    Where the words are divided makes no difference. Numbers are never misspelled: "Local 3" is not "Local 8".
    """
    left, right = normalize_name(name), normalize_name(other)
    return left is not None and right is not None and has_one_typo(left, right)


def has_one_typo(left: NormalizedName, right: NormalizedName) -> bool:
    """Return whether two names differ by one typing error as is_misspelling says, as they are written or normalized."""
    if [word for word in left.words if is_number(word)] != [word for word in right.words if is_number(word)]:
        return False
    if _differ_by_one_letter("".join(left.words), "".join(right.words)):
        return True
    # an abbreviation or a plural with a typing error is not recognized: "Naciunal", "Servicess"
    is_as_long = abs(len(left.text) - len(right.text)) <= MAX_LENGTH_DIFFERENCE
    return is_as_long and _differ_by_one_letter(fold(left.text).replace(" ", ""), fold(right.text).replace(" ", ""))


def _differ_by_one_letter(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < NAME_TYPO_MIN_LENGTH:
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1


def _pair_joined_words(left: Sequence[str], right: Sequence[str]) -> Iterator[TokenPair]:
    """Yield pairs of one word of `left` and several consecutive words of `right`."""
    for position in range(len(right) - 1):
        joined = right[position] + right[position + 1]
        # Only the last part of a joined word is in the singular, so "castellanosgoldfinch" differs from "castellano goldfinch".
        for word in left:
            if word == joined or (len(joined) >= TWO_TYPOS_MIN_LENGTH and spelling_similarity(word, joined) == TYPO_SIMILARITY):
                yield TokenPair((word,), (right[position], right[position + 1]), JOINED_SIMILARITY)
    letters = join_initials(right)
    for word in left:
        if looks_like_acronym(word) and word in letters:
            start = letters.index(word)
            yield TokenPair((word,), tuple(right[start : start + len(word)]), INITIALS_SIMILARITY)


def _count_allowed_typos(length: int) -> int:
    return 2 if length >= TWO_TYPOS_MIN_LENGTH else 1


def _swap_sides(pair: TokenPair) -> TokenPair:
    return TokenPair(pair.right, pair.left, pair.similarity)


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
        max_typos = _count_allowed_typos(group[1])
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
