"""Whatever fails in the database, the error has a code and a message, and contains no SQL."""

import re
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from directory.errors import BadInput, Busy, DirectoryError, Unavailable
from directory.store.database import engine
from directory.store.ledger.edits import Put
from directory.store.records.tables import links
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization
from tests.directory.store.conftest import StoreOpener
from tests.directory.store.stored_organizations import load_organization, put_organizations

WORDS = ("SELECT", "INSERT", "UPDATE", "sqlite", "psycopg", "organizations", "head", "%(", "?")
PATH = re.compile(r"/\S*")  # paths may contain any word


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


def expect_error(error_type: type[DirectoryError], work: Callable[[], object]) -> DirectoryError:
    """Return the error that the work raises, after checking that it contains no SQL."""
    with pytest.raises(error_type) as refusal:
        work()
    error = refusal.value
    assert not [word for word in WORDS if word in PATH.sub("", f"{error} {error.params}")]
    assert error.__suppress_context__ or error.__context__ is None
    return error


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://root@127.0.0.1/x", "sqlite://", "sqlite:///:memory:", "postgresql"])
def test_an_invalid_url_is_rejected(url: str) -> None:
    with pytest.raises(BadInput):
        Store.open(url)


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    expect_error(Unavailable, lambda: Store.open("postgresql://nobody:secret@127.0.0.1:9/none"))


def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    expect_error(Unavailable, lambda: Store.open(f"sqlite:///{tmp_path}/none/x.sqlite3"))


