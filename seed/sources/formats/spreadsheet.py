"""Read spreadsheets: inspect the ZIP of an XLSX, XLSB or ODS file, then read a sheet in a process with a memory limit."""

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
from seed.sources.formats.limits import MAX_CELL_SIZE, MAX_UNPACKED_SIZE, ZipArchive, cell_error, memory_error, require_file_size
from seed.sources.formats.table_grid import HeaderOption, NumberedRow
from seed.sources.formats.workbook import REFUSAL_EXIT_CODE, Refusal, SelectedSheet, WorkbookTask

_ENTITY_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")  # neither Office Open XML nor OpenDocument uses them
_MAX_TEXT_SIZE = 6 * MAX_CELL_SIZE  # bytes between two tags: a character may be written as a reference, such as &quot;
_ERROR_CELL = b' t="e"'  # marks a cell whose formula failed (ECMA-376, 18.18.11)
_CELL_FILES = ("xl/worksheets/", "xl/sharedStrings", "content.xml")

BASE_MEMORY = (
    MAX_UNPACKED_SIZE  # bytes that any workbook may use in addition to its own size; three million empty cells need them
)
MEMORY_PER_BYTE = 4  # for each unpacked byte: a cell has about 25 bytes of XML and takes 70 in memory
MEMORY_PER_BYTE_OF_XLS = 12  # the same cell has 6 bytes in XLS
_ZIP_SIGNATURE = b"PK"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # the part of an OLE2 file that holds a password-protected document
_MEMORY_ERROR = b"MemoryError"
_NumberedRow: TypeAlias = tuple[int, tuple[str, ...]]


class PackageInspection(NamedTuple):
    size: int  # bytes of all members when unpacked
    formula_errors: int  # cells of XLSX that hold a formula error


def inspect_package(data: bytes, file: str) -> PackageInspection:
    """Measure the package without parsing it.

    Raises TooLarge when it exceeds the limits, and BadInput when it cannot be unpacked or declares entities.
    """
    archive = ZipArchive(data, file)
    members = [_PackageMember(file, archive.iterate_chunks(name), name.startswith(_CELL_FILES)) for name in archive.names]
    return PackageInspection(sum(member.size for member in members), sum(member.formula_errors for member in members))


class _PackageMember:
    """One member, read in chunks. A pattern may span two chunks."""

    def __init__(self, file: str, chunks: Iterable[bytes], has_cells: bool) -> None:
        self.size = self.formula_errors = 0
        self._text_size = 0  # bytes since the last tag
        previous_end = b""
        for chunk in chunks:
            self.size += len(chunk)
            text = previous_end + chunk
            if any(declaration in text for declaration in _ENTITY_DECLARATIONS):
                raise BadInput(
                    f"{file} declares XML entities, which no spreadsheet needs. Save it again as XLSX or CSV.", file=file
                )
            if has_cells:
                self._measure(chunk, file)
                self.formula_errors += text.count(_ERROR_CELL) - previous_end.count(_ERROR_CELL)
            previous_end = text[-len(_ENTITY_DECLARATIONS[0]) :]

    def _measure(self, chunk: bytes, file: str) -> None:
        first, last = chunk.find(b"<"), chunk.rfind(b"<")
        self._text_size += len(chunk) if first < 0 else first
        if self._text_size > _MAX_TEXT_SIZE:
            raise cell_error(None, file)
        if first >= 0:
            self._text_size = len(chunk) - last


def read_spreadsheet(data: bytes, file: str, *, sheet: str | None = None, header: HeaderOption = None) -> Table:
    """Read the sheet with that name, or the first one that holds a table. `header`: whether there are headings; None to detect.

    A formula counts as the value that it had when the file was saved. Rows come from an unnamed temporary file, so they are not
    all in memory. Raises BadInput when the file is empty, damaged, protected by a password or lacks the sheet, and TooLarge when
    it exceeds the limits (limits.py).
    """
    require_file_size(len(data), file)
    if _ENCRYPTED_STREAM in data:
        raise BadInput(f"{file} is protected by a password. Save it without a password.", file=file)
    package = inspect_package(data, file) if data.startswith(_ZIP_SIGNATURE) else None
    memory = BASE_MEMORY + (MEMORY_PER_BYTE * package.size if package else MEMORY_PER_BYTE_OF_XLS * len(data))
    lines = _run_workbook_reader(data, WorkbookTask(file, sheet, memory))
    selected_sheet = msgspec.json.decode(lines.readline(), type=SelectedSheet)
    start = lines.tell()

    def rows() -> Iterator[NumberedRow]:
        lines.seek(start)
        return map(msgspec.json.Decoder(tuple[int, list[str]]).decode, lines)

    table = table_grid.build_table(rows, file, header)
    notes = (*_describe_sheets(selected_sheet, package.formula_errors if package else 0), *table.notes)
    return replace(table, rows=_close_after(lines, table.rows), notes=notes, titles=(selected_sheet.sheet, *table.titles))


def _close_after(lines: IO[bytes], rows: Iterable[_NumberedRow]) -> Iterator[_NumberedRow]:
    with lines:
        yield from rows


def _run_workbook_reader(data: bytes, task: WorkbookTask) -> IO[bytes]:
    """Run workbook.py and return its output."""
    lines = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open while the rows are read
    process = subprocess.run(
        [sys.executable, "-P", "-m", "seed.sources.formats.workbook"],
        input=msgspec.json.encode(task) + b"\n" + data,
        stdout=lines,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "RUST_BACKTRACE": "0"},
        check=False,
    )
    if process.returncode:
        lines.close()
        raise _build_error(process.returncode, process.stderr, task.file)
    lines.seek(0)
    return lines


def _build_error(exit_code: int, message: bytes, file: str) -> BadInput:
    if exit_code == REFUSAL_EXIT_CODE:
        refusal = msgspec.json.decode(message, type=Refusal)
        return (TooLarge if refusal.is_too_large else BadInput)(refusal.sentence, **refusal.params)
    if exit_code < 0 or _MEMORY_ERROR in message:  # killed by a resource limit, or out of memory
        return memory_error(file)
    return BadInput(f"{file} is damaged and cannot be read. Save it again as XLSX or CSV.", file=file)


def _describe_sheets(selected_sheet: SelectedSheet, formula_errors: int) -> Iterator[str]:
    others = ", ".join(f"{name} ({rows:,} row{'s' if rows > 1 else ''})" for name, rows in selected_sheet.left_out)
    left_out = f" Left out: {others}. To read one of them: --sheet NAME." if others else ""
    yield f"Sheet read: {selected_sheet.sheet}.{left_out}"
    if formula_errors:
        yield f"Formula errors, such as #N/A, are read as empty cells. The workbook has {formula_errors:,}."
