"""Save stored organizations to the tables, many at once. Only rows of fields that differ are written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from directory.records import Audience, StoredContact, StoredOrganization
from directory.store.database.bulk import execute_many
from directory.store.ledger import merges
from directory.store.ledger.change_log import PendingChange
from directory.store.records.columns import encode_fields
from directory.store.records.slug_assignment import SlugChoice, register_slugs
from directory.store.records.tables import PART_TABLES, TERM_FIELDS, organizations, private_places, service_areas, terms

ColumnValues = dict[str, Any]
RowKeys = Mapping[str, int]

_CHILD_TABLES: dict[str, Table] = {
    **{field: table for field, (table, _) in PART_TABLES.items()},
    "service_areas": service_areas,
    **dict.fromkeys(TERM_FIELDS, terms),
}


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
    _write_child_rows(connection, [change for change in pending if change.after is not None], keys)


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


def _write_child_rows(connection: Connection, pending: Sequence[PendingChange], keys: RowKeys) -> None:
    changed = {field: [change for change in pending if _differs(change, field)] for field in _CHILD_TABLES}
    # all deletes before all inserts, so that values can move between organizations
    for field, changes in changed.items():
        table = _CHILD_TABLES[field]
        old_keys = [{"of": keys[change.id]} for change in changes if change.before is not None]
        statement = delete(table).where(table.c.organization_key == bindparam("of"))
        execute_many(connection, statement.where(table.c.facet == field) if table is terms else statement, old_keys)
    for field, changes in changed.items():
        rows = [row for change in changes if change.after for row in _build_child_rows(field, change.after, keys[change.id])]
        execute_many(connection, insert(_CHILD_TABLES[field]), rows)
    relocated = [change.after for change in changed["sites"] if change.after]
    private_rows = [row for organization in relocated for row in _build_private_rows(organization)]
    execute_many(connection, insert(private_places), private_rows)


def _differs(change: PendingChange, field: str) -> bool:
    before: tuple[Any, ...] = getattr(change.before, field) if change.before else ()
    return bool(before != getattr(change.after, field))


def _build_child_rows(field: str, organization: StoredOrganization, key: int) -> Iterator[ColumnValues]:
    for position, value in enumerate(getattr(organization, field)):
        yield {"organization_key": key, "position": position, **_encode_child(field, value)}


def _encode_child(field: str, value: Any) -> ColumnValues:
    if field in TERM_FIELDS:
        return {"facet": field, "slug": value}
    if field == "service_areas":
        return {"region": value}
    return {**encode_fields(value), "languages": value.languages} if isinstance(value, StoredContact) else encode_fields(value)


def _build_private_rows(organization: StoredOrganization) -> Iterator[ColumnValues]:
    for location in organization.sites:
        if location.private is not None:
            point = location.private.point
            latitude, longitude = (point.latitude, point.longitude) if point else (None, None)
            yield {"site_id": location.id, "street": location.private.street, "latitude": latitude, "longitude": longitude}
