"""Erased parts disappear from the history, and on SQLite from the file."""

import datetime as dt

import pytest
from msgspec.structs import replace
from sqlalchemy import event, select, update

from directory.errors import BadInput, NotFound
from directory.geo import Point
from directory.records import PrivatePlace, StoredContact
from directory.store.database import engine
from directory.store.ledger.edits import LedgerKind, Remove
from directory.store.ledger.erase import erase
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.tables import change_private, changes
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization
from tests.directory.store.conftest import StoreOpener
from tests.directory.store.stored_organizations import (
    EMAIL,
    LATER,
    STREET,
    a_full_organization,
    a_stored_location,
    load_organization,
    put_organizations,
)

MOVED = PrivatePlace("77 Later Road", Point(33.7, -84.3))


def read_private_parts(store: Store) -> str:
    with store.begin_read() as reading:
        return str(reading.connection.execute(select(change_private)).all())


def test_the_history_of_a_record_loses_its_private_parts_and_the_record_keeps_them(store: Store) -> None:
    record = a_stored_organization("A", sites=(a_stored_location(),), contacts=(StoredContact(email=EMAIL),))
    other = a_stored_organization("B", sites=(a_stored_location(private=PrivatePlace("5 Other Street")),))
    put_organizations(store, record, other)
    moved = replace(record, sites=(replace(record.sites[0], private=MOVED),), contacts=())
    put_organizations(store, moved, replace(other, summary="New."), now=LATER)
    before = store.load_head()
    erasure = erase(store, record.id, "tester", LATER)
    assert (erasure.revision, erasure.purged_count) == (3, 2)
    assert STREET not in read_private_parts(store)
    assert EMAIL not in read_private_parts(store)
    assert "5 Other Street" in read_private_parts(store)
    assert store.load_head() == replace(before, revision=3)
    history = store.load_history(record.id)
    assert [(change.kind, change.is_erased) for change in history] == [
        (LedgerKind.CREATED, True),
        (LedgerKind.CHANGED, True),
        (LedgerKind.ERASED, True),
    ]
    assert find_ledger_inconsistencies(store) == []
    put_organizations(store, replace(load_organization(store, record.id), summary="New."))
    now = store.load_history(record.id)[-1]
    assert now.after is not None
    assert (now.is_erased, now.after.sites[0].private) == (False, MOVED)
    assert find_ledger_inconsistencies(store) == []


def test_nothing_private_remains_of_a_removed_record(sqlite_store: Store) -> None:
    record = a_full_organization()
    put_organizations(sqlite_store, record)
    sqlite_store.write([Remove(record.id)], actor="tester", now=LATER, reason="a test")
    erasure = erase(sqlite_store, record.id, "tester", LATER)
    assert read_private_parts(sqlite_store) == "[]"
    assert len(erasure.remaining_copies) == 1
    assert find_ledger_inconsistencies(sqlite_store) == []
    path = sqlite_store.database.path
    assert path is not None
    files = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    for erased in (STREET, EMAIL):
        assert erased.encode() not in files


def test_a_reader_that_keeps_the_log_from_being_emptied_is_reported(
    sqlite_url: str, open_store: StoreOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    store = open_store(sqlite_url)
    record = a_full_organization()
    put_organizations(store, record)
    with store.begin_read() as reading:
        reading.load_head()
        assert len(erase(store, record.id, "tester", LATER).remaining_copies) == 2
    assert len(erase(store, record.id, "tester", LATER).remaining_copies) == 1


def test_a_damaged_history_can_be_erased(sqlite_store: Store) -> None:
    record = a_full_organization()
    put_organizations(sqlite_store, record)
    put_organizations(sqlite_store, replace(record, summary="New."), now=LATER)
    with sqlite_store.database.engine.begin() as connection:
        connection.execute(update(changes).values(before="{"))
        connection.execute(update(change_private).values(before=f'{{"{STREET}'))
    assert erase(sqlite_store, record.id, "tester", LATER).purged_count == 2
    assert read_private_parts(sqlite_store) == "[]"


def test_an_unknown_id_is_rejected(store: Store) -> None:
    with pytest.raises(NotFound):
        erase(store, a_stored_organization("A").id, "tester", NOW)
    assert store.load_head().revision == 0


def test_the_time_of_an_erasure_needs_a_zone(sqlite_store: Store) -> None:
    with pytest.raises(BadInput):
        erase(sqlite_store, a_stored_organization("A").id, "tester", dt.datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_erasure_is_reported_even_if_the_database_disappears_after_the_commit(sqlite_store: Store) -> None:
    record = a_full_organization()
    put_organizations(sqlite_store, record)
    path = sqlite_store.database.path
    assert path is not None
    away = path.with_name("away")
    event.listen(sqlite_store.database.engine, "checkin", lambda *_: path.rename(away), once=True)
    erasure = erase(sqlite_store, record.id, "tester", LATER)
    assert (erasure.revision, erasure.purged_count) == (2, 1)
    assert any("could not be emptied" in sentence for sentence in erasure.remaining_copies)
