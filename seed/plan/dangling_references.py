"""Rows that refer to organizations which are not here, and will not be: told before anything is written."""

from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.records import StoredOrganization
from seed.plan.planned_row import PlannedRow, RowAction

WRITE_ACTIONS = (RowAction.CREATE, RowAction.UPDATE)


def refuse_dangling_references(items: Sequence[PlannedRow], stored_ids: Collection[str]) -> list[PlannedRow]:
    """The items, with those refused whose parent or relation leads neither to a kept record nor to one that a row makes.

    A row that refers to one that is refused is refused too.
    """
    while True:
        known = {*stored_ids, *(item.record_after.id for item in items if item.record_after and item.action in WRITE_ACTIONS)}
        refused = [_refuse_if_dangling(item, known) for item in items]
        if all(after is before for after, before in zip(refused, items, strict=True)):
            return refused
        items = refused


def _refuse_if_dangling(item: PlannedRow, known_ids: Collection[str]) -> PlannedRow:
    if item.record_after is None or item.action not in WRITE_ACTIONS:
        return item
    problems = tuple(_find_dangling_references(item.record_after, known_ids))
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=problems) if problems else item


def _find_dangling_references(entry: StoredOrganization, known_ids: Collection[str]) -> Iterator[Problem]:
    if entry.parent is not None and entry.parent not in known_ids:
        yield _build_problem(("parent",), entry.parent)
    for position, relation in enumerate(entry.relations):
        if relation.organization is not None and relation.organization not in known_ids:
            yield _build_problem(("relations", position), relation.organization)


def _build_problem(path: tuple[str | int, ...], id: str) -> Problem:
    sentence = f"This leads to an organization that is not in the directory ({id}); feed that one too, or leave this out."
    return Problem(path, ErrorCode.BAD_INPUT, sentence, {"value": id})
