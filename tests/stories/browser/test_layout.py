"""Every page fits a narrow screen, is large enough to read and to touch, and does not move while it loads."""

import pytest
from playwright.sync_api import Page

from benchmarks.pages.browser import DESKTOP, PHONE, Device, Visitor
from benchmarks.pages.example_pages import list_example_pages
from tests.stories.browser.conftest import OpenVisitor, open_example
from tests.stories.browser.scripts.read_script import read_script
from tests.stories.browser.story_records import SEED
from web.pages.languages import LANGUAGES

pytestmark = pytest.mark.slow

WIDTHS = (320, 360, 768, 1440)
MENU_WIDTHS, ROW_WIDTH = (360, 768, 1023, 1024, 1200, 1440), 1024  # pixels; from ROW_WIDTH on, all links of the menu are shown
MAX_BAR_HEIGHT = 96  # pixels: two lines
MAX_SHIFT = 0.05
FIND_PROBLEMS, MEASURE_SHIFT = read_script("find_layout_problems"), read_script("measure_layout_shift")


def find_problems(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    problems: list[str] = page.evaluate(FIND_PROBLEMS)
    return [f"{width}: {problem}" for problem in problems]


@pytest.mark.parametrize("name", list_example_pages(SEED))
def test_a_page_fits_and_can_be_read_and_touched(tab: tuple[Visitor, Page], name: str) -> None:
    page = open_example(tab, name)
    problems = [problem for width in WIDTHS for problem in find_problems(page, width)]
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
    problems += find_problems(page, WIDTHS[0])
    assert not problems, "\n".join(problems[:20])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scripts", [True, False])
def test_the_header_takes_at_most_two_lines_and_stays_when_the_menu_opens(
    visit: OpenVisitor, language: str, scripts: bool
) -> None:
    page = visit(Device(scripts=scripts)).open(f"/{language}/about")
    bar, summary = page.locator("header .bar"), page.locator(".menu summary")
    for width in MENU_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        closed = bar.bounding_box()
        assert closed
        assert closed["height"] <= MAX_BAR_HEIGHT, width
        if width < ROW_WIDTH:
            summary.click()
            assert bar.bounding_box() == closed
            summary.click()
        assert page.locator(".menu a").first.is_visible() == (width >= ROW_WIDTH)


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", ["home", "search-theme", "search-words", "organization"])
def test_a_page_does_not_move_while_it_loads(visit: OpenVisitor, device: Device, name: str) -> None:
    page = visit(device).open(list_example_pages(SEED)[name])
    page.wait_for_load_state("networkidle")
    assert page.evaluate(MEASURE_SHIFT) <= MAX_SHIFT
