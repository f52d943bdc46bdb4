"""Fixtures for both database engines, and a summary of tests skipped because a program is missing."""

import gc
import os
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from directory.store.store import Store
from tests.directory.store.conftest import clear_store
from tests.postgres_server import MissingPostgresError, PostgresServer, open_postgres, remove_leftovers
from tests.seed.import_session import ImportSession

PostgresLender = Callable[[int], str]

MISSING_PREFIX = "not installed: "
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
SLOW_TIMEOUT = 600  # seconds, for a test that is marked slow and sets no timeout of its own

GC_ALLOCATIONS = 20_000  # between two collections of the youngest objects; Python's default is 700

# Tests do not fail because a machine is busy: hypothesis measures elapsed time.
settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


def pytest_configure(config: pytest.Config) -> None:
    """Ignore the settings of the user, so that tests never use a real database or write into a home folder."""
    os.environ["XDG_CACHE_HOME"] = str(config.rootpath / ".pytest_cache" / "home")
    for name in [name for name in os.environ if name.startswith("DIRECTORY_") and not name.startswith("DIRECTORY_TEST_")]:
        del os.environ[name]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    slow_items = [item for item in items if item.get_closest_marker("slow")]
    for item in slow_items:
        if not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_TIMEOUT))
    if hasattr(config, "workerinput"):  # a process of xdist
        slow_files = {item.path for item in slow_items}
        items.sort(key=lambda item: item.path not in slow_files)  # so that no process has a long file left at the end


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Do not collect garbage while collecting tests, and seldom afterwards: it took a third of the time.

    Collecting tests makes no garbage. Afterwards, Python would look at a million objects of the tests again and again.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(GC_ALLOCATIONS)
        gc.enable()


def skip_missing(program: str) -> NoReturn:
    """Skip the current test because a program outside Python is missing. With CI=true the test fails instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{program} is not installed. Run ./dev test --install to install it.", pytrace=False)
    pytest.skip(f"{MISSING_PREFIX}{program}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [report.longrepr[2] for report in terminalreporter.getreports("skipped") if isinstance(report.longrepr, tuple)]
    programs = Counter(reason.partition(MISSING_PREFIX)[2] for reason in reasons if MISSING_PREFIX in reason)
    if programs:
        terminalreporter.section("skipped tests", yellow=True)
    for program, count in sorted(programs.items()):
        terminalreporter.line(f"{count} skipped because {program} is not installed. Run ./dev test --install to install it.")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with ExitStack() as stack:
        server = None
        with suppress(MissingPostgresError):
            server = stack.enter_context(open_postgres())
        yield server or skip_missing("PostgreSQL")


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a database without tables, which is dropped after the test."""
    with postgres_server.create_database() as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'directory.sqlite3'}"


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database without tables, on each engine in turn. For tests of migrations."""
    url: str = request.getfixturevalue("empty_sqlite_url" if request.param == "sqlite" else "empty_postgres_url")
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a directory without records. Tests use copies, because migrating takes longer than most tests run."""
    file = tmp_path_factory.mktemp("migrated") / "directory.sqlite3"
    with closing(Store.open(f"sqlite:///{file}")) as store:
        store.migrate()
    return file


@pytest.fixture(scope="session")
def lend_postgres(postgres_server: PostgresServer) -> Iterator[PostgresLender]:
    """A function that empties the directory of a number, from 0, and returns its URL.

    All tests share these directories, because PostgreSQL takes longer to create a database than most tests run. A test that
    changes tables uses `empty_postgres_url`.
    """
    with ExitStack() as stack:
        stores: list[Store] = []

        def lend(number: int) -> str:
            while len(stores) <= number:
                url = stack.enter_context(postgres_server.create_database())
                stores.append(stack.enter_context(closing(Store.open(url))))
            with stores[number].database.engine.begin() as connection:
                remove_leftovers(connection)
            clear_store(stores[number])
            return stores[number].database.engine.url.render_as_string(hide_password=False)

        yield lend


@pytest.fixture
def sqlite_url(empty_sqlite_url: str, migrated_file: Path, tmp_path: Path) -> str:
    """The URL of a directory without records."""
    shutil.copy(migrated_file, tmp_path / "directory.sqlite3")
    return empty_sqlite_url


@pytest.fixture
def postgres_url(lend_postgres: PostgresLender) -> str:
    """The URL of a directory without records."""
    return lend_postgres(0)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a directory without records, on each engine in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """A directory without records."""
    with closing(Store.open(sqlite_url)) as store:
        yield store


@pytest.fixture
def any_store(database_url: str) -> Iterator[Store]:
    """A directory without records, on each engine in turn."""
    with closing(Store.open(database_url)) as store:
        yield store


@pytest.fixture
def walk(sqlite_url: str, tmp_path: Path) -> ImportSession:
    return ImportSession(sqlite_url, tmp_path)


@pytest.fixture
def any_walk(database_url: str, tmp_path: Path) -> ImportSession:
    """An import session on each engine in turn."""
    return ImportSession(database_url, tmp_path)
