"""How many a question would find with one more choice: exact counts, each the total of the question that it leads to."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct
from pyroaring import BitMap

from directory.errors import BadInput
from directory.question import FACETS, Question
from directory.records import OrganizationKind
from directory.regions import REGIONS, RegionKind
from directory.search.conditions import find_rows_with_term
from directory.search.index import SearchIndex

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
