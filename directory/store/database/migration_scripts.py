"""Run the migration scripts with Alembic. Imported by migrate.py, and only when there is something to migrate."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS_FOLDER = Path(__file__).with_name("migrations")


def upgrade(connection: Connection, target_revision: str) -> None:
    command.upgrade(_build_config(connection), target_revision)


def downgrade(connection: Connection, target_revision: str) -> None:
    command.downgrade(_build_config(connection), target_revision)


def list_revisions() -> list[str]:
    """Return every revision that has a script, newest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS_FOLDER)).walk_revisions()]


def _build_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
