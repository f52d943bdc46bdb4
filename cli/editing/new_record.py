"""Work out the record that the text for a new one describes, by the rules of imports: duplicates are looked for."""

import datetime as dt
from typing import Any

from msgspec import Struct

from cli.editing.edited_text import TEXT_NAME, read_draft_fields
from cli.terminal_report import format_review_row
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.records import RecordKind, StoredRecord
from directory.store.store import Store
from seed.plan.import_plan import plan_import
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.plan.record_plan import plan_records
from seed.resolve.row_statement import NEW_RECORD
from seed.rows import Row
from seed.sources.dataset import Dataset

REFUSED_FIELDS = {  # which rows of imports may have
    "id": "A new record has no id. To change an existing record, use `directory edit`.",
    "same_as": "There is no such field. To change an existing record, use `directory edit`.",
}


class NewRecord(Struct, frozen=True):
    """A record that a text describes. `candidates` are lines about existing records that may be the same organization.

    `existing` is the record that is the same one; then nothing can be added.
    """

    record: StoredRecord | None
    candidates: tuple[str, ...] = ()
    existing: StoredRecord | None = None


def plan_new_record(kind: RecordKind, fields: dict[str, Any], store: Store, today: dt.date, *, is_new: bool) -> NewRecord:
    """Return what the text describes. With `is_new`, a person has decided that it is none of the candidates.

    Raises BadInput with all problems in its param `problems`, a list of Problem.
    """
    problems = [Problem((name,), ErrorCode.BAD_INPUT, message) for name, message in REFUSED_FIELDS.items() if name in fields]
    if problems:
        raise BadInput("The record has problems.", problems=problems)
    draft_fields = read_draft_fields(fields)
    if is_new and kind is RecordKind.ORGANIZATION:
        draft_fields["same_as"] = NEW_RECORD
    dataset = Dataset(key="", title="", rows=[Row(TEXT_NAME, 1, draft_fields)], has_provenance=True)
    item = _plan(kind, dataset, store, today).items[0]
    if item.action is RowAction.REJECT:
        raise BadInput("The record has problems.", problems=list(item.problems))
    return _build_new_record(item)


def _plan(kind: RecordKind, dataset: Dataset, store: Store, today: dt.date) -> Plan[Any]:
    if kind is RecordKind.ORGANIZATION:
        return plan_import(dataset, store, today=today, is_strict=True, may_loosen=True, overwrites_edits=True)
    return plan_records(kind, dataset, store, may_loosen=True, overwrites_edits=True)


def _build_new_record(item: PlannedRow) -> NewRecord:
    if item.action is RowAction.CREATE:
        return NewRecord(item.record_after)
    candidates = tuple(format_review_row(item))[1:] if item.candidates else ()  # without the position of the row
    return NewRecord(None, candidates, item.record_before)
