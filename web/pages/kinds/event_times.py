"""When an event takes place, in words: its days, its hours where it takes place, and the name of that time zone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from directory.kinds.event import is_time_zone
from web.pages.languages import Language

Row = TypeVar("Row")


class EventTime(Struct, frozen=True):
    """The days are those where the event takes place.

    `hours` is None for an event of whole days. `zone` is the time zone in words, None for whole days. `start` is for machines.
    """

    first_day: date
    last_day: date
    hours: str | None
    zone: str | None
    start: str
    is_zone_stated: bool = True


def build_event_time(event: Mapping[str, Any], language: Language) -> EventTime:
    """Return the time of an event of the API. Without a time zone, it is in Coordinated Universal Time."""
    start = datetime.fromisoformat(event["startsAt"])
    end = datetime.fromisoformat(event["endsAt"]) if event["endsAt"] else start
    if event["isAllDay"]:
        first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
        return EventTime(first, last, None, None, first.isoformat())
    name = event["timeZone"]
    is_stated = bool(name) and is_time_zone(name)
    zone = ZoneInfo(name) if is_stated else UTC
    local_start, local_end = start.astimezone(zone), end.astimezone(zone)
    return EventTime(
        first_day=local_start.date(),
        last_day=local_end.date(),
        hours=_format_hours(local_start, local_end, language),
        zone=language.format_zone(local_start),
        start=local_start.isoformat(timespec="minutes"),
        is_zone_stated=is_stated,
    )


def _format_hours(start: datetime, end: datetime, language: Language) -> str:
    """Return "8:30 AM – 10:00 AM"; the end has its day if that is another one."""
    first = language.format_time(start)
    if end == start:
        return first
    last = language.format_time(end)
    return f"{first} – {last}" if end.date() == start.date() else f"{first} – {language.format_weekday(end.date())}, {last}"


def format_days(time: EventTime, language: Language) -> str:
    """Return the day, or the first and the last one, as a sentence begins: "Wednesday, March 17, 2021"."""
    first = language.format_weekday(time.first_day)
    first = first[:1].upper() + first[1:]
    if time.hours or time.last_day <= time.first_day:
        return first
    values = {"first": first, "last": language.format_weekday(time.last_day)}
    return language.gettext("%(first)s to %(last)s") % values


def group_by_day(rows: Iterable[tuple[EventTime, Row]]) -> Iterator[tuple[date, list[Row]]]:
    """Yield the days on which events begin with their rows, in the order of the rows."""
    for day, group in groupby(rows, key=lambda row: row[0].first_day):
        yield day, [row for _, row in group]
