"""What only all rows of a plan together show: rows that conflict, values that cannot be used, and records that no row states.

Rows that cannot be written together are rejected: circles of parents, and references to rejected rows. Values that the merged
records show to be unusable are left out: references to organizations that are not in the directory after the import, and texts
that name a place which the record does not publish.

A stored record is missing from its source if no row refers, or may refer, to it. A refused row still shows that its organization
is in the source.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter, is_
from typing import TypeVar

from msgspec.structs import replace

from directory.drafts.free_text import CHECKED_FIELDS, find_new_text_problems
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.kinds import get_kind
from directory.kinds.kind import list_references
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import build_match_record
from directory.records import SOURCE_SCHEME_PREFIX, SOURCED_FIELDS, RecordKind, StoredOrganization, StoredRecord
from directory.store.read_transaction import ReadTransaction
from directory.store.records.references import list_referenced_ids
from seed.plan.diff import is_import
from seed.plan.planned_row import WRITE_ACTIONS, MissingRecord, OrganizationRow, PlannedRow, RowAction
from seed.resolve.record_resolver import RecordResolver
from seed.resolve.row_statement import Statement, list_problems, parse_statement
from seed.rows import Row
from seed.sources.dataset import Dataset

R = TypeVar("R", bound=StoredRecord)


def reject_cycles(items: Sequence[PlannedRow[R]], stored: Sequence[StoredRecord]) -> list[PlannedRow[R]]:
    """Reject the rows of records that would be part of themselves through their parents. Takes linear time.

    All rows are about records of one kind.

    Those that only lead to such a circle refer to a rejected row, which reject_dangling finds.
    """
    after: list[StoredRecord] = [item.record_after for item in items if item.record_after and item.action in WRITE_ACTIONS]
    field = get_kind(after[0]).acyclic_field if after else None
    if field is None or not any(map(get_parent := attrgetter(field), after)):
        return list(items)
    parents: dict[str, str | None] = {record.id: get_parent(record) for record in chain(stored, after)}
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
    problem = Problem((field,), ErrorCode.BAD_INPUT, f"This record {sentence}")
    return [_reject(item, problem) if _has_id(item, cyclic_ids) else item for item in items]


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
    problem = Problem((), ErrorCode.BAD_INPUT, "This row refers to a rejected row. Correct that one first.")
    return [_reject(item, problem) if _has_id(item, rejected_ids) else item for item in items]


def _has_id(item: PlannedRow, ids: Collection[str]) -> bool:
    return item.action in WRITE_ACTIONS and item.record_after is not None and item.record_after.id in ids


def _reject(item: PlannedRow[R], *problems: Problem) -> PlannedRow[R]:
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=problems, left_out=())


def resolve_dangling_references(
    items: Sequence[OrganizationRow], stored_ids: Collection[str], *, is_strict: bool = False
) -> list[OrganizationRow]:
    """Return the items without parents and relations that are neither stored nor created by another row.

    They are left out of the record. If `is_strict`, the row is refused, and so is one that refers to the record of a refused row.
    """
    while True:
        written_ids = {item.record_after.id for item in items if item.record_after and item.action in WRITE_ACTIONS}
        known_ids = written_ids.union(stored_ids)
        checked = [
            _check_references(item, after, known_ids, is_strict)
            if (after := item.record_after) and (after.parent or after.relations)
            else item
            for item in items
        ]
        if all(map(is_, checked, items)):
            return checked
        items = checked


def _check_references(
    item: OrganizationRow, after: StoredOrganization, known_ids: Collection[str], is_strict: bool
) -> OrganizationRow:
    problems = tuple(_find_dangling_references(after, known_ids)) if item.action in WRITE_ACTIONS else ()
    if not problems:
        return item
    before = item.record_before
    parent = after.parent if after.parent in known_ids else before.parent if before else None
    relations = tuple(
        relation for relation in after.relations if relation.organization is None or relation.organization in known_ids
    )
    checked = {"parent": parent, "relations": relations}
    if is_strict or any(_find_dangling_references(replace(after, **checked), known_ids)):
        return _reject(item, *problems)
    return _leave_out(item, {name: value for name, value in checked.items() if value != getattr(after, name)}, problems)


def _leave_out(item: OrganizationRow, values: Mapping[str, object], problems: tuple[Problem, ...]) -> OrganizationRow:
    """Return the item with these values instead of those of the row. The fields then have the sources that they had before."""
    assert item.record_after is not None  # noqa: S101 - the caller passes rows that are written
    before = item.record_before
    earlier = [source for source in before.sources if source.field in values] if before else []
    sources = [source for source in item.record_after.sources if source.field not in values or source in earlier]
    after = replace(item.record_after, **values, sources=tuple(sources))
    changed = tuple(field for field in item.changed_fields if before is None or getattr(after, field) != getattr(before, field))
    changed = tuple(field for field in changed if field not in values)
    action = item.action if changed or item.action is RowAction.CREATE else RowAction.SKIP
    return replace(item, record_after=after, action=action, changed_fields=changed, left_out=(*item.left_out, *problems))


def _find_dangling_references(record: StoredOrganization, known_ids: Collection[str]) -> Iterator[Problem]:
    if record.parent is not None and record.parent not in known_ids:
        yield _build_problem(("parent",), record.parent)
    for position, relation in enumerate(record.relations):
        if relation.organization is not None and relation.organization not in known_ids:
            yield _build_problem(("relations", position), relation.organization)


def _build_problem(path: tuple[str | int, ...], id: str) -> Problem:
    sentence = f"The organization {id} is not in the directory; import it too, or remove this reference."
    return Problem(path, ErrorCode.BAD_INPUT, sentence, {"value": id})


_get_texts = attrgetter(*CHECKED_FIELDS[RecordKind.ORGANIZATION])


def leave_out_exposed_places(items: Iterable[OrganizationRow], is_strict: bool) -> list[OrganizationRow]:
    """Leave out texts that name a place which the record does not publish. Only the merged record has both.

    A row is refused if `is_strict`, or if the stored text names the place.
    """
    return [
        _leave_out_exposed_place(item, after, is_strict) if (after := item.record_after) and any(_get_texts(after)) else item
        for item in items
    ]


def _leave_out_exposed_place(item: OrganizationRow, after: StoredOrganization, is_strict: bool) -> OrganizationRow:
    found = list(find_new_text_problems(after, item.record_before)) if item.action in WRITE_ACTIONS else []
    if not found:
        return item
    problems = tuple(Problem((field,), ErrorCode.BAD_INPUT, message) for field, message in found)
    texts = {field: getattr(item.record_before, field, None) for field, _ in found}
    remains = is_strict or any(find_new_text_problems(replace(after, **texts), item.record_before))
    return _reject(item, *problems) if remains else _leave_out(item, texts, problems)


_EMPTY_RECORD = StoredOrganization(id="", slug="", name="")


def find_missing_records(
    items: Sequence[OrganizationRow], resolver: RecordResolver, dataset: Dataset, reading: ReadTransaction, today: dt.date
) -> Iterator[MissingRecord]:
    """Yield the missing records in stored order; none if the dataset is a part of its source, or an export of this directory."""
    is_whole = not (dataset.is_partial or dataset.has_provenance)
    missing = dict(_find_unclaimed_records(items, resolver, dataset)) if is_whole else {}
    for id in _find_ids_in_rejected_rows(items, missing, resolver, dataset.key, today) if missing else ():
        missing.pop(id, None)
    edited = reading.load_last_edits(missing, is_import)
    # A hidden record is never retired: the next import of the list would create it again.
    retirable = {
        id for id, record in missing.items() if id not in edited and not record.is_hidden and _is_only_from(record, dataset.key)
    }
    retirable -= _find_referenced_ids(retirable, items, resolver, reading) if retirable else set()
    for id, record in missing.items():
        yield MissingRecord(record, resolver.find_with_revision(id)[1], id in retirable)


def _find_referenced_ids(
    retirable_ids: set[str], items: Sequence[OrganizationRow], resolver: RecordResolver, reading: ReadTransaction
) -> set[str]:
    """Return the ids that a remaining record refers to, now or after the import, and the id of the network's own record."""
    references = {id: _list_organization_ids(record) for id, (record, _) in resolver.records.items()}
    referenced_by_rows = {to for item in items for to in _list_organization_ids(item.record_after)}
    by_other_kinds = reading.list_ids_referenced_by_other_kinds(RecordKind.ORGANIZATION)
    needed = retirable_ids & {reading.load_head().network_id, *referenced_by_rows, *by_other_kinds}
    while True:
        removable = retirable_ids - needed
        referenced = {to for id, targets in references.items() if id not in removable for to in targets}
        if not referenced & removable:
            return needed
        needed |= referenced & removable


