"""Reference implementation of search: checks one record after the other, without an index.

The snapshot must give the same answers. Texts are in reference_text_match.py, maps in reference_map.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from directory.geo import Circle, distance_km
from directory.question import FACETS, Nationwide, OrderField, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import Organization, OrganizationKind
from directory.search.facets import FacetCount, RegionFacetCount
from directory.search.region_sets import RegionReason
from directory.search.search_index import to_day_number, to_timestamp
from directory.search.search_result import IssueAreaMatch
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import Vocabulary
from tests.directory.search import reference_text_match

REPLACED_SUFFIX = ":any"  # the part of a facet's or the regions' filter that its counts replace


class ReferenceResult:
    """The result of one question.

    `matching_records` are not sorted. `text_keys` are the sort keys of the text matches, by id.
    """

    def __init__(self, question: Question, records: Sequence[Organization]) -> None:
        self.question, self.records = question, dict(enumerate(records))
        keys = reference_text_match.find_sort_keys(question.text, self.records)
        self.text_keys = None if keys is None else {self.records[row].id: key for row, key in keys.items()}
        self._clauses = [(one, self._evaluate_clauses(one)) for one in records]
        self.matching_records = self._list_matching_without("")

    def _evaluate_clauses(self, one: Organization) -> dict[str, bool]:
        return {"text": self.text_keys is None or one.id in self.text_keys, **evaluate_clauses(self.question, one)}

    def _list_matching_without(self, clause: str) -> list[Organization]:
        return [one for one, holds in self._clauses if all(matches for name, matches in holds.items() if name != clause)]

    @property
    def sorted_records(self) -> list[Organization]:
        return sort_records(self.question, self.matching_records, self.text_keys)

    def count_facet(self, facet: str, first: int) -> list[FacetCount]:
        terms: TermFilter = getattr(self.question, facet)
        counts = Counter(
            term
            for one in self._list_matching_without(facet + REPLACED_SUFFIX)
            for term in expand_terms(getattr(one, facet), terms.narrower, FACETS[facet])
        )
        return _build_counts(facet, counts, terms.any_of, first)

    def count_kinds(self) -> list[FacetCount]:
        return _build_counts(
            "kinds",
            Counter(one.kind.value for one in self._list_matching_without("kinds" + REPLACED_SUFFIX)),
            self.question.kinds,
            len(OrganizationKind),
        )

    def count_regions(self, kind: RegionKind, first: int) -> list[RegionFacetCount]:
        others, requested, found = self._list_matching_without("regions" + REPLACED_SUFFIX), self.question.regions, []
        for code in (region.code for region in REGIONS.list_of_kind(kind)):
            reasons_in_region = [find_reasons(requested, one, code) for one in others if _is_in_region(requested, one, code)]
            if reasons_in_region or code in requested.any_of:
                local = sum(reasons != {RegionReason.NATIONWIDE} for reasons in reasons_in_region)
                found.append(RegionFacetCount(code, len(reasons_in_region), local, code in requested.any_of))
        found.sort(key=lambda one: (-one.count, one.value))
        return [one for position, one in enumerate(found) if position < first or one.selected]

    @property
    def location_not_stated(self) -> int:
        return sum(not one.locations for one in self._list_matching_without("stated"))


def _build_counts(facet: str, counts: Mapping[str, int], selected: Sequence[str], first: int) -> list[FacetCount]:
    values = {*counts, *selected}
    found = [FacetCount(value, counts.get(value, 0), value in selected, facet) for value in values]
    found.sort(key=lambda one: (-one.count, one.value))
    return [one for position, one in enumerate(found) if position < first or one.selected]


def evaluate_clauses(question: Question, one: Organization) -> dict[str, bool]:
    """Return for each clause of a question, except its text, whether a record matches."""
    verified, joined = one.verified_at, one.membership.joined_on
    matches = {
        "membership": one.membership.status in question.membership,
        "kinds" + REPLACED_SUFFIX: not question.kinds or one.kind in question.kinds,
        "near": _is_near(question, one),
        "within": question.within is None or any(point in question.within for point in one.points),
        "stated": question.location_stated is None or question.location_stated == bool(one.locations),
        "verified": question.verified_since is None
        or (verified is not None and to_timestamp(verified) >= to_timestamp(question.verified_since)),
        "joined": question.joined_since is None or (joined is not None and joined >= question.joined_since),
        **_evaluate_region_clauses(question.regions, one),
    }
    for facet, vocabulary in FACETS.items():
        requested: TermFilter = getattr(question, facet)
        has = expand_terms(getattr(one, facet), requested.narrower, vocabulary)
        matches[facet + REPLACED_SUFFIX] = not requested.any_of or bool(has & set(requested.any_of))
        matches[facet] = has >= set(requested.all_of) and not has & set(requested.none_of)
    return matches


@cache
def expand_terms(terms: tuple[str, ...], narrower: bool, vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(above for term in terms for above in (term, *(vocabulary.ancestors(term) if narrower else ())))


def find_reasons(region_filter: RegionFilter, one: Organization, code: str) -> frozenset[RegionReason]:
    """Return the reasons of the requested kind why an organization matches a region."""
    found = _find_all_reasons(tuple(location.regions for location in one.locations), one.service_areas, code)
    if region_filter.by is RegionMatch.LOCATED:
        return found & {RegionReason.LOCATED}
    return found - {RegionReason.LOCATED} if region_filter.by is RegionMatch.SERVING else found


@cache
def _find_all_reasons(located: tuple[tuple[str, ...], ...], service_areas: tuple[str, ...], code: str) -> frozenset[RegionReason]:
    areas = [area for area in service_areas if REGIONS.get_country_code(area) != area]
    holds = {
        RegionReason.LOCATED: any(code in regions for regions in located),
        RegionReason.SERVES: any(REGIONS.covers(area, code) for area in areas),
        RegionReason.SERVES_PART: any(REGIONS.overlaps(area, code) and not REGIONS.covers(area, code) for area in areas),
        RegionReason.NATIONWIDE: REGIONS.get_country_code(code) in service_areas,
    }
    return frozenset(reason for reason, matches in holds.items() if matches)


def _evaluate_region_clauses(region_filter: RegionFilter, one: Organization) -> dict[str, bool]:
    national = any(REGIONS.get_country_code(area) == area for area in one.service_areas)
    if region_filter.any_of:
        included = any(_is_in_region(region_filter, one, code) for code in region_filter.any_of)
    else:
        included = national or region_filter.nationwide is not Nationwide.ONLY
    excluded = any(find_reasons(region_filter, one, code) - {RegionReason.NATIONWIDE} for code in region_filter.none_of)
    return {"regions" + REPLACED_SUFFIX: included, "regions": not excluded}


def _is_in_region(region_filter: RegionFilter, one: Organization, code: str) -> bool:
    found = find_reasons(region_filter, one, code)
    if region_filter.nationwide is Nationwide.EXCLUDE:
        found -= {RegionReason.NATIONWIDE}
    return bool(found) and (
        region_filter.nationwide is not Nationwide.ONLY or REGIONS.get_country_code(code) in one.service_areas
    )


def _is_near(question: Question, one: Organization) -> bool:
    near = question.near
    if near is None or near.radius_km is None:
        return True
    return any(point in Circle(near.point, near.radius_km) for point in one.points)


# Order


def sort_records(
    question: Question, found: Iterable[Organization], text_keys: Mapping[str, reference_text_match.Key] | None = None
) -> list[Organization]:
    """Sort records. `text_keys` are the sort keys of the text matches by id, if the question has a text."""
    by_name = sorted(found, key=lambda one: (fold(one.name), one.id), reverse=_are_names_reversed(question))
    numbered = sorted(by_name, key=lambda one: _get_sort_number(question, one))
    if question.order.field is not OrderField.RELEVANCE:
        return numbered
    best_first = {
        one.id: (find_strongest_reason(question, one) or "", text_keys[one.id] if text_keys else ()) for one in numbered
    }
    places = {reason: position for position, reason in enumerate(("", *RegionReason))}
    return sorted(
        numbered, key=lambda one: (places[best_first[one.id][0]], best_first[one.id][1]), reverse=question.order.descending
    )


def _are_names_reversed(question: Question) -> bool:
    turns = question.order.field is OrderField.RELEVANCE or question.order.field is OrderField.NAME
    return question.order.descending and turns


def find_strongest_reason(question: Question, one: Organization) -> RegionReason | None:
    """Return the strongest reason that the question accepts; None if it has no regions."""
    found = {reason for code in question.regions.any_of for reason in find_reasons(question.regions, one, code)}
    if question.regions.nationwide is Nationwide.EXCLUDE:
        found -= {RegionReason.NATIONWIDE}
    return min(found, key=list(RegionReason).index, default=None)


def find_issue_area_matches(term_filter: TermFilter, one: Organization) -> list[tuple[str, frozenset[str]]]:
    """Return the organization's issue areas that match the filter, each with the terms of the filter that it matches."""
    terms, found = {*term_filter.any_of, *term_filter.all_of}, []
    for slug in one.issue_areas:
        through = terms & expand_terms((slug,), term_filter.narrower, FACETS["issue_areas"])
        if through:
            found.append((slug, frozenset({slug} if slug in through else through)))
    return found


def is_explained(matches: Sequence[IssueAreaMatch], expected: list[tuple[str, frozenset[str]]]) -> bool:
    if len(matches) != len(expected):
        return False
    return all(
        match.issue_area == slug and (match.broader_term or slug) in through
        for match, (slug, through) in zip(matches, expected, strict=True)
    )


def distance(question: Question, one: Organization) -> float | None:
    """Return the kilometers to the nearest published point; None without an origin or a point."""
    near = question.near
    return min((distance_km(near.point, point) for point in one.points), default=None) if near else None


def _get_sort_number(question: Question, one: Organization) -> float:
    field = question.order.field
    value: float | None = 0.0
    if field is OrderField.DISTANCE or (field is OrderField.RELEVANCE and question.near):
        value = distance(question, one)
    elif field is OrderField.FOUNDED:
        value = one.founded
    elif field is OrderField.JOINED:
        value = to_day_number(one.membership.joined_on) if one.membership.joined_on else None
    elif field is OrderField.VERIFIED:
        value = to_timestamp(one.verified_at) if one.verified_at else None
    elif field is OrderField.UPDATED:
        value = to_timestamp(one.updated_at)
    return float("inf") if value is None else -value if question.order.descending else value
