"""Correct a plan for what only all of its records together show.

Rows that cannot be written together are rejected: circles of parents, and references to rejected rows. Values that the merged
records show to be unusable are left out: references to organizations that are not in the directory after the import, and texts
that name a place which the record does not publish.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from msgspec.structs import replace

from directory.drafts.free_text import find_new_text_problems
from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.kinds import get_kind
from directory.kinds.kind import list_references
from directory.records import StoredOrganization, StoredRecord
from seed.plan.planned_row import WRITE_ACTIONS, OrganizationRow, PlannedRow, RowAction

R = TypeVar("R", bound=StoredRecord)


def reject_cycles(items: Sequence[PlannedRow[R]], stored: Sequence[StoredRecord]) -> list[PlannedRow[R]]:
    """Reject the rows of records that would be part of themselves through their parents. Takes linear time.

    Those that only lead to such a circle refer to a rejected row, which reject_dangling finds.
    """
    after: list[StoredRecord] = [item.record_after for item in items if item.record_after and item.action in WRITE_ACTIONS]
    if not any(map(_get_parent, after)):
        return list(items)
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
    return _reject(item, Problem((field,) if field else (), ErrorCode.BAD_INPUT, sentence))


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
        known_ids = {*stored_ids, *(item.record_after.id for item in items if item.record_after and item.action in WRITE_ACTIONS)}
        checked = [_check_references(item, known_ids, is_strict) for item in items]
        if all(after is before for after, before in zip(checked, items, strict=True)):
            return checked
        items = checked


def _check_references(item: OrganizationRow, known_ids: Collection[str], is_strict: bool) -> OrganizationRow:
    if item.record_after is None or item.action not in WRITE_ACTIONS:
        return item
    problems = tuple(_find_dangling_references(item.record_after, known_ids))
    if not problems:
        return item
    before, after = item.record_before, item.record_after
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


def leave_out_exposed_places(item: OrganizationRow, is_strict: bool) -> OrganizationRow:
    """Leave out a text that names a place which the record does not publish. Only the merged record has both.

    The row is refused if it `is_strict`, or if the stored text names the place.
    """
    if item.record_after is None or item.action not in WRITE_ACTIONS:
        return item
    found = list(find_new_text_problems(item.record_after, item.record_before))
    if not found:
        return item
    problems = tuple(Problem((field,), ErrorCode.BAD_INPUT, message) for field, message in found)
    texts = {field: getattr(item.record_before, field, None) for field, _ in found}
    remains = is_strict or any(find_new_text_problems(replace(item.record_after, **texts), item.record_before))
    return _reject(item, *problems) if remains else _leave_out(item, texts, problems)
