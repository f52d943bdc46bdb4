"""axe-core finds nothing wrong on any page, in both languages, light and dark, on small and large screens."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.pages.browser import Device, Visitor, open_visitor
from benchmarks.pages.example_pages import list_example_pages
from tests.stories.browser.story_records import SEED

pytestmark = pytest.mark.slow

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
REPEATED = {"metro-areas"}  # another page has the same template, and fewer than its 935 links
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# Language -> widths and schemes. Both languages together have every width in every scheme: colors do not depend on the language.
COMBINATIONS = {
    "en": [(320, "light"), (768, "dark"), (1440, "light")],
    "es": [(320, "dark"), (768, "light"), (1440, "dark")],
}


def run_axe(page: Page) -> list[str]:
    """Return what axe-core finds, one line for each rule and element."""
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("options => axe.run(options)", options)
    return [_describe(rule["id"], node) for rule in result["violations"] for node in rule["nodes"]]


def _describe(rule: str, node: dict[str, Any]) -> str:
    reasons = [check["message"] for check in (*node["any"], *node["all"], *node["none"])]
    return f"{rule}: {node['html'][:160]} {' '.join(reasons)}"


@pytest.fixture(scope="module", params=COMBINATIONS)
def visitor(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with open_visitor(chromium, address, Device(language=request.param)) as visitor:
        yield visitor


@pytest.mark.parametrize("name", [name for name in list_example_pages(SEED) if name not in REPEATED])
def test_axe_finds_nothing(visitor: Visitor, name: str) -> None:
    page = visitor.open(list_example_pages(SEED)[name])
    page.evaluate(AXE)
    findings = []
    for width, scheme in COMBINATIONS[page.locator("html").get_attribute("lang") or ""]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        findings += [f"{width} px, {scheme}: {finding}" for finding in run_axe(page)]
    page.close()
    assert not findings, "\n".join(findings)


def test_axe_finds_what_is_wrong(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.evaluate(AXE)
    page.evaluate("document.querySelector('h1').replaceChildren(new Image())")
    page.evaluate("document.querySelector('main').style.color = '#eee'")
    assert {"image-alt", "color-contrast"} <= {finding.partition(":")[0] for finding in run_axe(page)}


def test_axe_finds_nothing_in_what_opens(visitor: Visitor) -> None:
    """Panels, suggestions and the map of places."""
    page = visitor.open(list_example_pages(SEED)["search-theme"])
    page.evaluate(AXE)
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
    page.locator(".map-choice button").last.click()
    expect(page.locator(".places-list [role=option]").first).to_be_visible()
    page.locator("#words").fill("evic")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    findings = run_axe(page)
    page.emulate_media(color_scheme="dark")
    assert [*findings, *run_axe(page)] == []
