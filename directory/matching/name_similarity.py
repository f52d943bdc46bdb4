"""How similar two names are, word by word: rare words have a high weight, generic words a low one.

Words are paired if they are spellings of one word: misspelled, truncated, joined or shortened to initials.
"""

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from rapidfuzz.distance import OSA

from directory.matching.normalized_name import (
    NormalizedName,
    is_deriving_word,
    is_number,
    join_initials,
    looks_like_acronym,
    normalize_name,
)
from directory.matching.token_frequency import TWO_TYPOS_MIN_LENGTH, TYPO_MIN_LENGTH, TokenFrequency, count_allowed_typos
from directory.matching.weights import MAX_CROSSED_WEIGHT
from directory.matching.word_lists import FILLER_WORDS, PHRASES
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_PLACE_WEIGHT = 0.3  # the maximum for a word of the place of either record: many names in Atlanta contain "Atlanta"
OWN_PLACE_WEIGHT = 0.1  # for "Atlanta" in only one name, if the other record is in Atlanta
FILLER_WEIGHT = 0.05  # for a word such as "Program" in only one name
MIN_GENERIC_WEIGHT = 0.2  # the minimum for any other word: an association is not an institute
MIN_CONTAINED_WEIGHT = 0.6  # in rare words, of a name within another: "Community Center" is within many
MIN_DERIVING_WEIGHT = 0.5  # the minimum for a word that turns a name into that of another organization
NAME_TYPO_MIN_LENGTH = 6  # letters of a whole name; "Casa" and "Cass" are different names
MAX_LENGTH_DIFFERENCE = 4  # characters of two names that may differ by one letter, and in spaces and punctuation
TYPO_SIMILARITY = 0.9  # of words that differ by one wrong, missing or extra letter, or two swapped ones
TWO_TYPOS_SIMILARITY = 0.8
TRUNCATION_MIN_LENGTH = 4  # letters of the truncated word: "Assoc", "Commun"
TRUNCATION_SIMILARITY = 0.8
JOINED_SIMILARITY = 0.95  # "Harbor Light" and "Harborlight"
INITIALS_SIMILARITY = 0.9  # "ACLU" for four words of the other name
MIN_SIMILARITY = min(TWO_TYPOS_SIMILARITY, TRUNCATION_SIMILARITY)

# Words in the names of states that do not identify a state on their own.
_AMBIGUOUS_STATE_WORDS = "north south west new of island islands district the northern"
_STATE_WORDS = frozenset(
    word
    for region in REGIONS.list_of_kind(RegionKind.STATE)
    if region.code.startswith("US-")
    for word in region.name.lower().split()
).difference(_AMBIGUOUS_STATE_WORDS.split()) | {PHRASES["new york"], PHRASES["district of columbia"]}


class NameSimilarity(Struct, frozen=True, gc=False):
    """How similar two names are.

    `value` is from 0 (nothing in common) to 1. `shared_weight` is the weight of the words that both have, in rare words.
    `unmatched_weights` are the weights of the words that only one of the names has, the lower one first. `is_derived`: an extra
    word makes one the name of a chapter, fund or similar. `is_contradictory`: each name has a number, or a state, that the other
    lacks. `is_contained`: one name has all words of the other, and the words that both have identify more than a generic name.
    """

    value: float
    shared_weight: float
    unmatched_weights: tuple[float, float] = (0.0, 0.0)
    is_derived: bool = False
    is_contradictory: bool = False
    is_contained: bool = False


class TokenPair(Struct, frozen=True, gc=False):
    """Words of one name that correspond to words of the other. `similarity` is from MIN_SIMILARITY to 1."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    similarity: float


class _PlaceWords(Struct, frozen=True, gc=False):
    """Words for the places of the two records."""

    one_words: Collection[str]
    other_words: Collection[str]


def name_similarity(
    one: NormalizedName,
    other: NormalizedName,
    frequency: TokenFrequency,
    one_place_words: Collection[str] = (),
    other_place_words: Collection[str] = (),
) -> NameSimilarity:
    """Return how similar two names are. The place words are those of the records that have the names."""
    places = _PlaceWords(one_place_words, other_place_words)
    if one.words == other.words or "".join(one.words) == "".join(other.words):
        return NameSimilarity(1.0, _sum_weights(set(one.words), frequency, places))
    shared = set(one.words).intersection(other.words)
    left, right = ([word for word in dict.fromkeys(words) if word not in shared] for words in (one.words, other.words))
    pairs = pair_tokens(left, right, frequency) if left and right else []
    return _compare_remaining_words(_sum_weights(shared, frequency, places), pairs, left, right, frequency, places)


def _compare_remaining_words(
    shared_weight: float,
    pairs: Sequence[TokenPair],
    left: list[str],
    right: list[str],
    frequency: TokenFrequency,
    places: _PlaceWords,
) -> NameSimilarity:
    total_weight = shared_weight
    for pair in pairs:
        weight = max(frequency.weight(word) for word in (*pair.left, *pair.right))
        shared_weight, total_weight = shared_weight + pair.similarity * weight, total_weight + weight
        left = [word for word in left if word not in pair.left]
        right = [word for word in right if word not in pair.right]
    left_weight = sum(_unmatched_weight(word, frequency, places.other_words) for word in left)
    right_weight = sum(_unmatched_weight(word, frequency, places.one_words) for word in right)
    left = [word for word in left if word not in places.other_words]
    right = [word for word in right if word not in places.one_words]
    fewer, more = min(left_weight, right_weight), max(left_weight, right_weight)
    return NameSimilarity(
        shared_weight / (total_weight + (left_weight + right_weight) / 2) if shared_weight else 0.0,
        shared_weight,
        (fewer, more),
        any(map(_is_distinguishing, (*left, *right))),
        _has_contradiction(left, right),
        fewer <= MAX_CROSSED_WEIGHT < more and shared_weight >= MIN_CONTAINED_WEIGHT,
    )


def _sum_weights(words: Collection[str], frequency: TokenFrequency, places: _PlaceWords) -> float:
    return sum(
        min(frequency.weight(word), MAX_PLACE_WEIGHT)
        if word in places.one_words or word in places.other_words
        else frequency.weight(word)
        for word in words
    )


def _unmatched_weight(word: str, frequency: TokenFrequency, other_place_words: Collection[str]) -> float:
    if word in other_place_words:
        return OWN_PLACE_WEIGHT
    if _is_distinguishing(word):
        return max(frequency.weight(word), MIN_DERIVING_WEIGHT)
    return FILLER_WEIGHT if word in FILLER_WORDS else max(frequency.weight(word), MIN_GENERIC_WEIGHT)


def _is_distinguishing(word: str) -> bool:
    return is_deriving_word(word) or word in _STATE_WORDS


def _has_contradiction(left: Sequence[str], right: Sequence[str]) -> bool:
    return any(any(map(test, left)) and any(map(test, right)) for test in (is_number, _STATE_WORDS.__contains__))


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
        max_typos = count_allowed_typos(shorter)
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


def _swap_sides(pair: TokenPair) -> TokenPair:
    return TokenPair(pair.right, pair.left, pair.similarity)
