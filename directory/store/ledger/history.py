"""Read the ledger: the history of an organization, the changes of a revision, and when people last edited a field."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, ScalarSelect, and_, func, select

from directory.records import StoredOrganization
from directory.store.database.bulk import split_into_chunks, stream_rows
from directory.store.ledger.change_log import NO_PARTS, PrivateParts, join_private_parts
from directory.store.ledger.edits import Change, LedgerKind, Revision
from directory.store.records.tables import change_private, changes

_organization_decoder = msgspec.json.Decoder(StoredOrganization)
_private_parts_decoder = msgspec.json.Decoder(PrivateParts)
_EMPTY_ORGANIZATION = StoredOrganization(id="", slug="", name="")
_FIELDS_SET_ON_CREATION = ("membership", "audience")  # decided by the person who creates a record, even if left at the default
_ERASABLE_FIELDS = ("sites", "contacts", "sources")  # fields with private parts
_EDIT_KINDS = (LedgerKind.CREATED.value, LedgerKind.CHANGED.value)
_IS_RECORD_CHANGE = (changes.c.organization_id.is_not(None), changes.c.kind != LedgerKind.ERASED.value)


def load_history(connection: Connection, organization_id: str) -> list[Change]:
    """Return every change of the organization, oldest first; [] for an unknown id."""
    rows = connection.execute(_SELECT_CHANGES.where(changes.c.organization_id == organization_id).order_by(changes.c.revision))
    return [_build_change(row._mapping) for row in rows]


def load_changes(connection: Connection, revision: int) -> list[Change]:
    """Return every change of the revision in the order in which it was written; [] for an unknown revision."""
    rows = connection.execute(_SELECT_CHANGES.where(changes.c.revision == revision).order_by(changes.c.position))
    return [_build_change(row._mapping) for row in rows]


def load_changes_of_revisions(connection: Connection, revisions: Iterable[int]) -> Iterator[Change]:
    """Yield the changes of organizations in those revisions, without erasures. `revisions` are in ascending order."""
    query = _SELECT_CHANGES.where(*_IS_RECORD_CHANGE).order_by(changes.c.revision, changes.c.position)
    for chunk in split_into_chunks(revisions):
        rows = stream_rows(connection, query.where(changes.c.revision.in_(chunk)))
        yield from (_build_change(row._mapping) for row in rows)


def list_changed_ids_after(connection: Connection, revision: int) -> list[tuple[int, str]]:
    """Return each later revision with each organization that it changed, ascending, without erasures."""
    query = select(changes.c.revision, changes.c.organization_id).where(changes.c.revision > revision, *_IS_RECORD_CHANGE)
    return [(row[0], row[1]) for row in stream_rows(connection, query.order_by(changes.c.revision))]


def load_last_changes(connection: Connection, ids: Collection[str]) -> dict[str, Change]:
    """Return the last change of each organization, by id, without erasures. Unknown ids are left out."""
    last_changes: dict[str, Change] = {}
    for chunk in split_into_chunks(ids):
        query = _SELECT_CHANGES.where(changes.c.organization_id.in_(chunk), changes.c.revision == _select_last_revision())
        last_changes.update((row.organization_id, _build_change(row._mapping)) for row in connection.execute(query))
    return last_changes


def load_revision(connection: Connection, revision: int) -> Revision | None:
    """Return who made the revision, when and why, and how much it changed; None for an unknown revision."""
    signature = (changes.c.at, changes.c.actor, changes.c.reason)
    query = select(*signature, changes.c.kind, func.count()).where(changes.c.revision == revision)
    rows = connection.execute(query.group_by(*signature, changes.c.kind)).all()
    if not rows:
        return None
    counts = {LedgerKind(kind): count for *_, kind, count in rows}
    return Revision(revision, rows[0].at, rows[0].actor, rows[0].reason, counts)


def load_last_revisions(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """Return the revision that last created, changed or removed each organization, by id. Unknown ids are left out."""
    last = select(changes.c.organization_id, func.max(changes.c.revision)).where(changes.c.kind != LedgerKind.ERASED.value)
    query = last.group_by(changes.c.organization_id)
    revisions: dict[str, int] = {}
    for chunk in split_into_chunks(ids):
        revisions.update((row[0], row[1]) for row in connection.execute(query.where(changes.c.organization_id.in_(chunk))))
    return revisions


def load_removed_organizations(connection: Connection, ids: Collection[str]) -> dict[str, StoredOrganization]:
    """Return organizations as they were when last removed, by id, without private parts. Ids never removed are left out."""
    removals = select(changes.c.organization_id, changes.c.before).where(changes.c.kind == LedgerKind.REMOVED.value)
    removed: dict[str, StoredOrganization] = {}
    for chunk in split_into_chunks(ids):
        rows = connection.execute(removals.where(changes.c.organization_id.in_(chunk)).order_by(changes.c.revision))
        removed.update((row[0], _organization_decoder.decode(row[1])) for row in rows if row[1])
    return removed


def load_last_edits(
    connection: Connection, ids: Collection[str], is_import_actor: Callable[[str], bool]
) -> dict[str, dict[str, datetime]]:
    """Return when a person last edited each field of the organizations: field to time, by id.

    See `ReadTransaction.load_last_edits` for the contract.
    """
    last_edits: dict[str, dict[str, datetime]] = {}
    for chunk in split_into_chunks(ids):
        is_edit = and_(changes.c.organization_id.in_(chunk), changes.c.kind.in_(_EDIT_KINDS))
        actors = connection.execute(select(changes.c.actor).distinct().where(is_edit)).scalars()
        # select by actor, because imports make up most of the ledger and decoding their changes takes long
        people = [actor for actor in actors if not is_import_actor(actor)]
        query = _SELECT_CHANGES.where(is_edit, changes.c.actor.in_(people)).order_by(changes.c.revision)
        for row in connection.execute(query) if people else ():
            change = _build_change(row._mapping)
            times = dict.fromkeys(_list_edited_fields(change), change.changed_at)
            last_edits.setdefault(row.organization_id, {}).update(times)
    return last_edits


def list_changed_fields(change: Change) -> tuple[str, ...]:
    """Return the fields of StoredOrganization that differ, in field order; () if the record was created or removed."""
    if change.before is None or change.after is None:
        return ()
    return tuple(
        field for field in StoredOrganization.__struct_fields__ if getattr(change.before, field) != getattr(change.after, field)
    )


def _list_edited_fields(change: Change) -> Iterator[str]:
    yield from list_changed_fields(change)
    if change.before is None and change.after is not None:
        yield from (
            field
            for field in StoredOrganization.__struct_fields__
            if getattr(change.after, field) != getattr(_EMPTY_ORGANIZATION, field)
        )
        yield from _FIELDS_SET_ON_CREATION
    if change.is_erased:  # the erased parts may have differed
        yield from _ERASABLE_FIELDS


class LastState(Struct, frozen=True):
    """The state of an organization according to the ledger.

    `after` has no private parts and is None if the organization was removed. `private_parts` is None if they were erased.
    `merged_into` is the id of the record that a removed one was merged into.
    """

    revision: int
    after: StoredOrganization | None
    private_parts: PrivateParts | None
    merged_into: str | None


def load_last_states(connection: Connection, ids: Sequence[str]) -> dict[str, LastState]:
    """Return what the last change of each organization left, by id. Unknown ids are left out."""
    query = _SELECT_CHANGES.where(changes.c.organization_id.in_(ids), changes.c.revision == _select_last_revision())
    return {row.organization_id: _build_last_state(row._mapping) for row in connection.execute(query)}


def _select_last_revision() -> ScalarSelect[int]:
    """Build a subquery for the revision that last created, changed or removed the organization of the outer row."""
    other = changes.alias()
    is_same = other.c.organization_id == changes.c.organization_id
    return select(func.max(other.c.revision)).where(is_same, other.c.kind != LedgerKind.ERASED.value).scalar_subquery()


_erasures = changes.alias()
_SELECT_CHANGES = select(
    changes,
    change_private.c.before.label("private_before"),
    change_private.c.after.label("private_after"),
    select(func.max(_erasures.c.revision))
    .where(_erasures.c.organization_id == changes.c.organization_id, _erasures.c.kind == LedgerKind.ERASED.value)
    .scalar_subquery()
    .label("erased_at"),
).outerjoin_from(
    changes,
    change_private,
    and_(change_private.c.revision == changes.c.revision, change_private.c.position == changes.c.position),
)


def _build_change(row: Mapping[Any, Any]) -> Change:
    kind, is_erased = LedgerKind(row["kind"]), _is_erased(row)
    has_organization = kind is not LedgerKind.NETWORK
    return Change(
        revision=row["revision"],
        changed_at=row["at"],
        actor=row["actor"],
        reason=row["reason"],
        kind=kind,
        before=_decode_organization(row["before"], row["private_before"], is_erased) if has_organization else None,
        after=_decode_organization(row["after"], row["private_after"], is_erased) if has_organization else None,
        is_erased=is_erased,
        organization_id=row["organization_id"],
        merged_into=row["merged_into"],
    )


def _decode_organization(public_part: str | None, private_parts: str | None, is_erased: bool) -> StoredOrganization | None:
    if public_part is None:
        return None
    organization = _organization_decoder.decode(public_part)
    return organization if is_erased else join_private_parts(organization, _decode_private_parts(private_parts))


def _build_last_state(row: Mapping[Any, Any]) -> LastState:
    after = _organization_decoder.decode(row["after"]) if row["after"] else None
    parts = None if _is_erased(row) else _decode_private_parts(row["private_after"])
    return LastState(row["revision"], after, parts, row["merged_into"] if after is None else None)


def _is_erased(row: Mapping[Any, Any]) -> bool:
    return row["erased_at"] is not None and row["erased_at"] >= row["revision"]


def _decode_private_parts(parts: str | None) -> PrivateParts:
    return _private_parts_decoder.decode(parts) if parts else NO_PARTS
