import datetime as dt
import math

import pytest

from seed.sources.formats.workbook import format_cell


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