def _list_organization_ids(record: StoredOrganization | None) -> set[str]:
    return {referenced.id for referenced in list_referenced_ids(record)}


def _find_unclaimed_records(
    items: Sequence[OrganizationRow], resolver: RecordResolver, dataset: Dataset
) -> Iterator[tuple[str, StoredOrganization]]:
    """Yield the records from this dataset that no row of it refers to, or may refer to."""
    candidate_ids = {candidate.id for item in items for candidate in item.candidates}
    excluded_identifiers = set(dataset.list_excluded_identifiers())
    for id, (record, _) in resolver.records.items():
        if id in candidate_ids or resolver.is_claimed(id) or not excluded_identifiers.isdisjoint(record.identifiers):
            continue
        if any(source.origin == dataset.key for source in record.sources):
            yield id, record


def _is_only_from(record: StoredOrganization, key: str) -> bool:
    """Whether every stated field of the record has this dataset as its only source."""
    sourced = {source.field for source in record.sources}
    stated = {field for field in SOURCED_FIELDS if _stated_value(record, field) != _stated_value(_EMPTY_RECORD, field)}
    return stated <= sourced and all(source.origin == key for source in record.sources)


def _stated_value(record: StoredOrganization, field: str) -> object:
    """Return the value of a sourced field, without record numbers of sources: they do not describe the organization."""
    if field == "identifiers":
        return tuple(one for one in record.identifiers if not one.scheme.startswith(SOURCE_SCHEME_PREFIX))
    return getattr(record, "sites" if field == "locations" else field)


