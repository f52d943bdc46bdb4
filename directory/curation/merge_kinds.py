"""Merge two records of a kind other than organizations, and move references from one record to another."""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.curation.merge_parts import merge_lists, narrowest_audience
from directory.fields import MergeRule
from directory.kinds import get_kind
from directory.kinds.kind import list_part_types, list_reference_fields
from directory.records import Audience, StoredRecord
from directory.visibility import apply_strictest_hiding

_OWN_FIELDS = ("id", "slug", "name", "hidden_since", "hidden_until")  # of the survivor; hiding has its own rule


def merge_records(survivor: StoredRecord, loser: StoredRecord) -> StoredRecord:
    """Return the survivor with the facts that the loser adds. Both are of the same kind.

    Plain fields are merged by their rule, values that the survivor does not state are filled in, and lists of parts are united,
    the survivor's first. A part that refers to a record, such as a member, is kept once for each record. Nothing is shown to more
    people than either record shows it to. A place is kept if the survivor has one.
    """
    merged = {field.name: _merge_field(survivor, loser, field) for field in msgspec.structs.fields(type(survivor))}
    own = {name: value for name, value in merged.items() if name not in _OWN_FIELDS}
    return apply_strictest_hiding(replace(survivor, **own), loser)


def _merge_field(survivor: StoredRecord, loser: StoredRecord, field: msgspec.structs.FieldInfo) -> Any:
    own, other = getattr(survivor, field.name), getattr(loser, field.name)
    declared = get_kind(survivor).fields.get(field.name)
    if isinstance(own, Audience):
        return narrowest_audience((own, other))
    if declared is not None and declared.merge is MergeRule.KEEP:
        return own
    if field.name == "sites":
        return own or other
    if isinstance(own, tuple):
        return drop_repeated_references(merge_lists(own, other))
    is_own_id = other in (survivor.id, loser.id)
    return other if own is None and not is_own_id else own


def repoint(record: StoredRecord, loser: str, survivor: str) -> StoredRecord:
    """Return the record with its references to the loser moved to the survivor."""
    own = {name: survivor for name, _ in list_reference_fields(type(record)) if getattr(record, name) == loser}
    parts = {
        name: drop_repeated_references(tuple(_repoint_part(part, loser, survivor) for part in getattr(record, name)))
        for name, item in list_part_types(type(record))
        if list_reference_fields(item)
    }
    return replace(record, **own, **parts)


def _repoint_part(part: Struct, loser: str, survivor: str) -> Struct:
    moved = {name: survivor for name, _ in list_reference_fields(type(part)) if getattr(part, name) == loser}
    return replace(part, **moved) if moved else part


def drop_repeated_references(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the parts without repetitions. Of parts that are about one record each, the first for each record is kept."""
    first: dict[Any, Any] = {}
    for part in parts:
        first.setdefault(_find_subject(part), part)
    return tuple(first.values())


def _find_subject(part: Any) -> Any:
    """Return the record that a part is about, if it must be about one; otherwise the part itself."""
    if not isinstance(part, Struct):
        return part
    required = [field.name for field in msgspec.structs.fields(type(part)) if field.required]
    references = [name for name, _ in list_reference_fields(type(part)) if name in required]
    return tuple(getattr(part, name) for name in references) if references else part
