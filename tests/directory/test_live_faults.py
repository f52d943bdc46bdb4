"""A committed change is acknowledged, and appears in the snapshots as soon as possible, whatever fails after the commit."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from sqlalchemy import event, make_url

from directory.curation.consistency import find_disagreements
from directory.errors import Unavailable
from directory.live import Directory
from directory.question import Question
from directory.records import Audience, StoredContact, StoredOrganization
from directory.store.ledger.edits import Put, Receipt
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC = Audience.PUBLIC
BAD_TERM = "UPDATE organizations SET issue_areas = 'no-such-term' WHERE issue_areas = 'housing'"
BAD_DATE = "UPDATE organizations SET verified_at = 'yesterday' WHERE slug = 'birch'"


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    with closing(Directory.open(database_url)) as directory:
        write_records(directory, a_stored_organization("Alder", issue_areas=("health",)))
        for audience in Audience:
            directory.get_snapshot(audience)
        yield directory


def write_records(directory: Directory, *entries: StoredOrganization) -> Receipt:
    return directory.write([Put(entry) for entry in entries], actor="a test", now=NOW, reason="to try it")


def write_elsewhere(directory: Directory, *entries: StoredOrganization) -> Receipt:
    """Write like another process, whose changes this one has to read."""
    receipt = directory.store.write([Put(entry) for entry in entries], actor="a test", now=NOW, reason="to try it")
    directory.update_snapshots()
    return receipt


def list_names(directory: Directory, audience: Audience = PUBLIC) -> list[str]:
    return [hit.organization.name for hit in directory.get_snapshot(audience).find(Question()).page.hits]


def execute(directory: Directory, *statements: str) -> None:
    for statement in statements:
        directory.store.database.run_write(lambda connection, sql=statement: connection.exec_driver_sql(sql))  # type: ignore[misc]


@contextmanager
def with_corrupting_trigger(directory: Directory, statement: str) -> Iterator[None]:
    """Add a trigger that makes a record unpublishable in every transaction that writes to the ledger."""
    if directory.store.database.path:
        execute(directory, f"CREATE TRIGGER corrupt AFTER INSERT ON changes BEGIN {statement}; END")
    else:
        function = f"CREATE FUNCTION corrupt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NULL; END $$"
        execute(directory, function, "CREATE TRIGGER corrupt AFTER INSERT ON changes EXECUTE FUNCTION corrupt()")
    yield
    execute(directory, "DROP TRIGGER corrupt" + ("" if directory.store.database.path else " ON changes"))


def test_an_unpublishable_record_does_not_block_others(directory: Directory, caplog: pytest.LogCaptureFixture) -> None:
    with with_corrupting_trigger(directory, BAD_TERM), caplog.at_level(logging.ERROR):
        receipt = write_elsewhere(
            directory,
            a_stored_organization("Birch", issue_areas=("housing",), sites=(a_stored_location(),)),
            a_stored_organization("Cedar"),
        )
        assert receipt.revision == 2
        for audience in Audience:
            assert list_names(directory, audience) == ["Alder", "Cedar"]
        assert directory.unpublishable_ids == {an_id("Birch")}
        write_elsewhere(directory, a_stored_organization("Dogwood"))
        assert list_names(directory) == ["Alder", "Cedar", "Dogwood"]
    messages = [record.getMessage() for record in caplog.records if an_id("Birch") in record.getMessage()]
    assert messages
    assert "no-such-term" not in "".join(messages)
    write_records(directory, a_stored_organization("Birch", issue_areas=("health",)))
    assert list_names(directory) == ["Alder", "Birch", "Cedar", "Dogwood"]
    assert directory.unpublishable_ids == frozenset()
    (disagreement,) = find_disagreements(directory)  # the ledger knows that something else changed the record
    assert disagreement.startswith(f"The change of {an_id('Birch')} at revision 4 does not start from the state")


def test_a_new_process_leaves_out_unpublishable_records(directory: Directory, database_url: str) -> None:
    with with_corrupting_trigger(directory, BAD_TERM):
        write_elsewhere(
            directory,
            a_stored_organization("Birch", issue_areas=("housing",)),
            a_stored_organization("Cedar", parent=an_id("Birch")),
        )
    with closing(Directory.open(database_url)) as started:
        assert list_names(started) == ["Alder", "Cedar"]
        cedar = started.get_snapshot(PUBLIC).get_organization(an_id("Cedar"))
        assert cedar
        assert cedar.parent is None
        assert find_disagreements(started) == [
            f"The record {an_id('Birch')} cannot be published and is in no snapshot. "
            "Correct it or undo its last change, then check again."
        ]


def test_a_corrected_record_has_the_time_of_the_change_that_its_audience_saw(directory: Directory) -> None:
    with with_corrupting_trigger(directory, BAD_TERM):
        write_elsewhere(directory, a_stored_organization("Birch", issue_areas=("housing",)))
    assert list_names(directory) == ["Alder"]
    execute(directory, "UPDATE organizations SET issue_areas = 'housing' WHERE issue_areas = 'no-such-term'")
    contact = StoredContact(role="office", audience=Audience.STAFF)
    edit = Put(replace(a_stored_organization("Birch", issue_areas=("housing",)), contacts=(contact,)))
    directory.write([edit], actor="a test", now=NOW + dt.timedelta(days=1), reason="only staff see the contact")
    assert list_names(directory) == ["Alder", "Birch"]
    assert find_disagreements(directory) == []
    records = [directory.get_snapshot(audience).get_organization(an_id("Birch")) for audience in Audience]
    assert [record.updated_at for record in records if record] == [NOW, NOW, NOW + dt.timedelta(days=1)]


def test_others_refer_again_to_a_record_that_is_corrected(directory: Directory) -> None:
    with with_corrupting_trigger(directory, BAD_TERM):
        birch = a_stored_organization("Birch", issue_areas=("housing",))
        write_elsewhere(directory, birch, a_stored_organization("Cedar", parent=birch.id))
    cedar = directory.get_snapshot(PUBLIC).get_organization(an_id("Cedar"))
    assert cedar
    assert cedar.parent is None
    write_records(directory, replace(birch, issue_areas=("health",)))
    cedar = directory.get_snapshot(PUBLIC).get_organization(an_id("Cedar"))
    assert cedar
    assert cedar.parent == birch.id


def test_a_published_record_that_becomes_unpublishable_is_withdrawn(directory: Directory) -> None:
    write_records(directory, a_stored_organization("Birch", issue_areas=("health",)))
    with with_corrupting_trigger(directory, BAD_TERM):
        write_elsewhere(directory, a_stored_organization("Birch", issue_areas=("housing",)))
    assert list_names(directory) == ["Alder"]


def test_a_record_with_an_unreadable_value_is_left_out(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.get_snapshot(PUBLIC)
        with with_corrupting_trigger(directory, BAD_DATE):
            assert write_elsewhere(directory, a_stored_organization("Birch"), a_stored_organization("Cedar")).revision == 1
        assert list_names(directory) == ["Cedar"]


def test_snapshots_that_cannot_be_advanced_are_rebuilt(directory: Directory, caplog: pytest.LogCaptureFixture) -> None:
    directory.get_snapshot(PUBLIC).index.sets.clear()
    with caplog.at_level(logging.ERROR):
        write_records(directory, a_stored_organization("Birch"))
    assert list_names(directory) == ["Alder", "Birch"]
    assert find_disagreements(directory) == []
    assert "could not follow revision 2" in caplog.text
    assert "could not be updated" in caplog.text


def test_a_change_committed_before_the_database_is_lost_is_acknowledged(
    directory: Directory, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    directory.store.write([Put(a_stored_organization("Cedar"))], actor="another process", now=NOW, reason="to try it")
    with database_lost_after_next_commit(directory, database_url), caplog.at_level(logging.WARNING):
        assert write_records(directory, a_stored_organization("Birch")).revision == 3
        assert "Revision 3 is written, but not in the snapshots yet" in caplog.text
        assert list_names(directory) == ["Alder"]
        with pytest.raises(Unavailable):
            directory.update_snapshots()
    assert directory.update_snapshots()
    assert list_names(directory) == ["Alder", "Birch", "Cedar"]
    assert directory.unpublishable_ids == frozenset()


def test_a_change_is_shown_even_if_the_database_is_lost_right_after_its_commit(directory: Directory, database_url: str) -> None:
    with database_lost_after_next_commit(directory, database_url):
        write_records(directory, a_stored_organization("Birch"))
        assert list_names(directory) == ["Alder", "Birch"]


@contextmanager
def database_lost_after_next_commit(directory: Directory, url: str) -> Iterator[None]:
    """Make the database unavailable from the moment a writer returns its connection until the end of the block."""
    disconnect, reconnect = (
        _make_file_movers(directory.store.database.path) if directory.store.database.path else _make_connection_switches(url)
    )
    engine = directory.store.database.engine

    event.listen(engine, "checkin", lambda *_: disconnect(), once=True)
    yield
    reconnect()


def _make_file_movers(file: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    hidden = file.parent / "away"

    def disconnect() -> None:
        hidden.mkdir()
        for path in file.parent.glob(f"{file.name}*"):
            path.rename(hidden / path.name)

    def reconnect() -> None:
        for path in hidden.iterdir():
            path.rename(file.parent / path.name)

    return disconnect, reconnect


def _make_connection_switches(url: str) -> tuple[Callable[[], object], Callable[[], object]]:
    address = make_url(url)
    elsewhere = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)

    def allow(answer: str) -> None:
        with psycopg.connect(elsewhere, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{address.database}" ALLOW_CONNECTIONS {answer}')
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [address.database])

    return lambda: allow("false"), lambda: allow("true")
