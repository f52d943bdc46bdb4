"""Tables of rows that came back to be corrected: each is a part of its source, tells of which, and holds a person's answers."""

from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec.structs import replace

from seed.rows import Row
from seed.tables import Table
from seed.writers.apostrophes import bare

REASON = "why it came back"
SOURCE = "came from"
SAME_AS = "same_as"  # the column in which a person answers whom a row is about
ADDED = (SOURCE, SAME_AS, REASON)


def is_part(headings: Sequence[str] | None) -> bool:
    """Whether these are rows that came back: what is not among them has not gone from the source."""
    return headings is not None and REASON in headings and SOURCE in headings


def as_written(table: Table) -> Table:
    """The table with its headings, also where its source had none, and its cells as they were before they were made safe.

    Any other table stays as it is.
    """
    rows = iter(table.rows)
    if table.headings is None:
        first = next(rows, None)
        if first is None or not is_part(first[1]):
            return replace(table, rows=rows if first is None else chain([first], rows))
        table = replace(table, headings=first[1])
    if table.headings is None or not is_part(table.headings):
        return replace(table, rows=rows)
    bared = ((number, tuple(map(bare, cells))) for number, cells in rows)
    return replace(table, headings=tuple(map(bare, table.headings)), rows=bared)


def source_of(headings: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> str:
    """The key of the source they came from; "" where the rows do not agree on one."""
    if headings is None or SOURCE not in headings:
        return ""
    place = headings.index(SOURCE)
    named = {cells[place].strip() for cells in sample if cells[place].strip()}
    return named.pop() if len(named) == 1 else ""


def answered(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows with the answers of a person, whoever read them."""
    for row in rows:
        answer = next((cell.strip() for heading, cell in row.cells.items() if heading.lower() == SAME_AS), "")
        yield replace(row, stated={**row.stated, SAME_AS: answer}) if answer else row
