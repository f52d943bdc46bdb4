"""The map of places: loaded only on request, by mouse and by keyboard, and in step with the list."""

import re
import urllib.request

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stories.browser.conftest import OpenVisitor

pytestmark = pytest.mark.slow

SEARCH = "/?issue=housing"
NEAR_ATLANTA = "/?issue=tenants&region=US-GA&nationwide=EXCLUDE"  # few, so that they have marks of their own
MAX_BYTES = 110_000  # over the wire, with the outlines


@pytest.fixture
def page(visit_again: OpenVisitor) -> Page:
    page: Page = visit_again().open(SEARCH)
    return page


def open_map(page: Page) -> Locator:
    """Choose the map of places, and return the options of its list."""
    page.get_by_role("button", name="Places", exact=True).click()
    options = page.locator(".places-list [role=option]")
    expect(options.first).to_be_visible()
    return options


def list_loaded(page: Page) -> set[str]:
    """Return the addresses of everything that the page has loaded."""
    return set(page.evaluate("performance.getEntriesByType('resource').map(each => each.name)"))


def measure(address: str) -> int:
    """Return the size of a file over the wire in bytes, without its headers."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "Accept": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310 - at the test server
        return len(response.read())


def count_marks(options: Locator) -> int:
    """Return how many organizations the marks in the list stand for."""
    groups = [re.match(r"(\d+) organizations$", text) for text in options.all_inner_texts()]
    return sum(int(group[1]) if group else 1 for group in groups)


def test_the_map_costs_nothing_until_somebody_wants_it(page: Page) -> None:
    expect(page.locator("#map-areas")).to_be_visible()
    before = list_loaded(page)
    open_map(page)
    expect(page.locator("#map-areas")).to_be_hidden()
    files = list_loaded(page) - before
    assert {"map.js", "map.css", "states.json"} <= {re.sub(r".*/|\.[\w-]{8}(?=\.)", "", file) for file in files}
    assert sum(measure(file) for file in files) <= MAX_BYTES


def test_the_marks_stand_for_all_organizations_with_a_place(page: Page) -> None:
    options = open_map(page)
    total = int(page.locator("#count").inner_text().split()[0])
    assert total / 2 < count_marks(options) <= total
    expect(page.locator(".places-map .leaflet-marker-icon, .places-map path.place-area")).to_have_count(options.count())


def test_only_published_addresses_are_points(visit_again: OpenVisitor) -> None:
    page = visit_again().open(NEAR_ATLANTA)
    options = open_map(page)
    words = options.all_inner_texts()
    expect(page.locator(".places-map .place-address")).to_have_count(sum("(address published)" in text for text in words))
    areas = sum("somewhere in" in text and "(state only)" not in text for text in words)
    assert areas
    expect(page.locator(".places-map path.place-area")).to_have_count(areas)


def test_marks_are_chosen_in_the_list_by_keyboard(visit_again: OpenVisitor) -> None:
    page = visit_again().open(NEAR_ATLANTA)
    options = open_map(page)
    page.locator(".places-list").focus()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    selected = options.nth(1)
    expect(page.locator(".places-list")).to_have_attribute("aria-activedescendant", selected.get_attribute("id") or "")
    expect(page.locator(".places-map .selected")).to_have_count(1)
    name = selected.inner_text().split(", somewhere")[0].split(" (address")[0]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.split(",")[0])
    page.wait_for_url("**/organizations/*")


def test_alt_and_an_arrow_go_to_the_next_mark_on_the_map(page: Page) -> None:
    open_map(page)
    selected = page.locator(".places-map .selected")
    page.locator(".places-map").focus()
    page.keyboard.press("Alt+ArrowRight")
    first = selected.bounding_box()
    page.keyboard.press("Alt+ArrowRight")
    second = selected.bounding_box()
    assert first
    assert second
    assert second["x"] > first["x"]
    page.keyboard.press("Alt+ArrowLeft")
    third = selected.bounding_box()
    assert third
    assert third["x"] < second["x"]


def test_the_browser_does_not_go_back_at_the_same_time(page: Page) -> None:
    open_map(page)
    key = "{key: 'ArrowLeft', altKey: true, bubbles: true, cancelable: true}"
    is_default = page.locator(".places-map").evaluate(f"map => map.dispatchEvent(new KeyboardEvent('keydown', {key}))")
    assert not is_default


def test_a_group_comes_nearer_until_it_separates(page: Page) -> None:
    options = open_map(page)
    before = options.all_inner_texts()
    page.locator(".places-map .place-group").last.click()
    expect(options.filter(has_text="organizations").last).not_to_have_text(before[-1])
    assert page.url.endswith(SEARCH)


def test_counties_appear_when_the_map_is_near(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_map(page)
    expect(page.locator(".map-outline.county")).to_have_count(0)
    with page.expect_response(re.compile(r"/assets/counties-\d\d\.")):
        for _ in range(5):
            page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".map-outline.county").first).to_be_attached()


def test_the_map_follows_the_list(page: Page) -> None:
    options = open_map(page)
    before, marks = count_marks(options), page.locator(".places-list")
    words = marks.inner_text()
    page.evaluate("document.querySelector('.places-map').isTheSame = true")
    page.locator("form[data-facets] input[name=community]:visible").first.click()
    expect(marks).not_to_have_text(words, use_inner_text=True)
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator("#map-places")).to_have_attribute("data-search", re.compile("community="))
    total = int(page.locator("#count").inner_text().split()[0])
    assert count_marks(options) <= total < before
    assert page.evaluate("document.querySelector('.places-map').isTheSame")


def test_the_choice_lasts_as_long_as_the_tab(page: Page) -> None:
    open_map(page)
    page.reload()
    expect(page.locator(".places-list [role=option]").first).to_be_visible()
    page.get_by_role("button", name="Count by state").click()
    expect(page.locator("#map-areas")).to_be_visible()
    expect(page.locator("#map-places")).to_be_hidden()


def test_a_map_that_cannot_be_loaded_says_so(page: Page) -> None:
    page.route("**/graphql**", lambda route: route.abort())
    page.get_by_role("button", name="Places", exact=True).click()
    expect(page.locator(".places-mark")).to_contain_text("The map of places cannot be loaded now.")
    page.unroute("**/graphql**")
    page.get_by_role("button", name="Count by state").click()
    open_map(page)


def test_nothing_is_requested_from_other_hosts(visit_again: OpenVisitor) -> None:
    visitor = visit_again()
    page = visitor.open(SEARCH)
    open_map(page)
    page.locator(".places-map .place-group").first.click()
    visitor.assert_no_complaints()


def test_an_arrow_without_a_mark_in_its_direction_says_so(page: Page) -> None:
    options = open_map(page)
    line = page.locator(".places-mark")
    expect(line).to_have_text("Choose a mark on the map or in the list below to see what it stands for.")
    page.locator(".places-map").focus()
    for _ in range(options.count()):
        page.keyboard.press("Alt+ArrowUp")
    expect(line).to_have_text("There is no mark in this direction.")
    expect(page.locator(".places-map .selected")).to_have_count(1)


def test_places_are_named_as_in_the_list(visit_again: OpenVisitor) -> None:
    page = visit_again().open(f"/es{NEAR_ATLANTA}")
    page.get_by_role("button", name="Lugares", exact=True).click()
    options = page.locator(".places-list [role=option]")
    expect(options.first).to_be_visible()
    words = " ".join(options.all_inner_texts())
    assert "en algún punto de Condado de" in words or "en algún punto de Georgia (solo el estado)" in words
    assert "County" not in words
    assert not re.search(r"en algún punto de [A-Z]{2} \(solo el estado\)", words)
