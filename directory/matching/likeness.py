"""How alike two names are, word by word: rare words weigh much, generic ones little."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from directory.matching.pairing import Pair, paired
from directory.matching.rarity import Rarity
from directory.matching.word_lists import FILLERS, PHRASES
from directory.matching.wording import Wording, derives, is_number
from directory.regions import REGIONS, RegionKind

PLACE_WEIGHT = 0.3  # at most, of a word for where one of the parties is: many have "Atlanta" in their names there
OWN_PLACE_WEIGHT = 0.1  # of "Atlanta" in one name alone, where the other party is in Atlanta
FILLER_WEIGHT = 0.05  # of a word such as "Program" in one name alone
GENERIC_WEIGHT = 0.2  # at least, of any other: an association is no institute
DERIVING_WEIGHT = 0.5  # at least, of one that makes another organization of a name

_AMBIGUOUS = "north south west new of island islands district the northern"  # words in states' names that say no state alone
_STATE_WORDS = frozenset(
    word for region in REGIONS.of_kind(RegionKind.STATE) if region.code.startswith("US-") for word in region.name.lower().split()
).difference(_AMBIGUOUS.split()) | {PHRASES["new york"], PHRASES["district of columbia"]}


class Likeness(Struct, frozen=True, gc=False):
    """`value` is 0 (nothing alike) to 1; `mass` the weight of what both have, one rare word being 1.

    `left` is the weight of the words that only one or only the other has, the lighter side first. `derives`: a word more
    makes one an offshoot of the other. `contradicts`: each has a number, or a state, that the other has not.
    """

    value: float
    mass: float
    left: tuple[float, float] = (0.0, 0.0)
    derives: bool = False
    contradicts: bool = False


class _Places(Struct, frozen=True, gc=False):
    """Words for where the one party is, and the other."""

    here: Collection[str]
    there: Collection[str]


def likeness(one: Wording, other: Wording, rarity: Rarity, here: Collection[str] = (), there: Collection[str] = ()) -> Likeness:
    """How alike the names of two parties are; `here` are words for where the one is, `there` for where the other is."""
    places = _Places(here, there)
    if one.words == other.words or "".join(one.words) == "".join(other.words):
        return Likeness(1.0, _mass(set(one.words), rarity, places))
    shared = set(one.words).intersection(other.words)
    left, right = ([word for word in dict.fromkeys(words) if word not in shared] for words in (one.words, other.words))
    pairs = paired(left, right, rarity) if left and right else []
    return _likeness(_mass(shared, rarity, places), pairs, left, right, rarity, places)


def _likeness(mass: float, pairs: Sequence[Pair], left: list[str], right: list[str], rarity: Rarity, places: _Places) -> Likeness:
    whole = mass
    for pair in pairs:
        weight = max(rarity.weight(word) for word in (*pair.left, *pair.right))
        mass, whole = mass + pair.alike * weight, whole + weight
        left = [word for word in left if word not in pair.left]
        right = [word for word in right if word not in pair.right]
    mine = sum(_weight_alone(word, rarity, places.there) for word in left)
    its = sum(_weight_alone(word, rarity, places.here) for word in right)
    told = [word for word in left if word not in places.there], [word for word in right if word not in places.here]
    return Likeness(
        mass / (whole + (mine + its) / 2) if mass else 0.0,
        mass,
        (min(mine, its), max(mine, its)),
        any(map(_sets_apart, (*told[0], *told[1]))),
        _contradict(*told),
    )


def _mass(words: Collection[str], rarity: Rarity, places: _Places) -> float:
    return sum(
        min(rarity.weight(word), PLACE_WEIGHT) if word in places.here or word in places.there else rarity.weight(word)
        for word in words
    )


def _weight_alone(word: str, rarity: Rarity, others_place: Collection[str]) -> float:
    if word in others_place:
        return OWN_PLACE_WEIGHT
    if _sets_apart(word):
        return max(rarity.weight(word), DERIVING_WEIGHT)
    return FILLER_WEIGHT if word in FILLERS else max(rarity.weight(word), GENERIC_WEIGHT)


def _sets_apart(word: str) -> bool:
    return derives(word) or word in _STATE_WORDS


def _contradict(left: Sequence[str], right: Sequence[str]) -> bool:
    return any(any(map(says, left)) and any(map(says, right)) for says in (is_number, _STATE_WORDS.__contains__))
