"""/events and the pages of events."""

import datetime as dt
import re
from pathlib import Path

import msgspec
import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from directory.kinds.event import EARLIEST_YEAR, LATEST_YEAR
from tests.builders import a_stored_event
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.kinds.joint_records import ASSEMBLY, RECORDS, TODAY, serve_records
from web.pages.kinds.event_times import build_event_time, format_days
from web.pages.kinds.months import Month
from web.pages.languages import LANGUAGES

NOINDEX = '<meta name="robots" content="noindex">'


def list_titles(browser: TestClient, search: str = "") -> list[str]:
    response = browser.get(f"/events{search}")
    assert response.status_code == 200
    return re.findall(r'<h3><a href="/events/([\w-]+)"', response.text)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", ["assembly"]),
        ("?when=past", ["spring-march", "festival"]),
        ("?month=2021-03", ["festival", "spring-march"]),
        ("?month=2021-02", ["festival"]),
        ("?month=2021-04", []),
        ("?theme=housing", ["assembly"]),
        ("?theme=democracy", []),
        ("?region=US-GA", ["assembly"]),
        ("?coalition=homes-alliance", ["assembly"]),
        ("?host=Harbor+Tenants", ["assembly"]),
        ("?host=quiet-house&when=past", ["festival"]),
        ("?words=festival", ["festival"]),
        ("?words=events+in+February+2021", ["festival"]),
    ],
)
def test_events_are_listed_by_time(browser: TestClient, search: str, expected: list[str]) -> None:
    assert list_titles(browser, search) == expected


def test_an_event_is_in_the_month_of_the_place_where_it_is(browser: TestClient) -> None:
    """At four in the morning of April 1 in UTC, it is still March 31 in Honolulu."""
    text = read_text(browser.get("/events?month=2021-03"))
    assert "Wednesday, March 31, 2021" in text
    assert "6:00 PM" in text
    assert "(Hawaii Time)" in text
    assert "Saturday, February 27, 2021 to Tuesday, March 2, 2021" in text


def test_months_lead_to_their_neighbors_and_to_the_nearest_with_events(browser: TestClient) -> None:
    response = browser.get("/events?month=2021-06")
    assert "No event is published for this month." in read_text(response)
    months = [link.partition("month=")[2] for link in find_links(response, "month=")]
    coming = Month.of((TODAY + dt.timedelta(days=2, hours=18)).date())
    assert {"2021-05", "2021-07", "2021-03", str(coming)} <= set(months)


def test_what_is_not_valid_is_left_out_with_a_sentence(browser: TestClient) -> None:
    searches = (
        "month=2021-13",
        "month=0000-01",
        "when=now",
        "region=US-XX",
        "coalition=nothing",
        "host=Nobody",
        "words=" + "a" * 600,
    )
    for search in searches:
        response = browser.get(f"/events?theme=housing&{search}")
        assert response.text.count('role="alert"') == 1, search
        assert re.findall(r'<h3><a href="/events/([\w-]+)"', response.text) == ["assembly"], search
        assert 'aria-label="Remove Housing"' in response.text


def test_a_coalition_that_is_misspelled_is_suggested(browser: TestClient) -> None:
    assert find_links(browser.get("/events?coalition=homes-aliance"), r"^/events\?coalition=homes-alliance$")


def test_a_hidden_coalition_and_a_missing_one_have_the_same_list(browser: TestClient) -> None:
    hidden, missing = (browser.get(f"/events?coalition={slug}").text for slug in ("hidden-campaign", "missing-campaign"))
    assert hidden.replace("hidden-campaign", "missing-campaign") == missing


def test_if_nothing_is_coming_up_the_last_events_are_shown(tmp_path: Path) -> None:
    with serve_records(tmp_path, *(record for record in RECORDS if record is not ASSEMBLY)) as browser:
        response = browser.get("/events")
    assert "No coming event is published. These are the last ones." in read_text(response)
    assert re.findall(r'<h3><a href="/events/([\w-]+)"', response.text) == ["spring-march", "festival"]


def test_past_events_are_in_pages_from_the_last_one_back(tmp_path: Path) -> None:
    start = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
    events = [a_stored_event(f"Meeting {number:02}", starts_at=start + dt.timedelta(days=number)) for number in range(45)]
    with serve_records(tmp_path, *events) as browser:
        slugs, address = [], "/events?when=past"
        while address:
            response = browser.get(address)
            slugs += re.findall(r'<h3><a href="/events/([\w-]+)"', response.text)
            address = next(iter(find_links(response, "^/events.*before=")), "")
    assert slugs == [event.slug for event in reversed(events)]


def test_a_page_says_when_and_where_and_who(browser: TestClient) -> None:
    response = browser.get("/events/assembly")
    text = read_text(response)
    assert re.search(r"[67]:00 PM – [89]:00 PM", text)  # in standard or daylight time
    for part in (
        "Eastern",
        "after work",
        "Atlanta, GA",
        "City Library",
        "No online address is published. Ask the hosts.",
        "Housing",
    ):
        assert part in text, part
    assert "Secret House" not in response.text
    assert "meet.example" not in response.text
    for link in ("/organizations/harbor-tenants-union", "/coalitions/homes-alliance", "/events/assembly.ics"):
        assert find_links(response, f"^{link}$"), link
    assert find_links(response, "^https://homes.example/register$")


