"""Leave out values of planned rows that only the merged records show to be unusable.

They are references to organizations that are not in the directory after the import, and texts that name a place which the record
does not publish.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from directory.drafts.free_text import find_new_text_problems
from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.records import StoredOrganization
from seed.plan.planned_row import WRITE_ACTIONS, OrganizationRow, RowAction


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
        return _refuse(item, problems)
    return _leave_out(item, {name: value for name, value in checked.items() if value != getattr(after, name)}, problems)


def _refuse(item: OrganizationRow, problems: tuple[Problem, ...]) -> OrganizationRow:
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=problems, left_out=())


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
    return _refuse(item, problems) if remains else _leave_out(item, texts, problems)
