"""OrganizationFacets: how many organizations each further choice would leave."""

from typing import Annotated

import strawberry
from msgspec import Struct

from directory import part_labels
from directory.regions import REGIONS, RegionKind
from directory.search.facets import FACET_LIMIT, KINDS
from directory.search.facets import RegionCount as CountedRegion
from directory.search.found import Found
from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary
from schema.fields import LABEL, Size, attribute, computed
from schema.terms import LabelLanguage

FACET_DEFAULT = 100
FACET = 10.0  # points for the counts of one
REGIONS_FACET = 40.0
COUNTIES = 200.0  # more, as there are thousands
SHOWN = Size(("first",), FACET_DEFAULT, FACET_LIMIT)

FacetFirst = Annotated[int | None, strawberry.argument(description=f"How many to give at most, 1 to {FACET_LIMIT}: the largest.")]
FacetKind = Annotated[RegionKind, strawberry.argument(description="Count regions of this kind.")]
FacetWithin = Annotated[str | None, strawberry.argument(description="Count only regions inside this one, by its code.")]


class Counted(Struct, frozen=True):
    """The record behind FacetCount. Without a vocabulary the value is one of OrganizationKind."""

    value: str
    count: int
    selected: bool
    vocabulary: Vocabulary | None


def _label(root: Counted, language: LabelLanguage = "en") -> str:
    if root.vocabulary is None:
        return part_labels.label(KINDS, root.value, None, language)
    return root.vocabulary.require(root.value).label(language)


@strawberry.type(description="How many organizations one value of a facet leads to.")
class FacetCount:
    value: str = attribute("What a filter names it by.")
    label: str = computed(_label, "What people read.", cost=LABEL)
    count: int = attribute("The total of this question with this facet's anyOf replaced by this value.")
    selected: bool = attribute("Whether the question's anyOf names it.")


def _region_label(root: CountedRegion, language: LabelLanguage = "en") -> str:
    return REGIONS.require(root.value).label(language)


@strawberry.type(description="How many organizations one region leads to.")
class RegionCount:
    value: str = attribute("The region's code.")
    label: str = computed(_region_label, "What people read.", cost=LABEL)
    count: int = attribute("The total of this question with its regions' anyOf replaced by this one.")
    local: int = attribute("The same without those who are there only because they are nationwide.")
    selected: bool = attribute("Whether the question's anyOf names it.")


def _issue_areas(root: Found, first: FacetFirst = FACET_DEFAULT) -> list[Counted]:
    return _counted(root, "issue_areas", ISSUE_AREAS, first)


def _communities(root: Found, first: FacetFirst = FACET_DEFAULT) -> list[Counted]:
    return _counted(root, "communities", COMMUNITIES, first)


def _work_areas(root: Found, first: FacetFirst = FACET_DEFAULT) -> list[Counted]:
    return _counted(root, "work_areas", WORK_AREAS, first)


def _languages(root: Found, first: FacetFirst = FACET_DEFAULT) -> list[Counted]:
    return _counted(root, "languages", LANGUAGES, first)


def _kinds(root: Found) -> list[Counted]:
    return _counted(root, KINDS, None, FACET_LIMIT)


def _regions(
    root: Found, kind: FacetKind = RegionKind.STATE, within: FacetWithin = None, first: FacetFirst = FACET_DEFAULT
) -> list[CountedRegion]:
    return root.facet_regions(kind, within, _or_default(first))


@strawberry.type(description="What each further choice would leave. A value without any is left out, unless it is selected.")
class OrganizationFacets:
    issue_areas: list[FacetCount] = computed(
        _issue_areas, "By what they work on; a broader one counts its narrower ones in.", cost=FACET, size=SHOWN
    )
    communities: list[FacetCount] = computed(_communities, "By whom they work for.", cost=FACET, size=SHOWN)
    work_areas: list[FacetCount] = computed(_work_areas, "By how they work.", cost=FACET, size=SHOWN)
    languages: list[FacetCount] = computed(_languages, "By the languages they work in.", cost=FACET, size=SHOWN)
    kinds: list[FacetCount] = computed(_kinds, "By what sort of organization they are.", cost=FACET, length=16)
    regions: list[RegionCount] = computed(
        _regions,
        "By region, in the way that the question's `regions` says.",
        cost=REGIONS_FACET,
        size=SHOWN,
        values={"kind": {RegionKind.COUNTY: COUNTIES}},
        slow=True,
    )
    location_not_stated: int = attribute("How many of the matches state no location.", cost=FACET)


def _counted(found: Found, facet: str, vocabulary: Vocabulary | None, first: int | None) -> list[Counted]:
    return [Counted(count.value, count.count, count.selected, vocabulary) for count in found.facet(facet, _or_default(first))]


def _or_default(first: int | None) -> int:
    return FACET_DEFAULT if first is None else first
