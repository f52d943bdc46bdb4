"""Whatever befalls the database, the refusal has a code and a sentence, and no word of SQL."""

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
from tests.directory.store.stored_organizations import load_organization, put_organizations

WORDS = ("SELECT", "INSERT", "UPDATE", "sqlite", "psycopg", "organizations", "head", "%(", "?")
PATH = re.compile(r"/\S*")  # a file may be called as it likes


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


def refused(kind: type[DirectoryError], ask: Callable[[], object]) -> DirectoryError:
    with pytest.raises(kind) as told:
        ask()
    said = told.value
    assert not [word for word in WORDS if word in PATH.sub("", f"{said} {said.params}")]
    assert said.__suppress_context__ or said.__context__ is None
    return said


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://root@127.0.0.1/x", "sqlite://", "sqlite:///:memory:", "postgresql"])
def test_an_address_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        Store.open(url)


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    refused(Unavailable, lambda: Store.open("postgresql://nobody:secret@127.0.0.1:9/none"))


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    refused(Unavailable, lambda: Store.open(f"sqlite:///{tmp_path}/none/x.sqlite3"))


def test_a_new_file_is_its_owners_alone(sqlite_store: Store, path: Path) -> None:
    put_organizations(sqlite_store, a_stored_organization("A"))
    assert {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {
        f"{path.name}{suffix}": 0o600 for suffix in ("", "-wal", "-shm")
    }


def test_a_strange_file_name_is_a_file_name(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a b#c%d.sqlite3")
    store.migrate()
    assert (tmp_path / "a b#c%d.sqlite3").stat().st_size
    store.close()


def test_a_database_without_tables_says_what_to_run(database_url: str) -> None:
    store = Store.open(database_url)
    assert "directory migrate" in refused(Unavailable, store.load_head).user_message
    assert "directory migrate" in refused(Unavailable, lambda: put_organizations(store, a_stored_organization("A"))).user_message
    store.close()


def test_a_rule_of_the_database_is_told_without_its_words(store: Store) -> None:
    row = {"organization_key": 999, "position": 0, "kind": "x", "url": "y"}
    refused(BadInput, lambda: store.database.run_write(lambda connection: connection.execute(insert(links), row)))


def test_a_locked_database_is_busy_and_recovers(sqlite_store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    store = Store.open(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused(Busy, lambda: put_organizations(store, a_stored_organization("A")))
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
        refused(Busy, lambda: put_organizations(store, a_stored_organization("A")))
    assert put_organizations(store, a_stored_organization("A")).revision == 1
    store.close()


def test_a_writer_of_this_process_that_takes_too_long_is_waited_for_and_then_busy(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    started, over = threading.Event(), threading.Event()

    def slow(_: object) -> None:
        started.set()
        over.wait()

    writer = threading.Thread(target=lambda: sqlite_store.database.run_write(slow))
    writer.start()
    started.wait()
    try:
        refused(Busy, lambda: put_organizations(sqlite_store, a_stored_organization("A")))
    finally:
        over.set()
        writer.join()


def test_a_file_that_can_only_be_read_is_read(sqlite_store: Store, path: Path) -> None:
    entry = a_stored_organization("A")
    put_organizations(sqlite_store, entry)
    reader = Store.open(f"sqlite:///{path}?mode=ro")
    assert load_organization(reader, entry.id) == entry
    assert "only be read" in refused(Unavailable, lambda: put_organizations(reader, a_stored_organization("B"))).user_message
    reader.close()


def test_a_full_disk_is_told(sqlite_store: Store) -> None:
    with sqlite_store.database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("PRAGMA max_page_count = 1")
    told = refused(
        Unavailable,
        lambda: put_organizations(
            sqlite_store, *(a_stored_organization(f"E{number}", summary="x" * 9999) for number in range(50))
        ),
    )
    assert "full" in told.user_message


@pytest.mark.parametrize("left", [0, 100, 5000])
def test_a_truncated_file_is_unavailable(sqlite_store: Store, path: Path, left: int) -> None:
    put_organizations(sqlite_store, *(a_stored_organization(f"E{number}") for number in range(20)))
    sqlite_store.close()
    with path.open("r+b") as file:
        file.truncate(left)
    refused(Unavailable, lambda: list(Store.open(f"sqlite:///{path}").load_organizations()))


@pytest.mark.parametrize("left", [0, 100, 5000])
def test_a_file_that_is_cut_while_it_is_open_is_unavailable(sqlite_store: Store, path: Path, left: int) -> None:
    put_organizations(sqlite_store, *(a_stored_organization(f"E{number}") for number in range(20)))
    sqlite_store.database.truncate_wal()
    with path.open("r+b") as file:
        file.truncate(left)
    refused(Unavailable, lambda: list(sqlite_store.load_organizations()))
    refused(Unavailable, lambda: put_organizations(sqlite_store, a_stored_organization("B")))


def test_a_file_that_is_no_database_is_unavailable(path: Path) -> None:
    path.write_bytes(b"a letter, and no database at all" * 50)
    refused(Unavailable, lambda: Store.open(f"sqlite:///{path}"))


def test_a_file_that_vanished_is_missed_and_found_again(sqlite_store: Store, path: Path) -> None:
    put_organizations(sqlite_store, a_stored_organization("A"))
    sqlite_store.database.truncate_wal()
    away = path.with_name("away.sqlite3")
    path.rename(away)
    refused(Unavailable, lambda: put_organizations(sqlite_store, a_stored_organization("B")))
    refused(Unavailable, sqlite_store.load_head)
    assert not path.exists()
    away.rename(path)
    assert put_organizations(sqlite_store, a_stored_organization("B")).revision == 2


def test_edits_go_into_the_file_that_took_the_place_of_another(sqlite_store: Store, path: Path, tmp_path: Path) -> None:
    put_organizations(sqlite_store, a_stored_organization("A"))
    other = Store.open(f"sqlite:///{tmp_path}/other.sqlite3")
    other.migrate()
    other.close()
    sqlite_store.database.truncate_wal()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink()
    (tmp_path / "other.sqlite3").replace(path)
    put_organizations(sqlite_store, a_stored_organization("B"))
    assert [entry.name for entry, _ in sqlite_store.load_organizations()] == ["B"]


def test_a_server_that_dropped_its_connections_is_reached_again(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    store.migrate()
    put_organizations(store, a_stored_organization("A"))
    killer = Store.open(postgres_url.rpartition("/")[0] + "/postgres")
    with killer.database.engine.begin() as connection:
        name = postgres_url.rpartition("/")[2]
        ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(ended, {"name": name}).all()
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
