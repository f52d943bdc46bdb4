"""Fixtures that open stores on both engines."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import delete, update

from directory.store.records.tables import CHANGE_COUNT_COLUMNS, head, metadata
from directory.store.store import Store
from tests.postgres_server import PostgresServer

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


@pytest.fixture(scope="session")
def postgres_store(postgres_server: PostgresServer) -> Iterator[Store]:
    """One store for all tests, because PostgreSQL takes longer to create a database than most tests run."""
    with postgres_server.create_database() as url:
        store = Store.open(url)
        yield store
        store.close()


@pytest.fixture
def sqlite_store(sqlite_url: str, open_store: StoreOpener) -> Store:
    """An empty directory, for tests that do not depend on the engine."""
    return open_store(sqlite_url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty directory, on each engine in turn."""
    store: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    if request.param == "postgresql":
        clear_store(store)
    return store


def clear_store(store: Store) -> None:
    store.migrate()
    with store.database.engine.begin() as connection:
        connection.execute(
            update(head).values(revision=0, network_id=None, fictional=False, **dict.fromkeys(CHANGE_COUNT_COLUMNS.values(), 0))
        )
        for table in reversed(metadata.sorted_tables):
            if table is not head:
                connection.execute(delete(table))
