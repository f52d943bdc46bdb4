"""What a question means, told a second time in the plainest way: one record after the other, without any index.

The snapshot must answer as this does. Text is left to the tests of the word index.
"""

from collections.abc import Iterable

from directory.geo import Circle, distance_km
from directory.question import FACETS, Nationwide, OrderField, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import Organization
from directory.regions import REGIONS
from directory.search.index import day, moment
from directory.search.regions import RegionReason
from directory.text import fold
from directory.vocabulary import Vocabulary


def matches(question: Question, one: Organization) -> bool:
    return all(
        (
            one.membership.status in question.membership,
            all(_terms(getattr(question, facet), getattr(one, facet), vocabulary) for facet, vocabulary in FACETS.items()),
            not question.kinds or one.kind in question.kinds,
            _regions(question.regions, one),
            _near(question, one),
            question.within is None or any(point in question.within for point in one.points),
            question.location_stated is None or question.location_stated == bool(one.locations),
            question.verified_since is None
            or (one.verified_at is not None and moment(one.verified_at) >= moment(question.verified_since)),
            question.joined_since is None
            or (one.membership.joined_on is not None and one.membership.joined_on >= question.joined_since),
        )
    )


def _terms(asked: TermFilter, carried: Iterable[str], vocabulary: Vocabulary) -> bool:
    has = {above for term in carried for above in (term, *(vocabulary.ancestors(term) if asked.narrower else ()))}
    return (not asked.any_of or bool(has & set(asked.any_of))) and has >= set(asked.all_of) and not has & set(asked.none_of)


def reasons(asked: RegionFilter, one: Organization, code: str) -> set[RegionReason]:
    found = set()
    country = REGIONS.country(code)
    areas = [area for area in one.service_areas if REGIONS.country(area) != area]
    if any(code in location.regions for location in one.locations):
        found.add(RegionReason.LOCATED)
    if any(REGIONS.covers(area, code) for area in areas):
        found.add(RegionReason.SERVES)
    if any(REGIONS.overlaps(area, code) and not REGIONS.covers(area, code) for area in areas):
        found.add(RegionReason.SERVES_PART)
    if country in one.service_areas:
        found.add(RegionReason.NATIONWIDE)
    if asked.by is RegionMatch.LOCATED:
        return found & {RegionReason.LOCATED}
    return found - {RegionReason.LOCATED} if asked.by is RegionMatch.SERVING else found


def _regions(asked: RegionFilter, one: Organization) -> bool:
    national = any(REGIONS.country(area) == area for area in one.service_areas)
    if not asked.any_of and asked.nationwide is Nationwide.ONLY and not national:
        return False
    if any(reasons(asked, one, code) - {RegionReason.NATIONWIDE} for code in asked.none_of):
        return False
    return not asked.any_of or any(_in_region(asked, one, code) for code in asked.any_of)


def _in_region(asked: RegionFilter, one: Organization, code: str) -> bool:
    found = reasons(asked, one, code)
    if asked.nationwide is Nationwide.EXCLUDE:
        found -= {RegionReason.NATIONWIDE}
    return bool(found) and (asked.nationwide is not Nationwide.ONLY or REGIONS.country(code) in one.service_areas)


def _near(question: Question, one: Organization) -> bool:
    near = question.near
    if near is None or near.radius_km is None:
        return True
    return any(point in Circle(near.point, near.radius_km) for point in one.points)


def ordered(question: Question, found: Iterable[Organization]) -> list[Organization]:
    by_name = sorted(found, key=lambda one: (fold(one.name), one.id), reverse=_names_turned(question))
    numbered = sorted(by_name, key=lambda one: _number(question, one))
    if question.order.field is OrderField.RELEVANCE and question.regions.any_of:
        return sorted(numbered, key=lambda one: _strongest(question, one), reverse=question.order.descending)
    return numbered


def _names_turned(question: Question) -> bool:
    turns = question.order.field is OrderField.RELEVANCE or question.order.field is OrderField.NAME
    return question.order.descending and turns


def _strongest(question: Question, one: Organization) -> int:
    found = {reason for code in question.regions.any_of for reason in reasons(question.regions, one, code)}
    if question.regions.nationwide is Nationwide.EXCLUDE:
        found -= {RegionReason.NATIONWIDE}
    return min(list(RegionReason).index(reason) for reason in found)


def _number(question: Question, one: Organization) -> float:
    field, near = question.order.field, question.near
    value: float | None = 0.0
    if field is OrderField.DISTANCE or (field is OrderField.RELEVANCE and near):
        assert near is not None
        value = min((distance_km(near.point, point) for point in one.points), default=None)
    elif field is OrderField.FOUNDED:
        value = one.founded
    elif field is OrderField.JOINED:
        value = day(one.membership.joined_on) if one.membership.joined_on else None
    elif field is OrderField.VERIFIED:
        value = moment(one.verified_at) if one.verified_at else None
    elif field is OrderField.UPDATED:
        value = moment(one.updated_at)
    return float("inf") if value is None else -value if question.order.descending else value
