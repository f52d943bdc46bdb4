from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.store import Store
from tests.seed.walking import Walk


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty directory."""
    yield from _migrated(sqlite_url)


@pytest.fixture
def any_store(database_url: str) -> Iterator[Store]:
    """An empty directory, on each engine in turn."""
    yield from _migrated(database_url)


def _migrated(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def walk(sqlite_url: str, tmp_path: Path) -> Walk:
    return Walk(sqlite_url, tmp_path)


@pytest.fixture
def any_walk(database_url: str, tmp_path: Path) -> Walk:
    """On each engine in turn."""
    return Walk(database_url, tmp_path)
