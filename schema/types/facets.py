"""OrganizationFacets: the number of matches for each value that could be added to a filter."""

from typing import Annotated, Any

import strawberry

from directory.filters import labels
from directory.question import FACETS
from directory.question.facet_choices import KIND_FACET
from directory.search.facets import FACET_LIMIT
from directory.search.facets import FacetCount as CountedValue
from directory.search.facets import RegionFacetCount as CountedRegion
from directory.search.search_result import SearchResult
from directory.vocabulary.choice_labels import choose_label_language
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from schema.fields import LABEL_POINTS, ListSize, attribute_field, computed_field
from schema.types.terms import LabelLanguageArgument

FACET_DEFAULT = 100
FACET_POINTS, FACET_POINTS_PER_THOUSAND = 3.0, 0.1
REGION_FACET_POINTS = 5.0
COUNTY_FACET_POINTS = 60.0  # in addition, as there are thousands of counties
FACET_SIZE = ListSize(("first",), FACET_DEFAULT, FACET_LIMIT)

FacetFirstArgument = Annotated[
    int | None, strawberry.argument(description=f"The maximum number of values, 1 to {FACET_LIMIT}. Largest counts come first.")
]
FacetKindArgument = Annotated[RegionKind, strawberry.argument(description="The kind of regions to count.")]
FacetWithinArgument = Annotated[
    str | None, strawberry.argument(description="The code of a region: count only regions inside it.")
]


def _resolve_label(root: CountedValue | CountedRegion, language: LabelLanguageArgument = "en") -> str:
    if isinstance(root, CountedRegion):
        return REGIONS.require(root.value).label(choose_label_language(language))
    if root.facet == KIND_FACET:
        return labels.format_label(KIND_FACET, root.value, None, language)
    return FACETS[root.facet].require(root.value).label(language)


@strawberry.interface(description="One value of any facet, with the number of matches. A filter menu can show all facets alike.")
class Count:
    value: str = attribute_field("The value to pass in a filter.")
    label: str = computed_field(_resolve_label, "The name to display.", cost=LABEL_POINTS)
    count: int = attribute_field("The number of matches if `anyOf` of this facet contained only this value.")
    selected: bool = attribute_field("Whether `anyOf` of this facet contains this value now.")


@strawberry.type(description="One value of a facet, with the number of matches.")
class FacetCount(Count):
    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, CountedValue)


@strawberry.type(description="One region, with the number of matches.")
class RegionCount(Count):
    value: str = attribute_field("The code of the region, to pass in a filter.")
    local: int = attribute_field("The value of `count` without organizations that count only because they are nationwide.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, CountedRegion)


def _term_facet(facet: str, description: str) -> Any:
    """Declare the counts by the terms of a vocabulary, which `facet` names as in question.FACETS."""

    def count_terms(root: SearchResult, first: FacetFirstArgument = FACET_DEFAULT) -> list[CountedValue]:
        return root.count_facet(facet, _use_default_limit(first))

    return computed_field(
        count_terms, description, cost=FACET_POINTS, points_per_thousand=FACET_POINTS_PER_THOUSAND, size=FACET_SIZE
    )


def _resolve_kinds(root: SearchResult) -> list[CountedValue]:
    return root.count_facet(KIND_FACET, FACET_LIMIT)


def _resolve_regions(
    root: SearchResult,
    kind: FacetKindArgument = RegionKind.STATE,
    within: FacetWithinArgument = None,
    first: FacetFirstArgument = FACET_DEFAULT,
) -> list[CountedRegion]:
    return root.count_regions(kind, within, _use_default_limit(first))


@strawberry.type(
    description="Facet counts of a search, for filter menus. Values without matches are omitted unless they are selected."
)
class OrganizationFacets:
    issue_areas: list[FacetCount] = _term_facet(
        "issue_areas", "Counts by issue area. The count of an issue area includes narrower ones."
    )
    communities: list[FacetCount] = _term_facet("communities", "Counts by community served.")
    work_areas: list[FacetCount] = _term_facet("work_areas", "Counts by kind of work.")
    languages: list[FacetCount] = _term_facet("languages", "Counts by language.")
    kinds: list[FacetCount] = computed_field(
        _resolve_kinds,
        "Counts by kind of organization.",
        cost=FACET_POINTS,
        points_per_thousand=FACET_POINTS_PER_THOUSAND,
        length=16,
    )
    regions: list[RegionCount] = computed_field(
        _resolve_regions,
        "Counts by region. `by` and `nationwide` of the `regions` filter apply.",
        cost=REGION_FACET_POINTS,
        size=FACET_SIZE,
        points_by_value={"kind": {RegionKind.COUNTY: COUNTY_FACET_POINTS}},
        points_per_thousand=FACET_POINTS_PER_THOUSAND,
    )
    location_not_stated: int = attribute_field("The number of matches without a published location.", cost=FACET_POINTS)


def _use_default_limit(first: int | None) -> int:
    return FACET_DEFAULT if first is None else first
