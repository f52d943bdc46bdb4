"""Records of a delimited text (RFC 4180), also where quotation marks are broken.

A quotation mark that opens a cell and is never closed would swallow every row up to the next one, or to the end of the file.
So each record is read by the letter of the rules; where it breaks them, its first line is read as it stands and the next line
begins a record again.
"""

import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from math import log
from typing import NamedTuple, TextIO

from directory.errors import BadInput, TooLarge
from seed.sources.formats.limits import MAX_CELL_SIZE, MAX_COLUMNS, MAX_LINES, cell_error, columns_error

QUOTATION_MARK = '"'
MAX_DELIMITERS = 50_000  # in one record, those inside quotation marks counted too; more are not taken apart to be counted
MAX_RECORD_LENGTH = MAX_COLUMNS * MAX_CELL_SIZE  # characters
# Characters that may be looked through in vain for the ends of broken quotations; then none reaches over a line's end any more.
MAX_LOOKAHEAD = 2 * 1024 * 1024
_FIELD_TOO_LARGE, _UNEXPECTED_END = (
    "field larger",
    "unexpected end",
)  # what the module csv says then; its own limit is four times that of a cell


class CsvRecords:
    """The records of a text whose line ends are all "\\n", with their numbers from 1, gone through once. Empty lines only count.

    `width` is how many cells a record usually has, 0 where this is about to be found out from the beginning of a text: then the
    records end before a quotation that does not. `when_broken` is told the numbers of the records whose quotation marks are read
    as they stand. Raises TooLarge for more lines, columns or text in a cell than are read.
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
        taken = [first]
        try:
            reader = csv.reader(self._iterate_record_lines(taken), delimiter=self._delimiter, strict=True, skipinitialspace=True)
            return next(reader)
        except csv.Error as problem:
            cells = split_broken_line(first, self._delimiter, self._width)
            self._check_open_quotation(str(problem), len(cells))
        self._remaining_lookahead -= sum(map(len, taken[1:]))
        self._pushed_back_lines.extendleft(reversed(taken[1:]))
        if self._when_broken:
            self._when_broken(self._number)
        return cells

    def _check_open_quotation(self, problem: str, cells: int) -> None:
        """A quotation may have a far end, or none. A first line with the usual number of cells tells that it was left open."""
        if self._width == 0:
            self._is_finished = self._number > 1 and problem.startswith((_FIELD_TOO_LARGE, _UNEXPECTED_END))
        elif problem.startswith(_FIELD_TOO_LARGE) and cells != self._width:
            raise cell_error(self._number, self._file)

    def _iterate_record_lines(self, taken: list[str]) -> Iterator[str]:
        """The first line and those over which a quotation may reach; they end where a record would become too long."""
        yield taken[0]
        length, delimiters = len(taken[0]), taken[0].count(self._delimiter)
        while (
            self._remaining_lookahead > 0
            and length <= MAX_RECORD_LENGTH
            and delimiters <= MAX_DELIMITERS
            and (line := self._next_line())
        ):
            taken.append(line)
            yield line
            length, delimiters = length + len(line), delimiters + line.count(self._delimiter)


def split_broken_line(line: str, delimiter: str, width: int) -> list[str]:
    """The cells of one line with broken quotation marks: parted at every delimiter if that gives the usual width, or else at
    those that no quotation encloses. A pair of marks around a whole cell is still taken off.
    """
    line = line.removesuffix("\n")
    parted = line.split(delimiter)
    if len(parted) != width:
        enclosed = _split_outside_quotations(line, delimiter)
        parted = enclosed if len(enclosed) == width else parted
    return [_strip_quotation_marks(cell) for cell in parted]


def _split_outside_quotations(line: str, delimiter: str) -> list[str]:
    """A quotation begins where a cell does, and ends with the next mark that a delimiter or the line's end follows."""
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


DELIMITERS = (",", ";", "\t", "|")  # of several that part as well, the first
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
NO_DELIMITER = "\x1f"  # ASCII's unit separator, which nobody types: of a single column, where a comma is part of a name
SAMPLE_RECORDS = 200  # looked at
MIN_SHARE = 0.5  # of the records that have the usual width; below, a delimiter is only punctuation
MIN_SHARE_BELOW_TITLES = 0.8  # and at least three cells, where lines above them are left out of the count
_DELIMITERS_BY_NAME = {name: sign for sign, name in DELIMITER_NAMES.items()} | {"pipe": "|", "\\t": "\t"}


class Delimiter(NamedTuple):
    sign: str
    width: int  # the cells that most records have, as far as was looked; 0 where there are none


def detect_delimiter(sample: str, file: str, delimiter: str | None = None) -> Delimiter:
    """The delimiter of the lines in `sample`; NONE where they have one column. Raises BadInput when `told` cannot be one."""
    if delimiter is not None:
        sign = _DELIMITERS_BY_NAME.get(delimiter.strip(" ").lower(), delimiter)
        if len(sign) != 1 or sign.isalnum() or sign in "\"'\n\r\0":
            raise BadInput(f"{delimiter[:40]!r} cannot be a delimiter; it is one sign, such as a comma.", argument="delimiter")
        return Delimiter(sign, _find_usual_width(_count_cells(sample, file, sign)))
    widths = {sign: _count_cells(sample, file, sign) for sign in DELIMITERS if sign in sample}
    sign = max(widths, key=lambda sign: (_score_evenness(widths[sign]), _find_usual_width(widths[sign])), default=NO_DELIMITER)
    usual = _find_usual_width(widths.get(sign, ()))
    return Delimiter(NO_DELIMITER, 1) if usual == 1 else Delimiter(sign, usual or 1)


def _count_cells(sample: str, file: str, sign: str) -> list[int]:
    """Of the records with text. Cells that are empty at a record's end count: they are part of the pattern."""
    records = islice(CsvRecords(io.StringIO(sample), file, sign), SAMPLE_RECORDS)
    return [len(cells) for _, cells in records if any(map(str.strip, cells))]


def _find_usual_width(widths: Sequence[int]) -> int:
    """The commonest width; of several as common, the widest."""
    return max(Counter(widths).items(), key=lambda width: (width[1], width[0]))[0] if widths else 0


def _score_evenness(widths: Sequence[int]) -> float:
    """0 for what parts nothing. Evenness weighs more than the number of cells: a comma within names parts some rows into many."""
    even = _score_usual_width(widths, MIN_SHARE)
    if not even:
        below = [number for number, width in enumerate(widths) if width > 1]
        even = _score_usual_width(widths[below[0] :], MIN_SHARE_BELOW_TITLES, narrowest=3) if below else 0
    return even


def _score_usual_width(widths: Sequence[int], least: float, narrowest: int = 2) -> float:
    usual = _find_usual_width(widths)
    share = widths.count(usual) / len(widths) if widths else 0
    return share**2 * log(usual) if usual >= narrowest and share >= least else 0
