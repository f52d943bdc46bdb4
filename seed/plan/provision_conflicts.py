"""Reject rows of provisions that would overwrite each other, or take the number of another provision."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.kinds.instrument import StoredProvision
from seed.plan.planned_row import WRITE_ACTIONS, PlannedRow, RowAction
from seed.resolve.provision_resolver import ProvisionKey, ProvisionResolver, get_key

ProvisionRow: TypeAlias = PlannedRow[StoredProvision]


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
