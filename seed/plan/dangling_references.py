"""Refuse rows that refer to organizations that do not exist and are not created by the plan."""

from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.records import StoredOrganization
from seed.plan.planned_row import PlannedRow, RowAction

WRITE_ACTIONS = (RowAction.CREATE, RowAction.UPDATE)


def refuse_dangling_references(items: Sequence[PlannedRow], stored_ids: Collection[str]) -> list[PlannedRow]:
    """Return the items. A row is refused if its parent or a relation is neither stored nor created by another row.

    A row that refers to the record of a refused row is refused too.
    """
    while True:
        known_ids = {*stored_ids, *(item.record_after.id for item in items if item.record_after and item.action in WRITE_ACTIONS)}
        checked = [_refuse_if_dangling(item, known_ids) for item in items]
        if all(after is before for after, before in zip(checked, items, strict=True)):
            return checked
        items = checked


def _refuse_if_dangling(item: PlannedRow, known_ids: Collection[str]) -> PlannedRow:
    if item.record_after is None or item.action not in WRITE_ACTIONS:
        return item
    problems = tuple(_find_dangling_references(item.record_after, known_ids))
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=problems) if problems else item


def _find_dangling_references(record: StoredOrganization, known_ids: Collection[str]) -> Iterator[Problem]:
    if record.parent is not None and record.parent not in known_ids:
        yield _build_problem(("parent",), record.parent)
    for position, relation in enumerate(record.relations):
        if relation.organization is not None and relation.organization not in known_ids:
            yield _build_problem(("relations", position), relation.organization)


def _build_problem(path: tuple[str | int, ...], id: str) -> Problem:
    sentence = f"The organization {id} is not in the directory; import it too, or remove this reference."
    return Problem(path, ErrorCode.BAD_INPUT, sentence, {"value": id})
