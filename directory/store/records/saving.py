"""From entries to rows, many organizations at once; only what differs is written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from directory.records import Audience, StoredContact, StoredOrganization
from directory.store.database.bulk import execute_many
from directory.store.ledger import merges
from directory.store.ledger.change_log import PendingChange
from directory.store.records import slugs
from directory.store.records.columns import encode_fields
from directory.store.records.slugs import SlugChoice
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
    """Brings the tables from `before` to `after`. `keys`: of the organizations that are there, by id."""
    removed = [change.id for change in pending if change.after is None]
    execute_many(
        connection, delete(organizations).where(organizations.c.id == bindparam("of")), [{"of": identity} for identity in removed]
    )
    slugs.register_slugs(connection, pending, slug_choice)
    merges.save_merges(connection, pending)
    keys = {**keys, **_assign_keys(connection, pending)}
    _write_organizations(connection, pending, keys, revision)
    _write_child_rows(connection, [change for change in pending if change.after is not None], keys)


def _assign_keys(connection: Connection, pending: Sequence[PendingChange]) -> dict[str, int]:
    """Keys are given here, not by the engine: writers take turns, and both engines count alike."""
    created = [change.id for change in pending if change.before is None]
    last = connection.execute(select(func.max(organizations.c.key))).scalar() if created else 0
    return {identity: key for key, identity in enumerate(created, (last or 0) + 1)}


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
    changed.sort(key=lambda row: bool(row["audience"] == Audience.PUBLIC.value and row["hidden_since"] is None))
    # private records first: a slug that they release may be another's in the same write
    execute_many(connection, update(organizations).where(organizations.c.key == bindparam("of")), changed)
    execute_many(connection, insert(organizations), created)


def _write_child_rows(connection: Connection, pending: Sequence[PendingChange], keys: RowKeys) -> None:
    """Everything that goes is deleted before anything is inserted, so that values can move between organizations."""
    changed = {field: [change for change in pending if _differs(change, field)] for field in _CHILD_TABLES}
    for field, changes in changed.items():
        table = _CHILD_TABLES[field]
        old = [{"of": keys[change.id]} for change in changes if change.before is not None]
        statement = delete(table).where(table.c.organization_key == bindparam("of"))
        execute_many(connection, statement.where(table.c.facet == field) if table is terms else statement, old)
    for field, changes in changed.items():
        new = [row for change in changes if change.after for row in _build_child_rows(field, change.after, keys[change.id])]
        execute_many(connection, insert(_CHILD_TABLES[field]), new)
    moved = [change.after for change in changed["sites"] if change.after]
    execute_many(connection, insert(private_places), [row for entry in moved for row in _build_private_rows(entry)])


def _differs(change: PendingChange, field: str) -> bool:
    before: tuple[Any, ...] = getattr(change.before, field) if change.before else ()
    return bool(before != getattr(change.after, field))


def _build_child_rows(field: str, entry: StoredOrganization, key: int) -> Iterator[ColumnValues]:
    for position, value in enumerate(getattr(entry, field)):
        yield {"organization_key": key, "position": position, **_encode_child(field, value)}


def _encode_child(field: str, value: Any) -> ColumnValues:
    if field in TERM_FIELDS:
        return {"facet": field, "slug": value}
    if field == "service_areas":
        return {"region": value}
    return {**encode_fields(value), "languages": value.languages} if isinstance(value, StoredContact) else encode_fields(value)


def _build_private_rows(entry: StoredOrganization) -> Iterator[ColumnValues]:
    for site in entry.sites:
        if site.private is not None:
            point = site.private.point
            latitude, longitude = (point.latitude, point.longitude) if point else (None, None)
            yield {"site_id": site.id, "street": site.private.street, "latitude": latitude, "longitude": longitude}
