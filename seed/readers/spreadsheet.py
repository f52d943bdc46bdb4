"""XLSX, XLSB, XLS and ODS: one sheet of a workbook as a table."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, TypeAlias

import msgspec
from msgspec.structs import replace

from directory.errors import BadInput, TooLarge
from seed.readers import grid
from seed.readers.headings import NumberedRow
from seed.readers.limits import MAX_UNPACKED_SIZE, memory_error, require_file_size
from seed.readers.packages import inspect_package
from seed.readers.workbook import REFUSAL_EXIT_CODE, Refusal, SelectedSheet, WorkbookTask
from seed.tables import Table

BASE_MEMORY = MAX_UNPACKED_SIZE  # bytes that any workbook may take beside itself, as three million empty cells do
MEMORY_PER_BYTE = 4  # of what is unpacked, beyond that: a cell is some 25 bytes of XML, and 70 when it is read
MEMORY_PER_BYTE_OF_XLS = 12  # where the same cell is 6 bytes
_ZIP_SIGNATURE = b"PK"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # the part of an OLE2 file in which Office keeps what has a password
_MEMORY_ERROR = b"MemoryError"
_NumberedRow: TypeAlias = tuple[int, tuple[str, ...]]


def read_spreadsheet(data: bytes, file: str, *, sheet: str | None = None, header: bool | None = None) -> Table:
    """The table in the sheet of that name, or in the first one that holds a table. `header` tells whether there are headings.

    Formulas count as what they gave when the file was saved. Rows come from a temporary file without a name, so that they are not
    all in memory. Raises BadInput when the file is empty, damaged, protected by a password or has no such sheet, and TooLarge
    when it holds more than is read (limits.py).
    """
    require_file_size(len(data), file)
    if _ENCRYPTED_STREAM in data:
        raise BadInput(f"{file} is protected by a password. Save it without one.", file=file)
    package = inspect_package(data, file) if data.startswith(_ZIP_SIGNATURE) else None
    memory = BASE_MEMORY + (MEMORY_PER_BYTE * package.size if package else MEMORY_PER_BYTE_OF_XLS * len(data))
    lines = _run_workbook_reader(data, WorkbookTask(file, sheet, memory))
    found = msgspec.json.decode(lines.readline(), type=SelectedSheet)
    start = lines.tell()

    def rows() -> Iterator[NumberedRow]:
        lines.seek(start)
        return map(msgspec.json.Decoder(tuple[int, list[str]]).decode, lines)

    table = grid.build_table(rows, file, header)
    notes = (*_describe_sheets(found, package.formula_errors if package else 0), *table.notes)
    return replace(table, rows=_close_after(lines, table.rows), notes=notes)


def _close_after(lines: IO[bytes], rows: Iterable[_NumberedRow]) -> Iterator[_NumberedRow]:
    with lines:
        yield from rows


def _run_workbook_reader(data: bytes, task: WorkbookTask) -> IO[bytes]:
    """What workbook.py made of it."""
    lines = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open for as long as the rows are read
    done = subprocess.run(
        [sys.executable, "-P", "-m", "seed.readers.workbook"],
        input=msgspec.json.encode(task) + b"\n" + data,
        stdout=lines,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "RUST_BACKTRACE": "0"},
        check=False,
    )
    if done.returncode:
        lines.close()
        raise _build_error(done.returncode, done.stderr, task.file)
    lines.seek(0)
    return lines


def _build_error(exit_code: int, message: bytes, file: str) -> BadInput:
    if exit_code == REFUSAL_EXIT_CODE:
        refused = msgspec.json.decode(message, type=Refusal)
        return (TooLarge if refused.is_too_large else BadInput)(refused.sentence, **refused.params)
    if exit_code < 0 or _MEMORY_ERROR in message:  # stopped by a limit, or by itself when it got no more memory
        return memory_error(file)
    return BadInput(f"{file} is damaged and cannot be read. Save it anew as XLSX or CSV.", file=file)


def _describe_sheets(selected_sheet: SelectedSheet, spoilt: int) -> Iterator[str]:
    others = ", ".join(f"{name} ({rows:,} row{'s' if rows > 1 else ''})" for name, rows in selected_sheet.left_out)
    yield f"Read: the sheet {selected_sheet.sheet}." + (f" Left out: {others}." if others else "")
    if spoilt:
        yield f"Errors of formulas, such as #N/A, are read as empty cells; the workbook has {spoilt:,}."
