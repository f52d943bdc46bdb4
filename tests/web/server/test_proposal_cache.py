"""Proposals that are remembered: the same as those of the solver, and never more than a fixed number of them."""

import pytest

from directory.errors import Busy
from directory.partners.plans.cover_solver import CoverProposal, solve_cover
from directory.partners.plans.highs_models import CoverProblem
from web.server import proposal_cache
from web.server.proposal_cache import MAX_PROPOSALS, ProposalCache


class CountingSolver:
    """The solver of the product, which counts its searches."""

    def __init__(self) -> None:
        self.count = 0

    def solve(self, problem: CoverProblem) -> CoverProposal:
        self.count += 1
        return solve_cover(problem)


def a_problem(number: int = 0) -> CoverProblem:
    return CoverProblem((1, 1, 1), ((0, 1), (1, 2), (0, 2)), (0, 0, 0), (number, number + 1, number + 2))


def test_an_equal_problem_is_solved_once_and_charged_once() -> None:
    solver = CountingSolver()
    cache = ProposalCache(solver.solve)
    first, second = cache.solve(a_problem()), cache.solve(a_problem())
    assert solver.count == 1
    assert first.cpu_seconds > 0
    assert second == first._replace(cpu_seconds=0.0)
    assert second.columns == solve_cover(a_problem()).columns
    cache.solve(a_problem()._replace(max_size=1))
    assert solver.count == 2


def test_the_oldest_proposals_are_forgotten() -> None:
    solver = CountingSolver()
    cache = ProposalCache(solver.solve)
    for number in range(MAX_PROPOSALS):
        cache.solve(a_problem(number))
    cache.solve(a_problem(0))  # now the newest
    cache.solve(a_problem(MAX_PROPOSALS))
    assert len(cache) == MAX_PROPOSALS
    before = solver.count
    cache.solve(a_problem(0))
    assert solver.count == before
    cache.solve(a_problem(1))
    assert solver.count == before + 1


def test_large_problems_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposal_cache, "MAX_ENTRIES", 5)
    cache = ProposalCache(solve_cover)
    cache.solve(a_problem())
    assert len(cache) == 0


def test_neither_errors_nor_searches_that_the_clock_stopped_are_kept() -> None:
    def solve(problem: CoverProblem) -> CoverProposal:
        if problem.max_size:
            raise Busy("Other coalition plans are being made.")
        return solve_cover(problem)._replace(is_timed_out=True)

    cache = ProposalCache(solve)
    cache.solve(a_problem())
    with pytest.raises(Busy):
        cache.solve(a_problem()._replace(max_size=1))
    assert len(cache) == 0
