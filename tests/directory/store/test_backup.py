"""A backup of one engine is the directory on the other."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, Unavailable
from directory.records import Audience
from directory.store.backup import backup, restore
from directory.store.ledger.edits import Network, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization
from tests.directory.store.conftest import Opener
from tests.directory.store.stored_organizations import LATER, a_full_organization, put_organizations, read_everything


def filled(store: Store) -> Store:
    """With a past, an organization that is gone, and one of every kind of row."""
    own, child = a_full_organization(), a_stored_organization("Child", parent=a_full_organization().id, audience=Audience.MEMBERS)
    edits = [Put(own), Put(child), Put(a_stored_organization("Gone"))]
    store.write(edits, actor="tester", now=NOW, reason="a test", network=Network(own.id, fictional=True))
    put_organizations(
        store, replace(own, summary="New."), a_stored_organization("Hidden", slug="full", audience=Audience.STAFF), now=LATER
    )
    store.write([Remove(a_stored_organization("Gone").id, survivor_id=own.id)], actor="tester", now=LATER, reason="a test")
    return store


def test_a_backup_restored_on_the_other_engine_is_the_same(
    store: Store, postgres_url: str, tmp_path: Path, opened: Opener
) -> None:
    header = backup(filled(store), tmp_path / "backup")
    other = opened(f"sqlite:///{tmp_path}/other.sqlite3" if store.database.path is None else postgres_url)
    assert restore(tmp_path / "backup", other) == header
    assert read_everything(other) == read_everything(store)
    assert find_ledger_inconsistencies(other) == []
    assert (
        other.load_head().key != store.load_head().key
    )  # so that no version told before the restore comes back with other content
    put_organizations(other, a_stored_organization("New"))
    assert other.load_head().revision == store.load_head().revision + 1


def test_every_table_has_rows_in_the_test(sqlite_store: Store, tmp_path: Path) -> None:
    header = backup(filled(sqlite_store), tmp_path / "backup")
    assert [table for table, rows in header.rows.items() if not rows] == []


def test_a_backup_is_its_owners_alone_and_leaves_nothing_beside_it(sqlite_store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(filled(sqlite_store), folder / "backup")
    assert [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()] == [("backup", 0o600)]


def test_a_backup_replaces_no_file(sqlite_store: Store, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    for path in (tmp_path / "taken", tmp_path / "none" / "backup"):
        with pytest.raises(BadInput):
            backup(sqlite_store, path)
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_database_that_holds_anything_is_not_restored_into(store: Store, tmp_path: Path) -> None:
    backup(filled(store), tmp_path / "backup")
    before = read_everything(store)
    with pytest.raises(BadInput, match="holds something"):
        restore(tmp_path / "backup", store)
    assert read_everything(store) == before


def test_a_database_without_tables_is_not_restored_into(sqlite_store: Store, tmp_path: Path) -> None:
    backup(sqlite_store, tmp_path / "backup")
    bare = Store.open(f"sqlite:///{tmp_path}/bare.sqlite3")
    with pytest.raises(Unavailable):
        restore(tmp_path / "backup", bare)
    bare.close()


def lines(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


DAMAGES: dict[str, Callable[[Path], bytes]] = {
    "a line less": lambda path: gzip.compress(b"".join(lines(path)[:3] + lines(path)[4:])),
    "a word changed": lambda path: gzip.compress(b"".join(lines(path)).replace(b"New.", b"Old.")),
    "no end": lambda path: gzip.compress(b"".join(lines(path)[:-1])),
    "no rows": lambda path: gzip.compress(lines(path)[0]),
    "another header": lambda path: gzip.compress(b'{"format":"x"}\n'),
    "another schema": lambda path: gzip.compress(b"".join(lines(path)).replace(b'"schema":"0003"', b'"schema":"0002"')),
    "cut off": lambda path: path.read_bytes()[:-200],
    "bits turned": lambda path: path.read_bytes()[:-300] + b"\x00" * 300,
    "no gzip": lambda path: b"a letter",
    "empty": lambda path: b"",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_of_a_damaged_backup_nothing_is_restored(sqlite_store: Store, tmp_path: Path, opened: Opener, damage: str) -> None:
    backup(filled(sqlite_store), tmp_path / "backup")
    (tmp_path / "damaged").write_bytes(DAMAGES[damage](tmp_path / "backup"))
    other = opened(f"sqlite:///{tmp_path}/other.sqlite3")
    before = read_everything(other)
    with pytest.raises(BadInput):
        restore(tmp_path / "damaged", other)
    assert read_everything(other) == before
    restore(tmp_path / "backup", other)
    assert read_everything(other) == read_everything(sqlite_store)


def test_a_backup_that_is_not_there_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        restore(tmp_path / "none", sqlite_store)
