"""A browser and a server for tests of pages. Chromium runs from the first test of this folder to the last in a row.

Playwright runs an event loop in the thread that uses it. A browser for the whole session would break every test that starts one.
"""

import datetime as dt
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect

import hatch_build
from benchmarks.pages.browser import (
    CHROMIUM,
    DESKTOP,
    WITHOUT_WINDOWS,
    Device,
    MissingChromiumError,
    Visitor,
    open_visitor,
    start_chromium,
)
from benchmarks.pages.example_pages import MIN_RECORDS, list_example_pages
from cli.fictional.organizations import seed_fictional_network
from directory.curation.hiding import hide, unhide
from directory.live import Directory
from directory.records import StoredRecord
from directory.store.ledger.edits import Put
from tests.conftest import skip_missing
from tests.server_process import run_server
from tests.stories.browser.story_records import SEED, STORY_RECORDS

SERVER_SECONDS = 1800  # enough for all tests of the session, between those of other folders
PATIENCE_MS = 30_000  # for what a page does at once, on a machine with much else to do
FOLLOW_SECONDS = 30.0  # until the server knows what another process wrote
CONTACT = "mailto:records@directory.example"
FOLDER = Path(__file__).parent
RUNNING = pytest.StashKey[tuple[Browser, ExitStack]]()  # Chromium, and what stops it
OpenVisitor: TypeAlias = Callable[..., Visitor]
# Settings of a server that refuses nobody, however slow the machine is.
PATIENT: dict[str, Any] = {"POINTS_A_MINUTE": 0, "LIMITS": "seconds=30,cpu_seconds=30"}

expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Stop Chromium after the last test of this folder."""
    try:
        return (yield)
    finally:
        is_last = nextitem is None or FOLDER not in nextitem.path.parents
        if is_last and RUNNING in item.config.stash:
            _, stack = item.config.stash[RUNNING]
            del item.config.stash[RUNNING]
            stack.close()


@pytest.fixture(scope="module")
def chromium(pytestconfig: pytest.Config) -> Browser:
    """The browser of all tests in this folder: starting one takes longer than most of what a test does in it."""
    if RUNNING not in pytestconfig.stash:
        stack = ExitStack()
        try:
            browser = stack.enter_context(start_chromium(WITHOUT_WINDOWS, CHROMIUM))
        except MissingChromiumError:
            skip_missing("Chromium")
        pytestconfig.stash[RUNNING] = browser, stack
    return pytestconfig.stash[RUNNING][0]


@pytest.fixture(scope="session")
def front_end() -> None:
    """The script, map and font of the pages."""
    try:
        hatch_build.build()
    except hatch_build.FrontEndError:
        skip_missing("the front end, which ./dev front builds where npm can fetch")


@pytest.fixture(scope="session")
def network_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a fictional network with the records of the stories."""
    file = tmp_path_factory.mktemp("network") / "directory.sqlite3"
    fill_network(file)
    return file


@pytest.fixture(scope="session")
def address(front_end: None, network_file: Path) -> Iterator[str]:
    """The address of a server over the network."""
    with run_server(network_file.parent, max_seconds=SERVER_SECONDS, NETWORK_CONTACT=CONTACT, **PATIENT) as server:
        yield "http://{}:{}".format(*server.address)


def fill_network(file: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    with closing(Directory.open(f"sqlite:///{file}")) as directory:
        seed_fictional_network(directory, MIN_RECORDS, seed=SEED, now=now)
        directory.write([Put(record) for record in STORY_RECORDS], actor="a test", now=now, reason="stories")


@contextmanager
def hidden_record(file: Path, record: StoredRecord) -> Iterator[None]:
    """Hide a record while the block runs, as staff do in a process of their own. The server follows a little later."""
    with closing(Directory.open(f"sqlite:///{file}")) as directory:
        hide(directory, record.id, now=dt.datetime.now(dt.UTC), reason="the member left")
        try:
            yield
        finally:
            unhide(directory, record.id, now=dt.datetime.now(dt.UTC))


class KnownVisitors:
    """One visitor for each device, who comes again: a new profile takes longer than most of what tests do with it."""

    def __init__(self, browser: Browser, address: str, stack: ExitStack) -> None:
        self._browser, self._address, self._stack = browser, address, stack
        self._visitors: dict[Device, Visitor] = {}

    def find(self, device: Device = DESKTOP) -> Visitor:
        if device not in self._visitors:
            self._visitors[device] = self._stack.enter_context(open_visitor(self._browser, self._address, device))
        return self._visitors[device]

    def leave(self) -> None:
        """Close all tabs, and forget what pages complained about. What lasts is what the browser has stored of their files."""
        for visitor in self._visitors.values():
            for page in visitor.context.pages:
                page.close()
            visitor.complaints.clear()
            visitor.other_requests.clear()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[OpenVisitor]:
    """A function that opens the browser of a visitor with a device, who never was here before."""
    with ExitStack() as stack:
        yield lambda device=DESKTOP: stack.enter_context(open_visitor(chromium, address, device))


@pytest.fixture(scope="module")
def known_visitors(chromium: Browser, address: str) -> Iterator[KnownVisitors]:
    with ExitStack() as stack:
        yield KnownVisitors(chromium, address, stack)


@pytest.fixture
def visit_again(known_visitors: KnownVisitors) -> Iterator[OpenVisitor]:
    """Like `visit`, but the visitor may have been here in an earlier test of the file. No tab is open."""
    yield known_visitors.find
    known_visitors.leave()


@pytest.fixture(scope="module", params=["en", "es"])
def tab(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[tuple[Visitor, Page]]:
    """A visitor of each language, with one tab: opening a tab takes longer than most of what tests do in it."""
    with open_visitor(chromium, address, Device(language=request.param)) as visitor:
        yield visitor, visitor.open()


def open_example(tab: tuple[Visitor, Page], name: str) -> Page:
    """Open an example as a visitor who opens nothing before it."""
    visitor, page = tab
    page.evaluate("sessionStorage.clear()")
    page.goto(visitor.address + list_example_pages(SEED)[name])
    return page
