"""Read tables that we wrote: our exports and corrections files, even after a person has edited them in a spreadsheet.

A cell in the form that we export is read exactly. Any other cell was typed by a person or damaged by the spreadsheet (a telephone
number turned into a number, a leading zero lost), and is cleaned like a cell of any table. A corrections file has rows of a
source that an import returned, with the answers of a person.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from directory.export.flat_columns import COLUMN_GROUPS, LIST_SEPARATOR, REST, Cells, restore_record
from directory.export.flat_fields import FieldKind, find_field_kind
from directory.export.formula_escaping import unescape_cell
from directory.export.kind_records import COLUMNS as OTHER_COLUMNS
from directory.export.tables import PUBLISHED_PREFIX, UPDATED_AT_COLUMN, restore_headings
from directory.question import FACETS
from directory.records import RecordKind
from directory.vocabulary.regions import REGIONS
from seed.clean.values.choices import CHOICE_FIELDS
from seed.rows import Row, Table
from seed.sources.own_records import IGNORED_FIELDS, parse_date

RowCleaner: TypeAlias = Callable[[Row], Row]

REQUIRED_COLUMNS = frozenset({"id", "slug", "name", REST})  # only our own tables have all of these
SAME_AS_FIELD = "same_as"
CLEARABLE_FIELDS = frozenset(COLUMN_GROUPS) - {"id", "slug", "name", "identifiers", "locations", "contacts", "parent", "audience"}
_FIELD_BY_COLUMN = {column: field for field, group in COLUMN_GROUPS.items() for column in group.columns}
_KIND_BY_COLUMN = {column: find_field_kind(column) for column in _FIELD_BY_COLUMN}
_REST_COLUMN = re.compile(rf"{REST}(_\d+)?")
_EXPORTED_FORMS = {
    FieldKind.DATE: re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?", re.ASCII),
    FieldKind.YEAR: re.compile(r"\d{4}", re.ASCII),
    FieldKind.PHONE: re.compile(r"\+\d+", re.ASCII),
    FieldKind.URL: re.compile(r"https?://\S+"),
    FieldKind.EMAIL: re.compile(r"[^\s@<>:,;]+@[^\s@<>,;]+"),
    FieldKind.STATE: re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?"),
    FieldKind.COUNTRY: re.compile(r"[A-Z]{2}"),
    FieldKind.NUMBER: re.compile(r"-?\d+(\.\d+)?(e-?\d+)?", re.ASCII),
    FieldKind.POSTAL_CODE: re.compile(r"\d{5}", re.ASCII),  # in the United States
}


def is_own_table(headings: Iterable[str] | None) -> bool:
    """Return whether these are the headings of a table that we exported. Other columns may be added, moved or removed."""
    return headings is not None and set(headings) >= REQUIRED_COLUMNS


def refuse_other_kinds(table: Table) -> None:
    """Raise BadInput for an export of records that are not organizations, which would look like a list of organizations."""
    headings = set(table.headings or ())
    kind = next((kind for kind, columns in OTHER_COLUMNS.items() if headings >= {*columns, UPDATED_AT_COLUMN}), None)
    if kind is RecordKind.PROVISION:
        raise BadInput(f"{table.file} is an export of provisions. Import it with --kind provisions.", file=table.file)
    if kind is not None:
        raise BadInput(f"{table.file} is an export of {kind.noun}s, which cannot be imported.", file=table.file)


def restore_spanish_headings(table: Table) -> Table:
    """Return our own table with the names of its columns, if it has Spanish headings; any other table as it is."""
    if table.headings is None or is_own_table(table.headings):
        return table
    return replace(table, headings=restore_headings(table.headings, REQUIRED_COLUMNS))


def list_unread_columns(headings: Iterable[str]) -> list[str]:
    """Return the columns that a person added, which are not read; not the columns that we export for information only."""
    return [
        heading
        for heading in headings
        if not (_is_known_heading(heading) or heading.startswith(PUBLISHED_PREFIX) or heading in IGNORED_FIELDS)
    ]


def read_own_rows(table: Table, *, clean: RowCleaner | None = None, clear_empty: bool = False) -> Iterator[Row]:
    """Yield one row of draft fields for each row of the table, in order. `is_own_table` must hold.

    `clean` turns a row of flat fields into draft fields. It gets all columns of a group when one of them is not in the form that
    we export; without `clean` these cells are read as they are. An empty cell states nothing. With `clear_empty` it clears its
    field, except for fields of which this table may hold only a part: identifiers, locations, contacts, parent and audience.

    A row is as of the day on which the exported record was last updated, so later edits take precedence.
    """
    assert table.headings is not None  # noqa: S101 - is_own_table
    known = [heading for heading in table.headings if _is_known_heading(heading)]
    for number, texts in table.rows:
        cells = dict(zip(table.headings, texts, strict=False))
        plain = {column: _restore_text(cells[column]) for column in known if cells[column].strip()}
        yield _build_row(Row(table.file, number, {}, cells=cells), plain, clean, clear_empty)


def _build_row(row: Row, plain: dict[str, str], clean: RowCleaner | None, clear_empty: bool) -> Row:
    row = replace(row, columns={column: column for column in plain}, as_of=parse_date(row.cells.get(UPDATED_AT_COLUMN)))
    beyond_columns: dict[str, Any] = {}
    if clean and (edited_groups := _find_edited_groups(plain)):
        row = _clean_groups(row, plain, edited_groups, clean)
        plain, beyond_columns = _replace_cleaned_cells(row, plain, edited_groups)
    rest, problems = _parse_rest(plain)
    fields = restore_record(plain, rest)
    if SAME_AS_FIELD in plain:
        fields = {**fields, SAME_AS_FIELD: plain[SAME_AS_FIELD]}
    for field, value in beyond_columns.items():
        fields[field] = _merge_list_field(field, fields.get(field), value)
    if clear_empty:
        fields |= {field: None for field in CLEARABLE_FIELDS if field not in fields and _has_columns(field, row.cells)}
    return replace(row, fields=fields, problems=(*row.problems, *problems))


def _find_edited_groups(plain: Cells) -> set[str]:
    """Return the fields with a cell that is not in the form that we export."""
    known = (column for column in plain if column in _FIELD_BY_COLUMN)
    return {_FIELD_BY_COLUMN[column] for column in known if not _is_exported_form(column, plain)}


def _clean_groups(row: Row, plain: Cells, groups: set[str], clean: RowCleaner) -> Row:
    flat = {column: plain[column] for field in groups for column in COLUMN_GROUPS[field].columns if column in plain}
    cleaned = clean(replace(row, fields=flat, columns={column: column for column in flat}))
    return replace(cleaned, columns={**row.columns, **cleaned.columns})


def _replace_cleaned_cells(row: Row, plain: Cells, groups: set[str]) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the cells with cleaned values in the form that we export, and the cleaned values that do not fit into columns."""
    cleaned_columns = {column for field in groups for column in COLUMN_GROUPS[field].columns}
    cells = {column: text for column, text in plain.items() if column not in cleaned_columns}
    beyond_columns: dict[str, Any] = {}
    for field, value in msgspec.json.decode(msgspec.json.encode(row.fields)).items():
        formatted = COLUMN_GROUPS[field].format_cells(value) if field in groups and value else {}
        if field in groups and COLUMN_GROUPS[field].parse_value(formatted) == value:
            cells |= formatted
        else:
            beyond_columns[field] = value
    return cells, beyond_columns