def test_the_file_of_a_page_is_that_event(browser: TestClient) -> None:
    (link,) = set(find_links(browser.get("/es/events/assembly"), r"/assembly\.ics$"))
    (event,) = Calendar.from_ical(browser.get(link).content).events
    assert str(event["summary"]) == "Assembly"
    assert event.start == ASSEMBLY.starts_at


def test_a_cancelled_event_says_so(browser: TestClient) -> None:
    assert "This event was cancelled." in read_text(browser.get("/events/spring-march"))
    assert "Cancelled" in read_text(browser.get("/events?month=2021-03"))


def test_structured_data_is_as_precise_as_the_page(browser: TestClient) -> None:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', browser.get("/events/assembly").text)
    node = msgspec.json.decode(data)
    assert node["location"] == [{"@type": "Place", "name": "Atlanta, GA", "address": "Atlanta, GA"}]
    assert node["eventStatus"] == "https://schema.org/EventScheduled"
    assert dt.datetime.fromisoformat(node["startDate"]) == ASSEMBLY.starts_at
    assert [host["name"] for host in node["organizer"]] == ["Harbor Tenants Union", "City Library"]


@pytest.mark.parametrize("path", ["/events/festival", "/events?when=past"])
def test_pages_with_a_host_that_refuses_search_engines_are_not_indexed(browser: TestClient, path: str) -> None:
    response = browser.get(path)
    assert "Quiet House" in response.text
    assert NOINDEX in response.text


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_hidden_event_is_like_one_that_never_existed(browser: TestClient, tmp_path: Path, prefix: str) -> None:
    path = f"{prefix}/events/hidden-vigil"
    with serve_records(tmp_path, *(record for record in RECORDS if record.slug != "hidden-vigil")) as other:
        hidden, missing = browser.get(path), other.get(path)
    assert hidden.status_code == 404
    assert (hidden.content, dict(hidden.headers)) == (missing.content, dict(missing.headers))


@pytest.mark.parametrize(
    ("zone", "hours", "zone_en", "zone_es"),
    [
        ("America/Phoenix", "5:00 AM – 6:30 AM", "Mountain Standard Time", "hora estándar de las Montañas Rocosas"),
        (None, "12:00 PM – 1:30 PM", "Coordinated Universal Time", "hora universal coordinada"),
        ("No/Such/Zone", "12:00 PM – 1:30 PM", "Coordinated Universal Time", "hora universal coordinada"),
    ],
)
def test_time_zones_are_in_words(zone: str | None, hours: str, zone_en: str, zone_es: str) -> None:
    event = {"startsAt": "2021-03-17T12:00:00Z", "endsAt": "2021-03-17T13:30:00Z", "isAllDay": False, "timeZone": zone}
    english, spanish = (build_event_time(event, LANGUAGES[code]) for code in ("en", "es"))
    assert str(english.hours).replace("\xa0", " ") == hours
    assert (english.zone, spanish.zone) == (zone_en, zone_es)
    assert english.is_zone_stated == (zone == "America/Phoenix")


def test_days_are_those_of_the_place() -> None:
    event = {"startsAt": "2021-03-31T04:00:00Z", "endsAt": None, "isAllDay": False, "timeZone": "Pacific/Honolulu"}
    time = build_event_time(event, LANGUAGES["es"])
    assert format_days(time, LANGUAGES["es"]) == "Martes, 30 de marzo de 2021"
    days = {**event, "startsAt": "2021-03-31T00:00:00Z", "endsAt": "2021-04-01T00:00:00Z", "isAllDay": True}
    assert format_days(build_event_time(days, LANGUAGES["en"]), LANGUAGES["en"]) == (
        "Wednesday, March 31, 2021 to Thursday, April 1, 2021"
    )


def test_an_event_that_ends_on_another_day_says_which() -> None:
    event = {"startsAt": "2021-03-17T20:00:00Z", "endsAt": "2021-03-18T02:00:00Z", "isAllDay": False, "timeZone": "UTC"}
    assert str(build_event_time(event, LANGUAGES["en"]).hours).endswith("Thursday, March 18, 2021, 2:00\xa0AM")


@pytest.mark.parametrize(
    "text", ["", "2021", "2021-1", "2021-00", "2021-13", f"{EARLIEST_YEAR - 1}-12", f"{LATEST_YEAR + 1}-01", "٢٠٢١-٠٣"]
)
def test_other_texts_are_no_months(text: str) -> None:
    assert Month.parse(text) is None


def test_months_are_counted_across_years() -> None:
    assert (Month(2021, 12).shift(1), Month(2021, 1).shift(-1)) == (Month(2022, 1), Month(2020, 12))
    assert Month(2024, 2).last_day == dt.date(2024, 2, 29)
    assert Month.parse(str(Month(LATEST_YEAR, 12).shift(1))) is None
