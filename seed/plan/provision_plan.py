"""Plan an import of provisions.

A row is resolved by the id that it states, otherwise by instrument, cycle and number. What it states replaces what is stored; its
themes are added, unless this dataset is their only source. Edits that people made after the date of the source are kept. Rows
that would overwrite each other, or take the number of another provision, are rejected.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from directory.curation.merge_parts import narrowest_audience
from directory.drafts.draft_parts import normalize_draft_line
from directory.drafts.instrument_draft import build_stored_provision, parse_provision_draft
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.kinds.instrument import PROVISION, StoredInstrument, StoredProvision
from directory.matching.evidence import Evidence, EvidenceKind
from directory.records import RecordKind
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.visibility import find_loosening
from seed.plan.diff import add_sources, is_import, protect_edits
from seed.plan.import_plan import ProgressWrapper
from seed.plan.planned_row import WRITE_ACTIONS, Plan, PlannedRow, RowAction
from seed.resolve.record_keys import NewId, ProvisionKey, ProvisionResolver, generate_id, get_key
from seed.resolve.row_statement import list_problems, parse_id
from seed.rows import Row
from seed.sources.dataset import Dataset
from seed.sources.provision_table import derive_subject

ProvisionRow: TypeAlias = PlannedRow[StoredProvision]

PLACEHOLDER_NAME = "?"  # for a row without a subject, because drafts require one
MAX_SHOWN_LENGTH = 100  # characters of an unknown instrument
KEY_POINTS = 100.0  # of the evidence that a row states the key of a record

_ROW_FIELDS = ("name", *PROVISION.fields)  # those that change a record


def plan_provisions(
    dataset: Dataset,
    store: Store,
    *,
    instrument: str | None,
    may_loosen: bool = False,
    overwrites_edits: bool = False,
    new_id: NewId = generate_id,
    progress: ProgressWrapper = iter,
) -> Plan[StoredProvision]:
    """Return the plan for the rows of the dataset, in their order. Nothing is written.

    `instrument` is the slug or id of the instrument of rows that state none. The other options are as in
    plan_import. Problems of a row are in its item. Raises BadInput for an unknown instrument.
    """
    with store.begin_read() as reading:
        resolver = ProvisionResolver(reading, new_id)
        known = _find_instrument(instrument, resolver) if instrument else None
        planner = _ProvisionPlanner(resolver, reading, dataset, known, may_loosen)
        items = [planner.plan(row) for row in progress(dataset.rows)]
        items = reject_conflicts(items, planner.keys, resolver)
        if not overwrites_edits:
            items = _protect_edits(items, reading, dataset)
    return Plan(tuple(_add_sources(item, dataset) for item in items))


def _find_instrument(key: str, resolver: ProvisionResolver) -> StoredInstrument:
    instrument = resolver.find_instrument(key)
    if instrument is None:
        known = resolver.list_instrument_slugs()
        advice = f"Use one of {known}." if known else "Add the instrument first; directory seed --apply adds the network's own."
        raise BadInput(f'There is no instrument "{key[:MAX_SHOWN_LENGTH]}". {advice}', argument="instrument")
    return instrument


class _Statement(Struct, frozen=True):
    """What a row states: the values of its `stated_fields`, checked and normalized, in a record without an id and slug."""

    record: StoredProvision
    stated_fields: frozenset[str]
    instrument: StoredInstrument
    stated_id: str | None


class _ProvisionPlanner:
    """Plans single rows. `keys` holds the key of each planned row, in order; None for a row without one."""

    def __init__(
        self,
        resolver: ProvisionResolver,
        reading: ReadTransaction,
        dataset: Dataset,
        instrument: StoredInstrument | None,
        may_loosen: bool,
    ) -> None:
        self._resolver, self._reading, self._dataset, self._instrument = resolver, reading, dataset, instrument
        self._may_loosen = may_loosen
        self.keys: list[ProvisionKey | None] = []

    def plan(self, row: Row) -> ProvisionRow:
        self.keys.append(None)
        try:
            statement = self._parse(row)
            id = self._find_id(statement)
            return self._plan_update(row, statement, id) if id else self._plan_create(row, statement)
        except BadInput as error:
            return PlannedRow(row=row, action=RowAction.REJECT, problems=list_problems(error))

    def _parse(self, row: Row) -> _Statement:
        problems = list(row.problems)
        instrument = self._choose_instrument(row)
        self.keys[-1] = _read_key(row, instrument)
        if self.keys[-1] is None and "number" not in {problem.path_text for problem in problems}:
            problems += list_problems(BadInput("This row has no official number. Add it.", argument="number"))
        stated = {name: [] if value is None and name == "issue_areas" else value for name, value in row.fields.items()}
        fields = {name: value for name, value in stated.items() if name in (*_ROW_FIELDS, "slug", "audience", "sources")}
        defaults = {"name": PLACEHOLDER_NAME, "number": PLACEHOLDER_NAME}
        try:
            draft = parse_provision_draft({**defaults, **fields, "instrument": instrument.id})
            record = build_stored_provision(draft, id="", slug=draft.slug or "")
        except BadInput as error:
            raise BadInput("This row has problems.", problems=[*problems, *list_problems(error)]) from error
        stated_id = parse_id(row.fields.get("id"), problems)
        if problems:
            raise BadInput("This row has problems.", problems=problems)
        stated_fields = {*_ROW_FIELDS, "sources"} | (set() if self._dataset.has_provenance else {"audience"})
        return _Statement(record, frozenset(fields) & stated_fields, instrument, stated_id)

    def _choose_instrument(self, row: Row) -> StoredInstrument:
        key = row.fields.get("instrument")
        if isinstance(key, str) and key:
            stated = _find_instrument(key, self._resolver)
            if self._instrument is not None and stated.id != self._instrument.id:
                raise BadInput(
                    f"This row is of {stated.slug}, not of {self._instrument.slug}. Import it with --instrument {stated.slug}.",
                    argument="instrument",
                )
            return stated
        if self._instrument is None:
            raise BadInput("This row states no instrument. Set it with --instrument SLUG.", argument="instrument")
        return self._instrument

    def _find_id(self, statement: _Statement) -> str | None:
        if statement.stated_id in self._resolver.provisions:
            return statement.stated_id
        if statement.stated_id and self._reading.find_kind(statement.stated_id) not in (None, RecordKind.PROVISION):
            raise BadInput("This id belongs to a record that is not a provision. Leave the id out.", argument="id")
        return self._resolver.find_id(get_key(statement.record))

    def _plan_create(self, row: Row, statement: _Statement) -> ProvisionRow:
        record = statement.record
        own, of_instrument = record.audience, statement.instrument.effective_audience
        record = replace(record, audience=narrowest_audience((own, of_instrument)))  # the slug names the instrument
        if "name" not in statement.stated_fields:
            if not record.summary:
                raise BadInput("This row has neither a subject nor a summary. Add one.", argument="summary")
            record = replace(record, name=derive_subject(record.summary))
        key = get_key(record)
        id = self._resolver.assign_id(key, statement.stated_id)
        slug = self._resolver.assign_slug(id, key, statement.instrument.slug, record.slug)
        fields = tuple(sorted({*statement.stated_fields, "name"}))
        return PlannedRow(row=row, action=RowAction.CREATE, record_after=replace(record, id=id, slug=slug), changed_fields=fields)

    def _plan_update(self, row: Row, statement: _Statement, id: str) -> ProvisionRow:
        before, revision = self._resolver.provisions[id]
        if before.instrument != statement.instrument.id:
            raise BadInput("The provision with this id belongs to another instrument. Leave the id out.", argument="id")
        after = replace(before, **dict(self._merge_fields(before, statement, has_id=statement.stated_id == id)))
        if not self._may_loosen and (loosened := find_loosening(before, after)):
            raise BadInput("This row has problems.", problems=list(loosened))
        changed = tuple(name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name))
        return PlannedRow(
            row=row,
            action=RowAction.UPDATE if changed else RowAction.SKIP,
            record_after=after,
            record_before=before,
            revision=revision,
            changed_fields=changed,
            evidence=(_build_evidence(statement, id),),
        )

    def _merge_fields(self, before: StoredProvision, statement: _Statement, *, has_id: bool) -> Iterator[tuple[str, Any]]:
        record = statement.record
        for field in statement.stated_fields:
            value = getattr(record, field)
            if field == "sources":
                known = {(source.field, source.title, source.url, source.date) for source in before.sources}
                new = (one for one in value if (one.field, one.title, one.url, one.date) not in known)
                yield field, (*before.sources, *new)
            elif field == "issue_areas" and value and not (has_id or self._is_only_source(before, field)):
                yield field, tuple(dict.fromkeys((*before.issue_areas, *value)))
            else:
                yield field, value
        was_derived = before.summary is not None and before.name == derive_subject(before.summary)
        if "name" not in statement.stated_fields and record.summary and was_derived:
            yield "name", derive_subject(record.summary)

    def _is_only_source(self, record: StoredProvision, field: str) -> bool:
        return {source.origin for source in record.sources if source.field == field} == {self._dataset.key}


def _read_key(row: Row, instrument: StoredInstrument) -> ProvisionKey | None:
    """Return the key of a row, also of one that has problems in other fields; None if it has no usable number."""
    number, cycle = row.fields.get("number"), row.fields.get("cycle")
    try:
        normalized_cycle = normalize_draft_line(cycle) if isinstance(cycle, str) and cycle else None
        return ProvisionKey(instrument.id, normalized_cycle, normalize_draft_line(number)) if isinstance(number, str) else None
    except BadInput:
        return None


def _build_evidence(statement: _Statement, id: str) -> Evidence:
    record = statement.record
    of_cycle = f" of cycle {record.cycle}" if record.cycle else ""
    key = f"id {id}" if statement.stated_id == id else f"{statement.instrument.slug} {record.number}{of_cycle}"
    return Evidence(EvidenceKind.IDENTIFIER, key, KEY_POINTS)


def _protect_edits(items: Sequence[ProvisionRow], reading: ReadTransaction, dataset: Dataset) -> list[ProvisionRow]:
    changed_ids = [item.record_before.id for item in items if item.record_before and item.action is RowAction.UPDATE]
    edits = reading.load_last_edits(changed_ids, is_import)
    return [protect_edits(item, edits.get(item.record_before.id, {}), dataset) if item.record_before else item for item in items]


def _add_sources(item: ProvisionRow, dataset: Dataset) -> ProvisionRow:
    if item.record_after is None or item.action not in WRITE_ACTIONS:
        return item
    return replace(item, record_after=add_sources(item.record_after, item.changed_fields, item.row, dataset))


def reject_conflicts(
    items: Sequence[ProvisionRow], keys: Sequence[ProvisionKey | None], resolver: ProvisionResolver
) -> list[ProvisionRow]:
    """Return the items, in their order. `keys` holds the key of each, None for a row without a usable number.

    All rows with one number are rejected, even those with other problems, and so are all rows about one record.
    """
    numbers: dict[ProvisionKey, list[int]] = defaultdict(list)
    ids: dict[str, list[int]] = defaultdict(list)
    for item, key in zip(items, keys, strict=True):
        if key:
            numbers[key].append(item.row.number)
        if item.record_before:
            ids[item.record_before.id].append(item.row.number)
    return [_reject_if_in_conflict(item, key, numbers, ids, resolver) for item, key in zip(items, keys, strict=True)]


def _reject_if_in_conflict(
    item: ProvisionRow,
    key: ProvisionKey | None,
    numbers: Mapping[ProvisionKey, Sequence[int]],
    ids: Mapping[str, Sequence[int]],
    resolver: ProvisionResolver,
) -> ProvisionRow:
    if key and len(numbers[key]) > 1:
        in_cycle = f" of cycle {key.cycle}" if key.cycle else ""
        rows = _join_rows(numbers[key])
        return _reject(item, f"The number {key.number}{in_cycle} is used in rows {rows}. Keep one row for each number.")
    if item.record_before and len(ids[item.record_before.id]) > 1:
        return _reject(item, f"Rows {_join_rows(ids[item.record_before.id])} are about the same provision. Keep one of them.")
    other = resolver.find_id(get_key(item.record_after)) if item.record_after and item.action in WRITE_ACTIONS else None
    if other and item.record_after and other != item.record_after.id:
        slug = resolver.provisions[other][0].slug
        return _reject(item, f"The number {item.record_after.number} is that of {slug}. Correct it, or update {slug} first.")
    return item


def _join_rows(numbers: Sequence[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _reject(item: ProvisionRow, sentence: str) -> ProvisionRow:
    problem = Problem(("number",), ErrorCode.BAD_INPUT, sentence)
    return PlannedRow(row=item.row, action=RowAction.REJECT, problems=(*item.problems, problem))
