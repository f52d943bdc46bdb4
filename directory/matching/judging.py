"""The verdict on two parties: identifiers first, then all other evidence added up, within limits that no sum passes."""

from collections.abc import Iterable, Iterator

from directory.matching.contacting import contacted, local_phone, other_phone
from directory.matching.evidence import Evidence, EvidenceKind, Judgement, Verdict
from directory.matching.naming import named
from directory.matching.parties import Party
from directory.matching.placing import Placed, placed
from directory.matching.rarity import Rarity
from directory.matching.traits import Traits, traits
from directory.matching.weights import (
    BRANCH,
    CONTACTS_MOST,
    DOUBTFUL_FROM,
    IDENTIFIER,
    OTHER_IDENTIFIER,
    OTHER_OWN_NUMBER,
    SAME_FROM,
)
from directory.records import OWN_SCHEME, Identifier


def judge(one: Party, other: Party, rarity: Rarity) -> Judgement:
    """Whether `other` is the same organization as `one`. Which is which makes no difference, but for the wording."""
    return judged(traits(one), traits(other), rarity)


def judged(one: Traits, other: Traits, rarity: Rarity) -> Judgement:
    """`judge` of traits that are worked out already."""
    shared = [_same(number) for number in one.identifiers if number in other.identifiers]
    against = list(_contradictions(one.identifiers, other.identifiers)) if one.identifiers and other.identifiers else []
    if shared:
        verdict = Verdict.DOUBTFUL if against else Verdict.SAME
        return Judgement(other.id, verdict, IDENTIFIER, (*shared, *against))
    return _weighed(one, other, rarity, against)


def _weighed(one: Traits, other: Traits, rarity: Rarity, against: list[Evidence]) -> Judgement:
    name, place = named(one, other, rarity), placed(one, other)
    contacts = list(contacted(one, other, rarity, place.same_door))
    branches = list(_branches(one, other))
    parts = [*against, *branches, name.evidence, *([place.evidence] if place.evidence else [])]
    score = sum(part.points for part in parts) + min(sum(part.points for part in contacts), CONTACTS_MOST)
    may_be_same = name.alike and not against and not branches and not _may_be_branch(one, other, place)
    evidence = (part for part in (*parts, *contacts) if part.points)
    return Judgement(other.id, _verdict(score, may_be_same), min(max(round(score, 1), 0.0), 100.0), _sorted(evidence))


def _may_be_branch(one: Traits, other: Traits, place: Placed) -> bool:
    """Somewhere else with another telephone; and in another town with none in common, as branches share a website."""
    if place.other_town:
        return not local_phone(one, other)
    return place.other_street and other_phone(one, other)


def _verdict(score: float, may_be_same: bool) -> Verdict:
    if score < DOUBTFUL_FROM:
        return Verdict.DIFFERENT
    return Verdict.SAME if score >= SAME_FROM and may_be_same else Verdict.DOUBTFUL


def _same(number: Identifier) -> Evidence:
    return Evidence(EvidenceKind.IDENTIFIER, f"same {number.scheme}: {number.value}", IDENTIFIER)


def _contradictions(ones: Iterable[Identifier], others: Iterable[Identifier]) -> Iterator[Evidence]:
    """Schemes in which both have numbers, and none is the same."""
    mine, its = _by_scheme(ones), _by_scheme(others)
    for scheme in mine.keys() & its.keys():
        if not mine[scheme] & its[scheme]:
            points = OTHER_OWN_NUMBER if scheme.startswith(OWN_SCHEME) else OTHER_IDENTIFIER
            yield Evidence(EvidenceKind.IDENTIFIER, f"other {scheme}: {min(mine[scheme])} / {min(its[scheme])}", points)


def _by_scheme(identifiers: Iterable[Identifier]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in identifiers:
        found.setdefault(one.scheme, set()).add(one.value)
    return found


def _branches(one: Traits, other: Traits) -> Iterator[Evidence]:
    if other.id == one.parent or one.id == other.parent:
        yield Evidence(EvidenceKind.BRANCH, "one is kept as a branch of the other", BRANCH)


def _sorted(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda part: -abs(part.points)))
