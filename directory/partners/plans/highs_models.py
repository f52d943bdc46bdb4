"""The cover problem, and the models of it that HiGHS solves."""

import os
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

MAX_SIZE_NODES = 400  # of the search for the smallest cover
MAX_PREFERENCE_NODES = 10  # of the searches for the preferred one
RANDOM_SEED = 1
STANDARD_OUTPUT = 1  # its file descriptor


class CoverProblem(NamedTuple):
    """Choose columns so that each row gets as many as it needs.

    `needs` has the number of columns that each row needs, at least 1; at least that many columns have the row. `columns` has the
    rows of each column, ascending. Of covers with the fewest columns, the one with the most `points` is preferred, then the one
    with the smallest sum of `tie_numbers`. With `max_size`, and if no cover is that small, complete as many rows as possible with
    that number of columns.
    """

    needs: tuple[int, ...]
    columns: tuple[tuple[int, ...], ...]
    points: tuple[int, ...]
    tie_numbers: tuple[int, ...]
    max_size: int | None = None


def list_members(problem: CoverProblem) -> list[list[int]]:
    """Return the columns that have each row."""
    members: list[list[int]] = [[] for _ in problem.needs]
    for number, column in enumerate(problem.columns):
        for row in column:
            members[row].append(number)
    return members


def build_cover_model(
    problem: CoverProblem,
    costs: Sequence[float],
    usable: Sequence[bool] | None = None,
    upper: float = 1.0,
    is_relaxed: bool = False,
) -> Any:
    """Return a model that minimizes the costs of a cover."""
    highs, columns = create_highs(MAX_PREFERENCE_NODES if usable else MAX_SIZE_NODES), problem.columns
    add_variables(
        highs, costs, [upper if usable is None or usable[number] else 0.0 for number in range(len(columns))], is_relaxed
    )
    for need, numbers in zip(problem.needs, list_members(problem), strict=True):
        highs.addRow(float(need), highs.inf, len(numbers), numbers, [1.0] * len(numbers))
    return highs


def build_coverage_model(problem: CoverProblem, max_size: int, is_relaxed: bool) -> Any:
    """Return a model that completes the most rows with `max_size` columns, then fills the most needs with the fewest columns.

    Its variables are the columns, then for each row whether it is complete, then for each row how much of its need is filled. Its
    first constraints are that the columns complete the rows. The relaxed model only counts complete rows.
    """
    needs, highs = problem.needs, create_highs()
    count, rows = len(problem.columns), len(needs)
    row_weight = float(sum(needs) + 1) if not is_relaxed else 1.0
    extra = 0.0 if is_relaxed else 1.0
    column_weight = max(problem.points) * max_size + 1  # more than all points of a choice
    scale = column_weight * max_size + 1  # more than the weight of all columns of a choice
    column_costs = [0.0 if is_relaxed else (column_weight - points) / scale for points in problem.points]
    costs = [*column_costs, *[-row_weight] * rows, *[-extra] * rows]
    uppers = [*[1.0] * count, *[1.0] * rows, *[float(need) for need in needs]]
    add_variables(highs, costs, uppers, is_relaxed)
    for first, values in ((count, needs), (count + rows, [1] * rows)):
        for row, numbers in enumerate(list_members(problem)):
            coefficients = [*[1.0] * len(numbers), -float(values[row])]
            highs.addRow(0.0, highs.inf, len(coefficients), [*numbers, first + row], coefficients)
    highs.addRow(-highs.inf, float(max_size), count, list(range(count)), [1.0] * count)
    return highs


@cache
def load_highspy() -> Any:
    """Return the module. The import takes 90 ms, which a process that never plans is spared.

    HiGHS prints its name when the first model of a process is created, before it can be told not to. It must not get between the
    lines of a command, so what is printed to standard output meanwhile is dropped.
    """
    import highspy

    with open(os.devnull, "w") as nothing:
        output = os.dup(STANDARD_OUTPUT)
        os.dup2(nothing.fileno(), STANDARD_OUTPUT)
        try:
            highspy.Highs()  # type: ignore[no-untyped-call]
        finally:
            os.dup2(output, STANDARD_OUTPUT)
            os.close(output)
    return highspy


def create_highs(max_nodes: int = MAX_PREFERENCE_NODES) -> Any:
    """Return an empty model whose search depends on nothing but its numbers."""
    highs = load_highspy().Highs()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", RANDOM_SEED),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
        ("mip_max_nodes", max_nodes),
    ):
        highs.setOptionValue(name, value)
    return highs


def add_variables(highs: Any, costs: Sequence[float], uppers: Sequence[float], is_relaxed: bool = False) -> None:
    count = len(costs)
    highs.addVars(count, [0.0] * count, uppers)
    highs.changeColsCost(count, list(range(count)), costs)
    if not is_relaxed:
        highs.changeColsIntegrality(count, list(range(count)), [int(load_highspy().HighsVarType.kInteger)] * count)
