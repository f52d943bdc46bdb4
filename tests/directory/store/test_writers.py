"""Writers of several processes at once, and writers that are killed: what was acknowledged is there, nothing by halves."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.conftest import Opener
from tests.directory.store.stored_organizations import put_organizations
from tests.directory.store.writer import COUNTER_INTERVAL

WRITERS = 4
EDITS = 25


@contextmanager
def a_process(url: str, name: str, writers: int, edits: int) -> Iterator[subprocess.Popen[str]]:
    """A process of tests/directory/store/writer.py that is ready to begin."""
    command = [sys.executable, "-m", "tests.directory.store.writer", url, name, str(writers), str(edits)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert lines(process.stdout).__next__() == "ready"
            yield process
        finally:
            process.kill()


def lines(output: IO[str] | None) -> Iterator[str]:
    assert output is not None
    return (line.strip() for line in output)


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("begin\n")
    process.stdin.flush()


@pytest.mark.slow
def test_of_two_processes_no_acknowledged_edit_is_lost(database_url: str, opened: Opener) -> None:
    store = opened(database_url)
    put_organizations(store, a_stored_organization("Shared", founded=1))
    with a_process(database_url, "Left", WRITERS, EDITS) as left, a_process(database_url, "Right", WRITERS, EDITS) as right:
        begin(left)
        begin(right)
        told = [*lines(left.stdout), *lines(right.stdout)]
    saved = [line.split() for line in told if line.startswith("saved")]
    assert told.count("done") == 2
    assert len(saved) == 2 * WRITERS * EDITS
    assert sorted(int(revision) for *_, revision in saved) == list(range(2, 2 + len(saved)))
    entries = {entry.id: entry for entry, _ in store.load_organizations()}
    assert entries[an_id("Shared")].founded == 1 + len(saved) // COUNTER_INTERVAL
    assert entries.keys() == {an_id("Shared")} | {an_id(" ".join(name)) for _, *name, _ in saved}
    assert find_ledger_inconsistencies(store) == []


@pytest.mark.slow
@pytest.mark.parametrize("acknowledged", [0, 1, 2, 5])
def test_a_killed_writer_leaves_what_it_acknowledged_and_at_most_one_more(
    database_url: str, opened: Opener, acknowledged: int
) -> None:
    store = opened(database_url)
    put_organizations(store, a_stored_organization("Shared", founded=1))
    with a_process(database_url, "Killed", 1, 1000) as process:
        begin(process)
        told = lines(process.stdout)
        seen = [next(told) for _ in range(acknowledged)]
        process.kill()
        seen += [line for line in told if line.startswith("saved") and line.split()[-1].isdigit()]
    check_whole(store, len(seen))
    put_organizations(store, a_stored_organization("After"))
    assert find_ledger_inconsistencies(store) == []


def check_whole(store: Store, acknowledged: int) -> None:
    # PostgreSQL may still be at the killed one's last edit, so that only one state can be asked of
    with store.begin_read() as reading:
        entries = {entry.name: entry for entry, _ in reading.load_organizations()}
        revision = reading.load_head().revision
    saved = len(entries) - 1
    assert saved in (acknowledged, acknowledged + 1)
    assert entries["Shared"].founded == 1 + -(-saved // COUNTER_INTERVAL)
    assert revision == 1 + saved
    assert find_ledger_inconsistencies(store) == []
