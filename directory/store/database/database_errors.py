"""Translate database errors into errors of the directory, without SQL, values or messages of the driver."""

import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from directory.errors import BadInput, Busy, DirectoryError, Unavailable

BUSY = "Another change is being saved right now. Your change was not written; try again in a moment."
OUTCOME_UNKNOWN = (
    "The database failed while the change was being committed, so it is not known whether it was written. Before you repeat it, "
    "check with `directory history SLUG`, which lists the changes of a record."
)
CONNECTION_LOST = (
    "The connection to {database} was lost. Nothing was written; check that the database is running, then try again."
)
INPUT_OUTPUT_ERROR = (
    "Reading or writing {database} failed because its disk or file system reported an error. Nothing was written; check the disk."
)
CANNOT_OPEN = (
    "{database} cannot be opened because a file next to it cannot be created. Give this program write access to the folder."
)
NOT_A_DATABASE = "{database} is not a database. Use the right file, or restore a backup into a new one."
DISK_FULL = "The disk of the database is full. Nothing was written; free some space, then try again."
READ_ONLY = "The database is read-only. Nothing was written; give this program write access to {database}."
CORRUPT = "The database is damaged. Stop writing to it and restore the latest backup."
NO_TABLES = "The database does not have this directory's tables. Run `directory migrate`, then try again."
CONSTRAINT_VIOLATION = "The record violates a constraint of the database. Nothing was written; correct it, then try again."
UNEXPECTED = "The database reported an unexpected error. Nothing was written; see the log of the database."

logger = logging.getLogger(__name__)

_SQLITE_ERRORS: dict[str, tuple[type[DirectoryError], str]] = {  # by prefix of the `sqlite_errorname`
    "SQLITE_BUSY": (Busy, BUSY),
    "SQLITE_LOCKED": (Busy, BUSY),
    "SQLITE_READONLY": (Unavailable, READ_ONLY),
    "SQLITE_PERM": (Unavailable, READ_ONLY),
    "SQLITE_FULL": (Unavailable, DISK_FULL),
    "SQLITE_CANTOPEN": (Unavailable, CANNOT_OPEN),
    "SQLITE_IOERR": (Unavailable, INPUT_OUTPUT_ERROR),
    "SQLITE_CORRUPT": (Unavailable, CORRUPT),
    "SQLITE_NOTADB": (Unavailable, NOT_A_DATABASE),
    "SQLITE_ERROR": (Unavailable, NO_TABLES),
    "SQLITE_CONSTRAINT": (BadInput, CONSTRAINT_VIOLATION),
}
_POSTGRES_ERRORS: dict[str, tuple[type[DirectoryError], str]] = {  # by prefix of the SQLSTATE
    "40": (Busy, BUSY),
    "55P03": (Busy, BUSY),
    "57014": (Busy, BUSY),
    "25006": (Unavailable, READ_ONLY),
    "42501": (Unavailable, READ_ONLY),
    "53100": (Unavailable, DISK_FULL),
    "XX": (Unavailable, CORRUPT),
    "42P01": (Unavailable, NO_TABLES),
    "42703": (Unavailable, NO_TABLES),
    "22": (BadInput, CONSTRAINT_VIOLATION),
    "23": (BadInput, CONSTRAINT_VIOLATION),
    "08": (Unavailable, CONNECTION_LOST),
    "57P": (Unavailable, CONNECTION_LOST),
}
# A commit that fails with one of these SQLSTATEs may have succeeded. With one of these SQLite errors it has not.
_UNCERTAIN_SQLSTATES = ("08", "57P", "58", "XX")
_ROLLED_BACK_ERRORS = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_CONSTRAINT", "SQLITE_READONLY", "SQLITE_PERM")


@contextmanager
def translate_database_errors(database: str) -> Iterator[None]:
    """Raise Busy, Unavailable or BadInput for database errors raised in the block. `database` names the database in messages."""
    try:
        yield
    except _list_driver_errors() as error:
        # "from None", because the cause carries SQL and values into every log that prints it
        raise translate_error(error, database) from None


def _list_driver_errors() -> tuple[type[Exception], ...]:
    # a driver that was never imported has raised nothing, so do not import it for users of SQLite
    psycopg = sys.modules.get("psycopg")
    return (SQLAlchemyError, sqlite3.Error, psycopg.Error) if psycopg else (SQLAlchemyError, sqlite3.Error)


def translate_error(error: Exception, database: str) -> DirectoryError:
    """Return the error to raise for a database error. `database` names the database in its message."""
    if isinstance(error, PoolTimeout):
        return Busy(BUSY)
    code = _find_error_code(error)
    logger.warning("database error: %s %s", type(error).__name__, code)
    translations = _SQLITE_ERRORS if code.startswith("SQLITE_") else _POSTGRES_ERRORS
    for prefix, (error_type, message) in translations.items():
        if code.startswith(prefix):
            return error_type(message.format(database=database))
    return Unavailable(UNEXPECTED if code else CONNECTION_LOST.format(database=database))


def is_retryable(error: Exception) -> bool:
    """Return whether PostgreSQL rolled the transaction back because of another one (serialization failure or deadlock)."""
    return _find_error_code(error) in ("40001", "40P01")


def may_be_committed(error: Exception) -> bool:
    """Return whether a transaction may be committed although its commit raised this error, as when the connection broke."""
    code = _find_error_code(error)
    if code.startswith("SQLITE_"):
        return not code.startswith(_ROLLED_BACK_ERRORS)
    return not code or code.startswith(_UNCERTAIN_SQLSTATES)


def _find_error_code(error: Exception) -> str:
    """Return the `sqlite_errorname` or the SQLSTATE, or "" if the driver gives none, as when the connection broke."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
