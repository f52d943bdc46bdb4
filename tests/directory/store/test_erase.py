"""What is erased is gone from the past, and on SQLite from the file."""

import datetime as dt

import pytest
from msgspec.structs import replace
from sqlalchemy import event, select

from directory.errors import BadInput, NotFound
from directory.geo import Point
from directory.records import KeptContact, PrivatePlace
from directory.store import LedgerKind, Remove, Store, disagreements, engine, erase
from directory.store.tables import change_private
from tests.builders import NOW, an_entry
from tests.directory.store.conftest import Opener
from tests.directory.store.entries import EMAIL, LATER, STREET, a_full_entry, a_site, loaded, put

MOVED = PrivatePlace("77 Later Road", Point(33.7, -84.3))


def private(store: Store) -> str:
    with store.reading() as reading:
        return str(reading.connection.execute(select(change_private)).all())


def test_the_past_of_a_record_loses_its_private_parts_and_the_record_keeps_them(store: Store) -> None:
    entry = an_entry("A", sites=(a_site(),), contacts=(KeptContact(email=EMAIL),))
    put(store, entry, an_entry("B", sites=(a_site(private=PrivatePlace("5 Other Street")),)))
    put(store, replace(entry, sites=(replace(entry.sites[0], private=MOVED),), contacts=()), now=LATER)
    before = store.head()
    erasure = erase(store, entry.id, "tester", LATER)
    assert (erasure.revision, erasure.purged) == (3, 2)
    assert STREET not in private(store)
    assert EMAIL not in private(store)
    assert "5 Other Street" in private(store)
    assert store.head() == replace(before, revision=3)
    history = store.history(entry.id)
    assert [(change.kind, change.erased) for change in history] == [
        (LedgerKind.CREATED, True),
        (LedgerKind.CHANGED, True),
        (LedgerKind.ERASED, True),
    ]
    assert disagreements(store) == []
    put(store, replace(loaded(store, entry.id), summary="New."))
    now = store.history(entry.id)[-1]
    assert now.after is not None
    assert (now.erased, now.after.sites[0].private) == (False, MOVED)
    assert disagreements(store) == []


def test_of_a_removed_record_nothing_private_is_left(sqlite_store: Store) -> None:
    entry = a_full_entry()
    put(sqlite_store, entry)
    sqlite_store.write([Remove(entry.id)], actor="tester", now=LATER, reason="a test")
    erasure = erase(sqlite_store, entry.id, "tester", LATER)
    assert private(sqlite_store) == "[]"
    assert len(erasure.remains) == 1
    assert disagreements(sqlite_store) == []
    path = sqlite_store.database.path
    assert path is not None
    files = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    for gone in (STREET, EMAIL):
        assert gone.encode() not in files


def test_what_readers_keep_from_the_file_is_told(sqlite_url: str, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    store = opened(sqlite_url)
    entry = a_full_entry()
    put(store, entry)
    with store.reading() as reading:
        reading.head()
        assert len(erase(store, entry.id, "tester", LATER).remains) == 2
    assert len(erase(store, entry.id, "tester", LATER).remains) == 1


def test_whom_the_ledger_does_not_know_is_not_erased(store: Store) -> None:
    with pytest.raises(NotFound):
        erase(store, an_entry("A").id, "tester", NOW)
    assert store.head().revision == 0


def test_the_time_of_an_erasure_needs_a_zone(sqlite_store: Store) -> None:
    with pytest.raises(BadInput):
        erase(sqlite_store, an_entry("A").id, "tester", dt.datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_erasure_is_told_although_the_database_goes_away_after_its_commit(sqlite_store: Store) -> None:
    entry = a_full_entry()
    put(sqlite_store, entry)
    path = sqlite_store.database.path
    assert path is not None
    away = path.with_name("away")
    event.listen(sqlite_store.database.engine, "checkin", lambda *_: path.rename(away), once=True)
    erasure = erase(sqlite_store, entry.id, "tester", LATER)
    assert (erasure.revision, erasure.purged) == (2, 1)
    assert any("could not be emptied" in sentence for sentence in erasure.remains)
