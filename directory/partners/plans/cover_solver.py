"""Solve a cover problem with HiGHS: the smallest cover, then the preferred one of that size.

HiGHS computes with floating-point numbers, so its results are proposals: certificate.py checks them with integers. The node
limit, and not the time, ends a long search, so that every machine proposes the same. This module knows nothing of organizations
and imports only what a worker process needs.
"""

import math
import os
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from directory.partners.plans.exhaustive_search import refute_cover_size

MAX_SIZE_NODES = 400  # of the search for the smallest cover
MAX_PREFERENCE_NODES = 10  # of the searches for the preferred one
SOLVER_SECONDS = 2.5  # for all searches together: a safety stop that no ordinary problem reaches
RANDOM_SEED = 1
ROUNDING = 0.5  # a variable above this is chosen
STANDARD_OUTPUT = 1  # its file descriptor
DUAL_SCALE = 1_000_000  # dual values are returned as multiples of 1 / DUAL_SCALE


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


class CoverProposal(NamedTuple):
    """What the solver proposes. Nothing in it is proven, except `is_refuted`, which integers decided.

    `chosen` are positions of columns. `dual_values` has a multiple of 1 / DUAL_SCALE for each row, from the relaxed problem, and
    `coverage_dual_values` those of the problem with `max_size`, () if it was not needed. `separate_rows` are rows of which no
    column has two. `is_refuted` tells whether all covers with fewer columns than `cover_size` were ruled out one by one.
    `cover_size` is the size of the smallest cover that was found, which is larger than `max_size` if that limits the choice.
    """

    chosen: tuple[int, ...]
    cover_size: int
    dual_values: tuple[int, ...]
    separate_rows: tuple[int, ...] = ()
    coverage_dual_values: tuple[int, ...] = ()
    is_refuted: bool = False
    is_timed_out: bool = False
    cpu_seconds: float = 0.0


Solver: TypeAlias = Callable[[CoverProblem], CoverProposal]


def solve_cover(problem: CoverProblem) -> CoverProposal:
    """Return a proposal for a problem with at least one row. It is always a cover, or as large as `max_size` allows."""
    return _CoverSolver(problem).solve()


