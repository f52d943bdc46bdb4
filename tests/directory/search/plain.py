"""What a question means, written a second time in the plainest way: one record after the other, without any index.

The snapshot must answer as this does. What a text means is written in plain_text.py, what a map shows in plain_map.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from directory.geo import Circle, distance_km
from directory.question import FACETS, Nationwide, OrderField, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import Organization, OrganizationKind
from directory.regions import REGIONS, RegionKind
from directory.search.facets import Count, RegionCount
from directory.search.index import day, moment
from directory.search.reasons import IssueAreaMatch
from directory.search.regions import RegionReason
from directory.text import fold
from directory.vocabulary import Vocabulary
from tests.directory.search import plain_text

REPLACED = ":any"  # the part of a facet's or the regions' filter that its counts replace


class PlainAnswer:
    """The answer to one question.

    `matching` are the records that match, in no order; `text_keys` the key of each record's text match by id.
    """

    def __init__(self, question: Question, records: Sequence[Organization]) -> None:
        self.question, self.records = question, dict(enumerate(records))
        keys = plain_text.keys(question.text, self.records)
        self.text_keys = None if keys is None else {self.records[row].id: key for row, key in keys.items()}
        self._clauses = [(one, self._clauses_of(one)) for one in records]
        self.matching = self._without("")

    def _clauses_of(self, one: Organization) -> dict[str, bool]:
        return {"text": self.text_keys is None or one.id in self.text_keys, **clauses(self.question, one)}

    def _without(self, clause: str) -> list[Organization]:
        return [one for one, holds in self._clauses if all(held for name, held in holds.items() if name != clause)]

    @property
    def ordered(self) -> list[Organization]:
        return ordered(self.question, self.matching, self.text_keys)

    def facet(self, facet: str, first: int) -> list[Count]:
        terms: TermFilter = getattr(self.question, facet)
        counts = Counter(
            term
            for one in self._without(facet + REPLACED)
            for term in carried(getattr(one, facet), terms.narrower, FACETS[facet])
        )
        return _counts(counts, terms.any_of, first)

    def kinds(self) -> list[Count]:
        return _counts(
            Counter(one.kind.value for one in self._without("kinds" + REPLACED)), self.question.kinds, len(OrganizationKind)
        )

    def regions(self, kind: RegionKind, first: int) -> list[RegionCount]:
        others, asked, found = self._without("regions" + REPLACED), self.question.regions, []
        for code in (region.code for region in REGIONS.of_kind(kind)):
            here = [reasons(asked, one, code) for one in others if _in_region(asked, one, code)]
            if here or code in asked.any_of:
                local = sum(found_by != {RegionReason.NATIONWIDE} for found_by in here)
                found.append(RegionCount(code, len(here), local, code in asked.any_of))
        found.sort(key=lambda one: (-one.count, one.value))
        return [one for position, one in enumerate(found) if position < first or one.selected]

    @property
    def location_not_stated(self) -> int:
        return sum(not one.locations for one in self._without("stated"))


def _counts(counts: Mapping[str, int], selected: Sequence[str], first: int) -> list[Count]:
    values = {*counts, *selected}
    found = [Count(value, counts.get(value, 0), value in selected) for value in values]
    found.sort(key=lambda one: (-one.count, one.value))
    return [one for position, one in enumerate(found) if position < first or one.selected]


def clauses(question: Question, one: Organization) -> dict[str, bool]:
    """Which clauses of a question hold for a record, but for its text."""
    verified, joined = one.verified_at, one.membership.joined_on
    held = {
        "membership": one.membership.status in question.membership,
        "kinds" + REPLACED: not question.kinds or one.kind in question.kinds,
        "near": _near(question, one),
        "within": question.within is None or any(point in question.within for point in one.points),
        "stated": question.location_stated is None or question.location_stated == bool(one.locations),
        "verified": question.verified_since is None
        or (verified is not None and moment(verified) >= moment(question.verified_since)),
        "joined": question.joined_since is None or (joined is not None and joined >= question.joined_since),
        **_region_clauses(question.regions, one),
    }
    for facet, vocabulary in FACETS.items():
        asked: TermFilter = getattr(question, facet)
        has = carried(getattr(one, facet), asked.narrower, vocabulary)
        held[facet + REPLACED] = not asked.any_of or bool(has & set(asked.any_of))
        held[facet] = has >= set(asked.all_of) and not has & set(asked.none_of)
    return held


@cache
def carried(terms: tuple[str, ...], narrower: bool, vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(above for term in terms for above in (term, *(vocabulary.ancestors(term) if narrower else ())))


def reasons(asked: RegionFilter, one: Organization, code: str) -> frozenset[RegionReason]:
    """The reasons of the kind asked for why an organization has to do with a region."""
    found = _reasons(tuple(location.regions for location in one.locations), one.service_areas, code)
    if asked.by is RegionMatch.LOCATED:
        return found & {RegionReason.LOCATED}
    return found - {RegionReason.LOCATED} if asked.by is RegionMatch.SERVING else found


@cache
def _reasons(located: tuple[tuple[str, ...], ...], service_areas: tuple[str, ...], code: str) -> frozenset[RegionReason]:
    areas = [area for area in service_areas if REGIONS.country(area) != area]
    holds = {
        RegionReason.LOCATED: any(code in regions for regions in located),
        RegionReason.SERVES: any(REGIONS.covers(area, code) for area in areas),
        RegionReason.SERVES_PART: any(REGIONS.overlaps(area, code) and not REGIONS.covers(area, code) for area in areas),
        RegionReason.NATIONWIDE: REGIONS.country(code) in service_areas,
    }
    return frozenset(reason for reason, held in holds.items() if held)


def _region_clauses(asked: RegionFilter, one: Organization) -> dict[str, bool]:
    national = any(REGIONS.country(area) == area for area in one.service_areas)
    if asked.any_of:
        included = any(_in_region(asked, one, code) for code in asked.any_of)
    else:
        included = national or asked.nationwide is not Nationwide.ONLY
    excluded = any(reasons(asked, one, code) - {RegionReason.NATIONWIDE} for code in asked.none_of)
    return {"regions" + REPLACED: included, "regions": not excluded}


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


# Order


def ordered(
    question: Question, found: Iterable[Organization], text_keys: Mapping[str, plain_text.Key] | None = None
) -> list[Organization]:
    """`text_keys`: the key of each record's text match by id, where the question has a text."""
    by_name = sorted(found, key=lambda one: (fold(one.name), one.id), reverse=_names_turned(question))
    numbered = sorted(by_name, key=lambda one: _number(question, one))
    if question.order.field is not OrderField.RELEVANCE:
        return numbered
    best_first = {one.id: (strongest(question, one) or "", text_keys[one.id] if text_keys else ()) for one in numbered}
    places = {reason: position for position, reason in enumerate(("", *RegionReason))}
    return sorted(
        numbered, key=lambda one: (places[best_first[one.id][0]], best_first[one.id][1]), reverse=question.order.descending
    )


