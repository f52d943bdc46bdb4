"""Fixtures for both database engines, and a summary of tests skipped because a program is missing."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NoReturn

import pytest

from directory.store.store import Store
from tests.postgres_server import MissingPostgresError, PostgresServer, open_postgres
from tests.seed.import_session import ImportSession

MISSING_PREFIX = "not installed: "
SLOW_TIMEOUT = 600  # seconds, for a test that is marked slow and sets no timeout of its own


def pytest_configure(config: pytest.Config) -> None:
    """Ignore the settings of the user, so that tests never use a real database or write into a home folder."""
    os.environ["XDG_CACHE_HOME"] = str(config.rootpath / ".pytest_cache" / "home")
    for name in [name for name in os.environ if name.startswith("DIRECTORY_") and not name.startswith("DIRECTORY_TEST_")]:
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_TIMEOUT))


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
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.create_database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'directory.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, on each engine in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty directory."""
    yield from _open_migrated_store(sqlite_url)


@pytest.fixture
def any_store(database_url: str) -> Iterator[Store]:
    """An empty directory, on each engine in turn."""
    yield from _open_migrated_store(database_url)


def _open_migrated_store(url: str) -> Iterator[Store]:
    store = Store.open(url)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def walk(sqlite_url: str, tmp_path: Path) -> ImportSession:
    return ImportSession(sqlite_url, tmp_path)


@pytest.fixture
def any_walk(database_url: str, tmp_path: Path) -> ImportSession:
    """An import session on each engine in turn."""
    return ImportSession(database_url, tmp_path)
