"""Instrument and Provision: declarations, treaties and reviews, and their articles and recommendations."""

import datetime as dt
from typing import Annotated, Any

import strawberry

from directory.kinds import instrument as core
from directory.question import Page
from directory.question.record_question import KeyFilter
from directory.records import PublishedRecord, RecordKind
from directory.search.provision_values import ProvisionValue, count_provision_values
from directory.search.record_result import RecordPage
from directory.text import fold
from directory.vocabulary.choice_labels import choose_label_language
from directory.vocabulary.choices import InstrumentKind
from directory.vocabulary.terms import ISSUE_AREAS, Term
from schema.context import Info
from schema.fields import (
    COMPUTED_POINTS,
    COUNT_POINTS,
    LABEL_POINTS,
    MOMENT_POINTS,
    READ_POINTS,
    Dependence,
    ListSize,
    attribute_field,
    computed_field,
)
from schema.types.global_ids import GlobalId, Node
from schema.types.issue_area import IssueArea
from schema.types.organization_details import Source
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument, PageInfo
from schema.types.record_lists import LIST_POINTS, IssueAreasArgument, TextArgument, find_records, require_by_slug
from schema.types.scalars import URL

VALUES_POINTS = 2.0
ARTICLES_SIZE = ListSize(("first",), 100, 100)
LanguageArgument = Annotated[
    str | None, strawberry.argument(description='The language of the text, as a BCP 47 tag: "en" (the default) or "es".')
]
InstrumentArgument = Annotated[
    str | None, strawberry.argument(description="The slug of an instrument: return only its provisions.")
]
CycleArgument = Annotated[str | None, strawberry.argument(description='The cycle of a review, such as "3".')]
ResponseArgument = Annotated[
    str | None, strawberry.argument(description='What the reviewed state answered, as recorded, such as "Supported".')
]
TakenUpArgument = Annotated[
    bool | None,
    strawberry.argument(
        description="true: only provisions of whose issue areas at least one has an active member that works on it or on a "
        "narrower one; false: only those on which no member works."
    ),
]
ArticlesArgument = Annotated[int | None, strawberry.argument(description="The maximum number of provisions, 1 to 100.")]


def _resolve_instrument_id(root: core.Instrument) -> str:
    return str(GlobalId("Instrument", root.id))


def _resolve_provision_id(root: core.Provision) -> str:
    return str(GlobalId("Provision", root.id))


def _resolve_name(root: core.Instrument | core.Provision, language: LanguageArgument = "en") -> str:
    is_spanish = choose_label_language(language or "en") == "es"
    return (root.name_es if is_spanish else None) or root.name


def _resolve_issue_areas(root: core.Instrument | core.Provision) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in root.issue_areas]


def _resolve_provisions(root: core.Instrument, info: Info, first: ArticlesArgument = None) -> list[PublishedRecord]:
    own, size = KeyFilter("instrument", (root.id,)), ARTICLES_SIZE.default if first is None else first
    return find_records(info.context.snapshot, RecordKind.PROVISION, Page(first=size), own).nodes


def _resolve_responses(root: core.Instrument, info: Info) -> list[ProvisionValue]:
    return count_provision_values(info.context.snapshot.views[RecordKind.PROVISION], root.id, "response")


def _resolve_cycles(root: core.Instrument, info: Info) -> list[ProvisionValue]:
    return count_provision_values(info.context.snapshot.views[RecordKind.PROVISION], root.id, "cycle")


def _resolve_instrument_of(root: core.Provision, info: Info) -> PublishedRecord | None:
    return info.context.snapshot.get_record(RecordKind.INSTRUMENT, root.instrument) if root.instrument else None


def _resolve_organization_count(root: core.Provision, info: Info) -> int:
    return info.context.snapshot.count_members_with_terms(root.issue_areas)


@strawberry.type(description="A value that provisions of an instrument have, and how many have it.")
class ProvisionCount:
    value: str = attribute_field("The value, as it is recorded.")
    count: int = attribute_field("The number of provisions with it.")


