"""A tile server is asked only if the setting names it, and its attribution is on the map."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.pages.browser import Visitor, open_visitor
from tests.stories.browser.maps.conftest import ServeMap, VisitMap
from tests.stories.browser.maps.map_actions import list_loaded_names, open_map
from tests.stories.browser.maps.tile_server import TileServer, serve_tiles

pytestmark = pytest.mark.slow

ATTRIBUTION = """© <b>Map</b> "makers" & friends, https://maps.example/copyright"""
SEARCH = "/?q=harbor"
LOAD_IMAGE = """address => new Promise((done) => {
  const image = new Image();
  image.onload = image.onerror = done;
  image.src = address;
})"""


@pytest.fixture(scope="module")
def tile_server() -> Iterator[TileServer]:
    with serve_tiles() as server:
        yield server


@pytest.fixture(scope="module")
def tiled_address(serve_map: ServeMap, tile_server: TileServer) -> Iterator[str]:
    """The address of a directory whose maps have tiles."""
    template = f"{tile_server.origin}/{{z}}/{{x}}/{{y}}.png"
    with serve_map(TILES=template, TILES_ATTRIBUTION=ATTRIBUTION) as address:
        yield address


@pytest.fixture
def tiles(tile_server: TileServer) -> TileServer:
    """The tile server, which was asked for nothing yet."""
    tile_server.forget()
    return tile_server


@pytest.fixture
def visitor(chromium: Browser, tiled_address: str) -> Iterator[Visitor]:
    with open_visitor(chromium, tiled_address) as visitor:
        yield visitor


def wait_for_tiles(page: Page) -> None:
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_attached(timeout=15_000)
    page.wait_for_load_state("networkidle")


def test_tiles_are_asked_for_when_the_map_is_chosen_and_nothing_else(visitor: Visitor, tiles: TileServer) -> None:
    page = visitor.open(SEARCH)
    page.wait_for_load_state("networkidle")
    assert tiles.requests == visitor.other_requests == []
    open_map(page)
    wait_for_tiles(page)
    assert tiles.requests
    assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path in tiles.requests)
    assert {url.rpartition("/")[0].split("/", 3)[2] for url in visitor.other_requests} == {tiles.origin.partition("//")[2]}
    assert visitor.complaints == []
    assert "referer" not in tiles.headers
    assert "cookie" not in tiles.headers


def test_tiles_are_seen_through_the_outlines(visitor: Visitor) -> None:
    page = visitor.open(SEARCH)
    open_map(page)
    wait_for_tiles(page)
    fills = page.locator(".map-outline").evaluate_all("paths => [...new Set(paths.map(path => getComputedStyle(path).fill))]")
    assert fills == ["none"]


def test_the_attribution_is_shown_as_text_with_its_address_as_a_link(visitor: Visitor) -> None:
    page = visitor.open(SEARCH)
    open_map(page)
    credit = page.locator(".leaflet-control-attribution")
    expect(credit).to_contain_text(ATTRIBUTION)
    expect(credit.get_by_role("link")).to_have_attribute("href", "https://maps.example/copyright")
    assert credit.locator("b").count() == 0
    expect(credit).to_be_visible()


def test_the_policy_allows_images_of_that_server_alone(visitor: Visitor, tiles: TileServer) -> None:
    page = visitor.context.new_page()
    response = page.goto(visitor.address + SEARCH)
    assert response
    policy = response.headers["content-security-policy"]
    assert f"img-src 'self' data: {tiles.origin};" in policy
    assert policy.count("127.0.0.1") == 1
    with serve_tiles() as other:
        page.evaluate(LOAD_IMAGE, other.origin)
        assert other.requests == []
    assert any("img-src" in complaint for complaint in visitor.complaints)


def test_the_tiles_show_the_world(visitor: Visitor) -> None:
    page = visitor.open("/?q=voyage")
    open_map(page)
    wait_for_tiles(page)
    assert "world.json" not in list_loaded_names(page)


def test_without_the_setting_no_request_leaves_the_directory(visit_map: VisitMap) -> None:
    visitor = visit_map()
    page = visitor.open("/?q=voyage")
    open_map(page)
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("img.leaflet-tile").count() == 0
    visitor.assert_no_complaints()
