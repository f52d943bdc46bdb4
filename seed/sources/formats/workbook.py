"""Read a workbook with python-calamine, in a process with limited memory.

Calamine allocates a sheet from its first to its last cell, so a single distant cell takes gigabytes, and when memory runs out the
process dies. The process that serves pages cannot limit its own memory. So spreadsheet.py runs this module as a program. Its
input is a `WorkbookTask` as a line of JSON and then the bytes of the workbook. Its output is a `SelectedSheet` and then the rows,
[number, [cell, ...]], each as a line of JSON. A file that is rejected gives a `Refusal` on standard error and the exit code
REFUSAL_EXIT_CODE.
"""

import datetime as dt
import io
import math
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from directory.errors import BadInput, TooLarge
from seed.sources.formats.limits import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_UNPACKED_SIZE,
    columns_error,
    memory_error,
    require_row_size,
    unpacked_size_error,
)

REFUSAL_EXIT_CODE = 3
MAX_CPU_SECONDS = 30
_MAX_TITLE_ROWS = 100  # rows that may be above the headings
_SIGNIFICANT_DIGITS = 15  # a spreadsheet keeps no more digits of a number
_MAX_EXACT_INTEGER = 10**_SIGNIFICANT_DIGITS
_OTHER_SHEET = re.compile(  # names of sheets that are rarely the list
    r"\b(old|former|past|previous|archived?|lapsed|inactive|ex|read ?me|instructions?|pivot|lookups?|legend"
    r"|antigu[oa]s|anteriores|inactiv[oa]s|archivo|instrucciones)\b",
    re.IGNORECASE,
)
_PIVOT_HEADINGS = ("Row Labels", "Etiquetas de fila")
_CELL_LIMIT_MESSAGE = "limit exceeded"  # calamine's error for a sheet with a hundred million cells


class WorkbookTask(Struct):
    file: str
    sheet: str | None  # None selects the first one that holds a table
    memory: int  # bytes that may be used in addition to what the process uses already


class SelectedSheet(Struct):
    sheet: str
    left_out: list[tuple[str, int]]  # other sheets with text, and how many rows they have


class Refusal(Struct):
    sentence: str
    params: dict[str, Any]
    is_too_large: bool


def main() -> None:
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=WorkbookTask)
    data = sys.stdin.buffer.read()
    limit_resources(task.memory)
    try:
        for line in read_sheet_lines(data, task):
            sys.stdout.buffer.write(line + b"\n")
    except BadInput as refusal:
        details = Refusal(refusal.user_message, refusal.params, isinstance(refusal, TooLarge))
        sys.stderr.buffer.write(msgspec.json.encode(details))
        sys.exit(REFUSAL_EXIT_CODE)


def limit_resources(memory: int) -> None:
    """Limit the memory and CPU time that this process may use from now on; Linux only."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_sheet_lines(data: bytes, task: WorkbookTask) -> Iterator[bytes]:
    """Yield the selected sheet and its rows as JSON. Raises BadInput for a bad workbook, TooLarge for one that is too large."""
    try:
        book = _open_workbook(data)
        selected_sheet, sheet = _select_sheet(book, task)
    except PasswordError as problem:
        raise BadInput(f"{task.file} is protected by a password. Save it without a password.", file=task.file) from problem
    except CalamineError as problem:
        if _CELL_LIMIT_MESSAGE in str(problem):
            raise memory_error(task.file) from problem
        raise BadInput(f"{task.file} is damaged: {problem}. Save it again as XLSX or CSV.", file=task.file) from problem
    if sheet.width > MAX_COLUMNS:
        raise columns_error(None, task.file)
    yield msgspec.json.encode(selected_sheet)
    size = 0
    for count, (number, cells) in enumerate(_iterate_filled_rows(sheet)):
        require_row_size(number, cells, task.file)
        line = msgspec.json.encode((number, cells))
        size += len(line)
        if size > MAX_UNPACKED_SIZE:
            raise unpacked_size_error(task.file)
        if count > MAX_ROWS + _MAX_TITLE_ROWS:
            return
        yield line


def _open_workbook(data: bytes) -> CalamineWorkbook:
    """Open the workbook. Calamine explains an error only if it knows the format, which it takes from a path's extension."""
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError:
        with tempfile.NamedTemporaryFile(suffix=_detect_extension(data)) as copy:
            copy.write(data)
            copy.flush()
            return CalamineWorkbook.from_path(copy.name)


