"""How a visitor uses a page: with a mouse, or with a keyboard alone.

The keyboard reaches everything with Tab, as a person does, and checks on its way that the focus is visible.
"""

from typing import Protocol

from playwright.sync_api import Locator

from tests.stories.browser.scripts.read_script import read_script

MAX_TABS = 400  # to anything on a page

READ_FOCUS = read_script("read_focus")


class Hand(Protocol):
    def activate(self, target: Locator) -> None:
        """Follow a link, press a button, open a summary or toggle a checkbox."""

    def write(self, target: Locator, text: str) -> None:
        """Replace the text of a field."""

    def submit(self, target: Locator) -> None:
        """Send the form of a field."""


class Mouse:
    def activate(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.click(click_count=3)
        target.page.keyboard.type(text)

    def submit(self, target: Locator) -> None:
        target.locator("xpath=ancestor::form[1]").locator("button[type=submit]").first.click()


class Keyboard:
    def activate(self, target: Locator) -> None:
        tab_to(target)
        is_box = target.evaluate("element => element.type === 'checkbox'")
        target.page.keyboard.press("Space" if is_box else "Enter")

    def write(self, target: Locator, text: str) -> None:
        tab_to(target)
        target.page.keyboard.press("Control+A")
        target.page.keyboard.type(text)

    def submit(self, target: Locator) -> None:
        tab_to(target)
        target.page.keyboard.press("Enter")


def tab_to(target: Locator) -> None:
    """Press Tab until the element has the focus. Fails if it cannot be reached, or if the focus is not visible on the way."""
    page, element = target.page, target.element_handle()
    if page.evaluate(READ_FOCUS, element)["isReached"]:
        return
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(READ_FOCUS, element)
        assert focus["isVisible"] or focus["isNowhere"], focus["name"]
        if focus["isReached"]:
            return
    raise AssertionError(f"Tab does not reach {target}")
