"""The place that a search starts from is a cross with the circle of its distance, below all marks, and described in words."""

import pytest
from playwright.sync_api import Page, expect

from benchmarks.pages.browser import Device
from tests.stories.browser.axe import ALL_RULES, SOURCE, run_axe
from tests.stories.browser.maps.conftest import VisitMap
from tests.stories.browser.maps.map_actions import open_map

pytestmark = pytest.mark.slow

CROSS, CIRCLE, KEY = ".places-map .place-origin", ".places-map path.origin-reach", "#places-origin"
WITHIN = "/?q=Seattle&near=Portland, OR&radius=400"


def get_box(page: Page, selector: str) -> tuple[float, float, float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"], box["y"], box["width"], box["height"]


def test_the_cross_is_in_the_middle_of_the_circle_around_the_marks(visit_map: VisitMap) -> None:
    page = visit_map().open(WITHIN)
    open_map(page)
    x, y, width, height = get_box(page, CROSS)
    left, top, across, down = get_box(page, CIRCLE)
    assert x + width / 2 == pytest.approx(left + across / 2, abs=3)
    assert y + height / 2 == pytest.approx(top + down / 2, abs=down / 10)  # Mercator stretches the north
    mark_x, mark_y, _, _ = get_box(page, ".places-map .place-address")
    assert left < mark_x < left + across
    assert top < mark_y < top + down


def test_words_describe_it_also_to_a_screen_reader(visit_map: VisitMap) -> None:
    page = visit_map().open(WITHIN)
    open_map(page)
    sentence = "The search starts here: within 249 miles of Portland, OR"
    expect(page.locator(KEY)).to_have_text(sentence)
    expect(page.locator(".places-map")).to_have_accessible_description(
        f"{sentence} Move the map with the arrow keys and zoom with plus and minus. Go from mark to mark with Alt and an arrow "
        "key, and open one with Enter."
    )


def test_an_origin_without_a_limit_has_no_circle_and_is_in_view(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=Seattle&near=Miami, FL")
    open_map(page)
    x, y, width, height = get_box(page, CROSS)
    left, top, across, down = get_box(page, ".places-map")
    assert left < x + width / 2 < left + across
    assert top < y + height / 2 < top + down
    expect(page.locator(CIRCLE)).to_have_count(0)


def test_it_takes_no_clicks_from_marks_and_is_no_stop_for_keys(visit_map: VisitMap) -> None:
    page = visit_map().open("/?q=Seattle&near=47.61,-122.33&radius=10")
    open_map(page)
    mark = page.locator(".places-map .place-address")
    cross_layer, mark_layer = (each.evaluate("icon => Number(icon.style.zIndex)") for each in (page.locator(CROSS), mark))
    assert cross_layer < mark_layer
    mark.click()
    expect(page.locator(".places-mark")).to_contain_text("Harbor Seattle Friends")
    assert page.locator(f"{CROSS}[tabindex], {CROSS} [tabindex]").count() == 0


def test_it_goes_when_its_chip_is_removed(visit_map: VisitMap) -> None:
    page = visit_map().open(WITHIN)
    open_map(page)
    expect(page.locator(CROSS)).to_have_count(1)
    page.locator(".chip a[aria-label*='Portland']").click()
    expect(page.locator(CROSS)).to_have_count(0)
    expect(page.locator(CIRCLE)).to_have_count(0)
    expect(page.locator(KEY)).to_be_hidden()
    assert "Portland" not in page.locator(KEY).inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_either_map(visit_map: VisitMap, width: int, scheme: str) -> None:
    page = visit_map(Device(width=width, scheme=scheme)).open(WITHIN)
    page.evaluate(SOURCE)
    page.evaluate("document.querySelector('#map').open = true")
    findings = run_axe(page, ALL_RULES)
    open_map(page)
    assert [*findings, *run_axe(page, ALL_RULES)] == []
