"""With the Tab key alone, a visitor reaches everything on a page, in the order of reading, and always sees where the focus is."""

import pytest
from playwright.sync_api import Page

from benchmarks.pages.browser import DESKTOP, PHONE, Device
from benchmarks.pages.example_pages import list_example_pages
from tests.stories.browser.conftest import OpenVisitor
from tests.stories.browser.hands import READ_FOCUS
from tests.stories.browser.scripts.read_script import read_script
from tests.stories.browser.story_records import SEED

pytestmark = pytest.mark.slow

PAGES = ["home", "search-words", "search-no-results", "search-problem", "theme-sensitive", "county", "organization", "about"]
PAGES += ["partners", "partners-organization", "partners-problem"]
PAGES += ["coalitions-search", "coalition", "events-month", "event", "coverage", "coverage-row", "review"]
PAGES += ["plan", "plan-members", "plan-gaps"]
VISITS = [
    *((name, DESKTOP) for name in PAGES),
    *((name, PHONE) for name in ("home", "search-words", "organization")),
    *((name, Device(scripts=False)) for name in ("search-words", "organization")),
]
NUMBER_STOPS = read_script("number_stops")


def press_tab_through(page: Page) -> list[int]:
    """Press Tab from the start of the page to its end, and return the numbers of the stops. Fails if a focus is not visible."""
    count: int = page.evaluate(NUMBER_STOPS)
    stops = list[int]()
    for _ in range(2 * count):  # a field for a day has several stops of its own
        page.keyboard.press("Tab")
        focus = page.evaluate(READ_FOCUS, None)
        if focus["isNowhere"]:  # behind the last stop, the focus leaves the page
            return stops
        assert focus["isVisible"], focus["name"]
        if not stops or focus["stop"] != stops[-1]:
            stops.append(focus["stop"])
    return stops


@pytest.mark.parametrize(("name", "device"), VISITS, ids=[f"{name}-{device.width}-{device.scripts}" for name, device in VISITS])
def test_tab_reaches_everything_in_order(visit_again: OpenVisitor, name: str, device: Device) -> None:
    page = visit_again(device).open(list_example_pages(SEED)[name])
    page.wait_for_load_state("networkidle")
    stops = press_tab_through(page)
    assert stops == list(range(page.evaluate(NUMBER_STOPS)))