def _detect_extension(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return ".xls"
    return ".ods" if b"opendocument" in data[:100] else ".xlsx"


def _select_sheet(book: CalamineWorkbook, task: WorkbookTask) -> tuple[SelectedSheet, CalamineSheet]:
    """Select the sheet that the task names; else the first visible one with a table, the first with text, or a hidden one.

    A sheet of old members, instructions or a pivot table is selected only if there is no other table.
    """
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
    if task.sheet is not None:
        return _find_sheet(book, task.sheet, [sheet.name for sheet in sheets], task.file)
    if len(sheets) == 1:
        return SelectedSheet(sheets[0].name, []), book.get_sheet_by_name(sheets[0].name)
    chosen: tuple[int, CalamineSheet] | None = None
    filled: dict[str, int] = {}
    for metadata in sheets:
        sheet = book.get_sheet_by_name(metadata.name)
        rows, is_table = _measure_sheet(sheet)
        is_visible = rows > 0 and metadata.visible is SheetVisibleEnum.Visible
        is_list = is_table and not _OTHER_SHEET.search(metadata.name.replace("_", " "))
        rank = (rows > 0) + is_visible * (1 + is_table + is_list)
        filled[metadata.name] = rows
        if chosen is None or rank > chosen[0]:
            chosen = rank, sheet
    if chosen is None or not chosen[0]:
        raise BadInput(f"{task.file} has no sheet with text. Give a file with at least one row.", file=task.file)
    name = chosen[1].name
    return SelectedSheet(name, [(other, rows) for other, rows in filled.items() if rows and other != name]), chosen[1]


def _find_sheet(book: CalamineWorkbook, sheet: str, names: Sequence[str], file: str) -> tuple[SelectedSheet, CalamineSheet]:
    matches = [name for name in names if name.strip().casefold() == sheet.strip().casefold()]
    if not matches:
        listed = ", ".join(names[:20])
        raise BadInput(f"{file} has no sheet {sheet[:40]!r}. Its sheets are: {listed}.", argument="sheet", file=file)
    name = sheet if sheet in matches else matches[0]
    return SelectedSheet(name, []), book.get_sheet_by_name(name)


def _measure_sheet(sheet: CalamineSheet) -> tuple[int, bool]:
    """Count the rows with text, and tell whether at least two have several cells and it is not a pivot table.

    A sheet that is too wide is not examined.
    """
    if sheet.width > MAX_COLUMNS:
        return sheet.height, True
    filled, is_pivot = [], False
    for row in sheet.iter_rows():
        filled.append(sum(1 for cell in row if cell != ""))
        is_pivot = is_pivot or row[0] in _PIVOT_HEADINGS
    return sum(map(bool, filled)), sum(1 for count in filled if count > 1) > 1 and not is_pivot


def _iterate_filled_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Yield the filled rows, without empty cells at the end, numbered as in the spreadsheet."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        while row and row[-1] == "":
            row.pop()
        if row:
            yield number, [cell if isinstance(cell, str) else format_cell(cell) for cell in row]


def format_cell(cell: float | bool | dt.date | dt.time | dt.timedelta) -> str:
    """Format a cell's value: 2134.0 as "2134", a date without a time as "2024-05-01", yes as "true", a duration as "26:30:00"."""
    return _FORMATTERS[type(cell)](cell)


def _format_number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    whole = int(value)
    if whole == value and -_MAX_EXACT_INTEGER < whole < _MAX_EXACT_INTEGER:
        return str(whole)
    short = f"{value:.{_SIGNIFICANT_DIGITS}g}"
    return repr(value) if "e" in short else short


def _format_datetime(value: dt.datetime) -> str:
    return value.isoformat(timespec="seconds") if value.time() != dt.time() else value.date().isoformat()


def _format_duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"


_FORMATTERS: Mapping[type, Callable[[Any], str]] = {
    float: _format_number,
    int: _format_number,
    bool: lambda value: "true" if value else "false",
    dt.datetime: _format_datetime,
    dt.date: dt.date.isoformat,
    dt.time: lambda value: value.isoformat(timespec="seconds" if value.second else "minutes"),
    dt.timedelta: _format_duration,
}


if __name__ == "__main__":
    main()
