"""axe-core, run on a page at several widths, light and dark."""

from collections import Counter
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

from tests.stories.browser.scripts.read_script import read_script

SOURCE = (files("axe_playwright_python") / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOR_RULES = ["color-contrast", "link-in-text-block"]  # all rules with these tags that look at colors
ALL_RULES: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
OTHER_RULES = ALL_RULES | {"rules": {rule: {"enabled": False} for rule in COLOR_RULES}}
ONLY_COLOR_RULES = {"runOnly": {"type": "rule", "values": COLOR_RULES}, "resultTypes": ["violations"]}
NARROW, MIDDLE, WIDE = 320, 768, 1440  # widths in CSS pixels
HEIGHT = 900
MAX_DIFFERENCES = 5  # to show
SAMPLE_COLORS, READ_LAYOUT = read_script("sample_colors"), read_script("read_layout")


def inspect_page(page: Page, *widths: int) -> list[str]:
    """Return what axe-core finds at these widths, light and dark: one line for each width, scheme, rule and element.

    Most of the time goes into the contrast of each single text. Each one is inspected at the largest width, in the light. In the
    dark and at smaller widths, one of many texts is enough if all that their contrast depends on is equal. The other rules look
    at no color, so they need no second run as long as nothing moves, appears or disappears.
    """
    page.evaluate(SOURCE)
    return [f"{width} px, {finding}" for width in widths for finding in _inspect_width(page, width)]


def _inspect_width(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme="light")
    light = run_axe(page, ALL_RULES) if width == WIDE else [*run_axe(page, OTHER_RULES), *run_axe_on_colors(page)]
    layout = page.evaluate(READ_LAYOUT)
    page.emulate_media(color_scheme="dark")
    dark = [*_compare_layouts(layout, page.evaluate(READ_LAYOUT)), *run_axe_on_colors(page)]
    return [*(f"light: {finding}" for finding in light), *(f"dark: {finding}" for finding in dark)]


def _compare_layouts(light: list[str], dark: list[str]) -> list[str]:
    missing, added = Counter(light) - Counter(dark), Counter(dark) - Counter(light)
    return [f"layout differs from the light one: {line}" for line in [*missing, *added][:MAX_DIFFERENCES]]


def run_axe(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what axe-core finds, one line for each rule and element."""
    return _list_findings(page.evaluate("options => axe.run(options)", options))


def run_axe_on_colors(page: Page) -> list[str]:
    """Return what is wrong with the colors of one element of each kind."""
    samples = page.evaluate_handle(SAMPLE_COLORS)
    return _list_findings(page.evaluate("([include, options]) => axe.run({ include }, options)", [samples, ONLY_COLOR_RULES]))


def _list_findings(result: dict[str, Any]) -> list[str]:
    return [_describe(rule["id"], node) for rule in result["violations"] for node in rule["nodes"]]


def _describe(rule: str, node: dict[str, Any]) -> str:
    reasons = [check["message"] for check in (*node["any"], *node["all"], *node["none"])]
    return f"{rule}: {node['html'][:160]} {' '.join(reasons)}"
