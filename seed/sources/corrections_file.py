"""Tables of rows that came back to be corrected: each is a part of its source, tells of which, and holds a person's answers."""

from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec.structs import replace

from seed.export.formula_escaping import unescape_cell
from seed.rows import Row, Table

REASON_COLUMN = "why it came back"
SOURCE_COLUMN = "came from"
SAME_AS_COLUMN = "same_as"  # the column in which a person answers whom a row is about
CORRECTION_COLUMNS = (SOURCE_COLUMN, SAME_AS_COLUMN, REASON_COLUMN)


def is_corrections_table(headings: Sequence[str] | None) -> bool:
    """Whether these are rows that came back: what is not among them has not gone from the source."""
    return headings is not None and REASON_COLUMN in headings and SOURCE_COLUMN in headings


def restore_table(table: Table) -> Table:
    """The table with its headings, also where its source had none, and its cells as they were before they were made safe.

    Any other table stays as it is.
    """
    rows = iter(table.rows)
    if table.headings is None:
        first = next(rows, None)
        if first is None or not is_corrections_table(first[1]):
            return replace(table, rows=rows if first is None else chain([first], rows))
        table = replace(table, headings=first[1])
    if table.headings is None or not is_corrections_table(table.headings):
        return replace(table, rows=rows)
    bared = ((number, tuple(map(unescape_cell, cells))) for number, cells in rows)
    return replace(table, headings=tuple(map(unescape_cell, table.headings)), rows=bared)


def find_source_key(headings: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> str:
    """The key of the source they came from; "" where the rows do not agree on one."""
    if headings is None or SOURCE_COLUMN not in headings:
        return ""
    place = headings.index(SOURCE_COLUMN)
    named = {cells[place].strip() for cells in sample if cells[place].strip()}
    return named.pop() if len(named) == 1 else ""


def apply_answers(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows with the answers of a person, whoever read them."""
    for row in rows:
        answer = next((cell.strip() for heading, cell in row.cells.items() if heading.lower() == SAME_AS_COLUMN), "")
        yield replace(row, fields={**row.fields, SAME_AS_COLUMN: answer}) if answer else row
