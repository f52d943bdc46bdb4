"""Corrections files: rows of a source that an import returned for a person to correct, with that person's answers."""

from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec.structs import replace

from directory.export.formula_escaping import unescape_cell
from seed.rows import Row, Table

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
