"""Calendars to download or subscribe to: /events.ics, /events/{slug}.ics and /coalitions/{slug}/events.ics.

/events.ics has the events of a search with the parameters of /events, as long as those name something that everyone can see: a
calendar of a theme, coalition or host that is unknown or hidden does not exist. Parameters that choose a page of the list, such
as a month, do not matter: a subscription has the events of all days.

Calendar programs ask again every few hours, mostly with the entity tag of the calendar that they have. Former slugs are answered
with the calendar and not with a redirect, because some of these programs follow none.
"""

from typing import cast
from weakref import WeakKeyDictionary

from directory.errors import BadInput
from directory.kinds.coalition import Coalition
from directory.kinds.event import Event
from directory.records import PublishedRecord, RecordKind
from directory.search.snapshot import Snapshot
from web.pages.kinds.event_search import read_event_search
from web.pages.page import Download, PageBuilder, PageNotFound, PageRequest

# The calendar of all events of a snapshot, by language. Building it takes half a second in a large directory.
_EVENTS_CALENDARS: WeakKeyDictionary[Snapshot, dict[str, bytes]] = WeakKeyDictionary()


def build_events_download(request: PageRequest) -> Download:
    """Return the calendar of all events, or of those that the parameters ask for. Raises PageNotFound."""
    from directory.export.icalendar import build_events_calendar, build_search_calendar  # imported late: a server starts sooner

    snapshot, language = request.context.snapshot, request.language.code
    if search := read_event_search(request):
        try:
            content = build_search_calendar(snapshot, search.build_question(snapshot), search.describe(language), language)
        except BadInput as error:
            raise PageNotFound from error
        return _build_download(content, search.file_name)
    calendars = _EVENTS_CALENDARS.setdefault(snapshot, {})
    if language not in calendars:
        calendars[language] = build_events_calendar(snapshot, language)
    return _build_download(calendars[language], "events")


def build_event_download(request: PageRequest) -> Download:
    """Return the calendar of one event. Raises PageNotFound."""
    from directory.export.icalendar import build_event_calendar

    event = cast("Event", _find_record(request, RecordKind.EVENT))
    return _build_download(build_event_calendar(request.context.snapshot, event, request.language.code), event.slug)


def build_coalition_download(request: PageRequest) -> Download:
    """Return the calendar of the events of a coalition. Raises PageNotFound."""
    from directory.export.icalendar import build_coalition_calendar

    coalition = cast("Coalition", _find_record(request, RecordKind.COALITION))
    content = build_coalition_calendar(request.context.snapshot, coalition, request.language.code)
    return _build_download(content, f"{coalition.slug}-events")


def _find_record(request: PageRequest, kind: RecordKind) -> PublishedRecord:
    """Return the record with the slug in the address. A hidden record and one that does not exist raise the same PageNotFound."""
    record = request.context.snapshot.find_record_by_slug(kind, request.path_values["slug"])
    if record is None:
        raise PageNotFound
    return record


def _build_download(content: bytes, name: str) -> Download:
    from directory.export.icalendar import EXTENSION, MEDIA_TYPE

    return Download(content, MEDIA_TYPE, name + EXTENSION)


CALENDARS: dict[str, PageBuilder] = {
    "/events.ics": build_events_download,
    "/events/{slug}.ics": build_event_download,
    "/coalitions/{slug}/events.ics": build_coalition_download,
}
