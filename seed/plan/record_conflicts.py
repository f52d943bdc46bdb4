"""Reject rows that cannot be written together: circles of parents, and references to rejected rows."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import TypeVar

from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.kinds import get_kind
from directory.kinds.kind import list_references
from directory.records import StoredRecord
from seed.plan.planned_row import WRITE_ACTIONS, PlannedRow, RowAction

R = TypeVar("R", bound=StoredRecord)


def reject_cycles(items: Sequence[PlannedRow[R]], stored: Sequence[StoredRecord]) -> list[PlannedRow[R]]:
    """Reject the rows of records that would be part of themselves through their parents. Takes linear time.

    Those that only lead to such a circle refer to a rejected row, which reject_dangling finds.
    """
    after: list[StoredRecord] = [item.record_after for item in items if item.record_after and item.action in WRITE_ACTIONS]
    parents = {record.id: _get_parent(record) for record in chain(stored, after)}
    cyclic_ids, safe_ids = set[str](), set[str]()
    for record in after:
        walked: dict[str, None] = {}
        current: str | None = record.id
        while current is not None and current not in safe_ids and current not in walked:
            walked[current] = None
            current = parents.get(current)
        ids = list(walked)
        cyclic_ids.update(ids[ids.index(current) :] if current in walked else ())
        safe_ids.update(ids)
    sentence = "would be part of itself through its parents. Choose another parent or none."
    return [_reject_cyclic(item, f"This record {sentence}") if _has_id(item, cyclic_ids) else item for item in items]


def _reject_cyclic(item: PlannedRow[R], sentence: str) -> PlannedRow[R]:
    field = get_kind(item.record_after).acyclic_field if item.record_after else None
    return _reject(item, sentence, (field,) if field else ())


def _get_parent(record: StoredRecord) -> str | None:
    field = get_kind(record).acyclic_field
    return getattr(record, field) if field else None


def reject_dangling(items: Sequence[PlannedRow], stored_ids: Collection[str]) -> list[PlannedRow]:
    """Reject the rows that refer to the record of a rejected row, also through other rows. Takes linear time."""
    written = [item.record_after for item in items if item.record_after and item.action in WRITE_ACTIONS]
    referrers: dict[str, list[str]] = {}
    for record in written:
        for _, referred in list_references(record):
            referrers.setdefault(referred, []).append(record.id)
    missing = list(referrers.keys() - {record.id for record in written} - set(stored_ids))
    rejected_ids = set[str]()
    while missing:
        new_ids = set(referrers.get(missing.pop(), ())) - rejected_ids
        rejected_ids |= new_ids
        missing += [id for id in new_ids if id not in stored_ids]
    sentence = "This row refers to a rejected row. Correct that one first."
    return [_reject(item, sentence) if _has_id(item, rejected_ids) else item for item in items]


def _has_id(item: PlannedRow, ids: Collection[str]) -> bool:
    return item.action in WRITE_ACTIONS and item.record_after is not None and item.record_after.id in ids


def _reject(item: PlannedRow[R], sentence: str, path: tuple[str, ...] = ()) -> PlannedRow[R]:
    problem = Problem(path, ErrorCode.BAD_INPUT, sentence)
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=(problem,), left_out=())
