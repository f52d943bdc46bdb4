import datetime as dt
import math

import msgspec
import pytest

from directory.errors import TooLarge
from seed.sources.formats import workbook
from seed.sources.formats.workbook import WorkbookTask, format_cell, read_sheet_lines
from tests.seed.sources.formats.workbooks import xlsx


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2134.0, "2134"),
        (-3, "-3"),
        (0.5, "0.5"),
        (-77.0369, "-77.0369"),
        (0.1 + 0.2, "0.3"),
        (1e22, "1e+22"),
        (123456789012345.0, "123456789012345"),
        (math.nan, ""),
        (math.inf, ""),
        (True, "true"),
        (False, "false"),
        (dt.date(2024, 5, 1), "2024-05-01"),
        (dt.datetime(2024, 5, 1), "2024-05-01"),  # noqa: DTZ001 - a spreadsheet knows no time zone
        (dt.datetime(2024, 5, 1, 9, 5), "2024-05-01T09:05:00"),  # noqa: DTZ001 - the same
        (dt.time(9), "09:00"),
        (dt.time(9, 0, 30), "09:00:30"),
        (dt.timedelta(hours=26, minutes=30), "26:30:00"),
        (-dt.timedelta(minutes=90), "-1:30:00"),
    ],
)
def test_values_as_text(value: float | bool | dt.date | dt.time | dt.timedelta, expected: str) -> None:
    assert format_cell(value) == expected


TASK = WorkbookTask("a.xlsx", None, 0)


def read(data: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows that the child process would pass on, read in this process."""
    _, *lines = read_sheet_lines(data, TASK)
    return [msgspec.json.decode(line, type=tuple[int, list[str]]) for line in lines]


def test_rows_have_their_numbers_in_the_sheet() -> None:
    assert read(xlsx([[], ["name", "city"], [], ["Acme", ""]])) == [(2, ["name", "city"]), (4, ["Acme"])]


def test_text_up_to_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx([["name"], ["Acme"]])
    size = len('[1,["name"]]') + len('[2,["Acme"]]')
    monkeypatch.setattr(workbook, "MAX_UNPACKED_SIZE", size)
    assert len(read(data)) == 2
    monkeypatch.setattr(workbook, "MAX_UNPACKED_SIZE", size - 1)
    with pytest.raises(TooLarge, match="unpacks to more than"):
        read(data)


def test_one_row_more_than_the_limit_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader, which knows the titles and headings, refuses it."""
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    monkeypatch.setattr(workbook, "_MAX_TITLE_ROWS", 1)
    assert len(read(xlsx([[str(number)] for number in range(9)]))) == 3 + 1 + 1
