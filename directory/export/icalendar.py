"""Export of events as a calendar: iCalendar (RFC 5545, RFC 7986), for a download or a subscription.

A calendar contains only published events, so it never shows more than the audience may see. The same events give the same bytes:
nothing in a calendar depends on the clock, except which events it has if there are too many for one.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeAlias, cast

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.export.calendar_lines import escape_text, format_line, format_moment, format_time, join_lines, wrap_component
from directory.export.calendar_times import ONE_SECOND, EventTimes, compute_times, format_time_zones
from directory.export.export_info import DEFAULT_TITLE
from directory.geo import Precision
from directory.kinds.coalition import Coalition
from directory.kinds.event import Event
from directory.question.record_question import RecordQuestion
from directory.records import Location, RecordKind
from directory.search.record_result import find_event_rows
from directory.search.searched_fields import to_timestamp
from directory.search.snapshot import Snapshot
from directory.vocabulary.terms import ISSUE_AREAS

FindName: TypeAlias = Callable[[str], str | None]  # the name of the organization with an id, None if the audience sees none

MEDIA_TYPE = "text/calendar; charset=utf-8"
EXTENSION = ".ics"
MAX_EVENTS = 2_000  # in one calendar; they take about 1.3 MB and 0.1 seconds
PAST_DAYS = dt.timedelta(days=180)  # of more events, those from so many days before today on are taken first
REFRESH_INTERVAL = "PT6H"  # how often a calendar program should look for changes
SEQUENCE_START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)  # sequence numbers are seconds since then; they fit 31 bits until 2088
_COUNTRY = "US"  # it is not part of a location
_TEXTS = {
    "en": {
        "calendar": "{}: events",
        "fictional": "Every event in this calendar is made up.",
        "time": "Stated time: {}",
        "hosts": "Hosts: {}",
        "online": "Online: {}",
        "registration": "Registration: {}",
    },
    "es": {
        "calendar": "{}: eventos",
        "fictional": "Todos los eventos de este calendario son ficticios.",
        "time": "Hora anunciada: {}",
        "hosts": "Organizan: {}",
        "online": "En línea: {}",
        "registration": "Inscripción: {}",
    },
}


class CalendarInfo(Struct, frozen=True):
    """What a calendar says besides its events. `language`, "en" or "es", is that of labels; texts of events stay as they are."""

    name: str
    language: str = "en"
    fictional: bool = False


def build_events_calendar(snapshot: Snapshot, today: dt.date, language: str = "en") -> bytes:
    """Return the calendar of all events that the audience of the snapshot sees.

    A subscription must not lose events, so past events are included. `list_events` says which are taken of more than MAX_EVENTS.
    """
    return _build_from_snapshot(snapshot, list_events(snapshot, today), _name_events_calendar(snapshot, language), language)


def build_coalition_calendar(snapshot: Snapshot, coalition: Coalition, today: dt.date, language: str = "en") -> bytes:
    """Return the calendar of the events of a coalition, limited as in `build_events_calendar`."""
    name = _TEXTS[language]["calendar"].format(coalition.name)
    return _build_from_snapshot(snapshot, list_events(snapshot, today, coalition.id), name, language)


def build_search_calendar(
    snapshot: Snapshot, question: RecordQuestion, conditions: str, today: dt.date, language: str = "en"
) -> bytes:
    """Return the calendar of the events that a question finds, limited as in `build_events_calendar`.

    `conditions` says in words what it asks for, for the name of the calendar. Raises BadInput for a text that is too long.
    """
    rows = find_event_rows(question, snapshot.views[RecordKind.EVENT].index)
    name = f"{_name_events_calendar(snapshot, language)}, {conditions}"
    return _build_from_snapshot(snapshot, _list_nearest(snapshot, rows, today), name, language)


def build_event_calendar(snapshot: Snapshot, event: Event, language: str = "en") -> bytes:
    """Return the calendar of one event."""
    return _build_from_snapshot(snapshot, [event], event.name, language)


def list_events(snapshot: Snapshot, today: dt.date, coalition_id: str | None = None) -> list[Event]:
    """Return all events, or those of a coalition, by start; [] if there are none.

    Of more than MAX_EVENTS, those from PAST_DAYS before today on, the nearest first. If these are fewer, also the last before.
    """
    index = snapshot.views[RecordKind.EVENT].index
    rows = index.rows.live_rows if coalition_id is None else index.sets["coalition"][coalition_id]
    return _list_nearest(snapshot, rows, today)


def _list_nearest(snapshot: Snapshot, rows: BitMap, today: dt.date) -> list[Event]:
    """Return the events of these rows, limited as in `list_events`."""
    index = snapshot.views[RecordKind.EVENT].index
    by_start = list(index.rows.iter_by_name(rows))  # events have no other order
    over = np.count_nonzero(index.columns["STARTS"][by_start] < to_timestamp(today - PAST_DAYS))
    first = max(0, min(int(over), len(by_start) - MAX_EVENTS))
    return cast("list[Event]", index.rows.list_records(by_start[first : first + MAX_EVENTS]))


def _name_events_calendar(snapshot: Snapshot, language: str) -> str:
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    return _TEXTS[language]["calendar"].format(network.name if network else DEFAULT_TITLE)


def _build_from_snapshot(snapshot: Snapshot, events: Iterable[Event], name: str, language: str) -> bytes:
    def find_name(organization_id: str) -> str | None:
        organization = snapshot.get_organization(organization_id)
        return organization.name if organization else None

    return build_calendar(events, find_name, CalendarInfo(name, language, snapshot.fictional))


def build_calendar(events: Iterable[Event], find_name: FindName, info: CalendarInfo) -> bytes:
    """Return the calendar of these published events, in UTF-8 and in their order.

    The id of an event identifies it for good, and its sequence number grows with every visible change, so calendar programs
    update the event that they already have. A calendar without events is valid too.
    """
    timed = [(event, compute_times(event)) for event in events]
    lines = chain(
        _format_head(info),
        format_time_zones(times for _, times in timed),
        *(wrap_component("VEVENT", _format_event(event, times, find_name, info.language)) for event, times in timed),
    )
    return join_lines(wrap_component("VCALENDAR", lines))


def _format_head(info: CalendarInfo) -> Iterator[bytes]:
    yield format_line("VERSION", "2.0")
    yield format_line("PRODID", f"-//Membership directory//Events//{info.language.upper()}")
    if info.fictional:
        yield format_line("DESCRIPTION", escape_text(_TEXTS[info.language]["fictional"]))
    for name in ("NAME", "X-WR-CALNAME"):
        yield format_line(name, escape_text(info.name))
    yield format_line("REFRESH-INTERVAL;VALUE=DURATION", REFRESH_INTERVAL)


# ---------------------------------------------------------------- events


def _format_event(event: Event, times: EventTimes, find_name: FindName, language: str) -> Iterator[bytes]:
    yield format_line("SUMMARY", escape_text(event.name))
    yield format_time("DTSTART", times.start)
    if times.end is not None:
        yield format_time("DTEND", times.end)
    updated = format_moment(event.updated_at.astimezone(dt.UTC))
    yield format_line("DTSTAMP", updated)
    yield format_line("UID", event.id)  # RFC 7986, 5.3: a UUID, without the name of a host
    yield format_line("SEQUENCE", str(max(0, (event.updated_at - SEQUENCE_START) // ONE_SECOND)))
    if event.issue_areas:
        labels = (ISSUE_AREAS.require(slug).label(language) for slug in event.issue_areas)
        yield format_line("CATEGORIES", ",".join(map(escape_text, labels)))
    if description := "\n".join(_describe(event, find_name, language)):
        yield format_line("DESCRIPTION", escape_text(description))
    yield format_line("LAST-MODIFIED", updated)
    yield from _format_places(event)
    if event.is_cancelled:
        yield format_line("STATUS", "CANCELLED")
    if event.registration_url:
        yield format_line("URL", event.registration_url)


def _describe(event: Event, find_name: FindName, language: str) -> Iterator[str]:
    """Yield the lines of the description."""
    texts = _TEXTS[language]
    if event.summary:
        yield event.summary
    if event.time_as_stated:
        yield texts["time"].format(event.time_as_stated)
    names = (find_name(host.organization) if host.organization else host.actor for host in event.hosts)
    if hosts := "; ".join(name for name in names if name):
        yield texts["hosts"].format(hosts)
    if event.online_url:
        yield texts["online"].format(event.online_url)
    if event.registration_url:
        yield texts["registration"].format(event.registration_url)


def _format_places(event: Event) -> Iterator[bytes]:
    """Yield the published place. Its point is added only if it is the place itself, not the center of an area."""
    for location in event.locations:
        if text := _format_location(location):
            yield format_line("LOCATION", escape_text(text))
        if location.point and location.precision is Precision.EXACT:
            yield format_line("GEO", f"{location.point.latitude};{location.point.longitude}")


def _format_location(location: Location) -> str:
    address = location.address
    if address is None:
        return location.name or ""
    postal_code = address.postal_code if address.street else None
    state = " ".join(part for part in (address.state, postal_code) if part)
    country = address.country if address.country != _COUNTRY else None
    parts = (location.name, address.street, address.city or address.county, state, country)
    return ", ".join(part for part in parts if part)
