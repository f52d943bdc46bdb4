"""A grid: rows of text cells with their numbers, on the way to a Table. It can be gone through again and again.

It is gone through once before the first row is handed on: so the limits hold for the whole file before anything is done with it,
no cell beyond the last heading is lost, and what is unusual is told at once.
"""

from collections.abc import Callable, Iterator, Sequence

from directory.errors import BadInput
from seed.readers import headings
from seed.readers.headings import Numbered, Top
from seed.readers.limits import require_count, require_row
from seed.tables import Table

Grid = Callable[[], Iterator[Numbered]]

SAMPLE = 50  # rows by which headings are recognised
SAMPLE_TEXT = 1_000_000  # characters of them at most
SHOWN = 5  # numbers of rows in a note
_TITLE_SHOWN = 60  # characters of a skipped title
_SPOILT = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"})


def table(grid: Grid, file: str, header: bool | None) -> Table:
    """The grid as a Table. `header` tells whether it has headings; None leaves it to be found out.

    Raises TooLarge when it has more rows, columns or text in a cell than are read, and BadInput when it has no text at all.
    """
    filled = _filled(grid, file)
    sample = _sample(filled)
    if not sample:
        raise BadInput(f"{file} is empty. Give a file with at least one row.", file=file)
    top = headings.found(sample, header)
    seen = _Survey(filled, top, file)
    named = headings.unique(top.headings, seen.width) if top.headings is not None else None
    width = len(named) if named is not None else seen.width
    return Table(file, named, _rows(filled, top, width), tuple(_told(top, named, seen)))


def places(numbers: Sequence[int]) -> str:
    """Where something is: "row 3", "rows 3, 4", "rows 3, 4, 5, 6, 7 and 2 more"."""
    shown = ", ".join(f"{number:,}" for number in numbers[:SHOWN])
    more = f" and {len(numbers) - SHOWN:,} more" if len(numbers) > SHOWN else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _filled(grid: Grid, file: str) -> Grid:
    """Rows with text, each within the limits."""

    def rows() -> Iterator[Numbered]:
        for number, cells in grid():
            if any(map(str.strip, cells)):
                require_row(number, cells, file)
                yield number, cells

    return rows


def _sample(filled: Grid) -> list[Numbered]:
    sample: list[Numbered] = []
    text = 0
    for number, cells in filled():
        text += sum(map(len, cells))
        if len(sample) == SAMPLE or (sample and text > SAMPLE_TEXT):
            break
        sample.append((number, cells))
    return sample


class _Survey:
    """What a whole grid holds. Raises TooLarge for more rows than are read."""

    def __init__(self, filled: Grid, top: Top, file: str) -> None:
        self.width = 0  # up to the last cell with text
        self.longer: list[int] = []  # rows with text beyond the last heading
        self.spoilt: list[int] = []  # rows with the error of a formula
        headed = len(top.headings) if top.headings is not None else None
        for count, (number, cells) in enumerate(_below(filled, top), start=1):
            require_count(count, file)
            if len(cells) > self.width:
                self.width = max(self.width, _last_filled(cells))
            if headed is not None and len(cells) > headed and _last_filled(cells) > headed:
                self.longer.append(number)
            if not _SPOILT.isdisjoint(cells):
                self.spoilt.append(number)


def _below(filled: Grid, top: Top) -> Iterator[Numbered]:
    return (row for row in filled() if row[0] > top.number)


def _last_filled(cells: Sequence[str]) -> int:
    return next((count for count in range(len(cells), 0, -1) if cells[count - 1].strip()), 0)


def _rows(filled: Grid, top: Top, width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in _below(filled, top):
        whole = ["" if cell in _SPOILT else cell for cell in cells] if not _SPOILT.isdisjoint(cells) else cells
        yield number, (*whole[:width], *[""] * (width - len(whole)))


def _told(top: Top, named: Sequence[str] | None, seen: _Survey) -> Iterator[str]:
    if named is None:
        yield "No headings were found: every row is taken for data, and columns are known by their position."
    if top.titles:
        shown = " ".join(cell.strip() for cell in top.titles[0][1] if cell.strip())[:_TITLE_SHOWN]
        yield f"Above the headings, {places([number for number, _ in top.titles])} left out: {shown}"
    if named is not None and top.headings is not None:
        changed = [new for old, new in zip(top.headings, named, strict=False) if old != new]
        if changed:
            yield f"Headings must differ and have text; so some became: {', '.join(changed)}"
    if seen.longer and named is not None and top.headings is not None:
        extra = ", ".join(named[len(top.headings) :])
        yield f"More cells than headings in {places(seen.longer)}; what is beyond stands in: {extra}"
    if seen.spoilt:
        yield f"Errors of formulas, such as #N/A, are read as empty cells: {places(seen.spoilt)}."
