"""Query: where every question begins. A field is nullable wherever it can be refused, so that one refusal leaves the others."""

from typing import Annotated

import strawberry

from directory import gazetteer, records, regions
from directory.errors import BadInput, DirectoryError
from directory.question import Page
from directory.regions import REGIONS, RegionKind
from directory.search import suggestions
from directory.search.found import Found
from directory.search.snapshot import Snapshot
from directory.understand import Understanding as Understood
from directory.understand import understand
from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term
from schema import node
from schema.changes import ChangeConnection, Feed, feed
from schema.connection import After, Before, First, Last, Listing
from schema.context import Info
from schema.fields import PAGE, READ, Size, computed, given
from schema.filters import SEARCH, WORDS, Filter, OrderBy, Text, question
from schema.ids import organization as organization_key
from schema.issue_area import IssueArea, IssueAreaConnection, issue_areas
from schema.network import Network, Viewer, network_of
from schema.node import Node
from schema.organization import Organization
from schema.organizations import OrganizationConnection
from schema.parts import Suggestion, Understanding
from schema.place import Place
from schema.region import Region, RegionConnection, region_list
from schema.terms import Community, Language, WorkArea

NODES_LIMIT = 100
WORDS_LIMIT = 20  # places or suggestions at once
PLACES_DEFAULT = 5
SUGGESTIONS_DEFAULT = 8
FORWARD = Size(("first",), PAGE.default, PAGE.most)
IDS = Size(("ids",), 1, NODES_LIMIT)
FEW_PLACES = Size(("first",), PLACES_DEFAULT, WORDS_LIMIT)
FEW_SUGGESTIONS = Size(("first",), SUGGESTIONS_DEFAULT, WORDS_LIMIT)


@strawberry.input(description="An organization's number in a public register.")
class IdentifierInput:
    scheme: str = given('The register, by its code at org-id.guide: "US-EIN".')
    value: str = given('The number, as the register writes it: "52-1633883".')


@strawberry.input(one_of=True, description="Which organization, said in exactly one of these ways.")
class OrganizationBy:
    id: strawberry.ID | None = given("By its id.", default=strawberry.UNSET)
    slug: str | None = given("By its slug; an old one leads to whoever carries it on.", default=strawberry.UNSET)
    identifier: IdentifierInput | None = given("By its number in a public register.", default=strawberry.UNSET)


Id = Annotated[strawberry.ID, strawberry.argument(name="id", description="The id, as this directory gave it.")]
Ids = Annotated[list[strawberry.ID], strawberry.argument(description=f"Up to {NODES_LIMIT} ids, as this directory gave them.")]
By = Annotated[OrganizationBy, strawberry.argument(description="Which one.")]
Slug = Annotated[str, strawberry.argument(description="The issue area's slug.")]
Beginning = Annotated[
    str | None, strawberry.argument(description="Words that its label, name or another name has, or begins with.")
]
Broader = Annotated[str | None, strawberry.argument(description="Only those below this issue area, however far.")]
Code = Annotated[str, strawberry.argument(description="The region's code.")]
Kind = Annotated[RegionKind | None, strawberry.argument(description="Only regions of this kind.")]
Within = Annotated[str | None, strawberry.argument(description="Only regions inside the one of this code.")]
PlaceWords = Annotated[str, strawberry.argument(description='What somebody typed: "atlanta", "30312", "Fulton County".')]
TypedWords = Annotated[str, strawberry.argument(description="What somebody has typed so far.")]
PersonsWords = Annotated[str, strawberry.argument(description='What a person would say: "tenant groups near Atlanta".')]
AtMost = Annotated[int | None, strawberry.argument(description=f"How many at most, 1 to {WORDS_LIMIT}.")]


def _node(info: Info, key: Id) -> node.Record | None:
    return node.find(key, info.context)


def _nodes(info: Info, ids: Ids) -> list[node.Record | DirectoryError | None]:
    if len(ids) > NODES_LIMIT:
        raise BadInput(f"`ids` takes at most {NODES_LIMIT}; {len(ids)} are too many.", argument="ids", value=len(ids))
    return [_node_or_refusal(key, info) for key in ids]


def _node_or_refusal(key: str, info: Info) -> node.Record | DirectoryError | None:
    try:
        return node.find(key, info.context)
    except BadInput as refusal:
        return refusal  # told as this item's error; the other items stand


def _network(info: Info) -> Snapshot:
    network_of(info.context.snapshot)
    return info.context.snapshot


def _viewer(info: Info) -> Snapshot:
    return info.context.snapshot


