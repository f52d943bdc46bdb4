"""How alike two names are, word by word: rare words weigh much, generic ones little."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from directory.matching.pairing import TokenPair, pair_tokens
from directory.matching.rarity import TokenFrequency
from directory.matching.word_lists import FILLER_WORDS, PHRASES
from directory.matching.wording import NormalizedName, is_deriving_word, is_number
from directory.regions import REGIONS, RegionKind

MAX_PLACE_WEIGHT = 0.3  # at most, of a word for where one of the parties is: many have "Atlanta" in their names there
OWN_PLACE_WEIGHT = 0.1  # of "Atlanta" in one name alone, where the other party is in Atlanta
FILLER_WEIGHT = 0.05  # of a word such as "Program" in one name alone
MIN_GENERIC_WEIGHT = 0.2  # at least, of any other: an association is no institute
MIN_DERIVING_WEIGHT = 0.5  # at least, of one that makes another organization of a name

_AMBIGUOUS_STATE_WORDS = (
    "north south west new of island islands district the northern"  # words in states' names that say no state alone
)
_STATE_WORDS = frozenset(
    word
    for region in REGIONS.list_of_kind(RegionKind.STATE)
    if region.code.startswith("US-")
    for word in region.name.lower().split()
).difference(_AMBIGUOUS_STATE_WORDS.split()) | {PHRASES["new york"], PHRASES["district of columbia"]}


class NameSimilarity(Struct, frozen=True, gc=False):
    """`value` is 0 (nothing alike) to 1; `mass` the weight of what both have, one rare word being 1.

    `left` is the weight of the words that only one or only the other has, the lighter side first. `derives`: a word more
    makes one an offshoot of the other. `contradicts`: each has a number, or a state, that the other has not.
    """

    value: float
    shared_weight: float
    unmatched_weights: tuple[float, float] = (0.0, 0.0)
    is_derived: bool = False
    is_contradictory: bool = False


class _PlaceWords(Struct, frozen=True, gc=False):
    """Words for where the one party is, and the other."""

    one_words: Collection[str]
    other_words: Collection[str]


def name_similarity(
    one: NormalizedName,
    other: NormalizedName,
    frequency: TokenFrequency,
    one_place_words: Collection[str] = (),
    other_place_words: Collection[str] = (),
) -> NameSimilarity:
    """How alike the names of two parties are; `here` are words for where the one is, `there` for where the other is."""
    places = _PlaceWords(one_place_words, other_place_words)
    if one.words == other.words or "".join(one.words) == "".join(other.words):
        return NameSimilarity(1.0, _sum_weights(set(one.words), frequency, places))
    shared = set(one.words).intersection(other.words)
    left, right = ([word for word in dict.fromkeys(words) if word not in shared] for words in (one.words, other.words))
    pairs = pair_tokens(left, right, frequency) if left and right else []
    return _compare_remaining_words(_sum_weights(shared, frequency, places), pairs, left, right, frequency, places)


def _compare_remaining_words(
    mass: float, pairs: Sequence[TokenPair], left: list[str], right: list[str], frequency: TokenFrequency, places: _PlaceWords
) -> NameSimilarity:
    whole = mass
    for pair in pairs:
        weight = max(frequency.weight(word) for word in (*pair.left, *pair.right))
        mass, whole = mass + pair.similarity * weight, whole + weight
        left = [word for word in left if word not in pair.left]
        right = [word for word in right if word not in pair.right]
    mine = sum(_unmatched_weight(word, frequency, places.other_words) for word in left)
    its = sum(_unmatched_weight(word, frequency, places.one_words) for word in right)
    told = [word for word in left if word not in places.other_words], [word for word in right if word not in places.one_words]
    return NameSimilarity(
        mass / (whole + (mine + its) / 2) if mass else 0.0,
        mass,
        (min(mine, its), max(mine, its)),
        any(map(_is_distinguishing, (*told[0], *told[1]))),
        _has_contradiction(*told),
    )


def _sum_weights(words: Collection[str], frequency: TokenFrequency, places: _PlaceWords) -> float:
    return sum(
        min(frequency.weight(word), MAX_PLACE_WEIGHT)
        if word in places.one_words or word in places.other_words
        else frequency.weight(word)
        for word in words
    )


def _unmatched_weight(word: str, frequency: TokenFrequency, others_place: Collection[str]) -> float:
    if word in others_place:
        return OWN_PLACE_WEIGHT
    if _is_distinguishing(word):
        return max(frequency.weight(word), MIN_DERIVING_WEIGHT)
    return FILLER_WEIGHT if word in FILLER_WORDS else max(frequency.weight(word), MIN_GENERIC_WEIGHT)


def _is_distinguishing(word: str) -> bool:
    return is_deriving_word(word) or word in _STATE_WORDS


def _has_contradiction(left: Sequence[str], right: Sequence[str]) -> bool:
    return any(any(map(says, left)) and any(map(says, right)) for says in (is_number, _STATE_WORDS.__contains__))
