"""The reasons for which an organization is suggested: the evidence for its row, put together so that each says something new."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from directory.partners.allies.evidence import EXCHANGE_KINDS, POINTS, AllyEvidence, AllyReasonKind, EvidenceScale
from directory.partners.allies.reason_texts import ReasonFacts, format_reason
from directory.partners.allies.shared_places import measure_km
from directory.partners.allies.shared_themes import BROADER_KINDS, FACET_BY_KIND, list_known_issue_areas
from directory.question import FACETS
from directory.records import RecordKind

SHOWN_REASONS = 4  # unless more are asked for: people trust long explanations less
_MERGED_KINDS = (AllyReasonKind.NEARBY, *EXCHANGE_KINDS)


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


class RowEvidence(Struct, frozen=True):
    """The evidence for one row: every piece, and what it is after merging, one piece for each reason, the most points first."""

    row: int
    pieces: list[AllyEvidence]
    merged_pieces: list[AllyEvidence]


def collect_row_evidence(evidence: Iterable[AllyEvidence], row: int) -> RowEvidence:
    """Return the evidence for a row. The points of what is merged add up to those of the row."""
    pieces = [one for one in evidence if row in one.rows and one.get_points(row)]
    merged = _fold_broader_terms(_merge_equal(pieces, row))
    return RowEvidence(row, pieces, sorted(merged, key=lambda one: (-one.points, one.kind, one.subject)))


def explain_evidence(scale: EvidenceScale, found: RowEvidence, limit: int | None = None) -> list[AllyReason]:
    """Return the reasons, the largest contribution first: all, or the first `limit`."""
    return [
        AllyReason(one.kind, one.subject, one.points, _collect_facts(scale, one, found)) for one in found.merged_pieces[:limit]
    ]


def _merge_equal(pieces: Iterable[AllyEvidence], row: int) -> Iterable[AllyEvidence]:
    """Return one piece of evidence for each kind and subject, with all who share it and the sum of the points of the row."""
    merged: dict[tuple[AllyReasonKind, str], AllyEvidence] = {}
    for one in pieces:
        subject = "" if one.kind in _MERGED_KINDS else one.subject
        points, sharers = one.get_points(row), one.sharers
        if earlier := merged.get((one.kind, subject)):
            points, sharers = points + earlier.points, tuple(sorted({*earlier.sharers, *sharers}))
        merged[one.kind, subject] = replace(one, subject=subject, points=points, sharers=sharers, row_points=None)
    return merged.values()


def _fold_broader_terms(merged: Iterable[AllyEvidence]) -> list[AllyEvidence]:
    """Add the points of each shared broader term to a shared term below it, so that it is not a reason of its own.

    Of several terms below, one that is shared itself takes them, and of those the one with most points.
    """
    folded = {(one.kind, one.subject): one for one in merged}
    for key in [key for key in folded if key[0] in BROADER_KINDS]:
        broader = folded[key]
        below = [one for one in folded.values() if one is not broader and _is_below(one, broader)]
        if below:
            target = min(below, key=lambda one: (one.kind in BROADER_KINDS, -one.points, one.subject))
            del folded[key]
            folded[target.kind, target.subject] = replace(target, points=target.points + broader.points)
    return list(folded.values())


def _is_below(one: AllyEvidence, broader: AllyEvidence) -> bool:
    facet = FACET_BY_KIND.get(one.kind)
    if facet is None or facet != FACET_BY_KIND[broader.kind]:
        return False
    return one.subject == broader.subject or broader.subject in FACETS[facet].ancestors(one.subject)


def _collect_facts(scale: EvidenceScale, merged: AllyEvidence, found: RowEvidence) -> ReasonFacts:
    """Return what the sentence of a reason says."""
    kind, subjects, row = merged.kind, [merged.subject], found.row
    sharers = [scale.group[position].name for position in merged.sharers]
    if kind in _MERGED_KINDS:
        subjects = list(dict.fromkeys(one.subject for one in found.pieces if one.kind is kind))
    elif kind is AllyReasonKind.COMPLEMENTS:
        known, record = list_known_issue_areas(scale), scale.index.rows[row]
        subjects = [slug for slug in record.issue_areas if slug not in known]
    elif kind is AllyReasonKind.SHARED_COALITION:
        coalition = scale.snapshot.get_record(RecordKind.COALITION, merged.subject)
        subjects = [coalition.name] if coalition else []
    km = None
    if kind is AllyReasonKind.NEARBY:
        nearest = max((one for one in found.pieces if one.kind is kind), key=lambda one: one.get_points(row))
        member = scale.group[nearest.sharers[0]]
        km, sharers = measure_km(scale.snapshot, row, member.points), [member.name]
    return ReasonFacts(tuple(subjects), tuple(sharers), len(scale.group), merged.members, scale.member_count, km)
