"""Write rows of text to CSV and XLSX files in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from seed.export.formula_escaping import escape_csv_cell, escape_text_cell
from seed.output_files import write_atomically

MAX_CELL_LENGTH = 32_767  # characters; a spreadsheet drops longer cells


def write_csv_file(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file that only its owner may read, because rows may hold private data.

    Raises OSError, and then keeps an existing file.
    """
    with write_atomically(path) as out:
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
        csv.writer(text).writerows([escape_csv_cell(cell) for cell in row] for row in (headings, *rows))
        text.detach()


def write_xlsx_file(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write an XLSX file like `write_csv_file`. A text that is too long for a cell ends in an ellipsis."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with write_atomically(path) as out, xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, [_truncate(escape_text_cell(cell)) for cell in row])


def _truncate(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else f"{text[: MAX_CELL_LENGTH - 1]}…"
