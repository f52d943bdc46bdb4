"""robots.txt and security.txt."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from directory.errors import BadInput
from directory.live import Directory
from tests.redis_server import find_free_port
from tests.server_process import run_server
from tests.web.conftest import LogReader, code
from web.app import create_app
from web.pages.well_known import ICON_PATH, ROBOTS_PATH, SECURITY_PATH, is_security_txt_expired
from web.settings import Settings, load_settings

CONTACT = {"security_contact": "mailto:security@example.org, https://example.org/security", "security_expires": "2027-06-30"}


def open_client(folder: Path, **settings: Any) -> TestClient:
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    return TestClient(create_app(directory, Settings(**settings)), base_url="http://localhost")


def test_robots_txt_allows_pages_and_names_the_sitemap(client: TestClient) -> None:
    response = client.get(ROBOTS_PATH)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    first, *rules, empty, sitemap = response.text.splitlines()
    assert (first, empty, sitemap) == ("User-agent: *", "", "Sitemap: http://localhost/sitemap.xml")
    disallowed = [rule.removeprefix("Disallow: ") for rule in rules]
    assert {"/graphql", "/reconcile", "/?", "/es/?", "/organizations.", "/es/events?"} <= set(disallowed)
    assert not any("/organizations/one".startswith(rule) or "/".startswith(rule) for rule in disallowed)


def test_robots_txt_below_another_path(client: TestClient, directory: Directory) -> None:
    with TestClient(client.app, base_url="http://localhost", root_path="/members") as below:
        text = below.get(f"/members{ROBOTS_PATH}").text
    assert "Disallow: /members/graphql" in text
    assert "Sitemap: http://localhost/members/sitemap.xml" in text


def test_favicon_leads_to_the_icon(client: TestClient) -> None:
    response = client.get(ICON_PATH)
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/png"
    with TestClient(client.app, base_url="http://localhost", root_path="/members") as below:
        redirect = below.get(f"/members{ICON_PATH}", follow_redirects=False)
    assert redirect.status_code == 302
    assert redirect.headers["location"].startswith("/members/assets/icon-192-")


def test_security_txt_names_contacts_and_the_day_they_expire(tmp_path: Path) -> None:
    with open_client(tmp_path, **CONTACT) as client:
        response = client.get(SECURITY_PATH)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "Contact: mailto:security@example.org",
        "Contact: https://example.org/security",
        "Expires: 2027-06-30T00:00:00Z",
    ]


def test_without_a_contact_there_is_no_security_txt(client: TestClient) -> None:
    response = client.get(SECURITY_PATH)
    assert (response.status_code, code(response)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("name", CONTACT)
def test_a_contact_and_its_expiry_are_required_together(name: str) -> None:
    with pytest.raises(BadInput, match=r"^DIRECTORY_SECURITY_\w+ is missing"):
        load_settings({name: CONTACT[name]})


@pytest.mark.parametrize("contact", ["security@example.org", "http://example.org", "mailto:a\r\nPolicy: x", "https:" + "a" * 300])
def test_a_contact_is_a_uri_on_one_line(contact: str) -> None:
    with pytest.raises(BadInput, match=r"--security-contact .* is not a URI"):
        load_settings({**CONTACT, "security_contact": contact})


@pytest.mark.parametrize("day", ["soon", "2027-02-30", "1", "1800000000", "2027-06-30T00:00:00"])
def test_the_expiry_must_be_a_date(day: str) -> None:
    with pytest.raises(BadInput, match="--security-expires cannot be"):
        load_settings({**CONTACT, "security_expires": day})


def test_settings_reach_a_worker_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` passes settings to its workers through the environment."""
    settings = load_settings(CONTACT)
    for name, value in settings.model_dump(mode="json").items():
        if value is not None:
            monkeypatch.setenv(f"DIRECTORY_{name.upper()}", str(value))
    assert load_settings() == settings


def test_security_txt_expires_on_its_day() -> None:
    settings = load_settings(CONTACT)
    assert not is_security_txt_expired(settings, dt.date(2027, 6, 29))
    assert is_security_txt_expired(settings, dt.date(2027, 6, 30))
    assert not is_security_txt_expired(load_settings(), dt.date(2027, 6, 30))


def test_their_paths_are_logged(client: TestClient, read_request_log: LogReader) -> None:
    client.get(ROBOTS_PATH)
    client.get(SECURITY_PATH)
    assert [line.split(" ")[1] for line in read_request_log()] == [ROBOTS_PATH, SECURITY_PATH]


@pytest.mark.slow
def test_the_startup_reports_what_the_operator_has_to_fix(tmp_path: Path) -> None:
    expired: dict[str, Any] = {"SECURITY_CONTACT": "mailto:security@example.org", "SECURITY_EXPIRES": "2020-01-31"}
    with run_server(tmp_path, LIMITS_URL=f"redis://127.0.0.1:{find_free_port()}/0", **expired) as server:
        server.wait_for_line(r"security.txt is out of date\. Set DIRECTORY_SECURITY_EXPIRES")
        server.wait_for_line(r"Redis cannot be used \(ConnectionError\). Check DIRECTORY_LIMITS_URL")
