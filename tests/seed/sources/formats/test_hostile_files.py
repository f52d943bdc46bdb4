"""Files made to exhaust memory are rejected, and the process that reads them does not grow."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seed.sources.formats import limits
from tests.seed.sources.formats.workbooks import build_zip, ods, ods_cell, sheet_xml, with_part, xls, xlsx

MIB = 1024 * 1024
GROWTH = 100 * MIB
# Measures the peak memory of a fresh process. ru_maxrss would include the memory of the process that started it.
READING = """
import sys
from pathlib import Path
from directory.errors import TooLarge, BadInput
from seed.sources.formats.csv_records import read_delimited
from seed.sources.formats.spreadsheet import read_spreadsheet
from seed.sources.formats.limits import ZipArchive

def read_memory(name):
    return int(Path("/proc/self/status").read_text().split(name)[1].split()[0]) * 1024

def unpack(data, file):
    archive = ZipArchive(data, file)
    for name in archive.names:
        for chunk in archive.iterate_chunks(name):
            pass

read = {"CSV": read_delimited, "SPREADSHEET": read_spreadsheet, "ZIP": unpack}[sys.argv[1]]
data = Path(sys.argv[2]).read_bytes()
before = read_memory("VmRSS:")
try:
    table = read(data, "a.file")
    for row in table.rows if table else ():
        pass
except BadInput as refusal:
    print(refusal.code.value, read_memory("VmHWM:") - before)
"""


def with_shared_text(size: int) -> bytes:
    text = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * size}</t></si></sst>'
    return with_part(xlsx([["name"], ["Acme"]]), "xl/sharedStrings.xml", text.encode())


def with_sheet(cells: str) -> bytes:
    return with_part(xlsx([["name"], ["Acme"]]), "xl/worksheets/sheet1.xml", sheet_xml(cells))


def far_cells(row: int, column: str) -> bytes:
    return with_sheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>1</v></c></row>')


def repeated_ods(rows: int, columns: int) -> bytes:
    return ods(f'<table:table-row table:number-rows-repeated="{rows}">{ods_cell("x", columns)}</table:table-row>')


FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a million columns": ("CSV", lambda: b"a1," * 1_000_000, "TOO_LARGE"),
    "a million columns in quotation marks": ("CSV", lambda: b'"a1",' * 1_000_000, "TOO_LARGE"),
    "a million columns over many lines": ("CSV", lambda: b'a,b\n"\n' + b'",a,a,"\n' * 1_000_000, "TOO_LARGE"),
    "a cell of 19 MiB": ("CSV", lambda: b"name,note\nAcme," + b"x" * 19 * MIB, "TOO_LARGE"),
    "a cell of emojis": ("CSV", lambda: b"name,note\nAcme," + "\N{OPEN BOOK}".encode() * (4 * MIB), "TOO_LARGE"),
    "a cell of lines": ("CSV", lambda: b'name,note,city\nUnion,,Rome\nAcme,"' + b"line\n" * (3 * MIB), "TOO_LARGE"),
    "a cell of quotation marks": ("CSV", lambda: b"name,note\nAcme," + b'"' * 19 * MIB, "TOO_LARGE"),
    "ten million rows": ("CSV", lambda: b"a\n" * (10 * MIB), "TOO_LARGE"),
    "twenty million lines": ("CSV", lambda: b"a,b\n" + b"\n" * (19 * MIB), "TOO_LARGE"),
    "more than 20 MiB": ("CSV", lambda: b"a,b\n" * (6 * MIB), "TOO_LARGE"),
    "a bomb": ("ZIP", lambda: build_zip({f"{number}.csv": bytes(60 * MIB) for number in range(2)}), "TOO_LARGE"),
    "a bomb in a workbook": ("SPREADSHEET", lambda: with_sheet(" " * 110 * MIB), "TOO_LARGE"),
    "a bomb of empty rows": ("SPREADSHEET", lambda: with_sheet("<row/>" * (18 * MIB)), "TOO_LARGE"),
    "entities": (
        "SPREADSHEET",
        lambda: with_part(xlsx([["a"]]), "xl/styles.xml", b'<!DOCTYPE a [<!ENTITY b "c">]>'),
        "BAD_INPUT",
    ),
    "a shared text of 50 MB": ("SPREADSHEET", lambda: with_shared_text(50_000_000), "TOO_LARGE"),
    "a last cell": ("SPREADSHEET", lambda: far_cells(1_048_576, "XFD"), "TOO_LARGE"),
    "a last row of ten columns": ("SPREADSHEET", lambda: far_cells(1_048_576, "J"), "TOO_LARGE"),
    "a million columns in a sheet": (
        "SPREADSHEET",
        lambda: with_sheet("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"),
        "TOO_LARGE",
    ),
    "repeated rows in ODS": ("SPREADSHEET", lambda: repeated_ods(1_048_576, 100), "TOO_LARGE"),
    "repeated columns in ODS": ("SPREADSHEET", lambda: repeated_ods(1, 1_000_000_000), "TOO_LARGE"),
    "a last cell in XLS": ("SPREADSHEET", lambda: xls({(0, 0): "a", (65535, 65535): "b"}), "TOO_LARGE"),
    "a text used again and again in XLS": (
        "SPREADSHEET",
        lambda: xls({(row, 0): "x" * 30_000 for row in range(10_000)}),
        "TOO_LARGE",
    ),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_rejected_and_memory_does_not_grow(name: str, tmp_path: Path) -> None:
    kind, data, code = FILES[name]
    path = tmp_path / "file"
    path.write_bytes(data())
    assert path.stat().st_size <= 2 * limits.MAX_FILE_SIZE
    command = [sys.executable, "-c", READING, kind, str(path)]
    process = subprocess.run(command, cwd=Path(__file__).parents[4], capture_output=True, text=True, check=True)
    actual_code, growth = process.stdout.split()
    assert actual_code == code
    assert int(growth) < GROWTH
