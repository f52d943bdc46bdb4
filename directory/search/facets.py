"""Count exactly the matches of each choice of a facet.

A count is the total of the question that the choice leads to (question/facet_choices.py).
"""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct
from pyroaring import BitMap

from directory.errors import BadInput
from directory.question import FACETS, Question, list_facet_values
from directory.question.facet_choices import KIND_FACET, REGION_FACET
from directory.records import OrganizationKind
from directory.search.search_index import SearchIndex
from directory.vocabulary.region_files import RegionKind

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


def count_terms(facet: str, question: Question, index: SearchIndex, others: BitMap) -> list[FacetCount]:
    """Count the terms of a vocabulary among `others`, the rows that match all other conditions.

    The largest count comes first. Terms with no rows are omitted unless they are selected.
    """
    terms = getattr(question, facet)
    counts = index.get_term_sets(facet, terms.narrower).count(others, FACETS[facet].terms)
    return _build_counts(facet, counts, list_facet_values(question, facet))


def count_kinds(question: Question, index: SearchIndex, others: BitMap) -> list[FacetCount]:
    """Count the kinds of organization among `others`, as count_terms does."""
    counts = index.sets[KIND_FACET].count(others, [kind.value for kind in OrganizationKind])
    return _build_counts(KIND_FACET, counts, list_facet_values(question, KIND_FACET))


def count_regions(
    question: Question, index: SearchIndex, others: BitMap, kind: RegionKind, within_region: str | None, first: int
) -> list[RegionFacetCount]:
    """Count the regions of a kind among `others`: all regions, or those within one.

    Return the `first` largest counts, and every selected region. Raises UnknownRegion for `within_region`.
    """
    region_filter, selected = question.regions, list_facet_values(question, REGION_FACET)
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


def _build_counts(facet: str, sizes: Iterable[tuple[str, int]], selected: frozenset[str]) -> list[FacetCount]:
    counts = [FacetCount(value, size, value in selected, facet) for value, size in sizes if size or value in selected]
    return sorted(counts, key=lambda count: (-count.count, count.value))


def check_first(first: int) -> None:
    """Raise BadInput unless a facet can show this many values."""
    if not 1 <= first <= FACET_LIMIT:
        raise BadInput(
            f"A facet shows 1 to {FACET_LIMIT} values, not {first}. Choose a number in this range.", argument="first", value=first
        )