class _CoverSolver:
    """Runs the searches for one problem, one after the other."""

    def __init__(self, problem: CoverProblem) -> None:
        self.problem = problem
        self.start, self.deadline = time.process_time(), time.monotonic() + SOLVER_SECONDS
        self.is_timed_out = False

    def solve(self) -> CoverProposal:
        problem = self.problem
        greedy: Sequence[int] = _choose_greedily(problem)
        duals, smallest = self._find_duals(), greedy
        bound = _round_up(_sum_needs(problem, duals) - _sum_excess(problem, duals))
        if len(greedy) > bound:
            smallest = self._search_smallest(greedy)
        size = len(smallest)
        separate = self._find_separate_rows() if bound == size else ()
        has_bound = sum(problem.needs[row] for row in separate) == size or bound == size
        is_refuted = not has_bound and refute_cover_size(problem.needs, problem.columns, size - 1, duals, DUAL_SCALE)
        if problem.max_size is not None and size > problem.max_size:
            chosen, coverage_duals = self._search_coverage(problem.max_size, greedy)
        else:
            chosen, coverage_duals = self._search_preferred(smallest, duals), ()
        seconds = time.process_time() - self.start
        return CoverProposal(tuple(sorted(chosen)), size, duals, separate, coverage_duals, is_refuted, self.is_timed_out, seconds)

    def _find_duals(self) -> tuple[int, ...]:
        """Return the dual values of the rows in the relaxed problem, in which columns can be chosen in part."""
        # if each row needs one column, choosing one twice is of no use; without upper limits, the values are simpler
        limit = 1.0 if max(self.problem.needs) > 1 else math.inf
        model = self._build_model([1.0] * len(self.problem.columns), upper=limit, is_relaxed=True)
        self._run(model)
        return tuple(max(0, round(value * DUAL_SCALE)) for value in model.getSolution().row_dual)

    def _search_smallest(self, known: Sequence[int]) -> Sequence[int]:
        model = self._build_model([1.0] * len(self.problem.columns))
        proposal = self._propose(model)
        return proposal if self._is_cover(proposal) and len(proposal) < len(known) else known

    def _find_separate_rows(self) -> tuple[int, ...]:
        """Return rows that need the most columns together, and of which no column has two."""
        highs, problem = _create_highs(), self.problem
        count = len(problem.needs)
        _add_variables(highs, [float(-need) for need in problem.needs], [1.0] * count)
        for column in set(problem.columns):
            highs.addRow(-highs.inf, 1.0, len(column), list(column), [1.0] * len(column))
        self._run(highs)
        return tuple(row for row, value in enumerate(list(highs.getSolution().col_value)[:count]) if value > ROUNDING)

    def _search_preferred(self, smallest: Sequence[int], duals: Sequence[int]) -> Sequence[int]:
        """Return the cover of the same size with the most points and, among those, the smallest sum of tie numbers."""
        problem, size = self.problem, len(smallest)
        usable = _find_usable_columns(problem, duals, size)
        chosen = self._improve(smallest, usable, [-points for points in problem.points], ())
        total = sum(problem.points[column] for column in chosen)
        return self._improve(chosen, usable, problem.tie_numbers, ((total, problem.points),))

    def _improve(
        self,
        known: Sequence[int],
        usable: Sequence[bool],
        costs: Sequence[int],
        floors: Sequence[tuple[int, Sequence[int]]],
    ) -> Sequence[int]:
        """Return a cover of the same size with the lowest costs, and with totals that are not below the floors."""
        everything = range(len(self.problem.columns))
        model = self._build_model([float(cost) for cost in costs], usable=usable)
        model.addRow(float(len(known)), float(len(known)), len(everything), list(everything), [1.0] * len(everything))
        for floor, values in floors:
            model.addRow(float(floor), model.inf, len(everything), list(everything), [float(value) for value in values])
        proposal = self._propose(model)
        is_usable = self._is_cover(proposal) and len(proposal) == len(known)
        is_usable = is_usable and all(sum(values[column] for column in proposal) >= floor for floor, values in floors)
        return proposal if is_usable and _add(costs, proposal) < _add(costs, known) else known

    def _search_coverage(self, max_size: int, greedy: Sequence[int]) -> tuple[Sequence[int], tuple[int, ...]]:
        """Return the columns that complete the most rows, then fill the most needs, then are fewest and have the most points.

        The dual values are those of the relaxed problem of the completed rows alone.
        """
        relaxed, _ = self._build_coverage_model(max_size, is_relaxed=True)
        self._run(relaxed)
        row_duals = list(relaxed.getSolution().row_dual)[: len(self.problem.needs)]
        duals = tuple(max(0, round(abs(value) * DUAL_SCALE)) for value in row_duals)
        model, _ = self._build_coverage_model(max_size, is_relaxed=False)
        known = greedy[:max_size]
        proposal: Sequence[int] = self._propose(model)
        proposal = proposal if len(proposal) <= max_size and self._rate(proposal) >= self._rate(known) else known
        return proposal, duals

    def _build_coverage_model(self, max_size: int, is_relaxed: bool) -> tuple[Any, int]:
        """Return the model and the number of its columns: those of the problem, then for each row whether it is complete, then
        how much of its need is filled."""
        needs, columns, highs = self.problem.needs, self.problem.columns, _create_highs()
        count, rows = len(columns), len(needs)
        row_weight = float(sum(needs) + 1) if not is_relaxed else 1.0
        extra = 0.0 if is_relaxed else 1.0
        most = max(self.problem.points, default=0) * max_size + max_size + 1
        column_costs = [0.0 if is_relaxed else (1.0 + max(self.problem.points) - points) / most for points in self.problem.points]
        costs = [*column_costs, *[-row_weight] * rows, *[-extra] * rows]
        uppers = [*[1.0] * count, *[1.0] * rows, *[float(need) for need in needs]]
        _add_variables(highs, costs, uppers, is_relaxed)
        members: list[list[int]] = [[] for _ in needs]
        for number, column in enumerate(columns):
            for row in column:
                members[row].append(number)
        for row, need in enumerate(needs):
            highs.addRow(0.0, highs.inf, len(members[row]) + 1, [*members[row], count + row], [*[1.0] * len(members[row]), -need])
        for row in range(rows):
            highs.addRow(
                0.0, highs.inf, len(members[row]) + 1, [*members[row], count + rows + row], [*[1.0] * len(members[row]), -1.0]
            )
        highs.addRow(-highs.inf, float(max_size), count, list(range(count)), [1.0] * count)
        return highs, count

    def _rate(self, chosen: Sequence[int]) -> tuple[int, int]:
        """Return how many rows are complete, and how much of all needs is filled."""
        filled = _count_filled(self.problem, chosen)
        return sum(map(int.__eq__, filled, self.problem.needs)), sum(filled)

    def _build_model(
        self, costs: Sequence[float], usable: Sequence[bool] | None = None, upper: float = 1.0, is_relaxed: bool = False
    ) -> Any:
        """Return a model that minimizes the costs of a cover."""
        highs, columns = _create_highs(MAX_PREFERENCE_NODES if usable else MAX_SIZE_NODES), self.problem.columns
        _add_variables(
            highs, costs, [upper if usable is None or usable[number] else 0.0 for number in range(len(columns))], is_relaxed
        )
        members: list[list[int]] = [[] for _ in self.problem.needs]
        for number, column in enumerate(columns):
            for row in column:
                members[row].append(number)
        for need, numbers in zip(self.problem.needs, members, strict=True):
            highs.addRow(float(need), highs.inf, len(numbers), numbers, [1.0] * len(numbers))
        return highs

    def _propose(self, model: Any) -> list[int]:
        """Return the columns that a model chooses.

        Models get no solution to start from: with one, HiGHS 1.16 can report it as optimal with the objective of a smaller one.
        """
        self._run(model)
        values = list(model.getSolution().col_value)[: len(self.problem.columns)]
        return [number for number, value in enumerate(values) if value > ROUNDING]

    def _run(self, model: Any) -> None:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            self.is_timed_out = True
            return
        model.setOptionValue("time_limit", remaining)
        model.run()
        self.is_timed_out = self.is_timed_out or model.getModelStatus() == _load_highspy().HighsModelStatus.kTimeLimit

    def _is_cover(self, chosen: Sequence[int]) -> bool:
        return _count_filled(self.problem, chosen) == list(self.problem.needs)