def _merge_list_field(field: str, current: Any, value: Any) -> Any:
    """Merge a cleaned list into the current one. Columns hold only the first location or contact; the others are unchanged."""
    if not (isinstance(current, list) and isinstance(value, list) and value):
        return value
    if field not in ("locations", "contacts"):
        return [*current, *(item for item in value if item not in current)]
    without_columns = {
        name: part for name, part in current[0].items() if f"{field[:-1]}.{name}" not in COLUMN_GROUPS[field].columns
    }
    return [{**without_columns, **value[0]}, *current[1:], *value[1:]]


def _restore_text(text: str) -> str:
    return unescape_cell(text.strip(" ").replace("\r\n", "\n"))


def _is_known_heading(heading: str) -> bool:
    return heading == SAME_AS_FIELD or heading in _FIELD_BY_COLUMN or bool(_REST_COLUMN.fullmatch(heading))


def _has_columns(field: str, cells: Mapping[str, str]) -> bool:
    return all(column in cells for column in COLUMN_GROUPS[field].columns)


def _parse_rest(plain: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return the JSON object whose text is split over the columns of the rest, and a problem if it is broken."""
    columns = sorted((column for column in plain if _REST_COLUMN.fullmatch(column)), key=lambda column: (len(column), column))
    if not columns:
        return {}, ()
    try:
        return msgspec.json.decode("".join(plain[column] for column in columns), type=dict[str, Any]), ()
    except (msgspec.DecodeError, RecursionError):
        sentence = (
            "This column holds data for this program, and its JSON is damaged. Restore the exported text, or empty the cell."
        )
        return {}, (Problem((columns[0],), ErrorCode.BAD_INPUT, sentence),)


def _is_exported_form(column: str, plain: Mapping[str, str]) -> bool:
    text, kind = plain[column], _KIND_BY_COLUMN[column]
    if kind is FieldKind.CHOICE:
        return text in CHOICE_FIELDS[column].choices.__members__
    if kind in (FieldKind.TERMS, FieldKind.REGIONS):
        known: Container[str] = REGIONS if kind is FieldKind.REGIONS else FACETS[column.rpartition(".")[2]]
        return all(part in known for part in text.split(LIST_SEPARATOR))
    if kind is FieldKind.POSTAL_CODE and plain.get("location.country", "US") != "US":
        return True
    return kind not in _EXPORTED_FORMS or bool(_EXPORTED_FORMS[kind].fullmatch(text))


REASON_COLUMN = "why it came back"
SOURCE_COLUMN = "came from"
SAME_AS_COLUMN = "same_as"  # holds a person's answer to which record a row refers to
CORRECTION_COLUMNS = (SOURCE_COLUMN, SAME_AS_COLUMN, REASON_COLUMN)


def is_corrections_table(headings: Sequence[str] | None) -> bool:
    """Return whether these are the headings of a corrections file.

    Such a file is a part of its source: a record that is missing from it has not been removed from the source.
    """
    return headings is not None and REASON_COLUMN in headings and SOURCE_COLUMN in headings


def restore_table(table: Table) -> Table:
    """Return the table with its headings restored and the formula escapes removed from its cells.

    A corrections file of a source without headings has its headings in the first row. Any other table is returned unchanged.
    """
    rows = iter(table.rows)
    if table.headings is None:
        first = next(rows, None)
        if first is None or not is_corrections_table(first[1]):
            return replace(table, rows=rows if first is None else chain([first], rows))
        table = replace(table, headings=first[1])
    if table.headings is None or not is_corrections_table(table.headings):
        return replace(table, rows=rows)
    restored_rows = ((number, tuple(map(unescape_cell, cells))) for number, cells in rows)
    return replace(table, headings=tuple(map(unescape_cell, table.headings)), rows=restored_rows)


def find_source_key(headings: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> str:
    """Return the key of the source that the rows came from; "" when the rows do not agree on one."""
    if headings is None or SOURCE_COLUMN not in headings:
        return ""
    position = headings.index(SOURCE_COLUMN)
    keys = {cells[position].strip() for cells in sample if cells[position].strip()}
    return keys.pop() if len(keys) == 1 else ""


def apply_answers(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows with the answers in their `same_as` column as a field."""
    for row in rows:
        answer = next((cell.strip() for heading, cell in row.cells.items() if heading.lower() == SAME_AS_COLUMN), "")
        yield replace(row, fields={**row.fields, SAME_AS_COLUMN: answer}) if answer else row
