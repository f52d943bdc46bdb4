"""A question as sets of rows: one for each part that is asked, all of which must hold."""

from functools import reduce
from operator import and_

import numpy as np
from pyroaring import BitMap

from directory.question import FACETS, Nationwide, Question, TermFilter
from directory.search.index import EXACT_SUFFIX, SearchIndex, to_day_number, to_timestamp
from directory.search.places import NearestDistances
from directory.search.sets import to_row_set, unite
from directory.search.words import TextMatch

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
