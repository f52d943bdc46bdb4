"""Events: when and where something takes place, who hosts it, and the coalition that it belongs to.

The place of an event follows the rules for places of organizations (published_places.py): it has a disclosure, its street and its
original wording are published only if that is EXACT, and its issue areas can require a stricter default. A recurring event is one
record for each date.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from directory.fields import Field, Headings, MergeRule, ValueForm, read_fields
from directory.geo import Precision
from directory.kinds.coalition import CoalitionId
from directory.kinds.kind import IsVisible, Kind, Violation
from directory.published_places import PublishedPlaces
from directory.published_sources import publish_sources
from directory.records import (
    Audience,
    Link,
    Location,
    OrganizationId,
    PublishedRecord,
    RecordKind,
    Source,
    StoredLocation,
    StoredRecord,
)
from directory.vocabulary.terms import ISSUE_AREAS

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199  # calendars cannot show an event of the last day that there is
TIME_ZONE_LIMIT = 60  # characters, more than any name of a time zone has
LINE_LIMIT = 300


class EventHost(Struct, frozen=True, gc=False):
    """Who hosts an event: an `organization` (an id) or an `actor` without a record here; exactly one of them is set."""

    organization: OrganizationId | None = None
    actor: str | None = None


class EventProfile(Struct, frozen=True, gc=False, kw_only=True):
    """The fields that are the same for every audience that sees an event. `name` is its title.

    Moments are in UTC. With `is_all_day` they are midnight UTC of the first and the last day, and there is no time of day.
    """

    id: str
    slug: str
    name: Annotated[
        str,
        Field(
            text="The title of the event.",
            means="the title",
            form=ValueForm.LINE,
            limit=200,
            merge=MergeRule.KEEP,
            refuses_addresses=True,
            headings=Headings(en="title, event, event title, event name, name", es="titulo, evento, nombre"),
        ),
    ]
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    is_all_day: bool = False
    is_cancelled: bool = False
    time_zone: Annotated[
        str | None,
        Field(
            text='The IANA name of the time zone of the event, such as "America/New_York".',
            means="the time zone",
            form=ValueForm.LINE,
            limit=TIME_ZONE_LIMIT,
            merge=MergeRule.KEEP,
            headings=Headings(en="time zone, timezone, tz", es="zona horaria, huso horario"),
        ),
    ] = None
    time_as_stated: Annotated[
        str | None,
        Field(
            text="The time in the words of the announcement.",
            means="the time as announced",
            form=ValueForm.LINE,
            limit=LINE_LIMIT,
            merge=MergeRule.FILL,
            refuses_addresses=True,
            headings=Headings(en="time as stated, time as announced, stated time", es="hora anunciada"),
        ),
    ] = None
    summary: Annotated[
        str | None,
        Field(
            text="What happens at the event, in a sentence or two.",
            means="a one-line summary",
            form=ValueForm.LINE,
            limit=500,
            merge=MergeRule.FILL,
            refuses_addresses=True,
            searched_in="SUMMARY",
            headings=Headings(en="summary, description, about, details", es="resumen, descripcion, detalles"),
        ),
    ] = None
    registration_url: Annotated[
        str | None,
        Field(
            text="Where people register for the event.",
            means="the page for registration",
            form=ValueForm.URL,
            merge=MergeRule.FILL,
            headings=Headings(
                en="registration url, registration link, registration, register, sign up", es="registro, inscripcion"
            ),
        ),
    ] = None
    issue_areas: Annotated[
        tuple[str, ...],
        Field(
            text="What the event is about.",
            means="what it is about",
            form=ValueForm.TERMS,
            vocabulary=ISSUE_AREAS,
            merge=MergeRule.UNITE,
            headings=Headings(en="issue area(s), issues, themes, topics", es="temas, areas tematicas"),
        ),
    ] = ()
    links: tuple[Link, ...] = ()


class Event(EventProfile, PublishedRecord, frozen=True, gc=False, kw_only=True):
    """An event as one audience sees it: without hosts, a coalition and a link that the audience does not see."""

    online_url: str | None = None
    locations: tuple[Location, ...] = ()
    hosts: tuple[EventHost, ...] = ()
    coalition: str | None = None
    sources: tuple[Source, ...] = ()
    updated_at: dt.datetime

    @property
    def host_ids(self) -> tuple[str, ...]:
        return tuple(host.organization for host in self.hosts if host.organization is not None)

    @property
    def actors(self) -> list[str]:
        """The hosts that have no record here."""
        return [host.actor for host in self.hosts if host.actor is not None]


class StoredEvent(EventProfile, StoredRecord, frozen=True, gc=False, kw_only=True):
    """A stored event, before publication.

    The `name` of its place is the original wording. Whoever has the link of an online event can take part, so `online_url` is for
    members unless `online_audience` says otherwise.
    """

    online_url: str | None = None
    online_audience: Audience = Audience.MEMBERS
    audience: Audience = Audience.PUBLIC
    hidden_since: dt.datetime | None = None
    hidden_until: dt.date | None = None
    sites: tuple[StoredLocation, ...] = ()
    hosts: tuple[EventHost, ...] = ()
    coalition: CoalitionId | None = None
    sources: tuple[Source, ...] = ()


_PROFILE_FIELDS = EventProfile.__struct_fields__
_CITY_PRECISIONS = frozenset({Precision.EXACT, Precision.STREET, Precision.POSTAL_CODE, Precision.CITY})
MAIN_ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage"),
    "Pacific/Honolulu",
)
_STAFF_SOURCES = ("hosts", "coalition", "online_url")


def _publish(
    entry: StoredEvent, audience: Audience, updated_at: dt.datetime, is_visible: IsVisible, places: PublishedPlaces
) -> Event:
    return Event(
        **{name: getattr(entry, name) for name in _PROFILE_FIELDS if name != "time_zone"},
        time_zone=_publish_time_zone(entry, places),
        online_url=entry.online_url if audience.sees(entry.online_audience) else None,
        locations=places.locations,
        hosts=tuple(host for host in entry.hosts if host.organization is None or is_visible(host.organization)),
        coalition=entry.coalition if entry.coalition and is_visible(entry.coalition) else None,
        sources=publish_sources(entry.sources, audience, _STAFF_SOURCES, places.disclosures),
        updated_at=updated_at,
    )


def _publish_time_zone(entry: StoredEvent, places: PublishedPlaces) -> str | None:
    """Return the time zone, or a main one with the same times unless the city is published; None if there is no such zone.

    A zone can cover a single county, such as America/Indiana/Vevay.
    """
    zone = entry.time_zone
    is_city_known = any(location.precision in _CITY_PRECISIONS for location in places.locations)
    if zone is None or zone in MAIN_ZONES or is_city_known or not entry.sites or not zone.startswith(("America/", "US/")):
        return zone
    moments = [moment for moment in (entry.starts_at, entry.ends_at) if moment]
    return next((main for main in MAIN_ZONES if all(_is_same_time(moment, main, zone) for moment in moments)), None)


def _is_same_time(moment: dt.datetime, zone: str, other: str) -> bool:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() == moment.astimezone(ZoneInfo(other)).utcoffset()


_ZONES_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})  # each means another zone on another machine


def is_time_zone(name: str) -> bool:
    """Return whether this is the name of a time zone, such as "America/New_York"."""
    if len(name) > TIME_ZONE_LIMIT or name in _ZONES_OF_THE_MACHINE:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _find_violations(record: StoredEvent) -> Iterator[Violation]:
    for name in ("starts_at", "ends_at"):
        moment: dt.datetime | None = getattr(record, name)
        if moment is not None and moment.tzinfo is None:
            yield name, f"`{name}` has no time zone. Add an offset such as +00:00."
            return
        if moment is not None and not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            yield name, f"The year {moment.year} must be from {EARLIEST_YEAR} to {LATEST_YEAR}. Correct it."
            return
    if record.ends_at is not None and record.ends_at < record.starts_at:
        yield "ends_at", "The event ends before it starts. Correct one of the two times."
    if record.time_zone is not None and not is_time_zone(record.time_zone):
        yield "time_zone", f'"{record.time_zone[:TIME_ZONE_LIMIT]}" is not a time zone. Use a name such as America/New_York.'
    if len(record.sites) > 1:
        yield "sites", "An event has one place. Enter another event for another place."
    for host in record.hosts:
        if (host.organization is None) == (host.actor is None):
            yield "hosts", "A host must be either an organization of the directory or another actor, and not both."


EVENT = Kind(
    name=RecordKind.EVENT,
    type_name="Event",
    table="events",
    stored_type=StoredEvent,
    published_type=Event,
    publish=_publish,
    fields=read_fields(EventProfile),
    find_violations=_find_violations,
    audience_fields={"online_audience": "online_url"},
)
