"""The commands that look after the database: `check`, `migrate`, `backup`, `restore` and `erase`."""

import sys
from pathlib import Path

import click

from cli.directories import create_directory, open_directory, resolve_record_id
from cli.options import database_option, yes_option
from cli.terminal import EXIT_NEGATIVE
from directory.curation.consistency import find_disagreements
from directory.errors import BadInput
from directory.store.backup import backup, restore
from directory.store.ledger.erase import erase
from web.server.clock import utc_now


@click.command()
@database_option
def check_command(database: str) -> None:
    """Check that snapshots, tables and ledger agree.

    Prints one line for each disagreement. Exit code: 0 if there is none, 1 if there are any.
    """
    with open_directory(database) as directory:
        disagreements = find_disagreements(directory)
        revision = directory.store.load_head().revision
    for sentence in disagreements:
        click.echo(sentence)
    if disagreements:
        sys.exit(EXIT_NEGATIVE)
    click.echo(f"Snapshots, tables and ledger agree at revision {revision}.")


@click.command(short_help="Create the tables, or update them to this version.")
@database_option
def migrate_command(database: str) -> None:
    """Create the tables, or update them to this version of the program."""
    with create_directory(database):
        click.echo("The tables are up to date.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@database_option
def backup_command(file: Path, database: str) -> None:
    """Write the whole directory to a new FILE.

    The file contains private places and all contacts: protect it like the database itself.
    """
    with open_directory(database) as directory:
        rows = backup(directory.store, file).rows
    click.echo(f"{file} holds {rows['organizations']:,} organizations and {rows['changes']:,} changes.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@database_option
def restore_command(file: Path, database: str) -> None:
    """Restore a backup FILE into an empty database.

    Everything is restored, or nothing.
    """
    if not file.is_file():
        raise BadInput(f"There is no file {file}. Give the path of a backup.", argument="file")
    with create_directory(database) as directory:
        rows = restore(file, directory.store).rows
    click.echo(f"Restored: {rows['organizations']:,} organizations and {rows['changes']:,} changes.")


@click.command()
@click.argument("organization", metavar="ID-OR-SLUG")
@yes_option
@database_option
def erase_command(organization: str, yes: bool, database: str) -> None:
    """Erase private data from an organization's history.

    This removes streets, points and contacts that are not public. The current record is not changed, and the history remains
    without these parts. This cannot be undone.
    """
    with open_directory(database) as directory:
        identity = resolve_record_id(directory.store, organization)
        if not yes:
            click.confirm(f"Permanently erase the private parts of the history of {organization}?", abort=True)
        erasure = erase(directory.store, identity, "directory erase", utc_now())
    click.echo(f"Erased the private parts of {erasure.purged_count:,} changes, at revision {erasure.revision}.")
    for sentence in erasure.remaining_copies:
        click.echo(sentence)


COMMANDS: list[click.Command] = [check_command, migrate_command, backup_command, restore_command, erase_command]
