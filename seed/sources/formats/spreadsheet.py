"""The ZIP that a spreadsheet in XLSX, XLSB or ODS is: unpacked once and looked over before anything makes sense of it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from directory.errors import BadInput, TooLarge
from seed.rows import Table
from seed.sources.formats import table_grid
from seed.sources.formats.limits import MAX_CELL_SIZE, MAX_UNPACKED_SIZE, cell_error, memory_error, require_file_size
from seed.sources.formats.table_grid import NumberedRow
from seed.sources.formats.workbook import REFUSAL_EXIT_CODE, Refusal, SelectedSheet, WorkbookTask
from seed.sources.formats.zip_archive import ZipArchive

_ENTITY_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")  # neither Office Open XML nor OpenDocument has any
_MAX_TEXT_SIZE = 6 * MAX_CELL_SIZE  # bytes between two tags: each character may be written as a reference, as in &quot;
_ERROR_CELL = b' t="e"'  # of a cell: its formula failed (ECMA-376, 18.18.11)
_CELL_FILES = ("xl/worksheets/", "xl/sharedStrings", "content.xml")


class PackageInspection(NamedTuple):
    size: int  # bytes of everything that is unpacked
    formula_errors: int  # cells of XLSX that hold the error of a formula


def inspect_package(data: bytes, file: str) -> PackageInspection:
    """What the package holds.

    Raises TooLarge when that is more than is read, and BadInput when it cannot be unpacked or declares entities.
    """
    archive = ZipArchive(data, file)
    parts = [_PackageMember(file, archive.iterate_chunks(name), name.startswith(_CELL_FILES)) for name in archive.names]
    return PackageInspection(sum(part.size for part in parts), sum(part.formula_errors for part in parts))


class _PackageMember:
    """One member, gone through in pieces; what is sought may lie across two of them."""

    def __init__(self, file: str, pieces: Iterable[bytes], has_cells: bool) -> None:
        self.size = self.formula_errors = 0
        self._text_size = 0  # bytes since the last tag
        before = b""
        for piece in pieces:
            self.size += len(piece)
            seam = before + piece
            if any(one in seam for one in _ENTITY_DECLARATIONS):
                raise BadInput(f"{file} declares entities, as no spreadsheet does. Save it anew as XLSX or CSV.", file=file)
            if has_cells:
                self._measure(piece, file)
                self.formula_errors += seam.count(_ERROR_CELL) - before.count(_ERROR_CELL)
            before = seam[-len(_ENTITY_DECLARATIONS[0]) :]

    def _measure(self, piece: bytes, file: str) -> None:
        first, last = piece.find(b"<"), piece.rfind(b"<")
        self._text_size += len(piece) if first < 0 else first
        if self._text_size > _MAX_TEXT_SIZE:
            raise cell_error(None, file)
        if first >= 0:
            self._text_size = len(piece) - last


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

    table = table_grid.build_table(rows, file, header)
    notes = (*_describe_sheets(found, package.formula_errors if package else 0), *table.notes)
    return replace(table, rows=_close_after(lines, table.rows), notes=notes)


def _close_after(lines: IO[bytes], rows: Iterable[_NumberedRow]) -> Iterator[_NumberedRow]:
    with lines:
        yield from rows


def _run_workbook_reader(data: bytes, task: WorkbookTask) -> IO[bytes]:
    """What workbook.py made of it."""
    lines = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open for as long as the rows are read
    done = subprocess.run(
        [sys.executable, "-P", "-m", "seed.sources.formats.workbook"],
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
