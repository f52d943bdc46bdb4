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
LOST = "The connection to {place} broke. Nothing was written; see that the database runs, then try again."
BROKEN_FILE = "Reading or writing {place} failed: its disk or file system reports an error. Nothing was written; check the disk."
NOT_OPENED = "{place} cannot be opened: a file beside it cannot be made. Let this program write to its folder."
NOT_A_DATABASE = "{place} is not a database. Name the right file, or restore a backup into a new one."
FULL = "The disk of the database is full. Nothing was written; make room, then try again."
READ_ONLY = "The database can only be read. Nothing was written; give this program the right to write to {place}."
CORRUPT = "The database is damaged. Stop writing to it and restore the last backup."
NO_TABLES = "The database does not have this directory's tables. Run `directory migrate`, then try again."
BROKEN_RULE = "The record breaks a rule of the database. Nothing was written; correct it, then try again."
UNEXPECTED = "The database refused to work. Nothing was written; its own log tells why."

logger = logging.getLogger(__name__)

_SQLITE: dict[str, tuple[type[DirectoryError], str]] = {  # by the beginning of sqlite3's name for the error
    "SQLITE_BUSY": (Busy, BUSY),
    "SQLITE_LOCKED": (Busy, BUSY),
    "SQLITE_READONLY": (Unavailable, READ_ONLY),
    "SQLITE_PERM": (Unavailable, READ_ONLY),
    "SQLITE_FULL": (Unavailable, FULL),
    "SQLITE_CANTOPEN": (Unavailable, NOT_OPENED),
    "SQLITE_IOERR": (Unavailable, BROKEN_FILE),
    "SQLITE_CORRUPT": (Unavailable, CORRUPT),
    "SQLITE_NOTADB": (Unavailable, NOT_A_DATABASE),
    "SQLITE_ERROR": (Unavailable, NO_TABLES),
    "SQLITE_CONSTRAINT": (BadInput, BROKEN_RULE),
}
_POSTGRES: dict[str, tuple[type[DirectoryError], str]] = {  # by the beginning of the SQLSTATE
    "40": (Busy, BUSY),
    "55P03": (Busy, BUSY),
    "57014": (Busy, BUSY),
    "25006": (Unavailable, READ_ONLY),
    "42501": (Unavailable, READ_ONLY),
    "53100": (Unavailable, FULL),
    "XX": (Unavailable, CORRUPT),
    "42P01": (Unavailable, NO_TABLES),
    "42703": (Unavailable, NO_TABLES),
    "22": (BadInput, BROKEN_RULE),
    "23": (BadInput, BROKEN_RULE),
    "08": (Unavailable, LOST),
    "57P": (Unavailable, LOST),
}
# a commit that fails with one of these SQLSTATEs leaves open whether it succeeded; with one of these SQLite errors it does not
_UNDECIDED = ("08", "57P", "58", "XX")
_DECIDED = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_CONSTRAINT", "SQLITE_READONLY", "SQLITE_PERM")


@contextmanager
def told(place: str) -> Iterator[None]:
    """Raises Busy, Unavailable or BadInput for whatever the database at that place raises inside."""
    try:
        yield
    except _errors() as error:
        # the cause would carry SQL and values into every log that prints it
        raise refusal(error, place) from None


def _errors() -> tuple[type[Exception], ...]:
    # whoever works on SQLite need not wait for PostgreSQL's driver: one that was never imported has raised nothing
    psycopg = sys.modules.get("psycopg")
    return (SQLAlchemyError, sqlite3.Error, psycopg.Error) if psycopg else (SQLAlchemyError, sqlite3.Error)


def refusal(error: Exception, place: str) -> DirectoryError:
    """The refusal that a database error stands for; `place` is what its sentence calls the database."""
    if isinstance(error, PoolTimeout):
        return Busy(BUSY)
    name = _name(error)
    logger.warning("the database refused: %s %s", type(error).__name__, name)
    known = _SQLITE if name.startswith("SQLITE_") else _POSTGRES
    for beginning, (kind, sentence) in known.items():
        if name.startswith(beginning):
            return kind(sentence.format(place=place))
    return Unavailable(UNEXPECTED if name else LOST.format(place=place))


def may_succeed_again(error: Exception) -> bool:
    """Whether PostgreSQL undid the transaction only because of another one (serialization failure, deadlock)."""
    return _name(error) in ("40001", "40P01")


def may_be_committed(error: Exception) -> bool:
    """Whether the error of a commit leaves open whether the transaction is kept, as when the connection broke."""
    name = _name(error)
    if name.startswith("SQLITE_"):
        return not name.startswith(_DECIDED)
    return not name or name.startswith(_UNDECIDED)


def _name(error: Exception) -> str:
    """sqlite3's name or the SQLSTATE; "" where the driver gives none, as when the connection broke."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
