"""A committed change is acknowledged and becomes visible as soon as possible, whatever fails after the commit."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, make_url

from directory.curation.consistency import find_disagreements
from directory.errors import Unavailable
from directory.live import Directory
from directory.question import Question
from directory.records import Audience, StoredOrganization
from directory.store.ledger.edits import Put, Receipt
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC = Audience.PUBLIC
BAD_TERM = "UPDATE terms SET slug = 'no-such-term' WHERE slug = 'housing'"
BAD_DATE = "UPDATE organizations SET verified_at = 'yesterday' WHERE slug = 'birch'"


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    with closing(Directory.open(database_url)) as directory:
        put(directory, a_stored_organization("Alder", issue_areas=("health",)))
        for audience in Audience:
            directory.get_snapshot(audience)
        yield directory


def put(directory: Directory, *entries: StoredOrganization) -> Receipt:
    return directory.write([Put(entry) for entry in entries], actor="a test", now=NOW, reason="to try it")


def list_names(directory: Directory, audience: Audience = PUBLIC) -> list[str]:
    return [hit.organization.name for hit in directory.get_snapshot(audience).find(Question()).page.hits]


def run(directory: Directory, *statements: str) -> None:
    for statement in statements:
        directory.store.database.run_write(lambda connection, sql=statement: connection.exec_driver_sql(sql))  # type: ignore[misc]


@contextmanager
def corrupted_on_write(directory: Directory, statement: str) -> Iterator[None]:
    """Run the statement in the database on every write to the ledger, to make a record unpublishable."""
    if directory.store.database.path:
        run(directory, f"CREATE TRIGGER spoil AFTER INSERT ON changes BEGIN {statement}; END")
    else:
        function = f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NULL; END $$"
        run(directory, function, "CREATE TRIGGER spoil AFTER INSERT ON changes EXECUTE FUNCTION spoil()")
    yield
    run(directory, "DROP TRIGGER spoil" + ("" if directory.store.database.path else " ON changes"))


def test_a_record_that_cannot_be_published_does_not_block_others(directory: Directory, caplog: pytest.LogCaptureFixture) -> None:
    with corrupted_on_write(directory, BAD_TERM), caplog.at_level(logging.ERROR):
        receipt = put(
            directory,
            a_stored_organization("Birch", issue_areas=("housing",), sites=(a_stored_location(),)),
            a_stored_organization("Cedar"),
        )
        assert receipt.revision == 2
        for audience in Audience:
            assert list_names(directory, audience) == ["Alder", "Cedar"]
        assert directory.unpublishable_ids == {an_id("Birch")}
        put(directory, a_stored_organization("Dogwood"))
        assert list_names(directory) == ["Alder", "Cedar", "Dogwood"]
    messages = [record.getMessage() for record in caplog.records if an_id("Birch") in record.getMessage()]
    assert messages
    assert "no-such-term" not in "".join(messages)
    put(directory, a_stored_organization("Birch", issue_areas=("health",)))
    assert list_names(directory) == ["Alder", "Birch", "Cedar", "Dogwood"]
    assert directory.unpublishable_ids == frozenset()
    assert find_disagreements(directory) == []


def test_a_new_process_leaves_out_unpublishable_records(directory: Directory, database_url: str) -> None:
    with corrupted_on_write(directory, BAD_TERM):
        put(
            directory,
            a_stored_organization("Birch", issue_areas=("housing",)),
            a_stored_organization("Cedar", parent=an_id("Birch")),
        )
    with closing(Directory.open(database_url)) as new_process:
        assert list_names(new_process) == ["Alder", "Cedar"]
        cedar = new_process.get_snapshot(PUBLIC).get_organization(an_id("Cedar"))
        assert cedar
        assert cedar.parent is None
        assert find_disagreements(new_process) == [
            f"The organization {an_id('Birch')} cannot be published and is in no snapshot. "
            "Correct it or undo its last change, then check again."
        ]


def test_a_record_that_becomes_unpublishable_is_withdrawn(directory: Directory) -> None:
    put(directory, a_stored_organization("Birch", issue_areas=("health",)))
    with corrupted_on_write(directory, BAD_TERM):
        put(directory, a_stored_organization("Birch", issue_areas=("housing",)))
    assert list_names(directory) == ["Alder"]


def test_a_record_with_an_unreadable_value_is_left_out(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.get_snapshot(PUBLIC)
        with corrupted_on_write(directory, BAD_DATE):
            assert put(directory, a_stored_organization("Birch"), a_stored_organization("Cedar")).revision == 1
        assert list_names(directory) == ["Cedar"]


def test_damaged_snapshots_are_rebuilt(directory: Directory, caplog: pytest.LogCaptureFixture) -> None:
    directory.get_snapshot(PUBLIC).index.sets.clear()  # simulates damage
    with caplog.at_level(logging.ERROR):
        put(directory, a_stored_organization("Birch"))
    assert list_names(directory) == ["Alder", "Birch"]
    assert find_disagreements(directory) == []
    assert "could not be changed" in caplog.text


def test_a_commit_is_acknowledged_if_the_database_then_disappears(
    directory: Directory, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with unavailable_after_the_next_commit(directory, database_url), caplog.at_level(logging.WARNING):
        assert put(directory, a_stored_organization("Birch")).revision == 2
        assert "Revision 2 is written, but not in the snapshots yet" in caplog.text
        assert list_names(directory) == ["Alder"]
        with pytest.raises(Unavailable):
            directory.update_snapshots()
    assert directory.update_snapshots()
    assert list_names(directory) == ["Alder", "Birch"]
    assert directory.unpublishable_ids == frozenset()


@contextmanager
def unavailable_after_the_next_commit(directory: Directory, url: str) -> Iterator[None]:
    """Make the database unavailable when a writer returns its connection, until the end of the block."""
    disable, enable = _move_files(directory.store.database.path) if directory.store.database.path else _refuse_connections(url)
    engine = directory.store.database.engine

    event.listen(engine, "checkin", lambda *_: disable(), once=True)
    yield
    enable()


def _move_files(file: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    hidden = file.parent / "away"

    def disable() -> None:
        hidden.mkdir()
        for path in file.parent.glob(f"{file.name}*"):
            path.rename(hidden / path.name)

    def enable() -> None:
        for path in hidden.iterdir():
            path.rename(file.parent / path.name)

    return disable, enable


def _refuse_connections(url: str) -> tuple[Callable[[], object], Callable[[], object]]:
    address = make_url(url)
    elsewhere = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)

    def set_allow_connections(answer: str) -> None:
        with psycopg.connect(elsewhere, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{address.database}" ALLOW_CONNECTIONS {answer}')
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [address.database])

    return lambda: set_allow_connections("false"), lambda: set_allow_connections("true")
