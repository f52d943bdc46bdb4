"""Which events are in a calendar if there are too many for one, and how much work a calendar is."""

import datetime as dt
import sys
from collections.abc import Callable
from types import FrameType

import pytest

from directory.export import icalendar
from directory.export.icalendar import CalendarInfo, build_calendar, build_events_calendar, list_events
from directory.live import Directory
from tests.builders import NOW, a_stored_event
from tests.directory.export.test_icalendar import NEW_YORK, TODAY, read_events, write


@pytest.fixture
def directory(sqlite_url: str) -> Directory:
    return Directory.open(sqlite_url)


def name_day(day: int) -> str:
    return f"Day {day}" if day >= 0 else f"Day before {-day}"


def count_calls(function: Callable[..., object], *arguments: object) -> int:
    """Return how many calls of Python functions a call makes."""
    calls = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ((-900, -800, 1, 2, 3, 400), [1, 2, 3]),  # the nearest, not those in the far future
        ((-900, -170, -10, 2, 400), [-170, -10, 2]),
        ((-900, -800, -700, -10, 2), [-700, -10, 2]),  # there are too few others
        ((-900, -800, -700, -600), [-800, -700, -600]),
        ((-800, 900), [-800, 900]),
    ],
)
def test_of_too_many_events_the_nearest_are_taken(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, days: tuple[int, ...], kept: list[int]
) -> None:
    monkeypatch.setattr(icalendar, "MAX_EVENTS", 3)
    events = [a_stored_event(name_day(day), starts_at=NOW + dt.timedelta(days=day)) for day in days]
    calendar = build_events_calendar(write(directory, *events), TODAY)
    assert [str(event["summary"]) for event in read_events(calendar)] == [name_day(day) for day in kept]


def test_the_work_grows_with_the_number_of_events_and_no_faster(directory: Directory) -> None:
    events = [a_stored_event(f"Event {number}", starts_at=NOW, time_zone=NEW_YORK) for number in range(40)]
    published = list_events(write(directory, *events), TODAY)
    build_calendar(published, lambda _: None, CalendarInfo(""))  # time zones are computed once
    few, many = (count_calls(build_calendar, published[:count], lambda _: None, CalendarInfo("")) for count in (10, 40))
    assert few < many < 4 * few
