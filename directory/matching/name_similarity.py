"""How similar two names are, word by word: rare words have a high weight, generic words a low one."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from directory.matching.normalized_name import NormalizedName, is_deriving_word, is_number
from directory.matching.token_frequency import TokenFrequency
from directory.matching.token_pairs import TokenPair, pair_tokens
from directory.matching.weights import MAX_CROSSED_WEIGHT
from directory.matching.word_lists import FILLER_WORDS, PHRASES
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_PLACE_WEIGHT = 0.3  # the maximum for a word of the place of either record: many names in Atlanta contain "Atlanta"
OWN_PLACE_WEIGHT = 0.1  # for "Atlanta" in only one name, if the other record is in Atlanta
FILLER_WEIGHT = 0.05  # for a word such as "Program" in only one name
MIN_GENERIC_WEIGHT = 0.2  # the minimum for any other word: an association is not an institute
MIN_CONTAINED_WEIGHT = 0.6  # in rare words, of a name within another: "Community Center" is within many
MIN_DERIVING_WEIGHT = 0.5  # the minimum for a word that turns a name into that of another organization

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
