"""Stores for every test that asks, on both engines."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from directory.store import Store

Opener = Callable[[str], Store]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens stores, migrated, and closes them after the test."""
    with ExitStack() as stack:

        def open_store(url: str) -> Store:
            store = Store.open(url)
            stack.callback(store.close)
            store.migrate()
            return store

        yield open_store


@pytest.fixture
def store(database_url: str, opened: Opener) -> Store:
    """An empty directory, on each engine in turn."""
    return opened(database_url)


@pytest.fixture
def sqlite_store(sqlite_url: str, opened: Opener) -> Store:
    """For what no engine has a part in."""
    return opened(sqlite_url)
