import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import TooLarge
from seed.sources.formats.csv_records import MAX_DELIMITERS, CsvRecords, split_broken_line
from seed.sources.formats.limits import MAX_CELL_SIZE

CELLS = st.lists(st.lists(st.text('ab,;"\n '), min_size=2, max_size=4), max_size=8)


def parse_records(text: str, width: int = 2) -> tuple[list[list[str]], list[int]]:
    broken: list[int] = []
    return [cells for _, cells in CsvRecords(io.StringIO(text), "a.csv", ",", width, broken.append)], broken


@given(CELLS)
def test_what_is_written_by_the_rules_is_read_as_it_was(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    assert parse_records(text.getvalue()) == (rows, [])


@given(CELLS)
def test_whatever_is_broken_no_line_and_no_letter_is_lost(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows)
    found, _ = parse_records(text)
    assert sum(cell.count("a") for row in found for cell in row) == text.count("a")


def test_numbers_count_empty_lines_and_a_record_over_two_lines_once() -> None:
    text = 'a,b\n\n"c\nd",e\nf,g'
    assert [number for number, _ in CsvRecords(io.StringIO(text), "a.csv", ",")] == [1, 3, 4]


def test_a_quotation_may_end_with_the_text() -> None:
    assert parse_records('a,b\nc,"d"') == ([["a", "b"], ["c", "d"]], [])
    assert parse_records('a,b\nc,"d') == ([["a", "b"], ["c", '"d']], [2])


def test_detecting_the_width_ends_before_an_endless_quotation() -> None:
    assert parse_records('a,b\nc,"d\ne\nf', width=0)[0] == [["a", "b"]]
    assert parse_records('"a,b\nc,d', width=0)[0] == [['"a', "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("line", "width", "cells"),
    [
        ('"a "b", c",d\n', 3, ['a "b', ' c"', "d"]),
        ('"a "b, c",d\n', 2, ['a "b, c', "d"]),
        ('d,"a "b, c"\n', 2, ["d", 'a "b, c']),
        ('"a,b"c,d\n', 2, ['"a', 'b"c', "d"]),
        ('"', 1, ['"']),
        ('""', 1, [""]),
        ("", 1, [""]),
    ],
)
def test_a_broken_line_is_split_into_the_usual_number_of_cells_if_possible(line: str, width: int, cells: list[str]) -> None:
    assert split_broken_line(line, ",", width) == cells


@pytest.mark.parametrize("text", ["a" + "," * (MAX_DELIMITERS + 1), 'a,"' + "line\n" * MAX_CELL_SIZE + '"'])
def test_a_record_has_limits(text: str) -> None:
    with pytest.raises(TooLarge):
        parse_records(f"a,b,c\n{text}\n", width=3)
