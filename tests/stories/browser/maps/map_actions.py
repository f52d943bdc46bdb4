"""What visitors do with the map of places."""

import re

from playwright.sync_api import Locator, Page, expect

OPEN_SECONDS = 15


def open_map(page: Page) -> Locator:
    """Choose the map of places, and return the options of its list."""
    page.get_by_role("button", name="Places", exact=True).click()
    options = page.locator(".places-list [role=option]")
    expect(options.first).to_be_visible(timeout=OPEN_SECONDS * 1000)
    return options


def list_loaded(page: Page) -> set[str]:
    """Return the addresses of everything that the page has loaded."""
    return set(page.evaluate("performance.getEntriesByType('resource').map(each => each.name)"))


def list_loaded_names(page: Page) -> set[str]:
    """Return the names of the files that the page has loaded, without folders and hashes."""
    return {re.sub(r".*/|\?.*|\.[\w-]{8}(?=\.)", "", address) for address in list_loaded(page)}


def count_marks(options: Locator) -> int:
    """Return how many organizations the marks in the list stand for."""
    groups = [re.match(r"(\d+) organizations$", text) for text in options.all_inner_texts()]
    return sum(int(group[1]) if group else 1 for group in groups)
