"""Drafts of events: their times, hosts and place."""

import datetime as dt

import pytest

from directory.drafts.event_draft import build_stored_event, parse_event_draft
from directory.drafts.geocoding import locate, make_location_id
from directory.drafts.problems import Problem
from directory.errors import BadInput
from directory.geo import Disclosure
from directory.kinds.event import EventHost, StoredEvent
from directory.records import Audience
from tests.builders import an_id

NEW_YORK = "America/New_York"
MEMBER, OTHER = an_id("member"), an_id("other")


def list_problems(**fields: object) -> list[Problem]:
    """Return the problems of a valid draft with these fields in place of its own."""
    with pytest.raises(BadInput) as refusal:
        parse_event_draft({"name": "Press conference", "starts_at": "2021-03-17T12:00:00Z", **fields})
    problems: list[Problem] = refusal.value.params["problems"]  # type: ignore[assignment]
    return problems


def find_problem(**fields: object) -> tuple[str, str]:
    """Return the path and message of the only problem."""
    (problem,) = list_problems(**fields)
    return problem.path_text, problem.message


def build_event(**fields: object) -> StoredEvent:
    id = an_id("event")
    draft = parse_event_draft({"name": "Press conference", **fields})
    sites = tuple(locate(place, id=make_location_id(id, position)) for position, place in enumerate(draft.locations))
    return build_stored_event(draft, id=id, slug="event", sites=sites)


def test_an_event_is_stored_with_all_its_parts() -> None:
    event = build_event(
        starts_local="2021-03-17 08:00",
        ends_local="2021-03-17 09:30",
        time_zone=" America/New_York",
        time_as_stated="7a CST/8a EST",
        registration_url="https://register.example/",
        online_url="https://meet.example/secret",
        locations=[{"street": "250 Georgia Ave SE", "city": "Atlanta", "state": "GA", "disclosure": "CITY"}],
        hosts=[{"organization": MEMBER}, {"actor": "Human Rights Council"}],
        coalition=OTHER,
    )
    assert (event.starts_at, event.ends_at) == (
        dt.datetime(2021, 3, 17, 12, tzinfo=dt.UTC),
        dt.datetime(2021, 3, 17, 13, 30, tzinfo=dt.UTC),
    )
    assert (event.time_zone, event.online_audience, event.coalition) == ("America/New_York", Audience.MEMBERS, OTHER)
    assert event.hosts == (EventHost(MEMBER), EventHost(None, "Human Rights Council"))
    assert [(site.city, site.disclosure) for site in event.sites] == [("Atlanta", Disclosure.CITY)]


def test_moments_are_stored_in_utc() -> None:
    event = build_event(starts_at="2021-03-17T08:00:00-04:00")
    assert event.starts_at.isoformat() == "2021-03-17T12:00:00+00:00"
    in_toml = build_event(starts_local=dt.datetime.fromisoformat("2021-03-17T08:00"), time_zone=NEW_YORK)
    assert in_toml.starts_at.isoformat() == "2021-03-17T12:00:00+00:00"
    assert build_event(starts_local=dt.date(2020, 12, 10), is_all_day=True).starts_at.day == 10
    assert build_event(starts_local="2020-12-10", is_all_day=True).starts_at == dt.datetime(2020, 12, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("wrong", "path", "words"),
    [
        ({"starts_at": None}, "starts_local", "needs a start"),
        ({"starts_local": "2021-03-17 08:00", "time_zone": "UTC"}, "starts_local", "not both"),
        ({"starts_at": "2021-03-17T12:00:00"}, "starts_at", "Write it in starts_local"),
        ({"starts_at": 1615982400}, "starts_at", "a date in full"),
        ({"starts_at": "0001-01-01T00:00:00+05:00"}, "starts_at", "too far in the past"),
        ({"starts_at": "9999-12-31T23:00:00-05:00"}, "starts_at", "too far in the past or in the future"),
        ({"starts_at": "2021-03-17T12:00:00Z", "is_all_day": True}, "starts_at", "no time of day"),
        ({"starts_at": None, "starts_local": "2021-03-14 02:30", "time_zone": NEW_YORK}, "starts_local", "not exist"),
        (
            {"starts_at": None, "starts_local": "2021-11-07 01:30", "time_zone": NEW_YORK},
            "starts_local",
            "occurs twice",
        ),
        ({"starts_at": None, "starts_local": "2021-03-17 08:00"}, "starts_local", "needs a time zone"),
        ({"time_zone": "Eastern"}, "time_zone", "not a time zone"),
        ({"time_zone": "localtime"}, "time_zone", "not a time zone"),
        ({"hosts": [{"actor": "Friends of 12 Broad St"}]}, "hosts[0].actor", "a street address"),
        ({"ends_at": "2021-03-17T11:59:59Z"}, "ends_at", "ends before it starts"),
        ({"ends_local": "2021-03-17 07:59", "time_zone": NEW_YORK}, "ends_local", "ends before it starts"),
        ({"ends_local": "2021-11-07 01:30", "time_zone": NEW_YORK}, "ends_local", "occurs twice"),
        ({"hosts": [{}]}, "hosts[0]", "exactly one"),
        ({"hosts": [{"organization": MEMBER, "actor": "Somebody"}]}, "hosts[0]", "exactly one"),
        ({"locations": [{"city": "Atlanta"}, {"city": "Macon"}]}, "locations", "one place"),
        ({"summary": "Call 404-555-0100."}, "summary", "a telephone number"),
        ({"name": "Meet at 12 Broad St"}, "name", "a street address"),
        ({"registration_url": "http://localhost/"}, "registration_url", "no public host name"),
    ],
)
def test_a_wrong_event_is_refused(wrong: dict[str, object], path: str, words: str) -> None:
    found = find_problem(**wrong)
    assert (found[0], words in found[1]) == (path, True), found


def test_times_are_checked_even_if_other_fields_are_wrong() -> None:
    problems = list_problems(name="", ends_at="2021-03-17T11:00:00Z", time_zone="Mars")
    assert [problem.path_text for problem in problems] == ["name", "time_zone", "ends_at"]


def test_an_event_does_not_name_the_place_that_it_hides() -> None:
    place = {"city": "Taos", "state": "NM", "disclosure": "STATE"}
    with pytest.raises(BadInput, match="names the city Taos"):
        build_event(starts_at="2021-03-17T12:00:00Z", summary="A vigil in Taos.", locations=[place])
    assert build_event(starts_at="2021-03-17T12:00:00Z", summary="A vigil.", locations=[place])


def test_an_event_does_not_name_the_wording_of_a_place_that_it_hides() -> None:
    place = {"name": "Red House", "city": "Boise", "state": "ID", "disclosure": "CITY"}
    with pytest.raises(BadInput, match="names the place Red House, which this event does not publish"):
        build_event(starts_at="2021-03-17T12:00:00Z", name="Supper at the Red House", locations=[place])


@pytest.mark.parametrize("year", ["0001", "1850", "9999"])
def test_years_that_no_calendar_shows_are_refused(year: str) -> None:
    with pytest.raises(BadInput, match="must be from 1900 to 2199"):
        build_event(starts_at=f"{year}-12-31T00:00:00Z", is_all_day=True)
