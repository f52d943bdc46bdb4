"""On screens without room for a third column, the map is a panel that is closed until somebody asks for it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.pages.browser import PHONE, Device
from tests.stories.browser.maps.conftest import VisitMap
from tests.stories.browser.maps.map_actions import list_loaded_names, open_map
from tests.stories.browser.scripts.read_script import read_script

pytestmark = pytest.mark.slow

SEARCH = "/?q=harbor"
SUMMARY = "#map > summary"
FIND_PROBLEMS = read_script("find_layout_problems")


def expect_open(page: Page, is_open: bool) -> None:
    drawing = page.locator("#map .map-areas")
    expect(drawing).to_be_visible() if is_open else expect(drawing).to_be_hidden()


def get_top(element: Locator) -> float:
    box = element.bounding_box()
    assert box
    return box["y"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize(
    ("width", "is_open"), [(320, False), (360, False), (600, False), (768, False), (1199, False), (1440, True)]
)
def test_it_is_open_at_first_only_where_it_has_a_column(visit_map: VisitMap, width: int, is_open: bool, scripts: bool) -> None:
    page = visit_map(Device(width=width, scripts=scripts)).open(SEARCH)
    expect_open(page, is_open)
    if is_open:
        return
    page.locator(SUMMARY).click()
    expect_open(page, True)
    page.locator(SUMMARY).click()
    expect_open(page, False)


def test_without_a_script_its_states_are_links(visit_map: VisitMap) -> None:
    page = visit_map(Device(width=360, scripts=False)).open(SEARCH)
    page.locator(SUMMARY).click()
    page.get_by_role("link", name="Wisconsin: 1 organization").click()
    page.wait_for_url("**region=US-WI*")


def test_it_stands_before_the_list_for_the_eye_and_for_the_keyboard(visit_map: VisitMap) -> None:
    page = visit_map(PHONE).open(SEARCH)
    assert get_top(page.locator(SUMMARY)) < get_top(page.locator(".result").first)
    page.locator("#narrow > summary").focus()
    page.keyboard.press("Tab")
    expect(page.locator(SUMMARY)).to_be_focused()
    page.keyboard.press("Enter")
    expect_open(page, True)
    page.keyboard.press("Tab")
    expect(page.locator("[data-map=areas]")).to_be_focused()


def test_nothing_of_the_map_is_loaded_while_it_is_closed(visit_map: VisitMap) -> None:
    page = visit_map(PHONE).open(SEARCH)
    page.locator(SUMMARY).click()
    open_map(page)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert "map.js" not in list_loaded_names(page)
    page.locator(SUMMARY).click()
    expect(page.locator(".places-list [role=option]").first).to_be_visible()


def test_it_stays_open_when_the_list_changes(visit_map: VisitMap) -> None:
    page = visit_map(PHONE).open(SEARCH)
    page.locator(SUMMARY).click()
    page.get_by_role("link", name="Wisconsin: 1 organization").click()
    expect(page.locator(".chip")).to_have_count(2)
    expect_open(page, True)


def test_a_map_that_was_closed_while_the_screen_changed_fills_its_frame(visit_map: VisitMap) -> None:
    page = visit_map(PHONE).open(SEARCH)
    page.locator(SUMMARY).click()
    options = open_map(page)
    before = options.all_inner_texts()
    page.locator(SUMMARY).click()
    page.set_viewport_size({"width": 740, "height": 360})
    page.locator(SUMMARY).click()
    expect(options.first).to_be_visible()
    page.wait_for_load_state("networkidle")
    frame = page.locator(".places-map").bounding_box()
    assert frame
    assert frame["width"] > 600
    drawing = page.locator(".leaflet-outlines-pane svg").bounding_box()
    assert drawing
    assert drawing["width"] >= frame["width"]
    assert before
    expect(page.locator(".places-mark")).to_contain_text("Choose a mark")


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
@pytest.mark.parametrize("language", ["en-US", "es-US"])
def test_the_open_map_fits_and_can_be_touched(visit_map: VisitMap, width: int, language: str) -> None:
    page = visit_map(Device(width=width, language=language)).open("/?q=Estuary&near=Miami, FL&radius=900")
    page.evaluate("document.querySelector('#map').open = true")
    problems = page.evaluate(FIND_PROBLEMS)
    page.locator("[data-map=places]").click()
    expect(page.locator(".places-list [role=option]").first).to_be_visible()
    assert [*problems, *page.evaluate(FIND_PROBLEMS)] == []


@pytest.mark.parametrize("width", [360, 1440])
def test_paper_has_the_map_of_states(visit_map: VisitMap, width: int) -> None:
    page = visit_map(Device(width=width)).open(SEARCH)
    page.emulate_media(media="print")
    expect_open(page, True)
    expect(page.locator(SUMMARY)).to_be_hidden()
