"""What the ledger tells of the past: of an organization, of a revision, and by whom a field was last changed."""

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
_FIELDS_SET_ON_CREATION = (
    "membership",
    "audience",
)  # whoever creates a record decides these, also where they are as they would be anyway
_ERASABLE_FIELDS = ("sites", "contacts", "sources")  # fields with private parts
_EDIT_KINDS = (LedgerKind.CREATED.value, LedgerKind.CHANGED.value)


def load_history(connection: Connection, organization_id: str) -> list[Change]:
    """Everything that happened to the organization, oldest first; [] for an id that never was."""
    rows = connection.execute(_SELECT_CHANGES.where(changes.c.organization_id == organization_id).order_by(changes.c.revision))
    return [_build_change(row._mapping) for row in rows]


def load_changes(connection: Connection, revision: int) -> list[Change]:
    """Everything that the revision changed, in the order in which it was written; [] for one that never was."""
    rows = connection.execute(_SELECT_CHANGES.where(changes.c.revision == revision).order_by(changes.c.position))
    return [_build_change(row._mapping) for row in rows]


def load_changes_of_revisions(connection: Connection, revisions: Iterable[int]) -> Iterator[Change]:
    """What `Reading.changes_in` promises."""
    asked = _SELECT_CHANGES.where(changes.c.organization_id.is_not(None), changes.c.kind != LedgerKind.ERASED.value)
    for chunk in split_into_chunks(revisions):
        rows = asked.where(changes.c.revision.in_(chunk)).order_by(changes.c.revision, changes.c.position)
        yield from (_build_change(row._mapping) for row in stream_rows(connection, rows))


def list_changed_ids_after(connection: Connection, revision: int) -> list[tuple[int, str]]:
    """What `Reading.touched_after` promises."""
    asked = select(changes.c.revision, changes.c.organization_id).where(changes.c.revision > revision)
    asked = asked.where(changes.c.organization_id.is_not(None), changes.c.kind != LedgerKind.ERASED.value)
    return [(row[0], row[1]) for row in stream_rows(connection, asked.order_by(changes.c.revision))]


def load_last_changes(connection: Connection, ids: Collection[str]) -> dict[str, Change]:
    """What `Reading.last_changes` promises."""
    found: dict[str, Change] = {}
    for chunk in split_into_chunks(ids):
        asked = _SELECT_CHANGES.where(changes.c.organization_id.in_(chunk), changes.c.revision == _select_last_revision())
        found.update((row.organization_id, _build_change(row._mapping)) for row in connection.execute(asked))
    return found


def load_revision(connection: Connection, revision: int) -> Revision | None:
    """What `Reading.revision` promises."""
    signature = (changes.c.at, changes.c.actor, changes.c.reason)
    asked = select(*signature, changes.c.kind, func.count()).where(changes.c.revision == revision)
    rows = connection.execute(asked.group_by(*signature, changes.c.kind)).all()
    if not rows:
        return None
    counts = {LedgerKind(kind): count for *_, kind, count in rows}
    return Revision(revision, rows[0].at, rows[0].actor, rows[0].reason, counts)


