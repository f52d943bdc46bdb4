"""When the database fails during a commit, the error says that the outcome is unknown."""

import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from directory.errors import OutcomeUnknown, Unavailable
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization
from tests.directory.store.stored_organizations import put_organizations
from tests.polling import poll_until

SLOW_COMMIT = """
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER wait AFTER UPDATE ON head DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()
"""
WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
WRITER = """
import resource, sys
from directory.store.store import Store
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import put_organizations
store = Store.open(sys.argv[1])
put_organizations(store, a_stored_organization("A"))
size = max(store.database.path.with_name(store.database.path.name + ending).stat().st_size for ending in ("", "-wal"))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # as on a file system that does not let the file grow
put_organizations(store, a_stored_organization("B", summary="x" * 100_000))
"""


def test_a_connection_that_breaks_during_the_commit(postgres_url: str) -> None:
    plain = postgres_url.replace("+psycopg", "")
    store = Store.open(postgres_url)
    store.migrate()
    errors: list[Exception] = []

    def write() -> None:
        try:
            put_organizations(store, a_stored_organization("A"))
        except Exception as error:
            errors.append(error)

    with psycopg.connect(plain, autocommit=True) as other:
        other.execute(SLOW_COMMIT)
        writer = threading.Thread(target=write)
        writer.start()
        assert poll_until(lambda: other.execute(WAITING).fetchone() is not None, 30)
        row = other.execute(WAITING).fetchone()
        assert row
        other.execute("SELECT pg_terminate_backend(%s)", [row[0]])
        writer.join()
    (error,) = errors
    assert isinstance(error, OutcomeUnknown)
    assert "not known whether it was written" in error.user_message
    assert "directory history" in error.user_message
    assert "Nothing" not in error.user_message
    store.close()


def test_a_connection_that_breaks_before_the_commit_has_written_nothing(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    store.migrate()

    def kill_connection(reading: object) -> list[object]:
        connection = reading.connection  # type: ignore[attr-defined]
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return []

    with pytest.raises(Unavailable, match="Nothing was written") as refusal:
        store.write(kill_connection, actor="ann", now=NOW, reason="x")  # type: ignore[arg-type]
    assert not isinstance(refusal.value, OutcomeUnknown)
    assert store.load_head().revision == 0
    store.close()


def test_a_file_that_cannot_be_written_during_the_commit(tmp_path: Path) -> None:
    file = tmp_path / "directory.sqlite3"
    Store.open(f"sqlite:///{file}").migrate()
    command = [sys.executable, "-c", WRITER, f"sqlite:///{file}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "OutcomeUnknown" in done.stderr
    assert "not known whether it was written" in done.stderr
