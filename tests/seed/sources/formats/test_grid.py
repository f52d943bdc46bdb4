from collections.abc import Iterator

import pytest

from directory.errors import BadInput
from seed.sources.formats.table_grid import SAMPLE_ROWS, build_table, format_row_numbers


def test_places() -> None:
    assert format_row_numbers([3]) == "row 3"
    assert format_row_numbers([3, 4000]) == "rows 3, 4,000"
    assert format_row_numbers(range(1, 9)) == "rows 1, 2, 3, 4, 5 and 3 more"


def test_rows_are_read_lazily() -> None:
    made = []

    def grid() -> Iterator[tuple[int, list[str]]]:
        for number in range(1, 1001):
            made.append(number)
            yield number, ["name", "city"] if number == 1 else [f"Group {number}", "Rome"]

    rows = iter(build_table(grid, "a.csv", None).rows)
    made.clear()
    assert next(rows) == (2, ("Group 2", "Rome"))
    assert made == [1, 2]


def test_rows_far_below_the_sample_are_checked_too() -> None:
    rows = [
        (1, ["name", "city"]),
        *[(number, ["Acme", "Rome"]) for number in range(2, 4 * SAMPLE_ROWS)],
        (999, ["Union", "", "", "GA"]),
    ]
    table = build_table(lambda: iter(rows), "a.csv", None)
    assert table.headings == ("name", "city", "column 3", "column 4")
    assert list(table.rows)[-1] == (999, ("Union", "", "", "GA"))
    assert table.notes == ("More cells than headings in row 999. The extra cells are in: column 3, column 4",)


def test_without_headings_all_rows_are_as_wide_as_the_widest() -> None:
    table = build_table(lambda: iter([(1, ["Acme", "30161"]), (2, ["", " "]), (3, ["Union", "30601", "x"])]), "a.csv", None)
    assert (table.headings, list(table.rows)) == (None, [(1, ("Acme", "30161", "")), (3, ("Union", "30601", "x"))])


def test_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="empty"):
        build_table(lambda: iter([(1, [""]), (2, [])]), "a.csv", None)
