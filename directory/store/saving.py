"""From entries to rows, many organizations at once; only what differs is written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from directory.records import Audience, Entry, KeptContact
from directory.store import merges, slugs
from directory.store.columns import values
from directory.store.ledger import Altered
from directory.store.many import run
from directory.store.slugs import SlugChoice
from directory.store.tables import LISTED, TERM_FIELDS, organizations, private_places, service_areas, terms

Row = dict[str, Any]
Keys = Mapping[str, int]

_CHILDREN: dict[str, Table] = {
    **{field: table for field, (table, _) in LISTED.items()},
    "service_areas": service_areas,
    **dict.fromkeys(TERM_FIELDS, terms),
}


def save(connection: Connection, altered: Sequence[Altered], keys: Keys, revision: int, chosen: SlugChoice) -> None:
    """Brings the tables from `before` to `after`. `keys`: of the organizations that are there, by id."""
    removed = [change.id for change in altered if change.after is None]
    run(
        connection, delete(organizations).where(organizations.c.id == bindparam("of")), [{"of": identity} for identity in removed]
    )
    slugs.register(connection, altered, chosen)
    merges.note(connection, altered)
    keys = {**keys, **_new_keys(connection, altered)}
    _write_organizations(connection, altered, keys, revision)
    _write_children(connection, [change for change in altered if change.after is not None], keys)


def _new_keys(connection: Connection, altered: Sequence[Altered]) -> dict[str, int]:
    """Keys are given here, not by the engine: writers take turns, and both engines count alike."""
    created = [change.id for change in altered if change.before is None]
    last = connection.execute(select(func.max(organizations.c.key))).scalar() if created else 0
    return {identity: key for key, identity in enumerate(created, (last or 0) + 1)}


def _write_organizations(connection: Connection, altered: Sequence[Altered], keys: Keys, revision: int) -> None:
    created: list[Row] = []
    changed: list[Row] = []
    for change in altered:
        if change.after is not None:
            row = {**values(change.after), **values(change.after.membership, "membership_"), "revision": revision}
            if change.before is None:
                created.append({**row, "key": keys[change.id]})
            else:
                changed.append({**row, "of": keys[change.id]})
    changed.sort(key=lambda row: bool(row["audience"] == Audience.PUBLIC.value and row["hidden_since"] is None))
    # private records first: a slug that they release may be another's in the same write
    run(connection, update(organizations).where(organizations.c.key == bindparam("of")), changed)
    run(connection, insert(organizations), created)


def _write_children(connection: Connection, altered: Sequence[Altered], keys: Keys) -> None:
    """Everything that goes is deleted before anything is inserted, so that values can move between organizations."""
    changed = {field: [change for change in altered if _differs(change, field)] for field in _CHILDREN}
    for field, changes in changed.items():
        table = _CHILDREN[field]
        old = [{"of": keys[change.id]} for change in changes if change.before is not None]
        statement = delete(table).where(table.c.organization_key == bindparam("of"))
        run(connection, statement.where(table.c.facet == field) if table is terms else statement, old)
    for field, changes in changed.items():
        new = [row for change in changes if change.after for row in _rows(field, change.after, keys[change.id])]
        run(connection, insert(_CHILDREN[field]), new)
    moved = [change.after for change in changed["sites"] if change.after]
    run(connection, insert(private_places), [row for entry in moved for row in _private_rows(entry)])


def _differs(change: Altered, field: str) -> bool:
    before: tuple[Any, ...] = getattr(change.before, field) if change.before else ()
    return bool(before != getattr(change.after, field))


def _rows(field: str, entry: Entry, key: int) -> Iterator[Row]:
    for position, value in enumerate(getattr(entry, field)):
        yield {"organization_key": key, "position": position, **_columns(field, value)}


def _columns(field: str, value: Any) -> Row:
    if field in TERM_FIELDS:
        return {"facet": field, "slug": value}
    if field == "service_areas":
        return {"region": value}
    return {**values(value), "languages": value.languages} if isinstance(value, KeptContact) else values(value)


def _private_rows(entry: Entry) -> Iterator[Row]:
    for site in entry.sites:
        if site.private is not None:
            point = site.private.point
            latitude, longitude = (point.latitude, point.longitude) if point else (None, None)
            yield {"site_id": site.id, "street": site.private.street, "latitude": latitude, "longitude": longitude}