def _find_ids_in_rejected_rows(
    items: Sequence[OrganizationRow],
    missing_records: dict[str, StoredOrganization],
    resolver: RecordResolver,
    key: str,
    today: dt.date,
) -> Iterator[str]:
    """Yield the ids that keys of refused rows lead to, and missing records that are similar to the usable part of one."""
    rejected_rows = [item.row for item in items if item.action is RowAction.REJECT]
    index = MatchIndex(build_match_record(record) for record in missing_records.values()) if rejected_rows else MatchIndex()
    for row in rejected_rows:
        statement = _parse_usable_fields(row, key, today)
        if statement:
            yield from resolver.candidate_ids(statement)
            yield from (match.id for match in index.find_matches(build_match_record(statement.record)))


def _parse_usable_fields(row: Row, key: str, today: dt.date) -> Statement | None:
    """Return what the row states without its invalid fields; None if that is still invalid."""
    fields = dict(row.fields)
    while True:
        try:
            return parse_statement(replace(row, fields=fields, fallback_fields={}, problems=()), key=key, today=today)
        except BadInput as error:
            invalid = {problem.path[0] for problem in list_problems(error) if problem.path} & fields.keys()
            if not invalid:
                return None
            fields = {field: value for field, value in fields.items() if field not in invalid}
