"""Stores for every test that asks, on both engines."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import delete, update

from directory.store.records.tables import CHANGE_COUNT_COLUMNS, head, metadata
from directory.store.store import Store
from tests.postgres_server import PostgresServer

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


@pytest.fixture(scope="session")
def postgres_store(postgres_server: PostgresServer) -> Iterator[Store]:
    """One for all tests, because making a database takes PostgreSQL longer than most tests."""
    with postgres_server.create_database() as url:
        store = Store.open(url)
        yield store
        store.close()


@pytest.fixture
def sqlite_store(sqlite_url: str, opened: Opener) -> Store:
    """For what no engine has a part in."""
    return opened(sqlite_url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty directory, on each engine in turn."""
    found: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    if request.param == "postgresql":
        empty(found)
    return found


def empty(store: Store) -> None:
    store.migrate()
    with store.database.engine.begin() as connection:
        connection.execute(
            update(head).values(revision=0, network_id=None, fictional=False, **dict.fromkeys(CHANGE_COUNT_COLUMNS.values(), 0))
        )
        for table in reversed(metadata.sorted_tables):
            if table is not head:
                connection.execute(delete(table))
