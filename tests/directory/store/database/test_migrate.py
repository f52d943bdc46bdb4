"""Migrations create the tables that tables.py declares, can be reversed, and can run in two processes at once."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, inspect, text, update
from sqlalchemy import column as a_column
from sqlalchemy import table as a_table
from sqlalchemy.exc import IntegrityError

from directory.errors import Unavailable
from directory.geo import Disclosure
from directory.records import Audience, RecordKind, RowMatch, SearchEngines, Source, VerificationMethod
from directory.store.database import migrate, migration_scripts
from directory.store.database.engine import Database
from directory.store.ledger.edits import RecordId, Remove
from directory.store.ledger.removal_decisions import RemovalDecision
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from directory.store.viewed_places import view_streets
from directory.vocabulary.slugs import is_private_slug
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    list_younger_fields,
    load_organization,
    put_organizations,
    read_everything,
)

pytestmark = pytest.mark.slow

MIGRATE = (
    "import sys; from directory.store.store import Store; Store.open(sys.argv[1]).migrate(); print('alembic' in sys.modules)"
)


def list_tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def test_the_newest_revision_is_that_of_the_last_script() -> None:
    assert migration_scripts.list_revisions()[0] == migrate.CURRENT_REVISION


def test_current_tables_are_recognized_without_alembic(tmp_path: Path) -> None:
    """Alembic takes longer to import than a small directory to load."""
    url = f"sqlite:///{tmp_path / 'directory.sqlite3'}"
    outputs = [
        subprocess.run((sys.executable, "-c", MIGRATE, url), capture_output=True, text=True, check=True).stdout for _ in range(2)
    ]
    assert outputs == ["True\n", "False\n"]


def test_down_to_nothing_and_up_again(empty_database_url: str) -> None:
    store = Store.open(empty_database_url)
    for _ in range(2):
        assert not store.is_schema_current()
        store.migrate()
        assert store.is_schema_current()
        assert store.load_head().revision == 0
        store.database.run_write(lambda connection: migrate.downgrade(connection, "base"))
        with store.database.begin_read() as connection:
            assert list_tables(connection) == {"alembic_version"}
    store.close()


def test_an_older_directory_is_upgraded_with_all_of_its_data(store: Store) -> None:
    record = a_full_organization(
        verification_method=None, sources=(Source("name", "Letter"),), **list_younger_fields(store, "0001")
    )
    put_organizations(store, record, a_stored_organization("Child", parent=record.id), a_stored_organization("Gone"))
    put_organizations(store, replace(record, summary="New."), now=LATER)
    store.write([Remove(a_stored_organization("Gone").id)], actor="tester", now=LATER, reason="a test")
    before = read_everything(store)
    for _ in range(2):
        store.database.run_write(lambda connection: migrate.downgrade(connection, "0001"))
        assert not store.is_schema_current()
        store.migrate()
        assert read_everything(store) == before
        assert find_ledger_inconsistencies(store) == []


def test_older_tables_lose_only_what_they_cannot_hold(store: Store) -> None:
    source = Source("name", "A list", None, None, Disclosure.EXACT, "a-list", "list.csv", 7)
    record = a_stored_organization("A", sources=(source,), verification_method=VerificationMethod.VISIT)
    put_organizations(store, record, a_stored_organization("B"))
    store.write([Remove(a_stored_organization("B").id, survivor_id=record.id)], actor="tester", now=LATER, reason="a test")
    store.database.run_write(lambda connection: migrate.downgrade(connection, "0001"))
    store.migrate()
    assert load_organization(store, record.id) == replace(record, sources=(Source("name", "A list"),), verification_method=None)
    with store.begin_read() as reading:
        assert reading.load_slug_targets()["b"] == a_stored_organization("B").id


def test_a_failed_migration_leaves_no_tables(empty_database_url: str) -> None:
    database = Database(empty_database_url)

    def upgrade_and_fail(connection: Connection) -> None:
        migrate.upgrade(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run_write(upgrade_and_fail)
    with database.begin_read() as connection:
        assert list_tables(connection) == set()
    database.close()


def test_two_may_migrate_at_once(empty_database_url: str) -> None:
    stores = [Store.open(empty_database_url) for _ in range(4)]
    threads = [threading.Thread(target=store.migrate) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(store.is_schema_current() for store in stores)
    assert len({store.load_head().key for store in stores}) == 1
    for store in stores:
        store.close()


def test_a_database_of_a_newer_program_is_rejected(empty_database_url: str) -> None:
    store = Store.open(empty_database_url)
    store.migrate()
    versions = a_table("alembic_version", a_column("version_num"))
    with store.database.engine.begin() as connection:
        connection.execute(update(versions).values(version_num="9999"))
    for method in (store.migrate, store.is_schema_current):
        with pytest.raises(Unavailable, match="newer version"):
            method()
    store.close()


def test_records_of_an_older_directory_that_are_not_public_get_private_slugs(store: Store) -> None:
    """In a revision of the ledger. Public records keep their slugs, and the old slug of a private record still leads to it."""
    hidden, shown = a_stored_organization("Hidden", audience=Audience.STAFF), a_stored_organization("Shown")
    put_organizations(store, hidden, shown)
    _make_slug_plain(store, hidden.id, "hidden")
    store.migrate()
    assert find_ledger_inconsistencies(store) == []
    assert load_organization(store, shown.id).slug == "shown"
    private = load_organization(store, hidden.id).slug
    assert is_private_slug(private)
    assert store.load_slug_targets() == {"hidden": hidden.id, private: hidden.id, "shown": shown.id}
    change = store.load_history(hidden.id)[-1]
    assert (change.actor, change.revision, change.is_ignored_by_undo) == ("directory migrate", 2, True)
    put_organizations(store, a_stored_organization("Other", slug="hidden"))
    store.migrate()
    assert store.load_head().revision == 3


def _make_slug_plain(store: Store, organization_id: str, plain: str) -> None:
    """Undo the private slug of a record, as in tables of an older program."""
    private = load_organization(store, organization_id).slug
    store.database.run_write(lambda connection: migrate.downgrade(connection, "0002"))
    with store.database.engine.begin() as connection:
        connection.execute(text("UPDATE organizations SET slug = :plain WHERE id = :id"), {"plain": plain, "id": organization_id})
        connection.execute(text("DELETE FROM slugs WHERE slug = :private"), {"private": private})
        connection.execute(
            text("UPDATE changes SET after = replace(after, :private, :plain)"), {"private": private, "plain": plain}
        )


def test_a_hidden_record_stays_hidden_in_older_tables(store: Store) -> None:
    record = a_stored_organization("A", hidden_since=LATER, hidden_until=LATER.date())
    put_organizations(store, record)
    store.database.run_write(lambda connection: migrate.downgrade(connection, "0002"))
    store.migrate()
    migrated = load_organization(store, record.id)
    assert (migrated.audience, migrated.is_hidden) == (Audience.STAFF, False)


def test_rows_of_lists_can_be_remembered_after_an_upgrade(store: Store) -> None:
    record = a_stored_organization("A")
    put_organizations(store, record)
    store.database.run_write(lambda connection: migrate.downgrade(connection, "0009"))
    store.migrate()
    assert load_organization(store, record.id) == record
    doubtful = replace(record, row_matches=(RowMatch("a-list", "a", False), RowMatch("a-list", "id 7", True)))
    put_organizations(store, doubtful, now=LATER)
    assert load_organization(store, record.id) == doubtful


def test_views_and_decisions_can_be_remembered_after_an_upgrade(store: Store) -> None:
    record = a_stored_organization("A")
    put_organizations(store, record)
    for _ in range(2):  # going down forgets them
        store.database.run_write(lambda connection: migrate.downgrade(connection, "0010"))
        store.migrate()
        assert load_organization(store, record.id) == record
        with store.begin_read() as reading:
            assert (reading.load_viewings(record.id), reading.load_removal_decisions()) == ([], {})
        decision = RemovalDecision("a-list", "id 7", record.id)
        store.write([], actor="ann", now=LATER, reason="stays removed", removal_decisions=[decision])
        view_streets(store, {RecordId(RecordKind.ORGANIZATION, record.id): ["a-place"]}, actor="ann", now=LATER, reason="a look")
        with store.begin_read() as reading:
            assert [one.reason for one in reading.load_viewings(record.id)] == ["a look"]
            assert reading.load_removal_decisions() == {("a-list", "id 7"): record.id}


def test_records_of_an_older_directory_have_not_decided_about_search_engines(store: Store) -> None:
    record = a_stored_organization("A")
    put_organizations(store, record)
    store.database.run_write(lambda connection: migrate.downgrade(connection, "0007"))
    store.migrate()
    assert load_organization(store, record.id) == record
    refused = replace(record, search_engines=SearchEngines.REFUSED)
    put_organizations(store, refused, now=LATER)
    assert load_organization(store, record.id) == refused
    with pytest.raises(IntegrityError), store.database.engine.begin() as connection:
        connection.execute(text("UPDATE organizations SET search_engines = 'PERHAPS'"))
