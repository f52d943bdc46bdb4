"""A committed change is acknowledged and, as soon as that is possible, seen, whatever goes wrong after the commit."""

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


def names(directory: Directory, audience: Audience = PUBLIC) -> list[str]:
    return [hit.organization.name for hit in directory.get_snapshot(audience).find(Question()).page.hits]


def run(directory: Directory, *statements: str) -> None:
    for statement in statements:
        directory.store.database.run_write(lambda connection, sql=statement: connection.exec_driver_sql(sql))  # type: ignore[misc]


@contextmanager
def spoiled_by_the_database(directory: Directory, statement: str) -> Iterator[None]:
    """Whenever the ledger is written to, the database itself makes a record unpublishable in the same transaction."""
    if directory.store.database.path:
        run(directory, f"CREATE TRIGGER spoil AFTER INSERT ON changes BEGIN {statement}; END")
    else:
        function = f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NULL; END $$"
        run(directory, function, "CREATE TRIGGER spoil AFTER INSERT ON changes EXECUTE FUNCTION spoil()")
    yield
    run(directory, "DROP TRIGGER spoil" + ("" if directory.store.database.path else " ON changes"))


def test_one_record_that_cannot_be_published_holds_back_no_other(directory: Directory, caplog: pytest.LogCaptureFixture) -> None:
    with spoiled_by_the_database(directory, BAD_TERM), caplog.at_level(logging.ERROR):
        receipt = put(
            directory,
            a_stored_organization("Birch", issue_areas=("housing",), sites=(a_stored_location(),)),
            a_stored_organization("Cedar"),
        )
        assert receipt.revision == 2
        for audience in Audience:
            assert names(directory, audience) == ["Alder", "Cedar"]
        assert directory.unpublishable_ids == {an_id("Birch")}
        put(directory, a_stored_organization("Dogwood"))
        assert names(directory) == ["Alder", "Cedar", "Dogwood"]
    named = [record.getMessage() for record in caplog.records if an_id("Birch") in record.getMessage()]
    assert named
    assert "no-such-term" not in "".join(named)
    put(directory, a_stored_organization("Birch", issue_areas=("health",)))
    assert names(directory) == ["Alder", "Birch", "Cedar", "Dogwood"]
    assert directory.unpublishable_ids == frozenset()
    assert find_disagreements(directory) == []


def test_a_process_that_starts_leaves_out_what_cannot_be_published(directory: Directory, database_url: str) -> None:
    with spoiled_by_the_database(directory, BAD_TERM):
        put(
            directory,
            a_stored_organization("Birch", issue_areas=("housing",)),
            a_stored_organization("Cedar", parent=an_id("Birch")),
        )
    with closing(Directory.open(database_url)) as started:
        assert names(started) == ["Alder", "Cedar"]
        cedar = started.get_snapshot(PUBLIC).get_organization(an_id("Cedar"))
        assert cedar
        assert cedar.parent is None
        assert find_disagreements(started) == [
            f"The organization {an_id('Birch')} cannot be published and is in no snapshot. "
            "Correct it or undo its last change, then check again."
        ]


def test_a_record_that_was_published_and_no_longer_can_be_is_withdrawn(directory: Directory) -> None:
    put(directory, a_stored_organization("Birch", issue_areas=("health",)))
    with spoiled_by_the_database(directory, BAD_TERM):
        put(directory, a_stored_organization("Birch", issue_areas=("housing",)))
    assert names(directory) == ["Alder"]


def test_a_value_that_cannot_be_read_is_left_out_too(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.get_snapshot(PUBLIC)
        with spoiled_by_the_database(directory, BAD_DATE):
            assert put(directory, a_stored_organization("Birch"), a_stored_organization("Cedar")).revision == 1
        assert names(directory) == ["Cedar"]


def test_snapshots_that_cannot_be_changed_are_built_anew(directory: Directory, caplog: pytest.LogCaptureFixture) -> None:
    directory.get_snapshot(PUBLIC).index.sets.clear()  # whatever damaged them
    with caplog.at_level(logging.ERROR):
        put(directory, a_stored_organization("Birch"))
    assert names(directory) == ["Alder", "Birch"]
    assert find_disagreements(directory) == []
    assert "could not be changed" in caplog.text


def test_what_is_committed_before_the_database_goes_away_is_acknowledged(
    directory: Directory, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with away_after_the_next_commit(directory, database_url), caplog.at_level(logging.WARNING):
        assert put(directory, a_stored_organization("Birch")).revision == 2
        assert "Revision 2 is written, but not in the snapshots yet" in caplog.text
        assert names(directory) == ["Alder"]
        with pytest.raises(Unavailable):
            directory.update_snapshots()
    assert directory.update_snapshots()
    assert names(directory) == ["Alder", "Birch"]
    assert directory.unpublishable_ids == frozenset()


@contextmanager
def away_after_the_next_commit(directory: Directory, url: str) -> Iterator[None]:
    """From the moment in which a writer hands its connection back, until the end of the block."""
    take, bring = _moving(directory.store.database.path) if directory.store.database.path else _closing(url)
    engine = directory.store.database.engine

    event.listen(engine, "checkin", lambda *_: take(), once=True)
    yield
    bring()


def _moving(file: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    hidden = file.parent / "away"

    def take() -> None:
        hidden.mkdir()
        for one in file.parent.glob(f"{file.name}*"):
            one.rename(hidden / one.name)

    def bring() -> None:
        for one in hidden.iterdir():
            one.rename(file.parent / one.name)

    return take, bring


def _closing(url: str) -> tuple[Callable[[], object], Callable[[], object]]:
    address = make_url(url)
    elsewhere = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)

    def allow(answer: str) -> None:
        with psycopg.connect(elsewhere, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{address.database}" ALLOW_CONNECTIONS {answer}')
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [address.database])

    return lambda: allow("false"), lambda: allow("true")