def _organization(info: Info, by: By) -> records.Organization | None:
    snapshot = info.context.snapshot
    if by.id:
        return snapshot.by_id(organization_key(by.id))
    if by.identifier:
        return snapshot.by_identifier(by.identifier.scheme, by.identifier.value)
    return snapshot.by_slug(by.slug) if by.slug else None


def _organizations(
    info: Info,
    query: Text = None,
    chosen: Filter = None,
    order_by: OrderBy = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Found:
    snapshot = info.context.snapshot
    return snapshot.find(question(snapshot, query, chosen, order_by, Page(first, after, last, before)))


def _issue_area(slug: Slug) -> Term | None:
    return ISSUE_AREAS.get(slug)


def _issue_areas(
    query: Beginning = None,
    broader: Broader = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Listing[Term]:
    return issue_areas(query or "", broader, Page(first, after, last, before))


def _communities() -> list[Term]:
    return list(COMMUNITIES)


def _work_areas() -> list[Term]:
    return list(WORK_AREAS)


def _languages() -> list[Term]:
    return list(LANGUAGES)


def _region(code: Code) -> regions.Region | None:
    return REGIONS.get(code)


def _regions(
    query: Beginning = None,
    kind: Kind = None,
    within: Within = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Listing[regions.Region]:
    return region_list(query or "", kind, within, Page(first, after, last, before))


def _places(query: PlaceWords, first: AtMost = PLACES_DEFAULT) -> tuple[gazetteer.Place, ...]:
    return gazetteer.gazetteer().find(query, _few(first, PLACES_DEFAULT))


def _suggest(info: Info, query: TypedWords, first: AtMost = SUGGESTIONS_DEFAULT) -> list[suggestions.Suggestion]:
    return suggestions.suggest(info.context.snapshot, query, _few(first, SUGGESTIONS_DEFAULT))


def _understand(info: Info, query: PersonsWords) -> Understood:
    return understand(query, info.context.snapshot.is_name)


def _changes(info: Info, first: First = None, after: After = None) -> Feed:
    return feed(info.context.snapshot, Page(first, after))


def _few(first: int | None, default: int) -> int:
    if first is None:
        return default
    if not 1 <= first <= WORDS_LIMIT:
        raise BadInput(f"`first` is a number from 1 to {WORDS_LIMIT} here; {first} is not.", argument="first", value=first)
    return first


@strawberry.type(description="Where every question begins. A field that refuses is null, and `errors` says why.")
class Query:
    node: Node | None = computed(_node, "Whatever has this id; null when nothing has, or you may not see it.", cost=2)
    nodes: list[Node | None] = computed(
        _nodes, "Whatever has these ids, in their order; null for those that lead nowhere.", cost=1, size=IDS
    )
    network: Network = computed(_network, "Whose directory this is.", cost=1)
    viewer: Viewer = computed(_viewer, "Who is asking, and what they may see.", cost=READ)
    organization: Organization | None = computed(
        _organization, "One organization; null when there is none, or you may not see it.", cost=2
    )
    organizations: OrganizationConnection | None = computed(
        _organizations, "Organizations; null when refused.", cost=SEARCH, size=PAGE, words=WORDS
    )
    issue_area: IssueArea | None = computed(_issue_area, "One issue area; null when there is none.", cost=1)
    issue_areas: IssueAreaConnection | None = computed(
        _issue_areas, "Issue areas by slug; null when refused.", cost=20, size=PAGE, words={"query": 50}
    )
    communities: list[Community] = computed(_communities, "All communities that an organization can serve.", cost=1, length=40)
    work_areas: list[WorkArea] = computed(_work_areas, "All ways in which an organization can work.", cost=1, length=22)
    languages: list[Language] = computed(_languages, "All languages that an organization can work in.", cost=1, length=100)
    region: Region | None = computed(_region, "One region; null when there is none.", cost=1)
    regions: RegionConnection | None = computed(
        _regions, "Regions by code; null when refused.", cost=100, size=PAGE, words={"query": 30}
    )
    places: list[Place] | None = computed(
        _places, "What the gazetteer knows by that name or postal code; null when refused.", cost=150, size=FEW_PLACES
    )
    suggest: list[Suggestion] | None = computed(
        _suggest, "While somebody types: organizations, themes, places; null when refused.", cost=350, size=FEW_SUGGESTIONS
    )
    understand: Understanding | None = computed(_understand, "What a person's words ask for; null when refused.", cost=250)
    changes: ChangeConnection | None = computed(
        _changes, "What changed, oldest first, each organization once; null when refused.", cost=10, size=FORWARD
    )
