"""Save stored organizations to the tables, many at once. Only rows of fields that differ are written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from directory.records import Audience, StoredOrganization
from directory.store.database.bulk import execute_many
from directory.store.ledger import merges
from directory.store.ledger.change_log import PendingChange
from directory.store.records.columns import encode_fields
from directory.store.records.datasets import DatasetIds, delete_unused_datasets, save_datasets
from directory.store.records.provenance import group_sources
from directory.store.records.slug_assignment import SlugChoice, register_slugs
from directory.store.records.tables import PART_TABLES, organizations, private_places

ColumnValues = dict[str, Any]
RowKeys = Mapping[str, int]


def save_records(
    connection: Connection, pending: Sequence[PendingChange], keys: RowKeys, revision: int, slug_choice: SlugChoice
) -> None:
    """Write the pending changes to the tables. `keys` are the keys of existing organizations, by id."""
    removed = [{"of": change.id} for change in pending if change.after is None]
    execute_many(connection, delete(organizations).where(organizations.c.id == bindparam("of")), removed)
    register_slugs(connection, pending, slug_choice)
    merges.save_merges(connection, pending)
    keys = {**keys, **_assign_keys(connection, pending)}
    _write_organizations(connection, pending, keys, revision)
    dataset_ids = save_datasets(connection, pending)
    _write_parts(connection, [change for change in pending if change.after is not None], keys, dataset_ids)
    delete_unused_datasets(connection, pending, dataset_ids)


def _assign_keys(connection: Connection, pending: Sequence[PendingChange]) -> dict[str, int]:
    """Return the keys of new organizations, by id.

    They are assigned here so that both engines count alike. This is safe because only one writer runs at a time.
    """
    created_ids = [change.id for change in pending if change.before is None]
    last_key = connection.execute(select(func.max(organizations.c.key))).scalar() if created_ids else 0
    return {organization_id: key for key, organization_id in enumerate(created_ids, (last_key or 0) + 1)}


def _write_organizations(connection: Connection, pending: Sequence[PendingChange], keys: RowKeys, revision: int) -> None:
    created: list[ColumnValues] = []
    changed: list[ColumnValues] = []
    for change in pending:
        if change.after is not None:
            row = {**encode_fields(change.after), **encode_fields(change.after.membership, "membership_"), "revision": revision}
            if change.before is None:
                created.append({**row, "key": keys[change.id]})
            else:
                changed.append({**row, "of": keys[change.id]})
    # private records first, because public ones may take the slugs that they release
    changed.sort(key=lambda row: bool(row["audience"] == Audience.PUBLIC.value and row["hidden_since"] is None))
    execute_many(connection, update(organizations).where(organizations.c.key == bindparam("of")), changed)
    execute_many(connection, insert(organizations), created)


def _write_parts(connection: Connection, pending: Sequence[PendingChange], keys: RowKeys, dataset_ids: DatasetIds) -> None:
    changed = {field: [change for change in pending if _differs(change, field)] for field in PART_TABLES}
    # all deletes before all inserts, so that values can move between organizations
    for field, changes in changed.items():
        table = PART_TABLES[field][0]
        old_keys = [{"of": keys[change.id]} for change in changes if change.before and getattr(change.before, field)]
        execute_many(connection, delete(table).where(table.c.organization_key == bindparam("of")), old_keys)
    for field, changes in changed.items():
        states = ((keys[change.id], change.after) for change in changes if change.after)
        rows = [row for key, organization in states for row in _build_part_rows(field, organization, key, dataset_ids)]
        execute_many(connection, insert(PART_TABLES[field][0]), rows)
    relocated = [change.after for change in changed["sites"] if change.after]
    private_rows = [row for organization in relocated for row in _build_private_rows(organization)]
    execute_many(connection, insert(private_places), private_rows)


def _differs(change: PendingChange, field: str) -> bool:
    before: tuple[Any, ...] = getattr(change.before, field) if change.before else ()
    return bool(before != getattr(change.after, field))


def _build_part_rows(field: str, organization: StoredOrganization, key: int, dataset_ids: DatasetIds) -> Iterator[ColumnValues]:
    owner = {"organization_key": key}
    if field == "sources":
        for position, group in enumerate(group_sources(organization.sources)):
            yield {**owner, "position": position, "dataset": dataset_ids[group.dataset], **encode_fields(group)}
    else:
        for position, value in enumerate(getattr(organization, field)):
            yield {**owner, "position": position, **encode_fields(value)}


def _build_private_rows(organization: StoredOrganization) -> Iterator[ColumnValues]:
    for location in organization.sites:
        if location.private is not None:
            point = location.private.point
            latitude, longitude = (point.latitude, point.longitude) if point else (None, None)
            yield {"site_id": location.id, "street": location.private.street, "latitude": latitude, "longitude": longitude}
