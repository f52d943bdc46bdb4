"""The smaller parts of the script: near me, the way back, exit, print, panels, and the page without a connection."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Geolocation, Page, Request, expect

from benchmarks.pages.browser import PHONE, Visitor
from tests.stories.browser.conftest import OpenVisitor

pytestmark = pytest.mark.slow

ATLANTA = Geolocation(latitude=33.7488, longitude=-84.3877, accuracy=10)
SENSITIVE = "/themes/gender-violence"
READ_CACHE = """async () => {
  const names = await caches.keys();
  const requests = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
  return requests.flat().map(request => new URL(request.url).pathname);
}"""


def read_parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def locate(visitor: Visitor) -> None:
    visitor.context.grant_permissions(["geolocation"])
    visitor.context.set_geolocation(ATLANTA)


def test_near_me_adds_a_rounded_location_to_the_search(visit: OpenVisitor) -> None:
    visitor = visit()
    locate(visitor)
    page = visitor.open("/?issue=housing&radius=80&near=Chicago")
    page.locator("form.search").get_by_role("button", name="Near me").click()
    page.wait_for_url("**near=33.75**")
    assert read_parameters(page) == {"issue": ["housing"], "near": ["33.75,-84.40"]}
    expect(page.locator(".chips")).to_contain_text("nearest to the place you searched from first")
    visitor.assert_no_complaints()


def test_near_me_takes_the_words_along(visit: OpenVisitor) -> None:
    visitor = visit()
    locate(visitor)
    page = visitor.open("/")
    page.fill("#words", "evictions")
    page.get_by_role("button", name="Near me").click()
    page.wait_for_url("**near=**")
    assert read_parameters(page) == {"words": ["evictions"], "near": ["33.75,-84.40"]}


def test_nobody_is_asked_for_a_location_before_a_click(visit: OpenVisitor) -> None:
    visitor = visit()
    visitor.context.add_init_script("navigator.geolocation.getCurrentPosition = () => { window.wasAsked = true }")
    page = visitor.open("/?words=evictions+near+us")
    expect(page.get_by_role("button", name="Near me").first).to_be_visible()
    assert page.evaluate("window.wasAsked") is None
    page.get_by_role("button", name="Near me").first.click()
    assert page.evaluate("window.wasAsked") is True


def test_a_refused_location_is_explained(visit_again: OpenVisitor) -> None:
    page = visit_again().open("/es/?issue=housing")
    page.get_by_role("button", name="Cerca de mí").first.click()
    expect(page.get_by_role("alert")).to_contain_text("ubicación")
    assert read_parameters(page) == {"issue": ["housing"]}


def test_an_organization_leads_back_to_the_same_list(visit_again: OpenVisitor) -> None:
    page = visit_again().open("/?issue=housing")
    page.select_option("#order", "NAME")
    page.wait_for_url("**order=NAME")
    address = page.url
    page.locator(".result h2 a").nth(9).click()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#order")).to_have_value("NAME")
    assert page.url == address
    expect(page.locator(".result h2 a").nth(9)).to_be_in_viewport()  # where the visitor was


def test_without_a_list_there_is_no_way_back(visit_again: OpenVisitor) -> None:
    visitor = visit_again()
    page = visitor.open("/?issue=housing")
    path = page.locator(".result h2 a").first.get_attribute("href")
    page = visitor.open(str(path))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-back]")).to_be_hidden()


@pytest.mark.parametrize("way", ["button", "keyboard"])
def test_exit_replaces_the_page_and_forgets_the_list(visit_again: OpenVisitor, way: str) -> None:
    visitor = visit_again()
    page = visitor.open("/?issue=housing")
    page.goto(visitor.address + SENSITIVE)
    exit_address = f"{visitor.address}/themes"
    page.locator("[data-exit]").evaluate("(link, address) => link.href = address", exit_address)
    leave(page, way)
    page.wait_for_url(exit_address)
    assert page.evaluate("sessionStorage.length") == 0
    page.go_back()
    expect(page.locator("#count")).to_be_visible()  # the sensitive page is not in the history


def leave(page: Page, way: str) -> None:
    if way == "button":
        page.locator("[data-exit]").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")


def test_the_number_of_presses_left_is_announced(visit_again: OpenVisitor) -> None:
    page = visit_again().open(SENSITIVE)
    page.keyboard.press("Shift")
    expect(page.get_by_role("status")).to_have_text("Press Shift 2 more times to leave this page.")
    page.keyboard.press("Shift")
    expect(page.get_by_role("status")).to_have_text("Press Shift 1 more time to leave this page.")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    expect(page.get_by_role("status")).to_have_text("Press Shift 2 more times to leave this page.")


def test_print_buttons_print(visit: OpenVisitor) -> None:
    visitor = visit()
    visitor.context.add_init_script("window.print = () => { window.printed = true }")
    page = visitor.open("/?issue=housing")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


def test_panels_are_closed_at_first_on_phones_and_stay_as_they_were_left(visit_again: OpenVisitor) -> None:
    page = visit_again(PHONE).open("/?issue=housing")
    choices = page.locator("form[data-facets] input[name=community]:visible")
    expect(choices).to_have_count(0)
    page.locator("#narrow > summary").click()
    choices.first.click()
    expect(page.locator(".chip")).to_have_count(2)
    expect(choices.first).to_be_visible()


def test_panels_are_open_on_larger_screens(visit_again: OpenVisitor) -> None:
    page = visit_again().open("/?issue=housing")
    expect(page.locator("#narrow")).to_have_attribute("open", "")


@pytest.mark.parametrize(("path", "title"), [("/?issue=housing", "You are offline"), ("/es/themes", "No tiene conexión")])
def test_without_a_connection_a_page_of_ours_says_so(visit: OpenVisitor, path: str, title: str) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.context.set_offline(True)
    page.goto(visitor.address + path)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(title))
    assert page.evaluate("getComputedStyle(document.querySelector('header.site')).backgroundColor") == "rgb(34, 63, 107)"


def test_only_the_offline_page_and_its_files_are_stored(visit: OpenVisitor) -> None:
    page = visit().open("/?issue=housing")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator(".result h2 a").first.click()
    expect(page.locator("[data-back]")).to_be_visible()
    stored = page.evaluate(READ_CACHE)
    assert {path for path in stored if not path.startswith("/assets/")} == {"/en/offline", "/es/offline"}
    assert {path.rsplit(".", 1)[1] for path in stored if path.startswith("/assets/")} == {"css", "js", "svg", "woff2"}


def test_an_organization_is_loaded_when_the_pointer_rests_on_its_link(visit: OpenVisitor) -> None:
    visitor = visit()
    page = visitor.open("/?issue=housing")
    link = page.locator(".result h2 a").first
    with visitor.context.expect_event("request", is_prefetch) as requested:
        link.hover()
    assert requested.value.url == visitor.address + str(link.get_attribute("href"))
    link.click()
    expect(page.locator("[data-back]")).to_be_visible()
    visitor.assert_no_complaints()


def is_prefetch(request: Request) -> bool:
    return request.headers.get("sec-purpose") == "prefetch"
