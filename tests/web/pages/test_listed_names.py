"""A page with the name of an organization that refuses search engines must not be found by them."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import Relation, RelationKind, SearchEngines
from directory.store.ledger.edits import Network
from tests.builders import a_stored_location, a_stored_organization
from tests.web.conftest import NETWORK, put
from tests.web.pages.conftest import HTML
from web.app import create_app
from web.settings import Settings

NOINDEX = '<meta name="robots" content="noindex">'
REFUSED = a_stored_organization(
    "Quiet House",
    issue_areas=("housing",),
    sites=(a_stored_location(),),
    service_areas=("US-MI",),
    search_engines=SearchEngines.REFUSED,
)
RELATED = [
    a_stored_organization("Branch of Quiet House", parent=REFUSED.id),
    a_stored_organization("Partner of Quiet House", relations=(Relation(RelationKind.PARTNER, organization=REFUSED.id),)),
]
ALLOWED = a_stored_organization("Loud House", issue_areas=("migration",), service_areas=("US-OH",))


RELATED_PATHS = ["/organizations/branch-of-quiet-house", "/organizations/partner-of-quiet-house"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    directory = Directory.open(f"sqlite:///{tmp_path_factory.mktemp('names') / 'directory.sqlite3'}")
    put(directory, NETWORK, REFUSED, *RELATED, ALLOWED, network=Network(NETWORK.id))
    with TestClient(create_app(directory, Settings(points_a_minute=0)), base_url="http://localhost", headers=HTML) as client:
        yield client


@pytest.mark.parametrize("prefix", ["", "/es"])
@pytest.mark.parametrize(
    "path", ["/themes/housing", "/places/US-MI", "/?issue=housing", "/organizations/quiet-house", *RELATED_PATHS]
)
def test_no_page_with_the_name_is_indexed(browser: TestClient, prefix: str, path: str) -> None:
    response = browser.get(prefix + path)
    assert "Quiet House" in response.text
    assert NOINDEX in response.text
    assert "application/ld+json" not in response.text


@pytest.mark.parametrize("path", ["/themes/migration", "/places/US-OH", "/organizations/loud-house"])
def test_other_pages_are_indexed(browser: TestClient, path: str) -> None:
    response = browser.get(path)
    assert "Loud House" in response.text
    assert NOINDEX not in response.text


def test_the_sitemap_has_no_page_with_the_name(browser: TestClient) -> None:
    parts = re.findall(r"<loc>http://localhost(.+?)</loc>", browser.get("/sitemap.xml").text)
    sitemap = "".join(browser.get(part).text for part in parts)
    assert "/organizations/loud-house<" in sitemap
    assert "quiet-house" not in sitemap


def test_files_of_searches_are_not_indexed(browser: TestClient) -> None:
    for link in re.findall(r'href="([^"]+)" download', browser.get("/?issue=housing").text):
        assert browser.get(link).headers["x-robots-tag"] == "noindex"
