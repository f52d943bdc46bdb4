"""Write files atomically, readable only by their owner unless their content is public. Tables are CSV or XLSX."""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import xlsxwriter

from directory.export.formula_escaping import escape_csv_cell, escape_text_cell

PUBLIC_FILE_MODE = 0o666  # as far as the umask allows
PRIVATE_FILE_MODE = 0o600
MAX_CELL_LENGTH = 32_767  # characters; a spreadsheet drops longer cells
WORKBOOK_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@contextmanager
def write_atomically(path: Path, mode: int = PRIVATE_FILE_MODE) -> Iterator[IO[bytes]]:
    """Open a temporary file that replaces `path` when the block ends without an error. A pipe is written to directly.

    The new file has the permissions `mode`, whatever the old one had. Raises OSError when the file cannot be written.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
        return
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
            yield out
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


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
    with write_atomically(path) as out, xlsxwriter.Workbook(out, WORKBOOK_OPTIONS) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, [_truncate(escape_text_cell(cell)) for cell in row])


def _truncate(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else f"{text[: MAX_CELL_LENGTH - 1]}…"
