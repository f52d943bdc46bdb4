"""Every page fits a narrow screen, is large enough to read and to touch, and does not move while it loads."""

import pytest
from playwright.sync_api import Page

from benchmarks.pages.browser import DESKTOP, PHONE, Device, Visitor
from benchmarks.pages.example_pages import list_example_pages
from tests.stories.browser.conftest import OpenVisitor, open_example
from tests.stories.browser.scripts.read_script import read_script
from tests.stories.browser.story_records import SEED

pytestmark = pytest.mark.slow

WIDTHS = (320, 360, 768, 1440)
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


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", ["home", "search-theme", "search-words", "organization"])
def test_a_page_does_not_move_while_it_loads(visit: OpenVisitor, device: Device, name: str) -> None:
    page = visit(device).open(list_example_pages(SEED)[name])
    page.wait_for_load_state("networkidle")
    assert page.evaluate(MEASURE_SHIFT) <= MAX_SHIFT
