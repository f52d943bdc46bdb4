"""A backup made on one engine restores the same directory on the other."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, Unavailable
from directory.records import Audience, RecordKind
from directory.store.backup import backup, restore
from directory.store.database.migrate import CURRENT_REVISION
from directory.store.ledger.edits import Network, Put, RecordId, Remove
from directory.store.ledger.removal_decisions import RemovalDecision
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from directory.store.viewed_places import view_streets
from tests.builders import NOW, a_stored_organization
from tests.directory.store.conftest import StoreOpener
from tests.directory.store.stored_kinds import list_records_of_all_kinds
from tests.directory.store.stored_organizations import LATER, a_full_organization, put_organizations, read_everything

pytestmark = pytest.mark.slow

CURRENT_SCHEMA = f'"schema":"{CURRENT_REVISION}"'.encode()


def fill(store: Store) -> Store:
    """Add organizations, changes, a removal and at least one row of every table."""
    own, child = a_full_organization(), a_stored_organization("Child", parent=a_full_organization().id, audience=Audience.MEMBERS)
    edits = [Put(own), Put(child), Put(a_stored_organization("Gone")), *map(Put, list_records_of_all_kinds(own.name))]
    store.write(edits, actor="tester", now=NOW, reason="a test", network=Network(own.id, fictional=True))
    hidden = a_stored_organization("Hidden", slug="full", audience=Audience.STAFF)
    put_organizations(store, replace(own, summary="New."), replace(child, audience=Audience.STAFF), hidden, now=LATER)
    store.write([Remove(a_stored_organization("Gone").id, survivor_id=own.id)], actor="tester", now=LATER, reason="a test")
    decision = RemovalDecision("a-list", "id 7", "a-removed-record")
    store.write([], actor="tester", now=LATER, reason="stays removed", removal_decisions=[decision])
    location_ids = {RecordId(RecordKind.ORGANIZATION, own.id): [site.id for site in own.sites]}
    view_streets(store, location_ids, actor="tester", now=LATER, reason="a look")
    return store


def test_a_backup_restored_on_the_other_engine_is_the_same(
    store: Store, postgres_url: str, tmp_path: Path, open_store: StoreOpener
) -> None:
    header = backup(fill(store), tmp_path / "backup")
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3" if store.database.path is None else postgres_url)
    assert restore(tmp_path / "backup", other) == header
    assert read_everything(other) == read_everything(store)
    assert find_ledger_inconsistencies(other) == []
    # so that a version published before the restore does not come back with other content
    assert other.load_head().key != store.load_head().key
    put_organizations(other, a_stored_organization("New"))
    assert other.load_head().revision == store.load_head().revision + 1


def test_every_table_has_rows_in_the_test(sqlite_store: Store, tmp_path: Path) -> None:
    header = backup(fill(sqlite_store), tmp_path / "backup")
    assert [table for table, rows in header.rows.items() if not rows] == []


def test_only_the_owner_can_read_a_backup_and_no_other_file_is_left(sqlite_store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(fill(sqlite_store), folder / "backup")
    assert [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()] == [("backup", 0o600)]


def test_a_backup_does_not_replace_a_file(sqlite_store: Store, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    for path in (tmp_path / "taken", tmp_path / "none" / "backup"):
        with pytest.raises(BadInput):
            backup(sqlite_store, path)
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_backup_is_not_restored_into_a_database_that_is_not_empty(store: Store, tmp_path: Path) -> None:
    backup(fill(store), tmp_path / "backup")
    before = read_everything(store)
    with pytest.raises(BadInput, match="not empty"):
        restore(tmp_path / "backup", store)
    assert read_everything(store) == before


def test_a_backup_is_not_restored_into_a_database_without_tables(sqlite_store: Store, tmp_path: Path) -> None:
    backup(sqlite_store, tmp_path / "backup")
    bare = Store.open(f"sqlite:///{tmp_path}/bare.sqlite3")
    with pytest.raises(Unavailable):
        restore(tmp_path / "backup", bare)
    bare.close()


def read_lines(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


CURRENT_SCHEMA = f'"schema":"{CURRENT_REVISION}"'.encode()
DAMAGES: dict[str, Callable[[Path], bytes]] = {
    "a line is missing": lambda path: gzip.compress(b"".join(read_lines(path)[:3] + read_lines(path)[4:])),
    "a word is changed": lambda path: gzip.compress(b"".join(read_lines(path)).replace(b"New.", b"Old.")),
    "no checksum": lambda path: gzip.compress(b"".join(read_lines(path)[:-1])),
    "no rows": lambda path: gzip.compress(read_lines(path)[0]),
    "another header": lambda path: gzip.compress(b'{"format":"x"}\n'),
    "another schema": lambda path: gzip.compress(b"".join(read_lines(path)).replace(CURRENT_SCHEMA, b'"schema":"0001"')),
    "incomplete": lambda path: path.read_bytes()[:-200],
    "flipped bits": lambda path: path.read_bytes()[:-300] + b"\x00" * 300,
    "not gzip": lambda path: b"a letter",
    "empty": lambda path: b"",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_is_restored_from_a_damaged_backup(
    sqlite_store: Store, tmp_path: Path, open_store: StoreOpener, damage: str
) -> None:
    backup(fill(sqlite_store), tmp_path / "backup")
    (tmp_path / "damaged").write_bytes(DAMAGES[damage](tmp_path / "backup"))
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite3")
    before = read_everything(other)
    with pytest.raises(BadInput):
        restore(tmp_path / "damaged", other)
    assert read_everything(other) == before
    restore(tmp_path / "backup", other)
    assert read_everything(other) == read_everything(sqlite_store)


def test_a_missing_backup_is_rejected(sqlite_store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        restore(tmp_path / "none", sqlite_store)
