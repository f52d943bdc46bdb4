"""The style of every table that a command prints."""

from collections.abc import Iterable, Sequence

from rich.table import Column, Table
from rich.text import Text


def build_table(columns: Iterable[Column | str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for cells in rows:
        table.add_row(*(Text(cell) for cell in cells))  # Text: markup in a name must not be interpreted
    return table
