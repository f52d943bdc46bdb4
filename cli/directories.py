"""Open the directory that a command works on."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from directory.curation.record_keys import parse_key, resolve_key
from directory.errors import NotFound, Unavailable
from directory.live import Directory
from directory.store.database.engine import find_database_file
from directory.store.store import Store

MISSING_FILE_MESSAGE = (
    "There is no directory in this database yet: the file {} does not exist. To create it, run `directory seed --apply` or "
    "`directory serve`. To use another file, set --database-url or DIRECTORY_DATABASE_URL."
)
OUTDATED_TABLES_MESSAGE = "The tables of this database do not match this version of the program. Run `directory migrate` first."


@contextmanager
def open_directory(url: str) -> Iterator[Directory]:
    """Open an existing directory with current tables. Never creates a file. Raises Unavailable."""
    file = find_database_file(url)
    if file and file.parent.is_dir() and not file.exists():  # if the folder is missing, Store.open says so
        raise Unavailable(MISSING_FILE_MESSAGE.format(file))
    with closing(Directory(Store.open(url))) as directory:
        if not directory.store.is_schema_current():
            raise Unavailable(OUTDATED_TABLES_MESSAGE)
        yield directory


@contextmanager
def create_directory(url: str) -> Iterator[Directory]:
    """Open a directory, and create or migrate its tables if necessary. Print the path of a relative SQLite file to stderr."""
    with closing(Directory(Store.open(url))) as directory:
        print_database_path(directory.store.database.path, url)
        directory.store.migrate()
        yield directory


def print_database_path(file: Path | None, url: str) -> None:
    """Print the absolute path of an SQLite file to stderr if the URL has a relative path."""
    if file and str(file) not in url:
        click.echo(f"Database: {file}", err=True)


def resolve_record_id(store: Store, key: str) -> str:
    """Return the id of the record with this key (curation/record_keys.py), including removed ones. Raises NotFound."""
    with store.begin_read() as reading:
        found = resolve_key(reading, key)
        if not reading.load_history(found.id):
            kind, text = parse_key(key)
            sentence = f'There is no {kind.noun} "{text}", now or in the past. Enter the id or slug of another one.'
            raise NotFound(sentence, value=key)
    return found.id
