from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.store.store import Store
from tests.seed.import_session import ImportSession


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty directory."""
    yield from _open_migrated_store(sqlite_url)


@pytest.fixture
def any_store(database_url: str) -> Iterator[Store]:
    """An empty directory, on each engine in turn."""
    yield from _open_migrated_store(database_url)


def _open_migrated_store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def walk(sqlite_url: str, tmp_path: Path) -> ImportSession:
    return ImportSession(sqlite_url, tmp_path)


@pytest.fixture
def any_walk(database_url: str, tmp_path: Path) -> ImportSession:
    """On each engine in turn."""
    return ImportSession(database_url, tmp_path)
