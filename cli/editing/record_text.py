"""Write a record as TOML with comments: each field with a sentence on what it is, empty fields commented out.

The text can be imported: `directory seed` reads it.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tomli_w

from cli.editing.field_guide import FieldEntry, ValueShape, list_entries
from cli.editing.record_fields import Fields
from directory.records import RecordKind

LINE_WIDTH = 110  # characters
EMPTY_FIELD = "# {} = {}"
FIRST_LINE = "# directory edit {}, revision {}"  # by which `--file` knows what was edited
NEW_RECORD_LINE = "# A new {}. Remove the # before the fields that you fill in."
INSTRUCTIONS = (
    "Change the values, save the text and close the editor. Before anything is written, you see what changes and for whom.",
    "The text is the whole record: to remove a value, delete its line or put a # before it. To state a value, remove the #.",
    "To change nothing, close the editor without saving.",
)
NEW_INSTRUCTIONS = (
    "Fill in the values, save the text and close the editor. Before anything is written, you see the record and who will see it.",
    "To add nothing, close the editor without saving.",
)
REPETITION_ADVICE = "To add another one, copy the block below it."


def write_text(kind: RecordKind, fields: Fields, opening: Sequence[str], names: Mapping[str, str]) -> str:
    """Return the text of a record, after the lines of `opening`. `names` are those of the records that its values refer to."""
    return "\n".join((*opening, "", *_iter_lines(kind, fields, names), ""))


def open_existing(key: str, revision: int, name: str, notes: Sequence[str] = ()) -> list[str]:
    """Return the opening of the text of a stored record."""
    return [FIRST_LINE.format(key, revision), *_comment(name), "#", *_comment(*INSTRUCTIONS, *notes)]


def open_new(kind: RecordKind) -> list[str]:
    """Return the opening of the text of a new record."""
    return [NEW_RECORD_LINE.format(kind.noun), *_comment(*NEW_INSTRUCTIONS)]


def _iter_lines(kind: RecordKind, fields: Fields, names: Mapping[str, str]) -> Iterator[str]:
    if "id" in fields:
        yield from _comment("The id of the record never changes.")
        yield _write_value("id", fields["id"])
    entries = list_entries(kind)
    for entry in entries:
        yield ""
        yield from _comment(entry.comment)
        yield from _write_field(entry, fields.get(entry.name), names)
    for entry in entries:
        if entry.vocabulary:
            yield ""
            yield f"# {entry.name}: {len(entry.vocabulary):,} terms"
            yield from _comment(", ".join(entry.vocabulary.terms))


def _write_field(entry: FieldEntry, value: Any, names: Mapping[str, str]) -> Iterator[str]:
    if entry.shape is ValueShape.TABLES:
        yield from _comment(REPETITION_ADVICE) if value else ()
        for position, part in enumerate(value or [None]):
            yield from _write_table(f"[[{entry.name}]]", entry.parts, part, names, has_comments=position == 0)
    elif entry.shape is ValueShape.TABLE:
        yield from _write_table(f"[{entry.name}]", entry.parts, value, names)
    elif value is None:
        yield EMPTY_FIELD.format(entry.name, entry.shape.value)
    else:
        yield _write_value(entry.name, value) + _name_reference(value, names)


def _write_table(
    header: str, parts: Sequence[FieldEntry], values: Fields | None, names: Mapping[str, str], *, has_comments: bool = True
) -> Iterator[str]:
    """Yield a table, all of it commented out if there are no values. The first of several explains its fields."""
    yield header if values else f"# {header}"
    for part in parts:
        value = (values or {}).get(part.name)
        comment = f"  # {part.comment}" if has_comments else ""
        if value is None:
            yield EMPTY_FIELD.format(part.name, part.shape.value) + comment
        else:
            yield _write_value(part.name, value) + (_name_reference(value, names) or comment)
    yield ""


def _write_value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return _write_list(name, value)
    return tomli_w.dumps({name: value}, multiline_strings=True).rstrip("\n")


def _write_list(name: str, values: Sequence[Any]) -> str:
    items = [tomli_w.dumps({"item": value}).strip().removeprefix("item = ") for value in values]
    line = f"{name} = [{', '.join(items)}]"
    return line if len(line) <= LINE_WIDTH else f"{name} = [\n" + "".join(f"    {item},\n" for item in items) + "]"


def _name_reference(value: Any, names: Mapping[str, str]) -> str:
    """Return the name of the record that a value refers to, as a comment; "" if it refers to none."""
    name = names.get(value) if isinstance(value, str) else None
    return f"  # {_make_printable(name)}" if name else ""


def _comment(*sentences: str) -> Iterator[str]:
    for sentence in sentences:
        yield from textwrap.wrap(_make_printable(sentence), LINE_WIDTH, initial_indent="# ", subsequent_indent="# ")


def _make_printable(text: str) -> str:
    r"""Return the text as one line that a TOML comment can hold: control characters become escapes such as \u001b."""
    return text if text.isprintable() else json.dumps(text)[1:-1]
