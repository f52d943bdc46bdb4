"""Concurrent writers and killed writers: every acknowledged edit is stored, and none is stored in part."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest
from sqlalchemy import func, select

from directory.kinds import get_kind
from directory.records import RecordKind
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.read_transaction import ReadTransaction
from directory.store.records.tables import change_private, feed_exceptions
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.conftest import StoreOpener
from tests.directory.store.stored_organizations import a_stored_location, put_organizations
from tests.directory.store.writer import COUNTER_INTERVAL, build_records

WRITERS = 4
EDITS = 15


@contextmanager
def start_writer(url: str, name: str, writers: int, edits: int) -> Iterator[subprocess.Popen[str]]:
    """Start a process of tests/directory/store/writer.py and wait until it is ready."""
    command = [sys.executable, "-m", "tests.directory.store.writer", url, name, str(writers), str(edits)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert next(iterate_lines(process.stdout)) == "ready"
            yield process
        finally:
            process.kill()


def iterate_lines(output: IO[str] | None) -> Iterator[str]:
    assert output is not None
    return (line.strip() for line in output)


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("begin\n")
    process.stdin.flush()


@pytest.mark.slow
def test_no_acknowledged_edit_of_two_processes_is_lost(database_url: str, open_store: StoreOpener) -> None:
    store = open_store(database_url)
    put_organizations(store, a_stored_organization("Shared", founded=1, sites=(a_stored_location(),)))
    with start_writer(database_url, "Left", WRITERS, EDITS) as left, start_writer(database_url, "Right", WRITERS, EDITS) as right:
        begin(left)
        begin(right)
        output = [*iterate_lines(left.stdout), *iterate_lines(right.stdout)]
    saved = [line.split() for line in output if line.startswith("saved")]
    assert output.count("done") == 2
    assert len(saved) == 2 * WRITERS * EDITS
    assert sorted(int(revision) for *_, revision in saved) == list(range(2, 2 + len(saved)))
    records = {record.id: record for record, _ in store.load_organizations()}
    assert records[an_id("Shared")].founded == 1 + len(saved) // COUNTER_INTERVAL
    assert records.keys() == {an_id("Shared")} | {an_id(" ".join(name)) for _, *name, _ in saved}
    with store.begin_read() as reading:
        require_whole_edits(reading, [" ".join(name) for _, *name, _ in saved])
        assert count_rows(reading) == [len(saved) // COUNTER_INTERVAL] * 2
    assert find_ledger_inconsistencies(store) == []


def require_whole_edits(reading: ReadTransaction, names: list[str]) -> None:
    """Check that each organization came with its coalition, event, instrument and provision, and none of these without it."""
    for kind in set(RecordKind) - {RecordKind.ORGANIZATION}:
        expected = [record for name in names for record in build_records(name) if get_kind(record).name is kind]
        stored = {record.id: record for record, _ in reading.load_records(kind)}
        assert stored == {record.id: record for record in expected}


@pytest.mark.slow
@pytest.mark.parametrize("acknowledged", [0, 1, 2, 5])
def test_a_killed_writer_leaves_its_acknowledged_edits_and_at_most_one_more(
    database_url: str, open_store: StoreOpener, acknowledged: int
) -> None:
    store = open_store(database_url)
    put_organizations(store, a_stored_organization("Shared", founded=1, sites=(a_stored_location(),)))
    with start_writer(database_url, "Killed", 1, 1000) as process:
        begin(process)
        output = iterate_lines(process.stdout)
        saved = [next(output) for _ in range(acknowledged)]
        process.kill()
        saved += [line for line in output if line.startswith("saved") and line.split()[-1].isdigit()]
    assert_no_partial_edit(store, len(saved))
    put_organizations(store, a_stored_organization("After"))
    assert find_ledger_inconsistencies(store) == []


def count_rows(reading: ReadTransaction) -> list[int]:
    """Return the numbers of logged private parts and of exceptions in the feed. Each change of the shared record adds one."""
    tables = (change_private, feed_exceptions)
    return [reading.connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def assert_no_partial_edit(store: Store, acknowledged: int) -> None:
    # in one transaction, because PostgreSQL may still be committing the killed writer's last edit
    with store.begin_read() as reading:
        records = {record.name: record for record, _ in reading.load_organizations()}
        revision, counts = reading.load_head().revision, count_rows(reading)
        require_whole_edits(reading, [name for name in records if name != "Shared"])
    saved = len(records) - 1
    assert saved in (acknowledged, acknowledged + 1)
    assert records["Shared"].founded == 1 + -(-saved // COUNTER_INTERVAL)
    assert revision == 1 + saved
    assert counts == [records["Shared"].founded - 1] * 2
    assert find_ledger_inconsistencies(store) == []
