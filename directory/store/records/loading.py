"""Load stored records from the tables.

To load all of a kind, each of its tables is read once, ordered by record, and the streams of rows are merged as they arrive, so
memory does not grow with the number of records. To load a few, one statement reads their rows and one all of their parts.

Readers get private places only where the disclosure is EXACT (`load_records`), writes and checks get all of them
(`load_current_records`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from directory.records import RecordKind, StoredRecord
from directory.store.database.bulk import AnyRow, AnySelect, split_into_chunks, stream_rows
from directory.store.ledger.edits import RecordId
from directory.store.records.columns import RowDecoder, build_decoder
from directory.store.records.combined_query import CombinedQuery, PartValues
from directory.store.records.part_readers import build_complete_readers, build_publishable_readers
from directory.store.records.tables import TABLES, KindTables

KeyedRecord = tuple[int, int, StoredRecord]  # the key of the record's row, and its revision, come first

_FIELDS_OFFSET = 2  # a record's row starts with its key and revision


class CurrentRecord(Struct, frozen=True):
    """A stored record with all of its private places."""

    key: int
    revision: int
    record: StoredRecord


def load_records(
    connection: Connection, kind: RecordKind, ids: Collection[str] | None = None
) -> Iterator[tuple[StoredRecord, int]]:
    """Yield all records of a kind in the order of their creation, or those of `ids` that exist, each with its last revision.

    A location has its private place only if its disclosure is EXACT.
    """
    loader = _LOADERS[kind]
    if ids is None:
        yield from loader.stream(connection)
        return
    for chunk in split_into_chunks(ids):
        for _, revision, record in loader.load(connection, chunk, loader.publishable_parts):
            yield record, revision


def load_current_records(connection: Connection, ids: Iterable[RecordId]) -> dict[str, CurrentRecord]:
    """Return the stored records by id, for writes and checks. Unknown ids are left out. Takes two statements for each kind."""
    ids_by_kind: dict[RecordKind, list[str]] = {}
    for record_id in ids:
        ids_by_kind.setdefault(record_id.kind, []).append(record_id.id)
    current = {}
    for kind, own_ids in ids_by_kind.items():
        loader = _LOADERS[kind]
        for chunk in split_into_chunks(own_ids):
            for key, revision, record in loader.load(connection, chunk, loader.complete_parts):
                current[record.id] = CurrentRecord(key, revision, record)
    return current


class _RecordLoader:
    """Loads the records of one kind."""

    def __init__(self, tables: KindTables) -> None:
        self._stored = tables.kind.stored_type
        self._readers = build_publishable_readers(tables)
        self.publishable_parts = CombinedQuery(self._readers.values())
        self.complete_parts = CombinedQuery(build_complete_readers(tables).values())
        columns, self._decode_fields = build_decoder(self._stored)
        self._embedded: list[tuple[str, type[Struct], slice, RowDecoder]] = []
        main = tables.main.c
        selected = [main[name] for name in columns]
        self._fields = slice(_FIELDS_OFFSET, _FIELDS_OFFSET + len(columns))
        for field, struct in tables.embedded_structs.items():
            names, decode = build_decoder(struct)
            start = _FIELDS_OFFSET + len(selected)
            self._embedded.append((field, struct, slice(start, start + len(names)), decode))
            selected += [main[f"{field}_{name}"] for name in names]
        self._id = main.id
        self._select: AnySelect = select(main.key, main.revision, *selected).order_by(main.key)

    def load(self, connection: Connection, ids: Sequence[str], parts: CombinedQuery) -> list[KeyedRecord]:
        """Return the records of `ids` that exist, with the fields that `parts` reads. Takes two statements."""
        rows = connection.execute(self._select.where(self._id.in_(ids))).all()
        values = parts.load(connection, [row[0] for row in rows]) if rows else {}
        return [self._build(row, values.get(row[0], {})) for row in rows]

    def stream(self, connection: Connection) -> Iterator[tuple[StoredRecord, int]]:
        def start_stream(query: AnySelect) -> _RowGroups:
            return _RowGroups(stream_rows(connection, query))

        streams = [(reader.field, start_stream(reader.select_all()), reader.build) for reader in self._readers.values()]
        for row in stream_rows(connection, self._select):
            key = row[0]
            parts = {field: build(rows.take_group()) for field, rows, build in streams if rows.key == key}
            _, revision, record = self._build(row, parts)
            yield record, revision

    def _build(self, row: Sequence[Any], parts: PartValues) -> KeyedRecord:
        embedded = {field: struct(**decode(row[columns])) for field, struct, columns, decode in self._embedded}
        return row[0], row[1], self._stored(**self._decode_fields(row[self._fields]), **embedded, **parts)


class _RowGroups:
    """A stream of rows ordered by organization, taken one organization at a time."""

    def __init__(self, rows: Iterable[AnyRow]) -> None:
        self._groups = groupby(rows, itemgetter(0))
        self.key: int | None = None  # of the organization whose rows come next; None at the end
        self._rows: Iterator[AnyRow] = iter(())
        self.take_group()

    def take_group(self) -> list[AnyRow]:
        """Return the rows of the organization `key`, and move on to the next organization."""
        rows = list(self._rows)
        self.key, self._rows = next(self._groups, (None, iter(())))
        return rows


_LOADERS = {name: _RecordLoader(tables) for name, tables in TABLES.items()}
