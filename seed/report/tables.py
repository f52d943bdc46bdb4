"""Rows of text as CSV and XLSX, safe to open in a spreadsheet: no cell of ours is ever a formula."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from seed.writers.apostrophes import marked, neutral


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([neutral(cell) for cell in row] for row in rows)


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with path.open("wb") as file, xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, [marked(cell) for cell in row])
