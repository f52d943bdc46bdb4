"""The migration to words in columns, provenance by row and implied slugs converts every row, and back."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, inspect, text

from directory.records import Audience, Source
from directory.store.database import migrate
from directory.store.database.engine import Database
from directory.store.ledger.edits import Edit, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.records.test_tables import list_definitions
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    list_younger_fields,
    load_organization,
    put_organizations,
    read_everything,
)

pytestmark = pytest.mark.slow

BEFORE = "0004"
OLD_TABLES = ("terms", "service_areas", "sources", "slugs", "slug_aliases")
ROW = 'INSERT INTO sources (organization_key, position, field, title, tells, origin, file, "row") VALUES '
INTERLEAVED_SOURCES = (  # of two rows of one list, as no later program writes them
    "(1, 0, 'name', 'A list', 'EXACT', 'a-list', 'list.csv', 1)",
    "(1, 1, 'kind', 'A list', 'EXACT', 'a-list', 'list.csv', 2)",
    "(1, 2, 'summary', 'A list', 'EXACT', 'a-list', 'list.csv', 1)",
    "(1, 3, 'summary', 'A list', 'CITY', 'a-list', 'list.csv', 1)",
    "(1, 4, 'name', 'A list', 'EXACT', NULL, NULL, NULL)",
    "(1, 5, 'name', 'A list', 'EXACT', NULL, NULL, NULL)",
)


def fill(store: Store) -> None:
    """Write records of every kind: hidden, renamed, removed and merged ones, and a private one with a plain slug."""
    younger = list_younger_fields(store, BEFORE)
    parent = a_stored_organization("Parent")
    names = ("Renamed", "Hidden", "Removed", "Loser", "Returning")
    put_organizations(store, parent, a_full_organization(parent=parent.id, **younger), *map(a_stored_organization, names))
    private = a_stored_organization("Private", audience=Audience.MEMBERS)
    put_organizations(store, a_full_organization("Second", **younger), private)
    edits: list[Edit] = [
        Put(a_stored_organization("Renamed", slug="new")),
        Put(a_stored_organization("Hidden", hidden_since=LATER)),
        Put(a_stored_organization("Returning", audience=Audience.STAFF)),
        Remove(an_id("Removed")),
        Remove(an_id("Loser"), survivor_id=parent.id),
    ]
    store.write(edits, actor="tester", now=LATER, reason="a test")
    put_organizations(store, a_stored_organization("Returning"), a_stored_organization("Taker", slug="hidden"), now=LATER)


def downgrade(store: Store, revision: str = BEFORE) -> None:
    store.database.run_write(lambda connection: migrate.downgrade(connection, revision))


def list_rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.database.begin_read() as connection:
        return {table: sorted((tuple(row) for row in _select(connection, table)), key=repr) for table in OLD_TABLES}


def _select(connection: Connection, table: str) -> list[tuple[object, ...]]:
    names = sorted(column["name"] for column in inspect(connection).get_columns(table))
    columns = ", ".join(f'"{name}"' for name in names)
    return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table}"))]  # noqa: S608 - our own tables


def test_every_record_survives_the_way_down_and_up(store: Store) -> None:
    fill(store)
    before = read_everything(store)
    rows = None
    for _ in range(2):
        downgrade(store)
        assert rows in (None, list_rows(store))
        rows = list_rows(store)
        store.migrate()
        assert read_everything(store) == before
        assert find_ledger_inconsistencies(store) == []


def test_the_older_tables_hold_a_row_for_each_value(store: Store) -> None:
    fill(store)
    with store.begin_read() as reading:
        targets = reading.load_slug_targets()
    downgrade(store)
    rows = list_rows(store)
    assert {("housing", "incarceration"), ("es", "en")} <= {
        tuple(row[3] for row in sorted(rows["terms"], key=lambda row: str(row[2])) if row[:2] == key)
        for key in {row[:2] for row in rows["terms"]}
    }
    assert [row for row in rows["service_areas"] if row[0] == 2] == [(2, 0, "US-GA"), (2, 1, "US-AL")]
    assert len([row for row in rows["sources"] if "Annual report" in row]) == 2
    assert {str(row[2]) for row in rows["slugs"]} == targets.keys()
    assert ("PUBLIC", an_id("Renamed"), "new") in rows["slugs"]
    assert ("PUBLIC", an_id("Renamed"), "renamed") in rows["slugs"]


def test_sources_keep_any_order(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"))
    downgrade(store)
    with store.database.engine.begin() as connection:
        connection.execute(text(ROW + ", ".join(INTERLEAVED_SOURCES)))
    rows = list_rows(store)
    assert len(rows["sources"]) == len(INTERLEAVED_SOURCES)
    store.migrate()
    sources = load_organization(store, an_id("A")).sources
    assert [(source.field, source.row) for source in sources] == [
        ("name", 1),
        ("kind", 2),
        ("summary", 1),
        ("summary", 1),
        ("name", None),
        ("name", None),
    ]
    # the next edit does not touch them, unless it changes them
    put_organizations(store, replace(load_organization(store, an_id("A")), summary="New."))
    assert load_organization(store, an_id("A")).sources == sources
    downgrade(store)
    assert list_rows(store)["sources"] == rows["sources"]
    store.migrate()


def test_equal_sources_of_several_records_become_one_dataset(store: Store) -> None:
    source = Source("name", "A list", origin="a-list", file="list.csv")
    put_organizations(store, *(a_stored_organization(f"E{row}", sources=(replace(source, row=row),)) for row in range(1, 6)))
    downgrade(store)
    store.migrate()
    with store.database.begin_read() as connection:
        assert connection.execute(text("SELECT count(*) FROM datasets")).scalar() == 1
    assert find_ledger_inconsistencies(store) == []


@pytest.mark.parametrize("is_upgrade", [True, False])
def test_a_migration_that_is_interrupted_leaves_the_tables_as_they_were(store: Store, is_upgrade: bool) -> None:
    fill(store)
    everything = read_everything(store)
    if is_upgrade:
        downgrade(store)
    rows = list_rows(store) if is_upgrade else None

    def migrate_and_fail(connection: Connection) -> None:
        (migrate.upgrade if is_upgrade else lambda target: migrate.downgrade(target, BEFORE))(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.database.run_write(migrate_and_fail)
    if is_upgrade:
        assert list_rows(store) == rows
        store.migrate()
    assert read_everything(store) == everything


def test_the_way_down_restores_the_older_definitions(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store)
    downgrade(sqlite_store)
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
    fresh.run_write(lambda connection: migrate.upgrade(connection, BEFORE))
    with fresh.begin_read() as wanted, sqlite_store.database.begin_read() as restored:
        assert list_definitions(restored) == list_definitions(wanted)
        assert _list_indexes(restored) == _list_indexes(wanted)
    fresh.close()


def test_references_between_tables_are_checked_after_both_ways(sqlite_store: Store) -> None:
    """SQLite replaces the tables that refer to organizations. Removing a record still removes its parts."""
    fill(sqlite_store)
    downgrade(sqlite_store)
    sqlite_store.migrate()
    with sqlite_store.database.begin_read() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    sqlite_store.write([Remove(a_full_organization("Second").id)], actor="tester", now=LATER, reason="a test")
    with sqlite_store.database.begin_read() as connection:
        remaining = connection.execute(text("SELECT DISTINCT organization_key FROM contacts")).scalars().all()
        assert len(remaining) == 1


def _list_indexes(connection: Connection) -> set[tuple[str, str]]:
    query = text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    return {(name, table) for name, table in connection.execute(query)}
