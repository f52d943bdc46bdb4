"""The solver and its proofs, against trying everything."""

import subprocess
import sys
from collections import Counter
from math import ceil

import pytest
from hypothesis import given, settings

from directory.partners.plans import cover_solver, exhaustive_search
from directory.partners.plans.certificate import PlanProof, bound_complete_cells, prove_lower_bound
from directory.partners.plans.cover_problem import ReducedProblem
from directory.partners.plans.cover_solver import CoverProposal, solve_cover
from directory.partners.plans.exhaustive_search import drop_inferior, refute_cover_size
from directory.partners.plans.highs_models import CoverProblem
from tests.directory.partners.plans.reference_cover import (
    compute_bound,
    count_greedily,
    cover_problems,
    find_best_coverage,
    find_best_covers,
    is_cover,
    rate_cover,
    rate_coverage,
)

# Three rows, of which each column has two: half a column for each row is enough for the relaxed problem.
TRIANGLE = CoverProblem((1, 1, 1), ((0, 1), (1, 2), (0, 2)), (0, 0, 0), (0, 1, 2))
# The column with four rows looks best, and is in no smallest cover.
TRAP = CoverProblem((1,) * 6, ((0, 1, 3, 4), (0, 1, 2), (3, 4, 5)), (9, 0, 0), (0, 0, 0))

# Rows and columns are the points of a plane with 7 points, and a column has the rows on no line with it. In part, 7/4 of a
# column for all rows are enough, so weights prove 2. Yet the smallest cover has 3.
PLANE = CoverProblem(
    (1,) * 7, tuple(tuple(y - 1 for y in range(1, 8) if (x & y).bit_count() % 2) for x in range(1, 8)), (0,) * 7, tuple(range(7))
)


def reduce(problem: CoverProblem) -> ReducedProblem:
    """Return the problem as if each column was one candidate, and its rows were cells."""
    masks = Counter(sum(1 << row for row in column) for column in problem.columns)
    return ReducedProblem(problem, tuple(range(len(problem.needs))), tuple(range(len(problem.columns))), masks)


@settings(max_examples=150)
@given(cover_problems())
def test_the_smallest_and_preferred_cover_is_chosen(problem: CoverProblem) -> None:
    proposal, best = solve_cover(problem), find_best_covers(problem)
    assert is_cover(problem, proposal.columns)
    assert rate_cover(problem, proposal.columns) == rate_cover(problem, best[0])
    assert proposal.cover_size == len(best[0])
    assert not proposal.is_timed_out


@settings(max_examples=150)
@given(cover_problems())
def test_certificates_prove_the_size_and_nothing_more(problem: CoverProblem) -> None:
    proposal, size = solve_cover(problem), len(find_best_covers(problem)[0])
    bound = prove_lower_bound(reduce(problem), proposal)
    assert bound.size == size  # these problems are small enough for the exhaustive search
    if bound.proof is PlanProof.EXHAUSTIVE_SEARCH:
        assert not bound.cells
        return
    assert bound.needs == tuple(problem.needs[cell] for cell in bound.cells)
    assert ceil(compute_bound(problem.columns, bound.cells, bound.weights, bound.needs, bound.capacity)) == size
    if bound.proof is PlanProof.SEPARATE_CELLS:
        assert all(len(set(column) & set(bound.cells)) <= 1 for column in problem.columns)


@settings(max_examples=100)
@given(cover_problems(limited=True))
def test_a_limited_choice_covers_the_most(problem: CoverProblem) -> None:
    proposal, size = solve_cover(problem), len(find_best_covers(problem)[0])
    assert problem.max_size is not None
    if size <= problem.max_size:
        assert is_cover(problem, proposal.columns)
        return
    assert len(proposal.columns) <= problem.max_size
    best = find_best_coverage(problem)
    assert rate_coverage(problem, proposal.columns) == best
    assert bound_complete_cells(reduce(problem), proposal, problem.max_size) >= best[0]


@settings(max_examples=150)
@given(cover_problems())
def test_the_exhaustive_search_rules_out_only_what_is_impossible(problem: CoverProblem) -> None:
    size = len(find_best_covers(problem)[0])
    for weights in ([0] * len(problem.needs), [1] * len(problem.needs)):
        assert refute_cover_size(problem.needs, problem.columns, size - 1, weights, 2)
        assert not refute_cover_size(problem.needs, problem.columns, size, weights, 2)


@settings(max_examples=100)
@given(cover_problems())
def test_inferior_columns_are_not_needed(problem: CoverProblem) -> None:
    columns = tuple(drop_inferior(problem.columns, max(problem.needs)))
    fewer = problem._replace(columns=columns, points=(0,) * len(columns), tie_numbers=(0,) * len(columns))
    assert len(find_best_covers(fewer)[0]) == len(find_best_covers(problem)[0])


