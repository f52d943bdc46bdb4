"""Open the explorer in a browser that can reach no other host, and run the main query."""

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
    """A page at /graphiql, its requests to other hosts, and its console errors and warnings."""

    page: Page
    other_requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def run(self, operation: str) -> None:
        """Wait until the query is in the editor, then click Execute."""
        expect(self.page.locator(".graphiql-query-editor")).to_contain_text(f"query {operation}", timeout=ANSWER_MS)
        self.page.get_by_role("button", name=re.compile("Execute")).click()

    def expect_response(self, words: str) -> None:
        expect(self.page.locator(".graphiql-response")).to_contain_text(words, timeout=ANSWER_MS)

    def assert_no_complaints(self) -> None:
        assert self.other_requests == []
        assert self.complaints == []


@pytest.fixture(scope="module")
def explorer() -> None:
    try:
        hatch_build.build()
    except hatch_build.ExplorerError:
        skip_missing("the explorer, which ./dev front builds where npm can fetch")


@contextmanager
def run_server(folder: Path, *options: str) -> Iterator[str]:
    """Start a server and yield its address. The server stops when the block ends."""
    place = ["--database-url", f"sqlite:///{folder / 'directory.sqlite3'}", "--port", "0", "--log-level", "warning"]
    command = [sys.executable, "-c", "from cli.main import main; main()", "serve", *place, *options]
    with subprocess.Popen(command, cwd=hatch_build.ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            line = next(line for line in server.stdout if "http://" in line)
            yield re.findall(r"http://[\d.:]+", line)[0]
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def address(explorer: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with run_server(tmp_path_factory.mktemp("network")) as address:
        yield address


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def browser(playwright: Playwright, profile: Path, width: int) -> Iterator[BrowserContext]:
    """Start Debian's Chromium with its own profile."""
    chromium = shutil.which("chromium") or skip_missing("Chromium")
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium, args=SWITCHES, viewport={"width": width, "height": 844}
    )
    try:
        yield context
    finally:
        context.close()


def visit_explorer(context: BrowserContext, address: str) -> Visit:
    """Open the explorer at the address of the API, which redirects a browser to it."""
    visit = Visit(context.new_page())

    def block_other_hosts(route: Route) -> None:
        if route.request.url.startswith((f"{address}/", "data:", "blob:")):
            route.continue_()
        else:
            visit.other_requests.append(route.request.url)
            route.abort()

    context.route("**/*", block_other_hosts)
    context.add_init_script(VIOLATIONS)
    page = visit.page
    page.on("console", lambda message: visit.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda problem: visit.complaints.append(str(problem)))
    page.goto(f"{address}/graphql")
    assert page.url == f"{address}/graphiql"
    return visit


@pytest.mark.parametrize("width", WIDTHS)
def test_the_main_query_returns_results(playwright: Playwright, address: str, tmp_path: Path, width: int) -> None:
    with browser(playwright, tmp_path / "profile", width) as context:
        visit = visit_explorer(context, address)
        visit.run("HousingForGeorgia")
        visit.expect_response("National Homelessness Law Center")
        page = visit.page
        page.screenshot(path=tmp_path / f"explorer-{width}.png")
        assert page.title() == "US Human Rights Network: GraphQL explorer"
        assert page.locator("html").get_attribute("lang") == "en"
        expect(page.get_by_role("heading", level=1)).to_have_text("US Human Rights Network")
        expect(page.get_by_text("Fictional")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        visit.assert_no_complaints()


def test_every_tab_returns_results(playwright: Playwright, address: str, tmp_path: Path) -> None:
    with browser(playwright, tmp_path / "profile", 1280) as context:
        visit = visit_explorer(context, address)
        tabs = visit.page.locator(".graphiql-tabs").get_by_role("tab")
        examples = [*(hatch_build.FRONT / "examples").glob("*.graphql")]
        expect(tabs).to_have_count(len(examples), timeout=ANSWER_MS)
        for tab in tabs.all():
            tab.click()
            with visit.page.expect_response(f"{address}/graphql") as answered:
                visit.run(tab.inner_text())
            assert "errors" not in answered.value.json()
            visit.expect_response('"data"')
        visit.assert_no_complaints()


def test_the_editor_knows_the_schema(playwright: Playwright, address: str, tmp_path: Path) -> None:
    with browser(playwright, tmp_path / "profile", 1280) as context:
        visit = visit_explorer(context, address)
        page = visit.page
        page.get_by_role("button", name="Add tab").or_(page.get_by_role("button", name="New tab")).click()
        page.locator(".graphiql-query-editor .monaco-editor").click()
        page.keyboard.press("Control+End")
        page.keyboard.type("{ organ")
        page.keyboard.press("Control+Space")
        expect(page.locator(".suggest-widget")).to_contain_text("organizations", timeout=ANSWER_MS)
        visit.assert_no_complaints()


def test_a_violation_of_the_policy_is_detected(playwright: Playwright, address: str, tmp_path: Path) -> None:
    with browser(playwright, tmp_path / "profile", 1280) as context:
        visit = visit_explorer(context, address)
        visit.page.evaluate("document.body.setAttribute('style', 'color: red')")
        expect(visit.page.locator("body")).not_to_have_css("color", "rgb(255, 0, 0)")
        assert [complaint for complaint in visit.complaints if "style-src" in complaint]


def test_a_fictional_network_says_so(playwright: Playwright, explorer: None, tmp_path: Path) -> None:
    with run_server(tmp_path, "--fictional", "20") as address, browser(playwright, tmp_path / "profile", 390) as context:
        visit = visit_explorer(context, address)
        expect(visit.page.get_by_text("Fictional: none of these organizations exists")).to_be_visible()
        visit.assert_no_complaints()
