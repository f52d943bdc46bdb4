"""The core's commands, and how every command of ours reaches the database."""

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console

from cli.command_group import EXIT_NEGATIVE, print_database_path
from cli.search_report import build_search_report, print_search_report
from directory.curation.consistency import find_disagreements
from directory.errors import BadInput, NotFound, Unavailable
from directory.live import DEFAULT_DATABASE_URL, Directory
from directory.question import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from directory.records import Audience
from directory.store.backup import backup as write_backup
from directory.store.backup import restore as read_backup
from directory.store.database.engine import find_database_file
from directory.store.ledger.erase import erase as erase_past
from directory.store.store import Store

MISSING_FILE_MESSAGE = (
    "There is no directory in this database yet: the file {} does not exist. `directory seed --apply` or `directory serve` makes "
    "it. If your directory is in another file, name it with --database-url or DIRECTORY_DATABASE_URL."
)
OUTDATED_TABLES_MESSAGE = "The tables of this database are not those of this program: run `directory migrate` first."

database_option = click.option(
    "--database-url",
    "database",
    envvar="DIRECTORY_DATABASE_URL",
    show_envvar=True,
    default=DEFAULT_DATABASE_URL,
    show_default=True,
    metavar="URL",
    help="Where the records are kept: sqlite:///FILE or postgresql://USER@HOST/NAME.",
)


@contextmanager
def open_store(url: str) -> Iterator[Store]:
    """The store of a directory that is there, its tables current. Raises Unavailable, and makes no file."""
    file = find_database_file(url)
    if file and file.parent.is_dir() and not file.exists():  # for a folder that is not there, opening names it
        raise Unavailable(MISSING_FILE_MESSAGE.format(file))
    with closing(Store.open(url)) as store:
        if not store.is_schema_current():
            raise Unavailable(OUTDATED_TABLES_MESSAGE)
        yield store


@contextmanager
def create_store(url: str) -> Iterator[Store]:
    """The store, made and migrated where it is not yet. Says on stderr which file a relative path means."""
    with closing(Store.open(url)) as store:
        print_database_path(store.database.path, url)
        store.migrate()
        yield store


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--first", type=click.IntRange(1, MAX_PAGE_SIZE), default=DEFAULT_PAGE_SIZE, show_default=True, help="How many to show."
)
@click.option(
    "--audience",
    type=click.Choice([audience.lower() for audience in Audience]),
    default=Audience.PUBLIC.lower(),
    show_default=True,
    help="As who may see it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table. GraphQL takes a `slug`.")
@database_option
def find(words: tuple[str, ...], first: int, audience: str, as_json: bool, database: str) -> None:
    """Find organizations by WORDS, such as: housing near Atlanta.

    Exit code 0 when something was found, 1 when nothing was, 2 when the words cannot be a question.
    """
    with open_store(database) as store:
        answer = build_search_report(Directory(store).get_snapshot(Audience(audience.upper())), " ".join(words), first)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(answer)))
    else:
        print_search_report(answer, Console())
    if not answer.total:
        sys.exit(EXIT_NEGATIVE)


@click.command()
@database_option
def check(database: str) -> None:
    """Check that snapshots, tables and ledger agree.

    Prints a line for each thing on which they do not, and exits with 1 then.
    """
    with open_store(database) as store:
        found = find_disagreements(Directory(store))
        revision = store.load_head().revision
    for sentence in found:
        click.echo(sentence)
    if found:
        sys.exit(EXIT_NEGATIVE)
    click.echo(f"Snapshots, tables and ledger agree at revision {revision}.")


@click.command()
@database_option
def migrate(database: str) -> None:
    """Bring the tables to what this program needs; make them where there are none."""
    with create_store(database):
        click.echo("The tables are current.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@database_option
def backup(file: Path, database: str) -> None:
    """Write the whole directory to a new FILE.

    The file holds private places and all contacts too: keep it as safe as the database.
    """
    with open_store(database) as store:
        rows = write_backup(store, file).rows
    click.echo(f"{file} holds {rows['organizations']:,} organizations and {rows['changes']:,} changes.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@database_option
def restore(file: Path, database: str) -> None:
    """Read a backup FILE into an empty database: all of it, or nothing."""
    if not file.is_file():
        raise BadInput(f"There is no file {file}; give the path of a backup.", argument="file")
    with create_store(database) as store:
        rows = read_backup(file, store).rows
    click.echo(f"The directory holds {rows['organizations']:,} organizations and {rows['changes']:,} changes again.")


@click.command()
@click.argument("organization", metavar="ID-OR-SLUG")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
def erase(organization: str, yes: bool, database: str) -> None:
    """Purge streets, points and contacts that are not public from an organization's past.

    What its record holds now stays, and so does its history without these parts. This cannot be undone.
    """
    with open_store(database) as store:
        identity = resolve_organization_id(store, organization)
        if not yes:
            click.confirm(f"Purge the private parts of the past of {organization} for good?", abort=True)
        erasure = erase_past(store, identity, "directory erase", utc_now())
    click.echo(f"{erasure.purged_count:,} changes lost their private parts, at revision {erasure.revision}.")
    for sentence in erasure.remaining_copies:
        click.echo(sentence)


def resolve_organization_id(store: Store, organization: str) -> str:
    """The id of whom a slug leads to, or that id itself, also that of one that is gone."""
    slugs = store.load_slug_targets()
    if organization not in slugs and not store.load_history(organization):
        raise NotFound(f'The directory never had an organization "{organization}"; give its id or its slug.', value=organization)
    return slugs.get(organization, organization)


COMMANDS: list[click.Command] = [find, check, migrate, backup, restore, erase]
