"""The reasons for which an organization is suggested: the evidence for its row, put together so that each says something new."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from directory.partners.allies.evidence import POINTS, AllyReasonKind, Evidence, EvidenceScale
from directory.partners.allies.reason_texts import ReasonFacts, format_reason
from directory.partners.allies.shared_places import measure_km
from directory.partners.allies.shared_themes import BROADER_KINDS, FACET_BY_KIND, list_known_issue_areas
from directory.question import FACETS
from directory.records import RecordKind

SHOWN_REASONS = 4  # unless more are asked for: people trust long explanations less
_MERGED_KINDS = (AllyReasonKind.NEARBY, AllyReasonKind.OFFERS_WHAT_IT_SEEKS, AllyReasonKind.SEEKS_WHAT_IT_OFFERS)


class AllyReason(Struct, frozen=True):
    """One reason. `subject` is the slug of a term, the code of a region or the id of a coalition, else "".

    `points` is its contribution to the score in units of 1 / POINTS, `facts` what its sentence says.
    """

    kind: AllyReasonKind
    subject: str
    points: int
    facts: ReasonFacts

    @property
    def contribution(self) -> float:
        return self.points / POINTS

    def format(self, language: str = "en") -> str:
        """Return one or two sentences, in Spanish for "es" and "es-MX", otherwise in English."""
        return format_reason(self.kind, self.facts, language)


def explain_row(scale: EvidenceScale, evidence: Iterable[Evidence], row: int) -> list[AllyReason]:
    """Return all reasons of a row, the largest contribution first. Their points add up to those of the row."""
    found = [one for one in evidence if row in one.rows and one.get_points(row)]
    merged = _fold_broader_terms(list(_merge_equal(found, row)))
    reasons = [AllyReason(one.kind, one.subject, one.points, _collect_facts(scale, one, found, row)) for one in merged]
    return sorted(reasons, key=lambda reason: (-reason.points, reason.kind, reason.subject))


def _merge_equal(found: Iterable[Evidence], row: int) -> Iterable[Evidence]:
    """Return one Evidence for each kind and subject, with all who share it and the sum of the points of the row."""
    merged: dict[tuple[AllyReasonKind, str], Evidence] = {}
    for one in found:
        subject = "" if one.kind in _MERGED_KINDS else one.subject
        points, sharers = one.get_points(row), one.sharers
        if earlier := merged.get((one.kind, subject)):
            points, sharers = points + earlier.points, tuple(sorted({*earlier.sharers, *sharers}))
        merged[one.kind, subject] = replace(one, subject=subject, points=points, sharers=sharers, row_points=None)
    return merged.values()


def _fold_broader_terms(merged: list[Evidence]) -> list[Evidence]:
    """Add the points of each shared broader term to a shared term below it, so that it is not a reason of its own.

    Of several terms below, the one with most points takes them.
    """
    folded = list(merged)
    for broader in [one for one in merged if one.kind in BROADER_KINDS]:
        below = [one for one in folded if one.kind is not broader.kind or one.subject != broader.subject]
        below = [one for one in below if _is_below(one, broader)]
        if below:
            target = min(below, key=lambda one: (one.kind in BROADER_KINDS, -one.points, one.subject))
            folded.remove(next(one for one in folded if (one.kind, one.subject) == (broader.kind, broader.subject)))
            folded[folded.index(target)] = replace(target, points=target.points + broader.points)
    return folded


def _is_below(one: Evidence, broader: Evidence) -> bool:
    facet = FACET_BY_KIND.get(one.kind)
    if facet is None or facet != FACET_BY_KIND[broader.kind]:
        return False
    return one.subject == broader.subject or broader.subject in FACETS[facet].ancestors(one.subject)


def _collect_facts(scale: EvidenceScale, merged: Evidence, found: Iterable[Evidence], row: int) -> ReasonFacts:
    """Return what the sentence of a reason says."""
    kind, subjects = merged.kind, [merged.subject]
    sharers = [scale.group[position].name for position in merged.sharers]
    if kind in _MERGED_KINDS:
        subjects = list(dict.fromkeys(one.subject for one in found if one.kind is kind))
    elif kind is AllyReasonKind.COMPLEMENTS:
        known, record = list_known_issue_areas(scale), scale.index.rows[row]
        subjects = [slug for slug in record.issue_areas if slug not in known]
    elif kind is AllyReasonKind.SHARED_COALITION:
        coalition = scale.snapshot.get_record(RecordKind.COALITION, merged.subject)
        subjects = [coalition.name] if coalition else []
    km = None
    if kind is AllyReasonKind.NEARBY:
        distances = [(measure_km(scale.snapshot, row, scale.group[position]), position) for position in merged.sharers]
        km, nearest = min((km, position) for km, position in distances if km is not None)
        sharers = [scale.group[nearest].name]
    return ReasonFacts(tuple(subjects), tuple(sharers), len(scale.group), merged.members, scale.member_count, km)
