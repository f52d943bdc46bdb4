"""From the cells of a table to what each row states: flat fields with their text, column by column."""

import datetime as dt
from collections import abc
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from directory.errors import BadInput
from directory.problems import Problem
from seed.clean import dates
from seed.columns.guess import Guess
from seed.columns.labels import label, labels
from seed.columns.splitting import Split, splitter
from seed.rows import Repair, Row
from seed.tables import Table

NEVER_CLEARED = frozenset({"id", "slug", "same_as", "source_id", "as_of", "name"})  # an empty cell of these says nothing

Stated = dict[str, object]


class ColumnMap(Struct, frozen=True):
    """`field` None leaves the column unmapped, and listed as such unless `is_ignored` says that a person wants it so.

    `split` is a rule of splitting.py, None for the field's default.
    """

    column: int  # from 0
    heading: str  # the column's label (labels.py)
    field: str | None = None
    split: str | None = None
    is_ignored: bool = False


class Mapping(Struct, frozen=True):
    """`constants` are flat fields and the text that holds wherever a row states nothing of its own there.

    `labels` are tags that hold a comma and are not split at it.
    """

    columns: tuple[ColumnMap, ...]
    constants: abc.Mapping[str, str] = {}
    labels: frozenset[str] = frozenset()

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Labels of the columns that nothing is taken from, without those that a person chose to ignore."""
        return tuple(one.heading for one in self.columns if one.field is None and not one.is_ignored)


class _Column(Struct, frozen=True):
    position: int
    field: str
    split: Split | None
    is_cleared: bool  # whether an empty cell takes away what is kept


def mapping_of(guesses: Iterable[Guess], constants: abc.Mapping[str, str] | None = None) -> Mapping:
    """The mapping that the guesses make."""
    columns = tuple(ColumnMap(one.column, one.heading, one.field) for one in guesses)
    return Mapping(columns, constants or {})


def rows(table: Table, mapping: Mapping, *, clear_empty: bool = False) -> Iterator[Row]:
    """One row for each of the table's, in order, as they are read.

    A mapped cell states its text without the blanks around it, or a list of texts where the column is split. An empty cell
    states nothing; with `clear_empty` it states None, which takes away what the record has, but for NEVER_CLEARED. Where several
    columns have one field their values make one list. A constant holds where the row states nothing else, also in place of
    None; absent columns state nothing. Raises BadInput for a rule of splitting that is none, and what reading the table raises.
    """
    columns = [_column(one, mapping, clear_empty) for one in mapping.columns if one.field]
    where = _headings(mapping)
    constants = {field: _parted(text, splitter(field, None, mapping.labels)) for field, text in mapping.constants.items()}
    names = labels(table.headings) if table.headings is not None else ()
    for number, cells in table.rows:
        if len(cells) > len(names):
            names = (*names, *(label(column) for column in range(len(names), len(cells))))
        stated = _stated(columns, cells)
        for field, value in constants.items():
            if stated.get(field) is None:
                stated[field] = value
        yield _row(table.file, number, stated, _filled(names, cells), where)


def _column(one: ColumnMap, mapping: Mapping, clear_empty: bool) -> _Column:
    field = one.field or ""
    return _Column(one.column, field, splitter(field, one.split, mapping.labels), clear_empty and field not in NEVER_CLEARED)


def _headings(mapping: Mapping) -> dict[str, str]:
    """The heading of each field; of several the first."""
    found: dict[str, str] = {}
    for one in mapping.columns:
        if one.field:
            found.setdefault(one.field, one.heading)
    return found


def _parted(text: str, split: Split | None) -> object:
    return list(split(text)) if split else text.strip()


def _filled(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, cells, strict=False) if cell and not cell.isspace()}


def _stated(columns: Sequence[_Column], cells: Sequence[str]) -> Stated:
    stated: Stated = {}
    for column in columns:
        position, field = column.position, column.field
        text = cells[position].strip() if position < len(cells) else ""
        if text:
            value = list(column.split(text)) if column.split else text
            before = stated.get(field)
            stated[field] = value if before is None else _together(before, value)
        elif column.is_cleared:
            stated.setdefault(field, None)
    return {field: value for field, value in stated.items() if value != []}


def _together(before: object, value: object) -> list[str]:
    """The values of two columns with one field, each once."""
    every = [*(before if isinstance(before, list) else [before]), *(value if isinstance(value, list) else [value])]
    return list(dict.fromkeys(every))


def _row(file: str, number: int, stated: Stated, cells: dict[str, str], where: abc.Mapping[str, str]) -> Row:
    source_id, day = stated.pop("source_id", None), stated.pop("as_of", None)
    as_of, repairs, problems = _as_of(day, where.get("as_of", "as_of"))
    return Row(
        file,
        number,
        stated,
        cells=cells,
        repairs=repairs,
        problems=problems,
        source_id=source_id if isinstance(source_id, str) else None,
        as_of=as_of,
        columns=where,
    )


def _as_of(day: object, heading: str) -> tuple[dt.date | None, tuple[Repair, ...], tuple[Problem, ...]]:
    if not isinstance(day, str):
        return None, (), ()
    try:
        read = dates.day(day)
    except BadInput as refusal:
        return None, (), (Problem(("as_of",), refusal.code, refusal.sentence, {"value": day, "column": heading}),)
    repairs = (Repair(heading, day, read.value.isoformat(), read.reason),) if read.reasons else ()
    return read.value, repairs, ()
