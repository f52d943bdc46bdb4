"""Build changes from the rows of the ledger.

The ledger holds only the state before each change. The state after it is the one before the record's next change, or, after
its last change, the record in the tables.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, func, select

from directory.kinds import KINDS
from directory.records import RecordKind, StoredRecord
from directory.store.database.bulk import AnyRow, AnySelect, split_into_chunks, stream_rows
from directory.store.ledger.change_log import NO_PARTS, PrivateParts, join_private_parts, split_private_parts
from directory.store.ledger.edits import Change, LedgerKind, RecordId
from directory.store.records.loading import load_current_records
from directory.store.records.tables import change_private, changes, revisions

_decoders = {kind.name.value: msgspec.json.Decoder(kind.stored_type) for kind in KINDS.values()}
_private_parts_decoder = msgspec.json.Decoder(PrivateParts)
_KINDS_WITH_AFTER = (LedgerKind.CREATED.value, LedgerKind.CHANGED.value)

IS_SIGNED = revisions.c.revision == changes.c.revision  # joins a change with who made it, when and why
_others = changes.alias()
_next = changes.alias()
_next_private = change_private.alias()


def build_changes(connection: Connection, query: AnySelect) -> Iterator[Change]:
    """Yield the changes that the query selects. It must be SELECT_CHANGES, restricted and ordered as needed."""
    for rows in split_into_chunks(stream_rows(connection, query)):
        unchanged_since = [RecordId(RecordKind(row.record_kind), row.record_id) for row in rows if leads_to_tables(row)]
        current = _load_current_states(connection, unchanged_since)
        yield from (_build_change(row, current.get(row.record_id)) for row in rows)


def is_erased(row: AnyRow) -> bool:
    """Return whether the private parts of a change were erased. `row` is one of SELECT_CHANGES."""
    return row.erased_at is not None and bool(row.erased_at >= row.revision)


def leads_to_tables(row: AnyRow) -> bool:
    """Return whether the state after a change is that of the tables. `row` is one of SELECT_CHANGES."""
    return row.kind in _KINDS_WITH_AFTER and row.next_before is None


def decode_public_part(record_kind: str, text: str) -> StoredRecord:
    """Return a state that the ledger holds of a record of this kind, without its private parts."""
    return _decoders[record_kind].decode(text)


def select_last_revision() -> ScalarSelect[int]:
    """Build a subquery for the revision that last created, changed or removed the record of the outer row."""
    return select(func.max(_others.c.revision)).where(*_is_other_change()).scalar_subquery()


def _select_next_revision() -> ScalarSelect[int]:
    is_later = _others.c.revision > changes.c.revision
    return select(func.min(_others.c.revision)).where(*_is_other_change(), is_later).correlate(changes).scalar_subquery()


def _select_last_erasure() -> ScalarSelect[int]:
    is_erasure = _others.c.kind == LedgerKind.ERASED.value
    is_same = _others.c.record_id == changes.c.record_id
    return select(func.max(_others.c.revision)).where(is_same, is_erasure).scalar_subquery()


def _is_other_change() -> tuple[ColumnElement[bool], ...]:
    return _others.c.record_id == changes.c.record_id, _others.c.kind != LedgerKind.ERASED.value


def _is_key_equal(left: Iterable[ColumnElement[int]], right: Iterable[ColumnElement[int]]) -> ColumnElement[bool]:
    return and_(*(one == other for one, other in zip(left, right, strict=True)))


SELECT_CHANGES: AnySelect = (
    select(
        changes.c.revision,
        changes.c.record_kind,
        changes.c.record_id,
        changes.c.kind,
        changes.c.before,
        changes.c.merged_into,
        revisions.c.at,
        revisions.c.actor,
        revisions.c.reason,
        change_private.c.before.label("private_before"),
        _next.c.before.label("next_before"),
        _next_private.c.before.label("next_private_before"),
        _select_last_erasure().label("erased_at"),
    )
    .join_from(changes, revisions, IS_SIGNED)
    .outerjoin(change_private, _is_key_equal(change_private.primary_key, changes.primary_key))
    .outerjoin(_next, and_(_next.c.record_id == changes.c.record_id, _next.c.revision == _select_next_revision()))
    .outerjoin(_next_private, _is_key_equal(_next_private.primary_key, _next.primary_key))
)


def _load_current_states(connection: Connection, ids: Sequence[RecordId]) -> dict[str, StoredRecord]:
    """Return the records in the tables with their private parts, as the ledger would hold them, by id."""
    records = load_current_records(connection, ids) if ids else {}
    return {record_id: join_private_parts(*split_private_parts(current.record)) for record_id, current in records.items()}


def _build_change(row: AnyRow, current: StoredRecord | None) -> Change:
    kind, without_private = LedgerKind(row.kind), is_erased(row)
    states = (row.before, row.private_before), (row.next_before, row.next_private_before)
    before = _decode_state(row, *states[0]) if kind is not LedgerKind.NETWORK else None
    after = _decode_state(row, *states[1]) if row.kind in _KINDS_WITH_AFTER else None
    if leads_to_tables(row) and current is not None:
        after = split_private_parts(current)[0] if without_private else current
    return Change(
        revision=row.revision,
        changed_at=row.at,
        actor=row.actor,
        reason=row.reason,
        kind=kind,
        before=before,
        after=after,
        is_erased=without_private,
        record_kind=row.record_kind and RecordKind(row.record_kind),
        record_id=row.record_id,
        merged_into=row.merged_into,
    )


def _decode_state(row: AnyRow, public_part: str | None, private_parts: str | None) -> StoredRecord | None:
    if public_part is None:
        return None
    record = decode_public_part(row.record_kind, public_part)
    if is_erased(row):
        return record
    parts = _private_parts_decoder.decode(private_parts) if private_parts else NO_PARTS
    return join_private_parts(record, parts)
