"""What each field of a record is, for the comments in its text: a sentence, its limit and its choices."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_args

from msgspec import Struct
from pydantic import BaseModel

from directory.drafts.coalition_draft import CoalitionDraft
from directory.drafts.draft_parts import Draft, SourceDraft
from directory.drafts.event_draft import EventDraft
from directory.drafts.instrument_draft import InstrumentDraft, ProvisionDraft
from directory.drafts.organization_draft import OrganizationDraft
from directory.fields import ValueForm
from directory.kinds import KINDS
from directory.records import RecordKind
from directory.vocabulary.terms import Vocabulary

MAX_CHOICES_IN_LINE = 20  # a longer list of choices is printed once, at the end of the text
TYPE_HINTS = {bool: "true or false", int: "a whole number", float: "a number"}

_DRAFTS: Mapping[RecordKind, type[Draft]] = {
    RecordKind.ORGANIZATION: OrganizationDraft,
    RecordKind.COALITION: CoalitionDraft,
    RecordKind.EVENT: EventDraft,
    RecordKind.INSTRUMENT: InstrumentDraft,
    RecordKind.PROVISION: ProvisionDraft,
}


class ValueShape(StrEnum):
    """How a value is written in TOML."""

    TEXT = '""'
    NUMBER = "0"
    FLAG = "false"
    LIST = "[]"
    TABLE = "[table]"
    TABLES = "[[tables]]"


class FieldEntry(Struct, frozen=True):
    """A field and its comment. `parts` are the fields of its tables. `vocabulary` has its terms, if they are a long list."""

    name: str
    shape: ValueShape
    comment: str
    parts: tuple["FieldEntry", ...] = ()
    vocabulary: Vocabulary | None = None


_HINTS = {  # by the form of a value, and whether it is a moment
    (ValueForm.DATE, False): " Such as 2026-05-01.",
    (ValueForm.DATE, True): " Such as 2026-05-01T12:00:00Z.",
    (ValueForm.REGIONS, False): " Codes of regions, such as US-GA for Georgia, or US for the whole country.",
}


@cache
def list_entries(kind: RecordKind) -> tuple[FieldEntry, ...]:
    """Return the fields of a draft of a kind. Single values and lists of words come first, as TOML requires; tables follow."""
    entries = [_describe_field(kind, name, annotation) for name, annotation in _iter_annotations(_DRAFTS[kind])]
    return tuple(sorted(entries, key=lambda entry: entry.shape in (ValueShape.TABLE, ValueShape.TABLES)))


@cache
def _load_texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("field_guide.toml").read_text(encoding="utf-8"))


def _iter_annotations(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield name, field.annotation


def _describe_field(kind: RecordKind, name: str, annotation: Any) -> FieldEntry:
    registered = KINDS[kind].fields.get(name)
    if registered is None:
        return _describe_part(_load_texts()[kind.noun], name, annotation)
    limit = f" At most {registered.limit:,} characters." if registered.limit else ""
    hint = _HINTS.get((registered.form, _find_class(registered.value_type, dt.datetime) is not None), "")
    comment = f"{registered.text}{limit}{hint}{_describe_choices(annotation, registered.text)}"
    vocabulary = registered.vocabulary
    if vocabulary and len(vocabulary.terms) > MAX_CHOICES_IN_LINE:
        comment += f' The terms are at the end of this text, under "{name}".'
    return FieldEntry(name, _find_shape(annotation), comment, vocabulary=vocabulary)


def _describe_part(texts: Mapping[str, str], name: str, annotation: Any) -> FieldEntry:
    model = _find_class(annotation, BaseModel)
    parts: list[FieldEntry] = []
    if model is not None:
        own = _load_texts()[model.__name__]
        parts = [_describe_part(own, part, own_annotation) for part, own_annotation in _iter_annotations(model)]
        if model is SourceDraft:  # a source may state several fields
            parts[0] = FieldEntry("fields", ValueShape.LIST, own["fields"])
    return FieldEntry(name, _find_shape(annotation), texts[name] + _describe_choices(annotation, texts[name]), tuple(parts))


def _describe_choices(annotation: Any, text: str) -> str:
    """Return a sentence with the choices of a value, "" if the text names them already."""
    enum = _find_class(annotation, Enum)
    if enum is not None:
        choices = [str(member.value) for member in enum.__members__.values()]
        return "" if choices[0] in text else f" One of {', '.join(choices)}."
    hint = next((hint for kind, hint in TYPE_HINTS.items() if _find_class(annotation, kind) is kind), None)
    return f" Write {hint}." if hint else ""


def _find_shape(annotation: Any) -> ValueShape:
    is_list = _find_class(annotation, tuple) is not None
    if _find_class(annotation, BaseModel) is not None:
        return ValueShape.TABLES if is_list else ValueShape.TABLE
    if is_list:
        return ValueShape.LIST
    if _find_class(annotation, bool):
        return ValueShape.FLAG
    return ValueShape.NUMBER if _find_class(annotation, int) or _find_class(annotation, float) else ValueShape.TEXT


def _find_class(annotation: Any, base: type[Any]) -> type[Any] | None:
    """Return the first class in an annotation, such as `tuple[NameDraft, ...]` or `int | None`, that extends `base`."""
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation if issubclass(annotation, base) else None
    if base is tuple and getattr(annotation, "__origin__", None) is tuple:
        return tuple
    return next((found for part in get_args(annotation) if (found := _find_class(part, base))), None)
