"""A member reads on the page of an organization whom it could work with, and why."""

import pytest
from playwright.sync_api import expect

from benchmarks.pages.browser import DESKTOP, Device
from benchmarks.pages.example_pages import list_example_pages
from tests.stories.browser.axe import HEIGHT, NARROW, WIDE, inspect_page
from tests.stories.browser.conftest import OpenVisitor
from tests.stories.browser.story_records import SEED
from tests.stories.browser.test_member_stories import SPANISH_PHONE, Way, each_way

pytestmark = pytest.mark.slow

PATH = list_example_pages(SEED)["organization"]


@each_way
@pytest.mark.parametrize(
    ("device", "language", "more"), [(DESKTOP, "en", "more reasons why"), (SPANISH_PHONE, "es", "razones más")]
)
def test_a_member_reads_all_reasons_and_goes_to_the_ally(
    visit_again: OpenVisitor, way: Way, device: Device, language: str, more: str
) -> None:
    page = visit_again(way.on(device)).open(f"/{language}{PATH}")
    row = page.locator(".allies > li:has(details)").first
    summary, reasons = row.locator("summary"), row.locator("details li")
    expect(summary).to_contain_text(more)
    expect(reasons.first).to_be_hidden()
    way.hand.activate(summary)
    expect(reasons.first).to_be_visible()
    assert reasons.count() >= 2
    name = row.locator("h4").inner_text()
    way.hand.activate(row.locator("h4 a"))
    expect(page.locator("h1")).to_have_text(name)


@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing_in_the_reasons(visit_again: OpenVisitor, language: str) -> None:
    page = visit_again().open(f"/{language}{PATH}")
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    page.evaluate("document.querySelectorAll('.allies details').forEach((details) => { details.open = true })")
    assert page.locator(".allies details li").first.is_visible()
    findings = inspect_page(page, NARROW, WIDE)
    assert not findings, "\n".join(findings)
    page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW
