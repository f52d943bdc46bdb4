"""/feed: the organizations of a search that changed last, as Atom."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import SearchEngines
from directory.store.ledger.edits import Network, Put
from tests.builders import NOW, a_stored_organization
from tests.web.conftest import NETWORK, PATIENT
from tests.web.conftest import put as write_network
from tests.web.pages.conftest import HTML, find_links
from web.app import create_app
from web.pages.feed import MAX_ENTRIES, NAMESPACE
from web.settings import Settings

ATOM = f"{{{NAMESPACE}}}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
HOUR = dt.timedelta(hours=1)


def put(directory: Directory, *names: str, at: dt.datetime = NOW, **values: Any) -> None:
    records = [a_stored_organization(name, **{"issue_areas": ("housing",), **values}) for name in names]
    directory.write([Put(record) for record in records], actor="test", now=at, reason="test")


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    write_network(directory, NETWORK, network=Network(NETWORK.id))
    put(directory, "Ash Tenants", "Birch Union")
    put(directory, "Cedar Health", issue_areas=("health",), at=NOW + HOUR)
    put(directory, "Secret Shelter", hidden_since=NOW, at=NOW + 2 * HOUR)
    return directory


@pytest.fixture
def client(directory: Directory) -> Iterator[TestClient]:
    app = create_app(directory, Settings(points_a_minute=0, limits=PATIENT))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False, headers=HTML) as client:
        yield client


def read_feed(response: Response) -> Element:
    """Return the feed, after checking what RFC 4287 requires of every feed and entry."""
    assert (response.status_code, response.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    feed = fromstring(response.content)  # noqa: S314 - our own feed
    assert feed.tag == f"{ATOM}feed"
    assert len(feed.findall(f"{ATOM}author/{ATOM}name")) == 1
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        assert [len(element.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert RFC_3339.fullmatch(read(element, "updated"))
        assert [link.get("rel") for link in element.iter(f"{ATOM}link")].count("alternate") >= 1
    ids = [read(entry, "id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert all(identity.startswith("urn:uuid:") for identity in ids)
    return feed


def read(element: Element, name: str) -> str:
    text = element.findtext(ATOM + name)
    assert text
    return text


def list_titles(response: Response) -> list[str]:
    return [read(entry, "title") for entry in read_feed(response).iter(f"{ATOM}entry")]


def test_what_changed_last_comes_first(client: TestClient, directory: Directory) -> None:
    put(directory, "Birch Union", summary="Rent strikes.", at=NOW + 3 * HOUR)
    response = client.get("/feed")
    assert list_titles(response) == ["Birch Union", "Cedar Health", "Ash Tenants"]
    feed = read_feed(response)
    first, _, last = feed.iter(f"{ATOM}entry")
    assert read(feed, "updated") == read(first, "updated") == f"{NOW + 3 * HOUR:%Y-%m-%dT%H:%M:%SZ}"
    assert read(first, "content").startswith("<p>Its entry was changed.</p>")
    assert read(first, "content").endswith("<p>Works on Housing</p><p>Rent strikes.</p>")
    assert read(last, "content").startswith("<p>New in the directory.</p>")


def test_a_feed_has_the_search_of_its_address(client: TestClient) -> None:
    assert list_titles(client.get("/feed?issue=health&order=NAME")) == ["Cedar Health"]
    assert list_titles(client.get("/feed?search=issue%3Dhealth%26order%3DNAME")) == ["Cedar Health"]
    assert list_titles(client.get("/feed?words=housing")) == ["Ash Tenants", "Birch Union"]
    assert list_titles(client.get("/feed?issue=housing&region=US-WY&nationwide=EXCLUDE")) == []


def test_ids_stay_and_dates_follow_the_change(client: TestClient, directory: Directory) -> None:
    before = read_feed(client.get("/feed?issue=health"))
    put(directory, "Cedar Health", issue_areas=("health",), summary="New words.", at=NOW + 5 * HOUR)
    after = read_feed(client.get("/feed?issue=health"))
    (old,), (new,) = before.iter(f"{ATOM}entry"), after.iter(f"{ATOM}entry")
    assert (read(before, "id"), read(old, "id")) == (read(after, "id"), read(new, "id"))
    assert read(old, "updated") < read(new, "updated")


def test_an_old_value_is_never_in_a_feed(client: TestClient, directory: Directory) -> None:
    put(directory, "Ash Tenants", summary="Meets at the old mill.", at=NOW + HOUR)
    assert "old mill" in client.get("/feed").text
    put(directory, "Ash Tenants", summary=None, at=NOW + 2 * HOUR)
    assert "old mill" not in client.get("/feed").text


def test_a_hidden_record_leaves_no_trace(client: TestClient, directory: Directory) -> None:
    assert "Secret" not in client.get("/feed").text
    first = client.get("/feed?issue=housing")
    put(directory, "Ash Tenants", hidden_since=NOW, at=NOW + 4 * HOUR)
    second = client.get("/feed?issue=housing", headers={"If-None-Match": first.headers["etag"]})
    assert list_titles(second) == ["Birch Union"]
    assert "ash" not in second.text.lower()


def test_it_can_be_asked_for_again_by_its_tag_alone(client: TestClient) -> None:
    first = client.get("/feed?issue=housing")
    assert "last-modified" not in first.headers
    again = client.get("/feed?issue=housing", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get("/feed?issue=housing", headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert since.status_code == 200


def test_search_engines_must_not_list_it(client: TestClient, directory: Directory) -> None:
    put(directory, "Refusing Union", search_engines=SearchEngines.REFUSED)
    response = client.get("/feed")
    assert "Refusing Union" in response.text
    assert response.headers["x-robots-tag"] == "noindex"
    assert "content-disposition" not in response.headers


def test_words_and_addresses_are_in_the_language(client: TestClient) -> None:
    feed = read_feed(client.get("/es/feed?issue=housing"))
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "es"
    addresses = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert addresses == {
        "self": "http://localhost/es/feed?issue=housing",
        "alternate": "http://localhost/es/?issue=housing",
    }
    assert "Vivienda" in read(feed, "title")
    assert all("Nueva en el directorio." in read(entry, "content") for entry in feed.iter(f"{ATOM}entry"))


def test_it_is_bounded(client: TestClient, directory: Directory) -> None:
    put(directory, *(f"Union {number}" for number in range(MAX_ENTRIES + 5)))
    assert len(list_titles(client.get("/feed"))) == MAX_ENTRIES


@pytest.mark.parametrize("query", ["issue=housng", "bogus=1", "order=SIDEWAYS", "unit=parsec", f"words={'a' * 501}"])
def test_a_search_that_is_not_valid_is_explained(client: TestClient, query: str) -> None:
    response = client.get(f"/feed?{query}")
    assert response.status_code == 400, response.text
    assert response.headers["content-type"].startswith("text/html")
    assert "etag" not in response.headers


@pytest.mark.parametrize("text", ["<b>&amp;</b> ]]>", "\N{RIGHT-TO-LEFT OVERRIDE}gnp", "\N{PILE OF POO}" * 50])
def test_ugly_texts_keep_it_well_formed(client: TestClient, directory: Directory, text: str) -> None:
    put(directory, "Ugly", summary=f"x {text} y", issue_areas=("health",))
    ugly = next(each for each in read_feed(client.get("/feed")).iter(f"{ATOM}entry") if read(each, "title") == "Ugly")
    content = ugly.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert f"<p>x {html.escape(text)} y</p>" in read(ugly, "content")
    read_feed(client.get("/feed", params={"words": f"zz\x00\x0b\ufffe {text}"}))


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/?issue=housing&order=NAME", "/feed?issue=housing"),
        ("/themes/housing", "/feed?issue=housing"),
        ("/communities/tenants", "/feed?community=tenants"),
        ("/es/places/US-GA", "/es/feed?region=US-GA"),
    ],
)
def test_pages_of_lists_link_to_their_feeds(client: TestClient, directory: Directory, page: str, feed: str) -> None:
    put(directory, "Georgia Union", service_areas=("US-GA",), communities=("tenants",))
    response = client.get(page)
    assert find_links(response, "/feed") == [feed, feed]
    assert 'rel="alternate" type="application/atom+xml"' in response.text
    assert "Georgia Union" in client.get(feed).text