@strawberry.type(description="A declaration, treaty or review of human rights.")
class Instrument(Node):
    id: strawberry.ID = computed_field(_resolve_instrument_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("A readable key for URLs. It can change; former slugs still find the instrument.")
    name: str = computed_field(_resolve_name, "The name to display.", cost=LABEL_POINTS)
    kind: InstrumentKind = attribute_field("The kind of instrument.")
    acronym: str | None = attribute_field('The acronym, such as "UDHR".')
    adopted_on: dt.date | None = attribute_field("The day on which it was adopted.")
    url: URL | None = attribute_field("The official page.")
    summary: str | None = attribute_field("What it is about, in one or two sentences.")
    issue_areas: list[IssueArea] = computed_field(
        _resolve_issue_areas, "The topics of the instrument.", cost=COMPUTED_POINTS, length=3
    )
    provisions: list[Annotated["Provision", strawberry.lazy("schema.types.instrument")]] = computed_field(
        _resolve_provisions,
        "Its articles or recommendations, by number. `Query.provisions` returns all of them in pages.",
        cost=LIST_POINTS,
        size=ARTICLES_SIZE,
    )
    responses: list[ProvisionCount] = computed_field(
        _resolve_responses,
        "What the reviewed state answered to its recommendations, the most frequent answer first.",
        cost=VALUES_POINTS,
        length=4,
        depends_on=Dependence.SNAPSHOT,
    )
    cycles: list[ProvisionCount] = computed_field(
        _resolve_cycles,
        "The cycles of its recommendations, the one with the most first.",
        cost=VALUES_POINTS,
        length=2,
        depends_on=Dependence.SNAPSHOT,
    )
    sources: list[Source] = attribute_field("The sources of published facts.", length=2)
    updated_at: dt.datetime = attribute_field("When information visible to you last changed.", cost=MOMENT_POINTS)

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, core.Instrument)


@strawberry.type(description="An article of an instrument, or a recommendation of a review.")
class Provision(Node):
    id: strawberry.ID = computed_field(_resolve_provision_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("A readable key for URLs.")
    instrument: Instrument | None = computed_field(
        _resolve_instrument_of,
        "The instrument that it is part of; null if that is not visible to you.",
        cost=COMPUTED_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )
    number: str = attribute_field('The official number, such as "25" or "26.133".')
    subject: str = computed_field(_resolve_name, "What it is about, in a phrase.", cost=LABEL_POINTS)
    summary: str | None = attribute_field("What it says, in the network's own words.")
    cycle: str | None = attribute_field("The cycle of the review.")
    recommending_state: str | None = attribute_field("The state that made the recommendation.")
    response: str | None = attribute_field("What the reviewed state answered.")
    issue_areas: list[IssueArea] = computed_field(
        _resolve_issue_areas, "The issue areas of members who work on it.", cost=COMPUTED_POINTS, length=3
    )
    organization_count: int = computed_field(
        _resolve_organization_count,
        "The number of active members that work on one of its issue areas or a narrower one.",
        cost=COUNT_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )
    sources: list[Source] = attribute_field("The sources of published facts.", length=2)
    updated_at: dt.datetime = attribute_field("When information visible to you last changed.", cost=MOMENT_POINTS)

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, core.Provision)


@strawberry.type(description="One instrument on a page, with its cursor.")
class InstrumentEdge:
    cursor: str = attribute_field("The position of the instrument in the list.")
    node: Instrument = attribute_field("The instrument.")


@strawberry.type(description="A page of instruments, ordered by how well they match the text, then by name.")
class InstrumentConnection:
    edges: list[InstrumentEdge] = attribute_field("The instruments with their cursors.", is_page=True)
    nodes: list[Instrument] = attribute_field("The instruments without their cursors.", cost=READ_POINTS, is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field("The number of instruments on all pages.")


@strawberry.type(description="One provision on a page, with its cursor.")
class ProvisionEdge:
    cursor: str = attribute_field("The position of the provision in the list.")
    node: Provision = attribute_field("The provision.")


@strawberry.type(description="A page of provisions, ordered by how well they match the text, then by cycle and number.")
class ProvisionConnection:
    edges: list[ProvisionEdge] = attribute_field("The provisions with their cursors.", is_page=True)
    nodes: list[Provision] = attribute_field("The provisions without their cursors.", cost=READ_POINTS, is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field("The number of provisions on all pages.")


def resolve_instruments(
    info: Info,
    query: TextArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> RecordPage:
    """Return a page of instruments. Raises BadInput and BadCursor."""
    return find_records(info.context.snapshot, RecordKind.INSTRUMENT, Page(first, after, last, before), text=query)


def resolve_provisions(
    info: Info,
    query: TextArgument = None,
    instrument: InstrumentArgument = None,
    cycle: CycleArgument = None,
    issue_areas: IssueAreasArgument = None,
    taken_up: TakenUpArgument = None,
    response: ResponseArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> RecordPage:
    """Return a page of provisions. Raises BadInput, UnknownTerm and BadCursor."""
    snapshot, keys = info.context.snapshot, []
    if instrument is not None:
        found = require_by_slug(snapshot, RecordKind.INSTRUMENT, instrument, "instrument")
        keys.append(KeyFilter("instrument", (found.id,)))
    if cycle is not None:
        keys.append(KeyFilter("cycle", (fold(cycle),)))
    if response is not None:
        keys.append(KeyFilter("response", (fold(response),)))
    page = Page(first, after, last, before)
    return find_records(snapshot, RecordKind.PROVISION, page, *keys, text=query, issue_areas=issue_areas, taken_up=taken_up)
