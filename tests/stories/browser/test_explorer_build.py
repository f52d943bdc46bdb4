"""Open the explorer at /graphiql in a browser, and run the main query."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

import hatch_build
from benchmarks.pages.browser import Device, Visitor, open_visitor
from directory.live import Directory
from seed.network_records import seed_network
from tests.server_process import run_server
from tests.stories.browser.conftest import PATIENT, SERVER_SECONDS, OpenVisitor

pytestmark = pytest.mark.slow

WIDTHS = [1280, 390]


@pytest.fixture(scope="module")
def own_address(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the network's own records."""
    folder: Path = tmp_path_factory.mktemp("own")
    with closing(Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")) as directory:
        seed_network(directory, dt.datetime.now(dt.UTC))
    with run_server(folder, max_seconds=SERVER_SECONDS, **PATIENT) as server:
        yield "http://{}:{}".format(*server.address)


@pytest.fixture
def visitor(chromium: Browser, own_address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with open_visitor(chromium, own_address, Device(width=getattr(request, "param", WIDTHS[0]))) as visitor:
        yield visitor


def open_explorer(visitor: Visitor) -> Page:
    """Open the address of the API, which redirects a browser to the explorer."""
    page = visitor.open("/graphql")
    assert page.url == f"{visitor.address}/graphiql"
    return page


def run_query(page: Page, operation: str) -> None:
    """Wait until the query is in the editor, then click Execute."""
    expect(page.locator(".graphiql-query-editor")).to_contain_text(f"query {operation}")
    page.get_by_role("button", name=re.compile("Execute")).click()


def expect_response(page: Page, words: str) -> None:
    expect(page.locator(".graphiql-response")).to_contain_text(words)


@pytest.mark.parametrize("visitor", WIDTHS, indirect=True)
def test_the_main_query_returns_results(visitor: Visitor) -> None:
    page = open_explorer(visitor)
    run_query(page, "HousingForGeorgia")
    expect_response(page, "National Homelessness Law Center")
    assert page.title() == "US Human Rights Network: GraphQL explorer"
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_role("heading", level=1)).to_have_text("US Human Rights Network")
    expect(page.get_by_text("Fictional")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.assert_no_complaints()


def test_every_tab_returns_results(visitor: Visitor) -> None:
    page = open_explorer(visitor)
    tabs = page.locator(".graphiql-tabs").get_by_role("tab")
    examples = [*(hatch_build.FRONT / "examples").glob("*.graphql")]
    expect(tabs).to_have_count(len(examples))
    for tab in tabs.all():
        tab.click()
        with page.expect_response(f"{visitor.address}/graphql") as answered:
            run_query(page, tab.inner_text())
        assert "errors" not in answered.value.json()
        expect_response(page, '"data"')
    visitor.assert_no_complaints()


def test_the_editor_knows_the_schema(visitor: Visitor) -> None:
    page = open_explorer(visitor)
    page.get_by_role("button", name="Add tab").or_(page.get_by_role("button", name="New tab")).click()
    page.locator(".graphiql-query-editor .monaco-editor").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("{ organ")
    page.keyboard.press("Control+Space")
    expect(page.locator(".suggest-widget")).to_contain_text("organizations")
    visitor.assert_no_complaints()


def test_a_violation_of_the_policy_is_detected(visitor: Visitor) -> None:
    page = open_explorer(visitor)
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    expect(page.locator("body")).not_to_have_css("color", "rgb(255, 0, 0)")
    assert [complaint for complaint in visitor.complaints if "style-src" in complaint]


def test_a_request_to_another_host_is_blocked_and_recorded(visitor: Visitor) -> None:
    page = visitor.context.new_page()
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("https://example.org/")
    assert visitor.other_requests == ["https://example.org/"]


def test_a_fictional_network_says_so(visit: OpenVisitor) -> None:
    visitor = visit(Device(width=390))
    expect(open_explorer(visitor).get_by_text("Fictional: none of these organizations exists")).to_be_visible()
    visitor.assert_no_complaints()
