"""Suggestions below the search box: by keyboard, by touch, in Spanish, and without an answer."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.pages.browser import Device
from tests.stories.browser.conftest import OpenVisitor
from tests.stories.browser.story_records import COUNCIL

pytestmark = pytest.mark.slow


@pytest.fixture
def page(visit_again: OpenVisitor) -> Page:
    page: Page = visit_again().open("/")
    return page


def type_words(page: Page, words: str) -> Locator:
    """Type, wait for suggestions, and return them."""
    page.locator("#words").press_sequentially(words, delay=5)
    options = page.locator("#suggestions [role=option]")
    expect(options.last).to_contain_text(words)
    return options


def test_arrows_choose_and_enter_opens_the_search(page: Page) -> None:
    options = type_words(page, "tenan")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    index = [text.startswith("Tenants' rights") for text in options.all_inner_texts()].index(True)
    for _ in range(index + 1):
        page.keyboard.press("ArrowDown")
    option = page.locator("#suggestions [aria-selected=true]")
    expect(option).to_contain_text("Tenants' rights and eviction")
    expect(option.locator("b")).to_have_text("Tenan")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    number = int(re.findall(r"Issue area, (\d+) organizations", option.inner_text())[0])
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text(f"{number} organizations")
    assert page.url.endswith("/?issue=tenants")


def test_arrows_lead_around_through_the_box(page: Page) -> None:
    options = type_words(page, "tenan")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#suggestions [aria-selected=true]")).to_have_count(0)
    expect(page.get_by_role("combobox")).not_to_have_attribute("aria-activedescendant", re.compile(".*"))


def test_the_last_row_searches_the_words_as_typed(page: Page) -> None:
    options = type_words(page, "tenan")
    expect(options.last).to_have_text("Search all records for “tenan”")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?words=tenan")


def test_an_organization_leads_to_its_page(page: Page) -> None:
    type_words(page, "marietta ten").filter(has_text=COUNCIL.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(COUNCIL.name)
    assert "/organizations/" in page.url


def test_escape_closes_the_list_and_keeps_the_words(page: Page) -> None:
    type_words(page, "tenan")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#words")).to_have_value("tenan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?words=tenan")


def test_the_list_closes_when_the_focus_leaves(page: Page) -> None:
    type_words(page, "tenan")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_the_number_of_suggestions_is_announced(page: Page) -> None:
    options = type_words(page, "tenan")
    expect(page.get_by_role("status")).to_have_text(
        f"{options.count() - 1} suggestions. Choose one with the arrow keys, or keep typing."
    )


def test_words_typed_before_are_not_requested_again(page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url) if "/graphql" in request.url else None)
    type_words(page, "tenan")
    page.keyboard.press("Backspace")
    expect(page.locator("#suggestions [role=option]").last).to_contain_text("“tena”")
    page.keyboard.type("n")
    expect(page.locator("#suggestions [role=option]").last).to_contain_text("“tenan”")
    words = [parse_qs(urlsplit(url).query)["variables"][0] for url in requested]
    assert len(words) == len(set(words))


def test_a_sentence_is_completed_without_a_count(page: Page) -> None:
    options = type_words(page, "housing groups in geor")
    expect(options.first).to_contain_text("housing groups in Georgia")
    expect(options.first.locator("small")).to_have_count(0)
    expect(options.first.locator("b")).to_have_text(["housing", "groups", "in", "Geor"])


def test_labels_and_counts_are_in_spanish(visit_again: OpenVisitor) -> None:
    page = visit_again(Device(width=360, height=740, language="es-US")).open("/es/")
    options = type_words(page, "inquil")
    theme = options.filter(has_text="Derechos de inquilinos")
    expect(theme.locator("small")).to_contain_text(re.compile(r"Tema, \d+ organizaciones"))
    theme.click()
    page.wait_for_url("**/es/?issue=tenants")


def test_accents_do_not_matter_for_what_is_bold(visit_again: OpenVisitor) -> None:
    page = visit_again().open("/es/")
    option = type_words(page, "educacion").filter(has_text="ducación").first
    expect(option.locator("b").first).to_have_text(re.compile("educación", re.IGNORECASE))


def test_the_search_works_without_an_answer(page: Page) -> None:
    page.route("**/graphql**", lambda route: route.abort())
    page.locator("#words").press_sequentially("tenants")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_be_visible()
