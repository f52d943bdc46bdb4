"""A directory with records of every kind, and helpers to write and find them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from directory.curation.consistency import find_disagreements
from directory.errors import BadInput
from directory.kinds import get_kind
from directory.kinds.coalition import Coalition
from directory.live import Directory
from directory.records import Audience, RecordKind, StoredRecord
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Put, Receipt
from directory.store.store import Store
from tests.builders import (
    NOW,
    a_stored_organization,
)
from tests.directory.store.stored_kinds import a_full_coalition, list_records_of_all_kinds

PUBLIC, MEMBERS, STAFF = Audience
OTHER_KINDS = [kind for kind in RecordKind if kind is not RecordKind.ORGANIZATION]
HOST = a_stored_organization("Host")
GUEST = a_stored_organization("Guest")


@pytest.fixture
def directory(store: Store) -> Iterator[Directory]:
    """Records of every kind, and snapshots of every audience that follow them. Agrees with its tables at the end."""
    directory = Directory(store)
    directory.build_snapshots(Audience)
    write(directory, HOST, GUEST, *list_records_of_all_kinds("Host"))
    yield directory
    assert find_disagreements(directory) == []
    rebuilt = Directory(store).build_snapshots(Audience)
    assert [list_published(snapshot) for snapshot in rebuilt] == [list_published(directory.get_snapshot(one)) for one in Audience]


def write(directory: Directory, *records: StoredRecord, now: dt.datetime = NOW) -> Receipt:
    return directory.write([Put(record) for record in records], actor="tester", now=now, reason="a test")


def list_published(snapshot: Snapshot) -> list[Any]:
    records = ([record for _, record in view.index.rows.number_records()] for view in snapshot.views.values())
    return [sorted(own, key=lambda record: record.id) for own in records]


def read(directory: Directory, record: StoredRecord) -> StoredRecord:
    """Return the stored record, with its private place only if that is published."""
    ((stored, _),) = directory.store.load_records(get_kind(record).name, [record.id])
    return stored


def find(directory: Directory, record: StoredRecord, audience: Audience = PUBLIC) -> Any:
    return directory.get_snapshot(audience).get_record(get_kind(record).name, record.id)


def find_coalition(directory: Directory, audience: Audience = PUBLIC) -> Coalition:
    found = find(directory, a_full_coalition(), audience)
    assert isinstance(found, Coalition)
    return found


def refuse(directory: Directory, *records: StoredRecord) -> BadInput:
    """Check that the write is refused and changes nothing. Returns the refusal."""
    before = directory.store.load_head()
    with pytest.raises(BadInput) as refusal:
        write(directory, *records)
    assert directory.store.load_head() == before
    return refusal.value
