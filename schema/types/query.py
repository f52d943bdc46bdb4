"""Query: where every question begins. A field is nullable wherever it can be refused, so that one refusal leaves the others."""

from typing import Annotated

import strawberry

from directory import records
from directory.errors import BadInput, DirectoryError
from directory.gazetteer import place
from directory.gazetteer.gazetteer import get_gazetteer
from directory.question import Page
from directory.search import suggestions
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot
from directory.understanding.understand import Understanding as Understood
from directory.understanding.understand import understand
from directory.vocabulary import regions
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term
from schema.context import Info
from schema.fields import PAGE_SIZE, READ_POINTS, ListSize, computed_field, input_field
from schema.types import global_ids
from schema.types.changes import ChangeConnection, ChangePage, list_changes
from schema.types.filter_part import Suggestion, Understanding
from schema.types.global_ids import Node
from schema.types.global_ids import parse_organization_id as organization_key
from schema.types.issue_area import IssueArea, IssueAreaConnection, list_issue_areas
from schema.types.location import Place
from schema.types.network import Network, Viewer, require_network
from schema.types.organization import Organization
from schema.types.organization_connection import OrganizationConnection
from schema.types.organization_filter import (
    POINTS_PER_WORD,
    SEARCH_POINTS,
    FilterArgument,
    OrderByArgument,
    TextArgument,
    build_question,
)
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument, ListPage
from schema.types.region import Region, RegionConnection, list_regions
from schema.types.terms import Community, Language, WorkArea

NODES_LIMIT = 100
MATCHES_LIMIT = 20  # places or suggestions at once
PLACES_DEFAULT = 5
SUGGESTIONS_DEFAULT = 8
CHANGES_SIZE = ListSize(("first",), PAGE_SIZE.default, PAGE_SIZE.most)
IDS_SIZE = ListSize(("ids",), 1, NODES_LIMIT)
PLACES_SIZE = ListSize(("first",), PLACES_DEFAULT, MATCHES_LIMIT)
SUGGESTIONS_SIZE = ListSize(("first",), SUGGESTIONS_DEFAULT, MATCHES_LIMIT)


@strawberry.input(description="An organization's number in a public register.")
class IdentifierInput:
    scheme: str = input_field('The register, by its code at org-id.guide: "US-EIN".')
    value: str = input_field('The number, as the register writes it: "52-1633883".')


@strawberry.input(one_of=True, description="Which organization, said in exactly one of these ways.")
class OrganizationBy:
    id: strawberry.ID | None = input_field("By its id.", default=strawberry.UNSET)
    slug: str | None = input_field("By its slug; an old one leads to whoever carries it on.", default=strawberry.UNSET)
    identifier: IdentifierInput | None = input_field("By its number in a public register.", default=strawberry.UNSET)


IdArgument = Annotated[strawberry.ID, strawberry.argument(name="id", description="The id, as this directory gave it.")]
IdsArgument = Annotated[
    list[strawberry.ID], strawberry.argument(description=f"Up to {NODES_LIMIT} ids, as this directory gave them.")
]
OrganizationByArgument = Annotated[OrganizationBy, strawberry.argument(description="Which one.")]
IssueAreaSlugArgument = Annotated[str, strawberry.argument(description="The issue area's slug.")]
PrefixArgument = Annotated[
    str | None, strawberry.argument(description="Words that its label, name or another name has, or begins with.")
]
BroaderArgument = Annotated[str | None, strawberry.argument(description="Only those below this issue area, however far.")]
RegionCodeArgument = Annotated[str, strawberry.argument(description="The region's code.")]
RegionKindArgument = Annotated[RegionKind | None, strawberry.argument(description="Only regions of this kind.")]
WithinArgument = Annotated[str | None, strawberry.argument(description="Only regions inside the one of this code.")]
PlaceQueryArgument = Annotated[str, strawberry.argument(description='What somebody typed: "atlanta", "30312", "Fulton County".')]
SuggestQueryArgument = Annotated[str, strawberry.argument(description="What somebody has typed so far.")]
UnderstandQueryArgument = Annotated[
    str, strawberry.argument(description='What a person would say: "tenant groups near Atlanta".')
]
MatchLimitArgument = Annotated[int | None, strawberry.argument(description=f"How many at most, 1 to {MATCHES_LIMIT}.")]


def _resolve_node(info: Info, key: IdArgument) -> global_ids.NodeRecord | None:
    return global_ids.find_node(key, info.context)


def _resolve_nodes(info: Info, ids: IdsArgument) -> list[global_ids.NodeRecord | DirectoryError | None]:
    if len(ids) > NODES_LIMIT:
        raise BadInput(f"`ids` takes at most {NODES_LIMIT}; {len(ids)} are too many.", argument="ids", value=len(ids))
    return [_find_node_or_refusal(key, info) for key in ids]


def _find_node_or_refusal(key: str, info: Info) -> global_ids.NodeRecord | DirectoryError | None:
    try:
        return global_ids.find_node(key, info.context)
    except BadInput as refusal:
        return refusal  # told as this item's error; the other items stand


def _resolve_network(info: Info) -> Snapshot:
    require_network(info.context.snapshot)
    return info.context.snapshot


def _resolve_viewer(info: Info) -> Snapshot:
    return info.context.snapshot


