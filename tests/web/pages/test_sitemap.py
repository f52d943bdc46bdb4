"""/sitemap.xml: what search engines may list."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from httpx2 import Response
from msgspec.structs import replace
from starlette.testclient import TestClient

from directory.kinds.event import EventHost
from directory.records import Audience, Membership, MembershipStatus, SearchEngines
from tests.builders import (
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_location,
    a_stored_organization,
    a_stored_provision,
    an_id,
)
from tests.web.conftest import NETWORK
from tests.web.pages.organization.served_directory import serve
from web.pages import sitemap
from web.pages.browse import region_page
from web.pages.page import PageRequest

NAMESPACES = {"s": sitemap.NAMESPACE}
LISTED = a_stored_organization("Listed", issue_areas=("housing",), sites=(a_stored_location(),))
ALLIANCE = a_stored_coalition("Listed Alliance", members=("Listed",), issue_areas=("housing",))
DECLARATION = a_stored_instrument("Listed Declaration")
RECORDS = (
    LISTED,
    ALLIANCE,
    a_stored_coalition("Refusing Alliance", members=("Listed", "Refused")),
    a_stored_coalition("Secret Alliance", audience=Audience.MEMBERS),
    a_stored_event("Listed March", hosts=(EventHost(organization=LISTED.id),), coalition=ALLIANCE.id),
    a_stored_event("Refused March", hosts=(EventHost(organization=an_id("Refused")),)),
    a_stored_event("Secret March", audience=Audience.MEMBERS),
    DECLARATION,
    a_stored_provision("1", "Listed Declaration", issue_areas=("housing",)),
    a_stored_provision("2", "Listed Declaration", issue_areas=("disability",)),
    a_stored_provision("3", "Listed Declaration"),
    a_stored_organization(
        "Refused",
        search_engines=SearchEngines.REFUSED,
        issue_areas=("disability",),
        communities=("elders",),
        sites=(a_stored_location("Mobile", "US-AL", county="US-AL-097"),),
        service_areas=("US-TN",),
    ),
    a_stored_organization("At risk", issue_areas=("gender-violence",)),
    a_stored_organization("Secret", audience=Audience.MEMBERS),
    a_stored_organization("Prospect", membership=Membership(MembershipStatus.PROSPECT)),
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serve(f"sqlite:///{tmp_path_factory.mktemp('sitemap') / 'directory.sqlite3'}", *RECORDS) as browser:
        yield browser


def read_addresses(response: Response) -> list[str]:
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/xml"
    document = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    return [str(element.text) for element in document.iterfind(".//s:loc", NAMESPACES)]


def test_pages_are_listed_in_both_languages(browser: TestClient) -> None:
    addresses = read_addresses(browser.get(sitemap.PATH))
    for path in ("/", "/about", "/themes", "/places", "/themes/housing", "/places/US-GA", "/organizations/listed"):
        assert {f"http://localhost/en{path}", f"http://localhost/es{path}"} <= set(addresses)
    assert len(addresses) == len(set(addresses))


def test_only_members_that_everyone_sees_and_that_do_not_refuse_are_listed(browser: TestClient) -> None:
    addresses = read_addresses(browser.get(sitemap.PATH))
    assert {address for address in addresses if "/organizations/" in address} == {
        f"http://localhost/{code}/organizations/{slug}" for code in ("en", "es") for slug in ("listed", NETWORK.slug)
    }


def test_coalitions_events_and_provisions_are_listed_unless_they_name_one_that_refuses(browser: TestClient) -> None:
    addresses = read_addresses(browser.get(sitemap.PATH))
    paths = {address.removeprefix("http://localhost/en") for address in addresses if "/en/" in address}
    assert {path for path in paths if path.startswith(("/coalitions", "/events", "/instruments"))} == {
        *("/coalitions", "/coalitions/listed-alliance", "/events/listed-march", "/instruments"),
        *(f"/instruments/listed-declaration{end}" for end in ("", "/article-1", "/article-3")),
    }


def test_every_listed_page_exists_and_may_be_listed(browser: TestClient) -> None:
    for address in read_addresses(browser.get(sitemap.PATH)):
        response = browser.get(address, follow_redirects=False)
        assert response.status_code == 200, address
        assert "noindex" not in response.text, address
        assert "x-robots-tag" not in response.headers, address


@pytest.mark.parametrize(
    "path",
    [
        *("/themes/disability", "/communities/elders", "/places/US-AL", "/places/US-AL-097", "/places/US-TN-001", "/places/US"),
        *("/coalitions/refusing-alliance", "/events/refused-march", "/instruments/listed-declaration/article-2"),
    ],
)
def test_pages_that_name_an_organization_that_refuses_are_not_listed(browser: TestClient, path: str) -> None:
    response = browser.get(f"/en{path}")
    assert response.status_code == 200
    assert 'name="robots" content="noindex"' in response.text
    assert f"http://localhost/en{path}" not in read_addresses(browser.get(sitemap.PATH))


def test_pages_that_name_only_other_organizations_stay(visitor: TestClient) -> None:
    """In a large directory, most pages list ten organizations and not the one that refuses."""
    parts = read_addresses(visitor.get(sitemap.PATH))
    addresses = [address for part in parts for address in read_addresses(visitor.get(part))]
    for path in ("/themes/housing", "/themes/gender-violence", "/places/US-GA", "/places/US-SOUTH", "/communities/tenants"):
        page = visitor.get(f"/en{path}")
        assert ("noindex" in page.text) == (f"http://localhost/en{path}" not in addresses), path


def test_robots_may_ask_for_every_listed_page(browser: TestClient) -> None:
    disallowed = [line.removeprefix("Disallow: ") for line in browser.get("/robots.txt").text.splitlines() if "Disallow" in line]
    for address in read_addresses(browser.get(sitemap.PATH)):
        parts = urlsplit(address)
        assert not any(f"{parts.path}?{parts.query}".startswith(rule) for rule in disallowed if parts.query), address
        assert not any(parts.path.startswith(rule) for rule in disallowed), address


def test_the_day_of_the_last_visible_change_is_stated(browser: TestClient) -> None:
    page = browser.get(sitemap.PATH).text
    assert "<loc>http://localhost/en/organizations/listed</loc><lastmod>2026-06-01</lastmod>" in page
    assert page.count("<lastmod>") == 10  # the network's own page, a coalition, an event and an instrument too


def test_a_copy_is_confirmed_by_its_tag(browser: TestClient) -> None:
    tag = browser.get(sitemap.PATH).headers["etag"]
    assert browser.get(sitemap.PATH, headers={"If-None-Match": tag}).status_code == 304


def test_a_record_that_starts_to_refuse_leaves(tmp_path: Path) -> None:
    for name, record in (("allowed", LISTED), ("refused", replace(LISTED, search_engines=SearchEngines.REFUSED))):
        with serve(f"sqlite:///{tmp_path / name}.sqlite3", record) as browser:
            assert ("/organizations/listed" in browser.get(sitemap.PATH).text) == (name == "allowed")


@pytest.mark.parametrize(("limit", "most"), [("MAX_ADDRESSES", 40), ("MAX_SEARCHING_PAGES", 15)])
def test_many_addresses_are_in_several_files(browser: TestClient, monkeypatch: pytest.MonkeyPatch, limit: str, most: int) -> None:
    whole = read_addresses(browser.get(sitemap.PATH))
    monkeypatch.setattr(sitemap, limit, most)
    parts = read_addresses(browser.get(sitemap.PATH))
    assert len(parts) > 5
    assert parts == [f"http://localhost/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    assert [address for part in parts for address in read_addresses(browser.get(part))] == whole
    assert browser.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404


def test_a_part_asks_only_whom_its_own_pages_name(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    is_indexed = sitemap._is_indexed

    def count(request: PageRequest, search: str) -> bool:
        asked.append(search)
        return is_indexed(request, search)

    monkeypatch.setattr(sitemap, "_is_indexed", count)
    monkeypatch.setattr(sitemap, "MAX_SEARCHING_PAGES", 15)
    assert browser.get("/sitemap-2.xml").status_code == 200
    assert 15 <= len(set(asked)) <= 15 * len(region_page.LISTED_SEARCHES)


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "²", "9" * 5000, "1%00"])
def test_there_are_no_other_parts(browser: TestClient, number: str) -> None:
    assert browser.get(f"/sitemap-{number}.xml").status_code == 404


def test_more_members_than_one_answer_holds_are_all_listed(tmp_path: Path) -> None:
    members = [a_stored_organization(f"Member {number}") for number in range(230)]
    with serve(f"sqlite:///{tmp_path / 'many.sqlite3'}", *members) as browser:
        addresses = read_addresses(browser.get(sitemap.PATH))
    assert len([address for address in addresses if "/en/organizations/member" in address]) == 230
