"""The tables as this program needs them, made and changed inside a transaction of ours."""

from types import ModuleType

from sqlalchemy import Connection, inspect, text

from directory.errors import Unavailable

NEWEST = "0003"  # the revision that this program needs
LOCK = 0x6D656D62  # an arbitrary number that only migrations of this directory lock

_NEWER = "A newer version of this program has changed the database. Install that version, or restore an older backup."


def upgrade(connection: Connection, to: str = "head") -> None:
    """Brings the tables up to that revision. Raises Unavailable where they are a newer program's."""
    _lock(connection)
    if not is_current(connection):
        _scripts().upgrade(connection, to)


def downgrade(connection: Connection, to: str) -> None:
    """Takes the tables back to that revision; "base" drops everything."""
    _lock(connection)
    _scripts().downgrade(connection, to)


def is_current(connection: Connection) -> bool:
    found = revision(connection)
    if found not in (None, NEWEST) and found not in _scripts().revisions():
        raise Unavailable(_NEWER)
    return found == NEWEST


def revision(connection: Connection) -> str | None:
    """That of the tables; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _lock(connection: Connection) -> None:
    # SQLite's writer holds its lock already
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})


def _scripts() -> ModuleType:
    # alembic takes longer to import than a small directory to load, and tables that are current do not need it
    from directory.store import scripts

    return scripts
