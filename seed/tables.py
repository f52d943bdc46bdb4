"""A table as a reader hands it on: text in rows and columns, before anybody knows what the columns mean."""

from collections.abc import Iterable

from msgspec import Struct


class Table(Struct, frozen=True):
    """`headings` is None where the file has none. `rows` may be iterated once: each a number and the text of its cells.

    Numbers are those of the spreadsheet's rows or the file's records as a person counts them, the line of headings included; rows
    without any text are left out and keep their number. Cells are as many as headings, "" where empty. Numbers of spreadsheets
    are text without a fraction of zero ("2134", not "2134.0"), dates are ISO 8601.
    `notes` are sentences on what the reader found and assumed: encoding, delimiter, sheet, broken quotes.
    """

    file: str
    headings: tuple[str, ...] | None
    rows: Iterable[tuple[int, tuple[str, ...]]]
    notes: tuple[str, ...] = ()
