"""Fixtures that open stores on both engines."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import delete, update

from directory.store.records.tables import CHANGE_COUNT_COLUMNS, head, metadata
from directory.store.store import Store

StoreOpener = Callable[[str], Store]


@pytest.fixture
def open_store() -> Iterator[StoreOpener]:
    """A function that opens and migrates a store, which is closed after the test."""
    with ExitStack() as stack:

        def open_and_migrate(url: str) -> Store:
            store = Store.open(url)
            stack.callback(store.close)
            store.migrate()
            return store

        yield open_and_migrate


@pytest.fixture
def sqlite_store(sqlite_url: str, open_store: StoreOpener) -> Store:
    """A directory without records, for tests that do not depend on the engine."""
    return open_store(sqlite_url)


@pytest.fixture
def store(database_url: str, open_store: StoreOpener) -> Store:
    """A directory without records, on each engine in turn."""
    return open_store(database_url)


def clear_store(store: Store) -> None:
    store.migrate()
    with store.database.engine.begin() as connection:
        connection.execute(
            update(head).values(revision=0, network_id=None, fictional=False, **dict.fromkeys(CHANGE_COUNT_COLUMNS.values(), 0))
        )
        for table in reversed(metadata.sorted_tables):
            if table is not head:
                connection.execute(delete(table))
