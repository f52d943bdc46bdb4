"""Coalitions, events, instruments and provisions as `directory coalitions`, `events`, `provisions` and `show` print them.

The structs are also the JSON output: fields may be added, but never change their name or meaning.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct

from directory.kinds.coalition import Coalition
from directory.kinds.event import Event
from directory.kinds.instrument import Instrument, Provision
from directory.question import Page, Question, TermFilter
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import Address, Link, PublishedRecord, RecordKind, Source
from directory.search.snapshot import Snapshot
from directory.text import fold

MAX_NAMED_MEMBERS = 20  # of a provision


class FactSource(Struct, frozen=True):
    """Where a fact comes from. `field` is the name that the field has in files."""

    field: str
    title: str
    url: str | None
    date: dt.date | None


class RecordFacts(Struct, frozen=True, kw_only=True, rename="camel"):
    """What records of every kind have. `issue_areas` are slugs."""

    id: str
    slug: str
    summary: str | None
    issue_areas: tuple[str, ...]
    sources: tuple[FactSource, ...]
    updated_at: dt.datetime


class CoalitionFacts(RecordFacts, frozen=True, kw_only=True, rename="camel"):
    """`parent` is the slug of the coalition that this one is part of, `regions` are codes."""

    name: str
    kind: str
    member_count: int
    started_on: dt.date | None
    ended_on: dt.date | None
    regions: tuple[str, ...]
    parent: str | None
    website: str | None
    links: tuple[Link, ...]


class EventFacts(RecordFacts, frozen=True, kw_only=True, rename="camel"):
    """`when` is the time in the event's time zone, as text. `hosts` are names of organizations, `coalition` is a slug.

    For an event of a whole day, `starts_at` and `ends_at` are midnight UTC of the first and the last day.
    """

    title: str
    is_cancelled: bool
    when: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    is_all_day: bool
    time_zone: str | None
    time_as_stated: str | None
    place: str | None
    hosts: tuple[str, ...]
    actors: tuple[str, ...]
    coalition: str | None
    online_url: str | None
    registration_url: str | None
    links: tuple[Link, ...]


class InstrumentFacts(RecordFacts, frozen=True, kw_only=True, rename="camel"):
    name: str
    name_es: str | None
    acronym: str | None
    kind: str
    adopted_on: dt.date | None
    provision_count: int
    url: str | None


class ProvisionFacts(RecordFacts, frozen=True, kw_only=True, rename="camel"):
    """`instrument` is a slug. `member_count` is the number of active members who work on one of the issue areas."""

    subject: str
    subject_es: str | None
    instrument: str | None
    cycle: str | None
    number: str
    recommending_state: str | None
    response: str | None
    member_count: int


class MemberFacts(Struct, frozen=True):
    """An organization in a coalition, with the days on which it joined and left, or one that works on a provision."""

    slug: str
    name: str
    role: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    note: str | None = None


class RecordList(Struct, frozen=True):
    """The output of the commands that list records. `total` counts all records that were found, also those not listed."""

    kind: str
    audience: str
    version: str
    fictional: bool
    total: int
    records: tuple[RecordFacts, ...]


class RecordReport(Struct, frozen=True):
    """The output of `directory show`.

    `members` are all members of a coalition, or the first MAX_NAMED_MEMBERS who work on a provision; () for other kinds.
    """

    kind: str
    audience: str
    version: str
    fictional: bool
    record: RecordFacts
    members: tuple[MemberFacts, ...]


def build_record_list(snapshot: Snapshot, question: RecordQuestion) -> RecordList:
    """Return the first page of a question for coalitions, events or provisions. Raises BadInput."""
    page = snapshot.find_records(question)
    records = tuple(_BUILDERS[question.kind](node, snapshot) for node in page.nodes)
    return RecordList(question.kind, snapshot.audience, snapshot.version, snapshot.fictional, page.total_count, records)


def build_record_report(snapshot: Snapshot, kind: RecordKind, record: PublishedRecord) -> RecordReport:
    """Return the report of a record of any kind except organizations."""
    facts, members = _BUILDERS[kind](record, snapshot), tuple(_list_members(record, snapshot))
    return RecordReport(kind, snapshot.audience, snapshot.version, snapshot.fictional, facts, members)


def _list_members(record: PublishedRecord, snapshot: Snapshot) -> list[MemberFacts]:
    """Return the members by name; [] for an event or an instrument."""
    if isinstance(record, Coalition):
        found = [(snapshot.get_organization(one.organization), one) for one in record.members]
        members = [MemberFacts(it.slug, it.name, one.role, one.since, one.until, one.note) for it, one in found if it]
        return sorted(members, key=lambda member: (fold(member.name), member.slug))
    if isinstance(record, Provision) and record.issue_areas:  # without issue areas, the question would find all members
        question = Question(issue_areas=TermFilter(any_of=record.issue_areas), page=Page(first=MAX_NAMED_MEMBERS))
        return [MemberFacts(hit.organization.slug, hit.organization.name) for hit in snapshot.find(question).page.hits]
    return []


# ---------------------------------------------------------------- the facts of each kind


def _build_coalition_facts(coalition: Coalition, snapshot: Snapshot) -> CoalitionFacts:
    return CoalitionFacts(
        **_pick_facts(coalition, "name", "kind", "started_on", "ended_on", "regions", "website", "links"),
        member_count=len(coalition.members),
        parent=_find_slug(snapshot, RecordKind.COALITION, coalition.parent),
    )


def _build_event_facts(event: Event, snapshot: Snapshot) -> EventFacts:
    own = (
        "is_cancelled",
        "is_all_day",
        "starts_at",
        "ends_at",
        "time_zone",
        "time_as_stated",
        "online_url",
        "registration_url",
        "links",
    )
    return EventFacts(
        **_pick_facts(event, *own),
        title=event.name,
        when=format_times(event),
        place=_format_place(event),
        hosts=tuple(organization.name for organization in snapshot.list_records(event.host_ids)),
        actors=tuple(event.actors),
        coalition=_find_slug(snapshot, RecordKind.COALITION, event.coalition),
    )


def _build_instrument_facts(instrument: Instrument, snapshot: Snapshot) -> InstrumentFacts:
    provisions = RecordQuestion(kind=RecordKind.PROVISION, keys=(KeyFilter("instrument", (instrument.id,)),))
    return InstrumentFacts(
        **_pick_facts(instrument, "name", "name_es", "acronym", "kind", "adopted_on", "url"),
        provision_count=snapshot.find_records(provisions).total_count,
    )


def _build_provision_facts(provision: Provision, snapshot: Snapshot) -> ProvisionFacts:
    return ProvisionFacts(
        **_pick_facts(provision, "cycle", "number", "recommending_state", "response"),
        subject=provision.name,
        subject_es=provision.name_es,
        instrument=_find_slug(snapshot, RecordKind.INSTRUMENT, provision.instrument),
        member_count=snapshot.count_members_with_terms(provision.issue_areas),
    )


_BUILDERS: Mapping[RecordKind, Callable[[Any, Snapshot], RecordFacts]] = {
    RecordKind.COALITION: _build_coalition_facts,
    RecordKind.EVENT: _build_event_facts,
    RecordKind.INSTRUMENT: _build_instrument_facts,
    RecordKind.PROVISION: _build_provision_facts,
}
_AnyRecord: TypeAlias = Coalition | Event | Instrument | Provision


def _pick_facts(record: _AnyRecord, *names: str) -> dict[str, Any]:
    """Return these fields of a record, and those that every kind has."""
    sources = tuple(map(_build_source, record.sources))
    own = (*names, "id", "slug", "summary", "issue_areas", "updated_at")
    return {**{name: getattr(record, name) for name in own}, "sources": sources}


def _build_source(source: Source) -> FactSource:
    return FactSource(source.field, source.title, source.url, source.date)


def _find_slug(snapshot: Snapshot, kind: RecordKind, identity: str | None) -> str | None:
    record = snapshot.get_record(kind, identity) if identity else None
    return record.slug if record else None


def format_times(event: Event) -> str:
    """Return the days of an event, or its times in its time zone or UTC, as in "2021-03-17 08:00 to 09:30 EDT"."""
    name = event.time_zone if not event.is_all_day else None
    start, end = (_to_local_time(moment, name) for moment in (event.starts_at, event.ends_at or event.starts_at))
    if event.is_all_day:
        return " to ".join(dict.fromkeys((f"{start.date()}", f"{end.date()}")))
    if event.ends_at in (None, event.starts_at):  # local times would be equal across a change of the clock too
        return f"{start.date()} {start:%H:%M %Z}"
    if (start.date(), start.utcoffset()) == (end.date(), end.utcoffset()):
        return f"{start.date()} {start:%H:%M} to {end:%H:%M %Z}"
    return f"{start.date()} {start:%H:%M %Z} to {end.date()} {end:%H:%M %Z}"


def _to_local_time(moment: dt.datetime, time_zone: str | None) -> dt.datetime:
    """Return the moment in the time zone; in UTC without one, and if the local day would be outside of the calendar."""
    try:
        return moment.astimezone(ZoneInfo(time_zone) if time_zone else dt.UTC)
    except OverflowError:
        return moment.astimezone(dt.UTC)


def _format_place(event: Event) -> str | None:
    """Return the published place, as in "City Hall, 55 Trinity Ave, Atlanta, GA"; None if none is published."""
    if not event.locations:
        return None
    location = event.locations[0]
    address = location.address or Address("")
    parts = (location.name, address.street, address.city or address.county, address.state)
    return ", ".join(part for part in parts if part) or None
