"""The times of events in a calendar (icalendar.py): days, local times or UTC, and the time zones that local times refer to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from msgspec import Struct

from directory.export.calendar_lines import escape_text, format_line, format_moment, format_time, wrap_component
from directory.kinds.event import Event, is_time_zone

ZONED_YEARS = range(1970, 2101)  # other moments are in UTC, because a VTIMEZONE lists every change of the clock
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT"})
ONE_DAY, ONE_SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


class EventTimes(Struct, frozen=True):
    """When an event takes place: two days, or two moments in `zone` or, if that is None, in UTC.

    `end` is exclusive. It is None for an event without a duration (RFC 5545, 3.6.1).
    """

    start: dt.date | dt.datetime
    end: dt.date | dt.datetime | None
    zone: ZoneInfo | None = None

    @property
    def years(self) -> list[int]:
        return [moment.year for moment in (self.start, self.end) if moment is not None]


def compute_times(event: Event) -> EventTimes:
    """Return the times of an event as a calendar states them. Fractions of a second are dropped."""
    start, end = (moment.astimezone(dt.UTC) for moment in (event.starts_at, event.ends_at or event.starts_at))
    if event.is_all_day:
        return EventTimes(start.date(), end.date() + ONE_DAY)
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    zone = _find_zone(event.time_zone, start, end)
    return EventTimes(start.astimezone(zone or dt.UTC), end.astimezone(zone or dt.UTC) if end > start else None, zone)


def _find_zone(name: str | None, *moments: dt.datetime) -> ZoneInfo | None:
    """Return the time zone with this name, or None if the moments must be in UTC.

    A local time that occurs twice means the first one (RFC 5545, 3.3.5), so an event in the second one must be in UTC.
    """
    if name is None or name in UTC_NAMES or not is_time_zone(name):
        return None
    if any(moment.year not in ZONED_YEARS for moment in moments):
        return None
    zone = ZoneInfo(name)
    return None if any(moment.astimezone(zone).fold for moment in moments) else zone


def format_time_zones(times: Iterable[EventTimes]) -> Iterator[bytes]:
    """Yield the lines of the time zones of events, by name.

    Without events it is UTC: a calendar must have a component (RFC 5545, 3.6).
    """
    years: dict[str, list[int]] = defaultdict(list)
    listed = list(times)
    for each in listed:
        if each.zone is not None:
            years[each.zone.key] += each.years
    if not listed:
        years["Etc/UTC"] = [ZONED_YEARS.start]
    for name in sorted(years):
        yield from wrap_component("VTIMEZONE", _format_time_zone(ZoneInfo(name), min(years[name]), max(years[name])))


def _format_time_zone(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[bytes]:
    """Yield the lines of a time zone with its changes in these years, in the year before and in the year after.

    An onset is in the local time before the change.
    """
    start = dt.datetime(first_year - 1, 1, 1, tzinfo=dt.UTC)
    changes = chain.from_iterable(_list_clock_changes(zone.key, year) for year in range(first_year - 1, last_year + 2))
    onsets: dict[tuple[dt.timedelta, dt.timedelta, str, bool], list[dt.datetime]] = defaultdict(list)
    for moment in (start, *changes):
        offset_before = _get_offset(zone, moment if moment is start else moment - ONE_SECOND)
        local = moment.astimezone(zone)
        key = (offset_before, _get_offset(zone, moment), local.tzname() or zone.key, bool(local.dst()))
        onsets[key].append((moment + offset_before).replace(tzinfo=None))
    yield format_line("TZID", zone.key)
    for (offset_before, offset_after, name, is_daylight), local_times in onsets.items():
        lines = [
            format_time("DTSTART", local_times[0]),
            *([format_line("RDATE", ",".join(map(format_moment, local_times[1:])))] if local_times[1:] else []),
            format_line("TZNAME", escape_text(name)),
            format_line("TZOFFSETFROM", _format_offset(offset_before)),
            format_line("TZOFFSETTO", _format_offset(offset_after)),
        ]
        yield from wrap_component("DAYLIGHT" if is_daylight else "STANDARD", lines)


def _format_offset(offset: dt.timedelta) -> str:
    """Return "-0500", or "+001730" with seconds."""
    minutes, seconds = divmod(abs(offset) // ONE_SECOND, 60)
    return f"{'-' if offset < dt.timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")


@lru_cache(maxsize=1 << 10)
def _list_clock_changes(name: str, year: int) -> tuple[dt.datetime, ...]:
    """Return the moments in UTC at which the offset changes. Two changes on one day would be missed; no zone has them."""
    zone, day, changes = ZoneInfo(name), dt.datetime(year, 1, 1, tzinfo=dt.UTC), list[dt.datetime]()
    while day.year == year:
        next_day = day + ONE_DAY
        if _get_offset(zone, day) != _get_offset(zone, next_day):
            changes.append(_find_clock_change(zone, day, next_day))
        day = next_day
    return tuple(changes)


def _find_clock_change(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    """Return the first second with another offset than `low`, by bisection."""
    offset = _get_offset(zone, low)
    while high - low > ONE_SECOND:
        middle = low + (high - low) // ONE_SECOND // 2 * ONE_SECOND
        low, high = (middle, high) if _get_offset(zone, middle) == offset else (low, middle)
    return high


def _get_offset(zone: ZoneInfo, moment: dt.datetime) -> dt.timedelta:
    return moment.astimezone(zone).utcoffset() or dt.timedelta()
