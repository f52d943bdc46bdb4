"""The times of events in a calendar (icalendar.py): days, local times or UTC, and the time zones that local times refer to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from msgspec import Struct

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


def build_time_zones(times: Iterable[EventTimes]) -> list[Timezone]:
    """Return the time zones of events, by name. Without events it is UTC: a calendar must have a component (RFC 5545, 3.6)."""
    listed = list(times)
    if not listed:
        return [_build_time_zone(ZoneInfo("Etc/UTC"), ZONED_YEARS.start, ZONED_YEARS.start)]
    years: dict[str, list[int]] = defaultdict(list)
    for each in listed:
        if each.zone is not None:
            years[each.zone.key] += each.years
    return [_build_time_zone(ZoneInfo(name), min(years[name]), max(years[name])) for name in sorted(years)]


def _build_time_zone(zone: ZoneInfo, first_year: int, last_year: int) -> Timezone:
    """Return the time zone with its changes in these years, in the year before and in the year after.

    The library can build one too, but there daylight time starts an hour late: an onset is in the local time before the change.
    """
    start, end = dt.datetime(first_year - 1, 1, 1, tzinfo=dt.UTC), dt.datetime(last_year + 2, 1, 1, tzinfo=dt.UTC)
    onsets: dict[tuple[dt.timedelta, dt.timedelta, str, bool], list[dt.datetime]] = defaultdict(list)
    for moment in (start, *_iter_clock_changes(zone, start, end)):
        offset_before = _get_offset(zone, moment if moment is start else moment - ONE_SECOND)
        local = moment.astimezone(zone)
        key = (offset_before, _get_offset(zone, moment), local.tzname() or zone.key, bool(local.dst()))
        onsets[key].append((moment + offset_before).replace(tzinfo=None))
    component = Timezone()
    component.add("tzid", zone.key)
    for (offset_before, offset_after, name, is_daylight), local_times in onsets.items():
        part = TimezoneDaylight() if is_daylight else TimezoneStandard()
        part.add("dtstart", local_times[0])
        part.add("tzoffsetfrom", offset_before)
        part.add("tzoffsetto", offset_after)
        part.add("tzname", name)
        if local_times[1:]:
            part.add("rdate", local_times[1:])
        component.add_component(part)
    return component


def _iter_clock_changes(zone: ZoneInfo, start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """Yield the moments in UTC at which the offset changes. Two changes on one day would be missed; no zone has them."""
    day = start
    while day < end:
        next_day = day + ONE_DAY
        if _get_offset(zone, day) != _get_offset(zone, next_day):
            yield _find_clock_change(zone, day, next_day)
        day = next_day


def _find_clock_change(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    """Return the first second with another offset than `low`, by bisection."""
    offset = _get_offset(zone, low)
    while high - low > ONE_SECOND:
        middle = low + (high - low) // ONE_SECOND // 2 * ONE_SECOND
        low, high = (middle, high) if _get_offset(zone, middle) == offset else (low, middle)
    return high


def _get_offset(zone: ZoneInfo, moment: dt.datetime) -> dt.timedelta:
    return moment.astimezone(zone).utcoffset() or dt.timedelta()
