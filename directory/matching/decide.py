"""Decide whether two records are the same organization: by identifiers first, then by the sum of all other evidence.

Some evidence, such as a contradicting name, rules out the verdict SAME whatever the sum is.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from directory.matching.compare_details import (
    PlaceComparison,
    compare_contacts,
    compare_places,
    have_different_phones,
    share_local_phone,
)
from directory.matching.compare_names import NameComparison, compare_names
from directory.matching.evidence import Evidence, EvidenceKind, MatchResult, Verdict
from directory.matching.match_record import MatchFeatures, MatchRecord, extract_features
from directory.matching.token_frequency import TokenFrequency
from directory.matching.weights import (
    BRANCH,
    DISTANT_YEARS,
    IDENTIFIER,
    MAX_CONTACT_POINTS,
    OTHER_IDENTIFIER,
    OTHER_SOURCE_NUMBER,
    OTHER_YEAR,
    POSSIBLE_FROM,
    SAME_FROM,
    UNIQUE_CONTACT,
)
from directory.records import SOURCE_SCHEME_PREFIX, Identifier


def compare_records(one: MatchRecord, other: MatchRecord, frequency: TokenFrequency) -> MatchResult:
    """Decide whether two records are the same organization. Their order only affects the wording of the evidence."""
    return compare_features(extract_features(one), extract_features(other), frequency)


def compare_features(one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency) -> MatchResult:
    """Decide as compare_records does, from extracted features."""
    shared = [number for number in one.identifiers if number in other.identifiers]
    both_have_identifiers = one.identifiers and other.identifiers
    conflicts = list(_find_identifier_conflicts(one.identifiers, other.identifiers)) if both_have_identifiers else []
    if shared:
        return _decide_by_identifiers(one, other, frequency, shared, conflicts)
    return _score_evidence(one, other, frequency, conflicts)


def _decide_by_identifiers(
    one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency, shared: list[Identifier], conflicts: list[Evidence]
) -> MatchResult:
    """Decide about records with a shared number. A source's own number is enough, a registered one needs a similar name.

    The projects of a fiscal sponsor state its EIN, and often its street, telephone and website as well.
    """
    evidence = [Evidence(EvidenceKind.IDENTIFIER, f"same {number.scheme}: {number.value}", IDENTIFIER) for number in shared]
    if conflicts or any(number.scheme.startswith(SOURCE_SCHEME_PREFIX) for number in shared):
        verdict = Verdict.POSSIBLE if conflicts else Verdict.SAME
        return MatchResult(other.id, verdict, IDENTIFIER, (*evidence, *conflicts))
    comparison = _compare_values(one, other, frequency)
    if comparison.name.confirms_number:
        return MatchResult(other.id, Verdict.SAME, IDENTIFIER, tuple(evidence))
    parts = (*comparison.parts, *comparison.contacts)
    score = IDENTIFIER + sum(min(part.points, 0.0) for part in parts)
    return MatchResult(other.id, Verdict.POSSIBLE, max(round(score, 1), POSSIBLE_FROM), (*evidence, *_sort_evidence(parts)))


class _Comparison(Struct, frozen=True, gc=False):
    """The evidence of two records without identifiers."""

    name: NameComparison
    place: PlaceComparison
    contacts: tuple[Evidence, ...]
    others: tuple[Evidence, ...]

    @property
    def parts(self) -> tuple[Evidence, ...]:
        """All evidence except that of contacts."""
        return (*self.others, self.name.evidence, *((self.place.evidence,) if self.place.evidence else ()))


def _compare_values(one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency) -> _Comparison:
    name, place = compare_names(one, other, frequency), compare_places(one, other)
    contacts = tuple(compare_contacts(one, other, frequency, place.same_building))
    if name.is_unlike and any(contact.points >= UNIQUE_CONTACT for contact in contacts):
        name = replace(name, evidence=replace(name.evidence, points=0.0))
    return _Comparison(name, place, contacts, (*_find_branch_evidence(one, other), *_compare_years(one, other)))


def _score_evidence(
    one: MatchFeatures, other: MatchFeatures, frequency: TokenFrequency, conflicts: list[Evidence]
) -> MatchResult:
    if _have_same_name(one, other):
        conflicts = [replace(part, points=0.0) if part.points == OTHER_SOURCE_NUMBER else part for part in conflicts]
    comparison = _compare_values(one, other, frequency)
    name, contacts = comparison.name, comparison.contacts
    parts = (*conflicts, *comparison.parts)
    score = sum(part.points for part in parts) + min(sum(part.points for part in contacts), MAX_CONTACT_POINTS)
    may_be_same = (
        name.may_be_same and not conflicts and not comparison.others and not _may_be_branch(one, other, comparison.place)
    )
    evidence = _sort_evidence(part for part in (*parts, *contacts) if part.points or part.kind in _ALWAYS_SHOWN)
    return MatchResult(other.id, _decide_verdict(score, may_be_same), min(max(round(score, 1), 0.0), 100.0), evidence)


_ALWAYS_SHOWN = (EvidenceKind.IDENTIFIER, EvidenceKind.NAME)


def _have_same_name(one: MatchFeatures, other: MatchFeatures) -> bool:
    """Return whether the main names are equal. A list with two records of one name may have listed an organization twice."""
    return bool(one.names and other.names) and one.names[0].words == other.names[0].words


def _may_be_branch(one: MatchFeatures, other: MatchFeatures, place: PlaceComparison) -> bool:
    """Return whether these may be branches of one organization, which can share a name and a website.

    In another town, only a shared local phone number rules this out. In the same town, different streets and phone numbers are
    needed.
    """
    if place.other_town:
        return not share_local_phone(one, other)
    return place.other_street and have_different_phones(one, other)


def _decide_verdict(score: float, may_be_same: bool) -> Verdict:
    if score < POSSIBLE_FROM:
        return Verdict.DIFFERENT
    return Verdict.SAME if score >= SAME_FROM and may_be_same else Verdict.POSSIBLE


def _find_identifier_conflicts(one: Iterable[Identifier], other: Iterable[Identifier]) -> Iterator[Evidence]:
    """Yield evidence for the schemes in which both records have numbers and share none."""
    left, right = _group_by_scheme(one), _group_by_scheme(other)
    for scheme in left.keys() & right.keys():
        if not left[scheme] & right[scheme]:
            points = OTHER_SOURCE_NUMBER if scheme.startswith(SOURCE_SCHEME_PREFIX) else OTHER_IDENTIFIER
            yield Evidence(EvidenceKind.IDENTIFIER, f"different {scheme}: {min(left[scheme])} / {min(right[scheme])}", points)


def _group_by_scheme(identifiers: Iterable[Identifier]) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {}
    for identifier in identifiers:
        values.setdefault(identifier.scheme, set()).add(identifier.value)
    return values


def _find_branch_evidence(one: MatchFeatures, other: MatchFeatures) -> Iterator[Evidence]:
    if other.id == one.parent or one.id == other.parent:
        yield Evidence(EvidenceKind.BRANCH, "one is a branch of the other", BRANCH)


def _compare_years(one: MatchFeatures, other: MatchFeatures) -> Iterator[Evidence]:
    """Yield evidence against similar names with distant founding years: a successor often has almost the same name.

    Years say nothing about equal names, because lists state the year of an incorporation, a merger or a new beginning.
    """
    if one.founded and other.founded and abs(one.founded - other.founded) >= DISTANT_YEARS and not _have_same_name(one, other):
        yield Evidence(EvidenceKind.FOUNDED, f"founded {one.founded} / {other.founded}", OTHER_YEAR)


def _sort_evidence(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda part: -abs(part.points)))
