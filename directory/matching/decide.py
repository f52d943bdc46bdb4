"""The verdict on two parties: identifiers first, then all other evidence added up, within limits that no sum passes."""

from collections.abc import Iterable, Iterator

from directory.matching.compare_contacts import compare_contacts, have_different_phones, share_local_phone
from directory.matching.compare_names import compare_names
from directory.matching.compare_places import PlaceComparison, compare_places
from directory.matching.evidence import Evidence, EvidenceKind, MatchResult, Verdict
from directory.matching.match_record import MatchFeatures, MatchRecord, extract_features
from directory.matching.token_frequency import TokenFrequency
from directory.matching.weights import (
    BRANCH,
    IDENTIFIER,
    MAX_CONTACT_POINTS,
    OTHER_IDENTIFIER,
    OTHER_SOURCE_NUMBER,
    POSSIBLE_FROM,
    SAME_FROM,
)
from directory.records import SOURCE_SCHEME_PREFIX, Identifier


def compare_records(one: MatchRecord, other: MatchRecord, frequency: TokenFrequency) -> MatchResult:
    """Whether `other` is the same organization as `one`. Which is which makes no difference, but for the wording."""
    return compare_features(extract_features(one), extract_features(other), frequency)


def compare_features(one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency) -> MatchResult:
    """`judge` of traits that are worked out already."""
    shared = [_build_identifier_evidence(number) for number in one.identifiers if number in other.identifiers]
    against = (
        list(_find_identifier_conflicts(one.identifiers, other.identifiers)) if one.identifiers and other.identifiers else []
    )
    if shared:
        verdict = Verdict.POSSIBLE if against else Verdict.SAME
        return MatchResult(other.id, verdict, IDENTIFIER, (*shared, *against))
    return _score_evidence(one, other, frequency, against)


def _score_evidence(one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency, against: list[Evidence]) -> MatchResult:
    name, place = compare_names(one, other, frequency), compare_places(one, other)
    contacts = list(compare_contacts(one, other, frequency, place.same_building))
    branches = list(_find_branch_evidence(one, other))
    parts = [*against, *branches, name.evidence, *([place.evidence] if place.evidence else [])]
    score = sum(part.points for part in parts) + min(sum(part.points for part in contacts), MAX_CONTACT_POINTS)
    may_be_same = name.may_be_same and not against and not branches and not _may_be_branch(one, other, place)
    evidence = (part for part in (*parts, *contacts) if part.points)
    return MatchResult(
        other.id, _decide_verdict(score, may_be_same), min(max(round(score, 1), 0.0), 100.0), _sort_evidence(evidence)
    )


def _may_be_branch(one: MatchFeatures, other: MatchFeatures, place: PlaceComparison) -> bool:
    """Somewhere else with another telephone; and in another town with none in common, as branches share a website."""
    if place.other_town:
        return not share_local_phone(one, other)
    return place.other_street and have_different_phones(one, other)


def _decide_verdict(score: float, may_be_same: bool) -> Verdict:
    if score < POSSIBLE_FROM:
        return Verdict.DIFFERENT
    return Verdict.SAME if score >= SAME_FROM and may_be_same else Verdict.POSSIBLE


def _build_identifier_evidence(number: Identifier) -> Evidence:
    return Evidence(EvidenceKind.IDENTIFIER, f"same {number.scheme}: {number.value}", IDENTIFIER)


def _find_identifier_conflicts(ones: Iterable[Identifier], others: Iterable[Identifier]) -> Iterator[Evidence]:
    """Schemes in which both have numbers, and none is the same."""
    mine, its = _group_by_scheme(ones), _group_by_scheme(others)
    for scheme in mine.keys() & its.keys():
        if not mine[scheme] & its[scheme]:
            points = OTHER_SOURCE_NUMBER if scheme.startswith(SOURCE_SCHEME_PREFIX) else OTHER_IDENTIFIER
            yield Evidence(EvidenceKind.IDENTIFIER, f"other {scheme}: {min(mine[scheme])} / {min(its[scheme])}", points)


def _group_by_scheme(identifiers: Iterable[Identifier]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in identifiers:
        found.setdefault(one.scheme, set()).add(one.value)
    return found


def _find_branch_evidence(one: MatchFeatures, other: MatchFeatures) -> Iterator[Evidence]:
    if other.id == one.parent or one.id == other.parent:
        yield Evidence(EvidenceKind.BRANCH, "one is kept as a branch of the other", BRANCH)


def _sort_evidence(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda part: -abs(part.points)))
