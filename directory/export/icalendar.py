"""Export of events as a calendar: iCalendar (RFC 5545, RFC 7986), for a download or a subscription.

A calendar contains only published events, so it never shows more than the audience may see. The same events give the same bytes:
nothing in a calendar depends on the clock.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeAlias, cast

from icalendar import Calendar, vText
from icalendar import Event as EventComponent
from msgspec import Struct
from pyroaring import BitMap

from directory.export.calendar_times import EventTimes, build_time_zones, compute_times
from directory.export.export_info import DEFAULT_TITLE
from directory.geo import Precision
from directory.kinds.coalition import Coalition
from directory.kinds.event import Event
from directory.question.record_question import RecordQuestion
from directory.records import Location, RecordKind
from directory.search.record_result import find_event_rows
from directory.search.snapshot import Snapshot
from directory.vocabulary.terms import ISSUE_AREAS

FindName: TypeAlias = Callable[[str], str | None]  # the name of the organization with an id, None if the audience sees none

MEDIA_TYPE = "text/calendar; charset=utf-8"
EXTENSION = ".ics"
MAX_EVENTS = 2_000  # in the calendar of all, which is kept; they take about 2 MB and half a second
MAX_FOUND_EVENTS = 400  # in a calendar that is built for each request, of a coalition or a search: each must be quick
REFRESH_INTERVAL = dt.timedelta(hours=6)  # how often a calendar program should look for changes
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


def build_events_calendar(snapshot: Snapshot, language: str = "en") -> bytes:
    """Return the calendar of all events that the audience of the snapshot sees.

    A subscription must not lose events, so past events are included. Only of more than MAX_EVENTS, the newest by start are taken.
    """
    return _build_from_snapshot(snapshot, list_events(snapshot), _name_events_calendar(snapshot, language), language)


def build_coalition_calendar(snapshot: Snapshot, coalition: Coalition, language: str = "en") -> bytes:
    """Return the calendar of the events of a coalition: the MAX_FOUND_EVENTS newest by start, past ones included."""
    name = _TEXTS[language]["calendar"].format(coalition.name)
    return _build_from_snapshot(snapshot, list_events(snapshot, coalition.id), name, language)


def build_search_calendar(snapshot: Snapshot, question: RecordQuestion, conditions: str, language: str = "en") -> bytes:
    """Return the calendar of the events that a question finds: the MAX_FOUND_EVENTS newest by start, past ones included.

    `conditions` says in words what it asks for, for the name of the calendar. Raises BadInput for a text that is too long.
    """
    rows = find_event_rows(question, snapshot.views[RecordKind.EVENT].index)
    events = _list_newest(snapshot, rows, MAX_FOUND_EVENTS)
    return _build_from_snapshot(snapshot, events, f"{_name_events_calendar(snapshot, language)}, {conditions}", language)


def build_event_calendar(snapshot: Snapshot, event: Event, language: str = "en") -> bytes:
    """Return the calendar of one event."""
    return _build_from_snapshot(snapshot, [event], event.name, language)


def list_events(snapshot: Snapshot, coalition_id: str | None = None) -> list[Event]:
    """Return the MAX_EVENTS newest events, or the MAX_FOUND_EVENTS newest of a coalition, by start; [] if there are none."""
    index = snapshot.views[RecordKind.EVENT].index
    if coalition_id is None:
        return _list_newest(snapshot, index.rows.live_rows, MAX_EVENTS)
    return _list_newest(snapshot, index.sets["coalition"][coalition_id], MAX_FOUND_EVENTS)


def _list_newest(snapshot: Snapshot, rows: BitMap, limit: int) -> list[Event]:
    """Return the newest events of these rows, the first by start first."""
    index = snapshot.views[RecordKind.EVENT].index
    newest = list(islice(index.rows.iter_by_name_reversed(rows), limit))
    return cast("list[Event]", index.rows.list_records(reversed(newest)))


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
    zones = build_time_zones(times for _, times in timed)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//Membership directory//Events//{info.language.upper()}")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, vText(info.name))  # the library does not know that these are texts
    if info.fictional:
        calendar.add("description", _TEXTS[info.language]["fictional"])
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    for component in (*zones, *(_build_event(event, times, find_name, info.language) for event, times in timed)):
        calendar.add_component(component)
    content: bytes = calendar.to_ical()
    return content


# ---------------------------------------------------------------- events


def _build_event(event: Event, times: EventTimes, find_name: FindName, language: str) -> EventComponent:
    component = EventComponent()
    component.add("uid", event.id)  # RFC 7986, 5.3: a UUID, without the name of a host
    component.add("sequence", max(0, int((event.updated_at - SEQUENCE_START).total_seconds())))
    component.add("dtstamp", event.updated_at)
    component.add("last-modified", event.updated_at)
    component.add("summary", event.name)
    component.add("dtstart", times.start)
    if times.end is not None:
        component.add("dtend", times.end)
    _add_place(component, event)
    if description := "\n".join(_describe(event, find_name, language)):
        component.add("description", description)
    if event.registration_url:
        component.add("url", event.registration_url)
    if event.issue_areas:
        component.add("categories", [ISSUE_AREAS.require(slug).label(language) for slug in event.issue_areas])
    if event.is_cancelled:
        component.add("status", "CANCELLED")
    return component


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


def _add_place(component: EventComponent, event: Event) -> None:
    """Add the published place. Its point is added only if it is the place itself, not the center of an area."""
    for location in event.locations:
        if text := _format_location(location):
            component.add("location", text)
        if location.point and location.precision is Precision.EXACT:
            component.add("geo", (location.point.latitude, location.point.longitude))


def _format_location(location: Location) -> str:
    address = location.address
    if address is None:
        return location.name or ""
    postal_code = address.postal_code if address.street else None
    state = " ".join(part for part in (address.state, postal_code) if part)
    country = address.country if address.country != _COUNTRY else None
    parts = (location.name, address.street, address.city or address.county, state, country)
    return ", ".join(part for part in parts if part)
