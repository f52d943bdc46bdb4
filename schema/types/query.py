"""Query: the root type. Fields that can fail are nullable, so one error does not discard the other fields."""

import strawberry

from directory import records
from directory.errors import BadInput, DirectoryError
from directory.gazetteer import place
from directory.gazetteer.gazetteer import get_gazetteer
from directory.question import Page
from directory.records import RecordKind
from directory.search.snapshot import Snapshot
from directory.suggestions import suggest, suggestion
from directory.understanding.understand import Understanding as Understood
from directory.understanding.understand import understand
from directory.vocabulary import regions
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, PAGE_SIZE, READ_POINTS, ListSize, computed_field
from schema.types import global_ids
from schema.types.allies_field import allies_field
from schema.types.ally import AllyConnection
from schema.types.changes import ChangeConnection, ChangePage, list_changes
from schema.types.coalition import Coalition, CoalitionConnection, resolve_coalitions
from schema.types.coalition_plan import CoalitionPlan, coalition_plan_field
from schema.types.coverage import Coverage, coverage_field
from schema.types.enum_labels import ENUM_LENGTH, EnumLabel, resolve_enum_labels
from schema.types.event import Event, EventConnection, resolve_events
from schema.types.global_ids import Node
from schema.types.global_ids import parse_organization_id as organization_key
from schema.types.instrument import (
    Instrument,
    InstrumentConnection,
    Provision,
    ProvisionConnection,
    resolve_instruments,
    resolve_provisions,
)
from schema.types.issue_area import IssueArea, IssueAreaConnection, list_issue_areas
from schema.types.location import Place
from schema.types.network import Network, Viewer, require_network
from schema.types.organization import Organization
from schema.types.organization_connection import OrganizationConnection
from schema.types.organizations_field import organizations_field
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument, ListPage
from schema.types.query_arguments import (
    MATCHES_LIMIT,
    NODES_LIMIT,
    BroaderArgument,
    IdArgument,
    IdsArgument,
    IssueAreaSlugArgument,
    MatchLimitArgument,
    OrganizationByArgument,
    PlaceQueryArgument,
    PrefixArgument,
    RegionCodeArgument,
    RegionKindArgument,
    SuggestQueryArgument,
    UnderstandQueryArgument,
    WithinArgument,
)
from schema.types.record_lists import record_field, record_list_field
from schema.types.region import Region, RegionConnection, list_regions
from schema.types.suggestion import Suggestion
from schema.types.terms import Community, Language, WorkArea
from schema.types.understanding import UNDERSTANDING_POINTS, UNDERSTANDING_POINTS_PER_WORD, Understanding

PLACES_DEFAULT = 5
SUGGESTIONS_DEFAULT = 8
CHANGES_SIZE = ListSize(("first",), PAGE_SIZE.default, PAGE_SIZE.most)
IDS_SIZE = ListSize(("ids",), 1, NODES_LIMIT)
PLACES_SIZE = ListSize(("first",), PLACES_DEFAULT, MATCHES_LIMIT)
SUGGESTIONS_SIZE = ListSize(("first",), SUGGESTIONS_DEFAULT, MATCHES_LIMIT)


def _resolve_node(info: Info, key: IdArgument) -> global_ids.NodeRecord | None:
    return global_ids.find_node(key, info.context)


def _resolve_nodes(info: Info, ids: IdsArgument) -> list[global_ids.NodeRecord | DirectoryError | None]:
    if len(ids) > NODES_LIMIT:
        raise BadInput(f"`ids` takes at most {NODES_LIMIT} ids; you passed {len(ids)}.", argument="ids", value=len(ids))
    return [_find_node_or_error(key, info) for key in ids]


def _find_node_or_error(key: str, info: Info) -> global_ids.NodeRecord | DirectoryError | None:
    try:
        return global_ids.find_node(key, info.context)
    except BadInput as error:
        return error  # an exception returned for an item becomes an error of this item alone


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
) -> list[suggestion.Suggestion]:
    return suggest.suggest(info.context.snapshot, query, _check_match_limit(first, SUGGESTIONS_DEFAULT))


def _resolve_understand(info: Info, query: UnderstandQueryArgument) -> Understood:
    return understand(query, info.context.snapshot)


def _resolve_changes(info: Info, first: FirstArgument = None, after: AfterArgument = None) -> ChangePage:
    return list_changes(info.context.snapshot, Page(first, after))


def _check_match_limit(first: int | None, default: int) -> int:
    if first is None:
        return default
    if not 1 <= first <= MATCHES_LIMIT:
        raise BadInput(f"`first` must be from 1 to {MATCHES_LIMIT}; you passed {first}.", argument="first", value=first)
    return first


