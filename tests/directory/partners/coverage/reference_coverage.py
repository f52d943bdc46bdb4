"""Reference implementation of coverage: looks at one record after the other, without sets."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from directory.partners.coverage.question import CountingRule, CoverageQuestion
from directory.question import FACETS, RegionFilter
from directory.records import Organization, is_verification_due
from directory.search.region_sets import RegionReason
from directory.vocabulary.regions import REGIONS
from tests.directory.search.reference_places import find_reasons, is_in_region
from tests.directory.search.reference_search import TODAY, ReferenceResult


class ReferenceCell(NamedTuple):
    located: int
    serving: int
    nationwide: int
    groups: int
    verdict: str


def list_row_members(question: CoverageQuestion, value: str, records: Sequence[Organization]) -> list[Organization]:
    terms = FACETS[question.facet.field].closure(value)
    matching = ReferenceResult(question.question, records).matching_records
    return [one for one in matching if terms & {*getattr(one, question.facet.field)}]


def count_cell(
    question: CoverageQuestion, code: str, members: Iterable[Organization], records: Sequence[Organization]
) -> ReferenceCell:
    members = list(members)
    relations = [_find_relation(one, code) for one in members]
    counted = {_find_top(one, records) for one in members if counts(one, code, question.rule)}
    located, serving, nationwide = (relations.count(name) for name in ("located", "serving", "nationwide"))
    return ReferenceCell(located, serving, nationwide, len(counted), _judge(question, code, members, len(counted)))


def counts(one: Organization, code: str, rule: CountingRule) -> bool:
    return is_in_region(RegionFilter((code,), (), rule.by, rule.nationwide), one, code)


def _find_relation(one: Organization, code: str) -> str:
    reasons = find_reasons(RegionFilter((code,)), one, code)
    if RegionReason.LOCATED in reasons:
        return "located"
    if reasons & {RegionReason.SERVES, RegionReason.SERVES_PART}:
        return "serving"
    return "nationwide" if reasons else ""


def _find_top(one: Organization, records: Sequence[Organization]) -> str:
    """Return the id of the topmost parent; of a circle, the smallest id in it."""
    by_id, path, identity = {record.id: record for record in records}, list[str](), one.id
    while identity not in path:
        path.append(identity)
        parent = by_id[identity].parent
        if parent is None or parent not in by_id:
            return identity
        identity = parent
    return min(path[path.index(identity) :])


def _judge(question: CoverageQuestion, code: str, members: list[Organization], groups: int) -> str:
    if groups:
        return "COVERED"
    if members and all(is_verification_due(one.verified_at, TODAY) for one in members):
        return "UNKNOWN"
    return "UNKNOWN" if any(may_work_in(question, one, code) for one in members) else "NONE"


def may_work_in(question: CoverageQuestion, one: Organization, code: str) -> bool:
    """Whether it states no service area, and no location or only a larger area around the region."""
    codes = {inside for location in one.locations for inside in location.regions}
    if one.service_areas or any(REGIONS.require(inside).kind is question.region_kind for inside in codes):
        return False
    return not one.locations or any(all(REGIONS.overlaps(area, code) for area in location.regions) for location in one.locations)
