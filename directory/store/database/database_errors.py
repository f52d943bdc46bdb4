"""What a database says, told as one of our refusals: no SQL, no values, no driver's words."""

import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from directory.errors import BadInput, Busy, DirectoryError, Unavailable

BUSY = "Another change is being saved right now. Nothing of yours was written; try again in a moment."
OUTCOME_UNKNOWN = (
    "The database failed while the change was being committed, so it is not known whether it was written. Look before you repeat "
    "it: `directory history SLUG` lists what happened to a record."
)
CONNECTION_LOST = "The connection to {place} broke. Nothing was written; see that the database runs, then try again."
INPUT_OUTPUT_ERROR = (
    "Reading or writing {place} failed: its disk or file system reports an error. Nothing was written; check the disk."
)
CANNOT_OPEN = "{place} cannot be opened: a file beside it cannot be made. Let this program write to its folder."
NOT_A_DATABASE = "{place} is not a database. Name the right file, or restore a backup into a new one."
DISK_FULL = "The disk of the database is full. Nothing was written; make room, then try again."
READ_ONLY = "The database can only be read. Nothing was written; give this program the right to write to {place}."
CORRUPT = "The database is damaged. Stop writing to it and restore the last backup."
NO_TABLES = "The database does not have this directory's tables. Run `directory migrate`, then try again."
CONSTRAINT_VIOLATION = "The record breaks a rule of the database. Nothing was written; correct it, then try again."
UNEXPECTED = "The database refused to work. Nothing was written; its own log tells why."

logger = logging.getLogger(__name__)

_SQLITE_ERRORS: dict[str, tuple[type[DirectoryError], str]] = {  # by the beginning of sqlite3's name for the error
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
_POSTGRES_ERRORS: dict[str, tuple[type[DirectoryError], str]] = {  # by the beginning of the SQLSTATE
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
# a commit that fails with one of these SQLSTATEs leaves open whether it succeeded; with one of these SQLite errors it does not
_UNCERTAIN_SQLSTATES = ("08", "57P", "58", "XX")
_ROLLED_BACK_ERRORS = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_CONSTRAINT", "SQLITE_READONLY", "SQLITE_PERM")


@contextmanager
def translate_database_errors(database: str) -> Iterator[None]:
    """Raises Busy, Unavailable or BadInput for whatever the database at that place raises inside."""
    try:
        yield
    except _list_driver_errors() as error:
        # the cause would carry SQL and values into every log that prints it
        raise translate_error(error, database) from None


def _list_driver_errors() -> tuple[type[Exception], ...]:
    # whoever works on SQLite need not wait for PostgreSQL's driver: one that was never imported has raised nothing
    psycopg = sys.modules.get("psycopg")
    return (SQLAlchemyError, sqlite3.Error, psycopg.Error) if psycopg else (SQLAlchemyError, sqlite3.Error)


def translate_error(error: Exception, database: str) -> DirectoryError:
    """The refusal that a database error stands for; `place` is what its sentence calls the database."""
    if isinstance(error, PoolTimeout):
        return Busy(BUSY)
    name = _find_error_code(error)
    logger.warning("the database refused: %s %s", type(error).__name__, name)
    known = _SQLITE_ERRORS if name.startswith("SQLITE_") else _POSTGRES_ERRORS
    for beginning, (kind, sentence) in known.items():
        if name.startswith(beginning):
            return kind(sentence.format(place=database))
    return Unavailable(UNEXPECTED if name else CONNECTION_LOST.format(place=database))


def is_retryable(error: Exception) -> bool:
    """Whether PostgreSQL undid the transaction only because of another one (serialization failure, deadlock)."""
    return _find_error_code(error) in ("40001", "40P01")


def may_be_committed(error: Exception) -> bool:
    """Whether the error of a commit leaves open whether the transaction is kept, as when the connection broke."""
    name = _find_error_code(error)
    if name.startswith("SQLITE_"):
        return not name.startswith(_ROLLED_BACK_ERRORS)
    return not name or name.startswith(_UNCERTAIN_SQLSTATES)


def _find_error_code(error: Exception) -> str:
    """sqlite3's name or the SQLSTATE; "" where the driver gives none, as when the connection broke."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
