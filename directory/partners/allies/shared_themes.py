"""Evidence from themes and coalitions: what organizations work on, for whom, how, and in which coalitions."""

from array import array
from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
from pyroaring import BitMap

from directory.kinds.coalition import Coalition
from directory.partners.allies.evidence import POINTS, AllyEvidence, AllyReasonKind, EvidenceScale, group_sharers
from directory.question import FACETS
from directory.records import RecordKind
from directory.search.row_sets import to_row_set
from directory.search.searched_fields import MEMBER_SETS
from directory.vocabulary.terms import ISSUE_AREAS

BROADER_SHARE = 0.25  # of the weight of a shared one, for a broader community or work area that includes those of both


# For each facet: the reason that a term is shared, and that only a broader term is.
_TERM_KINDS = {
    "issue_areas": (AllyReasonKind.SHARED_ISSUE_AREA, AllyReasonKind.SHARED_BROADER_ISSUE_AREA),
    "communities": (AllyReasonKind.SHARED_COMMUNITY, AllyReasonKind.SHARED_BROADER_COMMUNITY),
    "work_areas": (AllyReasonKind.SHARED_WORK_AREA, AllyReasonKind.SHARED_BROADER_WORK_AREA),
}
BROADER_KINDS = frozenset(broader for _, broader in _TERM_KINDS.values())
FACET_BY_KIND: Mapping[AllyReasonKind, str] = {
    **{kind: facet for facet, kinds in _TERM_KINDS.items() for kind in kinds},
    AllyReasonKind.COMPLEMENTS: "issue_areas",
}


def find_themes(scale: EvidenceScale) -> Iterator[AllyEvidence]:
    """Yield the shared issue areas, communities and work areas, and the broader terms that include those of both."""
    weights = scale.weights
    for facet, weight, broader_weight in (
        ("issue_areas", weights.issue_area, weights.broader_issue_area),
        ("communities", weights.community, weights.community * BROADER_SHARE),
        ("work_areas", weights.work_area, weights.work_area * BROADER_SHARE),
    ):
        same, broader = _TERM_KINDS[facet]
        yield from _find_terms(scale, facet, (same, weight), (broader, broader_weight))


def _find_terms(
    scale: EvidenceScale, facet: str, same: tuple[AllyReasonKind, float], broader: tuple[AllyReasonKind, float]
) -> Iterator[AllyEvidence]:
    """Yield the terms that both state, and those that include terms of both although at least one does not state them."""
    stated = group_sharers((position, getattr(member, facet)) for position, member in enumerate(scale.group))
    included = group_sharers(
        (position, _add_ancestors(facet, getattr(member, facet))) for position, member in enumerate(scale.group)
    )
    rows_with_term, rows_stating = (scale.index.get_term_sets(facet, narrower) for narrower in (True, False))
    for slug, including in included.items():
        rows, exact_rows = rows_with_term[slug], rows_stating[slug]
        if not rows:
            continue
        stating, members = stated.get(slug, ()), scale.count_members(rows)
        shares = [(same, stating, exact_rows)]
        if len(stating) < len(including):
            shares.append((broader, tuple(position for position in including if position not in stating), exact_rows))
        if len(exact_rows) < len(rows):
            shares.append((broader, including, rows - exact_rows))
        for (kind, weight), sharers, sharing_rows in shares:
            if sharing_rows and (points := scale.weigh(weight, len(sharers), members)):
                yield AllyEvidence(kind, slug, sharers, sharing_rows, points, members)


@lru_cache(maxsize=1 << 12)
def _add_ancestors(facet: str, slugs: tuple[str, ...]) -> frozenset[str]:
    return frozenset(broader for slug in slugs for broader in (slug, *FACETS[facet].ancestors(slug)))


def find_coalitions(scale: EvidenceScale) -> Iterator[AllyEvidence]:
    """Yield the coalitions to which members of the group belong."""
    view = scale.snapshot.views[RecordKind.COALITION]
    member_sets = view.index.sets[MEMBER_SETS]
    shared = group_sharers(
        (position, (view.index.rows[row].id for row in member_sets[member.id]))
        for position, member in enumerate(scale.group)
        if member.id
    )
    for identity, sharers in shared.items():
        coalition = view.get(identity)
        rows = scale.index.rows.find_rows(coalition.member_ids) if isinstance(coalition, Coalition) else BitMap()
        members = scale.count_members(rows)
        if points := scale.weigh(scale.weights.coalition, len(sharers), members):
            yield AllyEvidence(AllyReasonKind.SHARED_COALITION, identity, sharers, rows, points, members)


def find_complements(scale: EvidenceScale, candidates: BitMap) -> Iterator[AllyEvidence]:
    """Yield the candidates that work on issue areas on which nobody in the group works, by the share of their issue areas."""
    known = list_known_issue_areas(scale)
    sets, rows_by_age = scale.index.get_term_sets("issue_areas", narrower=False), {True: array("I"), False: array("I")}
    for slug in sets:
        rows_by_age[slug in known].extend((sets[slug] & candidates).to_array())
    old, new = (np.bincount(np.frombuffer(rows_by_age[age], np.uint32), minlength=len(scale.index.rows)) for age in (True, False))
    numbers = np.flatnonzero(new)
    shares = new[numbers] / (new[numbers] + old[numbers])
    points = np.rint(POINTS * scale.weights.issue_area * shares).astype(np.int64)
    if len(numbers):
        everyone = tuple(range(len(scale.group)))
        yield AllyEvidence(AllyReasonKind.COMPLEMENTS, "", everyone, to_row_set(numbers), row_points=points)


def list_known_issue_areas(scale: EvidenceScale) -> set[str]:
    """Return the issue areas on which the group works, with all that are broader or narrower."""
    own = {slug for member in scale.group for slug in member.issue_areas}
    return {slug for term in own for slug in (*ISSUE_AREAS.closure(term), *ISSUE_AREAS.ancestors(term))}
