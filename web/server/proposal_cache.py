"""Proposals for coalition plans that were found a short time ago.

One plan is asked for again and again: to print it, as a file, with "back", and to compare it with the plan without a member. A
cover problem is only numbers and says everything that the solver needs, so an equal one has the same proposal in every snapshot.
"""

import threading
from collections import OrderedDict

from directory.partners.plans.cover_solver import CoverProposal, Solver
from directory.partners.plans.highs_models import CoverProblem

MAX_PROPOSALS = 64
MAX_ENTRIES = 50_000  # rows of all columns of a problem: larger problems are not kept, as 64 of them would take 50 MB


class ProposalCache:
    """Remembers the newest proposals of a solver. Threads may call `solve` at the same time."""

    def __init__(self, solve: Solver) -> None:
        self._solve, self._lock = solve, threading.Lock()
        self._proposals: OrderedDict[CoverProblem, CoverProposal] = OrderedDict()

    def __len__(self) -> int:
        return len(self._proposals)

    def solve(self, problem: CoverProblem) -> CoverProposal:
        """Return the proposal, without CPU time if it is known. Raises what the solver raises."""
        with self._lock:
            known = self._proposals.get(problem)
            if known is not None:
                self._proposals.move_to_end(problem)
                return known._replace(cpu_seconds=0.0)
        proposal = self._solve(problem)
        if not proposal.is_timed_out and sum(map(len, problem.columns)) <= MAX_ENTRIES:
            self._store(problem, proposal)
        return proposal

    def _store(self, problem: CoverProblem, proposal: CoverProposal) -> None:
        with self._lock:
            self._proposals[problem] = proposal
            while len(self._proposals) > MAX_PROPOSALS:
                self._proposals.popitem(last=False)
