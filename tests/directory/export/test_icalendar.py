"""Calendars are read again with the library that wrote them. Events are written to a real directory and published from it."""

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from directory.export import icalendar
from directory.export.icalendar import (
    CalendarInfo,
    build_calendar,
    build_coalition_calendar,
    build_event_calendar,
    build_events_calendar,
)
from directory.geo import Disclosure, Point, Precision
from directory.kinds.event import EventHost, StoredEvent
from directory.live import Directory
from directory.records import Audience, PrivatePlace, RecordKind, StoredLocation, StoredRecord
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Network, Put
from tests.builders import NOW, a_stored_coalition, a_stored_event, a_stored_location, a_stored_organization, an_id

NEW_YORK = "America/New_York"
STREET, HALL = "12 River St", "Old Fire Station"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def directory(sqlite_url: str) -> Directory:
    return Directory.open(sqlite_url)


def write(directory: Directory, *records: StoredRecord, now: dt.datetime = NOW, **options: Any) -> Snapshot:
    directory.write([Put(record) for record in records], actor="test", now=now, reason="test", **options)
    return directory.get_snapshot(Audience.PUBLIC)


def read_calendar(content: bytes) -> Any:
    """Return the calendar, and check that every line is at most 75 bytes long."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return Calendar.from_ical(content)


def read_name(content: bytes) -> str:
    """Return the name of the calendar. The library must be told that it is a text."""
    lines = [content.replace(b"\r\n%s:" % name, b"\r\nCOMMENT:", 1) for name in (b"NAME", b"X-WR-CALNAME")]
    names = {str(Calendar.from_ical(line)["comment"]) for line in lines}
    assert len(names) == 1
    return names.pop()


def read_events(content: bytes) -> Any:
    return read_calendar(content).walk("VEVENT")


def export_one(directory: Directory, event: StoredEvent) -> Any:
    [component] = read_events(build_events_calendar(write(directory, event)))
    return component


def a_hall(disclosure: Disclosure | None) -> StoredLocation:
    place = PrivatePlace(STREET, Point(33.75, -84.39))
    return a_stored_location(name=HALL, known=Precision.EXACT, disclosure=disclosure, postal_code="30303", private=place)


class TestIdentity:
    def test_an_event_that_moved_keeps_its_uid_and_gets_a_higher_sequence(self, directory: Directory) -> None:
        event = a_stored_event("March", time_zone=NEW_YORK)
        [before] = read_events(build_events_calendar(write(directory, event)))
        moved = a_stored_event("March", time_zone=NEW_YORK, starts_at=NOW + dt.timedelta(days=7))
        [after] = read_events(build_events_calendar(write(directory, moved, now=NOW + MINUTE)))
        assert str(before["uid"]) == str(after["uid"]) == event.id
        assert after["sequence"] - before["sequence"] == 60
        assert after.start - before.start == dt.timedelta(days=7)
        assert after["last-modified"].dt == after["dtstamp"].dt == NOW + MINUTE

    def test_what_the_public_does_not_see_changes_nothing(self, directory: Directory) -> None:
        event = a_stored_event("March", online_url="https://meet.example/1")
        before = build_events_calendar(write(directory, event))
        changed = a_stored_event("March", online_url="https://meet.example/2")
        assert build_events_calendar(write(directory, changed, now=NOW + MINUTE)) == before

    def test_a_hidden_event_disappears(self, directory: Directory) -> None:
        snapshot = write(directory, a_stored_event("March"), a_stored_event("Vigil"))
        assert len(read_events(build_events_calendar(snapshot))) == 2
        snapshot = write(directory, a_stored_event("Vigil", hidden_since=NOW), now=NOW + MINUTE)
        assert [str(event["summary"]) for event in read_events(build_events_calendar(snapshot))] == ["March"]

    def test_an_event_for_members_is_in_no_public_calendar(self, directory: Directory) -> None:
        snapshot = write(directory, a_stored_event("Strategy", audience=Audience.MEMBERS))
        assert read_events(build_events_calendar(snapshot)) == []
        assert len(read_events(build_events_calendar(directory.get_snapshot(Audience.MEMBERS)))) == 1


class TestTimes:
    def test_a_timed_event_is_in_its_time_zone(self, directory: Directory) -> None:
        starts_at = dt.datetime(2026, 7, 1, 22, tzinfo=dt.UTC)
        event = export_one(
            directory, a_stored_event(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2), time_zone=NEW_YORK)
        )
        assert event["dtstart"].to_ical() == b"20260701T180000"
        assert event["dtstart"].params["TZID"] == NEW_YORK
        assert event.end == starts_at + dt.timedelta(hours=2)

    @pytest.mark.parametrize("time_zone", [None, "UTC"])
    def test_without_a_time_zone_it_is_in_utc(self, directory: Directory, time_zone: str | None) -> None:
        event = export_one(directory, a_stored_event(starts_at=NOW, time_zone=time_zone))
        assert event["dtstart"].to_ical() == b"20260601T120000Z"

    @pytest.mark.parametrize("ends_at", [None, NOW])
    def test_an_event_without_a_duration_has_no_end(self, directory: Directory, ends_at: dt.datetime | None) -> None:
        assert "dtend" not in export_one(directory, a_stored_event(starts_at=NOW, ends_at=ends_at))

    @pytest.mark.parametrize(("last_day", "exclusive_end"), [(None, 18), (17, 18), (19, 20)])
    def test_an_event_of_whole_days_ends_before_the_next_day(
        self, directory: Directory, last_day: int | None, exclusive_end: int
    ) -> None:
        ends_at = dt.datetime(2026, 3, last_day, tzinfo=dt.UTC) if last_day else None
        starts_at = dt.datetime(2026, 3, 17, tzinfo=dt.UTC)
        event = export_one(
            directory, a_stored_event(starts_at=starts_at, ends_at=ends_at, is_all_day=True, time_zone="Pacific/Honolulu")
        )
        assert event["dtstart"].to_ical() == b"20260317"
        assert event["dtstart"].params["VALUE"] == "DATE"
        assert event["dtend"].dt == dt.date(2026, 3, exclusive_end)

    def test_an_hour_that_occurs_twice_is_stated_clearly(self, directory: Directory) -> None:
        """Clocks in New York go back from 2:00 to 1:00 on November 1, 2026, at 6:00 UTC."""
        first, second = dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC), dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)
        for name, moment in (("first", first), ("second", second)):
            write(directory, a_stored_event(name, starts_at=moment, ends_at=moment + 15 * MINUTE, time_zone=NEW_YORK))
        one, other = read_events(build_events_calendar(directory.get_snapshot(Audience.PUBLIC)))
        assert (one["dtstart"].to_ical(), one["dtstart"].params["TZID"]) == (b"20261101T013000", NEW_YORK)
        assert (other["dtstart"].to_ical(), other["dtend"].to_ical()) == (b"20261101T063000Z", b"20261101T064500Z")
        assert (one.start.astimezone(dt.UTC), other.start) == (first, second)

    @pytest.mark.parametrize("zone", [NEW_YORK, "Europe/London", "America/Phoenix", "Asia/Kolkata", "Africa/Casablanca"])
    def test_the_calendar_defines_its_time_zones(self, directory: Directory, zone: str) -> None:
        starts = [dt.datetime(2026, month, 15, 23, 30, tzinfo=dt.UTC) for month in range(1, 13)]
        events = [a_stored_event(f"{start:%B}", starts_at=start, time_zone=zone) for start in starts]
        content = build_events_calendar(write(directory, *events))
        [defined] = read_calendar(content).walk("VTIMEZONE")
        defined_zone = defined.to_tz(lookup_tzid=False)
        for event, start in zip(read_events(content), starts, strict=True):
            local = event["dtstart"].dt.replace(tzinfo=None)
            assert local.replace(tzinfo=defined_zone).utcoffset() == local - start.replace(tzinfo=None)

    def test_daylight_time_starts_at_the_local_time_before_the_change(self, directory: Directory) -> None:
        content = build_events_calendar(write(directory, a_stored_event(starts_at=NOW, time_zone=NEW_YORK)))
        [daylight] = read_calendar(content).walk("DAYLIGHT")
        assert daylight["dtstart"].to_ical() == b"20250309T020000"
        assert daylight["rdate"].to_ical() == b"20260308T020000,20270314T020000"

    def test_a_moment_long_ago_needs_no_time_zone(self, directory: Directory) -> None:
        starts_at = dt.datetime(1948, 12, 10, 20, tzinfo=dt.UTC)
        event = export_one(directory, a_stored_event(starts_at=starts_at, time_zone="Europe/Paris"))
        assert event["dtstart"].to_ical() == b"19481210T200000Z"


class TestPlaces:
    @pytest.mark.parametrize("disclosure", [Disclosure.HIDDEN, Disclosure.CITY, None])
    def test_a_place_that_is_not_exact_has_no_street_name_or_point(
        self, directory: Directory, disclosure: Disclosure | None
    ) -> None:
        content = build_events_calendar(write(directory, a_stored_event(sites=(a_hall(disclosure),))))
        [event] = read_events(content)
        assert str(event["location"]) == ("GA" if disclosure is Disclosure.HIDDEN else "Atlanta, GA")
        assert "geo" not in event
        assert not any(text.encode() in content for text in (STREET, HALL, "30303", "33.7", "84.3"))

    def test_an_exact_place_has_them(self, directory: Directory) -> None:
        event = export_one(directory, a_stored_event(sites=(a_hall(Disclosure.EXACT),)))
        assert str(event["location"]) == f"{HALL}, {STREET}, Atlanta, GA 30303"
        assert (event["geo"].latitude, event["geo"].longitude) == (33.75, -84.39)

    def test_an_exact_disclosure_of_a_city_has_no_point(self, directory: Directory) -> None:
        event = export_one(directory, a_stored_event(sites=(a_stored_location(disclosure=Disclosure.EXACT),)))
        assert str(event["location"]) == "Atlanta, GA"
        assert "geo" not in event

    def test_an_event_without_a_place_has_none(self, directory: Directory) -> None:
        assert "location" not in export_one(directory, a_stored_event())


class TestTexts:
    @pytest.mark.parametrize(
        "title",
        ["Food, music; and \\ more", "Line one\nline two", "🎉 ¡Únete! 👩‍👩‍👧 " * 9, "x" * 200, "BEGIN:VEVENT\r\nEND:VCALENDAR"],
    )
    def test_titles_are_read_as_they_were_written(self, directory: Directory, title: str) -> None:
        snapshot = write(directory, a_stored_event("March", summary=title))
        [published] = icalendar.list_events(snapshot)
        renamed = type(published)(**{field: getattr(published, field) for field in published.__struct_fields__} | {"name": title})
        content = build_calendar([renamed], lambda _: None, CalendarInfo(title))
        [event] = read_events(content)
        expected = title.replace("\r\n", "\n")
        assert str(event["summary"]) == expected
        assert str(event["description"]) == expected
        assert read_name(content) == expected

    def test_the_description_says_what_is_published(self, directory: Directory) -> None:
        hosts = (EventHost(organization=an_id("Union")), EventHost(actor="City Council"), EventHost(organization=an_id("Secret")))
        event = a_stored_event(
            summary="We march.",
            time_as_stated="7a CST/8a EST",
            hosts=hosts,
            online_url="https://meet.example/secret",
            registration_url="https://example.org/join",
            issue_areas=("housing", "workers"),
        )
        organizations = a_stored_organization("Union"), a_stored_organization("Secret", audience=Audience.MEMBERS)
        snapshot = write(directory, *organizations, event)
        [component] = read_events(build_events_calendar(snapshot))
        assert str(component["description"]).split("\n") == [
            "We march.",
            "Stated time: 7a CST/8a EST",
            "Hosts: Union; City Council",
            "Registration: https://example.org/join",
        ]
        assert str(component["url"]) == "https://example.org/join"
        assert len(component.categories) == 2
        assert "organizer" not in component
        spanish = read_events(build_events_calendar(snapshot, "es"))[0]
        assert "Hora anunciada: 7a CST/8a EST" in str(spanish["description"])
        assert set(spanish.categories).isdisjoint(component.categories)

    def test_a_public_link_for_taking_part_is_published(self, directory: Directory) -> None:
        event = a_stored_event(online_url="https://meet.example/open", online_audience=Audience.PUBLIC)
        assert str(export_one(directory, event)["description"]) == "Online: https://meet.example/open"

    def test_a_cancelled_event_says_so(self, directory: Directory) -> None:
        assert str(export_one(directory, a_stored_event(is_cancelled=True))["status"]) == "CANCELLED"

    def test_an_event_that_states_nothing_says_nothing(self, directory: Directory) -> None:
        assert set(export_one(directory, a_stored_event())) == {
            *("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "SUMMARY", "DTSTART")
        }


class TestCalendars:
    def test_no_events_are_a_valid_calendar(self, directory: Directory) -> None:
        snapshot = write(directory, a_stored_organization("Union"))
        calendar = read_calendar(build_events_calendar(snapshot))
        assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]
        assert (str(calendar["version"]), calendar["refresh-interval"].params["VALUE"]) == ("2.0", "DURATION")

    def test_a_calendar_has_the_name_of_the_network_the_coalition_or_the_event(self, directory: Directory) -> None:
        network, coalition = a_stored_organization("All, Together"), a_stored_coalition("Tenants Alliance")
        event = a_stored_event("March", coalition=coalition.id)
        snapshot = write(directory, network, coalition, event, network=Network(network.id, fictional=True))
        stored = snapshot.get_record(RecordKind.COALITION, coalition.id), snapshot.get_record(RecordKind.EVENT, event.id)
        contents = (
            build_events_calendar(snapshot, "es"),
            build_coalition_calendar(snapshot, stored[0]),  # type: ignore[arg-type]
            build_event_calendar(snapshot, stored[1]),  # type: ignore[arg-type]
        )
        names = ["All, Together: eventos", "Tenants Alliance: events", "March"]
        assert [read_name(content) for content in contents] == names
        assert str(read_calendar(contents[1])["description"]) == "Every event in this calendar is made up."

    def test_a_coalition_has_its_own_events_by_start(self, directory: Directory) -> None:
        coalition = a_stored_coalition("Tenants Alliance")
        days = {"Third": 3, "First": 1, "Second": 2}
        events = [
            a_stored_event(name, starts_at=NOW + dt.timedelta(days=day), coalition=coalition.id) for name, day in days.items()
        ]
        snapshot = write(directory, coalition, *events, a_stored_event("Of others"))
        published: Any = snapshot.get_record(RecordKind.COALITION, coalition.id)
        names = [str(event["summary"]) for event in read_events(build_coalition_calendar(snapshot, published))]
        assert names == ["First", "Second", "Third"]

    def test_of_too_many_events_the_newest_are_taken(self, directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(icalendar, "MAX_EVENTS", 2)
        events = [a_stored_event(f"Day {day}", starts_at=NOW + dt.timedelta(days=day)) for day in range(4)]
        snapshot = write(directory, *events)
        assert [str(event["summary"]) for event in read_events(build_events_calendar(snapshot))] == ["Day 2", "Day 3"]

    def test_of_too_many_events_of_a_coalition_the_newest_are_taken(
        self, directory: Directory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(icalendar, "MAX_FOUND_EVENTS", 2)
        coalition = a_stored_coalition("Tenants Alliance")
        days = [NOW + dt.timedelta(days=day) for day in range(4)]
        events = [a_stored_event(f"Day {day}", starts_at=start, coalition=coalition.id) for day, start in enumerate(days)]
        snapshot = write(directory, coalition, *events)
        published: Any = snapshot.get_record(RecordKind.COALITION, coalition.id)
        assert [str(event["summary"]) for event in read_events(build_coalition_calendar(snapshot, published))] == [
            "Day 2",
            "Day 3",
        ]

    def test_the_same_events_are_the_same_bytes(self, directory: Directory) -> None:
        events = [a_stored_event(zone, time_zone=zone) for zone in ("Europe/Paris", NEW_YORK, "Asia/Tokyo")]
        snapshot = write(directory, *events)
        assert build_events_calendar(snapshot) == build_events_calendar(snapshot)
        zones = [str(zone["tzid"]) for zone in read_calendar(build_events_calendar(snapshot)).walk("VTIMEZONE")]
        assert zones == sorted(zones)
