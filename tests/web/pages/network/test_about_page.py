"""/about, /accessibility, /offline, the manifest and the icons: what visitors and their devices learn about the network."""

import html
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from directory.geo import Disclosure
from directory.live import Directory
from directory.published_places import DEFAULT_DISCLOSURE
from directory.records import Audience, Membership, MembershipStatus, OrganizationKind, StoredContact
from directory.store.ledger.edits import Network
from directory.vocabulary.terms import ISSUE_AREAS
from tests.builders import a_stored_organization
from tests.web.conftest import TENANTS, put
from tests.web.pages.conftest import HTML, find_links, read_text
from web.app import create_app
from web.pages.assets import ASSETS
from web.pages.network.icon import draw_icon
from web.settings import Settings

NAME = """All <i>Together</i> & "Friends" """.strip()
SITE = {"network_contact": "mailto:records@network.example?subject=Hello", "network_join": "https://network.example/join"}


@contextmanager
def open_network(folder: Path, **settings: Any) -> Iterator[TestClient]:
    """Serve a network with one member and a record of its own that needs escaping."""
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    network = a_stored_organization(
        NAME,
        slug="all-together",
        kind=OrganizationKind.NETWORK,
        membership=Membership(MembershipStatus.NONE),
        summary="Everybody <b>together</b>.",
        description="First part.\n\nSecond part.",
        website="https://www.network.example/",
        founded=1999,
        contacts=(
            StoredContact(role="Office", email="office@network.example", phone="+14045550123", audience=Audience.PUBLIC),
            StoredContact(name="Pat Private", email="pat@network.example", audience=Audience.MEMBERS),
        ),
    )
    put(directory, TENANTS, network, network=Network(network.id))
    app = create_app(directory, Settings(points_a_minute=0, **settings))
    with TestClient(app, base_url="http://localhost", headers=HTML) as client:
        yield client


def test_the_page_shows_what_the_record_of_the_network_publishes(tmp_path: Path) -> None:
    with open_network(tmp_path) as client:
        response = client.get("/about")
    text = read_text(response)
    for expected in (
        NAME,
        "Everybody <b>together</b>.",
        "First part.",
        "Second part.",
        "1 organization",
        "1999",
        "network.example",
    ):
        assert expected in text
    assert "office@network.example" in text
    assert "(404) 555-0123" in text
    assert "/organizations/all-together" in find_links(response, "^/organizations/")
    assert "<b>" not in response.text
    assert "<i>" not in response.text
    assert "Pat" not in text
    assert "pat@network.example" not in response.text


def test_licenses_of_what_the_pages_include_are_linked(tmp_path: Path) -> None:
    with open_network(tmp_path) as client:
        for name in ("font-license.txt", "outlines-license.txt", "world-license.txt", "licenses.md"):
            links = find_links(client.get("/about"), f"^/assets/{name.partition('.')[0]}-")
            assert len(links) == (ASSETS.get_address(name) is not None), name
            assert all(client.get(link).status_code == 200 for link in links)


def test_contact_and_joining_come_from_the_settings(tmp_path: Path) -> None:
    with open_network(tmp_path, **SITE) as client:
        response = client.get("/about")
    assert SITE["network_contact"] in find_links(response, "^mailto:records")
    assert ">records@network.example<" in response.text
    assert SITE["network_join"] in find_links(response, "^https://network.example/join")


def test_without_settings_the_page_has_no_empty_links(tmp_path: Path) -> None:
    with open_network(tmp_path) as client:
        response = client.get("/about")
    assert "Ask the network how to become a member." in read_text(response)
    assert not find_links(response, "^(None|)$|mailto:records")


def test_what_is_said_about_places_is_what_the_vocabulary_says() -> None:
    """A change here needs a change of templates/about_records.html."""
    protected = {term.slug: term.disclosure for term in ISSUE_AREAS if term.disclosure}
    assert DEFAULT_DISCLOSURE == Disclosure.CITY
    assert protected == {
        "immigration": Disclosure.COUNTY,
        "reproductive": Disclosure.COUNTY,
        "gender-violence": Disclosure.HIDDEN,
        "trafficking": Disclosure.HIDDEN,
    }


def test_the_page_says_whether_something_is_loaded_from_elsewhere(tmp_path: Path) -> None:
    with open_network(tmp_path) as client:
        assert "Nothing is loaded from other sites." in read_text(client.get("/about"))


def test_the_page_says_that_a_tile_server_is_asked(tmp_path: Path) -> None:
    with open_network(tmp_path, tiles="https://tiles.example.org/{z}/{x}/{y}.png", tiles_attribution="© Tiles") as client:
        text = read_text(client.get("/about"))
    assert "The map loads its background from another server" in text
    assert "Nothing is loaded from other sites." not in text


