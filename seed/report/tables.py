"""Rows of text as CSV and XLSX, safe to open in a spreadsheet: no cell of ours is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from seed.replacing import replaced
from seed.writers.apostrophes import marked, neutral

LONGEST = 32_767  # characters of a cell that a spreadsheet holds; what is longer would be left out whole


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows may hold what is private of people: the file is its owner's alone. Raises OSError, and leaves what was there."""
    with replaced(path) as out:
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
        csv.writer(text).writerows([neutral(cell) for cell in row] for row in (headings, *rows))
        text.detach()


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """As `write_csv`; a text that is too long for a cell ends in an ellipsis."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replaced(path) as out, xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, [_fitting(marked(cell)) for cell in row])


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
