"""No text of a record, a question or an address runs a script on any page, and the policy of the pages has nothing to stop."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.pages.browser import Visitor, open_visitor
from benchmarks.pages.example_pages import list_example_pages
from directory.live import Directory
from directory.store.ledger.edits import Network, Put
from tests.server_process import run_server
from tests.stories.browser.conftest import PATIENT, SERVER_SECONDS
from tests.stories.browser.hostile_records import PAYLOADS, PREFIX, SENTINEL, build_hostile_record, build_hostile_records
from tests.stories.browser.scripts.read_script import read_script
from tests.stories.browser.story_records import SEED

pytestmark = pytest.mark.slow

FIND_INJECTIONS = read_script("find_injections")
NETWORK_TEXT = "".join(PAYLOADS[context] for context in ("title", "json-ld", "attribute", "svg"))
KEYS = [
    *("q", "near", "region", "issue", "community", "language", "kind", "order", "any", "after", "before", "unit", "bogus"),
    *("theme", "member", "status", "month", "coalition", "host", "response"),
    *("facet", "within", "by", "nationwide", "goal", "words"),
    *("place", "include", "exclude", "no", "max", "per", "filter", "search", "compare"),
    *("organization", "mode", "serves", "seeks", "state", "county", "weight-themes"),
]
LISTS = ["/", "/coverage", "/plan", "/partners", "/coalitions", "/events", "/instruments", "/instruments/zanzibar-text"]
OTHER_RECORDS = ["/coalitions/{0}", "/events/{0}", "/instruments/{0}", "/instruments/{0}/{0}"]
PATHS = [
    *OTHER_RECORDS,
    "/organizations/{}",
    "/themes/{}",
    "/communities/{}",
    "/work-areas/{}",
    "/places/{}",
    "/es/places/{}",
    "/{}",
]
NOT_FOUND = "Failed to load resource: the server responded with a status of 40"


@pytest.fixture(scope="module")
def hostile_address(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose network is hostile, too."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    network = build_hostile_record("network", NETWORK_TEXT)
    with closing(Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")) as directory:
        edits = [Put(record) for record in (network, *build_hostile_records())]
        directory.write(edits, actor="a test", now=dt.datetime.now(dt.UTC), reason="hostile", network=Network(network.id))
    with run_server(folder, max_seconds=SERVER_SECONDS, **PATIENT) as server:
        yield "http://{}:{}".format(*server.address)


@pytest.fixture(scope="module")
def visitor(chromium: Browser, hostile_address: str) -> Iterator[Visitor]:
    with open_visitor(chromium, hostile_address) as visitor:
        visitor.context.add_init_script(f"window.{SENTINEL} = () => console.error('{SENTINEL} was called')")
        visitor.context.on("dialog", lambda dialog: visitor.complaints.append(dialog.message))
        yield visitor


@pytest.fixture(scope="module")
def tab(visitor: Visitor) -> Page:
    return visitor.context.new_page()


def open_safely(visitor: Visitor, page: Page, path: str) -> None:
    """Open a page, and check that nothing was injected into it."""
    page.goto(visitor.address + path)
    assert_nothing_was_injected(visitor, page)


def assert_nothing_was_injected(visitor: Visitor, page: Page) -> None:
    assert page.evaluate(FIND_INJECTIONS) == []
    assert [text for text in visitor.complaints if not text.startswith(NOT_FOUND)] == []
    assert visitor.other_requests == []


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("context", PAYLOADS)
def test_the_page_of_a_record_shows_its_texts_as_texts(visitor: Visitor, tab: Page, context: str, language: str) -> None:
    open_safely(visitor, tab, f"{language}/organizations/zanzibar-{context}")
    expect(tab.locator("h1")).to_have_text(f"{PREFIX} {PAYLOADS[context]}")


@pytest.mark.parametrize("path", OTHER_RECORDS)
@pytest.mark.parametrize("context", PAYLOADS)
def test_pages_of_coalitions_events_and_instruments_show_texts_as_texts(
    visitor: Visitor, tab: Page, context: str, path: str
) -> None:
    open_safely(visitor, tab, path.format(f"zanzibar-{context}"))
    expect(tab.locator("h1")).to_contain_text(" ".join(f"{PREFIX} {PAYLOADS[context]}".split()))


@pytest.mark.parametrize("path", ["/coalitions", "/events", "/instruments?theme=housing", "/instruments/zanzibar-text"])
def test_lists_of_coalitions_events_and_provisions_show_texts_as_texts(visitor: Visitor, tab: Page, path: str) -> None:
    open_safely(visitor, tab, path)
    expect(tab.locator(".rows > li").first).to_contain_text(PREFIX)


@pytest.mark.parametrize("name", list_example_pages(SEED))
def test_no_page_runs_what_its_records_say(visitor: Visitor, tab: Page, name: str) -> None:
    open_safely(visitor, tab, list_example_pages(SEED)[name])


def test_a_plan_shows_texts_as_texts(visitor: Visitor, tab: Page) -> None:
    open_safely(visitor, tab, "/plan?issue=housing&region=US-GA&per=5&no=zanzibar-text&include=zanzibar-title")
    expect(tab.locator(".members h3")).to_have_count(5)
    expect(tab.locator("#change")).to_contain_text(PREFIX)


@pytest.mark.parametrize("mode", ["SAME_THEMES", "SAME_PLACE_OTHER_THEMES", "SEEKS_AND_OFFERS"])
def test_partners_show_texts_as_texts(visitor: Visitor, tab: Page, mode: str) -> None:
    compared = list(PAYLOADS)[1:4]
    pairs = "&".join(f"compare=zanzibar-{context}" for context in compared)
    open_safely(visitor, tab, f"/partners?organization=zanzibar-text&mode={mode}&{pairs}")
    expect(tab.locator("h1")).to_contain_text(PREFIX)
    for context in compared:
        expect(tab.locator("table")).to_contain_text(" ".join(f"{PREFIX} {PAYLOADS[context]}".split()))


def test_lists_updates_and_suggestions_show_texts_as_texts(visitor: Visitor, tab: Page) -> None:
    open_safely(visitor, tab, f"/?words={PREFIX}")
    expect(tab.locator(".results h2")).to_have_count(len(PAYLOADS) + 1)
    tab.locator("#order").select_option("NAME")
    expect(tab).to_have_url(re.compile("order=NAME"))
    assert_nothing_was_injected(visitor, tab)
    tab.locator("#words").fill("")
    tab.keyboard.type(f"{PREFIX} <img")
    expect(tab.locator("#suggestions li").first).to_contain_text(PREFIX)
    assert_nothing_was_injected(visitor, tab)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("context", PAYLOADS)
def test_no_parameter_runs_a_script(visitor: Visitor, tab: Page, context: str, path: str) -> None:
    """With a value for one key, and for all: a page may stop at the first that it cannot read."""
    value = quote_plus(PAYLOADS[context])
    pairs = "&".join(f"{key}={value}" for key in (*KEYS, value))
    for query in (f"words={value}", pairs):
        open_safely(visitor, tab, f"{path}?{query}")
        assert tab.locator("main").count() == 1


@pytest.mark.parametrize("path", PATHS)
def test_no_path_runs_a_script(visitor: Visitor, tab: Page, path: str) -> None:
    for payload in PAYLOADS.values():
        open_safely(visitor, tab, path.format(quote(payload, safe="")))


def test_an_injection_is_detected(visitor: Visitor, tab: Page) -> None:
    tab.goto(f"{visitor.address}/about")
    before = len(visitor.complaints)
    tab.evaluate("text => { document.querySelector('main').innerHTML = text }", PAYLOADS["text"])
    expect(tab.locator("main img")).to_have_count(1)
    assert len(tab.evaluate(FIND_INJECTIONS)) >= 2
    tab.wait_for_function("document.images[0].complete")
    assert [text for text in visitor.complaints[before:] if "policy" in text.lower()]
    del visitor.complaints[before:]
