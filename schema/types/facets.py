"""OrganizationFacets: how many organizations each further choice would leave."""

from typing import Annotated

import strawberry
from msgspec import Struct

from directory.filters import labels
from directory.search.facets import FACET_LIMIT, KIND_FACET
from directory.search.facets import RegionFacetCount as CountedRegion
from directory.search.search_result import SearchResult
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary
from schema.fields import LABEL_POINTS, ListSize, attribute_field, computed_field
from schema.types.terms import LabelLanguageArgument

FACET_DEFAULT = 100
FACET_POINTS = 10.0  # points for the counts of one
REGION_FACET_POINTS = 40.0
COUNTY_FACET_POINTS = 200.0  # more, as there are thousands
FACET_SIZE = ListSize(("first",), FACET_DEFAULT, FACET_LIMIT)

FacetFirstArgument = Annotated[
    int | None, strawberry.argument(description=f"How many to give at most, 1 to {FACET_LIMIT}: the largest.")
]
FacetKindArgument = Annotated[RegionKind, strawberry.argument(description="Count regions of this kind.")]
FacetWithinArgument = Annotated[str | None, strawberry.argument(description="Count only regions inside this one, by its code.")]


class FacetCountRecord(Struct, frozen=True):
    """The record behind FacetCount. Without a vocabulary the value is one of OrganizationKind."""

    value: str
    count: int
    selected: bool
    vocabulary: Vocabulary | None


def _resolve_label(root: FacetCountRecord, language: LabelLanguageArgument = "en") -> str:
    if root.vocabulary is None:
        return labels.format_label(KIND_FACET, root.value, None, language)
    return root.vocabulary.require(root.value).label(language)


@strawberry.type(description="How many organizations one value of a facet leads to.")
class FacetCount:
    value: str = attribute_field("What a filter names it by.")
    label: str = computed_field(_resolve_label, "What people read.", cost=LABEL_POINTS)
    count: int = attribute_field("The total of this question with this facet's anyOf replaced by this value.")
    selected: bool = attribute_field("Whether the question's anyOf names it.")


def _resolve_region_label(root: CountedRegion, language: LabelLanguageArgument = "en") -> str:
    return REGIONS.require(root.value).label(language)


@strawberry.type(description="How many organizations one region leads to.")
class RegionCount:
    value: str = attribute_field("The region's code.")
    label: str = computed_field(_resolve_region_label, "What people read.", cost=LABEL_POINTS)
    count: int = attribute_field("The total of this question with its regions' anyOf replaced by this one.")
    local: int = attribute_field("The same without those who are there only because they are nationwide.")
    selected: bool = attribute_field("Whether the question's anyOf names it.")


def _resolve_issue_areas(root: SearchResult, first: FacetFirstArgument = FACET_DEFAULT) -> list[FacetCountRecord]:
    return _count_facet(root, "issue_areas", ISSUE_AREAS, first)


def _resolve_communities(root: SearchResult, first: FacetFirstArgument = FACET_DEFAULT) -> list[FacetCountRecord]:
    return _count_facet(root, "communities", COMMUNITIES, first)


def _resolve_work_areas(root: SearchResult, first: FacetFirstArgument = FACET_DEFAULT) -> list[FacetCountRecord]:
    return _count_facet(root, "work_areas", WORK_AREAS, first)


def _resolve_languages(root: SearchResult, first: FacetFirstArgument = FACET_DEFAULT) -> list[FacetCountRecord]:
    return _count_facet(root, "languages", LANGUAGES, first)


def _resolve_kinds(root: SearchResult) -> list[FacetCountRecord]:
    return _count_facet(root, KIND_FACET, None, FACET_LIMIT)


def _resolve_regions(
    root: SearchResult,
    kind: FacetKindArgument = RegionKind.STATE,
    within: FacetWithinArgument = None,
    first: FacetFirstArgument = FACET_DEFAULT,
) -> list[CountedRegion]:
    return root.count_regions(kind, within, _use_default_limit(first))


@strawberry.type(description="What each further choice would leave. A value without any is left out, unless it is selected.")
class OrganizationFacets:
    issue_areas: list[FacetCount] = computed_field(
        _resolve_issue_areas,
        "By what they work on; a broader one counts its narrower ones in.",
        cost=FACET_POINTS,
        size=FACET_SIZE,
    )
    communities: list[FacetCount] = computed_field(
        _resolve_communities, "By whom they work for.", cost=FACET_POINTS, size=FACET_SIZE
    )
    work_areas: list[FacetCount] = computed_field(_resolve_work_areas, "By how they work.", cost=FACET_POINTS, size=FACET_SIZE)
    languages: list[FacetCount] = computed_field(
        _resolve_languages, "By the languages they work in.", cost=FACET_POINTS, size=FACET_SIZE
    )
    kinds: list[FacetCount] = computed_field(
        _resolve_kinds, "By what sort of organization they are.", cost=FACET_POINTS, length=16
    )
    regions: list[RegionCount] = computed_field(
        _resolve_regions,
        "By region, in the way that the question's `regions` says.",
        cost=REGION_FACET_POINTS,
        size=FACET_SIZE,
        values={"kind": {RegionKind.COUNTY: COUNTY_FACET_POINTS}},
        slow=True,
    )
    location_not_stated: int = attribute_field("How many of the matches state no location.", cost=FACET_POINTS)


def _count_facet(found: SearchResult, facet: str, vocabulary: Vocabulary | None, first: int | None) -> list[FacetCountRecord]:
    return [
        FacetCountRecord(count.value, count.count, count.selected, vocabulary)
        for count in found.count_facet(facet, _use_default_limit(first))
    ]


def _use_default_limit(first: int | None) -> int:
    return FACET_DEFAULT if first is None else first
