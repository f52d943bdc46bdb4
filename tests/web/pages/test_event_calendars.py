"""/events.ics with the parameters of /events: which events it has, and calendars that do not exist."""

import re
from collections.abc import Iterator

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from directory.curation.hiding import hide
from directory.export import icalendar
from directory.live import Directory
from tests.builders import NOW, a_stored_coalition, a_stored_event, a_stored_location, a_stored_organization, an_id
from tests.web.conftest import put
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.organization.served_directory import open_browser, open_directory
from tests.web.pages.test_calendar import read_titles

ALLIANCE = a_stored_coalition("Tenants Alliance")
UNION = a_stored_organization("Harbor Union")
SOON = NOW.replace(year=2090)
RALLY = a_stored_event(
    "Rally; homes, not \\ hotels",
    slug="rally",
    issue_areas=("tenants",),
    sites=(a_stored_location(),),
    coalition=ALLIANCE.id,
    starts_at=SOON,
    summary="Ñandú für alle: " + "viviendas dignas para todas las personas, " * 6,
)
CLINIC = a_stored_event(
    "Clinic", issue_areas=("health",), sites=(a_stored_location(id=an_id("clinic")),), starts_at=NOW.replace(year=2021)
)
PICNIC = a_stored_event("Picnic", issue_areas=("housing",), hosts=(), starts_at=SOON)
HIDDEN = (
    a_stored_coalition("Secret Circle", slug="secrets", hidden_since=NOW),
    a_stored_organization("Secret Host", slug="secrets", hidden_since=NOW),
    a_stored_event("Secret Housing Night", issue_areas=("housing",), hidden_since=NOW),
)
RECORDS = (UNION, ALLIANCE, RALLY, CLINIC, PICNIC, *HIDDEN)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    return open_directory(f"sqlite:///{tmp_path_factory.mktemp('calendars') / 'directory.sqlite3'}", *RECORDS)


@pytest.fixture(scope="module")
def browser(directory: Directory) -> Iterator[TestClient]:
    with open_browser(directory) as browser:
        yield browser


@pytest.mark.parametrize(
    ("search", "titles"),
    [
        ("theme=housing", ["Picnic", RALLY.name]),
        ("theme=tenants", [RALLY.name]),
        ("region=US-GA", ["Clinic", RALLY.name]),
        ("region=US-GA-121", []),  # the city is in two counties, so it has none
        ("theme=health&region=US-GA", ["Clinic"]),
        ("theme=housing&region=US-WY", []),
        ("coalition=tenants-alliance", [RALLY.name]),
        ("coalition=tenants-alliance&theme=health", []),
        ("host=harbor-union", []),
        ("words=housing", ["Picnic", RALLY.name]),
        ("words=housing+in+Georgia", [RALLY.name]),
        ("theme=health&theme=tenants", [RALLY.name]),  # the last one counts, as on the page
        ("theme=housing&month=2021-01&when=past&after=x&utm_source=mail", ["Picnic", RALLY.name]),
        ("theme=", ["Clinic", "Picnic", RALLY.name]),
    ],
)
def test_a_calendar_has_the_events_of_its_search(browser: TestClient, search: str, titles: list[str]) -> None:
    assert sorted(read_titles(browser.get(f"/events.ics?{search}"))) == sorted(titles)


