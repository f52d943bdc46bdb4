"""Migration 0004 keeps every state, number and time of an older ledger, and restores its rows when it is reversed.

rows_0003.ndjson was written by the program that had the older tables: one row per line, of a directory whose records were edited,
hidden, shown, moved, merged, removed, created again and erased.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Date, DateTime, LargeBinary, MetaData, Table, insert, select

from directory.publish import ChangeKind, VisibleChange
from directory.records import Audience, RecordKind, StoredOrganization
from directory.store.database import migrate
from directory.store.ledger.change_log import NO_PARTS, PrivateParts, join_private_parts
from directory.store.ledger.edits import Change, LedgerKind
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.tables import feed_exceptions
from directory.store.store import Store
from tests.directory.store.stored_organizations import put_organizations, read_everything

pytestmark = pytest.mark.slow

Row = dict[str, Any]
ROWS = [
    msgspec.json.decode(line, type=tuple[str, Row])
    for line in Path(__file__).with_name("rows_0003.ndjson").read_bytes().splitlines()
]
LEDGER_TABLES = ("changes", "change_private", "seen", "head")


def list_rows(table: str) -> list[Row]:
    return [row for name, row in ROWS if name == table]


@pytest.fixture
def old_store(empty_database_url: str) -> Iterator[Store]:
    """A store whose tables and rows are those of revision 0003."""
    store = Store.open(empty_database_url)
    store.database.run_write(fill_old_tables)
    yield store
    store.close()


def fill_old_tables(connection: Connection) -> None:
    migrate.upgrade(connection, "0003")
    tables = MetaData()
    tables.reflect(connection)
    for name, row in ROWS:
        table = tables.tables[name]
        connection.execute(insert(table), {column: decode_value(table, column, value) for column, value in row.items()})


def decode_value(table: Table, column: str, value: Any) -> Any:
    kind = table.c[column].type
    if isinstance(kind, DateTime):
        return dt.datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return dt.date.fromisoformat(value)
    return bytes.fromhex(value) if isinstance(kind, LargeBinary) else value


def read_rows(connection: Connection, name: str) -> list[Row]:
    """Return the rows of a table in the form and order of the file."""
    table = Table(name, MetaData(), autoload_with=connection)
    rows = connection.execute(select(table).order_by(*table.primary_key)).all()
    return [{column: encode_value(value) for column, value in row._mapping.items() if value is not None} for row in rows]


def encode_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dt.datetime):
        utc = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
        return msgspec.to_builtins(utc)
    return value


# ---------------------------------------------------------------- what the older program would have returned


def build_history(organization_id: str) -> list[Change]:
    rows = [row for row in list_rows("changes") if row.get("organization_id") == organization_id]
    private = {(row["revision"], row["position"]): row for row in list_rows("change_private")}
    erased_at = max((row["revision"] for row in rows if row["kind"] == "ERASED"), default=0)
    return [build_change(row, private.get((row["revision"], row["position"]), {}), erased_at >= row["revision"]) for row in rows]


def build_change(row: Row, private: Row, is_erased: bool) -> Change:
    before, after = (decode_state(row.get(state), private.get(state), is_erased) for state in ("before", "after"))
    return Change(
        revision=row["revision"],
        changed_at=dt.datetime.fromisoformat(row["at"]),
        actor=row["actor"],
        reason=row["reason"],
        kind=LedgerKind(row["kind"]),
        before=before,
        after=after,
        is_erased=is_erased,
        record_kind=RecordKind.ORGANIZATION if row["organization_id"] else None,
        record_id=row["organization_id"],
        merged_into=row.get("merged_into"),
    )


def decode_state(text: str | None, private: str | None, is_erased: bool) -> StoredOrganization | None:
    if text is None:
        return None
    public_part = msgspec.json.decode(text, type=StoredOrganization)
    parts = msgspec.json.decode(private, type=PrivateParts) if private else NO_PARTS
    return public_part if is_erased else join_private_parts(public_part, parts)


def build_feed(audience: Audience) -> list[VisibleChange]:
    rows = sorted((row for row in list_rows("seen") if row["audience"] == audience), key=lambda row: row["seq"])
    return [
        VisibleChange(row["seq"], dt.datetime.fromisoformat(row["at"]), ChangeKind(row["kind"]), row["organization_id"])
        for row in rows
    ]


# ---------------------------------------------------------------- tests


def test_the_older_rows_contain_every_case() -> None:
    logged = list_rows("changes")
    assert {row["kind"] for row in logged} == set(LedgerKind)
    assert {row["kind"] for row in list_rows("seen")} == set(ChangeKind)
    assert {"CREATED", "REMOVED"} == {row["kind"] for row in logged if "merged_into" in row}
    histories = [build_history(organization_id) for organization_id in list_ids()]
    current_ids = {row["id"] for row in list_rows("organizations")}
    assert any(history[-1].kind is LedgerKind.ERASED and history[-1].id in current_ids for history in histories)
    assert any(history[0].is_erased and not history[-1].is_erased for history in histories)
    assert any(len(history) == 1 for history in histories)
    assert len([row for row in list_rows("change_private") if "before" in row and "after" in row]) > 1


def list_ids() -> set[str]:
    return {row["organization_id"] for row in list_rows("changes") if "organization_id" in row}


def test_nothing_is_lost_on_the_way_up(old_store: Store) -> None:
    old_store.migrate()
    assert find_ledger_inconsistencies(old_store) == []
    for organization_id in list_ids():
        assert old_store.load_history(organization_id) == build_history(organization_id)
    for audience in Audience:
        assert old_store.load_visible_changes(audience) == build_feed(audience)


def test_only_what_a_change_does_not_say_keeps_a_row_of_the_feed(old_store: Store) -> None:
    old_store.migrate()
    kinds = {(row.get("organization_id"), row["revision"]): row["kind"] for row in list_rows("changes")}
    exceptions = [
        (row["audience"], row["seq"], row["kind"])
        for row in list_rows("seen")
        if kinds.get((row["organization_id"], row["revision"]), "").replace("CREATED", "ADDED") != row["kind"]
    ]
    with old_store.begin_read() as reading:
        query = select(feed_exceptions.c.audience, feed_exceptions.c.seq, feed_exceptions.c.kind)
        assert sorted(map(tuple, reading.connection.execute(query))) == sorted(exceptions)
    assert 0 < len(exceptions) < len(list_rows("seen")) / 2


def test_the_older_rows_are_restored_on_the_way_down(old_store: Store) -> None:
    for _ in range(2):
        old_store.migrate()
        old_store.database.run_write(lambda connection: migrate.downgrade(connection, "0003"))
        with old_store.database.begin_read() as connection:
            for table in LEDGER_TABLES:
                assert read_rows(connection, table) == list_rows(table)


def test_changes_after_the_migration_are_restored_too(old_store: Store) -> None:
    old_store.migrate()
    records = [record for record, _ in old_store.load_organizations()]
    put = [msgspec.structs.replace(record, summary=f"{record.name} changed.") for record in records]
    put_organizations(old_store, *put)
    before = read_everything(old_store)
    old_store.database.run_write(lambda connection: migrate.downgrade(connection, "0003"))
    old_store.migrate()
    assert read_everything(old_store) == before
    assert find_ledger_inconsistencies(old_store) == []


def test_an_interrupted_migration_leaves_the_older_rows(old_store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        old_store.database.run_write(interrupt(migrate.upgrade))
    with old_store.database.begin_read() as connection:
        assert migrate.find_revision(connection) == "0003"
        for table in LEDGER_TABLES:
            assert read_rows(connection, table) == list_rows(table)
    old_store.migrate()
    before = read_everything(old_store)
    with pytest.raises(ZeroDivisionError):
        old_store.database.run_write(interrupt(lambda connection: migrate.downgrade(connection, "0003")))
    assert read_everything(old_store) == before


def interrupt(work: Callable[[Connection], None]) -> Callable[[Connection], None]:
    def run(connection: Connection) -> None:
        work(connection)
        raise ZeroDivisionError

    return run
