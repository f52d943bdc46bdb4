"""A workbook taken apart by python-calamine, in a process of its own with a bound on its memory.

Calamine lays a sheet out from its first to its last cell, so that one far away asks for gigabytes; where memory ends, it takes
its process with it. The process that serves pages cannot bound its own memory. So this module is run as a program by
spreadsheet.py: a `Task` as a line of JSON, then the workbook's bytes come in; a `Found` and then the rows, [number, [cell, ...]],
go out, a line of JSON each. A refusal goes to the standard error as a `Refused`, with exit code REFUSED.
"""

import datetime as dt
import io
import math
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

REFUSAL_EXIT_CODE = 3  # exit code
MAX_CPU_SECONDS = 30  # of CPU
_MAX_TITLE_ROWS = 100  # rows that may stand above the headings
_SIGNIFICANT_DIGITS = 15  # that a spreadsheet keeps of a number
_MAX_EXACT_INTEGER = 10**_SIGNIFICANT_DIGITS
_CELL_LIMIT_MESSAGE = "limit exceeded"  # what calamine says of a sheet with a hundred million


class WorkbookTask(Struct):
    file: str
    sheet: str | None  # None for the first that holds a table
    memory: int  # bytes that may be taken beside the workbook's own


class SelectedSheet(Struct):
    sheet: str
    left_out: list[tuple[str, int]]  # other sheets with text, and their rows


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
        told = Refusal(refusal.user_message, refusal.params, isinstance(refusal, TooLarge))
        sys.stderr.buffer.write(msgspec.json.encode(told))
        sys.exit(REFUSAL_EXIT_CODE)


def limit_resources(memory: int) -> None:
    """Bounds what this process may take from now on, where the system can."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_sheet_lines(data: bytes, task: WorkbookTask) -> Iterator[bytes]:
    """Raises BadInput for what is no workbook, or has no such sheet, and TooLarge for more text than is read."""
    try:
        book = _open_workbook(data)
        found, sheet = _select_sheet(book, task)
    except PasswordError as problem:
        raise BadInput(f"{task.file} is protected by a password. Save it without one.", file=task.file) from problem
    except CalamineError as problem:
        if _CELL_LIMIT_MESSAGE in str(problem):
            raise memory_error(task.file) from problem
        raise BadInput(f"{task.file} is damaged: {problem}. Save it anew as XLSX or CSV.", file=task.file) from problem
    if sheet.width > MAX_COLUMNS:
        raise columns_error(None, task.file)
    yield msgspec.json.encode(found)
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
    """Calamine tells what is wrong only where it is told the format, and it is told that by the ending of a path."""
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
    """The sheet asked for; or else the first one in sight that holds a table, the first with text, or a hidden one with text."""
    sheets = [one for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    if task.sheet is not None:
        return _find_sheet(book, task.sheet, [one.name for one in sheets], task.file)
    if len(sheets) == 1:
        return SelectedSheet(sheets[0].name, []), book.get_sheet_by_name(sheets[0].name)
    chosen: tuple[int, CalamineSheet] | None = None
    filled: dict[str, int] = {}
    for one in sheets:
        sheet = book.get_sheet_by_name(one.name)
        rows, is_table = _measure_sheet(sheet)
        rank = (rows > 0) + (rows > 0 and one.visible is SheetVisibleEnum.Visible) * (1 + is_table)
        filled[one.name] = rows
        if chosen is None or rank > chosen[0]:
            chosen = rank, sheet
    if chosen is None or not chosen[0]:
        raise BadInput(f"{task.file} has no sheet with text in it. Give a file with at least one row.", file=task.file)
    name = chosen[1].name
    return SelectedSheet(name, [(other, rows) for other, rows in filled.items() if rows and other != name]), chosen[1]


def _find_sheet(book: CalamineWorkbook, sheet: str, names: Sequence[str], file: str) -> tuple[SelectedSheet, CalamineSheet]:
    named = [name for name in names if name.strip().casefold() == sheet.strip().casefold()]
    if not named:
        listed = ", ".join(names[:20])
        raise BadInput(f"{file} has no sheet {sheet[:40]!r}; its sheets are: {listed}.", argument="sheet", file=file)
    name = sheet if sheet in named else named[0]
    return SelectedSheet(name, []), book.get_sheet_by_name(name)


def _measure_sheet(sheet: CalamineSheet) -> tuple[int, bool]:
    """How many rows have text, and whether two of them or more have several cells; not looked at where it is far too wide."""
    if sheet.width > MAX_COLUMNS:
        return sheet.height, True
    filled = [sum(1 for cell in row if cell != "") for row in sheet.iter_rows()]
    return sum(map(bool, filled)), sum(1 for count in filled if count > 1) > 1


def _iterate_filled_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, up to their last cell, numbered as in the spreadsheet."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        while row and row[-1] == "":
            row.pop()
        if row:
            yield number, [cell if isinstance(cell, str) else format_cell(cell) for cell in row]


def format_cell(cell: float | bool | dt.date | dt.time | dt.timedelta) -> str:
    """A cell's value as text: 2134.0 is "2134", a day without a time "2024-05-01", yes "true", a duration "26:30:00"."""
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
