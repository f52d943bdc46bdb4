"""Plan an import of coalitions, events or instruments, from a file that a person wrote or from our own export.

A row has the fields of a draft of its kind. It is resolved by its id, otherwise by its slug or name. Only what it states changes.
In an export, a value that some audience sees now changes nothing, because an export contains only what its audience sees.
"""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.free_text import find_new_text_problems
from directory.drafts.problems import Problem
from directory.drafts.record_drafts import build_record
from directory.errors import BadInput, ErrorCode
from directory.export.kind_records import to_record_fields
from directory.kinds import get_kind, publish_record
from directory.kinds.event import StoredEvent
from directory.kinds.kind import IsVisible, list_part_types, list_reference_fields
from directory.records import Audience, RecordKind, StoredRecord
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.vocabulary.slugs import slugify
from seed.plan.diff import diff
from seed.plan.import_plan import ProgressWrapper
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.plan.whole_plan import reject_cycles, reject_dangling
from seed.resolve.record_keys import NewId, ReferenceResolver, SlugRegistry, generate_id
from seed.resolve.row_statement import list_problems, parse_id
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
        items = reject_dangling(reject_cycles(items, planner.stored_records), reading.load_audiences().keys())
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
        self._targets = reading.load_slug_targets(kind=kind)  # former slugs too: those of hidden records have a random ending
        self._survivor_ids = set(reading.load_final_survivors().values())
        self._ids_by_key = {key: record.id for record in self.stored_records for key in _list_name_keys(record)}
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
        id = stated_id or self._find_stored(row.fields, problems) or self._file_ids.get(slug) or self._new_id()
        if not problems:
            self._file_ids.setdefault(slug, id)
            self._references.add(self._kind, id, slug)
        return replace(row, fields={**row.fields, "id": id}, problems=tuple(problems))

    def _find_stored(self, fields: Mapping[str, object], problems: list[Problem]) -> str | None:
        """Return the id of the record with the slug, now or before, or with the same name if a slug cannot tell; None if new."""
        wanted = _derive_slug(fields)
        id = self._targets.get(wanted)
        if id in self._stored:
            slug = self._stored[id][0].slug
            if id in self._survivor_ids and slug != wanted:
                sentence = (
                    f'The record with the slug "{wanted}" may have been merged into another. Use {slug} to change that one.'
                )
                problems += list_problems(BadInput(sentence, argument="slug"))
            return id
        same_name = self._ids_by_key.get(_derive_slug({**fields, "slug": None}))
        is_private = same_name and self._stored[same_name][0].effective_audience is not Audience.PUBLIC
        return same_name if is_private or not fields.get("slug") else None

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
        stated = _list_fields(self._select_changes(row, before)) - {"slug"}
        after = replace(before, **{name: self._merge(name, record, before, row) for name in stated})
        _require_consistent(after, before)
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

    def _select_changes(self, row: Row, before: StoredRecord) -> Mapping[str, object]:
        """Return the fields that a row changes. Raises BadInput if an export was edited and its audience is ambiguous."""
        if row.as_of is None:  # written by a person, who means all of it
            return row.fields
        kept = self._drop_published(row.fields, before)
        for name in ("audience", *get_kind(before).audience_fields):
            is_dropped = name in row.fields and name not in kept and row.fields[name] != getattr(before, name)
            if is_dropped and kept.keys() - {"id", "slug"}:
                advice = f"Remove {name} to keep the stored one, or `published` to set it."
                stated = f"This row was edited and states {name} {row.fields[name]}, which may be that of the export."
                raise BadInput(f"{stated} {advice}", argument=name)
        return kept

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


def _require_consistent(after: StoredRecord, before: StoredRecord) -> None:
    """Raise BadInput for what only the row and the stored record together show, such as a text that names a hidden place."""
    found = (*get_kind(after).find_violations(after), *find_new_text_problems(after, before))
    if found:
        problems = [Problem((field,), ErrorCode.BAD_INPUT, message) for field, message in found]
        raise BadInput("This row has problems.", problems=problems)


def _derive_slug(fields: Mapping[str, object]) -> str:
    """Return the stated slug, or one made of the name; that of an event ends with its day, as names of events return."""
    stated, name = fields.get("slug"), fields.get("name")
    start = fields.get("starts_local") or fields.get("starts_at")
    if isinstance(stated, str) and stated:
        return stated
    day = str(start)[:DAY_LENGTH] if start else ""
    return slugify(f"{name} {day}") if isinstance(name, str) else ""


def _list_name_keys(record: StoredRecord) -> set[str]:
    """Return the slugs that _derive_slug makes of the record's name. The day of an event depends on the time zone."""
    if not isinstance(record, StoredEvent):
        return {slugify(record.name)}
    local = record.starts_at.astimezone(ZoneInfo(record.time_zone)) if record.time_zone else record.starts_at
    return {slugify(f"{record.name} {moment.date()}") for moment in (local, record.starts_at)}


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
