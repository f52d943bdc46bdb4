"""A question as sets of rows: one for each part that is asked, all of which must hold."""

from functools import reduce
from operator import and_

import numpy as np
from pyroaring import BitMap

from directory.question import FACETS, Nationwide, Question, TermFilter
from directory.search.index import EXACT, Index, day, moment
from directory.search.places import Nearest
from directory.search.sets import set_of, union
from directory.search.words import TextMatch

ANY = ":any"  # behind a facet's name: the part of a question that its facet counts replace


def conditions(question: Question, index: Index, text: TextMatch | None, nearest: Nearest | None) -> dict[str, BitMap]:
    """The rows that each part of the question leaves, by the part's name; parts that ask nothing are not there."""
    found = {"live": index.rows.live, "membership": index.sets["membership"].any(question.membership)}
    if question.text:
        found["text"] = text.rows if text else index.rows.live
    for facet in FACETS:
        found |= _of_terms(facet, getattr(question, facet), index)
    if question.kinds:
        found["kinds" + ANY] = index.sets["kinds"].any(question.kinds)
    if nearest is not None and question.near is not None and question.near.radius_km is not None:
        found["near"] = nearest.rows
    return found | _of_places(question, index) | _of_dates(question, index)


def together(sets: dict[str, BitMap], without: str | None = None) -> BitMap:
    """The rows that all conditions leave, but for the one that is left out; the smallest first, as that is the shortest way."""
    kept = sorted((rows for name, rows in sets.items() if name != without), key=len)
    return reduce(and_, kept)


def carriers(facet: str, slug: str, narrower: bool, index: Index) -> BitMap:
    return index.sets[facet if narrower else facet + EXACT][slug]


def _of_terms(facet: str, terms: TermFilter, index: Index) -> dict[str, BitMap]:
    found = {}
    if terms.any_of:
        found[facet + ANY] = union(carriers(facet, slug, terms.narrower, index) for slug in terms.any_of)
    for slug in terms.all_of:
        found[f"{facet}:all:{slug}"] = carriers(facet, slug, terms.narrower, index)
    if terms.none_of:
        excluded = union(carriers(facet, slug, terms.narrower, index) for slug in terms.none_of)
        found[facet + ":none"] = index.rows.live - excluded
    return found


def _of_places(question: Question, index: Index) -> dict[str, BitMap]:
    found = {}
    if question.regions.any_of or question.regions.nationwide is Nationwide.ONLY:
        found["regions" + ANY] = index.regions.match_any(question.regions)
    if question.regions.none_of:
        found["regions:none"] = index.rows.live - index.regions.excluded(question.regions)
    if question.within:
        found["within"] = index.places.within_box(question.within)
    if question.location_stated is not None:
        stated = index.sets["stated"]["location"]
        found["stated"] = stated if question.location_stated else index.rows.live - stated
    return found


def _of_dates(question: Question, index: Index) -> dict[str, BitMap]:
    found = {}
    if question.verified_since:
        found["verified"] = _since(index, "VERIFIED", moment(question.verified_since))
    if question.joined_since:
        found["joined"] = _since(index, "JOINED", day(question.joined_since))
    return found


def _since(index: Index, column: str, value: float) -> BitMap:
    return set_of(np.flatnonzero(index.columns[column] >= value))
