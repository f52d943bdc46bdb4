"""Servers over a small directory with places of every kind."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser

from benchmarks.pages.browser import Visitor
from directory.live import Directory
from directory.store.ledger.edits import Network, Put
from tests.server_process import run_server
from tests.stories.browser.conftest import KnownVisitors
from tests.stories.browser.maps.map_records import MAP_RECORDS
from tests.web.conftest import NETWORK

SERVER_SECONDS = 600
ServeMap: TypeAlias = Callable[..., AbstractContextManager[str]]
VisitMap: TypeAlias = Callable[..., Visitor]


@pytest.fixture(scope="session")
def map_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file: Path = tmp_path_factory.mktemp("places") / "directory.sqlite3"
    now = dt.datetime.now(dt.UTC)
    with closing(Directory.open(f"sqlite:///{file}")) as directory:
        edits = [Put(record) for record in (NETWORK, *MAP_RECORDS)]
        directory.write(edits, actor="a test", now=now, reason="maps", network=Network(NETWORK.id))
    return file


@pytest.fixture(scope="session")
def serve_map(front_end: None, map_database: Path, tmp_path_factory: pytest.TempPathFactory) -> ServeMap:
    """A function that starts a server with settings, and yields its address."""

    @contextmanager
    def serve(**settings: str) -> Iterator[str]:
        folder: Path = tmp_path_factory.mktemp("served-map")
        shutil.copy(map_database, folder / map_database.name)
        with run_server(folder, max_seconds=SERVER_SECONDS, POINTS_A_MINUTE=0, **settings) as server:
            yield "http://{}:{}".format(*server.address)

    return serve


@pytest.fixture(scope="session")
def map_address(front_end: None, map_database: Path) -> Iterator[str]:
    with run_server(map_database.parent, max_seconds=SERVER_SECONDS, POINTS_A_MINUTE=0) as server:
        yield "http://{}:{}".format(*server.address)


@pytest.fixture(scope="module")
def map_visitors(chromium: Browser, map_address: str) -> Iterator[KnownVisitors]:
    with ExitStack() as stack:
        yield KnownVisitors(chromium, map_address, stack)


@pytest.fixture
def visit_map(map_visitors: KnownVisitors) -> Iterator[VisitMap]:
    """A function that returns the visitor with a device, who may have been here in an earlier test. No tab is open."""
    yield map_visitors.find
    map_visitors.leave()