def test_it_says_what_it_is_about(browser: TestClient) -> None:
    english, spanish = (browser.get(f"/{code}/events.ics?theme=tenants&region=US-GA&words=rally") for code in ("en", "es"))
    names = [str(Calendar.from_ical(each.content)["name"]).replace("\\,", ",") for each in (english, spanish)]
    assert names[0] == "All Together Network: events, Tenants' rights and eviction, Georgia, “rally”"
    assert names[1].endswith(", Georgia, «rally»")
    assert english.headers["content-disposition"] == 'attachment; filename="events-tenants-us-ga.ics"'
    assert english.headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize("separator", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\r", "\n", "\r\n", "\u2028"])
def test_words_stay_one_line_of_its_name(browser: TestClient, separator: str) -> None:
    content = browser.get("/events.ics", params={"words": f"{separator}rally{separator}ATTENDEE:x"}).content
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert "\r\nX-WR-CALNAME:All Together Network: events\\, “rally ATTENDEE:x”\r\n" in unfolded
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", unfolded.replace("\r\n", "")) is None


def test_words_without_a_character_are_no_condition(browser: TestClient) -> None:
    assert browser.get("/events.ics?words=%00").content == browser.get("/events.ics").content


def test_it_is_a_valid_file(browser: TestClient) -> None:
    content = browser.get("/events.ics?theme=tenants").content
    lines = content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75  # octets, also where a letter has several
    assert any(line.startswith(b" ") for line in lines)
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Rally\\; homes\\, not \\\\ hotels\r\n" in unfolded
    assert "Ñandú für alle" in unfolded
    assert (lines[0], lines[-2]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR")


def test_an_unchanged_calendar_is_not_sent_again(browser: TestClient) -> None:
    first = browser.get("/events.ics?theme=housing")
    again = browser.get("/events.ics?theme=housing", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("key", ["theme", "region", "coalition", "host"])
@pytest.mark.parametrize("value", ["nothing", "%00", "a" * 5000, "%F0%9F%8F%A0", "../events", "housing%00"])
def test_what_nobody_can_see_has_no_calendar(browser: TestClient, key: str, value: str) -> None:
    response = browser.get(f"/events.ics?{key}={value}")
    assert response.status_code == 404
    assert "etag" not in response.headers


def test_words_that_are_too_long_have_no_calendar(browser: TestClient) -> None:
    assert browser.get(f"/events.ics?words={'a+' * 3000}").status_code == 404


def test_too_many_parameters_are_refused(browser: TestClient) -> None:
    assert browser.get("/events.ics?" + "&".join(["theme=housing"] * 300)).status_code == 414


@pytest.mark.parametrize("key", ["coalition", "host"])
def test_a_hidden_record_looks_like_one_that_does_not_exist(browser: TestClient, key: str) -> None:
    hidden, missing = (browser.get(f"/events.ics?{key}={slug}") for slug in ("secrets", "nothing"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content.replace(b"secrets", b"nothing") == missing.content


def test_a_hidden_event_disappears_at_once(database_url: str) -> None:
    directory = open_directory(database_url, *RECORDS)
    with open_browser(directory) as browser:
        before = browser.get("/events.ics?theme=housing")
        hide(directory, f"event:{RALLY.slug}", now=NOW)
        after = browser.get("/events.ics?theme=housing", headers={"If-None-Match": before.headers["etag"]})
    assert RALLY.name in read_titles(before)
    assert read_titles(after) == ["Picnic"]


def test_a_calendar_is_limited_to_the_nearest_events(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icalendar, "MAX_EVENTS", 1)
    assert read_titles(browser.get("/events.ics?region=US-GA&words=")) == [RALLY.name]


@pytest.mark.parametrize(
    ("page", "calendar"),
    [
        ("/events?theme=housing&region=US-GA&month=2090-03", "/events.ics?theme=housing&region=US-GA"),
        ("/es/events?theme=housing&when=past", "/es/events.ics?theme=housing"),
        ("/events?coalition=tenants-alliance", "/coalitions/tenants-alliance/events.ics"),
        ("/events?coalition=tenants-alliance&theme=housing", "/events.ics?theme=housing&coalition=tenants-alliance"),
        ("/events?host=Harbor+Union", "/events.ics?host=harbor-union"),
        ("/events?theme=nothing&host=nobody", "/events.ics"),
        ("/themes/housing", "/events.ics?theme=housing"),
        ("/places/US-GA", "/events.ics?region=US-GA"),
        ("/es/places/US-SOUTH", "/es/events.ics?region=US-SOUTH"),
    ],
)
def test_pages_with_events_lead_to_their_calendar(browser: TestClient, page: str, calendar: str) -> None:
    response = browser.get(page)
    assert calendar in find_links(response, "^/.*[.]ics")
    assert f"webcal://localhost{calendar}" in find_links(response, "^webcal:")
    assert browser.get(calendar).status_code == 200


@pytest.mark.parametrize("page", ["/themes/environment", "/places/US-WY"])
def test_pages_without_events_have_no_calendar(browser: TestClient, page: str) -> None:
    assert find_links(browser.get(page), "[.]ics") == []


def test_the_page_of_a_region_lists_its_coming_events(browser: TestClient) -> None:
    text = read_text(browser.get("/places/US-GA"))
    assert re.search(r"Coming events 1 Rally; homes, not \\ hotels", text)
    assert "Clinic" not in text  # it is over


def test_a_new_event_is_in_the_next_answer(directory: Directory, browser: TestClient) -> None:
    tag = browser.get("/events.ics?theme=democracy").headers["etag"]
    put(directory, a_stored_event("Debate", issue_areas=("democracy",)))
    assert read_titles(browser.get("/events.ics?theme=democracy", headers={"If-None-Match": tag})) == ["Debate"]