def _resolve_organization(info: Info, by: OrganizationByArgument) -> records.Organization | None:
    snapshot = info.context.snapshot
    if by.id:
        return snapshot.find_by_id(organization_key(by.id))
    if by.identifier:
        return snapshot.find_by_identifier(by.identifier.scheme, by.identifier.value)
    return snapshot.find_by_slug(by.slug) if by.slug else None


def _resolve_organizations(
    info: Info,
    query: TextArgument = None,
    organization_filter: FilterArgument = None,
    order_by: OrderByArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> SearchResult:
    snapshot = info.context.snapshot
    return snapshot.find(build_question(snapshot, query, organization_filter, order_by, Page(first, after, last, before)))


def _resolve_issue_area(slug: IssueAreaSlugArgument) -> Term | None:
    return ISSUE_AREAS.get(slug)


def _resolve_issue_areas(
    query: PrefixArgument = None,
    broader: BroaderArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> ListPage[Term]:
    return list_issue_areas(query or "", broader, Page(first, after, last, before))


def _resolve_communities() -> list[Term]:
    return list(COMMUNITIES)


def _resolve_work_areas() -> list[Term]:
    return list(WORK_AREAS)


def _resolve_languages() -> list[Term]:
    return list(LANGUAGES)


def _resolve_region(code: RegionCodeArgument) -> regions.Region | None:
    return REGIONS.get(code)


def _resolve_regions(
    query: PrefixArgument = None,
    kind: RegionKindArgument = None,
    within: WithinArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> ListPage[regions.Region]:
    return list_regions(query or "", kind, within, Page(first, after, last, before))


def _resolve_places(query: PlaceQueryArgument, first: MatchLimitArgument = PLACES_DEFAULT) -> tuple[place.Place, ...]:
    return get_gazetteer().autocomplete(query, _check_match_limit(first, PLACES_DEFAULT))


def _resolve_suggest(
    info: Info, query: SuggestQueryArgument, first: MatchLimitArgument = SUGGESTIONS_DEFAULT
) -> list[suggestions.Suggestion]:
    return suggestions.suggest(info.context.snapshot, query, _check_match_limit(first, SUGGESTIONS_DEFAULT))


def _resolve_understand(info: Info, query: UnderstandQueryArgument) -> Understood:
    return understand(query, info.context.snapshot.is_name)


def _resolve_changes(info: Info, first: FirstArgument = None, after: AfterArgument = None) -> ChangePage:
    return list_changes(info.context.snapshot, Page(first, after))


def _check_match_limit(first: int | None, default: int) -> int:
    if first is None:
        return default
    if not 1 <= first <= MATCHES_LIMIT:
        raise BadInput(f"`first` is a number from 1 to {MATCHES_LIMIT} here; {first} is not.", argument="first", value=first)
    return first


@strawberry.type(description="Where every question begins. A field that refuses is null, and `errors` says why.")
class Query:
    node: Node | None = computed_field(
        _resolve_node, "Whatever has this id; null when nothing has, or you may not see it.", cost=2
    )
    nodes: list[Node | None] = computed_field(
        _resolve_nodes, "Whatever has these ids, in their order; null for those that lead nowhere.", cost=1, size=IDS_SIZE
    )
    network: Network = computed_field(_resolve_network, "Whose directory this is.", cost=1)
    viewer: Viewer = computed_field(_resolve_viewer, "Who is asking, and what they may see.", cost=READ_POINTS)
    organization: Organization | None = computed_field(
        _resolve_organization, "One organization; null when there is none, or you may not see it.", cost=2
    )
    organizations: OrganizationConnection | None = computed_field(
        _resolve_organizations, "Organizations; null when refused.", cost=SEARCH_POINTS, size=PAGE_SIZE, words=POINTS_PER_WORD
    )
    issue_area: IssueArea | None = computed_field(_resolve_issue_area, "One issue area; null when there is none.", cost=1)
    issue_areas: IssueAreaConnection | None = computed_field(
        _resolve_issue_areas, "Issue areas by slug; null when refused.", cost=20, size=PAGE_SIZE, words={"query": 50}
    )
    communities: list[Community] = computed_field(
        _resolve_communities, "All communities that an organization can serve.", cost=1, length=40
    )
    work_areas: list[WorkArea] = computed_field(
        _resolve_work_areas, "All ways in which an organization can work.", cost=1, length=22
    )
    languages: list[Language] = computed_field(
        _resolve_languages, "All languages that an organization can work in.", cost=1, length=100
    )
    region: Region | None = computed_field(_resolve_region, "One region; null when there is none.", cost=1)
    regions: RegionConnection | None = computed_field(
        _resolve_regions, "Regions by code; null when refused.", cost=100, size=PAGE_SIZE, words={"query": 30}
    )
    places: list[Place] | None = computed_field(
        _resolve_places, "What the gazetteer knows by that name or postal code; null when refused.", cost=150, size=PLACES_SIZE
    )
    suggest: list[Suggestion] | None = computed_field(
        _resolve_suggest,
        "While somebody types: organizations, themes, places; null when refused.",
        cost=350,
        size=SUGGESTIONS_SIZE,
    )
    understand: Understanding | None = computed_field(
        _resolve_understand, "What a person's words ask for; null when refused.", cost=250
    )
    changes: ChangeConnection | None = computed_field(
        _resolve_changes, "What changed, oldest first, each organization once; null when refused.", cost=10, size=CHANGES_SIZE
    )
