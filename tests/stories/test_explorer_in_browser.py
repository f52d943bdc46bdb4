"""Somebody opens the explorer in a browser that reaches no other host, and asks the main question."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect, sync_playwright

import hatch_build
from tests.conftest import skip_missing

pytestmark = pytest.mark.slow

SWITCHES = [
    "--no-sandbox",  # the tests run as root in containers, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = [1280, 390]
ANSWER_MS = 30_000
VIOLATIONS = "addEventListener('securitypolicyviolation', e => console.error('refused by policy: ' + e.violatedDirective))"


@dataclass
class Visit:
    """A page at /graphiql, what it asked of other hosts, and what it complained of."""

    page: Page
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def run(self, operation: str) -> None:
        """As a person does, who waits until the question is there to be read."""
        expect(self.page.locator(".graphiql-query-editor")).to_contain_text(f"query {operation}", timeout=ANSWER_MS)
        self.page.get_by_role("button", name=re.compile("Execute")).click()

    def shows(self, words: str) -> None:
        expect(self.page.locator(".graphiql-response")).to_contain_text(words, timeout=ANSWER_MS)

    def was_quiet(self) -> None:
        assert self.elsewhere == []
        assert self.complaints == []


@pytest.fixture(scope="module")
def explorer() -> None:
    try:
        hatch_build.build()
    except hatch_build.ExplorerError:
        skip_missing("the explorer, which ./dev front builds where npm can fetch")


@contextmanager
def running(folder: Path, *options: str) -> Iterator[str]:
    """The address of a server of its own, until the end of the block."""
    place = ["--database-url", f"sqlite:///{folder / 'directory.sqlite3'}", "--port", "0", "--log-level", "warning"]
    command = [sys.executable, "-c", "from cli.main import main; main()", "serve", *place, *options]
    with subprocess.Popen(command, cwd=hatch_build.ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            told = next(line for line in server.stdout if "http://" in line)
            yield re.findall(r"http://[\d.:]+", told)[0]
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def address(explorer: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("network")) as address:
        yield address


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def browser(playwright: Playwright, profile: Path, width: int) -> Iterator[BrowserContext]:
    """Debian's Chromium with a profile of its own."""
    chromium = shutil.which("chromium") or skip_missing("Chromium")
    opened = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium, args=SWITCHES, viewport={"width": width, "height": 844}
    )
    try:
        yield opened
    finally:
        opened.close()


def visit(context: BrowserContext, address: str) -> Visit:
    """Opens the explorer by the address of the API, as a curious person does."""
    visited = Visit(context.new_page())

    def only_here(route: Route) -> None:
        if route.request.url.startswith((f"{address}/", "data:", "blob:")):
            route.continue_()
        else:
            visited.elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    context.add_init_script(VIOLATIONS)
    page = visited.page
    page.on("console", lambda told: visited.complaints.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda problem: visited.complaints.append(str(problem)))
    page.goto(f"{address}/graphql")
    assert page.url == f"{address}/graphiql"
    return visited


@pytest.mark.parametrize("width", WIDTHS)
def test_the_main_question_is_asked_and_answered(playwright: Playwright, address: str, tmp_path: Path, width: int) -> None:
    with browser(playwright, tmp_path / "profile", width) as context:
        visited = visit(context, address)
        visited.run("HousingForGeorgia")
        visited.shows("National Homelessness Law Center")
        page = visited.page
        page.screenshot(path=tmp_path / f"explorer-{width}.png")
        assert page.title() == "US Human Rights Network: GraphQL explorer"
        assert page.locator("html").get_attribute("lang") == "en"
        expect(page.get_by_role("heading", level=1)).to_have_text("US Human Rights Network")
        expect(page.get_by_text("Fictional")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        visited.was_quiet()


def test_every_tab_is_answered(playwright: Playwright, address: str, tmp_path: Path) -> None:
    with browser(playwright, tmp_path / "profile", 1280) as context:
        visited = visit(context, address)
        tabs = visited.page.locator(".graphiql-tabs").get_by_role("tab")
        examples = [*(hatch_build.FRONT / "examples").glob("*.graphql")]
        expect(tabs).to_have_count(len(examples), timeout=ANSWER_MS)
        for tab in tabs.all():
            tab.click()
            with visited.page.expect_response(f"{address}/graphql") as answered:
                visited.run(tab.inner_text())
            assert "errors" not in answered.value.json()
            visited.shows('"data"')
        visited.was_quiet()


def test_the_editor_knows_the_schema(playwright: Playwright, address: str, tmp_path: Path) -> None:
    with browser(playwright, tmp_path / "profile", 1280) as context:
        visited = visit(context, address)
        page = visited.page
        page.get_by_role("button", name="Add tab").or_(page.get_by_role("button", name="New tab")).click()
        page.locator(".graphiql-query-editor .monaco-editor").click()
        page.keyboard.press("Control+End")
        page.keyboard.type("{ organ")
        page.keyboard.press("Control+Space")
        expect(page.locator(".suggest-widget")).to_contain_text("organizations", timeout=ANSWER_MS)
        visited.was_quiet()


def test_a_policy_that_is_violated_would_be_noticed(playwright: Playwright, address: str, tmp_path: Path) -> None:
    with browser(playwright, tmp_path / "profile", 1280) as context:
        visited = visit(context, address)
        visited.page.evaluate("document.body.setAttribute('style', 'color: red')")
        expect(visited.page.locator("body")).not_to_have_css("color", "rgb(255, 0, 0)")
        assert [complaint for complaint in visited.complaints if "style-src" in complaint]


def test_a_fictional_network_says_so(playwright: Playwright, explorer: None, tmp_path: Path) -> None:
    with running(tmp_path, "--fictional", "20") as address, browser(playwright, tmp_path / "profile", 390) as context:
        visited = visit(context, address)
        expect(visited.page.get_by_text("Fictional: none of these organizations exists")).to_be_visible()
        visited.was_quiet()
