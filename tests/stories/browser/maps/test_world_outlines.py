"""The outlines of other countries are loaded only when a place outside the United States is shown."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser.maps.conftest import VisitMap
from tests.stories.browser.maps.map_actions import count_marks, list_loaded_names, open_map

pytestmark = pytest.mark.slow

STATES = 56
WORLD = "world.json"
WORLD_FILE = re.compile(r"/assets/world\.")


def wait_for_world(page: Page) -> None:
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("Natural Earth")
    assert page.locator(".map-outline:not(.county)").count() > STATES


@pytest.mark.parametrize("search", ["q=harbor", "q=Christiansted", "q=Honolulu", "q=Eastport", "q=meridian", "q=Lava"])
def test_places_in_states_and_territories_do_not_need_it(visit_map: VisitMap, search: str) -> None:
    visitor = visit_map()
    page = visitor.open(f"/?{search}")
    open_map(page)
    for button in ("Zoom in", "Zoom out"):
        with page.expect_response(lambda response: "map-marks" in response.url):
            page.get_by_role("button", name=button).click()
    page.wait_for_load_state("networkidle")
    assert "states.json" in list_loaded_names(page)
    assert WORLD not in list_loaded_names(page)
    expect(page.locator(".leaflet-control-attribution")).not_to_contain_text("Natural Earth")
    visitor.assert_no_complaints()


@pytest.mark.parametrize(("search", "marks"), [("q=Tijuana", 1), ("q=voyage", 3), ("q=Toronto", 2)])
def test_a_place_abroad_needs_it(visit_map: VisitMap, search: str, marks: int) -> None:
    visitor = visit_map()
    page = visitor.open(f"/?{search}")
    options = open_map(page)
    wait_for_world(page)
    assert count_marks(options) == marks
    visitor.assert_no_complaints()


def test_two_places_abroad_that_share_a_mark_need_it(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=voyage")
    options = open_map(page)
    expect(options.filter(has_text="2 organizations")).to_have_count(1)
    wait_for_world(page)


def test_an_origin_abroad_needs_it(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=Milwaukee&near=43.65,-79.38")
    open_map(page)
    wait_for_world(page)


def test_another_search_loads_it_later(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=Seattle")
    open_map(page)
    page.wait_for_load_state("networkidle")
    assert WORLD not in list_loaded_names(page)
    page.evaluate("document.querySelector('input[type=hidden][name=q]').value = 'Tijuana'")
    page.locator("form[data-facets] input[name=issue]:visible").first.click()
    wait_for_world(page)


def test_the_world_lies_below_the_states(visit_map: VisitMap) -> None:
    """The coarse outlines of neighbors must not cover the finer ones of states."""
    page = visit_map().open("/?q=voyage")
    open_map(page)
    wait_for_world(page)
    paths = page.locator(".leaflet-outlines-pane path:not(.county)")
    is_country = paths.evaluate_all("paths => paths.map(path => path.classList.contains('country'))")
    assert is_country.count(False) == STATES
    assert is_country == sorted(is_country, reverse=True)


def test_without_it_the_map_works(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=voyage")
    page.route(WORLD_FILE, lambda route: route.abort())
    options = open_map(page)
    page.wait_for_load_state("networkidle")
    assert count_marks(options) == 3
    expect(page.locator(".places-mark")).not_to_contain_text("cannot be loaded")
    page.unroute(WORLD_FILE)
    page.get_by_role("button", name="Zoom out").click()
    wait_for_world(page)


def test_both_sides_of_the_antimeridian_are_in_view(visit_map: VisitMap) -> None:
    """Outlines and marks are drawn once, from -180 to 180 degrees."""
    page = visit_map().open("/?q=meridian")
    options = open_map(page)
    assert count_marks(options) == 2
    frame = page.locator(".places-map").bounding_box()
    assert frame
    for mark in page.locator(".places-map .place-address").all():
        box = mark.bounding_box()
        assert box
        assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]
