"""How many a question would find with one more choice: exact counts, each the total of the question that it leads to."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct
from pyroaring import BitMap

from directory.errors import BadInput
from directory.question import FACETS, Question
from directory.records import OrganizationKind
from directory.regions import REGIONS, RegionKind
from directory.search.conditions import carriers
from directory.search.index import Index

KINDS = "kinds"
FACET_LIMIT = 500  # values in one facet


class Count(Struct, frozen=True):
    """`count` is the total of the question with this facet's any_of replaced by `value`."""

    value: str
    count: int
    selected: bool


class RegionCount(Struct, frozen=True):
    """As Count; `local` leaves out those that are found only because they serve the whole country."""

    value: str
    count: int
    local: int
    selected: bool


T = TypeVar("T", Count, RegionCount)


def term_counts(facet: str, question: Question, index: Index, others: BitMap) -> list[Count]:
    """Counts of a vocabulary's terms over `others`, the rows that all other conditions leave; most first, selected always."""
    terms = getattr(question, facet)
    sets = ((slug, carriers(facet, slug, terms.narrower, index)) for slug in FACETS[facet].terms)
    return _counts(sets, others, set(terms.any_of))


def kind_counts(question: Question, index: Index, others: BitMap) -> list[Count]:
    sets = ((kind.value, index.sets[KINDS][kind]) for kind in OrganizationKind)
    return _counts(sets, others, set(question.kinds))


def region_counts(
    question: Question, index: Index, others: BitMap, kind: RegionKind, within: str | None, first: int
) -> list[RegionCount]:
    """The first counts of regions of a kind, all or those within one; most first, selected always. UnknownRegion for `within`."""
    asked, selected = question.regions, set(question.regions.any_of)
    counter = index.regions.counter(kind, asked.by)
    counted = counter.count(others, asked.nationwide)
    inside = None if within is None else frozenset(REGIONS.contains(within, kind))
    found: list[RegionCount] = []
    left = first
    for position in counter.order(counted.count).tolist():
        code, count = counted.codes[position], int(counted.count[position])
        if (inside is None or code in inside) and (code in selected or (count and left > 0)):
            found.append(RegionCount(code, count, int(counted.local[position]), code in selected))
        left -= inside is None or code in inside
        if left <= 0 and not selected:
            break
    return found


def most(counts: list[T], first: int) -> list[T]:
    """The first so many, and those that are selected."""
    return [one for position, one in enumerate(counts) if position < first or one.selected]


def _counts(sets: Iterable[tuple[str, BitMap]], others: BitMap, selected: set[str]) -> list[Count]:
    counted = ((value, others.intersection_cardinality(rows)) for value, rows in sets)
    found = [Count(value, count, value in selected) for value, count in counted if count or value in selected]
    return sorted(found, key=lambda one: (-one.count, one.value))


def check_first(first: int) -> None:
    """Raises BadInput."""
    if not 1 <= first <= FACET_LIMIT:
        raise BadInput(f"A facet shows from 1 to {FACET_LIMIT} values; {first} is not among them.", argument="first", value=first)
