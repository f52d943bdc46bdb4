"""A place that is known only by its county or state is drawn as that county or state, and never as a point."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stories.browser.maps.conftest import VisitMap
from tests.stories.browser.maps.map_actions import open_map

pytestmark = pytest.mark.slow

CIRCLE = re.compile(r"^M[^M]*a[\d.]+,[\d.]+ 0 1,0")  # Leaflet draws a circle as two arcs


def read_path(area: Locator) -> str:
    return area.get_attribute("d") or ""


def zoom(page: Page, button: str, times: int) -> None:
    page.emulate_media(reduced_motion="reduce")
    for _ in range(times):
        page.get_by_role("button", name=button).click()


def test_a_county_is_drawn_as_its_outline_when_the_map_is_near(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=Estuary")
    options = open_map(page)
    assert options.all_inner_texts() == ["Estuary Friends, somewhere in Levy County, FL (county only)"]
    expect(page.locator(".map-outline.county").first).to_be_attached()
    area = page.locator(".places-map path.place-area")
    expect(area).to_have_count(1)
    expect(area).not_to_have_attribute("d", CIRCLE)
    outlines = page.locator(".map-outline.county").evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    assert read_path(area) in outlines
    expect(page.locator(".places-map .leaflet-marker-icon")).to_have_count(0)


def test_a_county_far_away_is_a_circle_around_all_of_it(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=Estuary")
    open_map(page)
    area = page.locator(".places-map path.place-area")
    expect(area).not_to_have_attribute("d", CIRCLE)
    county = area.bounding_box()
    assert county
    page.route(re.compile(r"/assets/counties-"), lambda route: route.abort())
    page.reload()
    expect(area).to_have_attribute("d", CIRCLE)
    circle = area.bounding_box()
    assert circle
    assert circle["x"] <= county["x"]
    assert circle["y"] <= county["y"]
    assert circle["x"] + circle["width"] >= county["x"] + county["width"]
    assert circle["y"] + circle["height"] >= county["y"] + county["height"]


def test_a_selected_county_stays_selected_when_its_outline_arrives(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=Estuary")
    open_map(page)
    expect(page.locator(".places-map path.place-area")).not_to_have_attribute("d", CIRCLE)
    page.locator(".places-list").focus()
    page.keyboard.press("ArrowDown")
    selected = page.locator(".places-map .selected")
    expect(selected).to_have_count(1)
    expect(selected).not_to_have_attribute("d", CIRCLE)
    expect(page.locator(".places-map path.extent")).to_have_count(0)
    expect(page.locator(".places-mark")).to_contain_text("somewhere in Levy County, FL (county only)")


@pytest.mark.parametrize(
    ("word", "words"), [("Buckeye", "somewhere in Ohio (state only)"), ("Lava", "somewhere in Hawaii (state only)")]
)
def test_a_state_is_hatched_all_over(visit_map: VisitMap, word: str, words: str) -> None:
    page = visit_map().open(f"/?q={word}")
    options = open_map(page)
    expect(options).to_contain_text(words)
    state = page.locator(".places-map path.place-region")
    expect(state).to_have_count(1)
    expect(state).to_have_css("fill", 'url("#places-hatch")')
    assert page.locator("#places-hatch").count() == 1
    zoom(page, "Zoom out", 3)
    expect(state).to_have_count(1)
    sign = page.locator(".places-map .place-state")
    expect(sign).to_be_visible()
    icon = sign.bounding_box()
    assert icon
    assert min(icon["width"], icon["height"]) >= 24


def test_a_city_is_a_circle_and_shows_all_of_it_when_selected(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=Peach")
    options = open_map(page)
    expect(options).to_contain_text("somewhere in Decatur, GA (city)")
    expect(page.locator(".places-map path.place-area")).to_have_attribute("d", CIRCLE)
    options.first.click()
    expect(page.locator(".places-map path.extent")).to_have_count(1)
