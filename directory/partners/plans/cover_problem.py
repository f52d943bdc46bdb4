"""Reduce the choice of members to a small cover problem with the same answer.

Columns are candidates, rows are the cells that the included members leave uncovered. A candidate is dropped if as many others as
a cell needs members (`per_cell`) are preferred to it and cover all that it covers. No best plan contains it: if one of these
others were not in the plan, it could take the place of the candidate; and if all were, the candidate would add nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from directory.partners.plans.candidates import Candidates, iterate_bits
from directory.partners.plans.highs_models import CoverProblem


class ReducedProblem(Struct, frozen=True):
    """A cover problem and what its numbers mean.

    `cells` are the positions of the cells behind the rows of the problem, `candidate_rows` the rows of the snapshot behind its
    columns. `group_counts` maps the different sets of these cells, as bits, that candidates cover to the number of these
    candidates, dropped ones too. `problem` is None if there is nothing to choose.
    """

    problem: CoverProblem | None
    cells: tuple[int, ...] = ()
    candidate_rows: tuple[int, ...] = ()
    group_counts: Mapping[int, int] = MappingProxyType({})


class _Column(Struct, frozen=True):
    cells: int
    points: int
    tie_number: int
    rank: float
    row: int

    @property
    def preference(self) -> tuple[int, int, float]:
        """Lower is better."""
        return -self.points, self.tie_number, self.rank


def count_available(candidates: Candidates) -> list[int]:
    """Return how many candidates cover each cell, without the included members."""
    counts = [0] * len(candidates.cells)
    for group in candidates.groups:
        for cell in iterate_bits(group.cells):
            counts[cell] += len(group.rows)
    return counts


def count_cells(candidates: Candidates, rows: Sequence[int]) -> list[int]:
    """Return how many of these rows cover each cell."""
    counts = [0] * len(candidates.cells)
    for row in rows:
        for cell in iterate_bits(candidates.get_cells(row)):
            counts[cell] += 1
    return counts


def reduce_problem(candidates: Candidates) -> ReducedProblem:
    """Return the problem that remains beside the included members. A cell needs no more members than there are candidates."""
    request = candidates.request
    counts = zip(count_cells(candidates, candidates.included_rows), count_available(candidates), strict=True)
    needs = {cell: min(request.per_cell - count, available) for cell, (count, available) in enumerate(counts)}
    needs = {cell: need for cell, need in needs.items() if need > 0}
    max_size = None if request.max_size is None else request.max_size - len(candidates.included_rows)
    if not needs:
        return ReducedProblem(None)
    open_cells = sum(1 << cell for cell in needs)
    columns = _drop_inferior(_list_columns(candidates, open_cells), request.per_cell)
    positions = {cell: position for position, cell in enumerate(needs)}
    problem = CoverProblem(
        needs=tuple(needs.values()),
        columns=tuple(tuple(positions[cell] for cell in iterate_bits(column.cells)) for column in columns),
        points=tuple(column.points for column in columns),
        tie_numbers=tuple(column.tie_number for column in columns),
        max_size=max_size,
    )
    group_counts = Counter[int]()
    for group in candidates.groups:
        group_counts[group.cells & open_cells] += len(group.rows)
    return ReducedProblem(problem, tuple(needs), tuple(column.row for column in columns), group_counts)


def _list_columns(candidates: Candidates, open_cells: int) -> list[_Column]:
    """Return the preferred candidates of each group: no more than a cell needs."""
    rank, count = candidates.snapshot.index.rows.rank, candidates.request.per_cell
    return [
        _Column(group.cells & open_cells, int(points), int(tie_number), float(rank[row]), int(row))
        for group in candidates.groups
        if group.cells & open_cells
        for row, points, tie_number in zip(group.rows[:count].tolist(), group.points, group.tie_numbers, strict=False)
    ]


def _drop_inferior(columns: list[_Column], per_cell: int) -> list[_Column]:
    """Return the columns for which there are fewer than `per_cell` better ones, in an order that does not depend on rows."""
    remaining: list[_Column] = []
    for column in sorted(columns, key=lambda column: (-column.cells.bit_count(), column.preference)):
        better = 0
        for other in remaining:
            if other.cells & column.cells == column.cells and other.preference < column.preference:
                better += 1
                if better == per_cell:
                    break
        else:
            remaining.append(column)
    return sorted(remaining, key=lambda column: column.preference)
