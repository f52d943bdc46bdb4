"""Find the rows that match each part of a question, and count exactly the matches of each choice of a facet.

A count is the total of the question that the choice leads to.
"""

from collections.abc import Iterable, Sequence
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
from directory.search.row_sets import to_row_set, unite
from directory.search.search_index import SearchIndex, to_day_number, to_timestamp
from directory.search.text.text_match import TextMatch
from directory.vocabulary.region_files import RegionKind

ANY_SUFFIX = ":any"  # after the name of a facet: the condition that its own counts leave out
KIND_FACET = "kinds"
FACET_LIMIT = 500  # values in one facet


class FacetCount(Struct, frozen=True):
    """`count` is the total of the question with any_of of `facet` replaced by `value`."""

    value: str
    count: int
    selected: bool
    facet: str  # a key of question.FACETS, or KIND_FACET


class RegionFacetCount(Struct, frozen=True):
    """As FacetCount; `local` excludes organizations that match only because they serve the whole country."""

    value: str
    count: int
    local: int
    selected: bool


CountT = TypeVar("CountT", FacetCount, RegionFacetCount)


def build_conditions(
    question: Question, index: SearchIndex, text_match: TextMatch | None, distances: NearestDistances | None
) -> dict[str, BitMap]:
    """Return the rows that match each part of the question, by the name of the part; parts that filter nothing are left out."""
    conditions = {"membership": index.sets["membership"].match_any(question.membership)}  # every row has a status
    if question.text:
        conditions["text"] = text_match.rows if text_match else index.rows.live_rows
    for facet in FACETS:
        conditions |= _build_term_conditions(facet, getattr(question, facet), index)
    if question.kinds:
        conditions[KIND_FACET + ANY_SUFFIX] = index.sets[KIND_FACET].match_any(question.kinds)
    if distances is not None and question.near is not None and question.near.radius_km is not None:
        conditions["near"] = distances.rows
    return conditions | _build_place_conditions(question, index) | _build_date_conditions(question, index)


def intersect(sets: dict[str, BitMap], excluded_name: str | None = None) -> BitMap:
    """Return the rows that match all conditions except the excluded one."""
    smallest_first = sorted((rows for name, rows in sets.items() if name != excluded_name), key=len)
    return reduce(and_, smallest_first)


def _build_term_conditions(facet: str, terms: TermFilter, index: SearchIndex) -> dict[str, BitMap]:
    conditions = {}
    if terms.any_of:
        conditions[facet + ANY_SUFFIX] = unite(index.find_rows_with_term(facet, slug, terms.narrower) for slug in terms.any_of)
    for slug in terms.all_of:
        conditions[f"{facet}:all:{slug}"] = index.find_rows_with_term(facet, slug, terms.narrower)
    if terms.none_of:
        excluded = unite(index.find_rows_with_term(facet, slug, terms.narrower) for slug in terms.none_of)
        conditions[facet + ":none"] = index.rows.live_rows - excluded
    return conditions


def _build_place_conditions(question: Question, index: SearchIndex) -> dict[str, BitMap]:
    conditions = {}
    if question.regions.any_of or question.regions.nationwide is Nationwide.ONLY:
        conditions["regions" + ANY_SUFFIX] = index.regions.match_filter(question.regions)
    if question.regions.none_of:
        conditions["regions:none"] = index.rows.live_rows - index.regions.find_excluded_rows(question.regions)
    if question.within:
        conditions["within"] = index.points.find_rows_in_box(question.within)
    if question.location_stated is not None:
        with_location = index.sets["stated"]["location"]
        conditions["stated"] = with_location if question.location_stated else index.rows.live_rows - with_location
    return conditions


def _build_date_conditions(question: Question, index: SearchIndex) -> dict[str, BitMap]:
    conditions = {}
    if question.verified_since:
        conditions["verified"] = _find_rows_since(index, "VERIFIED", to_timestamp(question.verified_since))
    if question.joined_since:
        conditions["joined"] = _find_rows_since(index, "JOINED", to_day_number(question.joined_since))
    return conditions


def _find_rows_since(index: SearchIndex, column: str, value: float) -> BitMap:
    return to_row_set(np.flatnonzero(index.columns[column] >= value))


def count_terms(facet: str, question: Question, index: SearchIndex, others: BitMap) -> list[FacetCount]:
    """Count the terms of a vocabulary among `others`, the rows that match all other conditions.

    The largest count comes first. Terms with no rows are omitted unless they are selected.
    """
    terms = getattr(question, facet)
    counts = index.get_term_sets(facet, terms.narrower).count(others, FACETS[facet].terms)
    return _build_counts(facet, counts, terms.any_of)


def count_kinds(question: Question, index: SearchIndex, others: BitMap) -> list[FacetCount]:
    """Count the kinds of organization among `others`, as count_terms does."""
    counts = index.sets[KIND_FACET].count(others, [kind.value for kind in OrganizationKind])
    return _build_counts(KIND_FACET, counts, question.kinds)


def count_regions(
    question: Question, index: SearchIndex, others: BitMap, kind: RegionKind, within_region: str | None, first: int
) -> list[RegionFacetCount]:
    """Count the regions of a kind among `others`: all regions, or those within one.

    Return the `first` largest counts, and every selected region. Raises UnknownRegion for `within_region`.
    """
    region_filter, selected = question.regions, set(question.regions.any_of)
    counter = index.regions.get_counter(kind, region_filter.by, within_region)
    counts = counter.count(others, region_filter.nationwide)
    order = counter.sort_by_count(counts.counts)
    order = order if selected else order[:first]
    columns = map(counts.codes.__getitem__, order.tolist()), counts.counts[order].tolist(), counts.local_counts[order].tolist()
    return [
        RegionFacetCount(code, count, local, code in selected)
        for rank, (code, count, local) in enumerate(zip(*columns, strict=True))
        if code in selected or (count and rank < first)
    ]


def limit_counts(counts: list[CountT], first: int) -> list[CountT]:
    """Return the first counts, and all that are selected."""
    return [count for position, count in enumerate(counts) if position < first or count.selected]


def _build_counts(facet: str, sizes: Iterable[tuple[str, int]], selected: Sequence[str]) -> list[FacetCount]:
    counts = [FacetCount(value, size, value in selected, facet) for value, size in sizes if size or value in selected]
    return sorted(counts, key=lambda count: (-count.count, count.value))


def check_first(first: int) -> None:
    """Raise BadInput unless a facet can show this many values."""
    if not 1 <= first <= FACET_LIMIT:
        raise BadInput(
            f"A facet shows 1 to {FACET_LIMIT} values, not {first}. Choose a number in this range.", argument="first", value=first
        )
