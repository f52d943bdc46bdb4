"""Replace the references of a record to other records, and drop parts that are about the same record twice."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.kinds.kind import list_part_types, list_reference_fields
from directory.records import StoredRecord

RecordT = TypeVar("RecordT", bound=StoredRecord)
FindId = Callable[[str], str | None]  # of the record to refer to instead; None for none


def map_references(record: RecordT, find: FindId) -> RecordT:
    """Return the record with other references. A part, such as a member, whose reference is lost is left out."""
    own = {name: find(id) for name, _ in list_reference_fields(type(record)) if (id := getattr(record, name))}
    parts = {
        name: drop_repeated_references(tuple(new for part in getattr(record, name) if (new := _map_part(part, find)) is not None))
        for name, item in list_part_types(type(record))
        if list_reference_fields(item)
    }
    return replace(record, **own, **parts)


def _map_part(part: Struct, find: FindId) -> Struct | None:
    moved = {name: find(id) for name, _ in list_reference_fields(type(part)) if (id := getattr(part, name))}
    return None if None in moved.values() else replace(part, **moved)


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
    references = _list_required_references(type(part))
    return tuple(getattr(part, name) for name in references) if references else part


@cache
def _list_required_references(struct: type[Struct]) -> tuple[str, ...]:
    required = [field.name for field in msgspec.structs.fields(struct) if field.required]
    return tuple(name for name, _ in list_reference_fields(struct) if name in required)
