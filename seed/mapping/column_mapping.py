"""From the cells of a table to what each row states: flat fields with their text, column by column."""

import datetime as dt
from collections import abc
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from directory.drafts.problems import Problem
from directory.errors import BadInput
from seed.clean.values import dates
from seed.mapping.cell_splitting import CellSplitter, build_splitter
from seed.mapping.guess import ColumnGuess
from seed.mapping.headings import column_label, column_labels
from seed.rows import Repair, Row, Table

NEVER_CLEARED_FIELDS = frozenset({"id", "slug", "same_as", "source_id", "as_of", "name"})  # an empty cell of these says nothing

FlatFields = dict[str, object]


class MappedColumn(Struct, frozen=True):
    """`field` None leaves the column unmapped, and listed as such unless `is_ignored` says that a person wants it so.

    `split` is a rule of splitting.py, None for the field's default.
    """

    column: int  # from 0
    heading: str  # the column's label (labels.py)
    field: str | None = None
    split: str | None = None
    is_ignored: bool = False


class TableMapping(Struct, frozen=True):
    """`constants` are flat fields and the text that holds wherever a row states nothing of its own there.

    `labels` are tags that hold a comma and are not split at it.
    """

    columns: tuple[MappedColumn, ...]
    constants: abc.Mapping[str, str] = {}
    labels: frozenset[str] = frozenset()

    @property
    def unmapped_columns(self) -> tuple[str, ...]:
        """Labels of the columns that nothing is taken from, without those that a person chose to ignore."""
        return tuple(one.heading for one in self.columns if one.field is None and not one.is_ignored)


class _PreparedColumn(Struct, frozen=True):
    position: int
    field: str
    split: CellSplitter | None
    is_cleared: bool  # whether an empty cell takes away what is kept


def build_mapping(guesses: Iterable[ColumnGuess], constants: abc.Mapping[str, str] | None = None) -> TableMapping:
    """The mapping that the guesses make."""
    columns = tuple(MappedColumn(one.column, one.heading, one.field) for one in guesses)
    return TableMapping(columns, constants or {})


def map_rows(table: Table, mapping: TableMapping, *, clear_empty: bool = False) -> Iterator[Row]:
    """One row for each of the table's, in order, as they are read.

    A mapped cell states its text without the blanks around it, or a list of texts where the column is split. An empty cell
    states nothing; with `clear_empty` it states None, which takes away what the record has, but for NEVER_CLEARED. Where several
    columns have one field their values make one list. A constant holds where the row states nothing else, also in place of
    None; absent columns state nothing. Raises BadInput for a rule of splitting that is none, and what reading the table raises.
    """
    columns = [_prepare_column(one, mapping, clear_empty) for one in mapping.columns if one.field]
    where = _index_headings(mapping)
    constants = {
        field: _split_constant(text, build_splitter(field, None, mapping.labels)) for field, text in mapping.constants.items()
    }
    names = column_labels(table.headings) if table.headings is not None else ()
    for number, cells in table.rows:
        if len(cells) > len(names):
            names = (*names, *(column_label(column) for column in range(len(names), len(cells))))
        stated = _read_fields(columns, cells)
        for field, value in constants.items():
            if stated.get(field) is None:
                stated[field] = value
        yield _build_row(table.file, number, stated, _filled_cells(names, cells), where)


def _prepare_column(one: MappedColumn, mapping: TableMapping, clear_empty: bool) -> _PreparedColumn:
    field = one.field or ""
    return _PreparedColumn(
        one.column, field, build_splitter(field, one.split, mapping.labels), clear_empty and field not in NEVER_CLEARED_FIELDS
    )


def _index_headings(mapping: TableMapping) -> dict[str, str]:
    """The heading of each field; of several the first."""
    found: dict[str, str] = {}
    for one in mapping.columns:
        if one.field:
            found.setdefault(one.field, one.heading)
    return found


def _split_constant(text: str, split: CellSplitter | None) -> object:
    return list(split(text)) if split else text.strip()


def _filled_cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, cells, strict=False) if cell and not cell.isspace()}


def _read_fields(columns: Sequence[_PreparedColumn], cells: Sequence[str]) -> FlatFields:
    stated: FlatFields = {}
    for column in columns:
        position, field = column.position, column.field
        text = cells[position].strip() if position < len(cells) else ""
        if text:
            value = list(column.split(text)) if column.split else text
            before = stated.get(field)
            stated[field] = value if before is None else _merge_values(before, value)
        elif column.is_cleared:
            stated.setdefault(field, None)
    return {field: value for field, value in stated.items() if value != []}


def _merge_values(before: object, value: object) -> list[str]:
    """The values of two columns with one field, each once."""
    every = [*(before if isinstance(before, list) else [before]), *(value if isinstance(value, list) else [value])]
    return list(dict.fromkeys(every))


def _build_row(file: str, number: int, flat_fields: FlatFields, cells: dict[str, str], where: abc.Mapping[str, str]) -> Row:
    source_id, day = flat_fields.pop("source_id", None), flat_fields.pop("as_of", None)
    as_of, repairs, problems = _parse_row_date(day, where.get("as_of", "as_of"))
    return Row(
        file,
        number,
        flat_fields,
        cells=cells,
        repairs=repairs,
        problems=problems,
        source_id=source_id if isinstance(source_id, str) else None,
        as_of=as_of,
        columns=where,
    )


def _parse_row_date(day: object, heading: str) -> tuple[dt.date | None, tuple[Repair, ...], tuple[Problem, ...]]:
    if not isinstance(day, str):
        return None, (), ()
    try:
        read = dates.parse_date(day)
    except BadInput as refusal:
        return None, (), (Problem(("as_of",), refusal.code, refusal.user_message, {"value": day, "column": heading}),)
    repairs = (Repair(heading, day, read.value.isoformat(), read.reason),) if read.reasons else ()
    return read.value, repairs, ()
