"""The tables in the code are the tables that the migrations create."""

import re

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from directory.store.records.tables import metadata
from directory.store.store import Store


def test_the_migrated_tables_are_those_of_the_code(store: Store) -> None:
    with store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []


def test_the_migrated_constraints_are_those_of_the_code(sqlite_store: Store) -> None:
    """Including checks and names of constraints, which Alembic does not compare."""
    memory = create_engine("sqlite://")
    with memory.begin() as fresh, sqlite_store.database.engine.connect() as migrated:
        metadata.create_all(fresh)
        assert list_definitions(fresh) == list_definitions(migrated)


def list_definitions(connection: Connection) -> dict[str, list[str]]:
    """Return the sorted parts of each table's definition, because added columns come after all others."""
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'")
    return {name: sorted(_split_definition(sql)) for name, sql in connection.execute(query)}


def _split_definition(sql: str) -> list[str]:
    parts = re.split(r",|\n|\s(?=CONSTRAINT)", sql.replace('"', ""))
    return [" ".join(part.strip(" \t,()").split()) for part in parts if part.strip(" \t,()")]
