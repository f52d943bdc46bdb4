"""Parse the records of a delimited text (RFC 4180), tolerating broken quotation marks.

A quotation mark that opens a cell and is never closed would swallow every row up to the next one, or to the end of the file.
So each record is parsed strictly. If it breaks the rules, only its first line is read as a record, without interpreting its
quotation marks, and the next line begins a new record.
"""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from math import log
from typing import NamedTuple, TextIO

from msgspec.structs import replace

from directory.errors import BadInput, TooLarge
from directory.export.formula_escaping import VISIBLE_ESCAPES
from seed.rows import Table
from seed.sources.formats import csv_records, file_format, table_grid
from seed.sources.formats.limits import MAX_CELL_SIZE, MAX_COLUMNS, MAX_LINES, cell_error, columns_error, require_file_size
from seed.sources.formats.table_grid import HeaderOption, NumberedRow

QUOTATION_MARK = '"'
MAX_DELIMITERS = 50_000  # in one record, including those inside quotation marks
MAX_RECORD_LENGTH = MAX_COLUMNS * MAX_CELL_SIZE  # characters
# Characters that may be searched in vain for the ends of broken quotations. After that, no quotation continues on the next line.
MAX_LOOKAHEAD = 2 * 1024 * 1024
# Messages of the csv module, whose limit is four times that of a cell.
_FIELD_TOO_LARGE, _UNEXPECTED_END = "field larger", "unexpected end"

DELIMITERS = (",", ";", "\t", "|")  # in order of preference
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
NO_DELIMITER = "\x1f"  # ASCII's unit separator, for a single column, where a comma is part of a name
SAMPLE_RECORDS = 200
MIN_SHARE = 0.5  # share of records with the usual width; below it, the character is only punctuation
MIN_SHARE_BELOW_TITLES = 0.8  # the same share when title lines are ignored, which also requires three cells
_DELIMITERS_BY_NAME = {name: sign for sign, name in DELIMITER_NAMES.items()} | {"pipe": "|", "\\t": "\t"}


class Delimiter(NamedTuple):
    sign: str
    width: int  # cells that most records have; 0 when there are no records


class CsvRecords:
    """The records of a text with "\\n" as line end, numbered from 1. May be iterated once. Empty lines are counted and skipped.

    `width` is the usual number of cells. It is 0 while that number is still being determined from a sample; then the records end
    before a quotation that does not end. `when_broken` is called with the number of each record whose quotation marks are not
    interpreted. Raises TooLarge for more lines, columns or text in a cell than allowed.
    """

    def __init__(
        self, text: TextIO, file: str, delimiter: str, width: int = 0, when_broken: Callable[[int], None] | None = None
    ) -> None:
        self._text, self._file, self._delimiter, self._width = text, file, delimiter, width
        self._when_broken = when_broken
        self._pushed_back_lines: deque[str] = deque()
        self._remaining_lookahead = MAX_LOOKAHEAD
        self._number = 0
        self._is_finished = False

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        while line := self._next_line():
            self._number += 1
            if self._number > MAX_LINES:
                raise TooLarge(f"{self._file} has more than {MAX_LINES:,} lines. Split it into several files.", limit=MAX_LINES)
            if line == "\n":
                continue
            cells = self._parse_quoted(line) if QUOTATION_MARK in line else line.removesuffix("\n").split(self._delimiter)
            if self._is_finished:
                return
            yield self._number, cells

    def _next_line(self) -> str:
        line = self._pushed_back_lines.popleft() if self._pushed_back_lines else self._text.readline(MAX_RECORD_LENGTH + 1)
        if len(line) > MAX_DELIMITERS:
            if line.count(self._delimiter) > MAX_DELIMITERS:
                raise columns_error(self._number + 1, self._file)
            if len(line) > MAX_RECORD_LENGTH:
                raise cell_error(self._number + 1, self._file)
        return line

    def _parse_quoted(self, first: str) -> list[str]:
        lines_read = [first]
        try:
            lines = self._iterate_record_lines(lines_read)
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True, skipinitialspace=True)
            return next(reader)
        except csv.Error as problem:
            cells = split_broken_line(first, self._delimiter, self._width)
            self._check_open_quotation(str(problem), len(cells))
        self._remaining_lookahead -= sum(map(len, lines_read[1:]))
        self._pushed_back_lines.extendleft(reversed(lines_read[1:]))
        if self._when_broken:
            self._when_broken(self._number)
        return cells

    def _check_open_quotation(self, problem: str, cells: int) -> None:
        """Distinguish a long quotation from one that was never closed, whose first line has the usual number of cells."""
        if self._width == 0:
            self._is_finished = self._number > 1 and problem.startswith((_FIELD_TOO_LARGE, _UNEXPECTED_END))
        elif problem.startswith(_FIELD_TOO_LARGE) and cells != self._width:
            raise cell_error(self._number, self._file)

    def _iterate_record_lines(self, lines_read: list[str]) -> Iterator[str]:
        """Yield the first line and those on which a quotation may continue, until the record would become too long."""
        yield lines_read[0]
        length, delimiters = len(lines_read[0]), lines_read[0].count(self._delimiter)
        while (
            self._remaining_lookahead > 0
            and length <= MAX_RECORD_LENGTH
            and delimiters <= MAX_DELIMITERS
            and (line := self._next_line())
        ):
            lines_read.append(line)
            yield line
            length, delimiters = length + len(line), delimiters + line.count(self._delimiter)


