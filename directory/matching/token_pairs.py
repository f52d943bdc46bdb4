"""Which words of two names are one word written in two ways: misspelled, cut off, joined or shortened to initials."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.matching.normalized_name import is_number, join_initials, looks_like_acronym
from directory.matching.token_frequency import TokenFrequency

TYPO_MIN_LENGTH = 5  # letters; a shorter word with one letter changed is another word: "Lisa", "Lima"
TWO_TYPOS_MIN_LENGTH = 8
TYPO_SIMILARITY = 0.9  # likeness of a word with a letter changed, left out, added, or two swapped
TWO_TYPOS_SIMILARITY = 0.8
TRUNCATION_MIN_LENGTH = 4  # letters that are left of a word: "Assoc", "Commun"
TRUNCATION_SIMILARITY = 0.8
JOINED_SIMILARITY = 0.95  # "Harbor Light" and "Harborlight"
INITIALS_SIMILARITY = 0.9  # "ACLU" for four words of the other name
MIN_SIMILARITY = min(TWO_TYPOS_SIMILARITY, TRUNCATION_SIMILARITY)


class TokenPair(Struct, frozen=True, gc=False):
    """Words of the one name that stand for words of the other; `alike` is LEAST to 1."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    similarity: float


def pair_tokens(left: Sequence[str], right: Sequence[str], frequency: TokenFrequency) -> list[TokenPair]:
    """The pairs among words that are not the same, likest first, no word in two of them."""
    found = [
        *_pair_spellings(left, right, frequency),
        *_pair_joined_words(left, right),
        *(_swap_sides(pair) for pair in _pair_joined_words(right, left)),
    ]
    found.sort(key=lambda pair: -pair.similarity)
    taken: list[TokenPair] = []
    for pair in found:
        if not any(set(pair.left) & set(kept.left) or set(pair.right) & set(kept.right) for kept in taken):
            taken.append(pair)
    return taken


def _pair_spellings(left: Sequence[str], right: Sequence[str], frequency: TokenFrequency) -> Iterator[TokenPair]:
    for one in left:
        for other in right:
            alike = spelling_similarity(one, other)
            if alike and frequency.may_be_misspelling(one, other):
                yield TokenPair((one,), (other,), alike)


def spelling_similarity(one: str, other: str) -> float:
    """How likely two different words are one, misspelled or cut off: 0, or LEAST to 1.

    Numbers are never alike, nor are words with another first letter: errors hardly ever touch that (Pollock and Zamora
    1984), and "Oakland" is not "Rockland".
    """
    shorter = len(one) if len(one) < len(other) else len(other)
    if shorter < TRUNCATION_MIN_LENGTH or one[0] != other[0] or is_number(one) or is_number(other):
        return 0.0
    if shorter >= TYPO_MIN_LENGTH:
        most = 2 if shorter >= TWO_TYPOS_MIN_LENGTH else 1
        distance = OSA.distance(one, other, score_cutoff=most)
        if distance <= most:
            return TYPO_SIMILARITY if distance == 1 else TWO_TYPOS_SIMILARITY
    return TRUNCATION_SIMILARITY if one.startswith(other) or other.startswith(one) else 0.0


def _pair_joined_words(left: Sequence[str], right: Sequence[str]) -> Iterator[TokenPair]:
    """One word of `left` for several of `right` that follow each other."""
    for position in range(len(right) - 1):
        joined = right[position] + right[position + 1]
        for word in left:  # in the singular only its end is: "castellanosgoldfinch", "castellano goldfinch"
            if word == joined or (len(joined) >= TWO_TYPOS_MIN_LENGTH and spelling_similarity(word, joined) == TYPO_SIMILARITY):
                yield TokenPair((word,), (right[position], right[position + 1]), JOINED_SIMILARITY)
    letters = join_initials(right)
    for word in left:
        if looks_like_acronym(word) and word in letters:
            begin = letters.index(word)
            yield TokenPair((word,), tuple(right[begin : begin + len(word)]), INITIALS_SIMILARITY)


def _swap_sides(pair: TokenPair) -> TokenPair:
    return TokenPair(pair.right, pair.left, pair.similarity)


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
