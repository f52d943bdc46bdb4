"""Reference implementation of search: checks one record after the other, without an index.

The snapshot must give the same answers. Texts are in reference_text_match.py, maps in reference_map.py.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec.structs import replace

from directory.geo import distance_km
from directory.question import (
    FACETS,
    Clause,
    Filter,
    Nationwide,
    OrderField,
    Question,
    RegionFilter,
    TermFilter,
    YearRange,
)
from directory.records import Organization, OrganizationKind
from directory.search.facets import FacetCount, RegionFacetCount
from directory.search.region_sets import RegionReason
from directory.search.search_result import IssueAreaMatch
from directory.search.searched_fields import to_day_number, to_timestamp
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import Vocabulary
from tests.directory.search import reference_text_match
from tests.directory.search.reference_places import find_reasons, is_in_region, is_near

REPLACED_SUFFIX = ":any"  # the part of a facet's or the regions' filter that its counts replace
TODAY = dt.date(2023, 3, 10)


class ReferenceResult:
    """The result of one question.

    `matching_records` are not sorted. `text_keys` are the sort keys of the text matches, by id.
    """

    def __init__(self, question: Question, records: Sequence[Organization]) -> None:
        self.question, self.records = question, dict(enumerate(records))
        keys = reference_text_match.find_sort_keys(question.text, self.records)
        self.text_keys = None if keys is None else {self.records[row].id: key for row, key in keys.items()}
        optional = {word: reference_text_match.find_rows_with_word(word, self.records) for word in question.optional_words}
        self.optional_counts = {one.id: sum(row in rows for rows in optional.values()) for row, one in self.records.items()}
        self._conditions = [(one, self._evaluate_conditions(one)) for one in records]
        self.matching_records = self._list_matching_without("")

    def _evaluate_conditions(self, one: Organization) -> dict[str, bool]:
        return {"text": self.text_keys is None or one.id in self.text_keys, **evaluate_conditions(self.question, one)}

    def _list_matching_without(self, condition: str) -> list[Organization]:
        return [one for one, holds in self._conditions if all(matches for name, matches in holds.items() if name != condition)]

    @property
    def sorted_records(self) -> list[Organization]:
        return sort_records(self.question, self.matching_records, self.text_keys, self.optional_counts)

    def count_facet(self, facet: str, first: int) -> list[FacetCount]:
        terms: TermFilter = getattr(self.question, facet)
        counts = Counter(
            term
            for one in self._list_matching_without(facet + REPLACED_SUFFIX)
            for term in expand_terms(getattr(one, facet), terms.narrower, FACETS[facet])
        )
        return _build_counts(facet, counts, list_selected(self.question, facet), first)

    def count_kinds(self) -> list[FacetCount]:
        return _build_counts(
            "kinds",
            Counter(one.kind.value for one in self._list_matching_without("kinds" + REPLACED_SUFFIX)),
            list_selected(self.question, "kinds"),
            len(OrganizationKind),
        )

    def count_regions(self, kind: RegionKind, first: int) -> list[RegionFacetCount]:
        others, requested, found = self._list_matching_without("regions" + REPLACED_SUFFIX), self.question.regions, []
        selected = list_selected(self.question, "regions")
        for code in (region.code for region in REGIONS.list_of_kind(kind)):
            reasons_in_region = [find_reasons(requested, one, code) for one in others if is_in_region(requested, one, code)]
            if reasons_in_region or code in selected:
                local = sum(reasons != {RegionReason.NATIONWIDE} for reasons in reasons_in_region)
                found.append(RegionFacetCount(code, len(reasons_in_region), local, code in selected))
        found.sort(key=lambda one: (-one.count, one.value))
        return [one for position, one in enumerate(found) if position < first or one.selected]

    @property
    def location_not_stated(self) -> int:
        return sum(not one.locations for one in self._list_matching_without("stated"))


def _build_counts(facet: str, counts: Mapping[str, int], selected: Collection[str], first: int) -> list[FacetCount]:
    values = {*counts, *selected}
    found = [FacetCount(value, counts.get(value, 0), value in selected, facet) for value in values]
    found.sort(key=lambda one: (-one.count, one.value))
    return [one for position, one in enumerate(found) if position < first or one.selected]


def list_selected(question: Question, facet: str) -> set[str]:
    """Return the values of a facet that its counts replace."""
    filters = [question, *(one for clause in question.clauses if only_chooses(clause, facet) for one in clause)]
    values = [getattr(one, facet) for one in filters]
    return {value for chosen in values for value in (chosen if isinstance(chosen, tuple) else chosen.any_of)}


def only_chooses(clause: Clause, facet: str) -> bool:
    """Return whether nothing of the alternatives is left without the chosen values of a facet."""
    return all(one == build_choice(facet, getattr(one, facet)) != Filter() for one in clause)


def build_choice(facet: str, values: Any) -> Filter:
    if isinstance(values, TermFilter):
        values = replace(values, all_of=(), none_of=()) if values.any_of else TermFilter()
    elif isinstance(values, RegionFilter):
        values = replace(values, none_of=()) if values.any_of else RegionFilter()
    return Filter(**{facet: values})


def meets(condition: Filter, one: Organization) -> bool:
    return all(evaluate_conditions(condition, one).values())


def evaluate_conditions(question: Filter, one: Organization) -> dict[str, bool]:
    """Return for each condition of a question, except its text, whether a record matches."""
    verified, joined, founded = one.verified_at, one.membership.joined_on, question.founded
    since, due = question.updated_since, verified is None or (TODAY - verified.date()).days > 365
    matches = {
        "membership": not question.membership or one.membership.status in question.membership,
        "kinds" + REPLACED_SUFFIX: not question.kinds or one.kind in question.kinds,
        "excluded kinds": one.kind not in question.excluded_kinds,
        "near": is_near(question, one),
        "within": question.within is None or any(point in question.within for point in one.points),
        "stated": question.location_stated is None or question.location_stated == bool(one.locations),
        "verified": question.verified_since is None
        or (verified is not None and to_timestamp(verified) >= to_timestamp(question.verified_since)),
        "due": question.verification_due in (None, due),
        "updated": since is None or one.updated_at >= since,
        "joined": question.joined_since is None or (joined is not None and joined >= question.joined_since),
        "founded": founded == YearRange()
        or (one.founded is not None and (founded.first or 0) <= one.founded <= (founded.last or 9999)),
        "parent": question.parent is None or one.parent == question.parent,
        "ids": not question.ids or one.id in question.ids,
        **_evaluate_region_clauses(question.regions, one),
    }
    for facet, vocabulary in FACETS.items():
        requested: TermFilter = getattr(question, facet)
        has = expand_terms(getattr(one, facet), requested.narrower, vocabulary)
        matches[facet + REPLACED_SUFFIX] = not requested.any_of or bool(has & set(requested.any_of))
        matches[facet] = has >= set(requested.all_of) and not has & set(requested.none_of)
    for clause in question.clauses:
        facets = [facet + REPLACED_SUFFIX for facet in (*FACETS, "kinds", "regions") if only_chooses(clause, facet)]
        (name,) = facets or ["clauses"]
        matches[name] = matches.get(name, True) and any(meets(alternative, one) for alternative in clause)
    return matches


@cache
def expand_terms(terms: tuple[str, ...], narrower: bool, vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(above for term in terms for above in (term, *(vocabulary.ancestors(term) if narrower else ())))


def _evaluate_region_clauses(region_filter: RegionFilter, one: Organization) -> dict[str, bool]:
    national = any(REGIONS.get_country_code(area) == area for area in one.service_areas)
    if region_filter.any_of:
        included = any(is_in_region(region_filter, one, code) for code in region_filter.any_of)
    else:
        included = national or region_filter.nationwide is not Nationwide.ONLY
    excluded = any(find_reasons(region_filter, one, code) - {RegionReason.NATIONWIDE} for code in region_filter.none_of)
    return {"regions" + REPLACED_SUFFIX: included, "regions": not excluded}


# Order


def sort_records(
    question: Question,
    found: Iterable[Organization],
    text_keys: Mapping[str, reference_text_match.Key] | None = None,
    optional_counts: Mapping[str, int] | None = None,
) -> list[Organization]:
    """Sort records. `text_keys` are the sort keys of the text matches by id, if the question has a text."""
    by_name = sorted(found, key=lambda one: (fold(one.name), one.id), reverse=_are_names_reversed(question))
    numbered = sorted(by_name, key=lambda one: _get_sort_number(question, one))
    if question.order.field is not OrderField.RELEVANCE:
        return numbered

    def rate(one: Organization) -> tuple[int, int, reference_text_match.Key | tuple[()]]:
        optional = -optional_counts[one.id] if optional_counts else 0
        return _rate_place(question, one), optional, text_keys[one.id] if text_keys else ()

    return sorted(numbered, key=rate, reverse=question.order.descending)


def _rate_place(question: Question, one: Organization) -> int:
    reason = find_strongest_reason(question, one)
    if reason is None:
        return len(RegionReason)
    return 0 if reason is RegionReason.WITHIN_DISTANCE else list(RegionReason).index(reason)


def _are_names_reversed(question: Question) -> bool:
    turns = question.order.field is OrderField.RELEVANCE or question.order.field is OrderField.NAME
    return question.order.descending and turns


def list_filters(condition: Filter) -> list[Filter]:
    return [condition, *(inner for clause in condition.clauses for one in clause for inner in list_filters(one))]


def find_strongest_reason(question: Question, one: Organization) -> RegionReason | None:
    """Return the strongest reason that any part of the question accepts; None if it has no regions and no circles."""
    found = set()
    for condition in list_filters(question):
        reasons = {reason for code in condition.regions.any_of for reason in find_reasons(condition.regions, one, code)}
        if condition.regions.nationwide is Nationwide.EXCLUDE:
            reasons -= {RegionReason.NATIONWIDE}
        if condition.near is not None and condition.near.radius_km is not None and is_near(condition, one):
            reasons.add(RegionReason.WITHIN_DISTANCE)
        found |= reasons
    return min(found, key=list(RegionReason).index, default=None)


def find_issue_area_matches(question: Question, one: Organization) -> list[tuple[str, frozenset[str]]]:
    """Return the organization's issue areas that match the question, each with the terms of the question that it matches."""
    filters, found = [condition.issue_areas for condition in list_filters(question)], []
    for slug in one.issue_areas:
        through = {
            term
            for terms in filters
            for term in {*terms.any_of, *terms.all_of} & expand_terms((slug,), terms.narrower, FACETS["issue_areas"])
        }
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
    origin = next((condition.near.point for condition in list_filters(question) if condition.near), None)
    return min((distance_km(origin, point) for point in one.points), default=None) if origin else None


def _get_sort_number(question: Question, one: Organization) -> float:
    field = question.order.field
    value: float | None = 0.0
    if field is OrderField.DISTANCE or (field is OrderField.RELEVANCE and question.origin):
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
