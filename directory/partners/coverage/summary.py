"""A coverage matrix in short: for each row, the regions that somebody covers, that nobody covers, and that are not known."""

from collections.abc import Iterator

from msgspec import Struct

from directory.partners.coverage.cells import CoverageCell, CoverageRow, CoverageVerdict
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.gaps import find_targets


class RowSummary(Struct, frozen=True):
    """The cells of a row by verdict, in the order of the regions. `target` is what each should reach (find_targets)."""

    row: CoverageRow
    target: int
    covered_cells: list[CoverageCell]
    empty_cells: list[CoverageCell]
    unknown_cells: list[CoverageCell]


def summarize_rows(coverage: Coverage) -> Iterator[RowSummary]:
    """Yield the summary of each row, in the order of the matrix."""
    targets, width = find_targets(coverage).tolist(), len(coverage.codes)
    for number, row in enumerate(coverage.rows):
        cells: dict[CoverageVerdict, list[CoverageCell]] = {verdict: [] for verdict in CoverageVerdict}
        for cell in map(coverage.get_cell, range(number * width, (number + 1) * width)):
            cells[cell.verdict].append(cell)
        yield RowSummary(
            row, targets[number], cells[CoverageVerdict.COVERED], cells[CoverageVerdict.NONE], cells[CoverageVerdict.UNKNOWN]
        )
