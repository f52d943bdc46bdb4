"""Save stored records to the tables, many at once. Only rows of fields that differ are written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from directory.records import Audience, RecordKind, StoredRecord
from directory.store.database.bulk import execute_many
from directory.store.ledger import merges
from directory.store.ledger.change_log import PendingChange
from directory.store.records.columns import encode_fields
from directory.store.records.datasets import DatasetIds, delete_unused_datasets, save_datasets
from directory.store.records.provenance import group_sources
from directory.store.records.slug_assignment import SlugChoice, register_slugs
from directory.store.records.tables import TABLES, KindTables, get_owner_key

ColumnValues = dict[str, Any]
RowKeys = Mapping[str, int]


def save_records(
    connection: Connection, pending: Sequence[PendingChange], keys: RowKeys, revision: int, slug_choice: SlugChoice
) -> None:
    """Write the pending changes to the tables. `keys` are the keys of existing records, by id."""
    by_kind = _group_by_kind(pending)
    for tables, changes in by_kind:
        removed = [{"of": change.id} for change in changes if change.after is None]
        execute_many(connection, delete(tables.main).where(tables.main.c.id == bindparam("of")), removed)
    register_slugs(connection, pending, slug_choice)
    merges.save_merges(connection, pending)
    dataset_ids = save_datasets(connection, pending)
    for tables, changes in by_kind:
        own_keys = {**keys, **_assign_keys(connection, tables, changes)}
        _write_main_rows(connection, tables, changes, own_keys, revision)
        remaining = [change for change in changes if change.after is not None]
        _write_parts(connection, tables, remaining, own_keys, dataset_ids)
    delete_unused_datasets(connection, pending, dataset_ids)


def _group_by_kind(pending: Sequence[PendingChange]) -> list[tuple[KindTables, list[PendingChange]]]:
    grouped: dict[RecordKind, list[PendingChange]] = {}
    for change in pending:
        grouped.setdefault(change.record_id.kind, []).append(change)
    return [(tables, grouped[kind]) for kind, tables in TABLES.items() if kind in grouped]


def _assign_keys(connection: Connection, tables: KindTables, pending: Sequence[PendingChange]) -> dict[str, int]:
    """Return the keys of new records, by id.

    They are assigned here so that both engines count alike. This is safe because only one writer runs at a time.
    """
    created_ids = [change.id for change in pending if change.before is None]
    last_key = connection.execute(select(func.max(tables.main.c.key))).scalar() if created_ids else 0
    return {record_id: key for key, record_id in enumerate(created_ids, (last_key or 0) + 1)}


def _write_main_rows(
    connection: Connection, tables: KindTables, pending: Sequence[PendingChange], keys: RowKeys, revision: int
) -> None:
    created: list[ColumnValues] = []
    changed: list[ColumnValues] = []
    for change in pending:
        if change.after is not None:
            row = {**_encode_main_row(tables, change.after), "revision": revision}
            if change.before is None:
                created.append({**row, "key": keys[change.id]})
            else:
                changed.append({**row, "of": keys[change.id]})
    # private records first, because public ones may take the slugs that they release
    changed.sort(key=lambda row: bool(row["audience"] == Audience.PUBLIC.value and row["hidden_since"] is None))
    execute_many(connection, update(tables.main).where(tables.main.c.key == bindparam("of")), changed)
    execute_many(connection, insert(tables.main), created)


def _encode_main_row(tables: KindTables, record: StoredRecord) -> ColumnValues:
    embedded = (encode_fields(getattr(record, field), f"{field}_") for field in tables.embedded_structs)
    return {**encode_fields(record), **{name: value for columns in embedded for name, value in columns.items()}}


def _write_parts(
    connection: Connection, tables: KindTables, pending: Sequence[PendingChange], keys: RowKeys, dataset_ids: DatasetIds
) -> None:
    changed = {field: [change for change in pending if _differs(change, field)] for field in tables.parts}
    # all deletes before all inserts, so that values can move between records
    for field, changes in changed.items():
        table = tables.parts[field][0]
        old_keys = [{"of": keys[change.id]} for change in changes if change.before and getattr(change.before, field)]
        execute_many(connection, delete(table).where(get_owner_key(table) == bindparam("of")), old_keys)
    for field, changes in changed.items():
        table, states = tables.parts[field][0], ((keys[change.id], change.after) for change in changes if change.after)
        owner = get_owner_key(table).name
        rows = [{owner: key, **values} for key, record in states for values in _encode_part_rows(field, record, dataset_ids)]
        execute_many(connection, insert(table), rows)
    if tables.private_places is not None:
        relocated = [change.after for change in changed["sites"] if change.after]
        private_rows = [row for record in relocated for row in _build_private_rows(record)]
        execute_many(connection, insert(tables.private_places), private_rows)


def _differs(change: PendingChange, field: str) -> bool:
    before: tuple[Any, ...] = getattr(change.before, field) if change.before else ()
    return bool(before != getattr(change.after, field))


def _encode_part_rows(field: str, record: StoredRecord, dataset_ids: DatasetIds) -> Iterator[ColumnValues]:
    """Yield the columns of each item of a field, without that of the record."""
    if field == "sources":
        for position, group in enumerate(group_sources(record.sources)):
            yield {"position": position, "dataset": dataset_ids[group.dataset], **encode_fields(group)}
    else:
        for position, value in enumerate(getattr(record, field)):
            yield {"position": position, **encode_fields(value)}


def _build_private_rows(record: StoredRecord) -> Iterator[ColumnValues]:
    for location in record.sites:
        if location.private is not None:
            point = location.private.point
            latitude, longitude = (point.latitude, point.longitude) if point else (None, None)
            yield {"site_id": location.id, "street": location.private.street, "latitude": latitude, "longitude": longitude}
