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
from seed.readers.headings import Numbered
from seed.readers.limits import UNPACKED, require_small, too_much_memory
from seed.readers.packages import inspected
from seed.readers.workbook import REFUSED, Found, Refused, Task
from seed.tables import Table

MEMORY = UNPACKED  # bytes that any workbook may take beside itself, as three million empty cells do
MEMORY_A_BYTE = 4  # of what is unpacked, beyond that: a cell is some 25 bytes of XML, and 70 when it is read
MEMORY_A_BYTE_OF_XLS = 12  # where the same cell is 6 bytes
_ZIP = b"PK"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the part of an OLE2 file in which Office keeps what has a password
_OUT_OF_MEMORY = b"MemoryError"
_Row: TypeAlias = tuple[int, tuple[str, ...]]


def read(data: bytes, file: str, *, sheet: str | None = None, header: bool | None = None) -> Table:
    """The table in the sheet of that name, or in the first one that holds a table. `header` tells whether there are headings.

    Formulas count as what they gave when the file was saved. Rows come from a temporary file without a name, so that they are not
    all in memory. Raises BadInput when the file is empty, damaged, protected by a password or has no such sheet, and TooLarge
    when it holds more than is read (limits.py).
    """
    require_small(len(data), file)
    if _ENCRYPTED in data:
        raise BadInput(f"{file} is protected by a password. Save it without one.", file=file)
    package = inspected(data, file) if data.startswith(_ZIP) else None
    memory = MEMORY + (MEMORY_A_BYTE * package.size if package else MEMORY_A_BYTE_OF_XLS * len(data))
    lines = _taken_apart(data, Task(file, sheet, memory))
    found = msgspec.json.decode(lines.readline(), type=Found)
    start = lines.tell()

    def rows() -> Iterator[Numbered]:
        lines.seek(start)
        return map(msgspec.json.Decoder(tuple[int, list[str]]).decode, lines)

    table = grid.table(rows, file, header)
    notes = (*_told(found, package.spoilt if package else 0), *table.notes)
    return replace(table, rows=_closing(lines, table.rows), notes=notes)


def _closing(lines: IO[bytes], rows: Iterable[_Row]) -> Iterator[_Row]:
    with lines:
        yield from rows


def _taken_apart(data: bytes, task: Task) -> IO[bytes]:
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
        raise _refusal(done.returncode, done.stderr, task.file)
    lines.seek(0)
    return lines


def _refusal(exit_code: int, told: bytes, file: str) -> BadInput:
    if exit_code == REFUSED:
        refused = msgspec.json.decode(told, type=Refused)
        return (TooLarge if refused.is_too_large else BadInput)(refused.sentence, **refused.params)
    if exit_code < 0 or _OUT_OF_MEMORY in told:  # stopped by a limit, or by itself when it got no more memory
        return too_much_memory(file)
    return BadInput(f"{file} is damaged and cannot be read. Save it anew as XLSX or CSV.", file=file)


def _told(found: Found, spoilt: int) -> Iterator[str]:
    others = ", ".join(f"{name} ({rows:,} row{'s' if rows > 1 else ''})" for name, rows in found.left_out)
    yield f"Read: the sheet {found.sheet}." + (f" Left out: {others}." if others else "")
    if spoilt:
        yield f"Errors of formulas, such as #N/A, are read as empty cells; the workbook has {spoilt:,}."
