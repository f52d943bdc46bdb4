"""Calendars at /events.ics, /events/{slug}.ics and /coalitions/{slug}/events.ics."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from icalendar import Calendar
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import StoredRecord
from directory.store.ledger.edits import Put
from tests.builders import NOW, a_stored_coalition, a_stored_event, a_stored_organization
from web.app import create_app
from web.settings import Settings

ALLIANCE = a_stored_coalition("Tenants Alliance")
MARCH = a_stored_event("March", coalition=ALLIANCE.id, issue_areas=("housing",))
VIGIL = a_stored_event("Vigil")
ADDRESSES = ("/events.ics", "/events/march.ics", "/coalitions/tenants-alliance/events.ics")


def write(directory: Directory, *records: StoredRecord) -> None:
    directory.write([Put(record) for record in records], actor="test", now=NOW, reason="test")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    file: Path = tmp_path_factory.mktemp("calendars") / "directory.sqlite3"
    directory = Directory.open(f"sqlite:///{file}")
    hidden = a_stored_event("Secrets", hidden_since=NOW), a_stored_coalition("Secret Circle", slug="secrets", hidden_since=NOW)
    write(directory, a_stored_organization("Union"), ALLIANCE, MARCH, VIGIL, *hidden)
    return directory


@pytest.fixture(scope="module")
def client(directory: Directory) -> Iterator[TestClient]:
    app = create_app(directory, Settings(points_a_minute=0, limits=("cpu_seconds=30",)))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


def read_titles(response: Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [str(event["summary"]) for event in Calendar.from_ical(response.content).walk("VEVENT")]


@pytest.mark.parametrize(("address", "titles"), list(zip(ADDRESSES, (["March", "Vigil"], ["March"], ["March"]), strict=True)))
def test_each_address_has_its_events(client: TestClient, address: str, titles: list[str]) -> None:
    assert sorted(read_titles(client.get(address))) == titles


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_calendar_is_a_file_that_can_be_cached(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["content-disposition"].endswith('.ics"')
    assert response.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert response.headers["x-robots-tag"] == "noindex"
    again = client.get(address, headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_labels_are_in_the_language_of_the_address(client: TestClient) -> None:
    english, spanish = (client.get(f"/{code}/events.ics").content for code in ("en", "es"))
    assert b"PRODID:-//Membership directory//Events//ES" in spanish
    assert english != spanish


@pytest.mark.parametrize("address", ["/events/{}.ics", "/coalitions/{}/events.ics"])
def test_a_hidden_record_looks_like_one_that_does_not_exist(client: TestClient, address: str) -> None:
    hidden, missing = (client.get(address.format(slug), headers={"Accept": "text/html"}) for slug in ("secrets", "nothing"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content.replace(b"secrets", b"nothing") == missing.content
    assert "etag" not in hidden.headers


def test_a_calendar_of_a_former_slug_is_still_there(client: TestClient, directory: Directory) -> None:
    event = a_stored_event("Rally", slug="rally-of-tenants")
    write(directory, event)
    write(directory, a_stored_event("Rally", slug="rally-for-homes"))
    assert read_titles(client.get("/events/rally-of-tenants.ics")) == ["Rally"]


def test_a_change_is_in_the_next_answer(client: TestClient, directory: Directory) -> None:
    before = client.get("/events.ics")
    write(directory, a_stored_event("Assembly"))
    after = client.get("/events.ics", headers={"If-None-Match": before.headers["etag"]})
    assert set(read_titles(after)) - set(read_titles(before)) == {"Assembly"}


def test_calendars_cost_points(directory: Directory) -> None:
    app = create_app(directory, Settings(points_a_minute=60, limits=("cpu_seconds=30",)))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        statuses = [client.get("/events.ics").status_code for _ in range(60)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
