"""Checks that drafts of every kind share: all problems at once, the fields that can have a source, and the record as a whole."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from directory.drafts.draft_parts import Draft, SourceDraft
from directory.drafts.free_text import find_text_problems
from directory.drafts.problems import Problem, format_problem, list_problems
from directory.errors import BadInput, ErrorCode
from directory.kinds import get_kind
from directory.kinds.kind import Kind
from directory.records import StoredRecord

D = TypeVar("D", bound=Draft)
R = TypeVar("R", bound=StoredRecord)

_FIELDS_WITHOUT_SOURCES = frozenset({"id", "slug", "sources", "updated_at"})  # which the directory sets itself


def validate_draft(draft_type: type[D], submitted: Mapping[str, object], context: Mapping[str, Any] | None = None) -> D:
    """Return the draft of submitted data. Raises BadInput with all problems in its param `problems`, a list of Problem."""
    try:
        return draft_type.model_validate(submitted, context=dict(context or {}))
    except ValidationError as error:
        raise build_error(list_problems(error)) from error


def build_error(problems: list[Problem]) -> BadInput:
    """Return the error that reports these problems."""
    return BadInput(" ".join(map(format_problem, problems)), problems=problems)


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
