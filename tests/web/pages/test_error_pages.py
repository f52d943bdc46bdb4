"""Each error that a visitor can meet, caused for real: what the page says, and where it leads."""

import re
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import Audience
from directory.store.ledger.edits import Network
from tests.builders import a_stored_organization
from tests.web.conftest import NETWORK, TENANTS, LogReader, put
from tests.web.pages.conftest import HTML, find_links, read_text
from web.app import create_app
from web.http.request_parsing import QUERY_STRING_LIMIT
from web.pages.endpoint import MAX_PARAMETERS
from web.pages.error_page import MAX_WORDS_LENGTH, guess_words
from web.pages.page import Page, PageRequest
from web.pages.routes import PAGES
from web.settings import Settings

HIDDEN = a_stored_organization("Harbor Shelter", audience=Audience.MEMBERS, issue_areas=("gender-violence",))
NEXT_STEPS = ["/", "/themes", "/places", "/?order=NAME"]


def open_client(directory: Directory, **settings: Any) -> TestClient:
    app = create_app(directory, Settings(**{"points_a_minute": 0, **settings}))
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False, headers=HTML)


def assert_helpful(response: Response, status: int) -> None:
    """Check that the page of an error is whole, leads somewhere, and is neither stored nor indexed."""
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers.get("cache-control") in ("private, no-store", "public, max-age=0, must-revalidate")
    assert "etag" not in response.headers
    assert '<meta name="robots" content="noindex">' in response.text
    assert "canonical" not in response.text
    assert 'name="words"' in response.text
    prefix = "/es" if response.headers["content-language"] == "es" else ""
    links = find_links(response, "^/")
    assert all(prefix + link in links for link in NEXT_STEPS)


@pytest.mark.parametrize("path", ["/nothing", "/themes/nothing", "/places/nothing", "/organizations/nothing", "/a/b/nothing/"])
def test_an_address_without_a_page_offers_a_search_for_its_last_part(visitor: TestClient, path: str) -> None:
    response = visitor.get(path)
    assert_helpful(response, 404)
    assert 'value="nothing"' in response.text
    assert "/?words=nothing" in find_links(response, "^/[?]words=")
    assert visitor.get("/?words=nothing").status_code == 200


def test_the_offered_search_finds_what_was_meant(visitor: TestClient) -> None:
    (search,) = find_links(visitor.get("/themes/tenant-unions"), r"^/\?words=")
    found = visitor.get(search)
    assert find_links(found, "^/organizations/")


def test_a_page_in_spanish_that_does_not_exist_has_an_error_in_spanish(visitor: TestClient) -> None:
    for path in ("/es/nothing", "/es/themes/nothing"):
        response = visitor.get(path)
        assert response.status_code == 404
        assert response.headers["content-language"] == "es"
        assert "There is no page" not in read_text(response)
        assert find_links(response, r"^/es/\?words=nothing$")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/organizations/harbor-tenants-union", "harbor tenants union"),
        ("/themes/tenants/", "tenants"),
        ("/organizations/caf%C3%A9_vida", "café vida"),
        ("/organizations/<script>alert(1)</script>", "script"),
        ("/12345", ""),
        ("/", ""),
        ("/-_-", ""),
        ("/" + "a" * 500, "a" * MAX_WORDS_LENGTH),
    ],
)
def test_words_are_guessed_from_the_end_of_a_path(path: str, expected: str) -> None:
    assert guess_words(path) == expected


@pytest.mark.parametrize(
    "path", ["/%22%3E%3Cimg src=x onerror=alert(1)%3E", "/'onmouseover='alert(1)", "/es/%3Csvg onload=alert(1)%3E"]
)
def test_a_hostile_address_is_escaped(visitor: TestClient, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 404
    assert not re.search(r"<img|<svg onload|'onmouseover", response.text)


@pytest.mark.parametrize("path", [f"/organizations/{HIDDEN.slug}", f"/es/organizations/{HIDDEN.slug}"])
def test_a_hidden_record_and_a_missing_one_have_the_same_page(tmp_path: Path, path: str) -> None:
    responses = []
    for name, records in (("with", [TENANTS, NETWORK, HIDDEN]), ("without", [TENANTS, NETWORK])):
        directory = Directory.open(f"sqlite:///{tmp_path / name}")
        put(directory, *records, network=Network(NETWORK.id))
        with open_client(directory) as client:
            responses.append(client.get(path))
    first, second = responses
    assert_helpful(first, 404)
    assert first.content == second.content
    assert dict(first.headers) == dict(second.headers)


@pytest.mark.parametrize("path", ["/themes/gender-violence", "/themes", "/places"])
def test_a_hidden_record_does_not_change_the_pages_of_themes_and_places(tmp_path: Path, path: str) -> None:
    bodies = []
    for name, records in (("with", [TENANTS, NETWORK, HIDDEN]), ("without", [TENANTS, NETWORK])):
        directory = Directory.open(f"sqlite:///{tmp_path / name}")
        put(directory, *records, network=Network(NETWORK.id))
        with open_client(directory) as client:
            bodies.append(client.get(path).content)
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("search", ["issue=housing&" * (MAX_PARAMETERS + 1), "words=" + "a" * QUERY_STRING_LIMIT])
def test_an_address_that_is_too_long_is_refused_in_words(visitor: TestClient, search: str) -> None:
    response = visitor.get(f"/es/?{search}")
    assert response.status_code == 414
    assert response.headers["content-language"] == "es"
    response = visitor.get(f"/?{search}")
    assert_helpful(response, 414)
    assert "This address is too long" in read_text(response)


def test_a_visitor_without_points_is_told_to_wait(fictional_directory: Directory) -> None:
    client = open_client(fictional_directory, points_a_minute=1)
    assert client.get("/themes").status_code == 200
    response = client.get("/places")
    assert_helpful(response, 429)
    assert "Too many requests" in read_text(response)
    assert int(response.headers["retry-after"]) <= 60


def test_an_error_of_ours_has_a_number_that_the_log_has_too(
    fictional_directory: Directory, monkeypatch: pytest.MonkeyPatch, read_request_log: LogReader, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_request: PageRequest) -> Page:
        raise RuntimeError("a secret of the server")

    monkeypatch.setitem(PAGES, "/about", fail)
    response = open_client(fictional_directory, network_contact="mailto:records@directory.example").get("/about")
    assert_helpful(response, 500)
    number = re.search(r"quote this number: (\w+)", read_text(response))
    assert number
    assert number[1] in caplog.text
    assert "secret" not in response.text
    assert "mailto:records@directory.example" in find_links(response, "^mailto:")


def test_programs_get_errors_as_json(visitor: TestClient) -> None:
    response = visitor.get("/nothing", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("path", ["/", "/?issue=housing", "/themes", "/places/US-GA", "/about", "/nothing"])
def test_a_directory_without_a_network_says_that_it_is_not_available(tmp_path: Path, path: str) -> None:
    client = open_client(Directory.open(f"sqlite:///{tmp_path / 'empty.sqlite3'}"))
    response = client.get(path)
    assert_helpful(response, 404 if path == "/nothing" else 503)
    assert "– Membership directory</title>" in response.text


def test_a_search_that_costs_too_much_is_refused_with_a_page(fictional_directory: Directory) -> None:
    response = open_client(fictional_directory, limits=("cost=100",)).get("/?issue=housing")
    assert_helpful(response, 400)
    assert "This search is too large" in read_text(response)
