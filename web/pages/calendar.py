"""Calendars to download or subscribe to: /events.ics, /events/{slug}.ics and /coalitions/{slug}/events.ics.

/events.ics has the events of a search with the parameters of /events, as long as those name something that everyone can see: a
calendar of a theme, coalition or host that is unknown or hidden does not exist. Parameters that choose a page of the list, such
as a month, do not matter: a subscription has the events of all days.

Calendar programs ask again every few hours, mostly with the entity tag of the calendar that they have. Former slugs are answered
with the calendar and not with a redirect, because some of these programs follow none.
"""

from typing import cast

from directory.errors import BadInput
from directory.export.icalendar import (
    EXTENSION,
    MEDIA_TYPE,
    build_coalition_calendar,
    build_event_calendar,
    build_events_calendar,
    build_search_calendar,
)
from directory.kinds.coalition import Coalition
from directory.kinds.event import Event
from directory.records import PublishedRecord, RecordKind
from web.pages.kinds.event_search import read_event_search
from web.pages.page import Download, PageBuilder, PageNotFound, PageRequest


def build_events_download(request: PageRequest) -> Download:
    """Return the calendar of all events, or of those that the parameters ask for. Raises PageNotFound."""
    context, language = request.context, request.language.code
    snapshot, today = context.snapshot, context.now.date()
    search = read_event_search(request)
    if search is None:
        return _build_download(build_events_calendar(snapshot, today, language), "events")
    try:
        content = build_search_calendar(snapshot, search.build_question(snapshot), search.describe(language), today, language)
    except BadInput as error:
        raise PageNotFound from error
    return _build_download(content, search.file_name)


def build_event_download(request: PageRequest) -> Download:
    """Return the calendar of one event. Raises PageNotFound."""
    event = cast("Event", _find_record(request, RecordKind.EVENT))
    return _build_download(build_event_calendar(request.context.snapshot, event, request.language.code), event.slug)


def build_coalition_download(request: PageRequest) -> Download:
    """Return the calendar of the events of a coalition. Raises PageNotFound."""
    coalition = cast("Coalition", _find_record(request, RecordKind.COALITION))
    context = request.context
    content = build_coalition_calendar(context.snapshot, coalition, context.now.date(), request.language.code)
    return _build_download(content, f"{coalition.slug}-events")


def _find_record(request: PageRequest, kind: RecordKind) -> PublishedRecord:
    """Return the record with the slug in the address. A hidden record and one that does not exist raise the same PageNotFound."""
    record = request.context.snapshot.find_record_by_slug(kind, request.path_values["slug"])
    if record is None:
        raise PageNotFound
    return record


def _build_download(content: bytes, name: str) -> Download:
    return Download(content, MEDIA_TYPE, name + EXTENSION)


CALENDARS: dict[str, PageBuilder] = {
    "/events.ics": build_events_download,
    "/events/{slug}.ics": build_event_download,
    "/coalitions/{slug}/events.ics": build_coalition_download,
}
