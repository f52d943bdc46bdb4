"""What the generated directories reach: every kind of reason and of tie, equal scores, families, crossing regions."""

from collections import Counter
from itertools import combinations, product

import pytest

from directory.partners.allies.evidence import AllyReasonKind
from directory.partners.allies.reasons import AllyReason
from directory.partners.allies.request import AllyMode, AllyWeights, describe_organization
from directory.partners.allies.ties import TieKind
from directory.vocabulary.regions import REGIONS
from tests.directory.partners.allies.ally_records import (
    build_snapshot,
)
from tests.directory.partners.allies.reference_allies import ReferenceAllies
from tests.directory.partners.allies.test_ally_scores import ask, choose_group, generate


def list_all_reasons() -> list[AllyReason]:
    found = []
    for seed in range(4):
        records, coalitions = generate(seed)
        snapshot = build_snapshot(records, coalitions)
        for mode in AllyMode:
            for one in records[:10]:
                found += [reason for ally in ask(snapshot, [one], mode).edges for reason in ally.list_reasons()]
    return found


def test_every_kind_of_reason_is_reached() -> None:
    counts = Counter(reason.kind for reason in list_all_reasons())
    assert counts.keys() == set(AllyReasonKind)
    assert min(counts.values()) >= 5


def test_ties_of_every_kind_families_and_equal_scores_are_reached() -> None:
    kinds, equal_scores, merged, coarse = Counter[TieKind](), 0, 0, 0
    for seed in range(4):
        records, coalitions = generate(seed)
        snapshot = build_snapshot(records, coalitions)
        coarse += sum(len(describe_organization(one).points) < len(one.points) for one in records)
        for one in records:
            page = ask(snapshot, [one], AllyMode.SAME_THEMES)
            kinds.update(tie.kind for tie in page.ties)
            scores = [ally.score for ally in page.edges]
            equal_scores += len(scores) - len(set(scores))
            reference = ReferenceAllies(records, coalitions, [one], AllyMode.SAME_THEMES, AllyWeights())
            all_heads = [reference.find_head(other.id) for other in reference.members if reference.score(other)]
            merged += len(all_heads) - len(set(all_heads))
    assert kinds.keys() == set(TieKind)
    assert min(equal_scores, merged, coarse) > 0


def test_regions_that_cross_and_organizations_with_several_points_are_reached() -> None:
    records, _ = generate(1)
    crossing = [
        (code, other)
        for one, another in combinations(records, 2)
        for code, other in product(one.service_areas, another.service_areas)
        if REGIONS.overlaps(code, other) and not REGIONS.covers(code, other) and not REGIONS.covers(other, code)
    ]
    assert len(crossing) > 10
    assert sum(len(describe_organization(one).points) > 1 for one in records) > 5


@pytest.mark.parametrize("mode", AllyMode)
def test_most_requests_find_several_pages(mode: AllyMode) -> None:
    records, coalitions = generate(1)
    snapshot = build_snapshot(records, coalitions)
    totals = [ask(snapshot, choose_group(seed, 2, records), mode).total_count for seed in range(20)]
    assert sum(total > 8 for total in totals) > 10
