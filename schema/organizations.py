"""OrganizationConnection: the answer to one question, with its facets, its map and the reasons."""

from typing import Annotated

import strawberry

from directory.geo import KM_PER_MILE
from directory.parts import FilterPart as Part
from directory.parts import parts
from directory.records import Organization as Record
from directory.search import relaxations
from directory.search.found import Found, Hit
from directory.search.map import LIMIT_DEFAULT, LIMIT_MOST, ZOOM_MOST, MapView
from schema.connection import PageInfo, Turn, turn
from schema.context import Info
from schema.enums import DistanceUnit
from schema.facets import OrganizationFacets
from schema.fields import READ, Size, attribute, computed
from schema.filters import BoundingBoxInput, box
from schema.map import OrganizationMap
from schema.match import Match
from schema.organization import Organization
from schema.parts import QUESTION, FilterPart, Relaxation

FOUND = 2.0  # points for a part of the answer; the first of them is paid with the question
MATCH = 20.0
DISTANCE = 3.0
MAP = 50.0
RELAXATIONS = 600.0
MARKS = Size(("limit",), LIMIT_DEFAULT, LIMIT_MOST)

DISTANCE_DECIMALS = 2  # of a kilometre or mile: no place is known more exactly than a street

Unit = Annotated[DistanceUnit, strawberry.argument(description="What to count in.")]
View = Annotated[BoundingBoxInput | None, strawberry.argument(description="What is in view; everything unless given.")]
Zoom = Annotated[
    float | None,
    strawberry.argument(description=f"The map's zoom level, 0 to {ZOOM_MOST}: the lower, the more lies in one mark."),
]
Limit = Annotated[int | None, strawberry.argument(description=f"How many marks at most, 1 to {LIMIT_MOST}.")]


def _distance(root: Hit, unit: Unit = DistanceUnit.KILOMETER) -> float | None:
    km = root.distance_km
    if km is None:
        return None
    return round(km if unit is DistanceUnit.KILOMETER else km / KM_PER_MILE, DISTANCE_DECIMALS)


def _node(root: Hit) -> Record:
    return root.organization


@strawberry.type(description="One organization of a page, and why it is here.")
class OrganizationEdge:
    cursor: str = attribute("Where it stands in the list.")
    node: Organization = computed(_node, "The organization.", cost=READ)
    distance: float | None = computed(
        _distance, "From the origin to its nearest published point; null without `near` or without a point.", cost=DISTANCE
    )
    match: Match = attribute("Why it is here.", cost=MATCH)


def _edges(root: Found) -> list[Hit]:
    return root.page.hits


def _nodes(root: Found) -> list[Record]:
    return [hit.organization for hit in root.page.hits]


def _page_info(root: Found) -> Turn:
    page = root.page
    return turn([hit.cursor for hit in page.hits], page.has_next, page.has_previous)


def _total_count(root: Found) -> int:
    return root.total


def _facets(root: Found) -> Found:
    return root


def _map(root: Found, within: View = None, zoom: Zoom = None, limit: Limit = LIMIT_DEFAULT) -> MapView:
    return root.map(box(within) if within else None, zoom, LIMIT_DEFAULT if limit is None else limit)


def _relaxations(root: Found, info: Info) -> list[relaxations.Relaxation]:
    if info.context.once:
        info.context.once.claim("relaxations")
    return root.relaxations


def _question(root: Found) -> tuple[Part, ...]:
    return parts(root.question)


def _version(root: Found, info: Info) -> str:
    return info.context.snapshot.version


@strawberry.type(description="The answer to one question: a page of organizations, and what there is to know of all of them.")
class OrganizationConnection:
    edges: list[OrganizationEdge] = computed(
        _edges, "The organizations of the page with cursors and reasons.", cost=FOUND, paged=True
    )
    nodes: list[Organization] = computed(_nodes, "The organizations of the page alone.", cost=FOUND, paged=True)
    page_info: PageInfo = computed(_page_info, "Where the page ends, and whether there is more.", cost=FOUND)
    total_count: int = computed(_total_count, "How many match, on all pages.", cost=FOUND)
    facets: OrganizationFacets = computed(_facets, "How many organizations each further choice would leave.", cost=READ)
    map: OrganizationMap = computed(
        _map,
        "All matches with a published point in view, gathered into at most `limit` marks.",
        cost=MAP,
        size=MARKS,
        slow=True,
    )
    relaxations: list[Relaxation] = computed(
        _relaxations,
        "Only when nothing matched: what to drop, and how many that would give. Once per request.",
        cost=RELAXATIONS,
        length=4,
        slow=True,
    )
    question: list[FilterPart] = computed(
        _question, "The question as parts that a page can show and remove.", cost=QUESTION, length=3
    )
    version: str = computed(_version, "The state of the directory, as you see it, that answered.", cost=READ)
