"""Plan an import of coalitions, events or instruments, from a file that a person wrote or from our own export.

A row has the fields of a draft of its kind. It is resolved by its id, otherwise by its slug. Only what it states changes, and a
value that is already published does not, because an export contains only what its audience sees.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.drafts.record_drafts import build_record
from directory.errors import BadInput, ErrorCode
from directory.kinds import get_kind, publish_record
from directory.kinds.kind import IsVisible, list_part_types, list_reference_fields, list_references
from directory.records import Audience, RecordKind, StoredRecord
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.vocabulary.slugs import slugify
from seed.export.kind_records import to_record_fields
from seed.plan.diff import diff
from seed.plan.import_plan import WRITE_ACTIONS, ProgressWrapper
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.resolve.record_resolver import NewId, generate_id
from seed.resolve.reference_resolver import ReferenceResolver
from seed.resolve.row_statement import list_problems, parse_id
from seed.resolve.slug_registry import SlugRegistry
from seed.rows import Row
from seed.sources.dataset import Dataset

_STORED_NAMES = {"locations": "sites", "starts_local": "starts_at", "ends_local": "ends_at"}  # of fields of a draft
DAY_LENGTH = len("2026-01-31")
_PLACEHOLDER_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # for updated_at, which no row states


def plan_records(
    kind: RecordKind,
    dataset: Dataset,
    store: Store,
    *,
    may_loosen: bool = False,
    overwrites_edits: bool = False,
    new_id: NewId = generate_id,
    progress: ProgressWrapper = iter,
) -> Plan:
    """Return the plan for the rows of the dataset, in their order. Nothing is written.

    The options are as in plan_import. Problems of a row are in its item.
    """
    with store.begin_read() as reading:
        planner = _RecordPlanner(kind, reading, new_id)
        rows = [planner.identify(row) for row in dataset.rows]  # first all, because rows may refer to each other
        items = [planner.plan(row) for row in progress(rows)]
        items = list(diff(items, dataset, reading, may_loosen=may_loosen, overwrites_edits=overwrites_edits))
        items = _reject_dangling(_reject_cycles(items, planner.stored_records), set(reading.load_audiences()))
    return Plan(tuple(items))


class _RecordPlanner:
    """Plans single rows of one kind."""

    def __init__(self, kind: RecordKind, reading: ReadTransaction, new_id: NewId) -> None:
        self._kind, self._new_id = kind, new_id
        self._stored = {record.id: (record, revision) for record, revision in reading.load_records(kind)}
        self._audiences = reading.load_audiences()
        self._references = ReferenceResolver(reading)
        self._slugs = SlugRegistry(reading.load_slug_targets(kind=kind), reading.load_slugs_in_use(kind))
        self._other_ids = self._audiences.keys() - self._stored.keys()
        self._stored_ids = {record.slug: record.id for record, _ in self._stored.values()}
        self._file_ids: dict[str, str] = {}
        self._planned_ids = set[str]()

    @property
    def stored_records(self) -> list[StoredRecord]:
        return [record for record, _ in self._stored.values()]

    def identify(self, row: Row) -> Row:
        """Return the row with the id of its record: the stated one, that of its slug, or a new one."""
        problems = list(row.problems)
        slug = _derive_slug(row.fields)
        stated_id = parse_id(row.fields.get("id"), problems)
        id = stated_id or self._stored_ids.get(slug) or self._file_ids.get(slug) or self._new_id()
        if not problems:
            self._file_ids.setdefault(slug, id)
            self._references.add(self._kind, id, slug)
        return replace(row, fields={**row.fields, "id": id}, problems=tuple(problems))

    def plan(self, row: Row) -> PlannedRow:
        try:
            if row.problems:
                raise BadInput("This row has problems.", problems=list(row.problems))
            id = str(row.fields["id"])
            self._require_own_id(id)
            return self._plan_update(row, id) if id in self._stored else self._plan_create(row, id)
        except BadInput as error:
            return PlannedRow(row=row, action=RowAction.REJECT, problems=list_problems(error))

    def _require_own_id(self, id: str) -> None:
        if id in self._other_ids:
            raise BadInput("This id belongs to a record of another kind. Leave the id out.", argument="id")
        if id in self._planned_ids:
            raise BadInput(
                f"Another row of the file is the same {self._kind.noun}. Keep one of them, or give this one another slug.",
                argument="id",
            )
        self._planned_ids.add(id)

    def _plan_create(self, row: Row, id: str) -> PlannedRow:
        record = self._build(row.fields, id)
        slug = self._slugs.reserve(id, _derive_slug(row.fields), is_exact=False)
        return PlannedRow(
            row=row,
            action=RowAction.CREATE,
            record_after=replace(record, slug=slug),
            changed_fields=tuple(sorted(_list_fields(row.fields))),
        )

    def _plan_update(self, row: Row, id: str) -> PlannedRow:
        before, revision = self._stored[id]
        record = self._build({**_list_required(before, row.fields), **row.fields}, id)
        stated = _list_fields(self._drop_published(row.fields, before)) - {"slug"}
        after = replace(before, **{name: self._merge(name, record, before, row) for name in stated})
        return PlannedRow(row=row, action=RowAction.UPDATE, record_after=after, record_before=before, revision=revision)

    def _build(self, fields: Mapping[str, object], id: str) -> StoredRecord:
        """Return the record that the fields describe. Raises BadInput with all problems, those of its references too."""
        problems: list[Problem] = []
        submitted = {name: value for name, value in fields.items() if name != "id"}
        submitted = self._references.resolve(self._kind, submitted, problems)
        slug = submitted.get("slug")
        try:
            record = build_record(self._kind, submitted, id=id, slug=slug if isinstance(slug, str) else "")
        except BadInput as error:
            reported = {problem.path for problem in problems}
            found = [problem for problem in list_problems(error) if problem.path not in reported]
            raise BadInput("This row has problems.", problems=[*problems, *found]) from error
        if problems:
            raise BadInput("This row has problems.", problems=problems)
        return record

    def _drop_published(self, fields: Mapping[str, Any], record: StoredRecord) -> dict[str, Any]:
        """Return the fields without the values that some audience sees now."""
        seen = [
            to_record_fields(published, audience)
            for audience in Audience
            if (published := publish_record(record, audience, _PLACEHOLDER_TIME, self._build_visibility_test(audience)))
        ]
        return {name: value for name, value in fields.items() if all(name not in one or one[name] != value for one in seen)}

    def _build_visibility_test(self, audience: Audience) -> IsVisible:
        return partial(self._is_visible, audience)

    def _is_visible(self, audience: Audience, id: str) -> bool:
        return id in self._audiences and audience.sees(self._audiences[id])

    def _merge(self, name: str, record: StoredRecord, before: StoredRecord, row: Row) -> Any:
        """Return the new value of a field. Parts that refer to what the audience of the row does not see are kept."""
        new = getattr(record, name)
        if name not in _list_parts_with_references(record):
            return new
        audience = row.fields.get("audience")
        is_visible = self._build_visibility_test(Audience(audience) if isinstance(audience, str) else Audience.PUBLIC)
        stated = {id for part in new for id in _list_part_ids(part)}
        hidden = [part for part in getattr(before, name) if not all(map(is_visible, _list_part_ids(part)))]
        return (*new, *(part for part in hidden if not stated & set(_list_part_ids(part))))


def _derive_slug(fields: Mapping[str, object]) -> str:
    """Return the stated slug, or one made of the name; that of an event ends with its day, as names of events return."""
    stated, name = fields.get("slug"), fields.get("name")
    start = fields.get("starts_local") or fields.get("starts_at")
    if isinstance(stated, str) and stated:
        return stated
    day = str(start)[:DAY_LENGTH] if start else ""
    return slugify(f"{name} {day}") if isinstance(name, str) else ""


def _list_fields(fields: Mapping[str, object]) -> set[str]:
    """Return the fields of the stored record that a row states."""
    return {_STORED_NAMES.get(name, name) for name in fields} - {"id"}


def _list_required(record: StoredRecord, fields: Mapping[str, object]) -> dict[str, object]:
    """Return the values that every draft must state, from the stored record."""
    required = {field.name for field in msgspec.structs.fields(type(record)) if field.required} - {"id", "slug"}
    return {name: getattr(record, name) for name in required - _list_fields(fields)}


def _list_parts_with_references(record: StoredRecord) -> list[str]:
    return [name for name, item in list_part_types(type(record)) if list_reference_fields(item)]


def _list_part_ids(part: Struct) -> list[str]:
    return [id for name, _ in list_reference_fields(type(part)) if (id := getattr(part, name))]


# ---------------------------------------------------------------- rows that cannot be written together


def _reject_cycles(items: Sequence[PlannedRow], stored: Sequence[StoredRecord]) -> list[PlannedRow]:
    """Reject the rows of records that would be part of themselves through their parents. Takes linear time.

    Those that only lead to such a circle refer to a rejected row, which _reject_dangling finds.
    """
    after = [item.record_after for item in items if item.record_after and item.action in WRITE_ACTIONS]
    parents = {record.id: _get_parent(record) for record in chain(stored, after)}
    cyclic_ids, safe_ids = set[str](), set[str]()
    for record in after:
        walked: dict[str, None] = {}
        current: str | None = record.id
        while current is not None and current not in safe_ids and current not in walked:
            walked[current] = None
            current = parents.get(current)
        ids = list(walked)
        cyclic_ids |= set(ids[ids.index(current) :]) if current in walked else set()
        safe_ids |= walked.keys()
    sentence = "would be part of itself through its parents. Choose another parent or none."
    return [_reject(item, f"This record {sentence}") if _has_id(item, cyclic_ids) else item for item in items]


def _get_parent(record: StoredRecord) -> str | None:
    field = get_kind(record).acyclic_field
    return getattr(record, field) if field else None


def _reject_dangling(items: Sequence[PlannedRow], stored_ids: Collection[str]) -> list[PlannedRow]:
    """Reject the rows that refer to the record of a rejected row."""
    while True:
        known = {*stored_ids, *(item.record_after.id for item in items if item.record_after and item.action in WRITE_ACTIONS)}
        checked = [
            _reject(item, "This row refers to a rejected row. Correct that one first.") if _dangles(item, known) else item
            for item in items
        ]
        if all(after is before for after, before in zip(checked, items, strict=True)):
            return checked
        items = checked


def _dangles(item: PlannedRow, known_ids: Collection[str]) -> bool:
    return item.action in WRITE_ACTIONS and any(id not in known_ids for _, id in list_references(item.record_after))


def _has_id(item: PlannedRow, ids: Collection[str]) -> bool:
    return item.action in WRITE_ACTIONS and item.record_after is not None and item.record_after.id in ids


def _reject(item: PlannedRow, sentence: str) -> PlannedRow:
    problem = Problem((), ErrorCode.BAD_INPUT, sentence)
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=(problem,))
