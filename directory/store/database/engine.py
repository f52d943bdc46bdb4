"""Open a SQLite or PostgreSQL database and run transactions in it."""

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

BUSY_SECONDS = 5.0  # how long a writer waits for other writers
MAX_ATTEMPTS = 5  # for a write that PostgreSQL rolls back because of another one
POOL_OPTIONS = {"pool_size": 5, "max_overflow": 27, "pool_timeout": BUSY_SECONDS}
T = TypeVar("T")


class Database:
    """An engine with its read and write transactions. Safe to share between threads.

    `path` is the file of a SQLite database, None for PostgreSQL. `description` names the database in messages. Raises BadInput
    if the URL is not one of a SQLite file or a PostgreSQL database.
    """

    def __init__(self, url: str) -> None:
        address = _parse_url(url)
        self.path = _find_file(address)
        self.description = str(self.path or f'the database "{address.database}" at {address.host or "the local socket"}')
        self.engine = _create_sqlite_engine(self.path, address) if self.path else _create_postgres_engine(address)
        self._write_lock = threading.Lock()

    @contextmanager
    def begin_read(self) -> Iterator[Connection]:
        """Open a connection that sees one state of the database until the block ends."""
        with database_errors.translate_database_errors(self.description), self.engine.connect() as connection:
            if self.path is None:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    def run_write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a write transaction and return its result once the transaction is on disk.

        `work` may be called again from the start. The transaction is rolled back if it raises. Raises Busy if other writers take
        longer than BUSY_SECONDS, and OutcomeUnknown if the database failed during the commit.
        """
        # writers of one process queue up here; SQLite's own lock would let them race
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise Busy(database_errors.BUSY)
        try:
            with database_errors.translate_database_errors(self.description):
                return self._run_with_retries(work)
        finally:
            self._write_lock.release()

    def truncate_wal(self) -> bool:
        """Write SQLite's write-ahead log back into the database file and empty it. False if a reader prevented that."""
        with database_errors.translate_database_errors(self.description), self.engine.connect() as connection:
            # on the driver's connection, because the pragma does not work in a transaction
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - callers check that this is SQLite
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def close(self) -> None:
        self.engine.dispose()

    def _run_with_retries(self, work: Callable[[Connection], T]) -> T:
        for attempts_left in reversed(range(MAX_ATTEMPTS)):
            try:
                return self._run_once(work)
            except DBAPIError as error:
                if not (attempts_left and database_errors.is_retryable(error)):
                    raise
        raise Busy(database_errors.BUSY)

    def _run_once(self, work: Callable[[Connection], T]) -> T:
        is_committing = False
        try:
            with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
                result = work(connection)
                is_committing = True
        except DBAPIError as error:
            if is_committing and database_errors.may_be_committed(error):
                raise OutcomeUnknown(database_errors.OUTCOME_UNKNOWN) from None
            raise
        return result


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
    raise BadInput("A database URL must look like sqlite:///FILE or postgresql://USER@HOST/NAME.", argument="database_url")


def find_database_file(url: str) -> Path | None:
    """Return the absolute path of a SQLite database's file, or None for PostgreSQL. Raises BadInput for other URLs."""
    return _find_file(_parse_url(url))


def _find_file(address: URL) -> Path | None:
    return Path(address.database or "").absolute() if address.get_backend_name() == "sqlite" else None


def _create_sqlite_engine(path: Path, address: URL) -> Engine:
    mode = "ro" if address.query.get("mode") == "ro" else "rw"
    if mode == "rw":
        _create_private_file(path)
    # never mode=rwc: a database file that disappeared must be reported, not replaced by an empty one
    uri = f"file:{quote(str(path))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # isolation_level=None: _begin_transaction begins transactions, not the driver
        try:
            return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise build_file_error(path, error) from None

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True, **POOL_OPTIONS)
    event.listen(engine, "connect", _set_pragmas)
    guard = _FileGuard(path)
    event.listen(engine, "connect", guard.remember_file)
    event.listen(engine, "checkout", guard.require_same_file)
    event.listen(engine, "checkin", guard.update_size)
    event.listen(engine, "begin", _begin_transaction)
    return engine


def _create_private_file(path: Path) -> None:
    """Create an empty file that only its owner can read, because the database holds private places."""
    try:
        # O_EXCL, because closing an existing database file would drop this process's SQLite locks
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise build_file_error(path, error) from None


def _set_pragmas(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    # NORMAL survives kill -9 but loses acknowledged edits in a power cut; FULL costs one fsync per write, and writes are rare
    connection.execute("PRAGMA synchronous = FULL")
    # overwrite deleted content
    connection.execute("PRAGMA secure_delete = ON")


def _begin_transaction(connection: Connection) -> None:
    # IMMEDIATE, because a transaction that starts with a read cannot wait for the write lock later
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


class _FileGuard:
    """Invalidate pooled connections when the database file was replaced or truncated.

    A write to a replaced file, or through the cached pages of a truncated one, would be lost. SQLite files never shrink by
    themselves.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0

    def remember_file(self, _: Any, record: ConnectionPoolEntry) -> None:
        *file, self.size = self._read_identity()
        record.info["file"] = tuple(file)

    def require_same_file(self, _: Any, record: ConnectionPoolEntry, __: Any) -> None:
        *file, size = self._read_identity()
        if tuple(file) != record.info["file"] or size < self.size:
            raise InvalidatePoolError

    def update_size(self, _: Any, __: Any) -> None:
        self.size = max(self.size, self._read_identity()[2])

    def _read_identity(self) -> tuple[int, int, int]:
        """Return the device, inode and size of the file; zeros if it does not exist."""
        try:
            status = self.path.stat()
        except OSError:
            return 0, 0, 0
        return status.st_dev, status.st_ino, status.st_size


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
