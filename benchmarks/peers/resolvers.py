"""The resolvers that the peers share: plain functions over the records of the snapshot, as short as they can be."""

import datetime as dt
from typing import Any

from directory.filters.origins import near_point
from directory.geo import Box, Point
from directory.question import OrderField, Page, Question, RegionFilter, SortOrder, TermFilter
from directory.records import VERIFICATION_PERIOD, Location, Organization
from directory.search.search_result import Hit, SearchResult
from directory.search.snapshot import Snapshot
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS, Region
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term, Vocabulary
from schema.types.global_ids import GlobalId

VOCABULARIES: dict[str, Vocabulary] = {
    "issue_areas": ISSUE_AREAS,
    "communities": COMMUNITIES,
    "work_areas": WORK_AREAS,
    "languages": LANGUAGES,
}
DISTANCE_DECIMALS = 2


def search(
    snapshot: Snapshot, text: str | None, conditions: dict[str, Any], order_field: str | None, first: int | None
) -> SearchResult:
    """Search with the conditions of a filter, as in the schema but with names in snake case."""
    near = conditions.get("near")
    return snapshot.find(
        Question(
            text=text or "",
            issue_areas=TermFilter(any_of=tuple(conditions.get("issue_areas") or ())),
            regions=RegionFilter(any_of=tuple(conditions.get("regions") or ())),
            near=near_point(Point(near["latitude"], near["longitude"]), near["radius"]) if near else None,
            order=SortOrder(OrderField(order_field)) if order_field else SortOrder(),
            page=Page(first),
        )
    )


def find_id(root: Organization) -> str:
    return str(GlobalId("Organization", root.id))


def list_issue_areas(root: Organization) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in root.issue_areas]


def is_nationwide(root: Organization) -> bool:
    return any(REGIONS.require(code).kind is RegionKind.COUNTRY for code in root.service_areas)


def is_verification_due(root: Organization, info: Any) -> bool:
    return root.verified_at is None or info.context.now.date() - root.verified_at.date() > VERIFICATION_PERIOD


def format_verified_at(root: Organization) -> str | None:
    return _format_moment(root.verified_at) if root.verified_at else None


def format_updated_at(root: Organization) -> str:
    return _format_moment(root.updated_at)


def _format_moment(moment: dt.datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def list_regions(root: Location) -> list[Region]:
    return [REGIONS.require(code) for code in root.regions]


def list_nodes(root: SearchResult) -> list[Organization]:
    return [hit.organization for hit in root.page.hits]


def round_distance(root: Hit) -> float | None:
    return None if root.distance_km is None else round(root.distance_km, DISTANCE_DECIMALS)


def count_terms(root: SearchResult, facet: str) -> list[dict[str, Any]]:
    vocabulary = VOCABULARIES[facet]
    return [
        {"value": each.value, "label": vocabulary.require(each.value).label(), "count": each.count, "selected": each.selected}
        for each in root.count_facet(facet)
    ]


def count_states(root: SearchResult) -> list[dict[str, Any]]:
    return [
        {
            "value": each.value,
            "label": REGIONS.require(each.value).label(),
            "count": each.count,
            "local": each.local,
            "selected": each.selected,
        }
        for each in root.count_regions(RegionKind.STATE)
    ]


def build_box(box: dict[str, float]) -> Box:
    return Box(box["south"], box["west"], box["north"], box["east"])
