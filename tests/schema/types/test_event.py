"""Events: every field, lists by time, pages, places, ids, and what an audience does not see."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from directory.geo import Disclosure
from directory.kinds.event import EventHost
from directory.live import Directory
from directory.records import Audience, Link, PrivatePlace, Source
from tests.builders import NOW, a_stored_coalition, a_stored_event, a_stored_location, a_stored_organization, an_id
from tests.schema.conftest import Ask
from tests.schema.types.record_lists import (
    check_pages,
    list_slugs,
    make_ask,
    make_global_id,
    read_data,
    read_page,
    read_refusal,
    write_records,
)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)


HARBOR = a_stored_organization("Harbor Tenants")
SECRET = a_stored_organization("Secret House", hidden_since=NOW)
ALLIANCE = a_stored_coalition("Tenants Alliance")
HIDDEN_CIRCLE = a_stored_coalition("Hidden Circle", hidden_since=NOW)
HALL = a_stored_location(name="City Hall", disclosure=Disclosure.EXACT, private=PrivatePlace("55 Trinity Ave"))
SHELTER = a_stored_location(
    "Savannah", id=an_id("Shelter"), name="Shelter", disclosure=Disclosure.HIDDEN, private=PrivatePlace("12 Shelter Rd")
)
PRESS = a_stored_event(
    starts_at=utc(2021, 3, 17, 12),
    ends_at=utc(2021, 3, 17, 13, 30),
    time_zone="America/New_York",
    time_as_stated="7a CST/8a EST",
    summary="What is at stake.",
    registration_url="https://upr.example/register",
    online_url="https://upr.example/only-for-members",
    links=(Link("recording", "https://upr.example/recording"),),
    issue_areas=("tenants",),
    sites=(HALL,),
    hosts=(EventHost(HARBOR.id), EventHost(SECRET.id), EventHost(actor="Human Rights Council")),
    coalition=ALLIANCE.id,
    sources=(Source("name", "Its page", "https://upr.example/about", dt.date(2021, 3, 18)), Source("hosts", "A list for staff")),
)
OPEN = a_stored_event(
    "Open meeting", starts_at=utc(2022, 1, 1, 9), online_url="https://meet.example", online_audience=Audience.PUBLIC
)
RIVER_DAYS = a_stored_event("River days", starts_at=utc(2022, 6, 1), ends_at=utc(2022, 6, 3), is_all_day=True, sites=(SHELTER,))
VIGIL = a_stored_event("Vigil", starts_at=utc(2022, 12, 10), is_all_day=True, is_cancelled=True, coalition=HIDDEN_CIRCLE.id)
HIDDEN = a_stored_event("Secret meeting", starts_at=utc(2022, 1, 2), hidden_since=NOW, coalition=ALLIANCE.id)
FOR_MEMBERS = a_stored_event("Strategy", starts_at=utc(2022, 1, 3), audience=Audience.MEMBERS)
RECORDS = (HARBOR, SECRET, ALLIANCE, HIDDEN_CIRCLE, PRESS, OPEN, RIVER_DAYS, VIGIL, HIDDEN, FOR_MEMBERS)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    file: Path = tmp_path_factory.mktemp("events") / "directory.sqlite3"
    with closing(Directory.open(f"sqlite:///{file}")) as directory:
        write_records(directory, *RECORDS)
        yield directory


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return make_ask(directory)


def read_event(ask: Ask, slug: str, selection: str) -> dict[str, Any]:
    event: dict[str, Any] = read_data(ask, f"query($slug: String!) {{ event(slug: $slug) {{ {selection} }} }}", slug=slug)[
        "event"
    ]
    return event


# ---------------------------------------------------------------- fields

FIELDS = """id slug title summary startsAt endsAt isAllDay isCancelled timeZone timeAsStated place
locations { name address { street city county state postalCode country } precision isPrimary }
onlineUrl registrationUrl links { kind url } issueAreas { slug } hosts { slug } actors coalition { slug }
sources { field title url date } updatedAt"""


STATE_ONLY = {**dict.fromkeys(("street", "city", "county", "postalCode")), "state": "GA", "country": "US"}


def test_all_fields(ask: Ask) -> None:
    assert read_event(ask, "press-conference", FIELDS) == {
        "id": make_global_id("Event", PRESS),
        "slug": "press-conference",
        "title": "Press conference",
        "summary": "What is at stake.",
        "startsAt": "2021-03-17T12:00:00Z",
        "endsAt": "2021-03-17T13:30:00Z",
        "isAllDay": False,
        "isCancelled": False,
        "timeZone": "America/New_York",
        "timeAsStated": "7a CST/8a EST",
        "place": "City Hall, 55 Trinity Ave, Atlanta, GA",
        "locations": [
            {
                "name": "City Hall",
                "address": STATE_ONLY | {"street": "55 Trinity Ave", "city": "Atlanta"},
                "precision": "CITY",
                "isPrimary": True,
            }
        ],
        "onlineUrl": None,
        "registrationUrl": "https://upr.example/register",
        "links": [{"kind": "recording", "url": "https://upr.example/recording"}],
        "issueAreas": [{"slug": "tenants"}],
        "hosts": [{"slug": "harbor-tenants"}],
        "actors": ["Human Rights Council"],
        "coalition": {"slug": "tenants-alliance"},
        "sources": [{"field": "name", "title": "Its page", "url": "https://upr.example/about", "date": "2021-03-18"}],
        "updatedAt": "2026-06-01T12:00:00Z",
    }  # fmt: skip


def test_a_cancelled_event_of_a_day_without_anything_else(ask: Ask) -> None:
    event = read_event(ask, "vigil", FIELDS)
    for name in ("summary", "endsAt", "timeZone", "timeAsStated", "place", "onlineUrl", "registrationUrl", "coalition"):
        assert event[name] is None, name
    for name in ("locations", "links", "issueAreas", "hosts", "actors", "sources"):
        assert event[name] == [], name
    assert (event["startsAt"], event["isAllDay"], event["isCancelled"]) == ("2022-12-10T00:00:00Z", True, True)


def test_a_hidden_place_shows_at_most_the_state(ask: Ask) -> None:
    event = read_event(ask, "river-days", FIELDS)
    assert event["place"] == "GA"
    assert event["locations"][0]["address"] == STATE_ONLY
    assert not {"Savannah", "Shelter"} & set(str(event).replace("'", " ").split())


def test_a_link_to_take_part_is_for_its_audience(ask: Ask, directory: Directory) -> None:
    assert read_event(ask, "open-meeting", "onlineUrl") == {"onlineUrl": "https://meet.example"}
    members = make_ask(directory, Audience.MEMBERS)
    assert read_event(members, "press-conference", "onlineUrl") == {"onlineUrl": "https://upr.example/only-for-members"}


# ---------------------------------------------------------------- lists

ALL = ["press-conference", "open-meeting", "river-days", "vigil"]
LISTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ALL),
    ({"query": "stake"}, ["press-conference"]),
    ({"query": "atlanta"}, ["press-conference"]),
    ({"query": "savannah"}, []),
    ({"query": "shelter"}, []),
    ({"query": "secret"}, []),
    ({"issueAreas": {"anyOf": ["housing"]}}, ["press-conference"]),
    ({"issueAreas": {"anyOf": ["housing"], "narrower": False}}, []),
    ({"issueAreas": {"noneOf": ["housing"]}}, ALL[1:]),
    ({"regions": {"anyOf": ["US-GA"]}}, ["press-conference", "river-days"]),
    ({"regions": {"anyOf": ["US-METRO-12060"]}}, ["press-conference"]),
    ({"regions": {"noneOf": ["US-GA"]}}, ["open-meeting", "vigil"]),
    ({"coalition": "tenants-alliance"}, ["press-conference"]),
    ({"coalition": "tenants-alliance", "from": "2022-01-01T00:00:00Z"}, []),
    ({"query": "meeting", "until": "2022-12-31T00:00:00Z"}, ["open-meeting"]),
]


@pytest.mark.parametrize(("arguments", "slugs"), LISTS)
def test_each_condition_limits_the_list(ask: Ask, arguments: dict[str, Any], slugs: list[str]) -> None:
    assert list_slugs(ask, "events", **arguments) == slugs


# A time at which an event ends or starts is included. An event of a day lasts until midnight UTC after its last day.
TIMES: list[tuple[str | None, str | None, list[str]]] = [
    ("2021-03-17T13:30:00Z", None, ALL),
    ("2021-03-17T13:30:00.000001Z", None, ALL[1:]),
    ("2021-03-17T09:30:00-04:00", None, ALL),
    ("2021-03-17T09:30:01-04:00", None, ALL[1:]),
    (None, "2021-03-17T12:00:00Z", ALL[:1]),
    (None, "2021-03-17T11:59:59.999999Z", []),
    (None, "2021-03-17T08:00:00-04:00", ALL[:1]),
    ("2022-01-01T09:00:00Z", "2022-01-01T09:00:00Z", ["open-meeting"]),  # it has no end
    ("2022-01-01T09:00:01Z", "2022-01-02T00:00:00Z", []),
    ("2022-06-04T00:00:00Z", "2022-06-30T00:00:00Z", ["river-days"]),
    ("2022-06-04T00:00:01Z", "2022-06-30T00:00:00Z", []),
    (None, "2022-06-01T00:00:00Z", ALL[:3]),
    (None, "2022-05-31T23:59:59Z", ALL[:2]),
    ("2022-12-11T00:00:00Z", None, ["vigil"]),
    ("2022-12-11T00:00:01Z", None, []),
    ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", ALL),
    ("9999-12-31T23:59:59Z", None, []),
]


@pytest.mark.parametrize(("start", "end", "slugs"), TIMES)
def test_events_are_limited_by_time(ask: Ask, start: str | None, end: str | None, slugs: list[str]) -> None:
    assert list_slugs(ask, "events", **{"from": start, "until": end}) == slugs


REFUSED: dict[str, str] = {
    '(from: "2021-03-17T12:00:00")': "NOT_VALID",  # no time zone
    '(until: "2021-03-17")': "NOT_VALID",
    '(from: "2021-03-18T00:00:00Z", until: "2021-03-17T00:00:00Z")': "BAD_INPUT",
    '(from: "2021-03-17T12:00:00Z", until: "2021-03-17T14:00:00+03:00")': "BAD_INPUT",
    '(coalition: "tenants-aliance")': "BAD_INPUT",
    '(coalition: "")': "BAD_INPUT",
    '(issueAreas: {anyOf: ["hosing"]})': "UNKNOWN_TERM",
    '(regions: {anyOf: ["US-XX"]})': "UNKNOWN_REGION",
    '(after: "nonsense")': "BAD_CURSOR",
    "(first: 101)": "BAD_INPUT",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_invalid_arguments_are_refused(ask: Ask, arguments: str) -> None:
    assert read_refusal(ask, f"{{ events{arguments} {{ totalCount }} }}")["code"] == REFUSED[arguments]


@pytest.mark.parametrize("name", ["from", "until"])
def test_a_time_without_a_time_zone_is_bad_input_as_a_variable(ask: Ask, name: str) -> None:
    document = f"query($time: DateTime) {{ events({name}: $time) {{ totalCount }} }}"
    refusal = read_refusal(ask, document, time="2021-03-17T12:00:00")
    assert refusal["code"] == "BAD_INPUT"
    assert "Write it with an offset" in refusal["message"]


@pytest.mark.parametrize(("slug", "suggestions"), [("tenants-aliance", ["tenants-alliance"]), ("zzz", []), ("hidden-circle", [])])
def test_an_unknown_coalition_is_refused_with_suggestions(ask: Ask, slug: str, suggestions: list[str]) -> None:
    refusal = read_refusal(ask, "query($slug: String) { events(coalition: $slug) { totalCount } }", slug=slug)
    assert (refusal["suggestions"], refusal["argument"], refusal["value"]) == (suggestions, "coalition", slug)


def test_pages_neither_skip_nor_repeat_events(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        events = [a_stored_event(f"Event {number}", starts_at=NOW + dt.timedelta(days=number // 3)) for number in range(9)]
        write_records(directory, *events)
        ask = make_ask(directory)
        check_pages(ask, "events")
        check_pages(ask, "events", query="event", **{"from": "2026-06-02T00:00:00Z"})
        slugs = list_slugs(ask, "events")
        assert sorted(slugs) == [event.slug for event in events]
        assert [slug[-1] in "012" for slug in slugs[:3]] == [True] * 3


def test_a_page_goes_on_where_it_ended_after_an_event_has_moved(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        write_records(directory, *(a_stored_event(f"Event {number}", starts_at=utc(2026, 1, 1 + number)) for number in range(4)))
        ask = make_ask(directory)
        cursor = read_page(ask, "events", first=2)["pageInfo"]["endCursor"]
        write_records(directory, a_stored_event("Event 0", starts_at=utc(2026, 2, 1)))
        assert [node["slug"] for node in read_page(ask, "events", after=cursor)["nodes"]] == ["event-2", "event-3", "event-0"]


def test_a_cursor_of_another_question_is_refused(ask: Ask) -> None:
    cursor = read_page(ask, "events", first=1)["pageInfo"]["endCursor"]
    for arguments in ('from: "2021-01-01T00:00:00Z"', 'coalition: "tenants-alliance"', 'query: "meeting"'):
        assert read_refusal(ask, f'{{ events({arguments}, after: "{cursor}") {{ totalCount }} }}')["reason"] == "OTHER_QUESTION"


@pytest.mark.parametrize("arguments", ['from: "0001-01-01T00:00:00+00:01"', 'until: "9999-12-31T23:59:59-00:01"'])
def test_a_time_outside_of_the_calendar_is_refused(ask: Ask, arguments: str) -> None:
    assert read_refusal(ask, f"{{ events({arguments}) {{ nodes {{ slug }} }} }}")["code"] == "BAD_INPUT"


# ---------------------------------------------------------------- what an audience does not see


@pytest.mark.parametrize("record", [HIDDEN, FOR_MEMBERS], ids=["hidden", "for members"])
def test_hidden_events_look_like_ones_that_do_not_exist(ask: Ask, directory: Directory, record: Any) -> None:
    document, identity = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }", make_global_id("Event", record)
    assert read_data(ask, document, id=identity) == {"node": None, "nodes": [None]}
    staff = make_ask(directory, Audience.STAFF)
    assert read_data(staff, document, id=identity) == {"node": {"id": identity}, "nodes": [{"id": identity}]}
    slug = read_data(staff, f'{{ node(id: "{identity}") {{ ... on Event {{ slug }} }} }}')["node"]["slug"]
    assert read_data(ask, f'{{ event(slug: "{slug}") {{ id }} }}') == {"event": None}


def test_a_node_is_found_by_its_id(ask: Ask) -> None:
    identity = make_global_id("Event", PRESS)
    node = read_data(ask, f'{{ node(id: "{identity}") {{ __typename id ... on Event {{ title }} }} }}')["node"]
    assert node == {"__typename": "Event", "id": identity, "title": "Press conference"}
    other = make_global_id("Coalition", PRESS)  # an id of the wrong type
    assert read_data(ask, f'{{ node(id: "{other}") {{ id }} }}') == {"node": None}
