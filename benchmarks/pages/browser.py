"""Debian's Chromium for tests, measurements and screenshots of pages. It can reach no host but this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct, field
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SWITCHES = [
    "--no-sandbox",  # the tests run as root in containers, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names of other hosts are unknown. Unlike intercepting requests, this leaves the cache and the speed as they are.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
CHROMIUM = "chromium"
# The same browser without windows: a page takes two thirds of the time, a new profile half. For tests, not for benchmarks.
WITHOUT_WINDOWS = "chromium-headless-shell"
LOCAL_SCHEMES = ("data:", "blob:")
SKIPPED_TRANSITION = "Transition was"  # starts the message about a change of pages that is shown without animation, to save time
VIOLATIONS = "addEventListener('securitypolicyviolation', e => console.error('refused by policy: ' + e.violatedDirective))"


class MissingChromiumError(Exception):
    """Chromium is not installed."""


class Device(Struct, frozen=True):
    """What a visitor uses. `language` is a tag such as en-US; sizes are in CSS pixels."""

    width: int = 1280
    height: int = 844
    language: str = "en-US"
    scheme: str = "light"  # or "dark"
    scripts: bool = True


DESKTOP, PHONE = Device(), Device(width=360, height=740)


class Visitor(Struct):
    """A browser of its own, with what it requested from other hosts and what it complained about."""

    context: BrowserContext
    address: str  # of the server, without "/" at its end
    other_requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> Page:
        """Open a page in a new tab."""
        page = self.context.new_page()
        page.goto(self.address + path)
        return page

    def assert_no_complaints(self) -> None:
        assert self.other_requests == []
        assert self.complaints == []

    def _listen(self) -> None:
        context = self.context
        context.add_init_script(VIOLATIONS)
        context.on("request", lambda request: self._record_request(request.url))
        context.on("console", lambda message: self._record_message(message.type, message.text))
        context.on("weberror", lambda problem: self._record_error(str(problem.error)))

    def _record_request(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", *LOCAL_SCHEMES)):
            self.other_requests.append(url)

    def _record_error(self, text: str) -> None:
        if not text.startswith(SKIPPED_TRANSITION):
            self.complaints.append(text)

    def _record_message(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


@contextmanager
def start_chromium(*programs: str) -> Iterator[Browser]:
    """Start the first of these programs that is installed, or CHROMIUM if none is named, and stop it when the block ends.

    Raises MissingChromiumError if none of them is installed.
    """
    path = next(filter(None, map(shutil.which, programs or (CHROMIUM,))), None)
    if path is None:
        raise MissingChromiumError
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_visitor(browser: Browser, address: str, device: Device = DESKTOP) -> Iterator[Visitor]:
    """Give a visitor an empty profile: no cookies, no cache, no history."""
    context = browser.new_context(
        viewport={"width": device.width, "height": device.height},
        locale=device.language,
        color_scheme="dark" if device.scheme == "dark" else "light",
        java_script_enabled=device.scripts,
    )
    visitor = Visitor(context, address)
    visitor._listen()
    try:
        yield visitor
    finally:
        context.close()
