from collections.abc import Iterator

import pytest

from directory.store import Store


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
