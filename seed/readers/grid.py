"""A grid: rows of text cells with their numbers, on the way to a Table. It can be gone through again and again.

It is gone through once before the first row is handed on: so the limits hold for the whole file before anything is done with it,
no cell beyond the last heading is lost, and what is unusual is told at once.
"""

from collections.abc import Callable, Iterator, Sequence

from directory.errors import BadInput
from seed.readers import headings
from seed.readers.headings import HeaderRow, NumberedRow
from seed.readers.limits import require_row_count, require_row_size
from seed.tables import Table

RowSource = Callable[[], Iterator[NumberedRow]]

SAMPLE_ROWS = 50  # rows by which headings are recognised
MAX_SAMPLE_LENGTH = 1_000_000  # characters of them at most
MAX_LISTED_ROWS = 5  # numbers of rows in a note
_MAX_TITLE_LENGTH = 60  # characters of a skipped title
_FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"})


def build_table(grid: RowSource, file: str, header: bool | None) -> Table:
    """The grid as a Table. `header` tells whether it has headings; None leaves it to be found out.

    Raises TooLarge when it has more rows, columns or text in a cell than are read, and BadInput when it has no text at all.
    """
    filled = _skip_empty_rows(grid, file)
    sample = _sample_rows(filled)
    if not sample:
        raise BadInput(f"{file} is empty. Give a file with at least one row.", file=file)
    top = headings.detect_header_row(sample, header)
    seen = _GridSurvey(filled, top, file)
    named = headings.deduplicate_headings(top.headings, seen.width) if top.headings is not None else None
    width = len(named) if named is not None else seen.width
    return Table(file, named, _normalize_rows(filled, top, width), tuple(_describe_table(top, named, seen)))


def format_row_numbers(numbers: Sequence[int]) -> str:
    """Where something is: "row 3", "rows 3, 4", "rows 3, 4, 5, 6, 7 and 2 more"."""
    shown = ", ".join(f"{number:,}" for number in numbers[:MAX_LISTED_ROWS])
    more = f" and {len(numbers) - MAX_LISTED_ROWS:,} more" if len(numbers) > MAX_LISTED_ROWS else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _skip_empty_rows(grid: RowSource, file: str) -> RowSource:
    """Rows with text, each within the limits."""

    def rows() -> Iterator[NumberedRow]:
        for number, cells in grid():
            if any(map(str.strip, cells)):
                require_row_size(number, cells, file)
                yield number, cells

    return rows


def _sample_rows(source: RowSource) -> list[NumberedRow]:
    sample: list[NumberedRow] = []
    text = 0
    for number, cells in source():
        text += sum(map(len, cells))
        if len(sample) == SAMPLE_ROWS or (sample and text > MAX_SAMPLE_LENGTH):
            break
        sample.append((number, cells))
    return sample


class _GridSurvey:
    """What a whole grid holds. Raises TooLarge for more rows than are read."""

    def __init__(self, source: RowSource, top: HeaderRow, file: str) -> None:
        self.width = 0  # up to the last cell with text
        self.overlong_rows: list[int] = []  # rows with text beyond the last heading
        self.formula_error_rows: list[int] = []  # rows with the error of a formula
        headed = len(top.headings) if top.headings is not None else None
        for count, (number, cells) in enumerate(_iterate_data_rows(source, top), start=1):
            require_row_count(count, file)
            if len(cells) > self.width:
                self.width = max(self.width, _find_last_filled(cells))
            if headed is not None and len(cells) > headed and _find_last_filled(cells) > headed:
                self.overlong_rows.append(number)
            if not _FORMULA_ERRORS.isdisjoint(cells):
                self.formula_error_rows.append(number)


def _iterate_data_rows(source: RowSource, top: HeaderRow) -> Iterator[NumberedRow]:
    return (row for row in source() if row[0] > top.number)


def _find_last_filled(cells: Sequence[str]) -> int:
    return next((count for count in range(len(cells), 0, -1) if cells[count - 1].strip()), 0)


def _normalize_rows(source: RowSource, top: HeaderRow, width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in _iterate_data_rows(source, top):
        whole = ["" if cell in _FORMULA_ERRORS else cell for cell in cells] if not _FORMULA_ERRORS.isdisjoint(cells) else cells
        yield number, (*whole[:width], *[""] * (width - len(whole)))


def _describe_table(top: HeaderRow, headings: Sequence[str] | None, survey: _GridSurvey) -> Iterator[str]:
    if headings is None:
        yield "No headings were found: every row is taken for data, and columns are known by their position."
    if top.titles:
        shown = " ".join(cell.strip() for cell in top.titles[0][1] if cell.strip())[:_MAX_TITLE_LENGTH]
        yield f"Above the headings, {format_row_numbers([number for number, _ in top.titles])} left out: {shown}"
    if headings is not None and top.headings is not None:
        changed = [new for old, new in zip(top.headings, headings, strict=False) if old != new]
        if changed:
            yield f"Headings must differ and have text; so some became: {', '.join(changed)}"
    if survey.overlong_rows and headings is not None and top.headings is not None:
        extra = ", ".join(headings[len(top.headings) :])
        yield f"More cells than headings in {format_row_numbers(survey.overlong_rows)}; what is beyond stands in: {extra}"
    if survey.formula_error_rows:
        yield f"Errors of formulas, such as #N/A, are read as empty cells: {format_row_numbers(survey.formula_error_rows)}."