def test_greedy_choices_and_separate_rows_are_not_enough() -> None:
    """The generated problems contain the hard cases, in which always taking the best column fails, and so do simple proofs."""
    greedy_fails = 0
    seen = Counter[PlanProof]()

    @settings(max_examples=300, database=None, derandomize=True)
    @given(cover_problems())
    def count(problem: CoverProblem) -> None:
        nonlocal greedy_fails
        proposal = solve_cover(problem)
        greedy_fails += count_greedily(problem) > proposal.cover_size
        seen[prove_lower_bound(reduce(problem), proposal).proof] += 1

    count()
    assert greedy_fails > 0
    assert seen[PlanProof.SEPARATE_CELLS] > 20
    assert seen[PlanProof.WEIGHTED_CELLS] > 5


def test_greedy_is_not_used_where_it_is_wrong() -> None:
    assert count_greedily(TRAP) == 3
    assert solve_cover(TRAP).columns == (1, 2)


def test_half_weights_prove_what_separate_rows_cannot() -> None:
    bound = prove_lower_bound(reduce(TRIANGLE), solve_cover(TRIANGLE))
    assert (bound.proof, bound.size, bound.weights, bound.capacity) == (PlanProof.WEIGHTED_CELLS, 2, (1, 1, 1), 2)


def test_trying_everything_proves_what_weights_cannot() -> None:
    proposal = solve_cover(PLANE)
    bound = prove_lower_bound(reduce(PLANE), proposal)
    assert (bound.proof, bound.size, len(proposal.columns)) == (PlanProof.EXHAUSTIVE_SEARCH, 3, 3)
    assert prove_lower_bound(reduce(PLANE), proposal._replace(is_refuted=False)).size == 2


def test_equal_covers_are_told_apart_by_tie_numbers() -> None:
    assert solve_cover(TRIANGLE).columns == (0, 1)
    assert solve_cover(TRIANGLE._replace(tie_numbers=(9, 1, 2))).columns == (1, 2)
    assert solve_cover(TRIANGLE._replace(points=(5, 0, 5))).columns == (0, 2)


LIES = [
    CoverProposal((), 0, (0, 0, 0)),
    CoverProposal((0, 1), 2, (10**9, 10**9, 10**9)),
    CoverProposal((0, 1), 2, (-5, 3, 10**6), separate_rows=(0, 1, 2)),
    CoverProposal((0, 1), 2, (1, 999_999, 1_000_001), separate_rows=(0, 2), coverage_dual_values=(10**8, 0, 5)),
]


@pytest.mark.parametrize("lie", LIES)
def test_false_reports_of_a_solver_prove_nothing(lie: CoverProposal) -> None:
    """Whatever numbers come in, no bound is larger than the smallest cover."""
    assert prove_lower_bound(reduce(TRIANGLE), lie).size <= 2
    duals = lie.coverage_dual_values or (0, 0, 0)
    assert bound_complete_cells(reduce(TRIANGLE), lie._replace(coverage_dual_values=duals), 1) >= 2


def test_a_search_that_is_cut_off_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refute_cover_size(TRIANGLE.needs, TRIANGLE.columns, 1, (0, 0, 0), 1)
    monkeypatch.setattr(exhaustive_search, "MAX_STEPS", 1)
    assert not refute_cover_size(TRIANGLE.needs, TRIANGLE.columns, 1, (0, 0, 0), 1)


def test_without_time_a_cover_is_still_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover_solver, "SOLVER_SECONDS", 0.0)
    for problem in (TRAP, TRIANGLE):
        proposal = solve_cover(problem)
        assert proposal.is_timed_out
        assert is_cover(problem, proposal.columns)
        limited = solve_cover(problem._replace(max_size=1))
        assert len(limited.columns) == 1
        assert bound_complete_cells(reduce(problem), limited, 1) >= rate_coverage(problem, limited.columns)[0]


# Runs in a new process, in which the import of HiGHS takes longer than the searches are allowed to.
SLOW_IMPORT = """
import sys, time
from directory.partners.plans.cover_solver import SOLVER_SECONDS, solve_cover
from directory.partners.plans.highs_models import CoverProblem

class SlowFinder:
    def find_spec(self, name, path, target=None):
        if name == "highspy":
            clock = time.monotonic
            time.monotonic = lambda: clock() + 100 * SOLVER_SECONDS

sys.meta_path.insert(0, SlowFinder())
started = time.monotonic()
proposal = solve_cover(CoverProblem((1, 1), ((0,), (1,)), (0, 0), (0, 1)))
print(proposal.is_timed_out, time.monotonic() - started > 99 * SOLVER_SECONDS)
"""


def test_the_time_for_loading_the_solver_is_not_that_of_the_searches() -> None:
    output = subprocess.run([sys.executable, "-c", SLOW_IMPORT], check=True, capture_output=True, text=True).stdout
    assert output.split() == ["False", "True"]


def test_nothing_is_printed_by_the_solver(capfd: pytest.CaptureFixture[str]) -> None:
    solve_cover(TRAP)
    assert capfd.readouterr() == ("", "")
