"""Back up a whole directory to one file, and restore it on either engine.

The file is gzipped NDJSON: a header (format, schema, number of rows of each table), one line per row, and a last line with the
SHA-256 of all lines before it. A backup includes private places and all contacts, so protect it like the database.
"""

import datetime as dt
import gzip
import hashlib
import os
import secrets
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct
from sqlalchemy import Column, Connection, LargeBinary, Table, delete, func, insert, select, update
from sqlalchemy.types import TypeEngine

from directory.errors import BadInput, Unavailable
from directory.store.database import database_errors, migrate
from directory.store.database.bulk import split_into_chunks, stream_rows
from directory.store.ledger.edits import generate_key
from directory.store.records.columns import SharedDate, UtcDateTime
from directory.store.records.tables import head, metadata
from directory.store.store import Store

COMPRESSION_LEVEL = 6  # of gzip; higher levels save little and take much longer
FORMAT = "membership-directory-backup 1"
TABLES = {str(table.name): table for table in metadata.sorted_tables}  # a table comes after those that it refers to

NOT_A_BACKUP = "The file is not a backup of a membership directory."
DAMAGED_BACKUP = "The backup is damaged or incomplete. Nothing was restored; use another backup."
OTHER_SCHEMA = "The backup was made by another version of this program. Restore it with that version, then migrate."
DATABASE_NOT_EMPTY = "The database is not empty. A backup can only be restored into an empty database; use another one."


class BackupHeader(Struct, frozen=True):
    """The first line of a backup. `rows` is the number of rows of each table."""

    format: str
    schema: str
    rows: dict[str, int]


class Checksum(Struct, frozen=True):
    """The last line of a backup."""

    sha256: str


def backup(store: Store, path: Path) -> BackupHeader:
    """Write one state of the directory to a new file that only its owner can read.

    The file appears under its name once it is complete. Raises BadInput if the path exists or cannot be written, and Unavailable
    if the database is not migrated.
    """
    if path.exists():
        raise BadInput(f"{path} already exists. Choose a path that does not.", argument="path")
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(unfinished, "xb", opener=_open_private) as file:
            header = _write_backup(store, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", argument="path") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return header


def restore(path: Path, store: Store) -> BackupHeader:
    """Restore a backup into a migrated, empty database. Restores nothing if anything fails.

    Raises BadInput if the file is not a backup, is damaged or has another schema, or if the database is not empty. Raises
    Unavailable if the database is not migrated.
    """
    try:
        return store.database.run_write(lambda connection: _restore_tables(connection, path))
    except gzip.BadGzipFile:
        raise BadInput(NOT_A_BACKUP, argument="path") from None
    except (EOFError, zlib.error):
        raise BadInput(DAMAGED_BACKUP, argument="path") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", argument="path") from None


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write_backup(store: Store, file: IO[bytes]) -> BackupHeader:
    with (
        store.begin_read() as reading,
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=COMPRESSION_LEVEL, mtime=0) as packed,
    ):
        connection, digest = reading.connection, hashlib.sha256()
        schema = _require_current_schema(connection)
        header = BackupHeader(FORMAT, schema, {name: _count_rows(connection, table) for name, table in TABLES.items()})
        _write_line(packed, digest, header)
        for name, table in TABLES.items():
            for row in stream_rows(connection, select(table)):
                _write_line(packed, digest, [name, *row])
        packed.write(msgspec.json.encode(Checksum(digest.hexdigest())) + b"\n")
    return header


def _write_line(packed: gzip.GzipFile, digest: "hashlib._Hash", value: object) -> None:
    line = msgspec.json.encode(value) + b"\n"
    digest.update(line)
    packed.write(line)


def _require_current_schema(connection: Connection) -> str:
    if not migrate.is_schema_current(connection):
        raise Unavailable(database_errors.NO_TABLES)
    return migrate.CURRENT_REVISION


def _count_rows(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar() or 0


def _restore_tables(connection: Connection, path: Path) -> BackupHeader:
    schema = _require_current_schema(connection)
    connection.execute(update(head).values(id=head.c.id))  # makes other writers wait until this one commits
    _require_empty(connection)
    with gzip.open(path, "rb") as file:
        lines, digest = iter(file), hashlib.sha256()
        header = _read_header(lines, digest)
        if header.schema != schema:
            raise BadInput(OTHER_SCHEMA, argument="path")
        connection.execute(delete(head))
        if _insert_rows(connection, _read_rows(lines, digest)) != header.rows:
            raise BadInput(DAMAGED_BACKUP, argument="path")
    # a new key, so that versions published between backup and restore are not published again for other content
    connection.execute(update(head).values(key=generate_key()))
    return header


def _require_empty(connection: Connection) -> None:
    if any(_count_rows(connection, table) for table in TABLES.values() if table is not head):
        raise BadInput(DATABASE_NOT_EMPTY, argument="database_url")


def _read_header(lines: Iterator[bytes], digest: "hashlib._Hash") -> BackupHeader:
    line = next(lines, b"")
    digest.update(line)
    try:
        header = msgspec.json.decode(line, type=BackupHeader)
    except msgspec.DecodeError:
        raise BadInput(NOT_A_BACKUP, argument="path") from None
    if header.format != FORMAT:
        raise BadInput(NOT_A_BACKUP, argument="path")
    return header


def _read_rows(lines: Iterator[bytes], digest: "hashlib._Hash") -> Iterator[tuple[str, list[Any]]]:
    """Yield the rows up to the checksum, with the names of their tables. Raises BadInput if the checksum is missing or wrong."""
    for line in lines:
        if not line.startswith(b"["):
            if line != msgspec.json.encode(Checksum(digest.hexdigest())) + b"\n":
                break
            return
        digest.update(line)
        try:
            name, *row = msgspec.json.decode(line)
        except msgspec.DecodeError:
            break
        yield name, row
    raise BadInput(DAMAGED_BACKUP, argument="path")


def _insert_rows(connection: Connection, rows: Iterator[tuple[str, list[Any]]]) -> dict[str, int]:
    """Return the number of rows inserted into each table."""
    counts = dict.fromkeys(TABLES, 0)
    for name, group in groupby(rows, itemgetter(0)):
        if name not in TABLES:
            raise BadInput(DAMAGED_BACKUP, argument="path")
        for chunk in split_into_chunks(group):
            connection.execute(insert(TABLES[name]), [_decode_row(TABLES[name], row) for _, row in chunk])
            counts[name] += len(chunk)
    return counts


def _decode_row(table: Table, row: Sequence[Any]) -> dict[str, Any]:
    if len(row) != len(table.columns):
        raise BadInput(DAMAGED_BACKUP, argument="path")
    try:
        return {column.name: _decode_value(column, value) for column, value in zip(table.columns, row, strict=True)}
    except (ValueError, TypeError):
        raise BadInput(DAMAGED_BACKUP, argument="path") from None


_VALUE_DECODERS: dict[type[TypeEngine[Any]], Callable[[Any], Any]] = {  # of types that JSON does not have
    UtcDateTime: dt.datetime.fromisoformat,
    SharedDate: dt.date.fromisoformat,
    LargeBinary: b64decode,
}


def _decode_value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    for column_type, decode in _VALUE_DECODERS.items():
        if isinstance(column.type, column_type):
            return decode(value)
    return value
