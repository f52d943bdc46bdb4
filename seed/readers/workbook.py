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
from seed.readers.limits import COLUMNS, ROWS, UNPACKED, require_row, too_many_columns, too_much_memory, too_much_unpacked

REFUSED = 3  # exit code
SECONDS = 30  # of CPU
_TITLES = 100  # rows that may stand above the headings
_DIGITS = 15  # that a spreadsheet keeps of a number
_EXACT = 10**_DIGITS
_TOO_MANY_CELLS = "limit exceeded"  # what calamine says of a sheet with a hundred million


class Task(Struct):
    file: str
    sheet: str | None  # None for the first that holds a table
    memory: int  # bytes that may be taken beside the workbook's own


class Found(Struct):
    sheet: str
    left_out: list[tuple[str, int]]  # other sheets with text, and their rows


class Refused(Struct):
    sentence: str
    params: dict[str, Any]
    is_too_large: bool


def main() -> None:
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    data = sys.stdin.buffer.read()
    bound(task.memory)
    try:
        for line in lines(data, task):
            sys.stdout.buffer.write(line + b"\n")
    except BadInput as refusal:
        told = Refused(refusal.sentence, refusal.params, isinstance(refusal, TooLarge))
        sys.stderr.buffer.write(msgspec.json.encode(told))
        sys.exit(REFUSED)


def bound(memory: int) -> None:
    """Bounds what this process may take from now on, where the system can."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lines(data: bytes, task: Task) -> Iterator[bytes]:
    """Raises BadInput for what is no workbook, or has no such sheet, and TooLarge for more text than is read."""
    try:
        book = _opened(data)
        found, sheet = _found(book, task)
    except PasswordError as problem:
        raise BadInput(f"{task.file} is protected by a password. Save it without one.", file=task.file) from problem
    except CalamineError as problem:
        if _TOO_MANY_CELLS in str(problem):
            raise too_much_memory(task.file) from problem
        raise BadInput(f"{task.file} is damaged: {problem}. Save it anew as XLSX or CSV.", file=task.file) from problem
    if sheet.width > COLUMNS:
        raise too_many_columns(None, task.file)
    yield msgspec.json.encode(found)
    size = 0
    for count, (number, cells) in enumerate(_filled(sheet)):
        require_row(number, cells, task.file)
        line = msgspec.json.encode((number, cells))
        size += len(line)
        if size > UNPACKED:
            raise too_much_unpacked(task.file)
        if count > ROWS + _TITLES:
            return
        yield line


def _opened(data: bytes) -> CalamineWorkbook:
    """Calamine tells what is wrong only where it is told the format, and it is told that by the ending of a path."""
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError:
        with tempfile.NamedTemporaryFile(suffix=_ending(data)) as copy:
            copy.write(data)
            copy.flush()
            return CalamineWorkbook.from_path(copy.name)


def _ending(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return ".xls"
    return ".ods" if b"opendocument" in data[:100] else ".xlsx"


def _found(book: CalamineWorkbook, task: Task) -> tuple[Found, CalamineSheet]:
    """The sheet asked for; or else the first one in sight that holds a table, the first with text, or a hidden one with text."""
    sheets = [one for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    if task.sheet is not None:
        return _asked(book, task.sheet, [one.name for one in sheets], task.file)
    if len(sheets) == 1:
        return Found(sheets[0].name, []), book.get_sheet_by_name(sheets[0].name)
    chosen: tuple[int, CalamineSheet] | None = None
    filled: dict[str, int] = {}
    for one in sheets:
        sheet = book.get_sheet_by_name(one.name)
        rows, is_table = _extent(sheet)
        rank = (rows > 0) + (rows > 0 and one.visible is SheetVisibleEnum.Visible) * (1 + is_table)
        filled[one.name] = rows
        if chosen is None or rank > chosen[0]:
            chosen = rank, sheet
    if chosen is None or not chosen[0]:
        raise BadInput(f"{task.file} has no sheet with text in it. Give a file with at least one row.", file=task.file)
    name = chosen[1].name
    return Found(name, [(other, rows) for other, rows in filled.items() if rows and other != name]), chosen[1]


def _asked(book: CalamineWorkbook, sheet: str, names: Sequence[str], file: str) -> tuple[Found, CalamineSheet]:
    named = [name for name in names if name.strip().casefold() == sheet.strip().casefold()]
    if not named:
        listed = ", ".join(names[:20])
        raise BadInput(f"{file} has no sheet {sheet[:40]!r}; its sheets are: {listed}.", argument="sheet", file=file)
    name = sheet if sheet in named else named[0]
    return Found(name, []), book.get_sheet_by_name(name)


def _extent(sheet: CalamineSheet) -> tuple[int, bool]:
    """How many rows have text, and whether two of them or more have several cells; not looked at where it is far too wide."""
    if sheet.width > COLUMNS:
        return sheet.height, True
    filled = [sum(1 for cell in row if cell != "") for row in sheet.iter_rows()]
    return sum(map(bool, filled)), sum(1 for count in filled if count > 1) > 1


def _filled(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, up to their last cell, numbered as in the spreadsheet."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        while row and row[-1] == "":
            row.pop()
        if row:
            yield number, [cell if isinstance(cell, str) else text(cell) for cell in row]


def text(cell: float | bool | dt.date | dt.time | dt.timedelta) -> str:
    """A cell's value as text: 2134.0 is "2134", a day without a time "2024-05-01", yes "true", a duration "26:30:00"."""
    return _TEXTS[type(cell)](cell)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    whole = int(value)
    if whole == value and -_EXACT < whole < _EXACT:
        return str(whole)
    short = f"{value:.{_DIGITS}g}"
    return repr(value) if "e" in short else short


def _moment(value: dt.datetime) -> str:
    return value.isoformat(timespec="seconds") if value.time() != dt.time() else value.date().isoformat()


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    float: _number,
    int: _number,
    bool: lambda value: "true" if value else "false",
    dt.datetime: _moment,
    dt.date: dt.date.isoformat,
    dt.time: lambda value: value.isoformat(timespec="seconds" if value.second else "minutes"),
    dt.timedelta: _duration,
}


if __name__ == "__main__":
    main()
