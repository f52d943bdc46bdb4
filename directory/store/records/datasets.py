"""Store the datasets that records share as sources: reuse equal ones, and delete those that no record names any more.

A title can lead to a private place ("Lease of 1 Main St"), so a dataset must not outlive its last record.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import astuple
from sqlalchemy import Connection, delete, exists, func, insert, select

from directory.records import Source, StoredRecord
from directory.store.database.bulk import execute_many, split_into_chunks
from directory.store.ledger.change_log import PendingChange
from directory.store.records.columns import build_decoder, encode_fields
from directory.store.records.provenance import Dataset, list_datasets
from directory.store.records.tables import TABLES, datasets

DatasetIds = Mapping[Dataset, int]

_DATASET_COLUMNS, _decode_dataset = build_decoder(Dataset)


def save_datasets(connection: Connection, pending: Sequence[PendingChange]) -> DatasetIds:
    """Return the id of each dataset that the changed sources name now or named before. Adds those that are new.

    Executes nothing if no sources change.
    """
    before, after = _collect_datasets(pending)
    if not before | after:
        return {}
    ids, last_id = _load_ids(connection, before | after)
    # sorted, so that the same write gives the same ids; assigned here so that both engines count alike
    added = sorted(after - ids.keys(), key=lambda dataset: [value or "" for value in astuple(dataset)])
    new_ids = {dataset: last_id + number for number, dataset in enumerate(added, 1)}
    execute_many(connection, insert(datasets), [{"id": id_, **encode_fields(dataset)} for dataset, id_ in new_ids.items()])
    return {**ids, **new_ids}


def delete_unused_datasets(connection: Connection, pending: Sequence[PendingChange], ids: DatasetIds) -> None:
    """Delete the datasets that changed records no longer name, unless others do. `ids` are those of `save_datasets`.

    Must be called after the provenance of the records is saved.
    """
    before, after = _collect_datasets(pending)
    provenances = (tables.parts["sources"][0] for tables in TABLES.values())
    is_unused = [~exists().where(provenance.c.dataset == datasets.c.id) for provenance in provenances]
    for chunk in split_into_chunks(sorted(ids[dataset] for dataset in before - after if dataset in ids)):
        connection.execute(delete(datasets).where(datasets.c.id.in_(chunk), *is_unused))


def _collect_datasets(pending: Sequence[PendingChange]) -> tuple[set[Dataset], set[Dataset]]:
    """Return the datasets of changed sources before and after the write."""
    changed = [change for change in pending if _list_sources(change.before) != _list_sources(change.after)]
    before = (list_datasets(_list_sources(change.before)) for change in changed)
    after = (list_datasets(_list_sources(change.after)) for change in changed)
    return set[Dataset]().union(*before), set[Dataset]().union(*after)


def _list_sources(record: StoredRecord | None) -> tuple[Source, ...]:
    return record.sources if record else ()


def _load_ids(connection: Connection, wanted: Iterable[Dataset]) -> tuple[dict[Dataset, int], int]:
    """Return the ids of these and other datasets with the same titles, and the last id in use (0 if there is none)."""
    last = select(func.max(datasets.c.id).label("id")).subquery()
    columns = [datasets.c[name] for name in _DATASET_COLUMNS]
    ids: dict[Dataset, int] = {}
    last_id = 0
    for chunk in split_into_chunks(sorted({dataset.title for dataset in wanted})):
        # one row with the last id even if nothing matches
        query = select(last.c.id, datasets.c.id, *columns).outerjoin_from(last, datasets, datasets.c.title.in_(chunk))
        for last_row_id, dataset_id, *values in connection.execute(query):
            last_id = last_row_id or 0
            if dataset_id is not None:
                ids[Dataset(**_decode_dataset(values))] = dataset_id
    return ids, last_id