@cache
def _load_highspy() -> Any:
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


def _create_highs(max_nodes: int = MAX_PREFERENCE_NODES) -> Any:
    highs = _load_highspy().Highs()
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


def _add_variables(highs: Any, costs: Sequence[float], uppers: Sequence[float], is_relaxed: bool = False) -> None:
    count = len(costs)
    highs.addVars(count, [0.0] * count, uppers)
    highs.changeColsCost(count, list(range(count)), costs)
    if not is_relaxed:
        highs.changeColsIntegrality(count, list(range(count)), [int(_load_highspy().HighsVarType.kInteger)] * count)


def _count_filled(problem: CoverProblem, chosen: Sequence[int]) -> list[int]:
    """Return how much of the need of each row is filled."""
    counts = [0] * len(problem.needs)
    for column in chosen:
        for row in problem.columns[column]:
            counts[row] += 1
    return [min(count, need) for count, need in zip(counts, problem.needs, strict=True)]


def _choose_greedily(problem: CoverProblem) -> list[int]:
    """Return a cover: always the column that fills the most needs, then has the most points and the smallest tie number."""
    missing, chosen, free = list(problem.needs), list[int](), set(range(len(problem.columns)))
    while any(missing):
        best = max(
            free,
            key=lambda number: (
                sum(missing[row] > 0 for row in problem.columns[number]),
                problem.points[number],
                -problem.tie_numbers[number],
                -number,
            ),
        )
        free.remove(best)
        chosen.append(best)
        for row in problem.columns[best]:
            missing[row] = max(0, missing[row] - 1)
    return chosen


def _find_usable_columns(problem: CoverProblem, duals: Sequence[int], size: int) -> list[bool]:
    """Return which columns can be in a cover of this size, by reduced costs.

    The weights that the rows need are at most those of the chosen columns: DUAL_SCALE for each, and what some have above that. So
    a column can be chosen only if what it has below DUAL_SCALE is at most what remains.
    """
    spare = size * DUAL_SCALE + _sum_excess(problem, duals) - _sum_needs(problem, duals)
    return [DUAL_SCALE - sum(duals[row] for row in column) <= spare for column in problem.columns]


def _sum_needs(problem: CoverProblem, duals: Sequence[int]) -> int:
    return sum(dual * need for dual, need in zip(duals, problem.needs, strict=True))


def _sum_excess(problem: CoverProblem, duals: Sequence[int]) -> int:
    """Return what the rows of columns weigh above DUAL_SCALE."""
    return sum(max(0, sum(duals[row] for row in column) - DUAL_SCALE) for column in problem.columns)


def _round_up(scaled: int) -> int:
    """Return a sum of dual values as the number of columns that it asks for. Errors of HiGHS must not add one."""
    return -((DUAL_SCALE // 1000 - scaled) // DUAL_SCALE)


def _add(values: Sequence[int], chosen: Sequence[int]) -> int:
    return sum(values[number] for number in chosen)