def test_the_attribution_of_the_tiles_is_escaped_and_its_addresses_are_links(tmp_path: Path) -> None:
    hostile = """<img src=x onerror=alert(1)> "Maps" & https://tiles.example.org/'"><b>copyright"""
    with open_network(tmp_path, tiles="https://tiles.example.org/{z}/{x}/{y}.png", tiles_attribution=hostile) as client:
        pages = [client.get(path) for path in ("/about", "/?order=NAME")]
    for page in pages:
        assert "&lt;img src=x onerror=alert(1)&gt;" in page.text
        assert "<img src=x" not in page.text
        assert "<b>copyright" not in page.text
    assert find_links(pages[0], "^https://tiles.example.org/")


def test_the_page_names_the_api_and_all_credits(visitor: TestClient) -> None:
    response = visitor.get("/about")
    assert "http://localhost/graphql" in read_text(response)
    assert "/graphiql" in find_links(response, "^/graphiql$")
    query = {"query": "{ network { credits { text url } } }"}
    credits = visitor.post("/graphql", json=query, headers={"Accept": "application/json"}).json()["data"]["network"]["credits"]
    assert credits
    for credit in credits:
        assert html.escape(credit["text"]) in response.text
        assert credit["url"] in find_links(response, "^https://")


@pytest.mark.parametrize("path", ["/about", "/accessibility", "/offline", "/es/about", "/es/accessibility", "/es/offline"])
def test_links_within_a_page_lead_to_something(visitor: TestClient, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 200
    targets = set(re.findall(r' id="([^"]+)"', response.text))
    assert {link[1:] for link in find_links(response, "^#")} <= targets


def test_the_footer_leads_to_parts_of_the_page(visitor: TestClient) -> None:
    parts = {link.partition("#")[2] for link in find_links(visitor.get("/themes"), "^/about#")}
    assert parts == {"records", "data"}
    assert parts <= set(re.findall(r' id="([^"]+)"', visitor.get("/about").text))


def test_the_accessibility_statement_says_how_to_report_a_barrier(visitor: TestClient) -> None:
    response = visitor.get("/accessibility")
    assert "WCAG) 2.2 at level AA" in read_text(response)
    assert "mailto:records@directory.example" in find_links(response, "^mailto:")


def test_the_offline_page_loads_the_same_address_again_and_is_not_indexed(visitor: TestClient) -> None:
    response = visitor.get("/offline")
    assert '<a class="button main" href="">' in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert "canonical" not in response.text


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/es", "es")])
def test_the_manifest_names_the_network_and_icons_that_exist(visitor: TestClient, prefix: str, language: str) -> None:
    page = visitor.get(f"{prefix}/themes")
    (address,) = re.findall(r'<link rel="manifest" href="([^"]+)">', page.text)
    response = visitor.get(address)
    manifest = response.json()
    assert response.headers["content-type"] == "application/manifest+json"
    assert "content-disposition" not in response.headers
    assert (manifest["lang"], manifest["start_url"], manifest["scope"]) == (language, f"{prefix}/", "/")
    assert manifest["name"] in page.text
    assert visitor.get(manifest["start_url"]).status_code == 200
    for icon in manifest["icons"]:
        size = int(icon["sizes"].partition("x")[0])
        assert visitor.get(icon["src"]).content == draw_icon(size)


def test_addresses_for_other_programs_are_absolute(visitor: TestClient) -> None:
    response = visitor.get("/es/themes/housing")
    properties = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', response.text))
    assert properties["url"] == "http://localhost/es/themes/housing"
    assert properties["title"] == "Vivienda"
    assert properties["image"].startswith("http://localhost/assets/icon-512-")
    assert visitor.get(properties["image"].removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize("size", [2, 16, 192])
def test_the_icon_is_a_valid_png_of_eight_triangles(size: int) -> None:
    picture = draw_icon(size)
    width, height, depth, kind = struct.unpack(">IIBB", picture[16:26])
    assert (width, height, depth, kind) == (size, size, 8, 3)
    start = picture.index(b"IDAT") + 4
    pixels = zlib.decompress(picture[start : start + struct.unpack(">I", picture[start - 8 : start - 4])[0]])
    assert len(pixels) == size * (size + 1)
    rows = [pixels[y * (size + 1) + 1 : (y + 1) * (size + 1)] for y in range(size)]
    assert rows[0][size // 2 - 1] != rows[0][size // 2]
    assert {color for row in rows for color in row} <= set(range(4))
