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
# the connection may break after the database kept a change and before it could say so
GONE = "The database cannot be reached. See that it runs; look whether a change of yours is there before you repeat it."
FULL = "The disk of the database is full. Nothing was written; make room, then try again."
READ_ONLY = "The database can only be read. Nothing was written; give this program the right to write to it."
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
    "SQLITE_CANTOPEN": (Unavailable, GONE),
    "SQLITE_IOERR": (Unavailable, GONE),
    "SQLITE_CORRUPT": (Unavailable, CORRUPT),
    "SQLITE_NOTADB": (Unavailable, CORRUPT),
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
    "08": (Unavailable, GONE),
    "28": (Unavailable, GONE),
    "3D": (Unavailable, GONE),
    "53": (Unavailable, GONE),
    "57P": (Unavailable, GONE),
}


@contextmanager
def told() -> Iterator[None]:
    """Raises Busy, Unavailable or BadInput for whatever the database raises inside."""
    try:
        yield
    except _errors() as error:
        # the cause would carry SQL and values into every log that prints it
        raise refusal(error) from None


def _errors() -> tuple[type[Exception], ...]:
    # whoever works on SQLite need not wait for PostgreSQL's driver: one that was never imported has raised nothing
    psycopg = sys.modules.get("psycopg")
    return (SQLAlchemyError, sqlite3.Error, psycopg.Error) if psycopg else (SQLAlchemyError, sqlite3.Error)


def refusal(error: Exception) -> DirectoryError:
    """The refusal that a database error stands for."""
    if isinstance(error, PoolTimeout):
        return Busy(BUSY)
    name = _name(error)
    logger.warning("the database refused: %s %s", type(error).__name__, name)
    known = _SQLITE if name.startswith("SQLITE_") else _POSTGRES
    for beginning, (kind, sentence) in known.items():
        if name.startswith(beginning):
            return kind(sentence)
    return Unavailable(UNEXPECTED if name else GONE)


def may_succeed_again(error: Exception) -> bool:
    """Whether PostgreSQL undid the transaction only because of another one (serialization failure, deadlock)."""
    return _name(error) in ("40001", "40P01")


def _name(error: Exception) -> str:
    """sqlite3's name or the SQLSTATE; "" where the driver gives none, as when the connection broke."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
