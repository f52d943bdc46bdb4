"""The tables as this program needs them, made and changed inside a transaction of ours."""

from types import ModuleType

from sqlalchemy import Connection, inspect, text

from directory.errors import Unavailable

CURRENT_REVISION = "0003"  # the revision that this program needs
ADVISORY_LOCK_KEY = 0x6D656D62  # an arbitrary number that only migrations of this directory lock

_NEWER_SCHEMA = "A newer version of this program has changed the database. Install that version, or restore an older backup."


def upgrade(connection: Connection, target_revision: str = "head") -> None:
    """Brings the tables up to that revision. Raises Unavailable where they are a newer program's."""
    _lock_migrations(connection)
    if not is_schema_current(connection):
        _import_scripts().upgrade(connection, target_revision)


def downgrade(connection: Connection, target_revision: str) -> None:
    """Takes the tables back to that revision; "base" drops everything."""
    _lock_migrations(connection)
    _import_scripts().downgrade(connection, target_revision)


def is_schema_current(connection: Connection) -> bool:
    found = find_revision(connection)
    if found not in (None, CURRENT_REVISION) and found not in _import_scripts().list_revisions():
        raise Unavailable(_NEWER_SCHEMA)
    return found == CURRENT_REVISION


def find_revision(connection: Connection) -> str | None:
    """That of the tables; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _lock_migrations(connection: Connection) -> None:
    # SQLite's writer holds its lock already
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK_KEY})


def _import_scripts() -> ModuleType:
    # alembic takes longer to import than a small directory to load, and tables that are current do not need it
    from directory.store.database import migration_scripts

    return migration_scripts
