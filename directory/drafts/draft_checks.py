"""Checks that drafts of every kind share: the fields that can have a source, and the record as a whole."""

from collections.abc import Collection
from typing import TypeVar

from directory.drafts.draft_parts import SourceDraft
from directory.drafts.free_text import find_text_problems
from directory.drafts.problems import Problem, build_error
from directory.errors import BadInput, ErrorCode
from directory.kinds import get_kind
from directory.kinds.kind import Kind
from directory.records import StoredRecord

R = TypeVar("R", bound=StoredRecord)

_FIELDS_WITHOUT_SOURCES = frozenset({"id", "slug", "sources", "updated_at"})  # which the directory sets itself


def list_sourced_fields(kind: Kind) -> tuple[str, ...]:
    """Return the fields of a kind that can have a source: all that are published, except those that the directory sets itself."""
    return tuple(field for field in kind.published_type.__struct_fields__ if field not in _FIELDS_WITHOUT_SOURCES)


def require_sourced_fields(allowed: Collection[str], sources: tuple[SourceDraft, ...]) -> tuple[SourceDraft, ...]:
    """Return the sources. Raises BadInput if one is of a field that cannot have a source."""
    unknown = next((source.field for source in sources if source.field not in allowed), None)
    if unknown is not None:
        raise BadInput(f'"{unknown}" is not a field that can have a source. Use one of {", ".join(allowed)}.')
    return sources


def require_valid_record(record: R) -> R:
    """Return the record. Raises BadInput with all problems of its kind, and of texts that reveal an address or a place."""
    found = (*get_kind(record).find_violations(record), *find_text_problems(record))
    problems = [Problem((field,), ErrorCode.BAD_INPUT, message) for field, message in found]
    if problems:
        raise build_error(problems)
    return record
