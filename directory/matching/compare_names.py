"""How alike two names are, word by word: rare words weigh much, generic ones little."""

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.match_record import MatchFeatures
from directory.matching.normalized_name import NormalizedName, is_deriving_word, is_number
from directory.matching.token_frequency import TokenFrequency
from directory.matching.token_pairs import TokenPair, pair_tokens
from directory.matching.weights import (
    ACRONYM_BY_LENGTH,
    CONTRADICTORY_NAME,
    CROSSED_WORD,
    DERIVED_NAME,
    DISSIMILAR_NAME,
    LONG_ACRONYM,
    MAX_CROSSED_WEIGHT,
    MAX_CROSSED_WORDS,
    MAX_EXTRA_WEIGHT,
    MAX_RARE_WORDS,
    NAME_BASE,
    NAME_PER_RARE_WORD,
    NEUTRAL_SIMILARITY,
    SAME_ACRONYM_ONLY,
    SIMILAR_FROM,
)
from directory.matching.word_lists import FILLER_WORDS, PHRASES
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

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


class NameComparison(Struct, frozen=True, gc=False):
    """`alike`: the names may be those of one organization; without it nothing else makes two parties the same."""

    evidence: Evidence
    may_be_same: bool


def compare_names(one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency) -> NameComparison:
    """The pair of names that speaks most for one organization. Names that neither goes by now are not enough: two may come from
    one, or have one sponsor before their own names."""
    both_written_out = _is_written_out(one) and _is_written_out(other)
    best = _NO_NAMES
    for mine in one.names:
        for its in other.names:
            found = _compare_pair_of_names(mine, its, one, other, frequency, both_written_out)
            if mine is not one.names[0] and its is not other.names[0]:
                found = NameComparison(found.evidence, False)
            best = max(best, found, key=_rank_comparison)
    return best


def _rank_comparison(found: NameComparison) -> tuple[float, bool]:
    return found.evidence.points, found.may_be_same


_NO_NAMES = NameComparison(Evidence(EvidenceKind.NAME, "a name has no letters", CONTRADICTORY_NAME), False)


def _is_written_out(features: MatchFeatures) -> bool:
    return any(len(name.words) > 1 for name in features.names)


def _compare_pair_of_names(
    mine: NormalizedName,
    its: NormalizedName,
    one: MatchFeatures,
    other: MatchFeatures,
    frequency: TokenFrequency,
    both_written_out: bool,
) -> NameComparison:
    for short, long in ((mine, its), (its, mine)):
        if short.is_acronym and short.words[0] == long.initials:
            return _compare_acronym(short, long)
    alike = name_similarity(mine, its, frequency, one.place_words, other.place_words)
    if both_written_out and mine.is_acronym and mine.words == its.words:
        return NameComparison(_build_evidence(f'the acronym is the same: "{mine.text}"', SAME_ACRONYM_ONLY), False)
    return NameComparison(
        _build_evidence(_format_similarity(alike, mine, its), _score_similarity(alike)), _may_be_same_name(alike)
    )


def _compare_acronym(short: NormalizedName, long: NormalizedName) -> NameComparison:
    points = ACRONYM_BY_LENGTH.get(len(short.words[0]), LONG_ACRONYM)
    return NameComparison(_build_evidence(f'"{short.text}" is made of the initials of "{long.text}"', points), True)


def _score_similarity(similarity: NameSimilarity) -> float:
    if similarity.is_contradictory:
        return CONTRADICTORY_NAME
    if similarity.value < NEUTRAL_SIMILARITY:
        return DISSIMILAR_NAME * (NEUTRAL_SIMILARITY - similarity.value) / NEUTRAL_SIMILARITY
    crossed = CROSSED_WORD * min(similarity.unmatched_weights[0], MAX_CROSSED_WORDS)
    if similarity.is_derived:
        return DERIVED_NAME + crossed
    whole = NAME_BASE + NAME_PER_RARE_WORD * min(similarity.shared_weight, MAX_RARE_WORDS)
    return whole * (similarity.value - NEUTRAL_SIMILARITY) / (1 - NEUTRAL_SIMILARITY) + crossed


def _may_be_same_name(similarity: NameSimilarity) -> bool:
    if similarity.is_derived or similarity.is_contradictory:
        return False
    return (
        similarity.value >= SIMILAR_FROM
        and similarity.unmatched_weights[0] <= MAX_CROSSED_WEIGHT
        and similarity.unmatched_weights[1] <= MAX_EXTRA_WEIGHT
    )


def _format_similarity(similarity: NameSimilarity, mine: NormalizedName, its: NormalizedName) -> str:
    return f'{"".join(_describe_similarity(similarity))} {similarity.value:.2f}: "{mine.text}" / "{its.text}"'


def _describe_similarity(similarity: NameSimilarity) -> Iterator[str]:
    if similarity.is_contradictory:
        yield "names with another number or state, otherwise alike"
    elif similarity.is_derived:
        yield "one name says more than the other (a chapter, fund or the like), alike"
    else:
        yield "names alike" if similarity.value >= NEUTRAL_SIMILARITY else "names hardly alike"


def _build_evidence(detail: str, points: float) -> Evidence:
    return Evidence(EvidenceKind.NAME, detail, round(points, 1))