def _names_turned(question: Question) -> bool:
    turns = question.order.field is OrderField.RELEVANCE or question.order.field is OrderField.NAME
    return question.order.descending and turns


def strongest(question: Question, one: Organization) -> RegionReason | None:
    """The strongest reason asked for; None when no region is asked for."""
    found = {reason for code in question.regions.any_of for reason in reasons(question.regions, one, code)}
    if question.regions.nationwide is Nationwide.EXCLUDE:
        found -= {RegionReason.NATIONWIDE}
    return min(found, key=list(RegionReason).index, default=None)


def issue_area_matches(asked: TermFilter, one: Organization) -> list[tuple[str, frozenset[str]]]:
    """The organization's issue areas that answer the filter, each with the terms of the filter that it answers."""
    terms, found = {*asked.any_of, *asked.all_of}, []
    for slug in one.issue_areas:
        through = terms & carried((slug,), asked.narrower, FACETS["issue_areas"])
        if through:
            found.append((slug, frozenset({slug} if slug in through else through)))
    return found


def is_explained(told: Sequence[IssueAreaMatch], expected: list[tuple[str, frozenset[str]]]) -> bool:
    if len(told) != len(expected):
        return False
    return all(
        match.issue_area == slug and (match.through or slug) in through
        for match, (slug, through) in zip(told, expected, strict=True)
    )


def distance(question: Question, one: Organization) -> float | None:
    """Kilometres to the nearest published point; None without an origin or without a point."""
    near = question.near
    return min((distance_km(near.point, point) for point in one.points), default=None) if near else None


def _number(question: Question, one: Organization) -> float:
    field = question.order.field
    value: float | None = 0.0
    if field is OrderField.DISTANCE or (field is OrderField.RELEVANCE and question.near):
        value = distance(question, one)
    elif field is OrderField.FOUNDED:
        value = one.founded
    elif field is OrderField.JOINED:
        value = day(one.membership.joined_on) if one.membership.joined_on else None
    elif field is OrderField.VERIFIED:
        value = moment(one.verified_at) if one.verified_at else None
    elif field is OrderField.UPDATED:
        value = moment(one.updated_at)
    return float("inf") if value is None else -value if question.order.descending else value
