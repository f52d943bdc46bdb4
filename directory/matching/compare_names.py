"""Compare the names of two records word by word: rare words have a high weight, generic words a low one."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.match_record import MatchFeatures
from directory.matching.normalized_name import NormalizedName, is_deriving_word, is_number
from directory.matching.token_frequency import TokenFrequency
from directory.matching.token_pairs import TokenPair, has_one_typo, pair_tokens
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
    TYPO_SHARE,
)
from directory.matching.word_lists import FILLER_WORDS, PHRASES
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_PLACE_WEIGHT = 0.3  # the maximum for a word of the place of either record: many names in Atlanta contain "Atlanta"
OWN_PLACE_WEIGHT = 0.1  # for "Atlanta" in only one name, if the other record is in Atlanta
FILLER_WEIGHT = 0.05  # for a word such as "Program" in only one name
MIN_GENERIC_WEIGHT = 0.2  # the minimum for any other word: an association is not an institute
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
    lacks.
    """

    value: float
    shared_weight: float
    unmatched_weights: tuple[float, float] = (0.0, 0.0)
    is_derived: bool = False
    is_contradictory: bool = False


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
    return NameSimilarity(
        shared_weight / (total_weight + (left_weight + right_weight) / 2) if shared_weight else 0.0,
        shared_weight,
        (min(left_weight, right_weight), max(left_weight, right_weight)),
        any(map(_is_distinguishing, (*left, *right))),
        _has_contradiction(left, right),
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


class NameComparison(Struct, frozen=True, gc=False):
    """`may_be_same`: one organization may have both names. Otherwise the verdict is never SAME, whatever else agrees."""

    evidence: Evidence
    may_be_same: bool


def compare_names(one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency) -> NameComparison:
    """Return the comparison of the pair of names with the most points.

    Two former or alternative names are not enough for SAME: two organizations may have split from one, or share a sponsor.
    """
    both_written_out = _is_written_out(one) and _is_written_out(other)
    best = _NO_NAMES
    for left in one.names:
        for right in other.names:
            comparison = _compare_pair_of_names(left, right, one, other, frequency, both_written_out)
            if left is not one.names[0] and right is not other.names[0]:
                comparison = NameComparison(comparison.evidence, False)
            best = max(best, comparison, key=_rank_comparison)
    return best


def _rank_comparison(comparison: NameComparison) -> tuple[float, bool]:
    return comparison.evidence.points, comparison.may_be_same


_NO_NAMES = NameComparison(Evidence(EvidenceKind.NAME, "a name has no letters", CONTRADICTORY_NAME), False)


def _is_written_out(features: MatchFeatures) -> bool:
    return any(len(name.words) > 1 for name in features.names)


def _compare_pair_of_names(
    left: NormalizedName,
    right: NormalizedName,
    one: MatchFeatures,
    other: MatchFeatures,
    frequency: TokenFrequency,
    both_written_out: bool,
) -> NameComparison:
    for short, long in ((left, right), (right, left)):
        if short.is_acronym and short.words[0] == long.initials:
            return _compare_acronym(short, long)
    if both_written_out and left.is_acronym and left.words == right.words:
        return NameComparison(_build_evidence(f'same acronym: "{left.text}"', SAME_ACRONYM_ONLY), False)
    similarity = name_similarity(left, right, frequency, one.place_words, other.place_words)
    if not _may_be_same_name(similarity) and has_one_typo(left, right):
        return _compare_misspelled_names(left, right, frequency)
    evidence = _build_evidence(_format_similarity(similarity, left, right), _score_similarity(similarity))
    return NameComparison(evidence, _may_be_same_name(similarity))


def _compare_misspelled_names(left: NormalizedName, right: NormalizedName, frequency: TokenFrequency) -> NameComparison:
    """Compare names that differ by one letter in a word that may also be another word: a person has to decide."""
    shared_weight = sum(frequency.weight(word) for word in set(left.words).intersection(right.words))
    most = NAME_BASE + NAME_PER_RARE_WORD * min(shared_weight, MAX_RARE_WORDS)
    evidence = _build_evidence(f'names that differ by one letter: "{left.text}" / "{right.text}"', TYPO_SHARE * most)
    return NameComparison(evidence, False)


def _compare_acronym(short: NormalizedName, long: NormalizedName) -> NameComparison:
    points = ACRONYM_BY_LENGTH.get(len(short.words[0]), LONG_ACRONYM)
    return NameComparison(_build_evidence(f'"{short.text}" has the initials of "{long.text}"', points), True)


def _score_similarity(similarity: NameSimilarity) -> float:
    if similarity.is_contradictory:
        return CONTRADICTORY_NAME
    if similarity.value < NEUTRAL_SIMILARITY:
        return DISSIMILAR_NAME * (NEUTRAL_SIMILARITY - similarity.value) / NEUTRAL_SIMILARITY
    crossed = CROSSED_WORD * min(similarity.unmatched_weights[0], MAX_CROSSED_WORDS)
    if similarity.is_derived:
        return DERIVED_NAME + crossed
    most = NAME_BASE + NAME_PER_RARE_WORD * min(similarity.shared_weight, MAX_RARE_WORDS)
    return most * (similarity.value - NEUTRAL_SIMILARITY) / (1 - NEUTRAL_SIMILARITY) + crossed


def _may_be_same_name(similarity: NameSimilarity) -> bool:
    if similarity.is_derived or similarity.is_contradictory:
        return False
    return (
        similarity.value >= SIMILAR_FROM
        and similarity.unmatched_weights[0] <= MAX_CROSSED_WEIGHT
        and similarity.unmatched_weights[1] <= MAX_EXTRA_WEIGHT
    )


def _format_similarity(similarity: NameSimilarity, left: NormalizedName, right: NormalizedName) -> str:
    return f'{_describe_similarity(similarity)} (similarity {similarity.value:.2f}): "{left.text}" / "{right.text}"'


def _describe_similarity(similarity: NameSimilarity) -> str:
    if similarity.is_contradictory:
        return "names with different numbers or states"
    if similarity.is_derived:
        return "one name has an extra word, such as chapter or fund"
    return "similar names" if similarity.value >= NEUTRAL_SIMILARITY else "different names"


def _build_evidence(detail: str, points: float) -> Evidence:
    return Evidence(EvidenceKind.NAME, detail, round(points, 1))
