"""Event: when and where something takes place, and who hosts it, as published to one audience."""

import datetime as dt
from typing import Annotated, Any

import strawberry

from directory import records
from directory.kinds import event as core
from directory.question import Page
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import Address, RecordKind
from directory.search.record_result import RecordPage
from directory.search.searched_fields import HOST_SETS
from directory.understanding.event_words import understand_events
from directory.vocabulary.terms import ISSUE_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, MOMENT_POINTS, READ_POINTS, Dependence, attribute_field, computed_field
from schema.types.coalition import Coalition
from schema.types.global_ids import GlobalId, Node, parse_organization_id
from schema.types.issue_area import IssueArea
from schema.types.location import Location
from schema.types.organization import Organization
from schema.types.organization_details import Link, Source
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument, PageInfo
from schema.types.record_lists import (
    FromArgument,
    IssueAreasArgument,
    RegionsArgument,
    TextArgument,
    UntilArgument,
    build_named_conditions,
    require_by_slug,
)
from schema.types.scalars import URL

WordsArgument = Annotated[
    str | None,
    strawberry.argument(
        description='A search in plain words, such as "events about housing in Georgia in March 2021": dates, issue areas and '
        "places are understood, and the other words must occur if nothing was."
    ),
]
CoalitionArgument = Annotated[str | None, strawberry.argument(description="The slug of a coalition: return only its events.")]

HostArgument = Annotated[strawberry.ID | None, strawberry.argument(description="The id of an organization that hosts the event.")]


def _resolve_id(root: core.Event) -> str:
    return str(GlobalId("Event", root.id))


def _resolve_title(root: core.Event) -> str:
    return root.name


def _resolve_issue_areas(root: core.Event) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in root.issue_areas]


def _resolve_place(root: core.Event) -> str | None:
    return format_place(root)


def format_place(event: core.Event) -> str | None:
    """Return the published place in one line, as in "City Hall, 55 Trinity Ave, Atlanta, GA"; None if none is published."""
    if not event.locations:
        return None
    location = event.locations[0]
    address = location.address or Address("")
    parts = (location.name, address.street, address.city or address.county, address.state)
    return ", ".join(part for part in parts if part) or None


def _resolve_hosts(root: core.Event, info: Info) -> list[records.Organization]:
    return info.context.snapshot.list_records(root.host_ids)


def _resolve_coalition(root: core.Event, info: Info) -> records.PublishedRecord | None:
    return info.context.snapshot.get_record(RecordKind.COALITION, root.coalition) if root.coalition else None


@strawberry.type(description="An event as published to you. A recurring event is one event for each date.")
class Event(Node):
    id: strawberry.ID = computed_field(_resolve_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("A readable key for URLs. It can change; former slugs still find the event.")
    title: str = computed_field(_resolve_title, "The title.", cost=READ_POINTS)
    summary: str | None = attribute_field("What happens, in one or two sentences.")
    starts_at: dt.datetime = attribute_field(
        "When it starts. For an event of a whole day, midnight UTC of its first day.", cost=MOMENT_POINTS
    )
    ends_at: dt.datetime | None = attribute_field(
        "When it ends. For an event of a whole day, midnight UTC of its last day.", cost=MOMENT_POINTS
    )
    is_all_day: bool = attribute_field("Whether it has days, but no time of day.")
    is_cancelled: bool = attribute_field("Whether it was called off.")
    time_zone: str | None = attribute_field('The IANA name of its time zone, such as "America/New_York".')
    time_as_stated: str | None = attribute_field("The time in the words of the announcement.")
    place: str | None = computed_field(
        _resolve_place, "The published place in one line, only as precisely as it may be shown.", cost=COMPUTED_POINTS
    )
    locations: list[Location] = attribute_field("The published place; at most one.", length=1)
    online_url: URL | None = attribute_field("Where to take part online, if you may know it.")
    registration_url: URL | None = attribute_field("Where to register.")
    links: list[Link] = attribute_field("Other pages about the event.", length=1)
    issue_areas: list[IssueArea] = computed_field(
        _resolve_issue_areas, "The topics of the event.", cost=COMPUTED_POINTS, length=3
    )
    hosts: list[Organization] = computed_field(
        _resolve_hosts,
        "The organizations that host it, as far as you can see them.",
        cost=COMPUTED_POINTS,
        length=2,
        depends_on=Dependence.SNAPSHOT,
    )
    actors: list[str] = attribute_field("Hosts that are not in the directory, such as a government, by name.", length=1)
    coalition: Coalition | None = computed_field(
        _resolve_coalition, "The coalition that it belongs to.", cost=COMPUTED_POINTS, depends_on=Dependence.SNAPSHOT
    )
    sources: list[Source] = attribute_field("The sources of published facts.", length=2)
    updated_at: dt.datetime = attribute_field("When information visible to you last changed.", cost=MOMENT_POINTS)

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, core.Event)


@strawberry.type(description="One event on a page, with its cursor.")
class EventEdge:
    cursor: str = attribute_field("The position of the event in the list.")
    node: Event = attribute_field("The event.")


@strawberry.type(description="A page of events, ordered by how well they match the text, then by time.")
class EventConnection:
    edges: list[EventEdge] = attribute_field("The events with their cursors.", is_page=True)
    nodes: list[Event] = attribute_field("The events without their cursors.", cost=READ_POINTS, is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field("The number of events on all pages.")


def resolve_events(
    info: Info,
    query: TextArgument = None,
    words: WordsArgument = None,
    from_: FromArgument = None,
    until: UntilArgument = None,
    issue_areas: IssueAreasArgument = None,
    regions: RegionsArgument = None,
    coalition: CoalitionArgument = None,
    host: HostArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> RecordPage:
    """Return a page of events. Raises BadInput, UnknownTerm, UnknownRegion and BadCursor."""
    snapshot, keys = info.context.snapshot, []
    if coalition is not None:
        found = require_by_slug(snapshot, RecordKind.COALITION, coalition, "coalition")
        keys.append(KeyFilter("coalition", (found.id,)))
    if host is not None:
        keys.append(KeyFilter(HOST_SETS, (parse_organization_id(host, "host"),)))
    page = Page(first, after, last, before)
    named = build_named_conditions(issue_areas, regions)
    question = RecordQuestion(
        kind=RecordKind.EVENT, text=query or "", conditions=named, keys=tuple(keys), from_=from_, until=until, page=page
    )
    return snapshot.find_records(understand_events(words, snapshot, question) if words else question)
