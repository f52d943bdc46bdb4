"""How many a question would find with one more choice: exact counts, each the total of the question that it leads to."""

from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import TypeVar

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.errors import BadInput
from directory.question import FACETS, Nationwide, Question, TermFilter
from directory.records import OrganizationKind
from directory.search.published_points import NearestDistances
from directory.search.rows import to_row_set, unite
from directory.search.search_index import EXACT_SUFFIX, SearchIndex, to_day_number, to_timestamp
from directory.search.text.text_match import TextMatch
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

ANY_SUFFIX = ":any"  # behind a facet's name: the part of a question that its facet counts replace


def build_conditions(
    question: Question, index: SearchIndex, text_match: TextMatch | None, distances: NearestDistances | None
) -> dict[str, BitMap]:
    """The rows that each part of the question leaves, by the part's name; parts that ask nothing are not there."""
    found = {"live": index.rows.live_rows, "membership": index.sets["membership"].match_any(question.membership)}
    if question.text:
        found["text"] = text_match.rows if text_match else index.rows.live_rows
    for facet in FACETS:
        found |= _build_term_conditions(facet, getattr(question, facet), index)
    if question.kinds:
        found["kinds" + ANY_SUFFIX] = index.sets["kinds"].match_any(question.kinds)
    if distances is not None and question.near is not None and question.near.radius_km is not None:
        found["near"] = distances.rows
    return found | _build_place_conditions(question, index) | _build_date_conditions(question, index)


def intersect(sets: dict[str, BitMap], excluded_name: str | None = None) -> BitMap:
    """The rows that all conditions leave, but for the one that is left out; the smallest first, as that is the shortest way."""
    kept = sorted((rows for name, rows in sets.items() if name != excluded_name), key=len)
    return reduce(and_, kept)


def find_rows_with_term(facet: str, slug: str, narrower: bool, index: SearchIndex) -> BitMap:
    return index.sets[facet if narrower else facet + EXACT_SUFFIX][slug]


def _build_term_conditions(facet: str, terms: TermFilter, index: SearchIndex) -> dict[str, BitMap]:
    found = {}
    if terms.any_of:
        found[facet + ANY_SUFFIX] = unite(find_rows_with_term(facet, slug, terms.narrower, index) for slug in terms.any_of)
    for slug in terms.all_of:
        found[f"{facet}:all:{slug}"] = find_rows_with_term(facet, slug, terms.narrower, index)
    if terms.none_of:
        excluded = unite(find_rows_with_term(facet, slug, terms.narrower, index) for slug in terms.none_of)
        found[facet + ":none"] = index.rows.live_rows - excluded
    return found


def _build_place_conditions(question: Question, index: SearchIndex) -> dict[str, BitMap]:
    found = {}
    if question.regions.any_of or question.regions.nationwide is Nationwide.ONLY:
        found["regions" + ANY_SUFFIX] = index.regions.match_filter(question.regions)
    if question.regions.none_of:
        found["regions:none"] = index.rows.live_rows - index.regions.find_excluded_rows(question.regions)
    if question.within:
        found["within"] = index.points.find_rows_in_box(question.within)
    if question.location_stated is not None:
        stated = index.sets["stated"]["location"]
        found["stated"] = stated if question.location_stated else index.rows.live_rows - stated
    return found


def _build_date_conditions(question: Question, index: SearchIndex) -> dict[str, BitMap]:
    found = {}
    if question.verified_since:
        found["verified"] = _find_rows_since(index, "VERIFIED", to_timestamp(question.verified_since))
    if question.joined_since:
        found["joined"] = _find_rows_since(index, "JOINED", to_day_number(question.joined_since))
    return found


def _find_rows_since(index: SearchIndex, column: str, value: float) -> BitMap:
    return to_row_set(np.flatnonzero(index.columns[column] >= value))


KIND_FACET = "kinds"
FACET_LIMIT = 500  # values in one facet


class FacetCount(Struct, frozen=True):
    """`count` is the total of the question with this facet's any_of replaced by `value`."""

    value: str
    count: int
    selected: bool


class RegionFacetCount(Struct, frozen=True):
    """As Count; `local` leaves out those that are found only because they serve the whole country."""

    value: str
    count: int
    local: int
    selected: bool


CountT = TypeVar("CountT", FacetCount, RegionFacetCount)


def count_terms(facet: str, question: Question, index: SearchIndex, others: BitMap) -> list[FacetCount]:
    """Counts of a vocabulary's terms over `others`, the rows that all other conditions leave; most first, selected always."""
    terms = getattr(question, facet)
    sets = ((slug, find_rows_with_term(facet, slug, terms.narrower, index)) for slug in FACETS[facet].terms)
    return _count_values(sets, others, set(terms.any_of))


def count_kinds(question: Question, index: SearchIndex, others: BitMap) -> list[FacetCount]:
    sets = ((kind.value, index.sets[KIND_FACET][kind]) for kind in OrganizationKind)
    return _count_values(sets, others, set(question.kinds))


def count_regions(
    question: Question, index: SearchIndex, others: BitMap, kind: RegionKind, within_region: str | None, first: int
) -> list[RegionFacetCount]:
    """The first counts of regions of a kind, all or those within one; most first, selected always. UnknownRegion for `within`."""
    asked, selected = question.regions, set(question.regions.any_of)
    counter = index.regions.get_counter(kind, asked.by)
    counted = counter.count(others, asked.nationwide)
    inside = None if within_region is None else frozenset(REGIONS.contained_codes(within_region, kind))
    found: list[RegionFacetCount] = []
    left = first
    for position in counter.sort_by_count(counted.counts).tolist():
        code, count = counted.codes[position], int(counted.counts[position])
        if (inside is None or code in inside) and (code in selected or (count and left > 0)):
            found.append(RegionFacetCount(code, count, int(counted.local_counts[position]), code in selected))
        left -= inside is None or code in inside
        if left <= 0 and not selected:
            break
    return found


def limit_counts(counts: list[CountT], first: int) -> list[CountT]:
    """The first so many, and those that are selected."""
    return [one for position, one in enumerate(counts) if position < first or one.selected]


def _count_values(sets: Iterable[tuple[str, BitMap]], others: BitMap, selected: set[str]) -> list[FacetCount]:
    counted = ((value, others.intersection_cardinality(rows)) for value, rows in sets)
    found = [FacetCount(value, count, value in selected) for value, count in counted if count or value in selected]
    return sorted(found, key=lambda one: (-one.count, one.value))


def check_first(first: int) -> None:
    """Raises BadInput."""
    if not 1 <= first <= FACET_LIMIT:
        raise BadInput(f"A facet shows from 1 to {FACET_LIMIT} values; {first} is not among them.", argument="first", value=first)
