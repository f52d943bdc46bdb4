"""axe-core finds nothing wrong on any page, in both languages, light and dark, on small and large screens."""

import re

import pytest
from playwright.sync_api import Page, expect

from benchmarks.pages.browser import Visitor
from benchmarks.pages.example_pages import list_example_pages
from tests.stories.browser.axe import (
    COLOR_RULES,
    HEIGHT,
    MIDDLE,
    NARROW,
    ONLY_COLOR_RULES,
    SOURCE,
    TAGS,
    WIDE,
    inspect_page,
    run_axe,
    run_axe_on_colors,
)
from tests.stories.browser.conftest import open_example
from tests.stories.browser.scripts.read_script import read_script
from tests.stories.browser.story_records import SEED

pytestmark = pytest.mark.slow

ADOPT_STYLE = read_script("adopt_style")
DARK = "@media (prefers-color-scheme: dark)"
in_english = pytest.mark.parametrize("tab", ["en"], indirect=True)  # what axe finds does not depend on the language


def list_rules(findings: list[str]) -> set[str]:
    """Return "scheme: rule" for each kind of finding."""
    return {match[1] for finding in findings if (match := re.match(r"\d+ px, (\w+: [\w -]+):", finding))}


@pytest.mark.parametrize("name", list_example_pages(SEED))
def test_axe_finds_nothing(tab: tuple[Visitor, Page], name: str) -> None:
    """The width decides which elements there are, and the language what they say, so Spanish needs only one width."""
    page = open_example(tab, name)
    widths = (NARROW,) if page.locator("html").get_attribute("lang") == "es" else (NARROW, MIDDLE, WIDE)
    findings = inspect_page(page, *widths)
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing_in_what_opens(tab: tuple[Visitor, Page], width: int) -> None:
    """Panels, suggestions and the map of places, which loads other marks after a change of the width."""
    tab[1].set_viewport_size({"width": width, "height": HEIGHT})
    page = open_example(tab, "search-theme")
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
    page.locator(".map-choice button").last.click()
    expect(page.locator(".places-list [role=option]").first).to_be_visible()
    page.locator("#words").fill("evic")
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    findings = inspect_page(page, width)
    expect(page.locator("#suggestions [role=option]").first).to_be_visible()
    assert not findings, "\n".join(findings)


@in_english
def test_axe_finds_what_is_wrong(tab: tuple[Visitor, Page]) -> None:
    page = open_example(tab, "home")
    page.evaluate("document.querySelector('h1').replaceChildren(new Image())")
    page.evaluate(ADOPT_STYLE, "main { color: #777; background: #777 }")
    expected = {"light: image-alt", "light: empty-heading", "light: color-contrast", "dark: color-contrast"}
    assert list_rules(inspect_page(page, WIDE)) == expected


@in_english
@pytest.mark.parametrize("width", [NARROW, MIDDLE, WIDE])
def test_axe_finds_what_is_wrong_only_in_the_dark(tab: tuple[Visitor, Page], width: int) -> None:
    page = open_example(tab, "search-theme")
    page.evaluate(ADOPT_STYLE, f"{DARK} {{ .results li:last-of-type h2 a {{ color: #333 }} }}")
    assert list_rules(inspect_page(page, width)) == {"dark: color-contrast"}


@in_english
def test_links_that_look_like_text_in_the_dark_are_found(tab: tuple[Visitor, Page]) -> None:
    page = open_example(tab, "about")
    page.evaluate(ADOPT_STYLE, f"{DARK} {{ main p {{ color: #fff }} main p a {{ color: #eef; text-decoration: none }} }}")
    assert list_rules(inspect_page(page, WIDE)) == {"dark: link-in-text-block"}


@in_english
@pytest.mark.parametrize("change", ["h1 { display: none }", "h1 { visibility: hidden }", "h1 { margin-left: 1px }"])
def test_a_layout_that_differs_in_the_dark_is_found(tab: tuple[Visitor, Page], change: str) -> None:
    page = open_example(tab, "about")
    page.evaluate(ADOPT_STYLE, f"{DARK} {{ {change} }}")
    assert list_rules(inspect_page(page, WIDE)) == {"dark: layout differs from the light one"}


@in_english
@pytest.mark.parametrize(("name", "width"), [("search-words", NARROW), ("organization", WIDE)])
def test_samples_have_all_combinations_of_colors(tab: tuple[Visitor, Page], name: str, width: int) -> None:
    """If all colors are wrong, axe gives the same reasons for the samples as for the whole page."""
    tab[1].set_viewport_size({"width": width, "height": HEIGHT})
    page = open_example(tab, name)
    page.evaluate(SOURCE)
    page.emulate_media(color_scheme="dark")
    page.evaluate(ADOPT_STYLE, "* { --ink: #555; --soft: #565656; --link: #575757; --amber: #585858; --brick: #595959 }")
    reasons, whole = (
        {finding.rpartition("Element has")[2] for finding in findings}
        for findings in (run_axe_on_colors(page), run_axe(page, ONLY_COLOR_RULES))
    )
    assert reasons == whole
    assert len(reasons) > 5


@in_english
def test_every_rule_that_looks_at_colors_is_run_in_the_dark(tab: tuple[Visitor, Page]) -> None:
    page = open_example(tab, "offline")
    page.evaluate(SOURCE)
    rules = page.evaluate(
        "tags => axe.getRules(tags).filter(rule => rule.tags.includes('cat.color')).map(rule => rule.ruleId)", TAGS
    )
    assert sorted(rules) == sorted(COLOR_RULES)
