"""What the names of two parties say: the pair of names that fits best."""

from collections.abc import Iterator

from msgspec import Struct

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.likeness import NameSimilarity, name_similarity
from directory.matching.rarity import TokenFrequency
from directory.matching.traits import MatchFeatures
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
from directory.matching.wording import NormalizedName


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
