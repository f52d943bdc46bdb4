"""The tables as this program needs them, by alembic, inside a transaction of ours."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from directory.errors import Unavailable

SCRIPTS = Path(__file__).with_name("migrations")
LOCK = 0x6D656D62  # an arbitrary number that only migrations of this directory lock

_NEWER = "A newer version of this program has changed the database. Install that version, or restore an older backup."


def upgrade(connection: Connection, to: str = "head") -> None:
    """Brings the tables up to that revision. Raises Unavailable where they are a newer program's."""
    _lock(connection)
    if not is_current(connection):
        command.upgrade(_config(connection), to)


def downgrade(connection: Connection, to: str) -> None:
    """Takes the tables back to that revision; "base" drops everything."""
    _lock(connection)
    command.downgrade(_config(connection), to)


def is_current(connection: Connection) -> bool:
    found = revision(connection)
    known = {script.revision for script in _scripts().walk_revisions()}
    if found is not None and found not in known:
        raise Unavailable(_NEWER)
    return found == newest()


def revision(connection: Connection) -> str | None:
    """That of the tables; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this program needs."""
    head = _scripts().get_current_head()
    assert head is not None  # noqa: S101 - the package brings its migrations
    return head


def _lock(connection: Connection) -> None:
    # SQLite's writer holds its lock already
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(SCRIPTS))
