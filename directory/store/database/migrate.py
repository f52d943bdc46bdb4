"""Create the tables and bring them to the revision that this program needs."""

from pathlib import Path
from types import ModuleType

from sqlalchemy import Connection, inspect, text

from directory.errors import Unavailable

SCRIPTS_FOLDER = Path(__file__).with_name("migrations") / "versions"
# The revision that this program needs: that of the newest script, r0003_name.py. Alembic would take longer to read the scripts.
CURRENT_REVISION = max(path.name[1:5] for path in SCRIPTS_FOLDER.glob("r[0-9][0-9][0-9][0-9]_*.py"))
ADVISORY_LOCK_KEY = 0x6D656D62  # an arbitrary number that only migrations of this program lock

_NEWER_SCHEMA = "A newer version of this program has changed the database. Install that version, or restore an older backup."


def upgrade(connection: Connection, target_revision: str = "head") -> None:
    """Bring the tables up to the revision, in the caller's transaction.

    Raises Unavailable if a newer version of the program made the tables.
    """
    _lock_migrations(connection)
    if not is_schema_current(connection):
        _import_scripts().upgrade(connection, target_revision)


def downgrade(connection: Connection, target_revision: str) -> None:
    """Take the tables back to the revision, in the caller's transaction. "base" drops all of them."""
    _lock_migrations(connection)
    _import_scripts().downgrade(connection, target_revision)


def is_schema_current(connection: Connection) -> bool:
    """Return whether the tables are at CURRENT_REVISION.

    Raises Unavailable if a newer version of the program made them.
    """
    revision = find_revision(connection)
    if revision not in (None, CURRENT_REVISION) and revision not in _import_scripts().list_revisions():
        raise Unavailable(_NEWER_SCHEMA)
    return revision == CURRENT_REVISION


def find_revision(connection: Connection) -> str | None:
    """Return the revision of the tables, or None if there are no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _lock_migrations(connection: Connection) -> None:
    # not on SQLite, where a writer already holds the lock
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK_KEY})


def _import_scripts() -> ModuleType:
    # alembic takes longer to import than a small directory to load, and current tables do not need it
    from directory.store.database import migration_scripts

    return migration_scripts
