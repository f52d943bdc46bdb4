"""Solve a cover problem with HiGHS: the smallest cover, then the preferred one of that size.

HiGHS computes with floating-point numbers, so its results are proposals: certificate.py checks them with integers. The node
limit, and not the time, ends a long search, so that every machine proposes the same. This module knows nothing of organizations
and imports only what a worker process needs.
"""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from directory.partners.plans.exhaustive_search import refute_cover_size
from directory.partners.plans.highs_models import (
    CoverProblem,
    add_variables,
    build_cover_model,
    build_coverage_model,
    create_highs,
    load_highspy,
)

SOLVER_SECONDS = 2.5  # for all searches together: a safety stop that no ordinary problem reaches
ROUNDING = 0.5  # a variable above this is chosen
DUAL_SCALE = 1_000_000  # dual values are returned as multiples of 1 / DUAL_SCALE


class CoverProposal(NamedTuple):
    """What the solver proposes. Nothing in it is proven, except `is_refuted`, which integers decided.

    `columns` are the positions of the chosen columns. `dual_values` has a multiple of 1 / DUAL_SCALE for each row, from the
    relaxed problem, and `coverage_dual_values` those of the problem with `max_size`, () if it was not needed. `separate_rows` are
    rows of which no column has two. `is_refuted` tells whether all covers with fewer columns than `cover_size` were ruled out one
    by one. `cover_size` is the size of the smallest cover that was found, which is larger than `max_size` if that limits the
    choice.
    """

    columns: tuple[int, ...]
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
    load_highspy()  # first, because in a new process it may take as long as the searches are allowed to
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
        model = build_cover_model(self.problem, [1.0] * len(self.problem.columns), upper=limit, is_relaxed=True)
        self._run(model)
        return self._read_duals(model)

    def _read_duals(self, model: Any) -> tuple[int, ...]:
        """Return the dual values of the first constraints, one for each row; zeros if the model was not solved."""
        values = list(model.getSolution().row_dual)[: len(self.problem.needs)] or [0.0] * len(self.problem.needs)
        return tuple(max(0, round(value * DUAL_SCALE)) for value in values)

    def _search_smallest(self, known: Sequence[int]) -> Sequence[int]:
        model = build_cover_model(self.problem, [1.0] * len(self.problem.columns))
        proposal = self._propose(model)
        return proposal if self._is_cover(proposal) and len(proposal) < len(known) else known

    def _find_separate_rows(self) -> tuple[int, ...]:
        """Return rows that need the most columns together, and of which no column has two."""
        highs, problem = create_highs(), self.problem
        count = len(problem.needs)
        add_variables(highs, [float(-need) for need in problem.needs], [1.0] * count)
        for column in dict.fromkeys(problem.columns):
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
        model = build_cover_model(self.problem, [float(cost) for cost in costs], usable=usable)
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
        relaxed = build_coverage_model(self.problem, max_size, is_relaxed=True)
        self._run(relaxed)
        duals = self._read_duals(relaxed)
        model = build_coverage_model(self.problem, max_size, is_relaxed=False)
        known = greedy[:max_size]
        proposal: Sequence[int] = self._propose(model)
        proposal = proposal if len(proposal) <= max_size and self._rate(proposal) >= self._rate(known) else known
        return proposal, duals

    def _rate(self, chosen: Sequence[int]) -> tuple[int, int]:
        """Return how many rows are complete, and how much of all needs is filled."""
        filled = _count_filled(self.problem, chosen)
        return sum(map(int.__eq__, filled, self.problem.needs)), sum(filled)

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
        self.is_timed_out = self.is_timed_out or model.getModelStatus() == load_highspy().HighsModelStatus.kTimeLimit

    def _is_cover(self, chosen: Sequence[int]) -> bool:
        return _count_filled(self.problem, chosen) == list(self.problem.needs)


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
