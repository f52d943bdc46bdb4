"""One way to open a database and to run transactions, on SQLite and PostgreSQL alike."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from directory.errors import BadInput, Busy, OutcomeUnknown
from directory.store.database import database_errors
from directory.store.database.connection_errors import (
    CONNECT_SECONDS,
    build_connection_error,
    build_file_error,
    build_option_error,
)

BUSY_SECONDS = 5.0  # how long a writer waits for the others before it gives up
MAX_ATTEMPTS = 5  # at a write that PostgreSQL undid because of another
POOL_OPTIONS = {"pool_size": 5, "max_overflow": 27, "pool_timeout": BUSY_SECONDS}
T = TypeVar("T")


class Database:
    """An engine and its two kinds of transaction. Threads may share it. Raises BadInput for an address that cannot be."""

    def __init__(self, url: str) -> None:
        address = _parse_url(url)
        self.path = _find_file(address)
        self.description = str(self.path or f'the database "{address.database}" at {address.host or "the local socket"}')
        self.engine = _create_sqlite_engine(self.path, address) if self.path else _create_postgres_engine(address)
        self._write_lock = threading.Lock()

    @contextmanager
    def begin_read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database, however long it reads."""
        with database_errors.translate_database_errors(self.description), self.engine.connect() as connection:
            if self.path is None:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    def run_write(self, work: Callable[[Connection], T]) -> T:
        """What `work` answers once its transaction is on the disk. Nothing is kept if it raises.

        Raises Busy when others write for longer than BUSY_SECONDS; OutcomeUnknown where the database failed during the commit, so
        that nobody knows whether it is kept. `work` may be run again from its start.
        """
        # in one process writers queue up fairly, where SQLite would let them race
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise Busy(database_errors.BUSY)
        try:
            with database_errors.translate_database_errors(self.description):
                return self._run_with_retries(work)
        finally:
            self._write_lock.release()

    def truncate_wal(self) -> bool:
        """Writes SQLite's log back into its file and cuts it to nothing; False where a reader keeps it from that."""
        with database_errors.translate_database_errors(self.description), self.engine.connect() as connection:
            # outside a transaction, so on the driver's own connection
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - asked of SQLite alone
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def close(self) -> None:
        self.engine.dispose()

    def _run_with_retries(self, work: Callable[[Connection], T]) -> T:
        for left in reversed(range(MAX_ATTEMPTS)):
            try:
                return self._run_once(work)
            except DBAPIError as error:
                if not (left and database_errors.is_retryable(error)):
                    raise
        raise Busy(database_errors.BUSY)

    def _run_once(self, work: Callable[[Connection], T]) -> T:
        is_committing = False
        try:
            with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
                answer = work(connection)
                is_committing = True
        except DBAPIError as error:
            if is_committing and database_errors.may_be_committed(error):
                raise OutcomeUnknown(database_errors.OUTCOME_UNKNOWN) from None
            raise
        return answer


def _parse_url(url: str) -> URL:
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and address.database and address.database != ":memory:":
        return address
    raise BadInput("A database's address is sqlite:///FILE or postgresql://USER@HOST/NAME.", argument="database_url")


def find_database_file(url: str) -> Path | None:
    """The absolute path of the file that the address of an SQLite database names; None for PostgreSQL. Raises BadInput."""
    return _find_file(_parse_url(url))


def _find_file(address: URL) -> Path | None:
    return Path(address.database or "").absolute() if address.get_backend_name() == "sqlite" else None


def _create_sqlite_engine(path: Path, address: URL) -> Engine:
    mode = "ro" if address.query.get("mode") == "ro" else "rw"
    if mode == "rw":
        _create_private_file(path)
    # never the mode that creates: a database that vanished must be missed, not replaced by an empty one
    uri = f"file:{quote(str(path))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # isolation_level=None: transactions are begun below, not by the driver's guess
        try:
            return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise build_file_error(path, error) from None

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True, **POOL_OPTIONS)
    event.listen(engine, "connect", _set_pragmas)
    file = _DatabaseFile(path)
    event.listen(engine, "connect", file.remember_file)
    event.listen(engine, "checkout", file.require_same_file)
    event.listen(engine, "checkin", file.update_size)
    event.listen(engine, "begin", _begin_transaction)
    return engine


def _create_private_file(path: Path) -> None:
    """An empty file that only its owner reads: the database holds private places."""
    try:
        # never opened where it is there already: closing it would drop SQLite's locks of this process
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise build_file_error(path, error) from None


def _set_pragmas(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    # NORMAL would survive kill -9, but lose acknowledged edits with the power; FULL costs one fsync a write, and writes are rare
    connection.execute("PRAGMA synchronous = FULL")
    # what is deleted is overwritten
    connection.execute("PRAGMA secure_delete = ON")


def _begin_transaction(connection: Connection) -> None:
    # a writer takes its lock first: one that turned from reader to writer could not wait for another
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


class _DatabaseFile:
    """Sees to it that connections stay with the file that is at the path.

    Writing on into a file that was replaced, or from the memory of one that was cut (SQLite's never shrink by themselves), would
    lose the edit.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0

    def remember_file(self, _: Any, record: ConnectionPoolEntry) -> None:
        found = self._read_identity()
        record.info["file"] = found[:2]
        self.size = found[2]

    def require_same_file(self, _: Any, record: ConnectionPoolEntry, __: Any) -> None:
        *file, size = self._read_identity()
        if tuple(file) != record.info["file"] or size < self.size:
            raise InvalidatePoolError

    def update_size(self, _: Any, __: Any) -> None:
        self.size = max(self.size, self._read_identity()[2])

    def _read_identity(self) -> tuple[int, int, int]:
        try:
            found = self.path.stat()
        except OSError:
            return 0, 0, 0
        return found.st_dev, found.st_ino, found.st_size


def _create_postgres_engine(address: URL) -> Engine:
    options = f"-c lock_timeout={int(BUSY_SECONDS * 1000)} -c timezone=UTC"
    engine = create_engine(
        address,
        connect_args={"options": options, "connect_timeout": int(CONNECT_SECONDS)},
        pool_pre_ping=True,
        hide_parameters=True,
        **POOL_OPTIONS,
    )
    event.listen(engine, "do_connect", _connect)
    return engine


def _connect(dialect: Dialect, _: Any, arguments: Sequence[Any], options: Mapping[str, Any]) -> DBAPIConnection:
    try:
        return dialect.connect(*arguments, **options)
    except dialect.loaded_dbapi.OperationalError as error:
        raise build_connection_error(options, error) from None
    except dialect.loaded_dbapi.ProgrammingError as error:
        raise build_option_error(options, error) from None
