"""Choices, chips, the order and new searches change the list without a reload of the page."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.stories.browser.conftest import OpenVisitor

pytestmark = pytest.mark.slow

SEARCH = "/?issue=housing"
STAY = "window.hasStayed = true"
HAS_STAYED = "window.hasStayed === true"


@pytest.fixture
def page(visit_again: OpenVisitor) -> Page:
    """The page of a search, which notices when it is loaded again."""
    page: Page = visit_again().open(SEARCH)
    page.evaluate(STAY)
    return page


def find_choices(page: Page) -> Locator:
    return page.locator("form[data-facets] input[name=community]:not(:checked):visible")


def read_count(page: Page) -> int:
    return int(page.locator("#count").inner_text().split()[0])


def read_number(choice: Locator) -> int:
    return int(choice.locator("xpath=ancestor::label").locator(".number").inner_text())


def assert_same_page(page: Page) -> None:
    assert page.evaluate(HAS_STAYED)


class HeldPages:
    """Keeps requests for pages of the search waiting until they are released."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[Route] | None = []
        page.route(lambda url: "issue=housing" in url and "/graphql" not in url, lambda route: self._hold(route))

    def _hold(self, route: Route) -> None:
        if self._waiting is None:
            route.continue_()
        else:
            self._waiting.append(route)

    def release(self) -> None:
        waiting, self._waiting = self._waiting or [], None
        for route in waiting:
            route.continue_()


def test_a_choice_changes_the_list_and_keeps_the_focus(page: Page) -> None:
    choice = find_choices(page).first
    value, expected = choice.get_attribute("value"), read_number(choice)
    choice.click()
    expect(page.locator(".chip")).to_have_count(2)
    assert f"community={value}" in page.url
    assert read_count(page) == expected
    assert page.title().startswith(f"{expected} organization")
    expect(page.locator(f"input[type=checkbox][value={value}]")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(page.locator("#count").inner_text())
    assert_same_page(page)


def test_a_removed_chip_moves_the_focus_to_the_heading(page: Page) -> None:
    find_choices(page).first.click()
    chips = page.locator(".chip a")
    expect(chips).to_have_count(2)
    chips.last.click()
    expect(chips).to_have_count(1)
    expect(page.locator("#count")).to_be_focused()
    assert_same_page(page)


def test_lists_that_were_opened_stay_open(page: Page) -> None:
    closed = page.locator("form[data-facets] fieldset details:not([open])")
    summary = closed.first.locator("summary").inner_text()
    closed.first.locator("summary").click()
    find_choices(page).first.click()
    expect(page.locator(".chip")).to_have_count(2)
    opened = page.locator("form[data-facets] fieldset details[open]")
    expect(opened).to_have_count(1)
    assert opened.locator("summary").inner_text() == summary


def test_the_history_leads_back_and_forward(page: Page) -> None:
    count = read_count(page)
    page.select_option("#order", "NAME")
    page.wait_for_url("**order=NAME**")
    find_choices(page).first.click()
    page.wait_for_url("**community=**")
    narrowed = read_count(page)
    page.go_back()
    expect(page.locator("#order")).to_have_value("NAME")
    expect(page.locator("#count")).to_contain_text(str(count))
    page.go_back()
    expect(page.locator("#order")).to_have_value("RELEVANCE")
    assert page.url.endswith(SEARCH)
    page.go_forward()
    page.go_forward()
    expect(page.locator("#count")).to_contain_text(str(narrowed))
    assert_same_page(page)


def test_another_search_replaces_the_first(page: Page) -> None:
    page.fill("#words", "tenants in Georgia")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".chips")).to_contain_text("Georgia")
    expect(page.locator("#count")).to_be_focused()
    assert "words=tenants+in+Georgia" in (page.get_by_role("link", name="Español").get_attribute("href") or "")
    assert_same_page(page)


def test_of_two_quick_choices_both_count(page: Page) -> None:
    held, stopped = HeldPages(page), list[str]()
    page.on("requestfailed", lambda request: stopped.append(request.url))
    values = [each.get_attribute("value") for each in find_choices(page).all()[:2]]
    for value in values:
        with page.expect_request(re.compile(f"community={value}")):
            page.locator(f"input[type=checkbox][value={value}]").click()
    held.release()
    page.wait_for_url("**community=**")
    assert all(f"community={value}" in page.url for value in values)
    assert len(stopped) == 1, "the first request was not stopped"
    assert_same_page(page)


def test_of_several_choices_at_once_only_the_first_and_the_last_are_requested(page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url) if "community=" in request.url else None)
    page.evaluate("[...document.querySelectorAll('[name=community]:not(:disabled)')].slice(0, 3).forEach(each => each.click())")
    page.wait_for_url(re.compile("(community=.*){3}"))
    assert [url.count("community=") for url in requested] in ([1, 3], [3])


def test_of_two_links_the_second_counts(page: Page) -> None:
    find_choices(page).first.click()
    links = page.locator(".chip a")
    expect(links).to_have_count(2)
    HeldPages(page)
    with page.expect_request(re.compile("issue=housing")):
        links.last.click()
    with page.expect_event("requestfailed", lambda request: "issue=housing" in request.url):
        links.first.click()
    expect(page).to_have_url(re.compile(r"\?community="))


def test_a_text_that_somebody_is_typing_is_kept(page: Page) -> None:
    held = HeldPages(page)
    with page.expect_request(lambda request: "community=" in request.url):
        find_choices(page).first.click()
    page.locator("#near").fill("Atl")
    held.release()
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator("#near")).to_have_value("Atl")
    expect(page.locator("#near")).to_be_focused()


def test_if_a_request_fails_the_browser_loads_the_page(page: Page) -> None:
    page.route("**/*", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_())
    choice = find_choices(page).first
    expected = read_number(choice)
    choice.click()
    expect(page.locator("#count")).to_contain_text(str(expected))
    assert not page.evaluate(HAS_STAYED)


def test_a_link_in_another_tab_leaves_this_page_alone(page: Page) -> None:
    with page.context.expect_page() as opened:
        page.locator(".chip a").first.click(modifiers=["Control"])
    expect(opened.value.locator("#count")).to_be_visible()
    expect(page.locator(".chip")).to_have_count(1)
    assert_same_page(page)


def test_a_sensitive_theme_brings_the_button_to_leave(page: Page) -> None:
    page.locator("form[data-facets] input[name=issue][value=housing]").evaluate("box => { box.value = 'gender-violence' }")
    page.locator("form[data-facets] button[type=submit]").evaluate("button => button.form.requestSubmit()")
    expect(page.locator("[data-exit]")).to_be_visible()
    assert not page.evaluate(HAS_STAYED)
