"""Filter the rows of a table and apply a column mapping: each row becomes flat fields with their text."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput
from directory.text import fold
from seed.clean.values import dates
from seed.mapping.cell_splitting import CellSplitter, build_splitter
from seed.mapping.headings import column_label, column_labels, strip_field_number
from seed.rows import Repair, Row, Table

NEVER_CLEARED_FIELDS = frozenset({"id", "slug", "same_as", "source_id", "as_of", "name"})

MAX_QUOTED_LABELS = 30

FlatFields = dict[str, object]


class MappedColumn(Struct, frozen=True):
    """A column without a `field` is unmapped. Unmapped columns are listed in notes unless a person chose to ignore them.

    `split` is a rule of cell_splitting.py, None for the field's default.
    """

    column: int  # from 0
    heading: str  # the column's label
    field: str | None = None
    split: str | None = None
    is_ignored: bool = False


class TableMapping(Struct, frozen=True):
    """`constants` give flat fields their text in rows that state none. `labels` are tags with a comma that are not split.

    `values` give the texts of a field, folded, their meaning: another text, or "" for a text that states nothing. Fields of
    locations and contacts are named without their number.
    """

    columns: tuple[MappedColumn, ...]
    constants: Mapping[str, str] = {}
    labels: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, str]] = {}

    @property
    def unmapped_columns(self) -> tuple[str, ...]:
        """Labels of the columns that are not imported, without those that a person chose to ignore."""
        return tuple(column.heading for column in self.columns if column.field is None and not column.is_ignored)


class RowFilter(Struct, frozen=True):
    """Keeps the rows whose cell in a column is one of the values, or with `is_negated` none of them. "" is an empty cell."""

    column: str
    values: frozenset[str]  # folded
    is_negated: bool = False

    def keeps(self, text: str) -> bool:
        return (fold(text) in self.values) is not self.is_negated


def parse_filter(text: str) -> RowFilter:
    """Parse "Column = Value", "Column = Value | Value" or "Column != Value". Raises BadInput for any other text."""
    column, sign, values = text.partition("=")
    is_negated = column.endswith("!")
    column = column.removesuffix("!").strip()
    if not sign or not fold(column):
        raise BadInput(f'"{text}" is not a filter. Write it like "Contact Type = Organization" or "Status != Former".')
    return RowFilter(column, frozenset(map(fold, values.split("|"))), is_negated)


def filter_rows(table: Table, filters: Sequence[RowFilter], left_out: Counter[str]) -> Table:
    """Return the table with the rows that all filters keep. The others are counted in `left_out`, by column, while it is read.

    Columns are named by their labels; upper and lower case do not matter. Raises BadInput for a column that the table lacks.
    """
    rows = iter(table.rows)
    first = next(rows, None)
    labels = column_labels(table.headings, len(first[1]) if first else 0)
    positions = {one.column: _find_label(one.column, labels) for one in filters}

    def kept_rows() -> Iterator[tuple[int, tuple[str, ...]]]:
        for number, cells in chain([first] if first else (), rows):
            refused = next((one for one in filters if not one.keeps("".join(cells[positions[one.column] :][:1]))), None)
            if refused is None:
                yield number, cells
            else:
                left_out[refused.column] += 1

    return replace(table, rows=kept_rows())


def _find_label(name: str, labels: Sequence[str]) -> int:
    folded = [fold(label) for label in labels]
    if fold(name) not in folded:
        shown = ", ".join(f'"{label}"' for label in labels[:MAX_QUOTED_LABELS])
        raise BadInput(f'The file has no column "{name}" to filter by. Its columns are {shown}.', argument="where")
    return folded.index(fold(name))


class _PreparedColumn(Struct, frozen=True):
    position: int
    field: str
    split: CellSplitter | None
    is_cleared: bool  # whether an empty cell clears the stored value
    heading: str
    values: Mapping[str, str]  # folded text to its meaning


def map_rows(table: Table, mapping: TableMapping, *, clear_empty: bool = False) -> Iterator[Row]:
    """Yield one row for each row of the table, in order, while the table is read.

    A mapped cell states its stripped text, or a list of texts if the column is split. An empty cell states nothing; with
    `clear_empty` it states None, which clears the stored value, except in NEVER_CLEARED_FIELDS. Several columns with one field
    make one list. A value that the mapping gives a meaning is replaced, which is a repair. A constant applies if the row states
    nothing else or None. Raises BadInput for an invalid rule of splitting, and whatever reading the table raises.
    """
    columns = [_prepare_column(column, mapping, clear_empty) for column in mapping.columns if column.field]
    headings = _index_headings(mapping)
    constants = {
        field: _split_constant(text, build_splitter(field, None, mapping.labels)) for field, text in mapping.constants.items()
    }
    names = column_labels(table.headings) if table.headings is not None else ()
    for number, cells in table.rows:
        if len(cells) > len(names):
            names = (*names, *(column_label(column) for column in range(len(names), len(cells))))
        repairs: list[Repair] = []
        fields = _read_fields(columns, cells, repairs)
        for field, value in constants.items():
            if fields.get(field) is None:
                fields[field] = value
        row = _build_row(table.file, number, fields, _filled_cells(names, cells), headings)
        yield replace(row, repairs=(*repairs, *row.repairs)) if repairs else row


def _prepare_column(column: MappedColumn, mapping: TableMapping, clear_empty: bool) -> _PreparedColumn:
    field = column.field or ""
    splitter = build_splitter(field, column.split, mapping.labels)
    is_cleared = clear_empty and field not in NEVER_CLEARED_FIELDS
    values = mapping.values.get(strip_field_number(field), {})
    return _PreparedColumn(column.column, field, splitter, is_cleared, column.heading, values)


def _index_headings(mapping: TableMapping) -> dict[str, str]:
    """Return the heading of each field, the first of several."""
    headings: dict[str, str] = {}
    for column in mapping.columns:
        if column.field:
            headings.setdefault(column.field, column.heading)
    return headings


def _split_constant(text: str, split: CellSplitter | None) -> object:
    return list(split(text)) if split else text.strip()


def _filled_cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, cells, strict=False) if cell and not cell.isspace()}


def _read_fields(columns: Sequence[_PreparedColumn], cells: Sequence[str], repairs: list[Repair]) -> FlatFields:
    fields: FlatFields = {}
    for column in columns:
        position, field = column.position, column.field
        text = cells[position].strip() if position < len(cells) else ""
        if text:
            parts = [*column.split(text)] if column.split else [text]
            if column.values:
                parts = [meaning for part in parts if (meaning := _replace_value(part, column, repairs))]
            if not parts and not column.split:
                continue
            value: object = parts if column.split else parts[0]
            before = fields.get(field)
            fields[field] = value if before is None else _merge_values(before, value)
        elif column.is_cleared:
            fields.setdefault(field, None)
    return {field: value for field, value in fields.items() if value != []}


def fold_value(text: str) -> str:
    """Return the form in which values are compared: folded, but signs without letters such as "✓" as they are."""
    return fold(text) or text


def _replace_value(text: str, column: _PreparedColumn, repairs: list[Repair]) -> str:
    """Return the meaning that the mapping gives to the value, "" if it states nothing, or the value itself."""
    meaning = column.values.get(fold_value(text), text)
    if meaning != text:
        repairs.append(Repair(column.heading, text, meaning, "as the profile says"))
    return meaning


def _merge_values(before: object, value: object) -> list[str]:
    """Return the values of two columns with one field, each once."""
    values = [*(before if isinstance(before, list) else [before]), *(value if isinstance(value, list) else [value])]
    return list(dict.fromkeys(values))


def _build_row(file: str, number: int, flat_fields: FlatFields, cells: dict[str, str], headings: Mapping[str, str]) -> Row:
    source_id, day = flat_fields.pop("source_id", None), flat_fields.pop("as_of", None)
    as_of, repairs, problems = _parse_row_date(day, headings.get("as_of", "as_of"))
    return Row(
        file,
        number,
        flat_fields,
        cells=cells,
        repairs=repairs,
        problems=problems,
        source_id=source_id if isinstance(source_id, str) else None,
        as_of=as_of,
        columns=headings,
    )


def _parse_row_date(day: object, heading: str) -> tuple[dt.date | None, tuple[Repair, ...], tuple[Problem, ...]]:
    if not isinstance(day, str):
        return None, (), ()
    try:
        result = dates.parse_date(day)
    except BadInput as refusal:
        return None, (), (Problem(("as_of",), refusal.code, refusal.user_message, {"value": day, "column": heading}),)
    repairs = (Repair(heading, day, result.value.isoformat(), result.reason),) if result.reasons else ()
    return result.value, repairs, ()
