"""Compare the names of two records: the points of the pair of names that agrees best."""

from msgspec import Struct
from msgspec.structs import replace

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.match_record import MatchFeatures
from directory.matching.name_similarity import NameSimilarity, has_one_typo, name_similarity
from directory.matching.normalized_name import NormalizedName, is_cut_off, is_part_of
from directory.matching.token_frequency import TokenFrequency
from directory.matching.weights import (
    ACRONYM_BY_LENGTH,
    CONTAINED_NAME,
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
    PART_SHARE,
    SAME_ACRONYM_ONLY,
    SIMILAR_FROM,
    TYPO_SHARE,
)


class NameComparison(Struct, frozen=True, gc=False):
    """`may_be_same`: one organization may have both names. Otherwise the verdict is never SAME, whatever else agrees.

    `is_unlike`: the names have too little in common to be two forms of one name. `confirms_number`: with an equal registered
    number, they are names of one organization, because they are similar, differ by a slip, or one has only further words.
    """

    evidence: Evidence
    may_be_same: bool
    is_unlike: bool = False
    confirms_number: bool = False


def compare_names(one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency) -> NameComparison:
    """Return the comparison of the pair of names with the most points.

    Two former or alternative names are not enough for SAME: two organizations may have split from one, or share a sponsor.
    """
    comparisons = list[NameComparison]()
    for left in one.names:
        for right in other.names:
            comparison = _compare_pair_of_names(left, right, one, other, frequency)
            if left is not one.names[0] and right is not other.names[0]:
                comparison = replace(comparison, may_be_same=False, confirms_number=False)
            comparisons.append(comparison)
    return max(comparisons, key=_rank_comparison, default=_NO_NAMES)


def _rank_comparison(comparison: NameComparison) -> tuple[float, bool]:
    return comparison.evidence.points, comparison.may_be_same


# A question to the reconciliation service may state a number only.
_NO_NAMES = NameComparison(Evidence(EvidenceKind.NAME, "a name has no letters", CONTRADICTORY_NAME), False, confirms_number=True)


def _compare_pair_of_names(
    left: NormalizedName, right: NormalizedName, one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency
) -> NameComparison:
    for short, long, owner, owner_of_long in ((left, right, one, other), (right, left, other, one)):
        if short.is_acronym and short.words[0] == long.initials:
            return _compare_acronym(short, long, owner, owner_of_long)
    if left.is_acronym and left.words == right.words and _is_written_out(one) and _is_written_out(other):
        return NameComparison(_build_evidence(f'same acronym: "{left.text}"', SAME_ACRONYM_ONLY), False)
    similarity = name_similarity(left, right, frequency, one.place_words, other.place_words)
    if not _may_be_same_name(similarity):
        if has_one_typo(left, right):
            return _compare_misspelled_names("names that differ by one letter", left, right, frequency)
        if is_cut_off(left, right):
            return _compare_misspelled_names("one name is cut off", left, right, frequency)
    return _judge_similarity(similarity, left, right)


def _is_written_out(features: MatchFeatures) -> bool:
    return any(len(name.words) > 1 for name in features.names)


def _compare_misspelled_names(
    detail: str, left: NormalizedName, right: NormalizedName, frequency: TokenFrequency
) -> NameComparison:
    """Compare names of which one may be a slip for the other, or the name of another organization: a person has to decide."""
    shared_weight = sum(frequency.weight(word) for word in set(left.words).intersection(right.words))
    points = TYPO_SHARE * _score_equal_name(shared_weight)
    return NameComparison(_build_evidence(f'{detail}: "{left.text}" / "{right.text}"', points), False, confirms_number=True)


def _compare_acronym(
    short: NormalizedName, long: NormalizedName, owner: MatchFeatures, owner_of_long: MatchFeatures
) -> NameComparison:
    """Compare an acronym with a name that has its initials. If both records write it out, their full names say more."""
    acronym = short.words[0]
    if all(any(name.initials == acronym for name in features.names) for features in (owner, owner_of_long)):
        return NameComparison(_build_evidence(f'names with the same initials: "{short.text}"', SAME_ACRONYM_ONLY), False)
    points = ACRONYM_BY_LENGTH.get(len(acronym), LONG_ACRONYM)
    evidence = _build_evidence(f'"{short.text}" has the initials of "{long.text}"', points)
    return NameComparison(evidence, True, confirms_number=True)


def _judge_similarity(similarity: NameSimilarity, left: NormalizedName, right: NormalizedName) -> NameComparison:
    is_contained = similarity.is_contained and not similarity.is_contradictory
    is_part = is_contained and (is_part_of(left, right) or is_part_of(right, left))
    names = f'(similarity {similarity.value:.2f}): "{left.text}" / "{right.text}"'
    evidence = _build_evidence(
        f"{_describe_similarity(similarity, is_part=is_part)} {names}", _score_similarity(similarity, is_part=is_part)
    )
    is_unlike = similarity.value < NEUTRAL_SIMILARITY and not is_contained and not similarity.is_contradictory
    may_be_same = _may_be_same_name(similarity)
    confirms_number = may_be_same or (is_contained and not is_part and not similarity.is_derived)
    return NameComparison(evidence, may_be_same, is_unlike, confirms_number)


def _score_similarity(similarity: NameSimilarity, *, is_part: bool) -> float:
    if similarity.is_contradictory:
        return CONTRADICTORY_NAME
    points = _score_words(similarity)
    if is_part:
        return max(points, PART_SHARE * _score_equal_name(similarity.shared_weight))
    if similarity.is_contained:
        return max(points, CONTAINED_NAME)
    return points


def _score_words(similarity: NameSimilarity) -> float:
    if similarity.value < NEUTRAL_SIMILARITY:
        return DISSIMILAR_NAME * (NEUTRAL_SIMILARITY - similarity.value) / NEUTRAL_SIMILARITY
    crossed = CROSSED_WORD * min(similarity.unmatched_weights[0], MAX_CROSSED_WORDS)
    if similarity.is_derived:
        return DERIVED_NAME + crossed
    share = (similarity.value - NEUTRAL_SIMILARITY) / (1 - NEUTRAL_SIMILARITY)
    return share * _score_equal_name(similarity.shared_weight) + crossed


def _score_equal_name(shared_weight: float) -> float:
    return NAME_BASE + NAME_PER_RARE_WORD * min(shared_weight, MAX_RARE_WORDS)


def _may_be_same_name(similarity: NameSimilarity) -> bool:
    if similarity.is_derived or similarity.is_contradictory:
        return False
    return (
        similarity.value >= SIMILAR_FROM
        and similarity.unmatched_weights[0] <= MAX_CROSSED_WEIGHT
        and similarity.unmatched_weights[1] <= MAX_EXTRA_WEIGHT
    )


def _describe_similarity(similarity: NameSimilarity, *, is_part: bool) -> str:
    if similarity.is_contradictory:
        return "names with different numbers or states"
    if is_part:
        return "one name is a part of the other"
    if similarity.is_contained and similarity.unmatched_weights[1] > MAX_EXTRA_WEIGHT:
        return "one name has all words of the other"
    if similarity.value < NEUTRAL_SIMILARITY:
        return "different names"
    return "one name has an extra word, such as chapter or fund" if similarity.is_derived else "similar names"


def _build_evidence(detail: str, points: float) -> Evidence:
    return Evidence(EvidenceKind.NAME, detail, round(points, 1))