def split_broken_line(line: str, delimiter: str, width: int) -> list[str]:
    """Split a line with broken quotation marks.

    It is split at every delimiter or, if only that gives the usual width, at the delimiters outside quotations. A pair of
    quotation marks around a whole cell is removed.
    """
    line = line.removesuffix("\n")
    cells = line.split(delimiter)
    if len(cells) != width:
        outside = _split_outside_quotations(line, delimiter)
        cells = outside if len(outside) == width else cells
    return [_strip_quotation_marks(cell) for cell in cells]


def _split_outside_quotations(line: str, delimiter: str) -> list[str]:
    """Split a line where a quotation begins with a cell and ends with a mark before a delimiter or the end of the line."""
    cells: list[str] = []
    start, closes = 0, True
    while True:
        end = -1
        if closes and line.startswith(QUOTATION_MARK, start):
            mark = line.find(QUOTATION_MARK + delimiter, start + 1)
            closes, end = mark >= 0, mark + 1 if mark >= 0 else -1
            if not closes and line.endswith(QUOTATION_MARK) and len(line) > start + 1:
                break
        end = end if end >= 0 else line.find(delimiter, start)
        if end < 0:
            break
        cells.append(line[start:end])
        start = end + 1
    return [*cells, line[start:]]


def _strip_quotation_marks(cell: str) -> str:
    bare = cell.strip()
    is_wrapped = len(bare) > 1 and bare.startswith(QUOTATION_MARK) and bare.endswith(QUOTATION_MARK)
    return bare[1:-1].replace(QUOTATION_MARK * 2, QUOTATION_MARK) if is_wrapped else cell


def detect_delimiter(sample: str, file: str, delimiter: str | None = None) -> Delimiter:
    """Return the delimiter of the sample; NO_DELIMITER for a single column. Raises BadInput for an impossible `delimiter`."""
    if delimiter is not None:
        sign = _DELIMITERS_BY_NAME.get(delimiter.strip(" ").lower(), delimiter)
        if len(sign) != 1 or sign.isalnum() or sign in "\"'\n\r\0":
            raise BadInput(f"{delimiter[:40]!r} cannot be a delimiter. Use one character, such as a comma.", argument="delimiter")
        return Delimiter(sign, _find_usual_width(_count_cells(sample, file, sign)))
    widths = {sign: _count_cells(sample, file, sign) for sign in DELIMITERS if sign in sample}
    sign = max(widths, key=lambda sign: (_score_evenness(widths[sign]), _find_usual_width(widths[sign])), default=NO_DELIMITER)
    usual = _find_usual_width(widths.get(sign, ()))
    return Delimiter(NO_DELIMITER, 1) if usual == 1 else Delimiter(sign, usual or 1)


