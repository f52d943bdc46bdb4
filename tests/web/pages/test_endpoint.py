"""What all pages have in common: language, caching, compression, headers, price and errors."""

import gzip
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from tests.web.conftest import LogReader
from tests.web.pages.conftest import HTML, read_text
from web.app import create_app
from web.pages.documents import load_document
from web.pages.page_response import build_content_security_policy
from web.pages.search.search_form import SearchForm
from web.settings import Settings


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [("/", "", "en"), ("/", "es-MX", "es"), ("/es/", "en", "es"), ("/en/", "es", "en"), ("/es/?issue=housing", "", "es")],
)
def test_the_address_decides_the_language_and_else_the_browser(
    visitor: TestClient, path: str, accepted: str, language: str
) -> None:
    response = visitor.get(path, headers={"Accept-Language": accepted})
    assert response.headers["content-language"] == language
    assert f'<html lang="{language}"' in response.text
    assert "Accept-Language" in response.headers["vary"]


@pytest.mark.parametrize(("address", "location"), [("/es", "/es/"), ("/en?issue=housing", "/en/?issue=housing")])
def test_a_language_without_a_slash_leads_to_its_first_page(visitor: TestClient, address: str, location: str) -> None:
    response = visitor.get(address, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (308, location)


def test_links_stay_in_the_language_of_the_address(visitor: TestClient) -> None:
    links = re.findall(r'(?:href|action)="(/[^"]*)"', visitor.get("/es/?issue=housing").text)
    pages = [link for link in links if not link.startswith("/assets/")]
    assert len(pages) > 20
    assert {link for link in pages if not link.startswith("/es/")} == {"/en/?issue=housing"}


def test_a_page_is_sent_once_until_something_changes(visitor: TestClient) -> None:
    first = visitor.get("/?issue=housing")
    again = visitor.get("/?issue=housing", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    others = [visitor.get(path).headers["etag"] for path in ("/", "/en/?issue=housing", "/es/?issue=housing", "/?issue=tenants")]
    assert len({first.headers["etag"], *others}) == 5


def test_pages_are_compressed_if_the_browser_can(visitor: TestClient) -> None:
    with visitor.stream("GET", "/", headers={"Accept-Encoding": "gzip"}) as response:
        body = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == visitor.get("/", headers={"Accept-Encoding": "identity"}).content


@pytest.mark.parametrize("path", ["/", "/?issue=housing", "/nothing-here", "/organizations.csv"])
def test_pages_load_nothing_from_elsewhere_and_run_no_inline_code(visitor: TestClient, path: str) -> None:
    response = visitor.get(path)
    policy = response.headers["content-security-policy"]
    assert policy == build_content_security_policy()
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)|\son\w+=|\sstyle=", response.text)


def test_an_address_without_a_page_gets_one_that_helps_and_programs_get_json(visitor: TestClient) -> None:
    page = visitor.get("/es/nothing-here")
    assert page.status_code == 404
    assert page.headers["content-language"] == "es"
    assert page.headers["cache-control"] == "private, no-store"
    assert 'name="words"' in page.text
    answer = visitor.get("/nothing-here", headers={"Accept": "application/json"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_a_visitor_without_points_gets_a_page_that_says_when_to_come_back(fictional_directory: Directory) -> None:
    app = create_app(fictional_directory, Settings(points_a_minute=1))
    client = TestClient(app, base_url="http://localhost", headers=HTML)
    assert client.get("/?issue=housing").status_code == 200
    refused = client.get("/?issue=housing")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) <= 60
    assert "Too many requests" in read_text(refused)


def test_a_page_costs_at_least_the_price_of_its_document_and_a_known_page_almost_nothing(
    fictional_directory: Directory,
) -> None:
    client = TestClient(create_app(fictional_directory, Settings()), base_url="http://localhost", headers=HTML)

    def ask(document: str, **variables: object) -> dict[str, Any]:
        body = {"query": document, "variables": variables}
        answer: dict[str, Any] = client.post("/graphql", json=body, headers={"Accept": "application/json"}).json()
        return answer

    def count_left() -> int:
        remaining: int = ask("{ viewer { rateLimit { remaining } } }")["data"]["viewer"]["rateLimit"]["remaining"]
        return remaining

    search = SearchForm(pairs=(("issue", "housing"),)).build_variables()
    price = ask(load_document("search"), **search, language="en", withCounties=False)["extensions"]["cost"]["requested"]
    tag = client.get("/?issue=housing").headers["etag"]
    before = count_left()
    client.get("/?issue=housing&order=NAME")
    assert before - count_left() >= price > 100
    before = count_left()
    assert client.get("/?issue=housing", headers={"If-None-Match": tag}).status_code == 304
    assert before - count_left() < price / 2


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/?words=shelter", "GET / 200"),
        ("/es/organizations/harbor-tenants-union", "GET /es/organizations/{slug} 200"),
        ("/organizations/nobody", "GET /organizations/{slug} 404"),
        ("/organizations/{slug}/x", "GET (another path) 404"),
    ],
)
def test_the_log_does_not_say_what_somebody_looked_at(
    client: TestClient, read_request_log: LogReader, path: str, line: str
) -> None:
    client.get(path, headers=HTML)
    assert [each.rsplit(" ", 2)[0] for each in read_request_log()] == [line]
