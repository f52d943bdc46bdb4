"""Rows of text as CSV and XLSX, safe to open in a spreadsheet: no cell of ours is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from seed.export.formula_escaping import escape_csv_cell, escape_text_cell
from seed.output_files import write_atomically

MAX_CELL_LENGTH = 32_767  # characters of a cell that a spreadsheet holds; what is longer would be left out whole


def write_csv_file(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows may hold what is private of people: the file is its owner's alone. Raises OSError, and leaves what was there."""
    with write_atomically(path) as out:
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
        csv.writer(text).writerows([escape_csv_cell(cell) for cell in row] for row in (headings, *rows))
        text.detach()


def write_xlsx_file(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """As `write_csv`; a text that is too long for a cell ends in an ellipsis."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with write_atomically(path) as out, xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, [_truncate(escape_text_cell(cell)) for cell in row])


def _truncate(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else f"{text[: MAX_CELL_LENGTH - 1]}…"