@strawberry.type(description="The root of all queries. If a field fails it is null, and `errors` gives the reason.")
class Query:
    node: Node | None = computed_field(
        _resolve_node, "The object with this id; null if there is none or it is not visible to you.", cost=0.5
    )
    nodes: list[Node | None] = computed_field(
        _resolve_nodes, "The objects with these ids, in the same order; null for each id not found.", cost=0.5, size=IDS_SIZE
    )
    network: Network = computed_field(_resolve_network, "The network that publishes this directory.", cost=COMPUTED_POINTS)
    viewer: Viewer = computed_field(_resolve_viewer, "You: which audience you belong to and your rate limit.", cost=READ_POINTS)
    organization: Organization | None = computed_field(
        _resolve_organization, "One organization; null if there is none or it is not visible to you.", cost=0.5
    )
    organizations: OrganizationConnection | None = organizations_field(
        "Search organizations. Without arguments, lists all active members."
    )
    issue_area: IssueArea | None = computed_field(
        _resolve_issue_area, "One issue area; null if there is none.", cost=COMPUTED_POINTS
    )
    issue_areas: IssueAreaConnection | None = computed_field(
        _resolve_issue_areas, "Issue areas, ordered by slug.", cost=10, size=PAGE_SIZE, points_per_word={"query": 60}
    )
    communities: list[Community] = computed_field(
        _resolve_communities, "All terms for communities served.", cost=COMPUTED_POINTS, length=40
    )
    work_areas: list[WorkArea] = computed_field(
        _resolve_work_areas, "All terms for ways of working.", cost=COMPUTED_POINTS, length=22
    )
    languages: list[Language] = computed_field(
        _resolve_languages, "All languages that an organization can list.", cost=COMPUTED_POINTS, length=100
    )
    enum_labels: list[EnumLabel] = computed_field(
        resolve_enum_labels,
        "The values of an enum with the texts to display, in the order of the schema. They change only with the schema.",
        cost=COMPUTED_POINTS,
        length=ENUM_LENGTH,
    )
    region: Region | None = computed_field(_resolve_region, "One region; null if there is none.", cost=COMPUTED_POINTS)
    regions: RegionConnection | None = computed_field(
        _resolve_regions,
        "Regions, ordered by code. Those with exactly the code, state abbreviation or name in `query` come first.",
        cost=18,
        size=PAGE_SIZE,
        points_per_word={"query": 3},
    )
    places: list[Place] | None = computed_field(
        _resolve_places,
        "Autocomplete for places: cities, counties, states and ZIP codes in the gazetteer.",
        cost=20,
        size=PLACES_SIZE,
    )
    suggest: list[Suggestion] | None = computed_field(
        _resolve_suggest,
        "Autocomplete for a search box: organizations, terms, regions and places.",
        cost=90,
        size=SUGGESTIONS_SIZE,
    )
    understand: Understanding | None = computed_field(
        _resolve_understand,
        "Turn a search in plain words into filters and remaining search text.",
        cost=UNDERSTANDING_POINTS,
        points_per_word={"query": UNDERSTANDING_POINTS_PER_WORD},
    )
    allies: AllyConnection | None = allies_field()
    coverage: Coverage | None = coverage_field(
        "Who works on which theme in which region, and where the gaps are: a matrix of who does what where."
    )
    coalition_plan: CoalitionPlan | None = coalition_plan_field(
        "The smallest coalition that covers issue areas in regions, and why it cannot be smaller. "
        "Can be selected once per request."
    )
    coalition: Coalition | None = record_field(RecordKind.COALITION)
    coalitions: CoalitionConnection | None = record_list_field(
        resolve_coalitions, "Search coalitions: campaigns, task forces, working groups and alliances."
    )
    event: Event | None = record_field(RecordKind.EVENT)
    events: EventConnection | None = record_list_field(resolve_events, "Search events.")
    instrument: Instrument | None = record_field(RecordKind.INSTRUMENT)
    instruments: InstrumentConnection | None = record_list_field(resolve_instruments, "Search human-rights instruments.")
    provision: Provision | None = record_field(RecordKind.PROVISION)
    provisions: ProvisionConnection | None = record_list_field(resolve_provisions, "Search articles and recommendations.")
    changes: ChangeConnection | None = computed_field(
        _resolve_changes,
        "The change feed, oldest first. Each record appears once, with its latest change.",
        cost=2,
        size=CHANGES_SIZE,
    )