def _count_cells(sample: str, file: str, sign: str) -> list[int]:
    """Return the number of cells of each record with text. Empty cells at the end count, because they show the width."""
    records = islice(CsvRecords(io.StringIO(sample), file, sign), SAMPLE_RECORDS)
    return [len(cells) for _, cells in records if any(map(str.strip, cells))]


def _find_usual_width(widths: Sequence[int]) -> int:
    """Return the most common width; of several equally common ones, the largest; 0 when there are none."""
    return max(Counter(widths).items(), key=lambda width: (width[1], width[0]))[0] if widths else 0


def _score_evenness(widths: Sequence[int]) -> float:
    """Score how evenly a delimiter splits the records; 0 when it splits none.

    Evenness weighs more than the number of cells, because a comma inside names splits some rows into many cells.
    """
    score = _score_usual_width(widths, MIN_SHARE)
    if not score:
        split_records = [position for position, width in enumerate(widths) if width > 1]
        below_titles = widths[split_records[0] :] if split_records else ()
        score = _score_usual_width(below_titles, MIN_SHARE_BELOW_TITLES, min_width=3)
    return score


def _score_usual_width(widths: Sequence[int], min_share: float, min_width: int = 2) -> float:
    usual = _find_usual_width(widths)
    share = widths.count(usual) / len(widths) if widths else 0
    return share**2 * log(usual) if usual >= min_width and share >= min_share else 0


SAMPLE_LENGTH = 256 * 1024  # characters from which the delimiter is detected
_DELIMITER_DIRECTIVE = re.compile(r'"?sep=(.)"?(?:\n|\Z)')  # the first line may state the delimiter for Excel


def read_delimited(
    data: bytes, file: str, *, encoding: str | None = None, delimiter: str | None = None, header: HeaderOption = None
) -> Table:
    """Return the table in a delimited text. Options that are None are detected. Rows are parsed while they are iterated.

    `delimiter` is a character or its name ("tab"); `header` is as in table_grid.py. Raises BadInput when the file is empty
    or not in that encoding, and TooLarge when it exceeds the limits (limits.py).
    """
    require_file_size(len(data), file)
    encoded = file_format.detect_encoding(data, file, encoding)
    sample = _read_sample(_open_text(data, encoded.name))
    directive = _DELIMITER_DIRECTIVE.match(sample)
    detected = csv_records.detect_delimiter(sample, file, delimiter or (directive[1] if directive else None))
    broken_records: dict[int, None] = {}

    def rows() -> Iterator[NumberedRow]:
        text = _open_text(data, encoded.name)
        for number, cells in CsvRecords(text, file, detected.sign, detected.width, broken_records.setdefault):
            if not directive or number > 1:
                yield number, _strip_apostrophes(cells)

    table = table_grid.build_table(rows, file, header)
    return replace(table, notes=(*encoded.notes, *_describe_reading(detected, broken_records), *table.notes))


def _strip_apostrophes(cells: list[str]) -> list[str]:
    if "'" not in "".join(cells):  # faster than checking each cell of every row
        return cells
    return [cell[1:] if cell.startswith(VISIBLE_ESCAPES) else cell for cell in cells]


def _open_text(data: bytes, encoding: str) -> io.TextIOWrapper:
    """Open the text such that it is decoded while it is read, with every line end as "\\n"."""
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline=None)


def _read_sample(text: io.TextIOWrapper) -> str:
    """Return the beginning of the text, up to the end of a line if there is one."""
    sample = text.read(SAMPLE_LENGTH)
    return sample[: sample.rfind("\n") + 1] or sample if len(sample) == SAMPLE_LENGTH else sample


def _describe_reading(delimiter: Delimiter, broken_records: Iterable[int]) -> Iterator[str]:
    if delimiter.sign not in (",", NO_DELIMITER):
        yield f"Delimiter: {DELIMITER_NAMES.get(delimiter.sign, repr(delimiter.sign))}."
    numbers = sorted(broken_records)
    if numbers:
        yield f"Broken quotation marks are read as ordinary characters: {table_grid.format_row_numbers(numbers)}."