def test_only_the_owner_can_read_a_new_file(empty_sqlite_url: str, tmp_path: Path, open_store: StoreOpener) -> None:
    put_organizations(open_store(empty_sqlite_url), a_stored_organization("A"))
    assert {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {
        f"directory.sqlite3{suffix}": 0o600 for suffix in ("", "-wal", "-shm")
    }


def test_a_file_name_may_contain_any_character(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a b#c%d.sqlite3")
    store.migrate()
    assert (tmp_path / "a b#c%d.sqlite3").stat().st_size
    store.close()


def test_a_database_without_tables_says_what_to_run(empty_database_url: str) -> None:
    store = Store.open(empty_database_url)
    assert "directory migrate" in expect_error(Unavailable, store.load_head).user_message
    assert (
        "directory migrate"
        in expect_error(Unavailable, lambda: put_organizations(store, a_stored_organization("A"))).user_message
    )
    store.close()


def test_a_violated_constraint_is_reported_without_sql(store: Store) -> None:
    row = {"organization_key": 999, "position": 0, "kind": "x", "url": "y"}
    expect_error(BadInput, lambda: store.database.run_write(lambda connection: connection.execute(insert(links), row)))


def test_a_locked_database_is_busy_and_recovers(sqlite_store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    store = Store.open(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    expect_error(Busy, lambda: put_organizations(store, a_stored_organization("A")))
    assert store.load_head().revision == 0
    other.execute("ROLLBACK")
    assert put_organizations(store, a_stored_organization("A")).revision == 1
    other.close()
    store.close()


def test_a_locked_row_is_busy(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 1)
    store = Store.open(postgres_url)
    store.migrate()
    with store.database.engine.begin() as connection:
        connection.execute(text("SELECT * FROM head FOR UPDATE"))
        expect_error(Busy, lambda: put_organizations(store, a_stored_organization("A")))
    assert put_organizations(store, a_stored_organization("A")).revision == 1
    store.close()


def test_a_slow_writer_of_the_same_process_makes_others_wait_and_then_busy(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    started, over = threading.Event(), threading.Event()

    def wait_until_over(_: object) -> None:
        started.set()
        over.wait()

    writer = threading.Thread(target=lambda: sqlite_store.database.run_write(wait_until_over))
    writer.start()
    started.wait()
    try:
        expect_error(Busy, lambda: put_organizations(sqlite_store, a_stored_organization("A")))
    finally:
        over.set()
        writer.join()


def test_a_read_only_file_can_be_read(sqlite_store: Store, path: Path) -> None:
    record = a_stored_organization("A")
    put_organizations(sqlite_store, record)
    reader = Store.open(f"sqlite:///{path}?mode=ro")
    assert load_organization(reader, record.id) == record
    assert "read-only" in expect_error(Unavailable, lambda: put_organizations(reader, a_stored_organization("B"))).user_message
    reader.close()


def test_a_full_disk_is_reported(sqlite_store: Store) -> None:
    with sqlite_store.database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("PRAGMA max_page_count = 1")
    error = expect_error(
        Unavailable,
        lambda: put_organizations(
            sqlite_store, *(a_stored_organization(f"E{number}", summary="x" * 9999) for number in range(50))
        ),
    )
    assert "full" in error.user_message


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_truncated_file_is_unavailable(sqlite_store: Store, path: Path, size: int) -> None:
    put_organizations(sqlite_store, *(a_stored_organization(f"E{number}") for number in range(20)))
    sqlite_store.close()
    with path.open("r+b") as file:
        file.truncate(size)
    expect_error(Unavailable, lambda: list(Store.open(f"sqlite:///{path}").load_organizations()))


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_file_that_is_truncated_while_it_is_open_is_unavailable(sqlite_store: Store, path: Path, size: int) -> None:
    put_organizations(sqlite_store, *(a_stored_organization(f"E{number}") for number in range(20)))
    sqlite_store.database.truncate_wal()
    with path.open("r+b") as file:
        file.truncate(size)
    expect_error(Unavailable, lambda: list(sqlite_store.load_organizations()))
    expect_error(Unavailable, lambda: put_organizations(sqlite_store, a_stored_organization("B")))


def test_a_file_that_is_no_database_is_unavailable(path: Path) -> None:
    path.write_bytes(b"a letter, and no database at all" * 50)
    expect_error(Unavailable, lambda: Store.open(f"sqlite:///{path}"))


def test_a_file_that_disappeared_is_unavailable_until_it_is_back(sqlite_store: Store, path: Path) -> None:
    put_organizations(sqlite_store, a_stored_organization("A"))
    sqlite_store.database.truncate_wal()
    away = path.with_name("away.sqlite3")
    path.rename(away)
    expect_error(Unavailable, lambda: put_organizations(sqlite_store, a_stored_organization("B")))
    expect_error(Unavailable, sqlite_store.load_head)
    assert not path.exists()
    away.rename(path)
    assert put_organizations(sqlite_store, a_stored_organization("B")).revision == 2


def test_edits_go_into_the_file_that_replaced_another(sqlite_store: Store, path: Path, tmp_path: Path) -> None:
    put_organizations(sqlite_store, a_stored_organization("A"))
    other = Store.open(f"sqlite:///{tmp_path}/other.sqlite3")
    other.migrate()
    other.close()
    sqlite_store.database.truncate_wal()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink()
    (tmp_path / "other.sqlite3").replace(path)
    put_organizations(sqlite_store, a_stored_organization("B"))
    assert [record.name for record, _ in sqlite_store.load_organizations()] == ["B"]


def test_connections_that_the_server_dropped_are_replaced(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    store.migrate()
    put_organizations(store, a_stored_organization("A"))
    killer = Store.open(postgres_url.rpartition("/")[0] + "/postgres")
    with killer.database.engine.begin() as connection:
        name = postgres_url.rpartition("/")[2]
        terminate = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(terminate, {"name": name}).all()
    assert put_organizations(store, a_stored_organization("B")).revision == 2
    killer.close()
    store.close()


def test_threads_share_a_store(store: Store) -> None:
    def edit(name: str) -> None:
        store.write([Put(a_stored_organization(name))], actor=name, now=NOW, reason="a test")
        results.append(load_organization(store, a_stored_organization(name).id).name)

    results: list[str] = []
    threads = [threading.Thread(target=edit, args=(name,)) for name in "ABCDEFGH"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list("ABCDEFGH")
    assert store.load_head().revision == 8