def load_last_revisions(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """What `Reading.last_revisions` promises."""
    last = select(changes.c.organization_id, func.max(changes.c.revision)).where(changes.c.kind != LedgerKind.ERASED.value)
    asked = last.group_by(changes.c.organization_id)
    found: dict[str, int] = {}
    for chunk in split_into_chunks(ids):
        found.update((row[0], row[1]) for row in connection.execute(asked.where(changes.c.organization_id.in_(chunk))))
    return found


def load_removed_organizations(connection: Connection, ids: Collection[str]) -> dict[str, StoredOrganization]:
    """What `Reading.last_known` promises."""
    removals = select(changes.c.organization_id, changes.c.before).where(changes.c.kind == LedgerKind.REMOVED.value)
    found: dict[str, StoredOrganization] = {}
    for chunk in split_into_chunks(ids):
        rows = connection.execute(removals.where(changes.c.organization_id.in_(chunk)).order_by(changes.c.revision))
        found.update((row[0], _organization_decoder.decode(row[1])) for row in rows if row[1])
    return found


def load_last_edits(
    connection: Connection, ids: Collection[str], is_import_actor: Callable[[str], bool]
) -> dict[str, dict[str, datetime]]:
    """What `Reading.last_edits` promises."""
    found: dict[str, dict[str, datetime]] = {}
    for chunk in split_into_chunks(ids):
        mine = changes.c.organization_id.in_(chunk)
        actors = connection.execute(select(changes.c.actor).distinct().where(mine, changes.c.kind.in_(_EDIT_KINDS))).scalars()
        # what imports did is most of the ledger, and never decoded
        people = [actor for actor in actors if not is_import_actor(actor)]
        asked = _SELECT_CHANGES.where(mine, changes.c.kind.in_(_EDIT_KINDS), changes.c.actor.in_(people)).order_by(
            changes.c.revision
        )
        for row in connection.execute(asked) if people else ():
            change = _build_change(row._mapping)
            found.setdefault(row.organization_id, {}).update(dict.fromkeys(_list_edited_fields(change), change.changed_at))
    return found


def list_changed_fields(change: Change) -> tuple[str, ...]:
    """The fields of Entry that it changed, in their order; none where it created or removed the record."""
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
    if change.is_erased:  # what is gone may have differed
        yield from _ERASABLE_FIELDS


class LastState(Struct, frozen=True):
    """What the log says an organization is: `after` None where it is gone, `parts` None where they were erased since.

    `merged_into` is the id of the one it was merged into, where it is gone for that.
    """

    revision: int
    after: StoredOrganization | None
    private_parts: PrivateParts | None
    merged_into: str | None


def load_last_states(connection: Connection, ids: Sequence[str]) -> dict[str, LastState]:
    """Of each id that the log knows, what its last change left."""
    asked = _SELECT_CHANGES.where(changes.c.organization_id.in_(ids), changes.c.revision == _select_last_revision())
    return {row.organization_id: _build_last_state(row._mapping) for row in connection.execute(asked)}


def _select_last_revision() -> ScalarSelect[int]:
    """Of the organization of the row: at which it was last created, changed or removed."""
    other = changes.alias()
    mine = other.c.organization_id == changes.c.organization_id
    return select(func.max(other.c.revision)).where(mine, other.c.kind != LedgerKind.ERASED.value).scalar_subquery()


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
    kind, erased = LedgerKind(row["kind"]), _is_erased(row)
    return Change(
        revision=row["revision"],
        changed_at=row["at"],
        actor=row["actor"],
        reason=row["reason"],
        kind=kind,
        before=_decode_organization(row["before"], row["private_before"], erased) if kind is not LedgerKind.NETWORK else None,
        after=_decode_organization(row["after"], row["private_after"], erased) if kind is not LedgerKind.NETWORK else None,
        is_erased=erased,
        organization_id=row["organization_id"],
        merged_into=row["merged_into"],
    )


def _decode_organization(entry: str | None, parts: str | None, erased: bool) -> StoredOrganization | None:
    if entry is None:
        return None
    rest = _organization_decoder.decode(entry)
    return rest if erased else join_private_parts(rest, _decode_private_parts(parts))


def _build_last_state(row: Mapping[Any, Any]) -> LastState:
    after = _organization_decoder.decode(row["after"]) if row["after"] else None
    parts = None if _is_erased(row) else _decode_private_parts(row["private_after"])
    return LastState(row["revision"], after, parts, row["merged_into"] if after is None else None)


def _is_erased(row: Mapping[Any, Any]) -> bool:
    return row["erased_at"] is not None and row["erased_at"] >= row["revision"]


def _decode_private_parts(parts: str | None) -> PrivateParts:
    return _private_parts_decoder.decode(parts) if parts else NO_PARTS
